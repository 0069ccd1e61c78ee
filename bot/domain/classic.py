"""Rule `classic`: CTR down and frequency up, both as straight lines fitted to a week."""

import numpy as np

from bot.domain import trend
from bot.domain.fatigue import ClassicSettings, ClassicVerdict, FrequencyBasis, Status, Support
from bot.domain.fatigue_panel import Bools, Floats, Panel


def assess(panel: Panel, last_day: int, settings: ClassicSettings | None = None) -> list[ClassicVerdict]:
    """The verdict of every ad on one day, in the panel's order.

    Only the days of the present creative count. Comparisons are strict and of unrounded numbers.
    """
    settings = settings or ClassicSettings()
    week = panel.window(last_day, settings.days)
    used = trend.present_creative(week)
    lines = _Lines(week, used, settings.frequency_basis)
    reasons = _reasons(week, used, settings)
    return [lines.verdict(row, reasons[row], settings) for row in range(panel.ads)]


def frequency(panel: Panel, basis: FrequencyBasis) -> Floats:
    """Impressions per person: within each day, or within the seven days that end with it; 0 is not known."""
    if basis == "trailing7":
        return trend.ratio(panel.impressions_7d, panel.reach_7d)
    return trend.ratio(panel.impressions, panel.reach)


class _Lines:
    """Every fitted line of one week."""

    def __init__(self, week: Panel, used: Bools, basis: FrequencyBasis) -> None:
        times = frequency(week, basis)
        self.ctr = trend.fit(trend.ratio(week.clicks, week.impressions), used)
        self.frequency = trend.fit(times, used & (times > 0))
        self.engagement = trend.engagement_trend(week, used)
        self.cpc = trend.cpc_trend(week, used)
        self.hook = trend.hook_trend(week, used)
        self.days = used.sum(axis=1)
        self.impressions = np.where(used, week.impressions, 0.0).sum(axis=1)
        self.clicks = np.where(used, week.clicks, 0.0).sum(axis=1)

    def verdict(self, row: int, reason: str, settings: ClassicSettings) -> ClassicVerdict:
        """One ad's verdict; a line that cannot be fitted is too little data as well."""
        ctr, times = self.ctr.of(row), self.frequency.of(row)
        if not reason and (ctr is None or times is None):
            reason = "no clicks or no frequency to fit a trend to"
        status = Status.INSUFFICIENT_DATA if reason else Status.HEALTHY
        if not reason and ctr and times:
            tired = ctr.change < -settings.ctr_fall and times.change > settings.frequency_rise
            status = Status.FATIGUED if tired else Status.HEALTHY
        support = Support(self.engagement.of(row), self.hook.of(row) if self.hook else None, self.cpc.of(row))
        volume = (int(self.days[row]), int(self.impressions[row]), int(self.clicks[row]))
        return ClassicVerdict(status, ctr, times, support, *volume, reason)


def _reasons(week: Panel, used: Bools, settings: ClassicSettings) -> list[str]:
    """Why an ad cannot be judged, "" where it can."""
    swapped = (week.delivered & ~used).any(axis=1)
    days = used.sum(axis=1)
    impressions = np.where(used, week.impressions, 0.0).sum(axis=1)
    clicks = np.where(used, week.clicks, 0.0).sum(axis=1)
    few = np.where(swapped, "fewer than {} days since the creative changed", "fewer than {} delivering days")
    reasons = []
    for row in range(week.ads):
        if not used[row, -1]:
            reason = "not delivered on the last day"
        elif days[row] < settings.min_days:
            reason = str(few[row]).format(settings.min_days)
        elif impressions[row] < settings.min_impressions:
            reason = f"fewer than {settings.min_impressions} impressions"
        else:
            reason = "" if clicks[row] >= settings.min_clicks else f"fewer than {settings.min_clicks} clicks"
        reasons.append(reason)
    return reasons
