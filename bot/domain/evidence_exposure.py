"""How often the people reached have seen an ad before, from daily impressions and weekly reach."""

import numpy as np

from bot.domain.fatigue_panel import Bools, Floats, Ints

KEPT = 0.94  # the share of an exposure that is still remembered a day later
LEAST_FREQUENCY = 1.0005
NEW_DAYS = 3  # an ad younger than this at its first row starts without a past
BASE_DAYS = 5
BASE_LEAST = 3  # of those days, at least so many must deliver
NOW_DAYS = 2


def new_exposures(impressions: Floats, impressions_7d: Floats, frequency: Floats) -> Floats:
    """Repeated exposures that a day adds per person: `impressions * (F - 1) / impressions_7d`."""
    times = np.maximum(frequency, LEAST_FREQUENCY)
    week = np.where(impressions_7d > 0, impressions_7d, 1.0)
    return np.where(impressions_7d > 0, impressions * (times - 1.0) / week, 0.0)


def exposure(added: Floats, delivered: Bools, fresh: Bools, start: Floats, kept: float = KEPT) -> Floats:
    """`u = ln(1 + 2 (L + added / 2))` per day, ads x days; 0 on days without delivery.

    `L` is what is remembered: it fades every calendar day, the first included, and grows by `added` after a
    delivering day. `fresh` marks the days on which a new creative begins: nobody has seen it. `start` is `L`
    before the first day, one per ad.
    """
    remembered = start.astype(np.float64)
    u = np.zeros(added.shape)
    for day in range(added.shape[1]):
        remembered = np.where(fresh[:, day], 0.0, kept * remembered)
        gain = np.where(delivered[:, day], added[:, day], 0.0)
        u[:, day] = np.where(delivered[:, day], np.log1p(2.0 * (remembered + gain / 2.0)), 0.0)
        remembered = remembered + gain
    return u


def starting_memory(added: Floats, delivered: Bools, age_days: Ints, kept: float = KEPT) -> Floats:
    """`L` before the first day: 0 for an ad new at its first row, else as if it always ran like that."""
    first = np.argmax(delivered, axis=1)
    rows = np.arange(added.shape[0])
    age = age_days[rows, first]
    new = (age >= 0) & (age < NEW_DAYS)
    return np.where(new, 0.0, added[rows, first] / (1.0 - kept))


def new_creatives(creative: Ints, delivered: Bools) -> Bools:
    """The delivering days whose creative differs from that of the delivering day before."""
    fresh = np.zeros(delivered.shape, dtype=np.bool_)
    last = np.full(delivered.shape[0], np.iinfo(np.int64).min)
    for day in range(delivered.shape[1]):
        now = delivered[:, day]
        fresh[:, day] = now & (last != np.iinfo(np.int64).min) & (creative[:, day] != last)
        last = np.where(now, creative[:, day], last)
    return fresh


def lowest_mean(values: Floats, used: Bools, days: int = BASE_DAYS, least: int = BASE_LEAST) -> Floats:
    """The smallest mean over `days` calendar days with at least `least` of them used; else inf."""
    kept = np.where(used, values, 0.0)
    span = min(days, values.shape[-1])
    total, count = _moving(kept, span), _moving(used.astype(np.float64), span)
    enough = count >= min(least, span)
    means = np.where(enough, total / np.maximum(count, 1), np.inf)
    lowest: Floats = means.min(axis=-1)
    return lowest


def _moving(values: Floats, span: int) -> Floats:
    """Sums over `span` days in a row, along the last axis."""
    sums = np.cumsum(np.concatenate([np.zeros_like(values[..., :1]), values], axis=-1), axis=-1)
    moving: Floats = sums[..., span:] - sums[..., :-span]
    return moving


def last_mean(values: Floats, used: Bools, days: int = NOW_DAYS) -> Floats:
    """The mean over the last `days` used days of each row; 0 where there are none."""
    rank = np.cumsum(used[..., ::-1], axis=-1)[..., ::-1]
    recent = used & (rank <= days)
    mean: Floats = np.where(recent, values, 0.0).sum(axis=-1) / np.maximum(recent.sum(axis=-1), 1)
    return mean
