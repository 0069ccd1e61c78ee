"""Rule `evidence`: how much of an ad's CTR was lost to repetition, and how sure that is."""

from bot.domain.fatigue import EvidenceSettings, EvidenceVerdict, Standing, Status
from bot.domain.fatigue_panel import Panel


def assess(panel: Panel, last_day: int, settings: EvidenceSettings) -> list[EvidenceVerdict]:
    """The verdict of every ad on one day, in the panel's order, without the memory of earlier days."""
    raise ValueError("under construction")


def settle(
    previous: Standing, verdict: EvidenceVerdict, settings: EvidenceSettings | None = None
) -> Standing:
    """How the ad stands after this day: raised at once, ended only after calm days in a row."""
    settings = settings or EvidenceSettings()
    if verdict.status is Status.INSUFFICIENT_DATA:
        return previous if previous.status.raised else Standing(verdict.status)
    if not previous.status.raised or _rank(verdict.status) > _rank(previous.status):
        return Standing(verdict.status)
    end_loss = settings.end_loss if previous.status is Status.FATIGUED else settings.end_watch_loss
    if not (verdict.p < settings.end_probability or verdict.loss < end_loss):
        return Standing(previous.status)
    if previous.calm + 1 < settings.calm_days:
        return Standing(previous.status, previous.calm + 1)
    return Standing(verdict.status)


def _rank(status: Status) -> int:
    return list(Status).index(status)
