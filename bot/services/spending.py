"""What writing costs: money is set aside before a writer is asked, and settled with what was used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.ai.base import Writer
from bot.clock import Clock
from bot.domain.ai_prices import ceiling, cost
from bot.domain.ids import WorkspaceId
from bot.domain.money import Money
from bot.domain.proposals import Proposal
from bot.domain.variations import Brief, Cost, Tokens
from storage.ai_usage import RESERVED, AiRequest
from storage.db import Database


@dataclass(frozen=True, slots=True)
class Tariff:
    """Prices and the cap, as the settings say. Rates are decimals in text, so that nothing is rounded."""

    overrides: Mapping[str, tuple[str, str]]
    usd_inr: str
    picture_price: str
    cap_minor: int  # paise that a workspace may spend in a calendar month


@dataclass(frozen=True, slots=True)
class Allowance:
    """Money set aside for one request."""

    workspace_id: WorkspaceId
    request: AiRequest


class Purse:
    """A workspace's monthly allowance for AI. Costs are rupees, rounded up to whole paise."""

    def __init__(self, db: Database, clock: Clock, tariff: Tariff, *, new_id: Callable[[], str]) -> None:
        self._db = db
        self._clock = clock
        self.tariff = tariff
        self._new_id = new_id

    def open(self, proposal: Proposal, writer: Writer, brief: Brief) -> Allowance | None:
        """Set aside what the request can cost at most; None when the month's allowance does not reach.

        Raises AiMisconfigured where the model's price is not known: nothing is ever counted as free.
        """
        now = self._clock.now()
        most = self._most(writer.most(brief), writer.model)
        request = AiRequest(
            self._new_id(), now, writer.name, writer.model, proposal.id, Tokens(), Cost(most), RESERVED
        )
        with self._db.workspace(proposal.workspace_id) as tx:
            kept = tx.ai_usage.reserve(
                request.id, now, cost_minor_max=most.minor, cap_minor=self.tariff.cap_minor
            )
        return Allowance(proposal.workspace_id, request) if kept else None

    def close(self, allowance: Allowance, used: Tokens | None, outcome: str) -> None:
        """Put the true cost in place of what was set aside; unknown use costs what was set aside."""
        request = allowance.request
        if used is not None:
            request = replace(request, tokens=used, cost=self._cost(used, request.model))
        with self._db.workspace(allowance.workspace_id) as tx:
            tx.ai_usage.settle(replace(request, outcome=outcome))

    def empty(self, workspace_id: WorkspaceId) -> str:
        """The sentence for people when the allowance is used up."""
        with self._db.read(workspace_id) as tx:
            spent = tx.ai_usage.month(self._clock.now()).cost_minor
        return (
            f"This month's allowance for Google AI is used up: ₹{_rupees(spent)} of "
            f"₹{_rupees(self.tariff.cap_minor)} (SPRUCE_AI_MONTHLY_CAP)."
        )

    def _cost(self, tokens: Tokens, model: str) -> Cost:
        tariff = self.tariff
        return cost(
            tokens,
            model,
            at=self._clock.now(),
            overrides=tariff.overrides,
            usd_inr=tariff.usd_inr,
            picture_price=tariff.picture_price,
        )

    def _most(self, tokens: Tokens, model: str) -> Money:
        tariff = self.tariff
        return ceiling(
            tokens,
            model,
            at=self._clock.now(),
            overrides=tariff.overrides,
            usd_inr=tariff.usd_inr,
            picture_price=tariff.picture_price,
        )


def _rupees(minor: int) -> str:
    return f"{Decimal(minor) / 100:,.2f}"
