"""Tails of counts, against values worked out elsewhere and against their own laws."""

from datetime import date, timedelta
from math import comb, exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.insights import DayFigures, Figures
from bot.domain.volume import settled_share, settled_spend, shortfall_chance, silence_chance

TODAY = date(2026, 11, 20)


def test_no_event_where_three_are_due_happens_one_time_in_twenty():
    assert silence_chance(3.0) == pytest.approx(exp(-3))
    assert silence_chance(3.0) == pytest.approx(0.0498, abs=1e-4)


@pytest.mark.parametrize(
    ("count", "expected", "chance"), [(2, 12, 0.0015236), (0, 8, 0.0006907), (0, 5, 0.0090506)]
)
def test_a_rate_that_wanders_by_a_sixth_makes_silence_less_surprising(count, expected, chance):
    assert shortfall_chance(count, expected, 0.16) == pytest.approx(chance, rel=1e-4)


def test_a_poisson_tail_is_the_sum_of_its_terms():
    terms = [exp(-4), 4 * exp(-4), 8 * exp(-4)]
    assert shortfall_chance(2, 4.0) == pytest.approx(sum(terms))
    assert shortfall_chance(2, 4.0) == pytest.approx(0.2381, abs=1e-4)


def test_a_negative_binomial_tail_is_the_sum_of_its_terms():
    size, mean = 4.0, 6.0  # spread 0.5
    p = size / (size + mean)
    terms = [comb(k + 3, k) * p**4 * (1 - p) ** k for k in range(6)]
    assert shortfall_chance(5, mean, 0.5) == pytest.approx(sum(terms))


def test_nothing_due_is_never_surprising():
    assert shortfall_chance(0, 0.0) == 1.0


def test_a_huge_volume_is_no_more_certain_than_the_daily_spread_allows():
    assert shortfall_chance(800_000, 1_000_000, 0.15) == pytest.approx(
        shortfall_chance(3_200, 4_000, 0.15), rel=1e-9
    )


counts = st.integers(0, 3_000)
means = st.floats(0.1, 3_000)
spreads = st.sampled_from([0.0, 0.1, 0.3])


@given(counts, means, spreads)
def test_a_chance_lies_between_nothing_and_one(count, mean, spread):
    assert 0.0 <= shortfall_chance(count, mean, spread) <= 1.0


@given(counts, means, spreads)
def test_more_events_are_less_of_a_shortfall(count, mean, spread):
    fewer, more = (shortfall_chance(k, mean, spread) for k in (count, count + 1))
    assert more >= fewer - 1e-12


@given(st.integers(0, 500), st.floats(1, 400), spreads)
def test_more_events_due_make_the_same_count_more_surprising(count, mean, spread):
    assert shortfall_chance(count, mean * 1.1, spread) <= shortfall_chance(count, mean, spread) + 1e-12


@given(st.floats(2, 400), st.floats(0.1, 0.5))
def test_a_wandering_rate_makes_deep_shortfalls_likelier(mean, spread):
    count = int(mean * 0.3)
    assert shortfall_chance(count, mean, spread) >= shortfall_chance(count, mean) - 1e-12


def test_purchases_of_a_day_are_reported_little_by_little():
    hours = [settled_share(0, hours_today=hour) for hour in (0, 1, 3, 6, 24)]
    assert hours == sorted(hours)
    assert hours[0] == 0.0
    ages = [settled_share(age) for age in range(7)]
    assert ages == sorted(ages)
    assert ages[-1] == 1.0


def test_midnight_itself_reports_nothing():
    just_before = settled_share(0, hours_today=24.0)
    assert settled_share(1, hours_today=0.0) == just_before


def test_spend_counts_by_the_purchases_that_can_be_in_by_now():
    days = [DayFigures(TODAY - timedelta(days=age), Figures(spend_minor=1000)) for age in (9, 1, 0)]
    assert settled_spend(days, TODAY, hours_today=18) == pytest.approx(1000 + 900 + 650)
