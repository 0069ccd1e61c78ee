"""CTR (link): noise says nothing, a real fall does, and a campaign speaks for most of its ads."""

from datetime import timedelta

import pytest

from bot.domain.findings import Severity
from bot.domain.insights import Figures
from bot.domain.targets import Targets
from bot.rules.ctr_below import RULE
from tests.rules_support import (
    ORDINARY,
    TODAY,
    account,
    ad,
    campaign,
    found,
    history,
    in_other_money,
    opened,
    snapshot,
    times,
    together,
    where,
)

LIMIT = Targets(ctr=0.012)
# 5,000 impressions and 75 link clicks a day
PART = times(ORDINARY, 1 / 8)


def fallen(by, number=1, parent=1, daily=PART, **more):
    recent = {age: times(daily, link_clicks=by) for age in (0, 1)}
    return ad(number, parent, *history(daily, recent), **more)


def steady(*numbers, parent=1, daily=PART):
    return [ad(number, parent, *history(daily)) for number in numbers]


def seen(*ads, targets=None, **more):
    by_campaign = {}
    for one in ads:
        by_campaign.setdefault(int(one.entity.campaign_id[1:]), []).append(one)
    campaigns = [campaign(number, *together(*own)) for number, own in by_campaign.items()]
    return snapshot(*campaigns, *ads, targets=targets, **more)


def test_an_ad_that_lost_half_its_clicks_is_found_and_worked_out():
    (finding,) = found(RULE, seen(fallen(0.5), *steady(2, 3, 4), targets=LIMIT))
    assert finding.entity.id == "a1"
    # 38 + 38 link clicks of 10,000 impressions
    assert finding.value.amount == pytest.approx(0.0076)
    assert finding.threshold.amount == 0.012
    assert finding.threshold_from == "your target"
    assert finding.remarks[0].template == "{0} link clicks where the threshold means {1}."
    assert [quantity.amount for quantity in finding.remarks[0].quantities] == [76, 120]
    # 1,750.00 spent, of which 76 / 120 bought the clicks they should
    assert finding.cost_minor == round(175_000 * (1 - 76 / 120))
    assert finding.severity is Severity.INFO
    assert finding.since == seen(fallen(0.5)).start_of(TODAY - timedelta(days=1))


def test_without_a_threshold_it_is_held_to_its_own_past():
    (finding,) = found(RULE, seen(fallen(0.45), *steady(2, 3, 4)))
    assert finding.threshold.amount == pytest.approx(0.7 * 0.015)
    assert finding.threshold_from == "0.7 times its own previous 14 days"


def test_two_thousand_impressions_are_noise():
    # 30 clicks due over two days, 20 came: a third less, and it happens all the time.
    small = times(ORDINARY, 1 / 40)
    assert not found(RULE, seen(fallen(0.66, daily=small), *steady(2, 3, daily=small), targets=LIMIT))


def test_below_the_least_clicks_even_none_says_nothing():
    small = times(ORDINARY, 1 / 80)  # 15 clicks due over two days
    assert not found(RULE, seen(fallen(0.0, daily=small), *steady(2, 3, daily=small), targets=LIMIT))


def test_an_ad_that_always_was_clicked_less_is_not_news():
    weak = times(PART, link_clicks=0.6)
    assert not found(RULE, seen(*steady(1, daily=weak), *steady(2, 3, 4)))


def test_unless_it_lies_far_below_the_account():
    hopeless = times(PART, 4, link_clicks=0.2)
    assert where(found(RULE, seen(*steady(1, daily=hopeless), *steady(2, 3, 4, 5, 6, 7, 8, 9)))) == ["a1"]


def test_an_ad_that_has_been_below_the_threshold_for_weeks_is_told():
    weak = times(PART, 2, link_clicks=0.6)  # 0.9 % every day
    assert where(found(RULE, seen(*steady(1, daily=weak), *steady(2, 3, 4), targets=LIMIT))) == ["a1"]


def test_a_new_ad_is_held_to_the_account():
    born = {age: Figures() for age in range(2, 29)}
    recent = {age: times(PART, 2, link_clicks=0.4) for age in (0, 1)}
    one = ad(1, 1, *history(PART, born | recent))
    (finding,) = found(RULE, seen(one, *steady(2, 3, 4)))
    assert finding.threshold_from == "0.7 times the account's last 28 days"


def test_most_ads_of_a_campaign_are_one_incident():
    ads = [fallen(0.4, number) for number in (1, 2, 3)]
    (finding,) = found(RULE, seen(*ads, *steady(4), *steady(5, 6, 7, 8, parent=2), targets=LIMIT))
    assert finding.entity.id == "c1"
    assert finding.severity is Severity.WARNING
    assert sorted(one.object_id for one in finding.contributors) == ["a1", "a2", "a3"]
    assert sum(one.share for one in finding.contributors) == pytest.approx(1.0)
    assert finding.remarks[-1].template.startswith("The account's other ads hardly moved")


def test_a_campaign_alert_stays_one_while_its_ads_recover():
    ads = [fallen(0.4, 1), *steady(2, 3, 4)]
    whole = seen(*ads, *steady(5, 6, 7, 8, parent=2), targets=LIMIT)
    assert where(found(RULE, whole)) == ["a1"]
    assert where(found(RULE, opened(whole, (RULE.id, "c1")))) == ["c1"]


def test_between_fire_and_clear_nothing_flips():
    between = seen(fallen(0.85), *steady(2, 3, 4), targets=LIMIT)  # 1.27 %: above 1.2 %, below 1.32 %
    assert not found(RULE, between)
    assert where(found(RULE, opened(between, (RULE.id, "a1")))) == ["a1"]
    above = seen(fallen(0.95), *steady(2, 3, 4), targets=LIMIT)
    assert not found(RULE, opened(above, (RULE.id, "a1")))


@pytest.mark.parametrize("status", ["PAUSED", "CAMPAIGN_PAUSED", "DISAPPROVED", "ARCHIVED"])
def test_only_delivering_ads_are_judged(status):
    assert not found(RULE, seen(fallen(0.3, effective_status=status), *steady(2, 3, 4), targets=LIMIT))


def test_nothing_to_judge_by_means_silence():
    empty = snapshot(account(), ad(1, 1, *history(PART)))
    assert empty.thresholds.ctr is None
    assert not found(RULE, empty)


def test_the_currency_does_not_matter():
    one = seen(fallen(0.5), *steady(2, 3, 4), targets=LIMIT)
    (plain,), (other,) = found(RULE, one), found(RULE, in_other_money(one, 100))
    assert (other.value, other.severity) == (plain.value, plain.severity)
    assert other.cost_minor == pytest.approx(100 * plain.cost_minor, abs=100)
