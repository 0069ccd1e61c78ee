"""Spend without a purchase: how long, how much, and how likely by bad luck alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.days import day_start
from bot.domain.insights import DayFigures, Figures, QuietSpell, total
from bot.domain.volume import settled_spend, silence_chance

# Purchases come unevenly over the hours of a day, less so over whole days.
_HOURLY_SPREAD = 0.25
_DAILY_SPREAD = 0.15
_FURTHEST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch in which money was spent and no purchase was reported."""

    since: datetime
    window: str
    expected: float  # purchases that this spend usually brings
    spread: float
    often: float  # how many such stretches can begin in a day
    figures: Figures  # impressions are 0 where only spend and clicks are known

    def by_chance(self, looks: int) -> float:
        """How many silences like this a day brings by bad luck, among so many objects."""
        return looks * self.often * silence_chance(self.expected, self.spread)


def from_spell(spell: QuietSpell, *, cost_minor: float, daily_spend: float) -> Silence:
    """The stretch since the last reading that showed another purchase."""
    return Silence(
        since=spell.since,
        window="since the last purchase",
        expected=spell.spend_minor / cost_minor,
        spread=_HOURLY_SPREAD,
        # Each purchase may be the last one for a while.
        often=max(1.0, daily_spend / cost_minor),
        figures=Figures(spend_minor=spell.spend_minor, link_clicks=spell.link_clicks),
    )


def from_days(
    days: Sequence[DayFigures], today: date, *, cost_minor: float, timezone_name: str, hours_today: float
) -> Silence | None:
    """The days, up to today, after the last day with a purchase; recent days count for less."""
    quiet: list[DayFigures] = []
    for day in reversed(days):
        if day.figures.purchases or (today - day.day).days >= _FURTHEST_DAYS:
            break
        quiet.append(day)
    if not quiet:
        return None
    length = (today - quiet[-1].day).days + 1
    return Silence(
        since=day_start(quiet[-1].day, timezone_name),
        window="today" if length == 1 else f"the last {length} days including today",
        expected=settled_spend(quiet, today, hours_today=hours_today) / cost_minor,
        spread=_DAILY_SPREAD,
        often=1.0,  # a run of whole days begins at most once a day
        figures=total(day.figures for day in quiet),
    )


def longest(silences: Sequence[Silence | None]) -> Silence | None:
    """The one in which most purchases are missing."""
    known = [one for one in silences if one is not None]
    return max(known, key=lambda one: one.expected, default=None)
