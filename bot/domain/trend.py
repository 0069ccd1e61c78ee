"""Straight lines fitted to many short series at once, and which days of an ad belong together."""

from typing import NamedTuple

import numpy as np

from bot.domain.fatigue import Change
from bot.domain.fatigue_panel import Bools, Floats, Ints, Panel


class Trends(NamedTuple):
    """One fitted line per series: its values on the first and the last day present; NaN: none."""

    start: Floats
    end: Floats
    change: Floats

    def of(self, row: int) -> Change | None:
        """One series' line, None where none could be fitted or it starts at or below zero."""
        change = float(self.change[row])
        return None if np.isnan(change) else Change(float(self.start[row]), float(self.end[row]), change)


def fit(values: Floats, present: Bools) -> Trends:
    """Ordinary least squares of each row over the days present; x is the calendar day, gaps keep their place.

    `values`, `present`: series x days. A row with fewer than two days, or whose line starts at or below
    zero, has no change.
    """
    x = np.arange(values.shape[1], dtype=np.float64)
    days = present.sum(axis=1)
    share = np.maximum(days, 1)
    kept = np.where(present, values, 0.0)
    mean_x = (present * x).sum(axis=1) / share
    mean_y = kept.sum(axis=1) / share
    off = np.where(present, x - mean_x[:, None], 0.0)
    spread = (off**2).sum(axis=1)
    slope = (off * kept).sum(axis=1) / np.where(spread > 0, spread, 1.0)
    first = np.argmax(present, axis=1)
    last = values.shape[1] - 1 - np.argmax(present[:, ::-1], axis=1)
    start = mean_y + slope * (first - mean_x)
    end = mean_y + slope * (last - mean_x)
    good = (days >= 2) & (start > 0)
    change = np.where(good, end / np.where(good, start, 1.0) - 1.0, np.nan)
    return Trends(start, end, change)


def ratio(top: Floats, bottom: Floats) -> Floats:
    """`top / bottom`, 0 where there is nothing below the line."""
    return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), 0.0)


def present_creative(panel: Panel) -> Bools:
    """The delivering days since the last change of creative: the days that may be compared, ads x days."""
    return since_change(panel.delivered, panel.creative)


def since_change(delivered: Bools, creative: Ints) -> Bools:
    """The same for tables of any shape whose last axis is days."""
    last = delivered.shape[-1] - 1 - np.argmax(delivered[..., ::-1], axis=-1)
    code = np.take_along_axis(creative, last[..., None], axis=-1)
    other = delivered & (creative != code)
    over = np.logical_or.accumulate(other[..., ::-1], axis=-1)[..., ::-1]
    return delivered & ~over


def engagement_trend(panel: Panel, used: Bools) -> Trends:
    """Engagements per impression; no trend where nobody ever engaged."""
    return fit(ratio(panel.engagement, panel.impressions), used)


def cpc_trend(panel: Panel, used: Bools) -> Trends:
    """Minor units per click, on days with clicks."""
    return fit(ratio(panel.spend, panel.clicks), used & (panel.clicks > 0))


def hook_trend(panel: Panel, used: Bools) -> Trends | None:
    """Three-second plays per impression; None where no plays were read."""
    return None if panel.hooks is None else fit(ratio(panel.hooks, panel.impressions), used)
