"""The evidence rule from its documented parts alone, without the refinements: what these are worth."""

import numpy as np

from bot.domain import evidence, evidence_control, evidence_exposure, evidence_people, evidence_slope, trend
from bot.domain.evidence_slope import Slope
from bot.domain.fatigue import EvidenceSettings, EvidenceVerdict, Standing, Status
from bot.domain.fatigue_panel import Panel

GATES = EvidenceSettings(window=28, loss=0.20, weight=0.75, min_clicks=20)


def flags(panel: Panel, first: int) -> np.ndarray:
    """The days on which each ad is fatigued, ads x days."""
    made = np.zeros((panel.ads, panel.days), dtype=bool)
    standings = [Standing()] * panel.ads
    for day in range(first, panel.days):
        verdicts = _verdicts(panel, day)
        standings = [evidence.settle(*both, GATES) for both in zip(standings, verdicts, strict=True)]
        made[:, day] = [standing.status is Status.FATIGUED for standing in standings]
    return made


def _verdicts(panel: Panel, day: int) -> list[EvidenceVerdict]:
    seen, recent = panel.window(day, day + 1), panel.window(day, GATES.window)
    used, width = trend.present_creative(recent), recent.days
    times = evidence_people.weekly_frequency(seen)
    added = evidence_exposure.new_exposures(seen.impressions, seen.impressions_7d, times)
    start = evidence_exposure.starting_memory(added, seen.delivered, seen.age_days)
    fresh = evidence_exposure.new_creatives(seen.creative, seen.delivered)
    u = evidence_exposure.exposure(added, seen.delivered, fresh, start)[:, -width:]
    clicks = _slope(recent, recent.clicks, u, (evidence_control.CLICK_SPREAD, evidence_slope.CLICK_DRIFT))
    drift = evidence_slope.ENGAGEMENT_DRIFT
    liked = _slope(recent, recent.engagement, u, (evidence_control.ENGAGEMENT_SPREAD, drift))
    held = evidence_slope.belief(evidence_slope.together(clicks, liked))
    rise = evidence_exposure.last_mean(u, used) - evidence_exposure.lowest_mean(u, used)
    lost = evidence_slope.loss(held, np.where(np.isfinite(rise), rise, 0.0))
    before = evidence_exposure.lowest_mean(times[:, -width:], used)
    weekly = np.where(used, recent.clicks, 0.0)[:, -7:].sum(axis=1)
    passed = (lost.p >= GATES.probability) & (lost.loss >= GATES.loss) & (held.weight >= GATES.weight)
    passed &= (times[:, -1] >= before * (1 + GATES.frequency_rise)) & (weekly >= GATES.min_clicks)
    judged = used[:, -1] & (used.sum(axis=1) >= GATES.min_days)
    return [
        EvidenceVerdict(
            status=Status.FATIGUED if passed[row] else Status.HEALTHY,
            p=float(lost.p[row]),
            loss=float(lost.loss[row]),
        )
        if judged[row]
        else EvidenceVerdict(Status.INSUFFICIENT_DATA)
        for row in range(panel.ads)
    ]


def _slope(recent: Panel, events: np.ndarray, u: np.ndarray, sds: tuple[float, float]) -> Slope:
    used = trend.present_creative(recent)
    rate = evidence_control.log_rate(events, recent.impressions, sds[0])
    moved = evidence_control.leave_one_out(rate, used)
    return evidence_slope.slope(rate.y - moved.shift, rate.v + moved.variance, u, used, sds[1])
