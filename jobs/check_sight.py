"""Say it when an account has not been read for too long."""

from datetime import timedelta

from bot.services.bundle import Services
from jobs.base import Job


def run(services: Services) -> None:
    """Look at every account's age."""
    services.watching.check_sight()


JOB = Job(
    id="check_sight",
    every=timedelta(minutes=1),
    summary="Tells a channel when its account has not been read for an hour.",
    run=run,
    single=True,
)
