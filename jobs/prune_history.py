"""Forget what is past its use."""

from datetime import timedelta

from bot.services.bundle import Services
from jobs.base import Job


def run(services: Services) -> None:
    """Remove old rows, a little at a time."""
    services.keeping.forget()


JOB = Job(
    id="prune_history",
    every=timedelta(hours=1),
    summary="Removes readings, requests and ticks that are older than they need to be.",
    run=run,
    single=True,
)
