"""The parts of the evidence rule against worked examples, number by number."""

import numpy as np
import pytest

from bot.domain import evidence_control, evidence_exposure, evidence_slope
from bot.domain.evidence_control import LogRate
from bot.domain.evidence_slope import Slope

D1 = [0.40] * 7 + [0.45, 0.55, 0.65, 0.75, 0.85, 0.92, 0.98]
D5 = [0.40] * 14 + [0.45, 0.55, 0.65, 0.75, 0.85, 0.92, 0.98, 1.02, 1.05, 1.08, 1.10, 1.11, 1.12, 1.12]


def near(value, **how):
    return pytest.approx(value, **({"abs": 6e-5} | how))


@pytest.mark.parametrize(
    ("clicks", "impressions", "y", "v"),
    [(40, 4000, -4.5929976, 0.0327914), (7, 900, -4.7886022, 0.1414333), (0, 500, -6.9097533, 2.0081)],
)
def test_a_log_rate_and_its_variance(clicks, impressions, y, v):
    spread = evidence_control.CLICK_SPREAD
    rate = evidence_control.log_rate(np.array([[clicks]]), np.array([[impressions]]), spread)
    assert (rate.y[0, 0], rate.v[0, 0]) == (near(y, abs=1e-7), near(v, abs=1e-7))


def controlled(ctr):
    y = np.log(np.array(ctr))
    rate = LogRate(y, np.full(y.shape, 0.02))
    return evidence_control.leave_one_out(rate, np.ones(y.shape, dtype=bool))


def test_two_siblings_take_out_half_of_what_befell_all():
    found = controlled([[1.0, 1.0, 0.8], [2.0, 2.0, 1.6], [0.5, 0.5, 0.4]])
    assert found.shift == near(np.tile([0.037191, 0.037191, -0.074381], (3, 1)), abs=1e-6)
    assert found.variance == near(0.005, abs=1e-9)


def test_an_ads_own_fall_never_enters_its_own_control():
    found = controlled([[1.0, 1.0, 0.6], [2.0, 2.0, 2.0], [0.5, 0.5, 0.5]])
    assert found.shift[:, 2] == near([0.0, -0.085138, -0.085138], abs=1e-6)


def test_without_siblings_nothing_is_taken_out_and_less_is_known():
    found = controlled([[1.0, 0.9, 0.8]])
    assert found.shift == near(0.0, abs=1e-12)
    assert found.variance == near(0.01, abs=1e-12)


def exposed(impressions, impressions_7d, frequency, age):
    shown, week, times = (np.array([row], dtype=float) for row in (impressions, impressions_7d, frequency))
    added = evidence_exposure.new_exposures(shown, week, times)
    delivered = shown > 0
    ages = age + np.arange(shown.shape[1])[None, :]
    start = evidence_exposure.starting_memory(added, delivered, ages)
    return added[0], evidence_exposure.exposure(added, delivered, np.zeros_like(delivered), start)[0]


def test_exposure_of_an_old_ad_whose_frequency_begins_to_rise():
    times = [1.14, 1.14, 1.14, 1.20, 1.30, 1.42, 1.55, 1.68]
    added, u = exposed([10_000] * 8, [70_000] * 8, times, age=100)
    assert added == near([0.02] * 3 + [0.028571, 0.042857, 0.06, 0.078571, 0.097143], abs=1e-6)
    expected = [0.498753, 0.498753, 0.498753, 0.503945, 0.522144, 0.556632, 0.607083, 0.670884]
    assert u == near(expected, abs=1e-6)


def test_exposure_of_a_new_ad_begins_at_nothing():
    times = [1.05, 1.10, 1.16, 1.22]
    _, u = exposed([5_000] * 4, [5_000, 10_000, 15_000, 20_000], times, age=0)
    assert u == near([0.048790, 0.134531, 0.211632, 0.282683], abs=1e-6)


def test_people_forget_on_days_without_delivery_and_a_new_creative_is_seen_by_nobody():
    shown = np.array([[5_000.0, 5_000, 0, 0, 5_000, 5_000]])
    added = np.full(shown.shape, 0.05)
    fresh = np.array([[False] * 5 + [True]])
    u = evidence_exposure.exposure(added, shown > 0, fresh, np.zeros(1))[0]
    remembered = 0.05 * 0.94 + 0.05
    assert u[4] == near(np.log1p(2 * (remembered * 0.94**3 + 0.025)), abs=1e-12)
    assert list(u[2:4]) == [0.0, 0.0]
    assert u[5] == near(np.log1p(0.05), abs=1e-12)


