"""Money, figures, days and targets: the values everything else is counted in."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import day_range, day_start, local_day, slot, zone
from bot.domain.insights import Figures, total
from bot.domain.money import Money, minor_factor, parse_major
from bot.domain.standards import at_least, at_most
from bot.domain.targets import ROOM_ABOVE, ROOM_BELOW, Targets, thresholds
from bot.errors import BadInput

currencies = st.sampled_from(["INR", "USD", "JPY", "KRW", "HUF"])
counts = st.integers(0, 10**9)
figures = st.builds(Figures, counts, counts, counts, counts, counts, counts)


def test_rupees_have_paise_and_yen_have_nothing_smaller():
    assert parse_major("1234.56", "INR") == Money(123_456, "INR")
    assert parse_major("1234", "JPY") == Money(1_234, "JPY")
    assert minor_factor("HUF") == 1  # ISO 4217 gives it two places; Meta counts it whole


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1,234.00", "₹5"])
def test_what_is_not_a_plain_decimal_is_refused(text):
    with pytest.raises(BadInput) as refused:
        parse_major(text, "INR")
    assert refused.value.field == "amount"


@given(st.integers(-(10**12), 10**12), currencies)
def test_money_survives_being_written_and_read(minor, currency):
    money = Money(minor, currency)
    assert parse_major(str(money.major), currency) == money


def test_halves_are_rounded_to_even():
    assert parse_major("0.125", "USD").minor == 12
    assert parse_major("0.135", "USD").minor == 14


def test_two_currencies_are_never_added():
    assert (Money(5, "INR") + Money(7, "INR")).minor == 12
    with pytest.raises(ValueError, match="cannot be added"):
        Money(5, "INR") + Money(7, "USD")


def test_major_units_are_exact():
    assert Money(10, "USD").major == Decimal("0.1")


def test_ratios_of_an_ordinary_day():
    day = Figures(40_000, 900, 600, 700_000, 30, 3_500_000)
    assert day.ctr == 0.015
    assert day.cpc_minor == pytest.approx(1_166.67, abs=0.01)
    assert day.cpm_minor == 17_500
    assert day.conversion_rate == 0.05
    assert day.cost_per_purchase_minor == pytest.approx(23_333.33, abs=0.01)
    assert day.purchase_roas == 5.0


def test_a_ratio_without_a_denominator_is_unknown_and_not_zero():
    empty = Figures()
    ratios = [
        empty.ctr,
        empty.cpc_minor,
        empty.cpm_minor,
        empty.conversion_rate,
        empty.cost_per_purchase_minor,
        empty.purchase_roas,
    ]
    assert ratios == [None] * 6


@given(st.lists(figures, max_size=6), st.randoms(use_true_random=False))
def test_figures_add_up_in_any_order(parts, chance):
    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert total(shuffled) == total(parts)
    assert total([total(parts), Figures()]) == total(parts)


def test_a_day_belongs_to_the_accounts_time_zone():
    moment = datetime(2026, 11, 20, 18, 29, tzinfo=UTC)
    assert local_day(moment, "Asia/Kolkata") == date(2026, 11, 20)
    assert local_day(moment + timedelta(minutes=1), "Asia/Kolkata") == date(2026, 11, 21)
    assert local_day(moment, "America/New_York") == date(2026, 11, 20)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["Asia/Kolkata", "America/New_York", "Europe/Berlin", "Pacific/Auckland", "UTC"]),
)
def test_every_day_starts_within_itself(day, name):
    begins = day_start(day, name)
    assert local_day(begins, name) == day
    assert local_day(begins - timedelta(seconds=1), name) == day - timedelta(days=1)


def test_the_day_the_clocks_change_is_shorter():
    length = day_start(date(2026, 3, 30), "Europe/Berlin") - day_start(date(2026, 3, 29), "Europe/Berlin")
    assert length == timedelta(hours=23)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Asia/Kolkata\0"])
def test_an_unknown_time_zone_is_refused(name):
    with pytest.raises(BadInput):
        zone(name)


def test_a_range_of_days_ends_with_the_last():
    assert day_range(date(2026, 3, 1), 2) == [date(2026, 2, 28), date(2026, 3, 1)]
    assert day_range(date(2026, 3, 1), 0) == []


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 899))
def test_a_slot_begins_at_most_one_period_ago(moment, seconds):
    period, phase = timedelta(minutes=15), timedelta(seconds=seconds)
    begins = slot(moment, period, phase)
    assert timedelta() <= moment - begins < period
    assert slot(begins, period, phase) == begins


HISTORY = Figures(40_000, 900, 600, 700_000, 30, 3_500_000)


def test_a_target_that_is_set_is_taken_as_it_is():
    levels = thresholds(Targets(cost_per_purchase_minor=30_000, ctr=0.01), HISTORY)
    assert levels.cost_per_purchase_minor == 30_000
    assert levels.ctr == 0.01
    assert levels.derived == {"purchase_roas", "cpc_minor"}


def test_what_is_not_set_follows_from_the_account_with_the_room_the_rules_know():
    levels = thresholds(Targets(), HISTORY)
    assert levels.cost_per_purchase_minor == pytest.approx(ROOM_ABOVE * 700_000 / 30)
    assert levels.cpc_minor == pytest.approx(ROOM_ABOVE * 700_000 / 600)
    assert levels.ctr == pytest.approx(ROOM_BELOW * 0.015)
    assert levels.purchase_roas == pytest.approx(ROOM_BELOW * 5)


def test_without_target_and_history_there_is_nothing_to_judge_by():
    levels = thresholds(Targets(), Figures())
    assert (levels.cost_per_purchase_minor, levels.purchase_roas, levels.ctr, levels.cpc_minor) == (None,) * 4
    assert levels.derived == frozenset()


@given(st.integers(2, 1000))
def test_thresholds_scale_with_the_currency(factor):
    scaled = Figures(40_000, 900, 600, 700_000 * factor, 30, 3_500_000 * factor)
    one, other = thresholds(Targets(), HISTORY), thresholds(Targets(), scaled)
    assert other.cost_per_purchase_minor == pytest.approx(factor * one.cost_per_purchase_minor)
    assert (other.ctr, other.purchase_roas) == (one.ctr, one.purchase_roas)


def test_a_persons_target_holds_for_everything():
    assert at_most(300, derived=False, own=400).level == 300
    assert at_most(300, derived=False, own=400).normal == 300
    # What was better than the target before is missed from there.
    assert at_most(300, derived=False, own=200).normal == 200
    assert at_least(4.0, derived=False, own=5.0).normal == 5.0
    assert at_least(4.0, derived=False, own=3.0).normal == 4.0


positive = st.floats(0.01, 1e6)


@given(positive, st.none() | positive)
def test_a_level_always_leaves_room_beyond_what_is_normal(level, own):
    above, below = at_most(level, derived=True, own=own), at_least(level, derived=True, own=own)
    assert above.level == pytest.approx(ROOM_ABOVE * above.normal)
    assert below.level == pytest.approx(ROOM_BELOW * below.normal)


def test_a_standard_says_where_it_comes_from():
    assert at_most(300, derived=False, own=None).source == "your target"
    assert at_most(300, derived=True, own=None).source == "1.5 times the account's last 28 days"
    assert at_most(300, derived=True, own=180).source == "1.5 times its own previous 14 days"
    assert at_most(300, derived=True, own=400).source == "2.25 times the account's last 28 days"
    assert at_least(0.01, derived=True, own=0.02).source == "0.7 times its own previous 14 days"
    assert at_least(0.01, derived=True, own=0.005).source == "0.49 times the account's last 28 days"
