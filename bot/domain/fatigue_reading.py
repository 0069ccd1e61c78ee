"""Everything known of how tired one ad is on one complete day: what the warning shows."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bot.domain.fatigue import Change, ClassicVerdict, EvidenceVerdict, Standing, Status
from bot.domain.fatigue_memory import Memory
from bot.domain.ids import AccountId, ObjectId
from bot.domain.insights import Figures
from bot.domain.lookalikes import Lookalike, LookalikeState
from bot.domain.policy import FatigueRule
from bot.domain.signals import MetaSignal


class ChartDay(NamedTuple):
    """One complete day of the ad; `frequency` is impressions per person over the 7 days that end with it."""

    day: date
    impressions: int
    clicks: int  # link clicks
    frequency: float | None  # None where the reach of those days was not read


@dataclass(frozen=True, slots=True)
class Ends:
    """A value now and what it is compared with; None where it cannot be told."""

    now: float | None
    before: float | None

    @property
    def change(self) -> float | None:
        """`now / before - 1`."""
        return self.now / self.before - 1 if self.now is not None and self.before else None


@dataclass(frozen=True, slots=True)
class AdFacts:
    """Figures of the last 7 complete days, and when the ad had been seen least, with its CTR (link) then."""

    figures_7d: Figures
    fresh_until: date
    fresh_ctr: float | None


@dataclass(frozen=True, slots=True)
class FatigueReading:
    """One ad on one complete day, judged by both rules; `rule` is the one its account chose.

    `classic` and `evidence` are the day's verdicts; `classic_standing` and `evidence_standing` remember the
    days before, so that one day without data ends nothing. `since` is the first day of the chosen rule's
    present status. `loss` is the share of CTR that was lost and `loss_minor` that share of the last 7 days'
    spend. `series` is empty unless it was asked for.
    """

    account_id: AccountId
    ad_id: ObjectId
    adset_id: ObjectId
    day: date
    rule: FatigueRule
    classic: ClassicVerdict
    evidence: EvidenceVerdict
    classic_standing: Standing
    evidence_standing: Standing
    since: date
    ctr: Ends
    frequency: Ends
    figures_7d: Figures
    loss: float
    lookalikes: tuple[Lookalike, ...] = ()
    signals: tuple[MetaSignal, ...] = ()
    series: tuple[ChartDay, ...] = ()

    @property
    def status(self) -> Status:
        """How the ad stands by the chosen rule."""
        return self.standing.status

    @property
    def standing(self) -> Standing:
        """The chosen rule's standing."""
        return self.classic_standing if self.rule is FatigueRule.CLASSIC else self.evidence_standing

    @property
    def spend_7d_minor(self) -> int:
        """What the ad spent over the last 7 complete days."""
        return self.figures_7d.spend_minor

    @property
    def loss_minor(self) -> int:
        """Spend at risk: the lost share of the last 7 days' spend."""
        return round(self.loss * self.figures_7d.spend_minor)

    @property
    def engagement(self) -> Change | None:
        """The engagement rate's trend over the last week."""
        return self.classic.support.engagement

    @property
    def hook(self) -> Change | None:
        """The trend of three-second plays per impression; None for what is not a video."""
        return self.classic.support.hook

    @property
    def cpc(self) -> Change | None:
        """The trend of spend per link click, in minor units."""
        return self.classic.support.cpc

    @property
    def named(self) -> tuple[Lookalike, ...]:
        """Other explanations that hold or could not be checked."""
        return tuple(one for one in self.lookalikes if one.state is not LookalikeState.RULED_OUT)


def reading_of(  # noqa: PLR0913 - everything that is kept of an ad, put together
    of: tuple[AccountId, ObjectId, ObjectId],
    rule: FatigueRule,
    *,
    classic: ClassicVerdict,
    evidence: EvidenceVerdict,
    memory: Memory,
    facts: AdFacts,
    lookalikes: tuple[Lookalike, ...] = (),
    signals: tuple[MetaSignal, ...] = (),
    series: tuple[ChartDay, ...] = (),
) -> FatigueReading:
    """The reading of an ad, `of` an account, itself and its ad set, by the rule that was chosen."""
    by_classic = rule is FatigueRule.CLASSIC
    ctr, frequency, loss = (
        _by_classic(classic, memory, facts) if by_classic else _by_evidence(evidence, facts)
    )
    account_id, ad_id, adset_id = of
    return FatigueReading(
        account_id=account_id,
        ad_id=ad_id,
        adset_id=adset_id,
        day=memory.day,
        rule=rule,
        classic=classic,
        evidence=evidence,
        classic_standing=memory.classic,
        evidence_standing=memory.evidence,
        since=memory.classic_since if by_classic else memory.evidence_since,
        ctr=ctr,
        frequency=frequency,
        figures_7d=facts.figures_7d,
        loss=loss,
        lookalikes=lookalikes,
        signals=signals,
        series=series,
    )


def _by_classic(verdict: ClassicVerdict, memory: Memory, facts: AdFacts) -> tuple[Ends, Ends, float]:
    """Both ends of the fitted lines; once the fall itself is over, the week against where the fall began."""
    times = verdict.frequency
    frequency = Ends(times.end, times.start) if times else Ends(None, None)
    if verdict.ctr is not None and verdict.status.raised:
        ctr = Ends(verdict.ctr.end, verdict.ctr.start)
    else:
        ctr = Ends(facts.figures_7d.ctr, memory.ctr_then or (verdict.ctr.start if verdict.ctr else None))
    return ctr, frequency, max(0.0, min(1.0, -(ctr.change or 0.0)))


def _by_evidence(verdict: EvidenceVerdict, facts: AdFacts) -> tuple[Ends, Ends, float]:
    """The week against the days on which the ad had been seen least; the loss is what repetition explains."""
    frequency = Ends(verdict.frequency_now or None, verdict.frequency_before or None)
    return Ends(facts.figures_7d.ctr, facts.fresh_ctr), frequency, verdict.loss
