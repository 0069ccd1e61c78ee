"""Have variations written that people asked for, and end what nobody decided in time."""

from datetime import timedelta

from bot.services.bundle import Services
from jobs.base import Job


def run(services: Services) -> None:
    """Write what waits, then look at what is overdue."""
    services.writing.carry_out()
    services.approvals.expire()


JOB = Job(
    id="draft_variations",
    every=timedelta(seconds=2),
    summary="Writes variations of tired ads that people asked for; ends those that nobody decided in time.",
    run=run,
)
