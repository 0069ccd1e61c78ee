"""Cost per purchase: worked by hand, guarded against few and late purchases, one incident per problem."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.findings import Unit
from bot.domain.insights import Figures
from bot.domain.targets import Targets
from bot.rules.cost_per_purchase_above import RULE
from tests.rules_support import (
    NOW,
    TODAY,
    ad,
    campaign,
    found,
    history,
    in_other_money,
    opened,
    snapshot,
    spell,
    times,
    where,
)
from tests.rules_support import ORDINARY as SMALL

ORDINARY = times(SMALL, 4)  # 120 purchases a day of 233.33
TARGET = Targets(cost_per_purchase_minor=30_000)
HALF = times(ORDINARY, purchases=0.5)
# Half of what the others have: 54 and 42 purchases reported so far.
DOUBLED = {1: times(ORDINARY, purchases=0.45), 0: times(ORDINARY, purchases=0.35)}
# The others as they look at 18:00: today's purchases are partly in.
USUAL = {1: times(ORDINARY, purchases=0.9), 0: times(ORDINARY, purchases=0.7)}


def others(first=2, last=5, recent=USUAL):
    return [campaign(number, *history(recent=recent)) for number in range(first, last + 1)]


def doubled(number=1, **more):
    return campaign(number, *history(recent=DOUBLED), **more)


def test_a_campaign_whose_purchases_halved_since_yesterday_is_found_at_once():
    (finding,) = found(RULE, snapshot(doubled(), *others(), targets=TARGET))
    assert finding.entity.id == "c1"
    # 2 x 28,000.00 spent, 96 purchases
    assert finding.value.amount == pytest.approx(58_333.33, abs=0.01)
    assert finding.threshold.amount == 30_000
    assert finding.threshold_from == "your target"
    assert finding.window == "yesterday and today"
    # Yesterday's 54 stand for 60, today's 42 for 64.62: 56,000.00 less 124.62 x 300.00
    assert finding.cost_minor == 1_861_538


def test_the_reason_adds_up_and_names_what_moved():
    (finding,) = found(RULE, snapshot(doubled(), *others(), targets=TARGET))
    first = finding.remarks[0]
    shares = [quantity.amount for quantity in first.quantities[4::3]]
    assert shares == [0.0, 0.0, 1.0]
    assert "purchases per link click" in first.template
    assert finding.advice.startswith("Check landing page")
    assert finding.remarks[1].template.startswith("The account's other campaigns hardly moved: {0}")


def test_it_began_on_the_first_of_the_dear_days():
    recent = {4: HALF, 3: HALF, 2: HALF} | DOUBLED | {0: times(ORDINARY, purchases=0.3)}
    seen = snapshot(campaign(1, *history(recent=recent)), *others(), targets=TARGET)
    assert found(RULE, seen)[0].since == seen.start_of(TODAY - timedelta(days=4))


def test_without_a_target_its_own_past_and_half_as_much_again_is_the_level():
    (finding,) = found(RULE, snapshot(doubled(), *others()))
    assert finding.threshold.amount == pytest.approx(1.5 * 23_333.33, abs=0.01)
    assert finding.threshold_from == "1.5 times its own previous 14 days"


def test_a_campaign_that_always_was_dearer_than_the_rest_is_not_news():
    dear = times(ORDINARY, purchases=0.5)
    one = campaign(1, *history(dear, DOUBLED))
    assert not found(RULE, snapshot(one, *others()))
    (finding,) = found(RULE, snapshot(one, *others(), targets=TARGET))
    assert finding.entity.id == "c1"


def test_a_cost_that_stays_somewhat_above_the_target_shows_in_a_week():
    usual = times(ORDINARY, purchases=0.95)
    recent = {age: times(ORDINARY, purchases=0.62) for age in range(2, 7)}
    recent |= {1: times(ORDINARY, purchases=0.56), 0: times(ORDINARY, purchases=0.45)}
    seen = snapshot(campaign(1, *history(usual, recent)), *others(), targets=TARGET)
    (finding,) = found(RULE, seen)
    assert finding.window == "last 7 days including today"
    assert finding.since == seen.start_of(TODAY - timedelta(days=6))


def test_nothing_is_said_where_nobody_sold_anything():
    silent = times(ORDINARY, purchases=0, purchase_value_minor=0)
    assert not found(RULE, snapshot(campaign(1, *history(silent)), campaign(2, *history(silent))))


def test_few_purchases_say_nothing():
    small = 0.025  # 3 purchases a day, 6 due over the window
    recent = {age: times(HALF, small) for age in (0, 1)}
    one = campaign(1, *history(times(ORDINARY, small), recent))
    assert not found(RULE, snapshot(one, *others(), targets=TARGET))


def test_bad_luck_on_a_small_campaign_says_nothing():
    # 10 purchases due, 6 came: dear, but it happens one time in eight.
    part = times(SMALL, 1 / 6)
    recent = {1: times(part, purchases=0.6), 0: times(part, purchases=0.6)}
    assert not found(RULE, snapshot(campaign(1, *history(part, recent)), *others(), targets=TARGET))


def test_purchases_that_are_late_for_everybody_are_nobodys_fault():
    late = {1: times(ORDINARY, purchases=0.85), 0: times(ORDINARY, purchases=0.55)}
    seen = snapshot(*others(1, 5, late), targets=Targets(cost_per_purchase_minor=25_000))
    assert not found(RULE, seen)


def test_just_after_midnight_yesterday_is_not_taken_as_complete():
    early = NOW.replace(hour=18, minute=45)  # 00:15 in Kolkata, the next day
    recent = {1: times(ORDINARY, purchases=0.66), 0: times(ORDINARY, 0.01, purchases=0)}
    parts = [campaign(number, *history(recent=recent)) for number in range(1, 6)]
    assert not found(RULE, snapshot(*parts, targets=TARGET, data_as_of=early - timedelta(days=1), now=early))


def test_between_clear_and_fire_nothing_flips():
    # 312.00 a purchase after late ones: below 330.00, where it fires, above 280.50, where it is over.
    between = {1: times(ORDINARY, purchases=0.7), 0: times(ORDINARY, purchases=0.5)}
    seen = snapshot(campaign(1, *history(recent=between)), *others(), targets=TARGET)
    assert not found(RULE, seen)
    assert where(found(RULE, opened(seen, (RULE.id, "c1")))) == ["c1"]


def test_a_campaign_that_is_fine_today_is_over_although_yesterday_was_dear():
    recent = {1: times(ORDINARY, purchases=0.4), 0: times(ORDINARY, purchases=0.75)}
    seen = snapshot(campaign(1, *history(recent=recent)), *others(), targets=TARGET)
    assert not found(RULE, opened(seen, (RULE.id, "c1")))


def test_an_open_alert_is_not_over_because_nobody_buys_at_all():
    none = times(ORDINARY, purchases=0, purchase_value_minor=0)
    seen = snapshot(campaign(1, *history(recent={1: none, 0: none})), *others(), targets=TARGET)
    assert not found(RULE, seen)  # spend without purchases tells of it
    (finding,) = found(RULE, opened(seen, (RULE.id, "c1")))
    assert finding.value is None


def test_when_most_campaigns_turn_dear_the_account_is_the_incident():
    seen = snapshot(*(doubled(number) for number in range(1, 6)), targets=TARGET)
    (finding,) = found(RULE, seen)
    assert finding.entity.id == "act_1"
    assert [one.object_id for one in finding.contributors] == ["c1", "c2", "c3", "c4", "c5"]
    assert sum(one.share for one in finding.contributors) == pytest.approx(1.0)


def test_the_ads_behind_it_are_named_by_their_share_of_the_excess():
    part = times(ORDINARY, 0.5)
    worst = {age: times(part, purchases=0.2) for age in (0, 1)}
    bad = {age: times(part, purchases=0.6) for age in (0, 1)}
    ads = [ad(1, 1, *history(part, worst)), ad(2, 1, *history(part, bad)), ad(3, 1, *history(part))]
    both = {age: times(ORDINARY, purchases=0.4) for age in (0, 1)}
    seen = snapshot(campaign(1, *history(recent=both)), *ads, *others(), targets=TARGET)
    first, second = found(RULE, seen)[0].contributors
    # 28,000.00 less 24 x 300.00, and 28,000.00 less 72 x 300.00
    assert (first.object_id, second.object_id) == ("a1", "a2")
    assert first.share == pytest.approx(20_800 / (20_800 + 6_400))
    assert first.figures.purchases == 24


def test_a_tracking_break_is_left_to_the_alert_that_tells_of_it():
    quiet = spell(NOW - timedelta(hours=9), 2_400_000, 2_000)
    recent = {1: times(ORDINARY, purchases=0.9), 0: times(ORDINARY, purchases=0.2)}
    one = campaign(1, *history(recent=recent), quiet=quiet)
    assert not found(RULE, snapshot(one, *others(), targets=TARGET))


def test_the_hole_that_a_tracking_break_left_is_not_told_again():
    seen = snapshot(doubled(), *others(), targets=TARGET)
    lately = replace(seen, recent_alerts=frozenset({("spend_without_purchases", "c1")}))
    assert not found(RULE, lately)


@pytest.mark.parametrize("more", [{"effective_status": "PAUSED"}, {"seeks_purchases": False}])
def test_only_delivering_campaigns_that_are_to_sell_are_judged(more):
    assert not found(RULE, snapshot(doubled(**more), *others(), targets=TARGET))


def test_the_currency_does_not_matter():
    seen = snapshot(doubled(), *others(), targets=TARGET)
    (plain,), (other,) = found(RULE, seen), found(RULE, in_other_money(seen, 100))
    assert other.entity == plain.entity
    assert other.value.amount == pytest.approx(100 * plain.value.amount)
    assert other.severity is plain.severity
    units = {quantity.unit for remark in other.remarks for quantity in remark.quantities}
    assert units == {Unit.MONEY, Unit.PERCENT, Unit.SHARE}


def test_order_of_the_campaigns_does_not_matter():
    seen = snapshot(doubled(), *others(), targets=TARGET)
    assert found(RULE, replace(seen, series=seen.series[::-1])) == found(RULE, seen)


def test_a_day_without_delivery_is_no_trouble():
    gap = {age: Figures() for age in (3, 4, 9)} | DOUBLED
    seen = snapshot(campaign(1, *history(recent=gap)), *others(), targets=TARGET)
    assert where(found(RULE, seen)) == ["c1"]
