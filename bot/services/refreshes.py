"""The sum of it: proposed, approved, live, won, lost, undone, and what the AI cost."""

from collections import Counter
from datetime import timedelta

from bot.clock import Clock
from bot.domain.ids import AccountId, WorkspaceId
from bot.domain.money import Money
from bot.domain.policy import FatigueRule
from bot.domain.proposals import ProposalState
from bot.domain.refreshes import RefreshSummary, TiredAd
from bot.domain.replacement import ReplacementState
from bot.domain.variations import Cost
from bot.domain.verdicts import Call
from bot.services.refresh_cards import proposal_cards
from bot.services.spending import Tariff
from storage.db import Database

_LATEST = 5


class RefreshService:
    """Looks back over refreshes; changes nothing."""

    def __init__(self, db: Database, clock: Clock, tariff: Tariff) -> None:
        self._db = db
        self._clock = clock
        self._tariff = tariff

    def tired(self, workspace_id: WorkspaceId, account_id: AccountId) -> list[TiredAd]:
        """The ads that either rule calls tired or watches, by the spend at risk."""
        with self._db.read(workspace_id) as tx:
            own = tx.policies.get(account_id).rule
            ads = {ad for rule in FatigueRule for ad in tx.fatigue.raised(account_id, rule)}
            found = [one for ad in ads if (one := tx.fatigue.reading(account_id, ad, own)) is not None]
            worst = sorted(found, key=lambda one: (-one.loss_minor, one.ad_id))
            known = [(tx.structures.ad(account_id, one.ad_id), one) for one in worst]
        return [TiredAd(ad[0], one) for ad, one in known if ad is not None]

    def summary(self, workspace_id: WorkspaceId, days: int = 30) -> RefreshSummary:
        """What came of the proposals of the last days."""
        now = self._clock.now()
        since = now - timedelta(days=days)
        with self._db.read(workspace_id) as tx:
            proposals = tx.proposals.since(since)
            replacements = tx.replacements.since(since)
            states = Counter(one.state for one in proposals)
            ends = Counter(one.state for one in replacements)
            latest = [verdicts[-1].call for one in replacements if (verdicts := tx.verdicts.of(one.id))]
            calls = Counter(latest)
            asked = tx.ai_usage.since(since)
            return RefreshSummary(
                since=since,
                now=now,
                proposed=len(proposals) - states[ProposalState.FAILED] - states[ProposalState.WRITING],
                approved=states[ProposalState.APPROVED],
                rejected=states[ProposalState.REJECTED],
                expired=states[ProposalState.EXPIRED] + states[ProposalState.VOID],
                live=sum(one.live_at is not None for one in replacements),
                won=calls[Call.WON],
                lost=calls[Call.LOST],
                no_difference=calls[Call.NO_DIFFERENCE],
                too_early=calls[Call.TOO_EARLY],
                undone=ends[ReplacementState.UNDONE],
                failed=ends[ReplacementState.FAILED]
                + ends[ReplacementState.VOID]
                + ends[ReplacementState.CONFLICT],
                ai_requests=len(asked),
                ai_tokens=sum(one.tokens.prompt + one.tokens.output + one.tokens.thoughts for one in asked),
                ai_cost=Cost(
                    Money(sum(one.cost.money.minor for one in asked), "INR"),
                    f"1 USD = ₹{self._tariff.usd_inr}",
                ),
                ai_cap_minor=self._tariff.cap_minor,
                not_tired=tx.feedback.counts(),
                latest=proposal_cards(tx, proposals[:_LATEST], now),
                stop=tx.stops.current(),
            )
