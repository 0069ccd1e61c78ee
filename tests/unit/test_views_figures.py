"""Numbers and moments read as an account's people write them; every expectation is worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.findings import Quantity, Unit
from bot.views.figures import (
    Notation,
    above_or_below,
    attribution,
    change,
    day,
    days,
    duration,
    multiple,
    percent,
    whole_percent,
)

INDIA = Notation("INR", "Asia/Kolkata")
NEW_YORK = Notation("USD", "America/New_York")


@pytest.mark.parametrize(
    ("minor", "rupees", "dollars"),
    [
        (0, "₹0", "$0"),
        (1, "₹0.01", "$0.01"),
        (4_860, "₹48.60", "$48.60"),
        (9_999, "₹99.99", "$99.99"),
        (9_999.6, "₹100", "$100"),
        (10_050, "₹101", "$101"),
        (12_34_567_89, "₹12,34,568", "$1,234,568"),
        (1_00_00_000_00, "₹1,00,00,000", "$10,000,000"),
        (-50_000, "-₹500", "-$500"),
        (-0.2, "₹0", "$0"),
    ],
)
def test_money_is_grouped_the_account_s_way(minor, rupees, dollars):
    assert INDIA.money(minor) == rupees
    assert NEW_YORK.money(minor) == dollars


def test_a_price_keeps_its_minor_units():
    assert INDIA.money(1_23_456, fine=True) == "₹1,234.56"
    assert INDIA.money(10_000, fine=True) == "₹100.00"


@pytest.mark.parametrize(
    ("currency", "minor", "shown"),
    [
        ("JPY", 4_860, "¥4,860"),
        ("IDR", 25_000, "IDR\u00a025,000"),
        ("AED", 1_23_456_00, "AED\u00a0123,456"),
        ("CAD", 50_000, "CA$500"),
        ("EUR", 99_50, "€99.50"),
    ],
)
def test_other_currencies_count_as_meta_counts_them(currency, minor, shown):
    assert Notation(currency, "UTC").money(minor) == shown


def test_counts_follow_the_account():
    assert INDIA.count(12_34_567) == "12,34,567"
    assert NEW_YORK.count(1_234_567) == "1,234,567"
    assert INDIA.count(0) == "0"
    assert INDIA.count(4.2) == "4.2"
    assert INDIA.count(4.0) == "4"
    assert INDIA.count(1_234.5) == "1,235"


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [(0.0093, "0.93%"), (0.014, "1.40%"), (0.125, "12.5%"), (0, "0.00%"), (1.5, "150%"), (-0.0031, "-0.31%")],
)
def test_a_small_share_keeps_its_digits(fraction, shown):
    assert percent(fraction) == shown


def test_shares_of_a_whole_have_none():
    assert whole_percent(0.854) == "85%"


@pytest.mark.parametrize(
    ("number", "shown"), [(3.2, "3.20x"), (2.214, "2.21x"), (3, "3.00x"), (0, "0.00x"), (2.995, "3.00x")]
)
def test_returns_are_multiples(number, shown):
    assert multiple(number) == shown


@pytest.mark.parametrize(
    ("now", "before", "shown"),
    [
        (486, 300, "+62%"),
        (255, 300, "-15%"),
        (300, 300, "unchanged"),
        (300.9, 300, "unchanged"),
        (3_600, 300, "12x"),
        (0, 300, "-100%"),
        (1e12, 0.5, "over 1,000x"),
        (float("inf"), 300, None),
        (float("nan"), 300, None),
        (5, -3, None),
        (5, 0, None),
        (None, 300, None),
        (5, None, None),
    ],
)
def test_a_change_is_told_only_where_it_says_something(now, before, shown):
    assert change(now, before) == shown


def test_a_level_is_passed_above_or_below():
    assert above_or_below(486, 300) == "62% above"
    assert above_or_below(2.1, 3) == "30% below"
    assert above_or_below(3_600, 300) == "12x as much"
    assert above_or_below(300, 300) is None


def test_two_values_that_would_read_the_same_are_written_finer():
    near = Quantity(Unit.MONEY, 30_020), Quantity(Unit.MONEY, 30_010)
    assert INDIA.pair(*near) == ("₹300.20", "₹300.10")
    assert INDIA.pair(Quantity(Unit.MONEY, 48_600), near[0]) == ("₹486", "₹300")


@pytest.mark.parametrize(
    ("unit", "amount", "shown"),
    [
        (Unit.MONEY, 48_600, "₹486"),
        (Unit.PERCENT, 0.0093, "0.93%"),
        (Unit.MULTIPLE, 3.2, "3.20x"),
        (Unit.COUNT, 1_23_400, "1,23,400"),
        (Unit.MONEY, float("inf"), "–"),
        (Unit.MULTIPLE, float("nan"), "–"),
        (Unit.COUNT, -1e300, "–"),
    ],
)
def test_a_quantity_is_written_by_its_unit(unit, amount, shown):
    assert INDIA.quantity(Quantity(unit, amount)) == shown


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(seconds=20), "less than 1 min"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(hours=3, minutes=10), "3 h 10 min"),
        (timedelta(days=2, hours=4, minutes=59), "2 d 4 h"),
        (timedelta(days=1), "1 d"),
        (timedelta(minutes=-5), "less than 1 min"),
    ],
)
def test_a_duration_has_its_two_largest_parts(length, shown):
    assert duration(length) == shown


NOON = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)  # 12:00 in India, 01:30 in New York


@pytest.mark.parametrize(
    ("notation", "at", "shown"),
    [
        (INDIA, NOON - timedelta(hours=2), "10:00 IST"),
        (INDIA, NOON - timedelta(hours=13), "21 Nov, 23:00 IST"),
        (NEW_YORK, NOON, "01:30 EST"),
        (NEW_YORK, NOON - timedelta(hours=2), "21 Nov, 23:30 EST"),
        (NEW_YORK, NOON - timedelta(days=100), "14 Aug, 02:30 EDT"),
        (INDIA, NOON - timedelta(days=365), "22 Nov 2025, 12:00 IST"),
        (Notation("BRL", "America/Sao_Paulo"), NOON, "03:30 UTC-03:00"),
    ],
)
def test_a_moment_names_its_zone_and_any_day_but_the_reader_s(notation, at, shown):
    assert notation.moment(at, seen_on=NOON) == shown


def test_a_day_is_named_when_asked_for():
    assert INDIA.moment(NOON, seen_on=NOON, named=True) == "22 Nov, 12:00 IST"
    assert INDIA.zone_label(NOON) == "IST (Asia/Kolkata)"


def test_days_are_written_day_first():
    assert day(date(2026, 3, 5)) == "5 Mar"
    assert days(date(2026, 11, 22), date(2026, 11, 22)) == "22 Nov 2026"
    assert days(date(2026, 11, 15), date(2026, 11, 21)) == "15 Nov to 21 Nov 2026"
    assert days(date(2025, 12, 29), date(2026, 1, 4)) == "29 Dec 2025 to 4 Jan 2026"


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("7d_click_1d_view", "7-day click, 1-day view"),
        ("7d_click_1d_ev_1d_view", "7-day click, 1-day engaged view, 1-day view"),
        ("1d_click", "1-day click"),
        ("7d_click_1d_view, 1d_click", "7-day click, 1-day view; 1-day click"),
        ("mixed", "mixed"),
        (None, "not read"),
    ],
)
def test_an_attribution_setting_is_put_into_words(setting, shown):
    assert attribution(setting) == shown
