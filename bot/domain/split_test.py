"""The stop rule of a split test, fixed before it begins and read once, at its end.

Reading once is what makes the interval mean 95 %: looking every day and stopping at the first difference
would find one where there is none.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import sqrt

RUNS_FOR = timedelta(days=7)
LEAST_CLICKS = 100  # link clicks in each arm
_Z95 = 1.959963984540054


class Winner(StrEnum):
    """What the test says."""

    NEW = "new"
    OLD = "old"
    UNDECIDED = "undecided"  # the old creative stays


@dataclass(frozen=True, slots=True)
class Counts:
    """One arm: how often it was shown, and its link clicked."""

    impressions: int
    link_clicks: int

    @property
    def ctr(self) -> float:
        """Link clicks per impression; 0 without impressions."""
        return self.link_clicks / self.impressions if self.impressions else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who won, and the interval of the new creative's CTR minus the old one's."""

    winner: Winner
    low: float
    high: float
    sentence: str


def decide(old: Counts, new: Counts) -> Outcome:
    """Apply the stop rule to the whole test."""
    low, high = interval(old, new)
    if min(old.link_clicks, new.link_clicks) < LEAST_CLICKS:
        few = min(old.link_clicks, new.link_clicks)
        why = f"The split test is undecided: {few} link clicks in one arm, {LEAST_CLICKS} were needed."
        return Outcome(Winner.UNDECIDED, low, high, f"{why} The old creative stays.")
    shown = f"CTR (link) {new.ctr:.2%} against {old.ctr:.2%}, difference {low:+.2%} to {high:+.2%}"
    if low > 0:
        return Outcome(Winner.NEW, low, high, f"The new creative won the split test: {shown}.")
    if high < 0:
        return Outcome(Winner.OLD, low, high, f"The old creative won the split test: {shown}.")
    return Outcome(
        Winner.UNDECIDED, low, high, f"The split test is undecided: {shown}. The old creative stays."
    )


def interval(old: Counts, new: Counts) -> tuple[float, float]:
    """95 % interval of `new.ctr - old.ctr` (Newcombe 1998, method 10, from Wilson's intervals)."""
    old_low, old_high = wilson(old)
    new_low, new_high = wilson(new)
    below = sqrt((new.ctr - new_low) ** 2 + (old_high - old.ctr) ** 2)
    above = sqrt((new_high - new.ctr) ** 2 + (old.ctr - old_low) ** 2)
    difference = new.ctr - old.ctr
    return difference - below, difference + above


def wilson(counts: Counts) -> tuple[float, float]:
    """Wilson's 95 % interval of a rate; 0 to 1 without impressions."""
    n, rate = counts.impressions, min(counts.ctr, 1.0)
    if not n:
        return 0.0, 1.0
    squared = _Z95 * _Z95
    middle = (rate + squared / (2 * n)) / (1 + squared / n)
    half = _Z95 / (1 + squared / n) * sqrt(rate * (1 - rate) / n + squared / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
