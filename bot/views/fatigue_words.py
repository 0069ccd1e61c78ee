"""How tired an ad is, in words: the fall, both verdicts, what else may explain it, what Meta says."""

from collections.abc import Callable, Iterable

from bot.domain.fatigue import Change, ClassicVerdict, EvidenceVerdict, Status
from bot.domain.fatigue_reading import FatigueReading
from bot.domain.findings import Remark
from bot.domain.lookalikes import Lookalike, LookalikeState
from bot.domain.policy import FatigueRule, RefreshPolicy
from bot.domain.signals import MetaSignal, SignalSource
from bot.views.alert_words import plural
from bot.views.figures import Notation, day, percent
from bot.views.markup import Mrkdwn, join, mrk, said
from bot.views.refresh_words import moment, points, share

STATUS_WORDS = {
    Status.FATIGUED: "tired",
    Status.WATCH: "watch it",
    Status.HEALTHY: "not tired",
    Status.INSUFFICIENT_DATA: "too little data to say",
}
# Each rule counts how often a person sees the ad over its own span (bot.domain.fatigue).
FREQUENCY_WORDS = {FatigueRule.CLASSIC: "daily frequency", FatigueRule.EVIDENCE: "7-day frequency"}
RULE_WORDS = {FatigueRule.CLASSIC: "classic", FatigueRule.EVIDENCE: "evidence"}
_MATERIAL = "15%"  # the loss that the evidence rule's probability is about (bot.domain.fatigue)
_SOURCES = {
    SignalSource.WEBHOOK: "fatigue level",
    SignalSource.RECOMMENDATION: "recommendation",
    SignalSource.QUALITY: "quality ranking",
    SignalSource.ENGAGEMENT: "engagement rate ranking",
    SignalSource.CONVERSION: "conversion rate ranking",
    SignalSource.LEARNING: "learning phase",
}


def ctr_fall(reading: FatigueReading) -> str | None:
    """CTR (link) from what to what; None where it cannot be told."""
    ctr = reading.ctr
    if ctr.now is None or ctr.before is None or ctr.change is None:
        return None
    way = "fell" if ctr.change < 0 else "rose"
    return f"CTR (link) {way} from {percent(ctr.before)} to {percent(ctr.now)} ({points(ctr.change)})"


def frequency_rise(reading: FatigueReading) -> str | None:
    """Frequency from what to what; None where it cannot be told."""
    often = reading.frequency
    if often.now is None or often.before is None or often.change is None:
        return None
    way = "rose" if often.change > 0 else "fell"
    span = FREQUENCY_WORDS[reading.rule]
    return f"{span} {way} from {often.before:.2f} to {often.now:.2f} ({points(often.change)})"


def fall(reading: FatigueReading) -> str:
    """What fell, what rose and since when, in one line."""
    parts = [part for part in (ctr_fall(reading), frequency_rise(reading)) if part]
    told = ", ".join(parts) or "CTR (link) and frequency cannot be told for these days"
    return f"{told[0].upper()}{told[1:]}, since {day(reading.since)}"


def further(reading: FatigueReading, written: Notation) -> str | None:
    """What else moved over the week; supports the verdict and never makes it."""
    parts = [
        _moved("hook rate", reading.hook, percent),
        _moved("engagement rate", reading.engagement, percent),
        _moved("CPC (link)", reading.cpc, written.money),
    ]
    told = ", ".join(part for part in parts if part)
    return f"Over the same week: {told}" if told else None


def _moved(what: str, change: Change | None, write: Callable[[float], str]) -> str | None:
    if change is None:
        return None
    return f"{what} {write(change.start)} to {write(change.end)} ({points(change.change)})"


def volume(reading: FatigueReading, written: Notation) -> str:
    """What the verdict rests on."""
    week = reading.figures_7d
    return (
        f"Last 7 complete days, to {day(reading.day)}: {written.count(week.impressions)} impressions, "
        f"{written.count(week.link_clicks)} {plural(week.link_clicks, 'link click')}"
    )


def at_risk(reading: FatigueReading, written: Notation) -> str | None:
    """Money at risk and how it is reckoned; None where nothing was lost or spent."""
    if not reading.loss_minor:
        return None
    return (
        f"{written.money(reading.loss_minor)} at risk: the lost {share(reading.loss)} of the "
        f"{written.money(reading.spend_7d_minor)} that the ad spent in the last 7 days"
    )


