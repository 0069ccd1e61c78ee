"""What looks like a tired creative is ruled out or named, each with its numbers, whatever is known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.insights import DayFigures, Figures
from bot.domain.lookalikes import (
    Around,
    Lookalike,
    LookalikeKind,
    LookalikeState,
    ObjectChange,
    WhatChanged,
    check,
)

LAST = date(2026, 11, 21)
NOON = datetime(2026, 11, 19, 6, 0, tzinfo=UTC)
# An ordinary day of the account: CPM 200.00, 5 % of the clicks buy.
DAY = Figures(impressions=100_000, link_clicks=1_000, spend_minor=2_000_000, purchases=50)
OUT, PRESENT, UNKNOWN = LookalikeState.RULED_OUT, LookalikeState.PRESENT, LookalikeState.UNKNOWN


def days(*recent: Figures, before: Figures = DAY, count: int = 28) -> tuple[DayFigures, ...]:
    """So many days that end with LAST; the last ones are `recent`, oldest first."""
    all_of_them = [before] * (count - len(recent)) + list(recent)
    return tuple(
        DayFigures(LAST - timedelta(days=count - 1 - number), one) for number, one in enumerate(all_of_them)
    )


CALM = Around(
    last_day=LAST,
    account=days(),
    own=days(before=Figures(impressions=5_000, link_clicks=50, spend_minor=90_000)),
    control=0.02,
    others=9,
    siblings=(-0.05, 0.02, -0.3),
    changes=(),
    changed_on=LAST - timedelta(days=20),
    age_days=60,
    learning=False,
    too_little="",
)


def of(around: Around, kind: LookalikeKind) -> Lookalike:
    """What is said of one explanation."""
    return next(one for one in check(around) if one.kind is kind)


def words(one: Lookalike) -> str:
    """The remark with its amounts."""
    return one.remark.template.format(*(round(quantity.amount, 3) for quantity in one.remark.quantities))


def test_on_a_calm_account_everything_is_ruled_out_by_name():
    checked = check(CALM)
    assert [one.kind for one in checked] == list(LookalikeKind)
    assert {one.state for one in checked} == {OUT}


@pytest.mark.parametrize(("control", "state"), [(log(1.16), PRESENT), (log(0.84), PRESENT), (0.13, OUT)])
def test_an_account_that_moved_by_15_percent_is_named(control, state):
    one = of(replace(CALM, control=control), LookalikeKind.ACCOUNT_MOVED)
    assert one.state is state
    assert ("rose" in one.remark.template) == (control > 0)


def test_without_another_ad_nothing_is_known_of_the_account_s_movement():
    assert of(replace(CALM, others=0), LookalikeKind.ACCOUNT_MOVED).state is UNKNOWN


def test_an_ad_set_whose_ads_all_fall_is_an_audience_that_is_used_up():
    one = of(replace(CALM, siblings=(-0.2, -0.1)), LookalikeKind.SATURATION)
    assert one.state is PRESENT
    assert words(one).startswith("All 3 ads of the ad set")


def test_one_ad_that_holds_means_that_the_audience_is_not_used_up():
    one = of(replace(CALM, siblings=(-0.2, -0.09)), LookalikeKind.SATURATION)
    assert (one.state, words(one)) == (
        OUT,
        "1 of the 2 other ads of its ad set hold their CTR (link): the audience is not used up",
    )


def test_an_only_ad_cannot_tell_its_audience_from_its_creative():
    assert of(replace(CALM, siblings=()), LookalikeKind.SATURATION).state is UNKNOWN


def test_purchases_that_stop_while_clicks_go_on_are_named_as_tracking():
    broken = replace(DAY, purchases=2)
    one = of(replace(CALM, account=days(broken, broken, broken)), LookalikeKind.TRACKING)
    # 6 of 3,000 clicks x 5 % x 0.92
    assert (one.state, round(one.remark.quantities[0].amount, 4)) == (PRESENT, round(6 / 138, 4))


def test_purchases_that_stop_because_clicks_do_are_not_tracking():
    quiet = Figures(impressions=60_000, link_clicks=600, spend_minor=1_200_000, purchases=10)
    assert of(replace(CALM, account=days(quiet, quiet, quiet)), LookalikeKind.TRACKING).state is OUT


def test_an_account_that_hardly_sells_tells_nothing_of_tracking():
    poor = replace(DAY, purchases=1)
    around = replace(CALM, account=days(before=poor))
    assert of(around, LookalikeKind.TRACKING).state is UNKNOWN
    assert of(replace(CALM, account=days(count=8)), LookalikeKind.TRACKING).state is UNKNOWN


def test_late_purchases_never_explain_a_fall_in_clicks():
    assert of(CALM, LookalikeKind.CONVERSION_LAG).state is OUT


@pytest.mark.parametrize(("times", "state"), [(1.25, PRESENT), (0.75, PRESENT), (1.15, OUT)])
def test_a_cpm_that_moved_by_a_fifth_across_the_account_is_named(times, state):
    dear = replace(DAY, spend_minor=round(DAY.spend_minor * times))
    assert of(replace(CALM, account=days(*[dear] * 7)), LookalikeKind.CPM_MOVED).state is state


def test_without_a_past_nothing_is_known_of_the_cpm():
    assert of(replace(CALM, account=days(count=7)), LookalikeKind.CPM_MOVED).state is UNKNOWN


@pytest.mark.parametrize(
    ("change", "state", "told"),
    [
        (ObjectChange(WhatChanged.CREATIVE, NOON, "1", "2"), PRESENT, "creative was changed"),
        (
            ObjectChange(WhatChanged.ADSET_BUDGET, NOON, "10000", "12000"),
            PRESENT,
            "ad set's daily budget was raised by 0.2",
        ),
        (
            ObjectChange(WhatChanged.CAMPAIGN_BUDGET, NOON, "10000", "7000"),
            PRESENT,
            "campaign's daily budget was cut by 0.3",
        ),
        (ObjectChange(WhatChanged.ADSET_BUDGET, NOON, "", "12000"), PRESENT, "set or taken away"),
        (ObjectChange(WhatChanged.ADSET_BUDGET, NOON, "10000", "11900"), OUT, "No change"),
    ],
)
def test_a_change_of_creative_or_of_the_budget_by_a_fifth_is_named(change, state, told):
    one = of(replace(CALM, changes=(change,)), LookalikeKind.EDITED)
    assert one.state is state
    assert told in words(one)


def test_a_change_that_meta_dates_but_does_not_describe_is_said_to_be_unknown():
    one = of(replace(CALM, changed_on=LAST - timedelta(days=6)), LookalikeKind.EDITED)
    assert one.state is UNKNOWN
    assert "6 days before" in words(one)
    assert of(replace(CALM, changed_on=LAST - timedelta(days=7)), LookalikeKind.EDITED).state is OUT
    assert "0 days before" in words(
        of(replace(CALM, changed_on=LAST + timedelta(days=1)), LookalikeKind.EDITED)
    )


@pytest.mark.parametrize(
    ("age", "learning", "state"),
    [
        (6, False, PRESENT),
        (7, False, OUT),
        (60, True, PRESENT),
        (None, False, UNKNOWN),
        (None, True, PRESENT),
    ],
)
def test_a_young_ad_or_a_learning_ad_set_is_named(age, learning, state):
    assert of(replace(CALM, age_days=age, learning=learning), LookalikeKind.LEARNING).state is state


def test_the_volume_is_always_told():
    one = of(CALM, LookalikeKind.TOO_LITTLE_DATA)
    assert words(one) == "There is enough data: 350 link clicks of 35000 impressions on 7 days of the last 7"
    little = of(replace(CALM, too_little="fewer than 30 clicks"), LookalikeKind.TOO_LITTLE_DATA)
    assert (little.state, words(little)[:15]) == (PRESENT, "Too little data")


@given(
    st.builds(
        Around,
        last_day=st.just(LAST),
        account=st.lists(
            st.builds(
                DayFigures,
                day=st.just(LAST),
                figures=st.builds(
                    Figures,
                    impressions=st.integers(0, 10**6),
                    link_clicks=st.integers(0, 10**4),
                    spend_minor=st.integers(0, 10**8),
                    purchases=st.integers(0, 10**3),
                ),
            ),
            max_size=28,
        ),
        own=st.just(()),
        control=st.floats(-5, 5),
        others=st.integers(0, 3),
        siblings=st.lists(st.floats(-1, 5), max_size=3),
        changes=st.lists(
            st.builds(ObjectChange, st.sampled_from(WhatChanged), st.just(NOON), st.text(), st.text()),
            max_size=2,
        ),
        changed_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 1)),
        age_days=st.none() | st.integers(0, 900),
        learning=st.booleans(),
        too_little=st.sampled_from(["", "fewer than 30 clicks"]),
    )
)
def test_whatever_is_known_every_explanation_gets_its_sentence(around):
    checked = check(around)
    assert [one.kind for one in checked] == list(LookalikeKind)
    assert all(words(one) for one in checked)
