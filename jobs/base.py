"""What a job is: a name, how often it is due, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.services.bundle import Services


@dataclass(frozen=True, slots=True)
class Job:
    """One scheduled piece of work. `run` finds its own work in the database and may find none.

    `single` jobs run once per period however many processes there are; the others claim row by row,
    so several processes may run them side by side.
    """

    id: str
    every: timedelta
    summary: str
    run: Callable[[Services], object]
    single: bool = False