def verdicts(reading: FatigueReading, policy: RefreshPolicy | None = None) -> Mrkdwn:
    """Both rules' verdicts in a line each, and which of them the account goes by."""
    by_classic, by_evidence = classic(reading.classic, policy), evidence(reading.evidence)
    return join(
        [
            _line(reading, FatigueRule.CLASSIC, by_classic, reading.classic_standing.status),
            _line(reading, FatigueRule.EVIDENCE, by_evidence, reading.evidence_standing.status),
        ]
    )


def _line(reading: FatigueReading, rule: FatigueRule, told: str, status: Status) -> Mrkdwn:
    goes_by = " (the rule of this account)" if rule is reading.rule else ""
    return mrk("• *{}*{}: {}: *{}*", RULE_WORDS[rule], goes_by, told, STATUS_WORDS[status])


def classic(verdict: ClassicVerdict, policy: RefreshPolicy | None = None) -> str:
    """The rule that anybody can name: both changes, beside their limits where those are known."""
    if verdict.ctr is None or verdict.frequency is None:
        return verdict.reason or "no trend can be fitted"
    fell, rose = points(verdict.ctr.change), points(verdict.frequency.change)
    limits = (
        (f" (limit {_whole(-policy.ctr_fall)})", f" (limit {_whole(policy.frequency_rise)})")
        if policy
        else ("", "")
    )
    told = f"CTR (link) {fell}{limits[0]}, frequency {rose}{limits[1]}"
    return f"{told}; {verdict.reason}" if verdict.reason else told


def evidence(verdict: EvidenceVerdict) -> str:
    """The statistical rule: how sure, how much, and between what (80 % interval)."""
    if verdict.status is Status.INSUFFICIENT_DATA:
        return verdict.reason or "it cannot be estimated"
    return (
        f"{share(verdict.p)} sure that repetition costs at least {_MATERIAL} of the clicks; "
        f"estimate {interval(verdict)}"
    )


def interval(verdict: EvidenceVerdict) -> str:
    """The estimate of the loss with its interval."""
    return f"{share(verdict.loss)} [{share(verdict.loss_low)}, {share(verdict.loss_high)}]"


def _whole(fraction: float) -> str:
    told = f"{fraction * 100:+.1f}"
    return f"{told.removesuffix('.0')}%"


def present(reading: FatigueReading, written: Notation) -> Mrkdwn:
    """Other explanations that hold, one line each."""
    return join(mrk("• {}.", _said(one, written)) for one in _in(reading, LookalikeState.PRESENT))


def ruled_out(reading: FatigueReading, written: Notation) -> Mrkdwn | None:
    """Other explanations that do not hold, in one line."""
    return _listed("Ruled out", _in(reading, LookalikeState.RULED_OUT), written)


def unknown(reading: FatigueReading, written: Notation) -> Mrkdwn | None:
    """Other explanations that could not be checked, in one line."""
    return _listed("Could not be checked", _in(reading, LookalikeState.UNKNOWN), written)


def _in(reading: FatigueReading, state: LookalikeState) -> list[Lookalike]:
    return [one for one in reading.lookalikes if one.state is state]


def _listed(heading: str, found: list[Lookalike], written: Notation) -> Mrkdwn | None:
    if not found:
        return None
    return mrk("{}: {}.", heading, join([_said(one, written) for one in found], "; "))


def _said(one: Lookalike, written: Notation) -> Mrkdwn:
    return said(remark(one.remark, written).rstrip("."))


def remark(found: Remark, written: Notation) -> str:
    """A remark with its quantities filled in."""
    return found.template.format(*(written.quantity(quantity) for quantity in found.quantities))


def signals(found: Iterable[MetaSignal], written: Notation) -> Mrkdwn | None:
    """What Meta itself says of the ad, in Meta's words; None where it says nothing."""
    lines = [_signal(one, written) for one in found]
    return join(lines) if lines else None


def _signal(one: MetaSignal, written: Notation) -> Mrkdwn:
    told = one.level.replace("_", " ").lower()
    message = mrk(" – {}", said(one.message, 200)) if one.message else ""
    return mrk("• {}: {}{} · {}", _SOURCES[one.source], told, message, moment(written, one.at))
