"""What a purchase costs while some purchases have not been reported yet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from bot.domain.insights import Figures
from bot.domain.standards import Standard
from bot.domain.volume import shortfall_chance

_SPREAD = 0.12  # day-to-day spread of a campaign's true cost per purchase
_WEEKLY_SPREAD = 0.06
_PRIOR_PURCHASES = 30.0  # weight of the usual delay in reporting against what others show right now
_LEAST_SETTLED = 0.5
_TELLING = 8.0  # purchases due that make a campaign's share worth a look


@dataclass(frozen=True, slots=True)
class PurchaseCost:
    """One object's purchases over one window, against a standard."""

    figures: Figures
    standard: Standard
    settled: float  # share of the window's purchases taken to be reported
    days: int = 2
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
        spread = _SPREAD if self.days <= 2 else _WEEKLY_SPREAD
        return shortfall_chance(self.figures.purchases, self.expected, spread)


def corrected(costs: Sequence[PurchaseCost]) -> list[PurchaseCost]:
    """Replace the usual delay in reporting by what the account's other campaigns show right now.

    What slows reporting or selling everywhere at once is no single campaign's fault. Whoever judges the
    account as a whole does so without this correction. The median keeps a second campaign in trouble from
    excusing the first.
    """
    return [replace(one, settled=_settled(one, [c for c in costs if c is not one])) for one in costs]


def _settled(cost: PurchaseCost, others: Sequence[PurchaseCost]) -> float:
    due = [one.spend_minor / one.standard.normal for one in others]
    shares = [one.figures.purchases / d for one, d in zip(others, due, strict=True) if d >= _TELLING]
    if not shares:
        return cost.settled
    weight = sum(due)
    share = (median(shares) * weight + cost.settled * _PRIOR_PURCHASES) / (weight + _PRIOR_PURCHASES)
    return min(1.0, max(_LEAST_SETTLED, share))
