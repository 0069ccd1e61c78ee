"""What the evidence rule does beyond its documented parts: equal where they agree, better elsewhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import (
    evidence,
    evidence_average,
    evidence_control,
    evidence_exposure,
    evidence_noise,
    evidence_people,
    evidence_siblings,
    evidence_slope,
)
from bot.domain.evidence_noise import Guess, Sums
from bot.domain.evidence_siblings import Series
from bot.domain.evidence_slope import Slope
from tests.sim.panels import ad, panel

DOCUMENTED = Guess(evidence_slope.CLICK_DRIFT, evidence_slope.PERSISTENCE, 0.09)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_day_by_day_gives_the_sums_of_the_documented_solve(seed):
    random = np.random.default_rng(seed)
    y, u = random.normal(-4.0, 0.3, (4, 28)), random.uniform(0.0, 1.5, (4, 28))
    counting = random.uniform(0.001, 0.5, (4, 28))
    used = random.random((4, 28)) < 0.8
    direct = evidence_slope.slope(y, counting + 0.09**2, u, used, DOCUMENTED.drift)
    found = evidence_noise.sums(y, counting, u[None], used, (DOCUMENTED,))
    assert found.information[0, 0] == pytest.approx(direct.information, rel=1e-8, abs=1e-10)
    assert found.score[0, 0] == pytest.approx(direct.score, rel=1e-8, abs=1e-8)


def test_one_guess_gives_the_documented_belief():
    information, score = np.array([100.0, 100.0, 14.2868]), np.array([50.0, 10.0, 7.1434])
    rise = np.array([0.5, 0.5, 0.55])
    one = Sums(information[None, None], score[None, None], np.zeros((1, 3)))
    none = Sums(np.zeros((1, 1, 3)), np.zeros((1, 1, 3)), np.zeros((1, 3)))
    held = evidence_slope.belief(Slope(information, score))
    direct = evidence_slope.loss(held, rise)
    made = evidence_average.answer(one, none, rise[None])
    assert made.weight == pytest.approx(held.weight, abs=1e-9)
    assert made.lost.p == pytest.approx(direct.p, abs=1e-9)
    assert made.lost.low == pytest.approx(direct.low, abs=1e-6)
    assert made.lost.high == pytest.approx(direct.high, abs=1e-6)
    assert made.lost.loss == pytest.approx(direct.loss, abs=0.02)  # the mean of the losses, not of the slopes


def test_a_guess_that_the_days_contradict_has_no_say():
    information = np.array([[[50.0]], [[50.0]]])
    score = np.array([[[20.0]], [[0.0]]])
    none = Sums(np.zeros((1, 1, 1)), np.zeros((1, 1, 1)), np.zeros((1, 1)))
    rise = np.array([[0.7]])
    both = evidence_average.answer(Sums(information, score, np.array([[0.0], [-40.0]])), none, rise)
    first = evidence_average.answer(Sums(information[:1], score[:1], np.zeros((1, 1))), none, rise)
    assert both.lost.p == pytest.approx(first.lost.p, abs=1e-9)


@pytest.mark.parametrize("seen", [0.01, 0.3, 1.0, 3.0, 8.0])
def test_frequency_is_turned_back_into_impressions_per_person(seen):
    frequency = np.array([seen / -np.expm1(-seen)])
    assert evidence_people.seen_per_person(frequency)[0] == pytest.approx(seen, rel=0.02)


def test_at_low_frequency_exposure_is_the_documented_one():
    made = panel(ad([0.02] * 28, [1.04] * 28))
    times = evidence_people.weekly_frequency(made)
    added = evidence_exposure.new_exposures(made.impressions, made.impressions_7d, times)
    start = evidence_exposure.starting_memory(added, made.delivered, made.age_days)
    direct = evidence_exposure.exposure(added, made.delivered, np.zeros_like(made.delivered), start)
    found = evidence_people.exposures(made, times)[evidence_people.KEPT.index(evidence_exposure.KEPT)]
    assert found == pytest.approx(direct, rel=0.03)


def test_one_bad_estimate_of_reach_moves_exposure_less_than_before():
    steady = [1.3] * 28
    shaken = [*steady[:20], 1.9, *steady[21:]]
    made = [
        evidence_people.exposures(one, evidence_people.weekly_frequency(one))[1, 0]
        for one in (panel(ad([0.02] * 28, steady)), panel(ad([0.02] * 28, shaken)))
    ]
    assert np.abs(made[1] - made[0]).max() < 0.06


def test_a_reach_that_was_not_read_is_taken_from_the_day_before():
    made = panel(ad([0.02] * 28, [1.2] * 14 + [np.inf] * 14))
    assert evidence_people.weekly_frequency(made)[0] == pytest.approx([1.2] * 28)


def test_what_a_sibling_lost_by_itself_is_no_part_of_the_account():
    flat, fell = np.full((4, 20), 40.0), np.linspace(1.0, 0.5, 20)
    clicks, shown = np.stack([*flat[:2], *(flat[2:] * fell)]), np.full((4, 20), 4_000.0)
    used = np.ones((4, 20), dtype=bool)
    own = np.stack([np.zeros(20)] * 2 + [-np.log(fell)] * 2)
    spread = evidence_control.CLICK_SPREAD
    counted = Series(evidence_control.log_rate(clicks, shown, spread), spread)
    _, known = evidence_siblings.controlled(counted, own, used)
    _, taken = evidence_siblings.controlled(counted, np.zeros((4, 20)), used)
    assert np.abs(known.shift[0]).max() < 0.02
    assert taken.shift[0, -1] < -0.1


def test_a_tired_ad_is_found_beside_others_that_tire_with_it():
    rising = [1.15] * 12 + list(np.linspace(1.2, 2.6, 16))
    ctr = [0.02] * 12 + list(0.02 * np.exp(np.linspace(0, np.log(0.65), 16)))
    calm = [ad([0.02] * 28, [1.15] * 28) for _ in range(3)]
    beside = evidence.assess(panel(*[ad(ctr, rising) for _ in range(3)], *calm), 27)[0]
    alone = evidence.assess(panel(ad(ctr, rising), *calm, *calm), 27)[0]
    assert beside.loss == pytest.approx(alone.loss, abs=0.05)


def test_what_the_days_do_not_say_is_not_taken_out():
    used = np.ones((1, 3, 28), dtype=bool)
    y = np.full(used.shape, -4.0)
    series = Series(evidence_control.LogRate(y, np.full(used.shape, 0.5)), evidence_control.CLICK_SPREAD)
    u = np.broadcast_to(np.linspace(0.4, 1.2, 28), used.shape)
    assert evidence_siblings.own_loss(series, series, u, used, 2) == pytest.approx(0.0, abs=1e-12)
