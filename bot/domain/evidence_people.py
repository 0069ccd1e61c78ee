"""Exposure as it is used: the documented measure with its three weaknesses mended.

Reach is an estimate, so frequency is averaged over five days; frequency overstates exposure in a small
audience, so it is turned back into impressions per person; and how fast people forget is not known, so three
speeds are followed side by side and the ad's own days decide between them.
"""

import numpy as np

from bot.domain import evidence_exposure, trend
from bot.domain.fatigue_panel import Bools, Floats, Panel

KEPT = (0.90, 0.94, 0.97)  # shares of an exposure remembered a day later
USUAL = 1  # the place of the documented speed
SMOOTH_DAYS = 5
START_DAYS = 5  # no more than the days an ad needs to be judged, so that later days change nothing
_STEPS = 20


def weekly_frequency(panel: Panel) -> Floats:
    """Impressions per person over the trailing seven days; the last known value where reach was not read."""
    times = trend.ratio(panel.impressions_7d, panel.reach_7d)
    for day in range(1, times.shape[1]):
        times[:, day] = np.where(times[:, day] > 0, times[:, day], times[:, day - 1])
    return times


def exposures(panel: Panel, times: Floats) -> Floats:
    """`u` of every day for every speed of forgetting: speeds x ads x days."""
    added = _added(panel, times)
    fresh = evidence_exposure.new_creatives(panel.creative, panel.delivered)
    gone = [1.0 / (1.0 - kept) for kept in KEPT]
    usual = _usual(added, panel)
    return np.stack(
        [
            evidence_exposure.exposure(added, panel.delivered, fresh, usual * stay, kept)
            for stay, kept in zip(gone, KEPT, strict=True)
        ]
    )


def seen_per_person(frequency: Floats) -> Floats:
    """Impressions per person of the audience, reached or not: `m` with `m / (1 - exp(-m)) = frequency`."""
    least = np.maximum(frequency, evidence_exposure.LEAST_FREQUENCY)
    seen = 2.0 * (least - 1.0)
    for _ in range(_STEPS):
        seen = least * -np.expm1(-seen)
    return seen


def _added(panel: Panel, times: Floats) -> Floats:
    """Half of each day's impressions per person; at low frequency the documented measure."""
    known = panel.delivered & (times > 0)
    smooth = _trailing_mean(np.maximum(times, 1.0), known)
    share = trend.ratio(panel.impressions, panel.impressions_7d)
    return np.where(known, seen_per_person(smooth) / 2.0 * share, 0.0)


def _trailing_mean(values: Floats, known: Bools) -> Floats:
    kept = np.where(known, values, 0.0)
    total, count = kept.copy(), known.astype(np.float64)
    for back in range(1, min(SMOOTH_DAYS, values.shape[1])):
        total[:, back:] += kept[:, :-back]
        count[:, back:] += known[:, :-back]
    return np.where(count > 0, total / np.maximum(count, 1.0), values)


def _usual(added: Floats, panel: Panel) -> Floats:
    """What an ad that did not just begin adds per day, from its first days; 0 for a new one."""
    rank = np.cumsum(panel.delivered, axis=1)
    early = panel.delivered & (rank <= START_DAYS)
    mean = np.where(early, added, 0.0).sum(axis=1) / np.maximum(early.sum(axis=1), 1)
    first = np.argmax(panel.delivered, axis=1)
    age = panel.age_days[np.arange(panel.ads), first]
    usual: Floats = np.where((age >= 0) & (age < evidence_exposure.NEW_DAYS), 0.0, mean)
    return usual
