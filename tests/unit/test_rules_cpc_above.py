"""CPC (link): dear clicks by campaign, with the reason, and no second alert for a fall in CTR."""

import pytest

from bot.domain.targets import Targets
from bot.rules.cpc_above import RULE
from tests.rules_support import (
    ORDINARY,
    ad,
    campaign,
    found,
    history,
    in_other_money,
    opened,
    snapshot,
    times,
    where,
)

LIMIT = Targets(cpc_minor=1_800)


def dear(number=1, by=2.0, daily=ORDINARY, **more):
    recent = {age: times(daily, spend_minor=by) for age in (0, 1)}
    return campaign(number, *history(daily, recent), **more)


def steady(first=2, last=4):
    return [campaign(number, *history()) for number in range(first, last + 1)]


def test_a_campaign_whose_clicks_cost_twice_as_much_is_found_and_worked_out():
    (finding,) = found(RULE, snapshot(dear(), *steady(), targets=LIMIT))
    assert finding.entity.id == "c1"
    # 28,000.00 for 1,200 clicks; at 18.00 they would be 21,600.00
    assert finding.value.amount == pytest.approx(2_333.33, abs=0.01)
    assert finding.threshold.amount == 1_800
    assert finding.cost_minor == 2_800_000 - 1_200 * 1_800
    # CPM from 175.00 to 350.00, the same CTR
    assert [quantity.amount for quantity in finding.remarks[0].quantities[4::3]] == [1.0, 0.0]
    assert finding.remarks[1].template.startswith("The account's other campaigns hardly moved")
    assert "auction" in finding.advice


def test_without_a_limit_it_is_held_to_its_own_past():
    (finding,) = found(RULE, snapshot(dear(), *steady()))
    assert finding.threshold.amount == pytest.approx(1.5 * 700_000 / 600)
    assert finding.threshold_from == "1.5 times its own previous 14 days"


def test_dear_clicks_because_people_click_less_are_left_to_the_ctr_rule():
    fewer = {age: times(ORDINARY, link_clicks=0.5) for age in (0, 1)}
    one = campaign(1, *history(recent=fewer))
    assert not found(RULE, snapshot(one, *steady()))
    # A limit that a person set holds whatever the reason.
    assert where(found(RULE, snapshot(one, *steady(), targets=LIMIT))) == ["c1"]


def test_few_clicks_say_nothing():
    small = times(ORDINARY, 1 / 60)  # 20 clicks in two days, 10 at the doubled price
    assert not found(RULE, snapshot(dear(daily=small, by=1.8), *steady(), targets=LIMIT))


def test_most_campaigns_together_are_the_account():
    parts = [dear(number) for number in (1, 2, 3)]
    (finding,) = found(RULE, snapshot(*parts, *steady(4, 5), targets=LIMIT))
    assert finding.entity.id == "act_1"
    assert [one.object_id for one in finding.contributors] == ["c1", "c2", "c3"]


def test_between_fire_and_clear_nothing_flips():
    between = snapshot(dear(by=1.45), *steady(), targets=LIMIT)  # 16.92, between 16.20 and 18.00
    assert not found(RULE, between)
    assert where(found(RULE, opened(between, (RULE.id, "c1")))) == ["c1"]
    below = snapshot(dear(by=1.3), *steady(), targets=LIMIT)
    assert not found(RULE, opened(below, (RULE.id, "c1")))


def test_ads_are_named_by_their_share_of_the_excess():
    part = times(ORDINARY, 0.5)
    recent = {age: times(part, spend_minor=3.0) for age in (0, 1)}
    ads = [ad(1, 1, *history(part, recent)), ad(2, 1, *history(part))]
    (finding,) = found(RULE, snapshot(dear(), *ads, *steady(), targets=LIMIT))
    assert [(one.object_id, one.share) for one in finding.contributors] == [("a1", 1.0)]


def test_only_delivering_campaigns_are_judged():
    assert not found(RULE, snapshot(dear(effective_status="PAUSED"), *steady(), targets=LIMIT))


def test_without_any_clicks_in_the_past_there_is_nothing_to_judge_by():
    none = times(ORDINARY, link_clicks=0)
    assert not found(RULE, snapshot(campaign(1, *history(none))))


def test_the_currency_does_not_matter():
    seen = snapshot(dear(), *steady(), targets=LIMIT)
    (plain,), (other,) = found(RULE, seen), found(RULE, in_other_money(seen, 100))
    assert other.value.amount == pytest.approx(100 * plain.value.amount)
    assert other.cost_minor == 100 * plain.cost_minor
