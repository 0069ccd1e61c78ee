"""ROAS: complete days only, late value allowed for, and no second alert for dear purchases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.targets import Targets
from bot.rules.roas_below import RULE
from tests.rules_support import (
    NOW,
    ORDINARY,
    TODAY,
    campaign,
    found,
    history,
    in_other_money,
    opened,
    snapshot,
    times,
    where,
)

TARGET = Targets(purchase_roas=4.0)


def poor(number=1, by=0.5, ages=(1, 2, 3), daily=ORDINARY, **more):
    recent = {age: times(daily, purchase_value_minor=by) for age in ages}
    return campaign(number, *history(daily, recent), **more)


def steady(first=2, last=4):
    return [campaign(number, *history()) for number in range(first, last + 1)]


def test_a_campaign_whose_orders_shrank_is_found_and_worked_out():
    (finding,) = found(RULE, snapshot(poor(), *steady(), targets=TARGET))
    assert finding.entity.id == "c1"
    assert finding.value.amount == pytest.approx(2.5)
    assert finding.threshold.amount == 4.0
    assert finding.window == "last 3 complete days"
    # 21,000.00 spent; 17,500.00 a day of value stands for 17,500 x (1/.97 + 1/.95 + 1/.90) at target 4
    assert finding.cost_minor == round(2_100_000 - 1_750_000 * (1 / 0.97 + 1 / 0.95 + 1 / 0.90) / 4)
    assert [quantity.amount for quantity in finding.remarks[0].quantities[4::3]] == [1.0, 0.0]
    assert "value per purchase" in finding.remarks[0].template
    assert "understated" in finding.remarks[-1].template
    assert finding.since == snapshot(poor()).start_of(TODAY - timedelta(days=3))


def test_without_a_target_it_is_held_to_its_own_past():
    (finding,) = found(RULE, snapshot(poor(), *steady()))
    assert finding.threshold.amount == pytest.approx(0.7 * 5)
    assert finding.threshold_from == "0.7 times its own previous 14 days"


def test_a_target_that_is_missed_week_after_week_is_told():
    weak = times(ORDINARY, purchase_value_minor=0.6)  # 3.0 every day
    assert where(found(RULE, snapshot(campaign(1, *history(weak)), *steady(), targets=TARGET))) == ["c1"]
    assert not found(RULE, snapshot(campaign(1, *history(weak)), *steady()))


def test_today_never_counts():
    seen = snapshot(poor(by=0.0, ages=(0,)), *steady(), targets=TARGET)
    assert not found(RULE, seen)


def test_yesterday_does_not_count_before_three_hours_have_passed():
    midnight = NOW.replace(hour=18, minute=30) - timedelta(days=1)
    seen = snapshot(poor(by=0.2), *steady(), targets=TARGET)
    early = replace(seen, data_as_of=midnight + timedelta(hours=2, minutes=59))
    late = replace(seen, data_as_of=midnight + timedelta(hours=3))
    assert found(RULE, early)[0].figures.purchase_value_minor == 3_500_000 + 2 * 700_000
    assert found(RULE, late)[0].figures.purchase_value_minor == 3 * 700_000


def test_value_that_is_merely_late_says_nothing():
    recent = {
        age: times(ORDINARY, purchases=share, purchase_value_minor=share)
        for age, share in {1: 0.85, 2: 0.93, 3: 0.96}.items()
    }
    seen = snapshot(campaign(1, *history(recent=recent)), *steady(), targets=Targets(purchase_roas=4.9))
    assert not found(RULE, seen)


def test_few_purchases_say_nothing():
    small = times(ORDINARY, 0.05)  # 6 purchases in three days
    assert not found(RULE, snapshot(poor(daily=small), *steady(), targets=TARGET))


def test_dear_purchases_are_left_to_the_cost_rule():
    fewer = {age: times(ORDINARY, purchases=0.4, purchase_value_minor=0.4) for age in (1, 2, 3)}
    one = campaign(1, *history(recent=fewer))
    assert not found(RULE, snapshot(one, *steady()))
    assert where(found(RULE, snapshot(one, *steady(), targets=TARGET))) == ["c1"]


def test_days_without_any_purchase_are_left_to_the_rule_on_silence():
    none = {age: times(ORDINARY, purchases=0, purchase_value_minor=0) for age in (1, 2, 3)}
    assert not found(RULE, snapshot(campaign(1, *history(recent=none)), *steady(), targets=TARGET))
    lately = snapshot(poor(), *steady(), targets=TARGET)
    lately = replace(lately, recent_alerts=frozenset({("spend_without_purchases", "c1")}))
    assert not found(RULE, lately)


def test_purchases_without_a_value_are_a_fault_of_the_event():
    (finding,) = found(RULE, snapshot(poor(by=0.0), *steady(), targets=TARGET))
    assert finding.value.amount == 0.0
    assert "carries value" in finding.advice


def test_an_account_that_reports_no_values_is_left_alone():
    bare = times(ORDINARY, purchase_value_minor=0)
    assert not found(RULE, snapshot(campaign(1, *history(bare))))


def test_most_campaigns_together_are_the_account():
    parts = [poor(number) for number in (1, 2, 3)]
    (finding,) = found(RULE, snapshot(*parts, *steady(4, 5), targets=TARGET))
    assert finding.entity.id == "act_1"
    assert [one.object_id for one in finding.contributors] == ["c1", "c2", "c3"]


def test_between_fire_and_clear_nothing_flips():
    between = snapshot(poor(by=0.7), *steady(), targets=TARGET)  # 3.72 allowing for late value
    assert not found(RULE, between)
    assert where(found(RULE, opened(between, (RULE.id, "c1")))) == ["c1"]
    above = snapshot(poor(by=0.8), *steady(), targets=TARGET)
    assert not found(RULE, opened(above, (RULE.id, "c1")))


@pytest.mark.parametrize("more", [{"effective_status": "PAUSED"}, {"seeks_purchases": False}])
def test_only_delivering_campaigns_that_are_to_sell_are_judged(more):
    assert not found(RULE, snapshot(poor(**more), *steady(), targets=TARGET))


def test_the_currency_does_not_matter():
    seen = snapshot(poor(), *steady(), targets=TARGET)
    (plain,), (other,) = found(RULE, seen), found(RULE, in_other_money(seen, 100))
    assert other.value.amount == pytest.approx(plain.value.amount)
    assert other.cost_minor == pytest.approx(100 * plain.cost_minor, abs=100)
