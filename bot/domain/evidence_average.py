"""One answer from many guesses: each weighs as much as the ad's own days speak for it."""

from typing import NamedTuple

import numpy as np

from bot.domain import evidence_slope as basic
from bot.domain.evidence_noise import Sums
from bot.domain.evidence_slope import Loss
from bot.domain.fatigue_panel import Floats


class Answer(NamedTuple):
    """The loss, and the probability that repetition costs this ad clicks at all; one value per ad."""

    lost: Loss
    weight: Floats


def answer(clicks: Sums, engagement: Sums, rise: Floats) -> Answer:
    """Every guess with every exposure, harmful or harmless, averaged by likelihood.

    `clicks`: guesses x exposures x ads, `engagement`: the same with one guess, `rise`: exposures x ads.
    """
    share = basic.ENGAGEMENT_SHARE
    information = clicks.information + share**2 * engagement.information
    score = clicks.score + share * engagement.score
    known = clicks.likelihood[:, None, :]
    harm = _part(information, score, basic.HARM_MEAN, basic.HARM_SD, basic.HARMFUL)
    harmless = _part(information, score, 0.0, basic.HARMLESS_SD, 1.0 - basic.HARMFUL)
    likelihood = np.stack([harm.likelihood + known, harmless.likelihood + known])
    weight = np.exp(likelihood - likelihood.max(axis=(0, 1, 2)))
    weight /= weight.sum(axis=(0, 1, 2))
    mean = np.stack([harm.mean, harmless.mean])
    sd = np.stack([harm.sd, harmless.sd])
    return Answer(_loss(weight, mean, sd, np.maximum(rise, 0.0)), weight[0].sum(axis=(0, 1)))


class _Part(NamedTuple):
    mean: Floats
    sd: Floats
    likelihood: Floats


def _part(information: Floats, score: Floats, mean: float, sd: float, prior: float) -> _Part:
    """The slope under one normal prior, and the log likelihood ratio to a slope of 0, prior included."""
    precision = 1.0 / sd**2 + information
    middle = (mean / sd**2 + score) / precision
    ratio = 0.5 * (middle**2 * precision - mean**2 / sd**2 - np.log(precision * sd**2))
    return _Part(middle, 1.0 / np.sqrt(precision), ratio + np.log(prior))


def _loss(weight: Floats, mean: Floats, sd: Floats, rise: Floats) -> Loss:
    """`weight`, `mean`, `sd`: harmful or harmless x guesses x exposures x ads; `rise`: exposures x ads.

    The interval is that of a harmful slope, its mean and spread over all guesses.
    """
    some = rise > basic.LEAST_RISE
    bar = -np.log(1.0 - basic.MATERIAL) / np.where(some, rise, 1.0)
    beyond = np.where(some, 1.0 - basic.normal_cdf((bar - mean) / sd), 0.0)
    expected = (weight * (1.0 - np.exp(-mean * rise))).sum(axis=(0, 1, 2))
    harm = weight[0] / np.maximum(weight[0].sum(axis=(0, 1)), 1e-300)
    middle = (harm * mean[0] * rise).sum(axis=(0, 1))
    square = (harm * (mean[0] ** 2 + sd[0] ** 2) * rise**2).sum(axis=(0, 1))
    spread = basic.INTERVAL_Z * np.sqrt(np.maximum(square - middle**2, 0.0))
    low, high = (np.maximum(1.0 - np.exp(-(middle + side)), 0.0) for side in (-spread, spread))
    p = (weight * beyond).sum(axis=(0, 1, 2))
    return Loss(np.clip(p, 0.0, 1.0), expected, np.minimum(low, np.maximum(expected, 0.0)), high)
