"""The simulator is held to what was measured on real series, so that it is no easy world."""

from functools import cache

import numpy as np
import pytest

from bot.domain import trend
from tests.sim.accounts import DAYS, STRESS, account
from tests.sim.score import FROM, score
from tests.sim.stories import SHARES

SEED, ACCOUNTS = 1000, 60


@cache
def accounts():
    return [account(SEED, number) for number in range(ACCOUNTS)]


def falls(least_clicks):
    """The share of healthy weeks with so many clicks whose fitted CTR falls by more than 20 %."""
    fell = weeks = 0
    for made in accounts():
        for day in range(6, DAYS):
            week = made.panel.window(day, 7)
            good = week.delivered[:, -1] & (week.delivered.sum(axis=1) >= 5)
            good &= week.clicks.sum(axis=1) >= least_clicks
            good &= (np.nan_to_num(made.kept[:, day - 6 : day + 1], nan=1.0) > 0.9).all(axis=1)
            change = trend.fit(trend.ratio(week.clicks, week.impressions), week.delivered).change
            fell, weeks = fell + int((change[good] < -0.2).sum()), weeks + int(good.sum())
    return fell / weeks


def test_a_fitted_fall_of_a_fifth_is_as_common_in_healthy_weeks_as_in_real_ones():
    assert 0.20 <= falls(30) <= 0.25


def beyond_counting():
    """Sd and lag-1 correlation of log CTR beyond counting error, of healthy ads with 20 clicks a day."""
    for made in accounts():
        for ad in range(made.panel.ads):
            on = made.panel.delivered[ad]
            clicks, shown = made.panel.clicks[ad, on], made.panel.impressions[ad, on]
            if on.sum() < 60 or clicks.mean() < 20 or np.nanmin(made.kept[ad]) <= 0.9:
                continue
            y = np.log((clicks + 0.5) / (shown + 1.0))
            y = y - y.mean()
            variance = float((y**2).mean() - (1.0 / (clicks + 0.5)).mean())
            if variance > 0:
                yield variance**0.5, float((y[1:] * y[:-1]).mean()) / variance


def test_ctr_wanders_from_day_to_day_as_much_as_in_real_series():
    sd, lag = zip(*beyond_counting(), strict=True)
    lower, middle, upper = np.percentile(sd, [25, 50, 75])
    assert (lower, middle, upper) == (
        pytest.approx(0.085, abs=0.02),
        pytest.approx(0.12, abs=0.02),
        pytest.approx(0.175, abs=0.02),
    )
    assert np.median(lag) == pytest.approx(0.5, abs=0.1)


def test_every_story_is_told():
    told = {name for made in accounts() for name in made.stories}
    assert told == {story.__name__ for story in SHARES}


def test_a_label_comes_from_exposure_and_not_from_the_story():
    for made in accounts():
        for ad, name in enumerate(made.stories):
            if name in {"unharmed"}:
                assert np.nanmin(made.kept[ad]) == 1.0
    worst = dict.fromkeys({name for made in accounts() for name in made.stories}, 1.0)
    for made in accounts():
        for ad, name in enumerate(made.stories):
            worst[name] = min(worst[name], float(np.nanmin(made.kept[ad])))
    assert worst["saturation"] < 0.6
    assert worst["broadening"] > 0.8


def test_a_seed_gives_the_same_account_and_another_seed_another():
    first, again, other = account(7, 1), account(7, 1), account(8, 1)
    assert np.array_equal(first.panel.clicks, again.panel.clicks)
    assert first.panel.clicks.shape != other.panel.clicks.shape or not np.array_equal(
        first.panel.clicks, other.panel.clicks
    )


@pytest.mark.parametrize("variant", STRESS, ids=lambda variant: variant.name)
def test_every_stress_variant_makes_valid_figures(variant):
    panel = account(SEED, 1, variant).panel
    on = panel.delivered
    assert (panel.reach <= panel.impressions + 1)[on].all()
    assert (panel.reach <= panel.reach_7d + 1)[on].all()
    assert (panel.reach_7d <= panel.impressions_7d + 1)[on].all()


def alerts(*days):
    flags = np.zeros((1, DAYS), dtype=bool)
    flags[0, list(days)] = True
    return flags


def scored(*days):
    """One ad that is healthy, wears from day 40, is tired from day 45 and recovers on day 70."""
    kept = np.ones((1, DAYS))
    kept[0, 40:45], kept[0, 45:70] = 0.85, 0.7
    return score(alerts(*days), kept, np.full((1, DAYS), 10.0), ("one",))


def test_an_alert_counts_from_the_first_worn_day_until_ten_days_after_the_first_tired_one():
    assert scored(40).found == [-5]
    assert scored(55).found == [10]
    assert scored(56).found == []
    assert scored(30).false == ["one"]
    assert (scored(30).precision, scored(44).precision) == (0.0, 1.0)
    assert scored(44).healthy_days == DAYS - FROM - 30


def test_a_flag_that_lasts_is_one_alert_and_a_flag_from_before_is_none():
    assert scored(*range(42, 60)).found == [-3]
    assert scored(*range(30, 60)).found == []
    assert scored(*range(30, 60)).false == ["one"]
