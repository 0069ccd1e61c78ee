"""Ads that people have seen too often: the rule that the account chose, as a finding for each tired ad."""

from collections.abc import Iterator, Mapping

from bot.domain.fatigue import Change, Status
from bot.domain.fatigue_reading import Ends, FatigueReading
from bot.domain.findings import Finding, Quantity, Remark, Severity, Unit
from bot.domain.lookalikes import LookalikeKind, LookalikeState
from bot.domain.policy import FatigueRule
from bot.rules.base import EntitySeries, Rule, Snapshot

_ID = "creative_fatigue"
_NOTABLE = 0.10  # what else moved is told from here


def evaluate(snapshot: Snapshot, _parameters: Mapping[str, float]) -> Iterator[Finding]:
    """One finding for each ad that stands as tired: from day to day, not from poll to poll."""
    for ad_id, reading in snapshot.fatigue.items():
        ad = snapshot.ad(ad_id)
        if ad is not None and ad.delivering and reading.status is Status.FATIGUED:
            yield _finding(snapshot, ad, reading)


def _finding(snapshot: Snapshot, ad: EntitySeries, reading: FatigueReading) -> Finding:
    return Finding(
        rule_id=_ID,
        entity=ad.entity,
        severity=Severity.WARNING,
        what="Creative is tired",
        value=_percent(reading.ctr.now),
        threshold=_percent(reading.ctr.before),
        threshold_from=_from(reading),
        window="last 7 complete days",
        since=snapshot.start_of(reading.since),
        figures=reading.figures_7d,
        cost_minor=reading.loss_minor,
        cost_meaning="at risk in 7 days: the lost share of CTR, as a share of what the ad spent",
        remarks=tuple(_remarks(reading)),
        advice=_advice(reading),
    )


def _from(reading: FatigueReading) -> str:
    return "where the fall began" if reading.rule is FatigueRule.CLASSIC else "when it had been seen least"


def _percent(value: float | None) -> Quantity | None:
    return None if value is None else Quantity(Unit.PERCENT, value)


def _share(value: float) -> Quantity:
    return Quantity(Unit.SHARE, abs(value))


def _remarks(reading: FatigueReading) -> Iterator[Remark]:
    """What may be the reason instead is told before what only agrees, and what was ruled out last."""
    yield from _frequency(reading.frequency)
    yield from _verdicts(reading)
    yield from _checked(reading, LookalikeState.PRESENT)
    yield from _checked(reading, LookalikeState.UNKNOWN)
    yield from _moved("Engagement rate", reading.engagement)
    yield from _moved("Hook rate (3-second plays per impression)", reading.hook)
    yield from _moved("CPC (link)", reading.cpc)
    yield from _checked(reading, LookalikeState.RULED_OUT)


def _checked(reading: FatigueReading, state: LookalikeState) -> Iterator[Remark]:
    return (one.remark for one in reading.lookalikes if one.state is state)


def _frequency(frequency: Ends) -> Iterator[Remark]:
    if frequency.now is not None and frequency.before is not None:
        now, before = (Quantity(Unit.MULTIPLE, value) for value in (frequency.now, frequency.before))
        yield Remark("Frequency {0} where it was {1}", (now, before))


def _verdicts(reading: FatigueReading) -> Iterator[Remark]:
    """Both rules, whichever was chosen."""
    ctr, times = reading.classic.ctr, reading.classic.frequency
    if ctr is None or times is None:
        yield Remark("Classic rule: too little data on the last complete day")
    else:
        found = "tired" if reading.classic.status is Status.FATIGUED else "not tired"
        fell, rose = ("fell" if ctr.change < 0 else "rose"), ("rose" if times.change > 0 else "fell")
        yield Remark(
            f"Classic rule: {found} on the last complete day; over its 7 days the trend of CTR (link) {fell} "
            f"by {{0}} and that of frequency {rose} by {{1}}",
            (_share(ctr.change), _share(times.change)),
        )
    other = reading.evidence
    if other.status is Status.INSUFFICIENT_DATA:
        yield Remark("Evidence rule: too little data on the last complete day")
        return
    word = {Status.FATIGUED: "tired", Status.WATCH: "to be watched"}.get(other.status, "not tired")
    yield Remark(
        f"Evidence rule: {word}; repetition cost {{0}} of the CTR, between {{1}} and {{2}} with 80% "
        "confidence, and the chance that it cost at least 15% is {3}",
        (_share(other.loss), _share(other.loss_low), _share(other.loss_high), _share(other.p)),
    )


def _moved(what: str, trend: Change | None) -> Iterator[Remark]:
    if trend is not None and abs(trend.change) >= _NOTABLE:
        way = "rose" if trend.change > 0 else "fell"
        yield Remark(f"{what} {way} by {{0}} over the week", (_share(trend.change),))


def _advice(reading: FatigueReading) -> str:
    present = {one.kind for one in reading.lookalikes if one.state is LookalikeState.PRESENT}
    if LookalikeKind.ACCOUNT_MOVED in present:
        return "Look at the account first: its other ads moved on the same day."
    if LookalikeKind.SATURATION in present:
        return "Widen the audience too: all ads of the ad set lose CTR, so a new creative may not be enough."
    if LookalikeKind.EDITED in present:
        return "Check the change of this week first; if it was not that, give the audience another creative."
    return "Give the audience another creative beside it, and pause this one once the new one delivers."


RULE = Rule(
    id=_ID,
    title="Creative is tired",
    explanation="The same people have seen an ad so often that fewer of them click.",
    severity=Severity.WARNING,
    evaluate=evaluate,
)
