"""What is told of single ads and of the account beside the verdicts, read off the panel."""

from datetime import date
from typing import NamedTuple

import numpy as np

from bot.domain import trend
from bot.domain.fatigue_blocks import Days
from bot.domain.fatigue_panel import Bools, Floats, Panel
from bot.domain.fatigue_reading import ChartDay
from bot.domain.insights import DayFigures, Figures

WEEK = 7
_FRESH_DAYS = 5  # as the evidence rule's comparison; at least 3 of them deliver
_FRESH_LEAST = 3


class Fresh(NamedTuple):
    """The five days on which an ad had been seen least: the last of them, and CTR (link) if any."""

    until: date
    ctr: float | None


def figures(days: Days, row: int, last: int = WEEK) -> Figures:
    """One ad's figures of the last days."""
    panel, where = days.panel, (row, slice(-last, None))
    return Figures(
        impressions=int(panel.impressions[where].sum()),
        link_clicks=int(panel.clicks[where].sum()),
        spend_minor=int(panel.spend[where].sum()),
        purchases=int(days.purchases[where].sum()),
    )


def series(days: Days, row: int) -> tuple[DayFigures, ...]:
    """One ad day by day, days without delivery included."""
    panel = days.panel
    own = (panel.impressions[row], panel.clicks[row], panel.spend[row], days.purchases[row])
    return _figures(panel, np.stack(own))


def account(days: Days) -> tuple[DayFigures, ...]:
    """All ads together, day by day."""
    panel = days.panel
    sums = [part.sum(axis=0) for part in (panel.impressions, panel.clicks, panel.spend, days.purchases)]
    return _figures(panel, np.stack(sums))


def chart(panel: Panel, row: int) -> tuple[ChartDay, ...]:
    """One ad's delivering days for a chart."""
    times = trend.ratio(panel.impressions_7d[row], panel.reach_7d[row])
    return tuple(
        ChartDay(
            panel.day(day),
            int(panel.impressions[row, day]),
            int(panel.clicks[row, day]),
            float(times[day]) or None,
        )
        for day in np.flatnonzero(panel.delivered[row]).tolist()
    )


def fresh(panel: Panel, rows: list[int]) -> list[Fresh]:
    """When each of those ads was fresh, among the days of its present creative."""
    if not rows:
        return []
    own = _only(panel, rows)
    used = trend.present_creative(own)
    times = _weekly_frequency(own)
    seen = used & (times > 0)
    counts = _rolling(seen.astype(np.float64))
    mean = np.where(counts >= min(_FRESH_LEAST, own.days), _rolling(times * seen), np.inf)
    best = np.argmin(mean / np.maximum(counts, 1.0), axis=1)
    impressions, clicks = _rolling(own.impressions * used), _rolling(own.clicks * used)
    return [
        _fresh(own, int(end), bool(np.isfinite(mean[row, end])), impressions[row, end], clicks[row, end])
        for row, end in enumerate(best)
    ]


def _weekly_frequency(panel: Panel) -> Floats:
    """Impressions per person over the trailing seven days; the last known one where people were not read."""
    times = trend.ratio(panel.impressions_7d, panel.reach_7d)
    for day in range(1, times.shape[1]):
        times[:, day] = np.where(times[:, day] > 0, times[:, day], times[:, day - 1])
    return times


def _fresh(panel: Panel, end: int, known: bool, impressions: float, clicks: float) -> Fresh:
    # A short panel has fewer days than the stretch, which then begins with the first.
    until = panel.day(min(end + _FRESH_DAYS, panel.days) - 1)
    return Fresh(until, float(clicks / impressions) if known and impressions > 0 else None)


def _rolling(values: Floats) -> Floats:
    """Sums over stretches of five days, by the first of them."""
    span = min(_FRESH_DAYS, values.shape[1])
    sums = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    stretches: Floats = sums[:, span:] - sums[:, :-span]
    return stretches


def _only(panel: Panel, rows: list[int]) -> Panel:
    picked = np.array(rows)
    delivered: Bools = panel.delivered[picked]
    return Panel(
        ad_ids=tuple(panel.ad_ids[row] for row in rows),
        first_day=panel.first_day,
        impressions=panel.impressions[picked],
        reach=panel.reach[picked],
        impressions_7d=panel.impressions_7d[picked],
        reach_7d=panel.reach_7d[picked],
        clicks=panel.clicks[picked],
        engagement=panel.engagement[picked],
        spend=panel.spend[picked],
        creative=panel.creative[picked],
        delivered=delivered,
        age_days=panel.age_days[picked],
    )


def _figures(panel: Panel, sums: Floats) -> tuple[DayFigures, ...]:
    names = ("impressions", "link_clicks", "spend_minor", "purchases")
    return tuple(
        DayFigures(panel.day(day), Figures(**dict(zip(names, map(int, values), strict=True))))
        for day, values in enumerate(sums.T.tolist())
    )
