"""Did it work: the new creative against the old one and against control ads over the same days.

The old ad is paused once the new one delivers, so its own past is the comparison, and what happened to
the other ads of the ad set over the same days is taken out (difference in differences of log rates).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.insights import Figures

CHECK_DAYS = (1, 3, 7)  # complete days after going live


class Call(StrEnum):
    """What can be said."""

    TOO_EARLY = "too_early"
    WON = "won"
    LOST = "lost"
    NO_DIFFERENCE = "no_difference"


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of the comparison over its days."""

    figures: Figures
    days: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a verdict is made from. `old_after` is the old ad over the new one's days (usually paused)."""

    new: Arm
    old_before: Arm
    old_after: Arm
    control_before: Arm
    control_after: Arm
    controls: int  # how many ads of the ad set


@dataclass(frozen=True, slots=True)
class Verdict:
    """New against old: CTR (link) as a ratio minus 1, with its 95 % interval, and whether it is known."""

    after_days: int
    first_day: date
    last_day: date
    call: Call
    lift: float | None  # 0.12 is 12 % more clicks per impression than the old creative
    low: float | None
    high: float | None
    comparison: Comparison
    cost_lift: float | None = None  # cost per purchase, new against old; None where there are too few
    cost_low: float | None = None
    cost_high: float | None = None
    reason: str = ""  # why it is too early, or what else to know
