"""Take up commands and clicks whose process died after Slack was told that they arrived."""

from datetime import timedelta

from bot.services.bundle import Services
from jobs.base import Job


def run(services: Services) -> None:
    """Handle what was left over."""
    services.inbox.sweep()


JOB = Job(
    id="handle_requests",
    every=timedelta(seconds=15),
    summary="Finishes commands and clicks that a stopped process left behind.",
    run=run,
)
