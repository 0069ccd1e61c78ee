"""What Google AI costs: prices with the days they hold from, and amounts in paise, never rounded down.

Prices in US dollars for a million tokens: Gemini API pricing page as of October 2026; thinking bills as
output. A model without a known price is refused: an unknown price is not a price of nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from types import MappingProxyType

from bot.domain.money import Money
from bot.domain.variations import Cost, Tokens
from bot.errors import AiMisconfigured

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens, from a day on (UTC)."""

    since: date
    tokens_in: Decimal
    tokens_out: Decimal


def _price(since: str, tokens_in: str, tokens_out: str) -> Price:
    return Price(date.fromisoformat(since), Decimal(tokens_in), Decimal(tokens_out))


# Newest last. The first day of a price that Spruce learned later is the model's first day.
PRICES: Mapping[str, tuple[Price, ...]] = MappingProxyType(
    {
        "gemini-3.8-flash": (_price("2026-09-02", "0.75", "3.75"), _price("2027-01-01", "1.50", "7.50")),
        "gemini-3.5-flash": (_price("2026-01-01", "1.50", "9.00"),),
        "gemini-3.1-pro-preview": (_price("2026-01-01", "2.00", "12.00"),),
    }
)


def price_of(model: str, at: datetime, overrides: Mapping[str, tuple[str, str]]) -> Price | None:
    """The price of a model at a moment; overrides, from SPRUCE_AI_PRICES, win. None: unknown.

    Before a model's first price its first price counts: a clock may be set back, a bill may not.
    """
    given = overrides.get(model)
    if given:
        return Price(date.min, Decimal(given[0]), Decimal(given[1]))
    known = PRICES.get(model)
    if known is None:
        return None
    day = at.astimezone(UTC).date()
    return next((price for price in reversed(known) if price.since <= day), known[0])


def cost(
    tokens: Tokens,
    model: str,
    *,
    at: datetime,
    overrides: Mapping[str, tuple[str, str]],
    usd_inr: str,
    picture_price: str,
) -> Cost:
    """What tokens and pictures cost in paise, rounded up to the next one.

    `usd_inr` is rupees for a dollar, `picture_price` dollars for a picture. Nothing used costs nothing.
    Raises AiMisconfigured where the model's price is not known.
    """
    if tokens == Tokens():
        return Cost(Money(0, "INR"))
    price = price_of(model, at, overrides)
    if price is None:
        raise AiMisconfigured(
            f"Spruce does not know what the model {model} costs and so cannot keep it under the monthly cap. "
            f"Put its price into SPRUCE_AI_PRICES: {model}:0.75/3.75 is US dollars for a million tokens "
            "in and out.",
            setting="SPRUCE_AI_PRICES",
        )
    dollars = (
        tokens.prompt * price.tokens_in + (tokens.output + tokens.thoughts) * price.tokens_out
    ) / _MILLION + tokens.pictures * Decimal(picture_price)
    return Cost(paise(dollars, usd_inr), f"1 USD = ₹{Decimal(usd_inr):.2f}")


def ceiling(
    most: Tokens,
    model: str,
    *,
    at: datetime,
    overrides: Mapping[str, tuple[str, str]],
    usd_inr: str,
    picture_price: str,
) -> Money:
    """What a request may cost at most, to be set aside before it is made; `most` is Writer.most(brief).

    The dearer of this moment's price and tomorrow's, since a price may change while the answer is written.
    Raises AiMisconfigured where the model's price is not known.
    """
    costs = (
        cost(most, model, at=day, overrides=overrides, usd_inr=usd_inr, picture_price=picture_price)
        for day in (at, at + timedelta(days=1))
    )
    return max(one.money for one in costs)


def paise(dollars: Decimal, usd_inr: str) -> Money:
    """US dollars as rupees, rounded up to whole paise."""
    minor = (dollars * Decimal(usd_inr) * 100).to_integral_value(rounding=ROUND_CEILING)
    return Money(int(minor), "INR")
