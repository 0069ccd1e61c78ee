"""Everything known of how tired one ad is on one complete day: what the warning shows."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bot.domain.fatigue import Change, ClassicVerdict, EvidenceVerdict, Standing, Status
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
