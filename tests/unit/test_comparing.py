"""Verdicts and the stop rule: what is said of known figures, and how often the interval is right."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.comparing import DAY_CORRELATION, DAY_SD, compare, day_variance, stop_rule
from bot.domain.insights import Figures
from bot.domain.verdicts import Arm, Call, Comparison

FIRST, LAST = date(2026, 11, 20), date(2026, 11, 22)
NOTHING = Arm(Figures(), 0)
CLICKS = st.integers(20, 5_000)
DAYS = st.integers(1, 28)


def arm(clicks, impressions=100_000, days=3, *, purchases=0, spend=0):
    """One side."""
    figures = Figures(
        impressions=impressions, link_clicks=clicks, purchases=purchases, spend_minor=spend, clicks=clicks
    )
    return Arm(figures, days)


def verdict(new, old, before=NOTHING, after=NOTHING, *, old_after=NOTHING, controls=None):
    """A verdict over three days."""
    count = int(before is not NOTHING) if controls is None else controls
    return compare(Comparison(new, old, old_after, before, after, count), 3, FIRST, LAST)


def test_a_hand_counted_example():
    # The new side less the old one, less how the control ads changed.
    made = verdict(
        arm(1_200, days=3), arm(800, 80_000, days=7), arm(500, 50_000, days=7), arm(450, 50_000, days=3)
    )
    log = math.log(1200.5 / 100_001 * 80_001 / 800.5) - math.log(450.5 / 500.5)
    # sd^2/D * (3 - (1 - 2^-D) / (D / 4)) for three days and for seven.
    days = 2 * (0.0048 * (3 - 0.875 / 0.75) + 0.0144 / 7 * (3 - (1 - 0.5**7) / 1.75))
    variance = 1 / 1200.5 + 1 / 800.5 + 1 / 450.5 + 1 / 500.5 + days
    assert made.lift == pytest.approx(math.exp(log) - 1)
    assert made.low == pytest.approx(math.exp(log - 1.959964 * math.sqrt(variance)) - 1)
    assert made.high == pytest.approx(math.exp(log + 1.959964 * math.sqrt(variance)) - 1)
    assert (made.call, made.after_days, made.first_day, made.last_day) == (Call.NO_DIFFERENCE, 3, FIRST, LAST)


def test_the_variance_of_a_mean_of_days_is_that_of_the_correlated_series():
    for days in (1, 2, 3, 7, 28):
        apart = np.abs(np.subtract.outer(np.arange(days), np.arange(days)))
        assert day_variance(days) == pytest.approx(DAY_SD**2 * (DAY_CORRELATION**apart).mean())
    assert day_variance(0) == 0


@pytest.mark.parametrize(
    ("new", "old", "call"),
    [(2_000, 1_000, Call.WON), (1_000, 2_000, Call.LOST), (1_000, 1_050, Call.NO_DIFFERENCE)],
)
def test_a_call_is_made_where_the_interval_leaves_zero(new, old, call):
    made = verdict(arm(new), arm(old))
    assert made.call is call
    assert made.low < made.lift < made.high


def test_no_difference_says_what_can_be_excluded():
    made = verdict(arm(1_000), arm(1_000))
    assert f"more than {made.high:.0%}" in made.reason
    assert f"more than {-made.low:.0%}" in made.reason


@pytest.mark.parametrize(
    ("new", "old", "words"),
    [
        (arm(500, days=0), arm(500), "complete day"),
        (arm(19), arm(500), "19 link clicks"),
        (arm(30, 999), arm(500), "999 impressions"),
        (arm(500), arm(19), "old creative"),
        (arm(500), NOTHING, "old creative"),
    ],
)
def test_too_little_is_too_early(new, old, words):
    made = verdict(new, old)
    assert (made.call, made.lift, made.low, made.high) == (Call.TOO_EARLY, None, None, None)
    assert words in made.reason


def test_the_least_that_is_enough():
    assert verdict(arm(20, 1_000, days=1), arm(20, 1_000, days=1)).call is Call.NO_DIFFERENCE


def test_controls_without_volume_are_left_out_and_it_is_said():
    thin = arm(10, 5_000)
    with_thin = verdict(arm(1_000), arm(900), thin, thin, controls=2)
    without = verdict(arm(1_000), arm(900))
    assert (with_thin.lift, with_thin.low) == (without.lift, without.low)
    assert "No other ad" in with_thin.reason
    known = verdict(arm(1_000), arm(900), arm(5_000), arm(5_000))
    assert "No other ad" not in known.reason


def test_an_old_ad_that_ran_on_is_compared_over_the_same_days():
    side = verdict(arm(1_500), arm(10), arm(900), arm(100), old_after=arm(1_000))
    assert side.lift == pytest.approx(1500.5 / 1000.5 - 1)
    assert "same days" in side.reason
    shorter = verdict(arm(1_500), arm(1_400), old_after=arm(1_000, days=2))
    assert shorter.lift == pytest.approx(1500.5 / 1400.5 - 1)


@given(CLICKS, CLICKS, CLICKS, CLICKS, st.floats(0.4, 2.5))
def test_a_shift_of_everything_cancels(new, old, before, after, shift):
    """A bad week that halves both the new ad's clicks and the controls' changes nothing but the width."""
    n = 10_000_000
    still = verdict(arm(new, n), arm(old, n), arm(before, n), arm(after, n))
    moved = verdict(arm(new, n), arm(old, n), arm(before, n), arm(after, round(n / shift)))
    scaled = verdict(arm(new, round(n / shift)), arm(old, n), arm(before, n), arm(after, round(n / shift)))
    assert scaled.lift == pytest.approx(still.lift, rel=1e-4, abs=1e-5)
    assert moved.lift + 1 == pytest.approx((still.lift + 1) / shift, rel=1e-4)


@given(CLICKS, CLICKS, DAYS, DAYS)
def test_new_and_old_exchanged_give_the_inverse(new, old, days, before):
    one = verdict(arm(new, days=days), arm(old, days=before))
    other = verdict(arm(old, days=before), arm(new, days=days))
    assert (one.lift + 1) * (other.lift + 1) == pytest.approx(1)
    assert (one.low + 1) * (other.high + 1) == pytest.approx(1)
    turned = {Call.WON: Call.LOST, Call.LOST: Call.WON}
    assert turned.get(one.call, one.call) is other.call


@given(CLICKS, CLICKS, DAYS)
def test_more_days_never_widen_the_interval(new, old, days):
    short, long = (verdict(arm(new, days=one), arm(old, days=one)) for one in (days, days + 1))
    assert long.high - long.low < short.high - short.low


@pytest.mark.parametrize(
    ("clicks", "days", "before", "controls"),
    [(40, 1, 7, True), (60, 3, 7, True), (300, 7, 7, True), (2_000, 7, 14, True), (150, 3, 14, False)],
)
def test_the_interval_covers_the_truth_19_times_of_20(clicks, days, before, controls):
    """20,000 worlds of each kind: Poisson clicks around a level that wanders from day to day."""
    rng = np.random.default_rng(days * 1_000 + clicks)
    truth, held, runs = 0.25, 0, 20_000
    level = rng.normal(0, 0.3, runs)  # what happened to everybody between the two spells
    arms = {
        "new": draw(rng, clicks * (1 + truth), days, level if controls else 0),
        "old_before": draw(rng, clicks, before, 0),
        "control_before": draw(rng, clicks, before, 0),
        "control_after": draw(rng, clicks, days, level),
    }
    for run in range(runs):
        sides = {
            name: arm(int(drawn[run]), 10_000 * span, span)
            for (name, drawn), span in zip(arms.items(), (days, before, before, days), strict=True)
        }
        made = compare(Comparison(**sides, old_after=NOTHING, controls=int(controls)), days, FIRST, LAST)
        held += made.low is not None and made.low <= truth <= made.high
    assert 0.93 <= held / runs <= 0.97


def draw(rng, clicks, days, level):
    """Total clicks of each run: `clicks` a day on average, over days whose log rate is an AR(1)."""
    runs = 20_000
    wander = np.empty((days, runs))
    wander[0] = rng.normal(0, DAY_SD, runs)
    for day in range(1, days):
        step = rng.normal(0, DAY_SD * math.sqrt(1 - DAY_CORRELATION**2), runs)
        wander[day] = DAY_CORRELATION * wander[day - 1] + step
    return rng.poisson(clicks * np.exp(wander + level)).sum(axis=0)


def test_cost_per_purchase_needs_eight_on_both_sides():
    new, old = arm(900, purchases=20, spend=1_000_00), arm(900, purchases=16, spend=1_200_00)
    made = verdict(new, old)
    assert made.cost_lift == pytest.approx(5_000 / 7_500 - 1)
    reach = 1.959964 * math.sqrt(1 / 20 + 1 / 16)
    assert made.cost_low == pytest.approx(5_000 / 7_500 * math.exp(-reach) - 1)
    assert made.cost_high == pytest.approx(5_000 / 7_500 * math.exp(reach) - 1)
    for few in (arm(900, purchases=7, spend=1_000_00), arm(900, purchases=20, spend=0)):
        assert verdict(few, old).cost_lift is None
        assert verdict(old, few).cost_lift is None


def test_the_cost_is_of_the_side_that_the_clicks_are_compared_with():
    both = verdict(
        arm(900, purchases=10, spend=1_000_00),
        arm(900, purchases=10, spend=9_000_00),
        old_after=arm(900, purchases=10, spend=2_000_00),
    )
    assert both.cost_lift == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("new", "old", "stop", "won"),
    [
        (arm(300), arm(100), True, True),
        (arm(100), arm(300), True, False),
        (arm(99), arm(600), False, None),
        (arm(110), arm(100), False, None),
        (arm(110, days=7), arm(100, days=7), True, None),
        (arm(30, days=7), arm(20, days=8), True, None),
        (arm(110, days=7), arm(100, days=6), False, None),
        (NOTHING, NOTHING, False, None),
    ],
)
def test_a_split_test_stops_on_a_known_difference_or_after_a_week(new, old, stop, won):
    rule = stop_rule(new, old)
    assert (rule.stop, rule.new_won) == (stop, won)
    assert rule.reason.endswith(".")
    assert (rule.estimate is None) == (min(new.figures.link_clicks, old.figures.link_clicks) < 100)
