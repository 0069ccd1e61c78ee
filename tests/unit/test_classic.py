"""The classic rule against worked examples: fitted trends, minimum volume, gaps and new creatives."""

import numpy as np
import pytest

from bot.domain import classic, trend
from bot.domain.fatigue import ClassicSettings, Status
from tests.sim.panels import ad, panel

CTR = [0.020, 0.021, 0.019, 0.018, 0.017, 0.016, 0.015]
FREQUENCY = [1.20, 1.25, 1.28, 1.33, 1.36, 1.41, 1.45]
NOISY = [0.020, 0.017, 0.022, 0.019, 0.021, 0.018, 0.015]


def fitted(values, days=None):
    series, present = np.zeros((1, 7)), np.zeros((1, 7), dtype=bool)
    days = range(7) if days is None else days
    series[0, list(days)] = values
    present[0, list(days)] = True
    return trend.fit(series, present).of(0)


def verdict(*, settings=None, **figures):
    figures = {"ctr": CTR, "frequency": FREQUENCY, "frequency_7d": [2.0] * 7, **figures}
    return classic.assess(panel(ad(**figures)), 6, settings)[0]


def test_a_fitted_trend_has_the_ends_of_its_line():
    line = fitted([100 * rate for rate in CTR])
    assert line.start == pytest.approx(2.0892857, abs=1e-7)
    assert line.end == pytest.approx(1.5107143, abs=1e-7)
    assert line.change == pytest.approx(-0.2769231, abs=1e-7)


def test_a_rising_trend_likewise():
    line = fitted(FREQUENCY)
    assert (line.start, line.end) == (pytest.approx(1.2025, abs=1e-7), pytest.approx(1.4489286, abs=1e-7))
    assert line.change == pytest.approx(0.2049302, abs=1e-7)


def test_the_ends_of_the_week_are_not_the_trend():
    line = fitted([100 * rate for rate in NOISY])
    assert line.start == pytest.approx(2.0357143, abs=1e-7)
    assert line.change == pytest.approx(-0.1473684, abs=1e-7)
    assert NOISY[-1] / NOISY[0] - 1 == pytest.approx(-0.25)


def test_a_day_without_delivery_keeps_its_place():
    line = fitted([2.0, 2.1, 1.9, 1.7, 1.6, 1.5], days=[0, 1, 2, 4, 5, 6])
    assert line.change == pytest.approx(-0.2769231, abs=1e-7)


def test_ctr_down_and_frequency_up_is_fatigue():
    found = verdict()
    assert found.status is Status.FATIGUED
    assert found.ctr.change == pytest.approx(-0.2769231, abs=1e-7)
    assert found.frequency.change == pytest.approx(0.2049302, abs=1e-7)
    assert (found.days, found.impressions, found.clicks, found.reason) == (7, 70_000, 1_260, "")


@pytest.mark.parametrize("figures", [{"ctr": NOISY}, {"frequency": [1.3] * 7}])
def test_one_of_the_two_alone_is_not(figures):
    assert verdict(**figures).status is Status.HEALTHY


def test_thresholds_are_strict_and_settable():
    exact = verdict().ctr.change
    assert verdict(settings=ClassicSettings(ctr_fall=-exact)).status is Status.HEALTHY
    assert verdict(settings=ClassicSettings(ctr_fall=-exact - 1e-9)).status is Status.FATIGUED
    assert verdict(settings=ClassicSettings(frequency_rise=0.21)).status is Status.HEALTHY


def test_frequency_may_be_that_of_the_trailing_week():
    found = verdict(settings=ClassicSettings(frequency_basis="trailing7"))
    assert found.status is Status.HEALTHY
    found = verdict(frequency_7d=FREQUENCY, settings=ClassicSettings(frequency_basis="trailing7"))
    assert found.frequency.change == pytest.approx(0.2049302, abs=1e-7)


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ({"impressions": [0, 0, 0, 9e3, 9e3, 9e3, 9e3]}, "fewer than 5 delivering days"),
        ({"impressions": [9e3] * 6 + [0]}, "not delivered on the last day"),
        ({"impressions": 100.0}, "fewer than 1000 impressions"),
        ({"impressions": 200.0}, "fewer than 30 clicks"),
        ({"creative": [1, 1, 1, 2, 2, 2, 2]}, "fewer than 5 days since the creative changed"),
    ],
)
def test_too_little_data_is_said_and_is_no_verdict(figures, reason):
    found = verdict(**figures)
    assert (found.status, found.reason) == (Status.INSUFFICIENT_DATA, reason)


def test_only_the_present_creative_is_fitted():
    found = verdict(creative=[1, 1, 2, 2, 2, 2, 2])
    assert found.days == 5
    assert found.ctr.change == pytest.approx(fitted(CTR[2:], days=range(2, 7)).change)


def test_a_creative_that_came_back_counts_from_its_return():
    assert verdict(creative=[1, 2, 1, 1, 1, 1, 1]).days == 5


def test_what_else_moved_is_listed_and_never_enough():
    found = verdict(ctr=NOISY, engagement=0.05)
    assert found.status is Status.HEALTHY
    assert found.cpc.change > 0.10
    assert found.engagement.change == pytest.approx(0.0, abs=1e-12)
    assert found.support.hook is None


def test_no_click_at_all_is_too_little_data():
    assert verdict(ctr=[0.0] * 7).status is Status.INSUFFICIENT_DATA
