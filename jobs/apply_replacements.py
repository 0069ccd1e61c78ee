"""Carry approved replacements on, step by step."""

from datetime import timedelta

from bot.services.bundle import Services
from jobs.base import Job


def run(services: Services) -> None:
    """Do what is due."""
    services.replacements.carry_out()


JOB = Job(
    id="apply_replacements",
    every=timedelta(seconds=5),
    summary="Puts approved creatives live step by step, and takes them back.",
    run=run,
)
