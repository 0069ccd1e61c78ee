"""Spend without purchases: from the account down, against what bad luck explains."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.findings import Severity
from bot.domain.insights import Figures
from bot.domain.targets import Targets
from bot.rules.spend_without_purchases import RULE
from tests.rules_support import (
    NOW,
    ORDINARY,
    TODAY,
    account,
    ad,
    adset,
    campaign,
    found,
    history,
    in_other_money,
    opened,
    snapshot,
    spell,
    times,
    together,
    where,
)

TARGET = Targets(cost_per_purchase_minor=30_000)
NONE = times(ORDINARY, purchases=0, purchase_value_minor=0)
SINCE = NOW - timedelta(hours=9)


def quiet(purchases_missing, clicks=300):
    """A spell in which so many purchases were due at 233.33 each."""
    return spell(SINCE, round(purchases_missing * 700_000 / 30), clicks)


def selling(first, last):
    return [campaign(number, *history()) for number in range(first, last + 1)]


def test_a_campaign_that_fell_silent_is_found_and_worked_out():
    (finding,) = found(RULE, snapshot(campaign(1, *history(), quiet=quiet(15)), *selling(2, 4)))
    assert finding.entity.id == "c1"
    assert finding.value.amount == 0
    assert finding.threshold.amount == 15.0
    assert finding.cost_minor == 350_000
    assert finding.cost_meaning == "spent without a purchase"
    assert finding.since == SINCE
    assert finding.window == "since the last purchase"
    assert finding.severity is Severity.WARNING


def test_a_short_silence_is_bad_luck():
    # 30 purchases a day: a pause of 8 purchases' worth comes about more often than once in 50 days.
    assert not found(RULE, snapshot(campaign(1, *history(), quiet=quiet(8)), *selling(2, 4)))


def test_the_more_it_sells_the_longer_the_silence_must_be():
    busy = campaign(1, *history(times(ORDINARY, 20)), quiet=quiet(15))
    assert not found(RULE, snapshot(busy, *selling(2, 4)))


def test_when_the_account_is_silent_its_campaigns_are_not_reported_one_by_one():
    parts = [campaign(number, *history(), quiet=quiet(20)) for number in (1, 2)]
    (finding,) = found(RULE, snapshot(account(*together(*parts), quiet=quiet(40, clicks=800)), *parts))
    assert finding.entity.id == "act_1"
    assert finding.severity is Severity.CRITICAL
    assert [one.object_id for one in finding.contributors] == ["c1", "c2"]
    assert [one.share for one in finding.contributors] == pytest.approx([0.5, 0.5])
    assert any("tracking may be broken" in remark.template for remark in finding.remarks)


def test_a_silence_with_few_clicks_is_not_put_down_to_tracking():
    part = campaign(1, *history(), quiet=quiet(15, clicks=20))
    (finding,) = found(RULE, snapshot(part, *selling(2, 4)))
    assert not any("tracking" in remark.template for remark in finding.remarks)


def test_an_ad_set_that_never_sold_is_found_by_its_days_against_the_target():
    part = times(NONE, 0.1)  # 700.00 a day
    born = {age: Figures() for age in range(6, 29)}
    days = history(part, born)
    ads = [ad(number, 1, *history(times(part, 0.5), born), adset_number=9) for number in (1, 2)]
    seen = snapshot(campaign(1, *history()), adset(9, 1, *days), *ads, targets=TARGET)
    (finding,) = found(RULE, seen)
    assert finding.entity.id == "s9"
    assert finding.window == "the last 6 days including today"
    # 700.00 x (1 + 0.98 + 0.97 + 0.95 + 0.90 + 0.65) / 300.00
    assert finding.threshold.amount == pytest.approx(12.7)
    assert finding.since == seen.start_of(TODAY - timedelta(days=5))
    assert [one.object_id for one in finding.contributors] == ["a1", "a2"]


def test_an_ad_set_with_a_single_ad_is_reported_as_that_ad():
    part = times(NONE, 0.1)
    days = history(part, {age: Figures() for age in range(6, 29)})
    seen = snapshot(
        campaign(1, *history()), adset(9, 1, *days), ad(1, 1, *days, adset_number=9), targets=TARGET
    )
    assert where(found(RULE, seen)) == ["a1"]


def test_children_are_part_of_a_parent_that_is_or_was_lately_reported():
    part = times(NONE, 0.1)
    days = history(part, {age: Figures() for age in range(6, 29)})
    seen = snapshot(campaign(1, *history()), ad(1, 1, *days), targets=TARGET)
    assert not found(RULE, replace(seen, recent_alerts=frozenset({(RULE.id, "c1")})))
    assert not found(RULE, opened(seen, ("cost_per_purchase_above", "c1")))


def test_without_a_target_an_account_that_never_sold_is_left_alone():
    assert not found(RULE, snapshot(campaign(1, *history(NONE), quiet=quiet(50))))


def test_an_account_that_never_sold_is_left_alone_even_with_a_target():
    assert not found(RULE, snapshot(campaign(1, *history(NONE), quiet=quiet(50)), targets=TARGET))


@pytest.mark.parametrize("more", [{"effective_status": "PAUSED"}, {"seeks_purchases": False}])
def test_only_delivering_objects_that_are_to_sell_are_judged(more):
    assert not found(RULE, snapshot(campaign(1, *history(), quiet=quiet(30), **more), *selling(2, 4)))


def test_an_open_alert_lasts_until_somebody_buys():
    seen = snapshot(campaign(1, *history(), quiet=quiet(4)), *selling(2, 4))
    assert not found(RULE, seen)
    assert where(found(RULE, opened(seen, (RULE.id, "c1")))) == ["c1"]
    bought = snapshot(campaign(1, *history(), quiet=quiet(0.2)), *selling(2, 4))
    assert not found(RULE, opened(bought, (RULE.id, "c1")))


def test_steps_follow_the_purchases_that_are_missing():
    slow = times(ORDINARY, 0.01, purchases=10 / 3 / 0.9)  # 1 purchase a day of 70.00

    def severity(missing):
        part = campaign(1, *history(slow), quiet=spell(SINCE, round(missing * 7_000), 5))
        (finding,) = found(RULE, snapshot(part, *selling(2, 3)), chance=1.0)
        return finding.severity

    assert severity(2.1) is Severity.INFO
    assert severity(3.1) is Severity.WARNING


def test_the_first_hour_of_a_day_without_a_purchase_is_not_a_silence():
    night = NOW.replace(hour=19)  # 00:30 in Kolkata, the next day
    parts = [campaign(n, *history(recent={0: times(NONE, 0.03)})) for n in (1, 2)]
    seen = snapshot(*parts, now=night, data_as_of=night - timedelta(days=1))
    assert not found(RULE, seen)


def test_the_currency_does_not_matter():
    seen = snapshot(campaign(1, *history(), quiet=quiet(15)), *selling(2, 4))
    (plain,), (other,) = found(RULE, seen), found(RULE, in_other_money(seen, 100))
    assert (other.entity, other.threshold, other.severity) == (plain.entity, plain.threshold, plain.severity)
    assert other.cost_minor == 100 * plain.cost_minor
