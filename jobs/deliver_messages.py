"""Carry messages from the outbox to Slack."""

from datetime import timedelta

from bot.services.bundle import Services
from jobs.base import Job


def run(services: Services) -> None:
    """Send what is due, then find out about sends whose end nobody saw."""
    services.delivery.deliver()
    services.delivery.reconcile()


JOB = Job(
    id="deliver_messages",
    every=timedelta(seconds=1),
    summary="Posts and edits messages in Slack, each once.",
    run=run,
)
