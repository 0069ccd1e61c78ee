"""From log CTR and exposure to a probability: a slope with wandering noise, a prior of two kinds of ad."""

from math import erf, sqrt
from typing import NamedTuple

import numpy as np

from bot.domain.fatigue_panel import Bools, Floats

CLICK_DRIFT = 0.13  # sd of the slow wandering of an ad's log CTR
ENGAGEMENT_DRIFT = 0.10
PERSISTENCE = 0.9  # its correlation from one day to the next
ENGAGEMENT_SHARE = 0.8  # how much of a click's loss an engagement loses

HARMFUL = 0.7  # how often repetition costs clicks, before the data is seen
HARM_MEAN, HARM_SD = 0.43, 0.20  # Meta's published exponent
HARMLESS_SD = 0.05

MATERIAL = 0.15  # a loss of at least this is what p is about
INTERVAL_Z = 1.2816  # 80 %
LEAST_RISE = 1e-4
_CHUNK = 4_096


class Slope(NamedTuple):
    """Information on the slope and its score, one per ad; the estimate is `score / information`."""

    information: Floats
    score: Floats

    def estimate(self) -> tuple[Floats, Floats]:
        """The slope alone and its standard error; 0 and 1,000 where there is no information."""
        some = self.information >= 1e-9
        held = np.where(some, self.information, 1.0)
        return np.where(some, self.score / held, 0.0), np.where(some, 1.0 / np.sqrt(held), 1000.0)


class Belief(NamedTuple):
    """What is believed of the slope: two normal parts (harmful, harmless), and the weight of the first."""

    weight: Floats
    harm: Floats
    harm_sd: Floats
    harmless: Floats
    harmless_sd: Floats

    @property
    def mean(self) -> Floats:
        """The expected slope."""
        return self.weight * self.harm + (1.0 - self.weight) * self.harmless


class Loss(NamedTuple):
    """The probability of a material loss, the estimated loss and its 80 % interval, one per ad."""

    p: Floats
    loss: Floats
    low: Floats
    high: Floats


def normal_cdf(z: Floats) -> Floats:
    """Phi, exact to double precision."""
    flat = np.asarray(z, dtype=np.float64)
    values = [0.5 * (1.0 + erf(x / sqrt(2.0))) for x in flat.ravel().tolist()]
    return np.array(values).reshape(flat.shape)


def slope(y: Floats, v: Floats, u: Floats, used: Bools, drift: float) -> Slope:
    """Generalised least squares of `y = m - beta u + drift + noise`, ads x days, for beta.

    The drift is AR(1) with sd `drift`; `v` is the noise's variance. Days that are not used drop out exactly.
    """
    information, score = np.zeros(y.shape[0]), np.zeros(y.shape[0])
    for begin in range(0, y.shape[0], _CHUNK):
        rows = slice(begin, begin + _CHUNK)
        information[rows], score[rows] = _slopes(y[rows], v[rows], u[rows], used[rows], drift)
    return Slope(information, score)


def _slopes(y: Floats, v: Floats, u: Floats, used: Bools, drift: float) -> tuple[Floats, Floats]:
    days = np.arange(y.shape[1])
    wander = drift**2 * PERSISTENCE ** np.abs(days[:, None] - days[None, :])
    spread = wander * (used[:, :, None] & used[:, None, :])
    spread[:, days, days] = np.where(used, drift**2 + v, 1.0)
    count = np.maximum(used.sum(axis=1, keepdims=True), 1)
    mean = np.where(used, u, 0.0).sum(axis=1, keepdims=True) / count
    columns = np.stack([np.ones_like(u), mean - u, y], axis=2) * used[:, :, None]
    solved = np.linalg.solve(spread, columns)
    a = np.einsum("adi,adj->aij", columns, solved)
    whole = np.where(a[:, 0, 0] > 0, a[:, 0, 0], 1.0)
    information = a[:, 1, 1] - a[:, 0, 1] ** 2 / whole
    return np.maximum(information, 0.0), a[:, 1, 2] - a[:, 0, 1] * a[:, 0, 2] / whole


def together(clicks: Slope, engagement: Slope) -> Slope:
    """Clicks and engagements lose to the same repetition, engagements less of it."""
    share = ENGAGEMENT_SHARE
    return Slope(
        clicks.information + share**2 * engagement.information, clicks.score + share * engagement.score
    )


def belief(found: Slope) -> Belief:
    """The prior of two kinds of ad, brought up to date with what was found."""
    estimate, error = found.estimate()
    harm, harm_sd, fit = _component(found, estimate, error, HARM_MEAN, HARM_SD)
    harmless, harmless_sd, flat = _component(found, estimate, error, 0.0, HARMLESS_SD)
    odds = (1.0 - HARMFUL) / HARMFUL * np.exp(np.clip(flat - fit, -700.0, 700.0))
    return Belief(1.0 / (1.0 + odds), harm, harm_sd, harmless, harmless_sd)


def _component(
    found: Slope, estimate: Floats, error: Floats, mean: float, sd: float
) -> tuple[Floats, Floats, Floats]:
    """A normal prior's posterior mean and sd, and the log likelihood of the estimate under it."""
    precision = 1.0 / sd**2 + found.information
    variance = sd**2 + error**2
    likelihood = -0.5 * np.log(2.0 * np.pi * variance) - 0.5 * (estimate - mean) ** 2 / variance
    return (mean / sd**2 + found.score) / precision, 1.0 / np.sqrt(precision), likelihood


def loss(held: Belief, rise: Floats) -> Loss:
    """What the rise in exposure has cost, as a share of the CTR."""
    some = rise > LEAST_RISE
    bar = -np.log(1.0 - MATERIAL) / np.where(some, rise, 1.0)
    harmful = held.weight * (1.0 - normal_cdf((bar - held.harm) / held.harm_sd))
    harmless = (1.0 - held.weight) * (1.0 - normal_cdf((bar - held.harmless) / held.harmless_sd))
    up = np.maximum(rise, 0.0)
    spread = INTERVAL_Z * held.harm_sd
    low = np.maximum(1.0 - np.exp(-(held.harm - spread) * up), 0.0)
    high = np.maximum(1.0 - np.exp(-(held.harm + spread) * up), 0.0)
    return Loss(np.where(some, harmful + harmless, 0.0), 1.0 - np.exp(-held.mean * up), low, high)
