"""Since when has an object had no new purchase, and what has it spent meanwhile?

Meta restates days, so "new" means: more purchases reported for today or yesterday than at the last
reading. What is remembered is the moment of that reading and the day's figures at that moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.days import day_start
from bot.domain.insights import DayFigures, Figures, QuietSpell


@dataclass(frozen=True, slots=True)
class Watch:
    """The last time that an object's purchases grew."""

    since: datetime
    since_day: date
    spend_minor: int  # of since_day, at that moment
    link_clicks: int
    seen: tuple[tuple[date, int], ...]  # purchases of today and yesterday as last read


def advance(
    watch: Watch | None, days: Sequence[DayFigures], *, today: date, read_at: datetime, timezone_name: str
) -> Watch:
    """Take a new reading into account. Days are oldest first; absent days had no delivery."""
    recent = {day.day: day.figures for day in days if day.day >= today - timedelta(days=1)}
    seen = tuple(sorted((day, figures.purchases) for day, figures in recent.items()))
    if watch is None:
        return _first(days, today=today, read_at=read_at, timezone_name=timezone_name, seen=seen)
    before = dict(watch.seen)
    grown = any(purchases > before.get(day, 0) for day, purchases in seen)
    if not grown:
        return Watch(watch.since, watch.since_day, watch.spend_minor, watch.link_clicks, seen)
    now = recent.get(today, Figures())
    return Watch(read_at, today, now.spend_minor, now.link_clicks, seen)


def spell(watch: Watch, days: Sequence[DayFigures]) -> QuietSpell:
    """What was spent since the last new purchase."""
    later = [day.figures for day in days if day.day > watch.since_day]
    own = [day.figures for day in days if day.day == watch.since_day]
    # A silence older than the days at hand: its first day, and so what to take off it, is not among them.
    before = (watch.spend_minor, watch.link_clicks) if own else (0, 0)
    spend = sum(figures.spend_minor for figures in later + own) - before[0]
    clicks = sum(figures.link_clicks for figures in later + own) - before[1]
    return QuietSpell(since=watch.since, spend_minor=max(0, spend), link_clicks=max(0, clicks))


def _first(
    days: Sequence[DayFigures],
    *,
    today: date,
    read_at: datetime,
    timezone_name: str,
    seen: tuple[tuple[date, int], ...],
) -> Watch:
    """Before there are readings: whole days without a purchase count, a day with one ends the spell."""
    with_purchase = [day for day in days if day.figures.purchases > 0]
    if with_purchase and with_purchase[-1].day == today:
        now = with_purchase[-1].figures
        return Watch(read_at, today, now.spend_minor, now.link_clicks, seen)
    start = days[0].day if days else today
    if with_purchase:
        start = with_purchase[-1].day + timedelta(days=1)
    return Watch(day_start(start, timezone_name), start, 0, 0, seen)