def decided(u, clicks, *, beta=0.5, y=None):
    exposure = np.array([u])
    used = np.ones(exposure.shape, dtype=bool)
    y = np.log(0.01) - beta * (exposure - 0.4) if y is None else np.array([y])
    v = np.full(exposure.shape, 1.0 / (clicks + 0.5) + 0.0081)
    found = evidence_slope.slope(y, v, exposure, used, evidence_slope.CLICK_DRIFT)
    lowest = evidence_exposure.lowest_mean(exposure, used)
    rise = evidence_exposure.last_mean(exposure, used) - lowest
    held = evidence_slope.belief(found)
    return found, rise[0], held, evidence_slope.loss(held, rise)


def test_d1_a_steep_rise_with_a_matching_fall():
    found, rise, held, lost = decided(D1, 300)
    assert (found.information[0], found.score[0]) == (near(14.2868), near(7.1434))
    assert [part[0] for part in found.estimate()] == near([0.5, 0.2646])
    assert (rise, held.weight[0], held.harm[0], held.harm_sd[0]) == near((0.55, 0.9122, 0.4555, 0.1595))
    assert (lost.p[0], lost.loss[0]) == (near(0.7681), near(0.205, abs=5e-4))
    assert (lost.low[0], lost.high[0]) == near((0.129, 0.304), abs=5e-4)


def test_d2_the_same_exposure_without_harm():
    found, _, held, lost = decided(D1, 300, beta=0.0)
    assert found.estimate()[0][0] == near(0.0, abs=1e-9)
    assert (held.weight[0], lost.p[0], lost.loss[0]) == near((0.4498, 0.2004, 0.0654))


def test_d3_the_same_fall_seen_in_few_clicks():
    found, _, held, lost = decided(D1, 8)
    assert (found.information[0], found.estimate()[1][0]) == near((3.8836, 0.5074))
    assert (held.weight[0], lost.p[0], lost.loss[0]) == near((0.7777, 0.6069, 0.1718))


def test_d4_a_fall_without_a_rise_in_exposure_is_not_fatigue():
    fall = np.log(np.r_[np.full(7, 1.0), np.linspace(1.0, 0.7, 7)] / 100)
    _, rise, _, lost = decided([0.40] * 12 + [0.41, 0.41], 300, y=list(fall))
    assert rise == near(0.01)
    assert (lost.p[0], lost.loss[0]) == (near(0.0), near(0.003, abs=2e-3))


def test_d5_a_long_rise_with_a_matching_fall_and_a_flat_one():
    found, rise, held, lost = decided(D5, 300)
    assert (found.information[0], found.estimate()[1][0], rise) == near((25.5246, 0.1979, 0.72))
    assert (held.weight[0], lost.p[0], lost.loss[0]) == near((0.9705, 0.9276, 0.2781))
    _, _, _, flat = decided(D5, 300, beta=0.0)
    assert (flat.p[0], flat.loss[0]) == near((0.1598, 0.0515))


def test_d7_few_clicks_are_enough_when_long_and_consistent():
    found, _, held, lost = decided(D5, 8)
    assert (found.information[0], found.estimate()[1][0]) == near((11.4501, 0.2955))
    assert (held.weight[0], lost.p[0], lost.loss[0]) == near((0.8854, 0.8093, 0.2512))


def test_the_mixture_alone():
    held = evidence_slope.belief(Slope(np.array([100.0, 100.0]), np.array([50.0, 10.0])))
    lost = evidence_slope.loss(held, np.array([0.5, 0.5]))
    assert (held.harm[0], held.harm_sd[0]) == near((0.486, 0.0894))
    assert held.weight == near([0.99996, 0.3694])
    assert lost.p == near([0.9640, 0.0139])
    assert lost.loss == near([0.216, 0.036], abs=5e-4)


def test_engagement_adds_what_it_knows():
    both = evidence_slope.together(
        Slope(np.array([10.0]), np.array([4.0])), Slope(np.array([5.0]), np.array([2.0]))
    )
    assert (both.information[0], both.score[0]) == near((10 + 0.64 * 5, 4 + 0.8 * 2))


def test_no_information_leaves_the_prior():
    nothing = Slope(np.zeros(1), np.zeros(1))
    assert [part[0] for part in nothing.estimate()] == [0.0, 1000.0]
    assert evidence_slope.belief(nothing).weight == near(0.7, abs=1e-4)
    assert evidence_slope.loss(evidence_slope.belief(nothing), np.array([1e-5])).p[0] == 0.0
