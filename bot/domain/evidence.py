"""Rule `evidence`: how much of an ad's CTR was lost to repetition, and how sure that is."""

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from bot.domain import evidence_numbers, trend
from bot.domain.evidence_numbers import Numbers
from bot.domain.fatigue import EvidenceSettings, EvidenceVerdict, Standing, Status, Support
from bot.domain.fatigue_panel import Floats, Panel

_NEW_CREATIVE = "fewer than {} days since the creative changed"
_RANK = {status: rank for rank, status in enumerate(Status)}
_SUPPORT_DAYS = 7
_ROWS_AT_ONCE = 4_096  # ads times days


def assess(panel: Panel, last_day: int, settings: EvidenceSettings | None = None) -> list[EvidenceVerdict]:
    """The verdict of every ad on one day, in the panel's order, without the memory of earlier days.

    Only what is known by that day is read. Exposure is followed from the panel's first day, so a longer
    panel knows better what was seen before; CTR is compared within the last `settings.window` days.
    """
    settings = settings or EvidenceSettings()
    return next(_judged(panel, last_day, last_day, settings))


def walk(
    panel: Panel, from_day: int, to_day: int, settings: EvidenceSettings | None = None
) -> Iterator[tuple[int, list[EvidenceVerdict], list[Standing]]]:
    """Day after day from `from_day` to `to_day`, both included: the verdicts, and how each ad then stands.

    Every day is judged as `assess` would have judged it on that day.
    """
    settings = settings or EvidenceSettings()
    standings = [Standing()] * panel.ads
    step = max(1, _ROWS_AT_ONCE // max(1, panel.ads))
    for begin in range(from_day, to_day + 1, step):
        end = min(begin + step - 1, to_day)
        for day, verdicts in enumerate(_judged(panel, begin, end, settings), begin):
            standings = [settle(*both, settings) for both in zip(standings, verdicts, strict=True)]
            yield day, verdicts, standings


def settle(
    previous: Standing, verdict: EvidenceVerdict, settings: EvidenceSettings | None = None
) -> Standing:
    """How the ad stands after this day: raised at once, ended only after calm days in a row.

    A day that cannot be judged changes nothing, unless the creative is a new one: the old alert was not
    about that.
    """
    settings = settings or EvidenceSettings()
    if verdict.status is Status.INSUFFICIENT_DATA:
        swapped = verdict.reason == _NEW_CREATIVE.format(settings.min_days)
        return previous if previous.status.raised and not swapped else Standing(verdict.status)
    if not previous.status.raised or _RANK[verdict.status] > _RANK[previous.status]:
        return Standing(verdict.status)
    end_loss = settings.end_loss if previous.status is Status.FATIGUED else settings.end_watch_loss
    if not (verdict.p < settings.end_probability or verdict.loss < end_loss):
        return Standing(previous.status)
    if previous.calm + 1 < settings.calm_days:
        return Standing(previous.status, previous.calm + 1)
    return Standing(verdict.status)


def judge(found: Numbers, steady: float, row: int, settings: EvidenceSettings) -> Status:
    """The gates: sure enough, large enough, more often seen, enough clicks, and not denied by the data.

    `steady` is the loss over the last days, as `EvidenceSettings` says.
    """
    held = found.frequency_before[row]
    passed = (
        found.p[row] >= settings.probability
        and held > 0
        and found.frequency_now[row] / held >= 1.0 + settings.frequency_rise
        and found.clicks_7d[row] >= settings.min_clicks
        and found.weight[row] >= settings.weight
    )
    if not passed or found.loss[row] < settings.watch_loss:
        return Status.HEALTHY
    return Status.FATIGUED if steady >= settings.loss else Status.WATCH


def _judged(
    panel: Panel, first: int, last: int, settings: EvidenceSettings
) -> Iterator[list[EvidenceVerdict]]:
    """The verdicts of each of some days, in order."""
    before = settings.steady_days - 1
    found = evidence_numbers.numbers(panel, first - before, last, settings.window)
    steady = _steady(found, settings)
    for place, day in enumerate(range(first, last + 1)):
        today = Numbers(*(table[place + before] for table in found))
        yield _verdicts(panel, day, today, steady[place], settings)


def _steady(found: Numbers, settings: EvidenceSettings) -> Floats:
    """The mean loss over the judged days among the last few, days x ads; 0 where these are too few."""
    judged = found.today & (found.days >= settings.min_days) & (found.frequency_now > 0)
    days = settings.steady_days
    total = sliding_window_view(np.where(judged, found.loss, 0.0), days, axis=0).sum(axis=-1)
    count = sliding_window_view(judged, days, axis=0).sum(axis=-1)
    enough = count >= settings.steady_least
    return np.where(enough, total / np.maximum(count, 1), 0.0)


def _verdict(found: Numbers, row: int, status: Status, reason: str, support: Support) -> EvidenceVerdict:
    return EvidenceVerdict(
        status=Status.INSUFFICIENT_DATA if reason else status,
        p=float(found.p[row]),
        loss=float(found.loss[row]),
        loss_low=float(found.low[row]),
        loss_high=float(found.high[row]),
        weight=float(found.weight[row]),
        frequency_now=float(found.frequency_now[row]),
        frequency_before=float(found.frequency_before[row]),
        clicks_7d=int(found.clicks_7d[row]),
        control=float(found.control[row]),
        days=int(found.days[row]),
        reason=reason,
        support=support,
    )


def _verdicts(
    panel: Panel, day: int, found: Numbers, steady: Floats, settings: EvidenceSettings
) -> list[EvidenceVerdict]:
    supports = _supports(panel.window(day, _SUPPORT_DAYS))
    reasons = [_reason(found, row, settings) for row in range(panel.ads)]
    gates = [judge(found, float(steady[row]), row, settings) for row in range(panel.ads)]
    return [_verdict(found, row, gates[row], reasons[row], supports[row]) for row in range(panel.ads)]


def _reason(found: Numbers, row: int, settings: EvidenceSettings) -> str:
    """Why an ad cannot be judged, "" where it can."""
    if not found.today[row]:
        return "not delivered on the last day"
    if found.days[row] < settings.min_days:
        few = _NEW_CREATIVE if found.swapped[row] else "fewer than {} delivering days"
        return few.format(settings.min_days)
    return "" if found.frequency_now[row] > 0 else "the reach of seven days is not known"


def _supports(week: Panel) -> list[Support]:
    used = trend.present_creative(week)
    engagement, cpc, hook = (
        trend.engagement_trend(week, used),
        trend.cpc_trend(week, used),
        trend.hook_trend(week, used),
    )
    return [
        Support(engagement.of(row), hook.of(row) if hook else None, cpc.of(row)) for row in range(week.ads)
    ]
