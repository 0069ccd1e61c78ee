"""From an account's daily figures to each ad's estimated loss: control, exposure and slope put together."""

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bot.domain import evidence_average, evidence_control, evidence_exposure, evidence_siblings, trend
from bot.domain import evidence_noise as noise
from bot.domain import evidence_people as people
from bot.domain import evidence_slope as basic
from bot.domain.evidence_average import Answer
from bot.domain.evidence_control import LogRate
from bot.domain.evidence_siblings import Series
from bot.domain.evidence_slope import Loss
from bot.domain.fatigue_panel import Bools, Floats, Ints, Panel

BASE_DAYS = 2  # the least exposure is that of two days: unlike CTR, exposure is hardly noisy
_WEEK = 7
_CHUNK = 1_024

Cell = TypeVar("Cell", bound=np.generic)


class Numbers(NamedTuple):
    """What the rule computes before its gates: one value per day and ad, days x ads.

    `swapped`: the creative changed within the window.
    """

    p: Floats
    loss: Floats
    low: Floats
    high: Floats
    weight: Floats
    frequency_now: Floats
    frequency_before: Floats
    clicks_7d: Floats
    control: Floats
    days: Ints
    today: Bools
    swapped: Bools


def numbers(panel: Panel, first: int, last: int, window: int) -> Numbers:
    """Each of the days `first` to `last` as it was on that day, with the `window` days up to it.

    Days before the panel's first are empty.
    """
    seen = panel.window(last, last + 1)
    cut = _Cut(first, last, min(window, last + 1))
    delivered = cut(seen.delivered)
    used = trend.since_change(delivered, cut(seen.creative))
    times = people.weekly_frequency(seen)
    u = np.stack([cut(one) for one in people.exposures(seen, times)])
    clicked = _series(cut(seen.clicks), cut(seen.impressions), evidence_control.CLICK_SPREAD)
    liked = _series(cut(seen.engagement), cut(seen.impressions), evidence_control.ENGAGEMENT_SPREAD)
    own = evidence_siblings.own_loss(clicked, liked, u[people.USUAL], used, BASE_DAYS)
    clicks, moved = evidence_siblings.controlled(clicked, own, used)
    engaged, _ = evidence_siblings.controlled(liked, basic.ENGAGEMENT_SHARE * own, used)
    found = _answer(clicks, engaged, u, used)
    return Numbers(
        *found.lost,
        found.weight,
        cut(times)[..., -1],
        _frequency_before(cut, seen, times, used),
        np.where(used, cut(seen.clicks), 0.0)[..., -_WEEK:].sum(axis=-1),
        moved.shift[..., -1],
        used.sum(axis=-1),
        np.asarray(used[..., -1]),
        (delivered & ~used).sum(axis=-1) > 0,
    )


def weekly_frequency(panel: Panel) -> Floats:
    """Impressions per person over the trailing seven days, ads x days; 0 where it was never read."""
    return people.weekly_frequency(panel)


class _Cut:
    """Cuts a table of ads x days into windows: days x ads x window, empty where the table had not begun."""

    def __init__(self, first: int, last: int, window: int) -> None:
        self._first, self._last, self._window = first, last, window

    def __call__(self, table: NDArray[Cell]) -> NDArray[Cell]:
        begin = self._first - self._window + 1
        part = table[:, max(begin, 0) : self._last + 1]
        padded = np.pad(part, ((0, 0), (max(-begin, 0), 0)))
        return np.moveaxis(sliding_window_view(padded, self._window, axis=1), 1, 0)


def _series(events: Floats, trials: Floats, spread: float) -> Series:
    return Series(evidence_control.log_rate(events, trials, spread), spread)


def _answer(clicks: LogRate, engaged: LogRate, u: Floats, used: Bools) -> Answer:
    """All windows one after another, a part at a time so that memory stays small."""
    shape, window = used.shape[:-1], used.shape[-1]
    rise = evidence_exposure.last_mean(u, used) - evidence_exposure.lowest_mean(u, used, BASE_DAYS, 1)
    rises = np.where(np.isfinite(rise), rise, 0.0).reshape(len(u), -1)
    flat = [table.reshape(-1, window) for table in (*clicks, *engaged)]
    kept = used.reshape(-1, window)
    exposures, parts = u.reshape(len(u), -1, window), []
    for begin in range(0, rises.shape[1], _CHUNK):
        rows = slice(begin, begin + _CHUNK)
        y, v, liked, liked_v = (table[rows] for table in flat)
        seen, days = exposures[:, rows], kept[rows]
        found = noise.sums(y, v, seen, days, noise.CLICK_GUESSES)
        other = noise.sums(liked, liked_v, seen, days, noise.ENGAGEMENT_GUESSES)
        made = evidence_average.answer(found, other, rises[:, rows])
        parts.append(np.stack([*made.lost, made.weight]))
    whole = np.concatenate(parts, axis=1).reshape(-1, *shape)
    return Answer(Loss(*whole[:4]), whole[4])


def _frequency_before(cut: _Cut, panel: Panel, times: Floats, used: Bools) -> Floats:
    """The lowest five-day mean of weekly frequency; for a creative that began in the window, its first day's.

    An ad's reach counts people who saw an earlier creative, so its weekly frequency does not show that
    nobody has seen the new one: on its first day, frequency within the day does.
    """
    week = cut(times)
    lowest = evidence_exposure.lowest_mean(week, used & (week > 0))
    fresh = cut(evidence_exposure.new_creatives(panel.creative, panel.delivered)) & used
    daily = cut(trend.ratio(panel.impressions, panel.reach))
    first = np.where(fresh & (daily > 0), daily, np.inf).min(axis=-1)
    before = np.minimum(lowest, first)
    return np.where(np.isfinite(before), before, 0.0)
