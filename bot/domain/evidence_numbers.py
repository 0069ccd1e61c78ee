"""From an account's daily figures to each ad's estimated loss: control, exposure and slope put together."""

from typing import NamedTuple

import numpy as np

from bot.domain import evidence_control, evidence_exposure, evidence_slope, trend
from bot.domain.evidence_control import Control
from bot.domain.evidence_slope import Slope
from bot.domain.fatigue_panel import Bools, Floats, Ints, Panel

_WEEK = 7


class Numbers(NamedTuple):
    """What the rule computes for every ad on one day, before its gates; one value per ad."""

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


def numbers(so_far: Panel, used: Bools) -> Numbers:
    """Everything for the last day of the panel; `used` marks the days of the window to compare."""
    window = used.shape[1]
    recent = so_far.window(so_far.days - 1, window)
    times = weekly_frequency(so_far)
    u = _exposure(so_far, times)[:, -window:]
    clicks, moved = _slope(recent, recent.clicks, u, used, evidence_control.CLICK_SPREAD)
    engaged, _ = _slope(recent, recent.engagement, u, used, evidence_control.ENGAGEMENT_SPREAD)
    held = evidence_slope.belief(evidence_slope.together(clicks, engaged))
    rise = evidence_exposure.last_mean(u, used) - evidence_exposure.lowest_mean(u, used)
    lost = evidence_slope.loss(held, np.where(np.isfinite(rise), rise, 0.0))
    before = evidence_exposure.lowest_mean(times[:, -window:], used & (times[:, -window:] > 0))
    return Numbers(
        *lost,
        held.weight,
        times[:, -1],
        np.where(np.isfinite(before), before, 0.0),
        np.where(used, recent.clicks, 0.0)[:, -_WEEK:].sum(axis=1),
        moved.shift[:, -1],
        used.sum(axis=1),
    )


def weekly_frequency(panel: Panel) -> Floats:
    """Impressions per person over the trailing seven days, the last known value where reach was not read."""
    times = trend.ratio(panel.impressions_7d, panel.reach_7d)
    for day in range(1, times.shape[1]):
        times[:, day] = np.where(times[:, day] > 0, times[:, day], times[:, day - 1])
    return times


def _exposure(panel: Panel, times: Floats) -> Floats:
    added = evidence_exposure.new_exposures(panel.impressions, panel.impressions_7d, times)
    start = evidence_exposure.starting_memory(added, panel.delivered, panel.age_days)
    fresh = evidence_exposure.new_creatives(panel.creative, panel.delivered)
    return evidence_exposure.exposure(added, panel.delivered, fresh, start)


def _slope(recent: Panel, events: Floats, u: Floats, used: Bools, spread: float) -> tuple[Slope, Control]:
    rate = evidence_control.log_rate(events, recent.impressions, spread)
    moved = evidence_control.leave_one_out(rate, used)
    drift = (
        evidence_slope.CLICK_DRIFT
        if spread == evidence_control.CLICK_SPREAD
        else evidence_slope.ENGAGEMENT_DRIFT
    )
    return evidence_slope.slope(rate.y - moved.shift, rate.v + moved.variance, u, used, drift), moved
