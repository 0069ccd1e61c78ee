"""Say how new creatives do, 1, 3 and 7 complete days after they went live."""

from datetime import timedelta

from bot.services.bundle import Services
from jobs.base import Job


def run(services: Services) -> None:
    """Give the verdicts that are due."""
    services.followups.judge()


JOB = Job(
    id="judge_refreshes",
    every=timedelta(minutes=5),
    summary="Compares new creatives with the old ones 1, 3 and 7 complete days after they went live.",
    run=run,
)
