"""What Google AI costs, in paise, never rounded down and never unknown."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Settings
from bot.domain.ai_prices import PRICES, ceiling, cost
from bot.domain.money import Money
from bot.domain.variations import Tokens
from bot.errors import AiMisconfigured
from tests.house.tree import ROOT

THEN, NEXT_YEAR = datetime(2026, 10, 20, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
RATES = {"overrides": {}, "usd_inr": "85", "picture_price": "0.134"}
MODEL = "gemini-3.8-flash"


def test_a_request_costs_what_its_tokens_do():
    # 2,000 × 0.75 + (500 + 300) × 3.75 = 4,500 millionths of a dollar = 38.25 paise.
    found = cost(Tokens(2_000, 500, 300), MODEL, at=THEN, **RATES)
    assert found.money == Money(39, "INR")
    assert found.usd_rate == "1 USD = ₹85.00"


def test_a_picture_costs_its_price():
    assert cost(Tokens(pictures=1), MODEL, at=THEN, **RATES).money == Money(1_139, "INR")


def test_the_price_of_the_day_counts():
    million = Tokens(prompt=1_000_000)
    assert cost(million, MODEL, at=THEN, **RATES).money == Money(6_375, "INR")
    assert cost(million, MODEL, at=NEXT_YEAR, **RATES).money == Money(12_750, "INR")


def test_what_is_set_aside_covers_a_price_that_rises_at_midnight():
    late = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    most = Tokens(prompt=1_000_000)
    assert ceiling(most, MODEL, at=late, **RATES) == cost(most, MODEL, at=NEXT_YEAR, **RATES).money


def test_a_setting_overrides_a_price_and_adds_one():
    given = Settings.from_env({"SPRUCE_AI_PRICES": "gemini-3.8-flash:1/2,gemini-3.5-flash-lite:0.1/0.4"})
    rates = {**RATES, "overrides": given.ai_prices, "usd_inr": given.usd_inr}
    million = Tokens(1_000_000, 1_000_000)
    assert cost(million, MODEL, at=THEN, **rates).money == Money(25_500, "INR")
    assert cost(million, "gemini-3.5-flash-lite", at=THEN, **rates).money == Money(4_250, "INR")


def test_a_model_without_a_price_is_refused_and_never_free():
    for ask in (cost, ceiling):
        with pytest.raises(AiMisconfigured, match="SPRUCE_AI_PRICES") as caught:
            ask(Tokens(prompt=1), "gemini-9", at=THEN, **RATES)
        assert caught.value.setting == "SPRUCE_AI_PRICES"


def test_nothing_used_costs_nothing_whoever_wrote():
    found = cost(Tokens(), "offline", at=THEN, **RATES)
    assert (found.money, found.usd_rate) == (Money(0, "INR"), "")


def test_prices_of_a_model_are_in_the_order_of_their_days():
    assert MODEL in PRICES
    for prices in PRICES.values():
        assert [one.since for one in prices] == sorted({one.since for one in prices})


def test_the_reference_page_lists_these_prices():
    page = (ROOT / "docs" / "reference" / "ai.md").read_text("utf-8")
    written = re.findall(r"^\| `(gemini[\w.-]+)` \| ([\d-]+) \| ([\d.]+) \| ([\d.]+) \|$", page, re.MULTILINE)
    known = [
        (model, one.since.isoformat(), str(one.tokens_in), str(one.tokens_out))
        for model, prices in PRICES.items()
        for one in prices
    ]
    assert written == known


counts = st.integers(0, 10_000_000)


@given(counts, counts, counts, st.integers(0, 5), st.sampled_from(sorted(PRICES)))
def test_no_bill_is_rounded_down_and_parts_never_cost_less_than_the_whole(
    prompt, output, thoughts, pictures, model
):
    whole = Tokens(prompt, output, thoughts, pictures)
    price = PRICES[model][0]
    exact = (
        prompt * price.tokens_in / 1_000_000
        + (output + thoughts) * price.tokens_out / 1_000_000
        + pictures * Decimal("0.134")
    ) * 8_500
    minor = cost(whole, model, at=THEN, **RATES).money.minor
    assert exact <= minor < exact + 1
    parts = [
        Tokens(prompt=prompt),
        Tokens(output=output),
        Tokens(thoughts=thoughts),
        Tokens(pictures=pictures),
    ]
    assert sum(cost(one, model, at=THEN, **RATES).money.minor for one in parts) >= minor
