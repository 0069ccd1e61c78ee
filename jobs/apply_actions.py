"""Pause and resume ads at Meta, as people asked."""

from datetime import timedelta

from bot.services.bundle import Services
from jobs.base import Job


def run(services: Services) -> None:
    """Do what waits."""
    services.actions.carry_out()


JOB = Job(
    id="apply_actions",
    every=timedelta(seconds=1),
    summary="Pauses and resumes ads that people confirmed, each once.",
    run=run,
)
