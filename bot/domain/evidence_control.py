"""What happened to the whole account on a day, estimated for each ad from its siblings alone."""

from typing import NamedTuple

import numpy as np

from bot.domain.fatigue_panel import Bools, Floats

CLICK_SPREAD = 0.09  # sd of log CTR from day to day beyond counting
ENGAGEMENT_SPREAD = 0.15
COMMON_SD = 0.10  # sd of what moves all ads of an account on one day, before the data is seen
ROUNDS = 6
_HUBER = 2.0


class LogRate(NamedTuple):
    """Logarithms of rates and their variances, ads x days, or several such tables."""

    y: Floats
    v: Floats


class Control(NamedTuple):
    """The account's movement as each ad's siblings show it, and its variance, ads x days."""

    shift: Floats
    variance: Floats


def log_rate(events: Floats, trials: Floats, spread: float) -> LogRate:
    """`ln((events + .5) / (trials + 1))` with variance `1 / (events + .5) + spread^2`."""
    return LogRate(np.log((events + 0.5) / (trials + 1.0)), 1.0 / (events + 0.5) + spread**2)


def leave_one_out(rate: LogRate, present: Bools, common_sd: float = COMMON_SD) -> Control:
    """Each ad's control from the other ads' residuals, shrunk to 0; an ad never enters its own.

    Alternates each ad's level and each day's shift six times, with Huber weights so that one ad's own trouble
    does not become everybody's. Without siblings the control is 0 with variance `common_sd^2`.
    """
    y = np.where(present, rate.y, 0.0)
    w = np.where(present, 1.0 / rate.v, 0.0)
    ridge = 1.0 / common_sd**2
    r, shift = w, np.zeros_like(y[..., :1, :])
    level = np.zeros_like(y[..., :1])
    for _ in range(ROUNDS):
        total = r.sum(axis=-1, keepdims=True)
        level = (r * (y - shift)).sum(axis=-1, keepdims=True) / np.where(total > 0, total, 1.0)
        shift = (r * (y - level)).sum(axis=-2, keepdims=True) / (r.sum(axis=-2, keepdims=True) + ridge)
        size = np.abs(y - level - shift) * np.sqrt(w)
        r = w * np.minimum(1.0, _HUBER / np.maximum(size, 1e-12))
    part = r * (y - level)
    others = r.sum(axis=-2, keepdims=True) - r + ridge
    return Control((part.sum(axis=-2, keepdims=True) - part) / others, 1.0 / others)
