"""Money as integer minor units with its currency."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from bot.errors import BadInput

# Currencies that Meta counts without a minor unit (Marketing API, Currencies: offset 1).
_ZERO_DECIMAL = frozenset(["CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND"])


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units (paise, cents) of a currency (ISO 4217)."""

    minor: int
    currency: str

    @property
    def major(self) -> Decimal:
        """The same amount in major units (rupees, dollars), exact."""
        return Decimal(self.minor) / minor_factor(self.currency)

    def __add__(self, other: "Money") -> "Money":
        """The sum; both must be of one currency."""
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added.")
        return Money(self.minor + other.minor, self.currency)


def minor_factor(currency: str) -> int:
    """How many minor units make one major unit in Meta's counting: 1 or 100."""
    return 1 if currency in _ZERO_DECIMAL else 100


def parse_major(text: str, currency: str) -> Money:
    """Read a decimal in major units, as Insights writes `spend`; refuses anything that is not a number."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise BadInput(f"{text!r} is not an amount of money.", field="amount") from None
    if not amount.is_finite():
        raise BadInput(f"{text!r} is not an amount of money.", field="amount")
    scaled = (amount * minor_factor(currency)).to_integral_value(rounding=ROUND_HALF_EVEN)
    return Money(int(scaled), currency)
