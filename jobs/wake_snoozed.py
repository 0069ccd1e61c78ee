"""Bring snoozed alerts back when their time is over."""

from datetime import timedelta

from bot.services.bundle import Services
from jobs.base import Job


def run(services: Services) -> None:
    """Wake what is due."""
    services.alerts.wake_snoozed()


JOB = Job(
    id="wake_snoozed",
    every=timedelta(seconds=20),
    summary="Brings snoozed alerts back when their time is over.",
    run=run,
)
