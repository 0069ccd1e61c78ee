"""The evidence rule as a whole: its laws, its memory, and figures that would break a careless one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import evidence, evidence_people
from bot.domain.fatigue import EvidenceSettings, EvidenceVerdict, Standing, Status
from tests.sim.accounts import account
from tests.sim.panels import ad, panel

STEADY, RISING = [1.15] * 28, [1.15] * 12 + list(np.linspace(1.2, 2.6, 16))
FLAT = [0.02] * 28


def fall(total, days=16):
    """28 days of CTR, the last of them falling by a share in all."""
    return [0.02] * (28 - days) + list(0.02 * np.exp(np.linspace(0, np.log(1 - total), days)))


def siblings(count=8, ctr=FLAT):
    return [ad(ctr, STEADY) for _ in range(count)]


def verdict(*ads, day=27):
    return evidence.assess(panel(*ads), day)[0]


def test_a_fall_in_step_with_exposure_is_fatigue():
    found = verdict(ad(fall(0.4), RISING), *siblings())
    assert found.status is Status.FATIGUED
    assert found.loss == pytest.approx(0.4, abs=0.15)
    assert found.loss_low < found.loss < found.loss_high
    assert found.p > 0.9
    assert found.weight > 0.75
    assert found.frequency_now / found.frequency_before > 1.15
    assert found.clicks_7d > 200
    assert found.days == 28


@given(
    st.floats(min_value=1.3, max_value=5.0), st.integers(min_value=3, max_value=20), st.floats(0.015, 0.05)
)
@settings(max_examples=40, deadline=None)
def test_frequency_alone_is_never_fatigue(top, days, ctr):
    rising = [1.15] * (28 - days) + list(np.linspace(1.2, top, days))
    assert verdict(ad([ctr] * 28, rising, impressions=20_000.0), *siblings()).status is not Status.FATIGUED


def harmed(cost):
    """28 days of CTR that fall in step with what people have seen."""
    seen = evidence_people.exposures(panel(ad(FLAT, RISING)), np.array([RISING]))[1, 0]
    return list(0.02 * np.exp(-cost * (seen - seen.min())))


@given(st.floats(0.0, 1.2), st.floats(0.0, 0.5))
@settings(max_examples=40, deadline=None)
def test_more_of_the_same_fall_never_makes_it_less_likely(cost, more):
    first = verdict(ad(harmed(cost), RISING), *siblings())
    second = verdict(ad(harmed(cost + more), RISING), *siblings())
    assert second.p >= first.p - 1e-9
    assert second.loss >= first.loss - 1e-9


@given(st.floats(0.0, 0.6), st.floats(0.0, 0.25))
@settings(max_examples=40, deadline=None)
def test_a_steeper_fall_that_fits_exposure_less_takes_next_to_nothing_back(total, more):
    first = verdict(ad(fall(total), RISING), *siblings())
    second = verdict(ad(fall(min(total + more, 0.7)), RISING), *siblings())
    assert second.p >= first.p - 0.002
    assert second.loss >= first.loss - 0.005


@pytest.mark.parametrize("count", [8, 10, 20])
@pytest.mark.parametrize("share", [0.2, 0.35, 0.5, 0.6])
def test_what_befalls_all_ads_of_an_account_is_not_fatigue(share, count):
    ads = [ad(fall(share), RISING) for _ in range(count)]
    assert [found.status for found in evidence.assess(panel(*ads), 27)] == [Status.HEALTHY] * count


def test_a_fall_without_a_rise_in_exposure_is_not_fatigue():
    found = verdict(ad(fall(0.5), STEADY), *siblings())
    assert (found.status, found.loss) == (Status.HEALTHY, pytest.approx(0.0, abs=0.03))


def test_engagement_counts_as_well():
    alone = verdict(ad(fall(0.25), RISING, impressions=500.0), *siblings())
    tired = ad(fall(0.25), RISING, impressions=500.0)
    tired["engagement"] = tired["clicks"] * 5
    others = [one | {"engagement": one["clicks"] * 5} for one in siblings()]
    assert verdict(tired, *others).p > alone.p


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ({"impressions": [0.0] * 27 + [9e3]}, "fewer than 5 delivering days"),
        ({"impressions": [9e3] * 27 + [0.0]}, "not delivered on the last day"),
        ({"creative": [1] * 25 + [2] * 3}, "fewer than 5 days since the creative changed"),
        ({"frequency_7d": [np.inf] * 28}, "the reach of seven days is not known"),
    ],
)
def test_too_little_data_is_said(figures, reason):
    found = verdict(ad(**({"ctr": FLAT, "frequency_7d": RISING} | figures)))
    assert (found.status, found.reason) == (Status.INSUFFICIENT_DATA, reason)


@pytest.mark.parametrize("gap", [[5], [27 - 7, 27 - 6], [1, 4, 9, 16, 25]])
def test_days_without_clicks_or_delivery_do_no_harm(gap):
    shown = np.full(28, 10_000.0)
    shown[gap] = 0.0
    ctr = np.array(fall(0.4))
    ctr[10] = 0.0
    found = verdict(ad(ctr, RISING, impressions=shown), *siblings())
    assert found.days == 28 - len(gap)
    assert 0.0 <= found.p <= 1.0


def test_a_new_creative_starts_with_nobody_having_seen_it():
    swapped = verdict(ad(fall(0.4), RISING, creative=[1] * 18 + [2] * 10), *siblings())
    assert swapped.days == 10


def test_an_account_of_one_ad_gets_an_answer_with_a_wider_interval():
    alone, among = verdict(ad(fall(0.4), RISING)), verdict(ad(fall(0.4), RISING), *siblings())
    assert alone.loss_high - alone.loss_low > among.loss_high - among.loss_low


def test_later_rows_change_nothing():
    made = account(1009, 3).panel
    for day in (30, 47, 62):
        assert evidence.assess(made, day) == evidence.assess(made.window(day, day + 1), day)


def test_the_order_of_the_ads_changes_nothing():
    made = account(1009, 5).panel
    order = np.random.default_rng(1).permutation(made.ads)
    names = [field for field in type(made).__dataclass_fields__ if field not in {"first_day", "hooks"}]
    mixed = {name: np.array(getattr(made, name))[order] for name in names}
    mixed["ad_ids"] = tuple(mixed["ad_ids"])
    direct, other = evidence.assess(made, 60), evidence.assess(replace(made, **mixed), 60)
    for place, origin in enumerate(order):
        assert other[place].status is direct[origin].status
        assert other[place].p == pytest.approx(direct[origin].p, abs=1e-9)


def test_fatigue_needs_the_loss_over_two_judged_days_of_three():
    tired = account(1009, 3).panel
    days = [verdicts for _, verdicts, _ in evidence.walk(tired, 5, tired.days - 1)]
    found = [
        (day, row) for day in range(2, len(days)) for row in range(tired.ads) if fatigued(days[day][row])
    ]
    assert found
    for day, row in found:
        last = [days[day - back][row] for back in range(3)]
        judged = [one.loss for one in last if one.status is not Status.INSUFFICIENT_DATA]
        assert len(judged) >= 2
        assert np.mean(judged) >= EvidenceSettings().loss
    first = next(day for day, row in found)
    assert evidence.assess(tired, first + 5) == days[first]


def fatigued(one):
    return one.status is Status.FATIGUED


def test_another_currency_changes_nothing():
    made = account(1009, 5).panel
    assert [found.p for found in evidence.assess(made, 60)] == [
        found.p for found in evidence.assess(replace(made, spend=made.spend * 83.0), 60)
    ]


def scored(status, p, loss):
    return EvidenceVerdict(status=status, p=p, loss=loss)


BAD = scored(Status.FATIGUED, 0.9, 0.3)
CALM = scored(Status.HEALTHY, 0.1, 0.02)
MIDDLE = scored(Status.HEALTHY, 0.45, 0.17)
NOTHING = EvidenceVerdict(Status.INSUFFICIENT_DATA, reason="not delivered on the last day")


@pytest.mark.parametrize(
    ("verdicts", "statuses"),
    [
        ([BAD, CALM, CALM], ["fatigued", "fatigued", "healthy"]),
        ([BAD, CALM, MIDDLE, CALM, CALM], ["fatigued"] * 4 + ["healthy"]),
        ([BAD, MIDDLE, MIDDLE], ["fatigued"] * 3),
        ([BAD, CALM, NOTHING, CALM], ["fatigued", "fatigued", "fatigued", "healthy"]),
        ([scored(Status.WATCH, 0.6, 0.17), BAD, CALM, CALM], ["watch", "fatigued", "fatigued", "healthy"]),
        ([BAD, scored(Status.WATCH, 0.6, 0.17)], ["fatigued", "fatigued"]),
        ([NOTHING, CALM, NOTHING], ["insufficient_data", "healthy", "insufficient_data"]),
        (
            [
                BAD,
                EvidenceVerdict(
                    Status.INSUFFICIENT_DATA, reason="fewer than 5 days since the creative changed"
                ),
            ],
            ["fatigued", "insufficient_data"],
        ),
    ],
)
def test_an_alert_lasts_until_it_has_been_calm(verdicts, statuses):
    standing, seen = Standing(), []
    for one in verdicts:
        standing = evidence.settle(standing, one, EvidenceSettings())
        seen.append(str(standing.status))
    assert seen == statuses
