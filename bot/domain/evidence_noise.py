"""How an ad's log CTR wanders, tried over a grid: one Kalman pass gives every slope's sums for every guess.

The documented method (`evidence_slope.slope`) solves one system per ad with fixed standard deviations. Here
the same generalised least squares is done by whitening day after day, which gives the same sums without a
matrix and lets nine guesses and several exposures share the work.
"""

from typing import NamedTuple

import numpy as np

from bot.domain.fatigue_panel import Bools, Floats


class Guess(NamedTuple):
    """One way to wander: an AR(1) drift with this sd and daily correlation, and a spread from day to day."""

    drift: float
    kept: float
    spread: float


# Real accounts: sd of log CTR beyond counting .12, quartiles .085 and .175, so no single figure fits all ads.
CLICK_GUESSES = tuple(
    Guess(drift, 0.95, spread) for drift in (0.04, 0.08, 0.16) for spread in (0.035, 0.07, 0.14)
)
ENGAGEMENT_GUESSES = (Guess(0.10, 0.9, 0.15),)


class Sums(NamedTuple):
    """Generalised least squares of `y = m - beta u + noise`: guesses x exposures x ads.

    `information` and `score` are those of beta; `likelihood` is the log likelihood of the days at beta = 0
    with the level `m` integrated out, guesses x ads.
    """

    information: Floats
    score: Floats
    likelihood: Floats


def sums(y: Floats, counting: Floats, exposures: Floats, used: Bools, guesses: tuple[Guess, ...]) -> Sums:
    """Everything that the slope needs, for every guess and every exposure.

    `y`, `used`: ads x days; `exposures`: kinds x ads x days; `counting`: variance without the guess's spread.
    """
    count = np.maximum(used.sum(axis=1), 1)[:, None]
    level = np.where(used, y, 0.0).sum(axis=1, keepdims=True) / count
    middle = np.where(used, exposures, 0.0).sum(axis=2, keepdims=True) / count
    columns = np.concatenate(
        [np.ones((1, *y.shape)), np.where(used, y - level, 0.0)[None], middle - exposures]
    )
    return _closed(*_whitened(columns, counting, used, guesses))


def _whitened(
    columns: Floats, counting: Floats, used: Bools, guesses: tuple[Guess, ...]
) -> tuple[Floats, Floats, Floats]:
    """Inner products of the whitened columns with level and `y`, with themselves, and the log determinant."""
    drift, kept, spread = (np.array(part)[:, None] for part in zip(*guesses, strict=True))
    days = np.ascontiguousarray(np.moveaxis(columns, 2, 0))  # days x columns x ads
    variance = np.broadcast_to(drift**2, (len(guesses), used.shape[0]))
    state = np.zeros((len(guesses), *days.shape[1:]))
    cross = np.zeros((2, *state.shape))
    squares, logs = np.zeros(state.shape), np.zeros(variance.shape)
    for day in range(used.shape[1]):
        if day:
            state = state * kept[:, :, None]
            variance = kept**2 * variance + (1.0 - kept**2) * drift**2
        total = variance + counting[:, day] + spread**2
        weight = used[:, day] / total
        logs += np.where(used[:, day], np.log(total), 0.0)
        miss = days[day] - state
        weighed = miss * weight[:, None, :]
        cross[0] += weighed * miss[:, :1]
        cross[1] += weighed * miss[:, 1:2]
        squares += weighed * miss
        state = state + weighed * variance[:, None, :]
        variance = variance - variance**2 * weight
    return cross, squares, logs


def _closed(cross: Floats, squares: Floats, logs: Floats) -> Sums:
    """The level taken out of everything."""
    whole = np.where(cross[0, :, 0] > 0, cross[0, :, 0], 1.0)
    share = cross[0, :, 2:] / whole[:, None]
    information = squares[:, 2:] - share * cross[0, :, 2:]
    score = cross[1, :, 2:] - share * cross[0, :, 1:2]
    rest = squares[:, 1] - cross[0, :, 1] ** 2 / whole
    return Sums(np.maximum(information, 0.0), score, -0.5 * (logs + rest + np.log(whole)))
