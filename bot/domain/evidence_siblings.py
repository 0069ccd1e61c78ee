"""What each ad itself has lost, roughly, so that it can be taken out before the ad speaks for its account.

Siblings that tire would else pass for a movement of the account, and hide the loss of an ad that tires with
them: in an account of five ads, two tired ones are a large part of the control.
"""

from typing import NamedTuple

import numpy as np

from bot.domain import evidence_control, evidence_exposure
from bot.domain import evidence_noise as noise
from bot.domain import evidence_slope as basic
from bot.domain.evidence_control import Control, LogRate
from bot.domain.evidence_noise import Guess, Sums
from bot.domain.evidence_slope import Slope
from bot.domain.fatigue_panel import Bools, Floats

USUAL = (Guess(0.08, 0.95, 0.07),)  # the middle one of the guesses
COMMON_SD = 0.15  # wider than documented: less of what befalls all ads is left on each of them
_CHUNK = 4_096


class Series(NamedTuple):
    """Log rates as counted, and the ads' own spread from day to day that is part of their variance."""

    rate: LogRate
    spread: float


def controlled(series: Series, own: Floats, used: Bools) -> tuple[LogRate, Control]:
    """Log rates with the account's movement taken out; their variance is without the ad's own spread.

    `own` is what each ad has lost by itself, as a difference of logarithms, and is no part of the movement.
    """
    rate, spread = series
    moved = evidence_control.leave_one_out(LogRate(rate.y + own, rate.v), used, COMMON_SD)
    return LogRate(rate.y - moved.shift, rate.v - spread**2 + moved.variance), moved


def own_loss(clicks: Series, engaged: Series, u: Floats, used: Bools, base_days: int) -> Floats:
    """The expected loss of log CTR since the ad's lowest exposure, days x ads x window, from a first look.

    The first look is the documented slope, with the usual wandering and one speed of forgetting. It counts
    to the degree that the ad's own days raised the odds of harm: what is merely believed beforehand would
    make fatigue out of what befell all ads.
    """
    nothing = np.zeros(used.shape)
    found = _slope(controlled(clicks, nothing, used)[0], u, used, USUAL)
    other = _slope(controlled(engaged, nothing, used)[0], u, used, noise.ENGAGEMENT_GUESSES)
    held = basic.belief(basic.together(found, other))
    said = np.maximum(held.weight - basic.HARMFUL, 0.0) / (1.0 - basic.HARMFUL)
    cost = (said * np.maximum(held.harm, 0.0)).reshape(used.shape[:-1])
    lowest = evidence_exposure.lowest_mean(u, used, base_days, 1)[..., None]
    return np.where(used, cost[..., None] * np.maximum(u - lowest, 0.0), 0.0)


def _slope(rate: LogRate, u: Floats, used: Bools, guess: tuple[Guess, ...]) -> Slope:
    window = used.shape[-1]
    y, v, exposure = (table.reshape(-1, window) for table in (*rate, u))
    days = used.reshape(-1, window)
    parts = [
        _first(noise.sums(y[rows], v[rows], exposure[None, rows], days[rows], guess))
        for rows in (slice(begin, begin + _CHUNK) for begin in range(0, len(y), _CHUNK))
    ]
    return Slope(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _first(found: Sums) -> tuple[Floats, Floats]:
    return found.information[0, 0], found.score[0, 0]
