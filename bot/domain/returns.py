"""ROAS while some purchases have not been reported yet."""

from dataclasses import dataclass
from math import erfc, log, sqrt

from bot.domain.insights import Figures
from bot.domain.standards import Standard

_SPREAD = 0.15  # day-to-day spread of a campaign's true ROAS
# Variance of the log of one order's value plus one for the count of orders: what a single purchase adds.
_PER_PURCHASE = 1.45


@dataclass(frozen=True, slots=True)
class Return:
    """One object's purchase value over one window, against a standard."""

    figures: Figures
    standard: Standard
    settled: float  # share of the window's purchases taken to be reported
    expected: float  # purchases due, which is how much the window can tell

    @property
    def roas(self) -> float | None:
        """ROAS as it will be when the late purchases are in."""
        spend = self.figures.spend_minor * self.settled
        return self.figures.purchase_value_minor / spend if spend else None

    @property
    def by_chance(self) -> float:
        """The probability of so little value if nothing was wrong."""
        if not self.roas or not self.expected:
            return 0.0 if self.expected else 1.0
        deviation = sqrt(_PER_PURCHASE / self.expected + _SPREAD**2)
        return 0.5 * erfc(-log(self.roas / self.standard.normal) / deviation / sqrt(2))
