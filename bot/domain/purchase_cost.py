"""What a purchase costs while some purchases have not been reported yet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.insights import Figures
from bot.domain.standards import Standard
from bot.domain.volume import shortfall_chance

_SPREAD = 0.12  # day-to-day spread of a campaign's true cost per purchase
_PRIOR_PURCHASES = 30.0  # weight of the usual delay in reporting against what others show right now
_LEAST_SETTLED = 0.5
_TELLING = 8.0
_TROUBLE = 0.6


@dataclass(frozen=True, slots=True)
class PurchaseCost:
    """One object's purchases over one window, against a standard."""

    figures: Figures
    standard: Standard
    settled: float  # share of the window's purchases taken to be reported
    left_out_minor: int = 0  # spend since the last purchase, where that is another alert's matter

    @property
    def spend_minor(self) -> int:
        """The spend that is judged."""
        return self.figures.spend_minor - self.left_out_minor

    @property
    def expected(self) -> float:
        """Purchases that should be reported by now if nothing was wrong."""
        return self.spend_minor * self.settled / self.standard.normal

    @property
    def minor(self) -> float | None:
        """Cost per purchase as it will be when the late purchases are in."""
        purchases = self.figures.purchases
        return self.spend_minor * self.settled / purchases if purchases else None

    @property
    def by_chance(self) -> float:
        """The probability of so few purchases if nothing was wrong."""
        return shortfall_chance(self.figures.purchases, self.expected, _SPREAD)


def corrected(costs: Sequence[PurchaseCost]) -> list[PurchaseCost]:
    """Replace the usual delay in reporting by what the account's other campaigns show right now.

    What slows reporting or selling everywhere at once is no single campaign's fault. Whoever judges the
    account as a whole does so without this correction. A campaign in trouble is no yardstick for others.
    """
    sound = [cost for cost in costs if not _in_trouble(cost)]
    return [
        replace(cost, settled=_settled(cost, [one for one in sound if one is not cost])) for cost in costs
    ]


def _in_trouble(cost: PurchaseCost) -> bool:
    return cost.expected >= _TELLING and cost.figures.purchases < _TROUBLE * cost.expected


def _settled(cost: PurchaseCost, others: Sequence[PurchaseCost]) -> float:
    seen = sum(one.figures.purchases for one in others) + _PRIOR_PURCHASES * cost.settled
    due = sum(one.spend_minor / one.standard.normal for one in others) + _PRIOR_PURCHASES
    return min(1.0, max(_LEAST_SETTLED, seen / due))
