"""Rejected ads: told at once, grouped when they are many, and dealt with when a person switches them off."""

from datetime import UTC, datetime

import pytest

from bot.domain.findings import Severity
from bot.domain.insights import Figures
from bot.rules.ad_rejected import RULE
from tests.rules_support import (
    ORDINARY,
    POLICY,
    YESTERDAY,
    account,
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

NOT_TODAY = {0: Figures()}


def rejected(number, parent=1, *, spend=0.1, **more):
    days = history(times(ORDINARY, spend), NOT_TODAY) if spend else ()
    return ad(number, parent, *days, effective_status="DISAPPROVED", issues=(POLICY,), **more)


def test_a_rejected_ad_tells_why_and_what_it_used_to_spend():
    (finding,) = found(RULE, snapshot(account(*history()), rejected(1)))
    assert finding.entity.id == "a1"
    assert finding.issues == (POLICY,)
    assert finding.cost_minor == 70_000  # a tenth of 7,000.00 a day
    assert finding.cost_meaning == "a day, its average over its last delivering days, 10% of the account's"
    assert finding.value is None
    assert finding.severity is Severity.WARNING


def test_the_average_is_over_its_last_seven_whole_days():
    days = history(times(ORDINARY, 0.1), {age: times(ORDINARY, 0.2) for age in range(8, 29)} | NOT_TODAY)
    one = ad(1, 1, *days, effective_status="DISAPPROVED")
    assert found(RULE, snapshot(account(*history()), one))[0].cost_minor == 70_000


def test_a_rejection_that_stops_a_fifth_of_the_account_is_critical():
    (finding,) = found(RULE, snapshot(account(*history()), rejected(1, spend=0.2)))
    assert finding.severity is Severity.CRITICAL


def test_it_began_when_meta_last_changed_the_ad():
    at = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    (finding,) = found(RULE, snapshot(account(*history()), rejected(1, updated_at=at)))
    assert finding.since == at


def test_without_that_it_began_on_its_last_day_of_delivery():
    seen = snapshot(account(*history()), rejected(1))
    assert found(RULE, seen)[0].since == seen.start_of(YESTERDAY)


def test_an_ad_that_never_ran_is_told_without_a_sum():
    (finding,) = found(RULE, snapshot(account(*history()), rejected(1, spend=0)))
    assert finding.cost_minor == 0
    assert finding.remarks == ()
    assert finding.severity is Severity.WARNING


def test_an_ad_that_runs_with_issues_is_a_warning():
    one = ad(1, 1, *history(), effective_status="WITH_ISSUES", issues=(POLICY,))
    (finding,) = found(RULE, snapshot(account(*history()), one))
    assert finding.what == "Ad runs with issues"
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize("status", ["PAUSED", "ARCHIVED", "DELETED"])
def test_an_ad_that_a_person_switched_off_is_dealt_with(status):
    assert not found(RULE, snapshot(account(*history()), rejected(1, configured_status=status)))


@pytest.mark.parametrize("status", ["ACTIVE", "PAUSED", "PENDING_REVIEW", "CAMPAIGN_PAUSED"])
def test_other_statuses_are_not_rejections(status):
    one = ad(1, 1, *history(), effective_status=status)
    assert not found(RULE, snapshot(account(*history()), one))


def test_four_rejected_ads_of_a_campaign_are_one_incident():
    ads = [rejected(number) for number in range(1, 5)]
    (finding,) = found(RULE, snapshot(campaign(1, *history()), *ads))
    assert finding.entity.id == "c1"
    assert finding.value.amount == 4
    assert finding.cost_minor == 280_000
    assert sum(one.share for one in finding.contributors) == pytest.approx(1.0)
    assert finding.issues == (POLICY,)  # the same reason is told once


def test_three_are_three_and_an_open_group_stays_one():
    ads = [rejected(number) for number in range(1, 4)]
    seen = snapshot(campaign(1, *history()), *ads)
    assert where(found(RULE, seen)) == ["a1", "a2", "a3"]
    assert where(found(RULE, opened(seen, (RULE.id, "c1")))) == ["c1"]


def test_rejected_ads_of_other_campaigns_do_not_make_a_crowd():
    ads = [rejected(number, parent=number) for number in range(1, 5)]
    seen = snapshot(*(campaign(number, *history()) for number in range(1, 5)), *ads)
    assert where(found(RULE, seen)) == ["a1", "a2", "a3", "a4"]


def test_stale_figures_do_not_stop_it():
    assert not RULE.needs_figures


def test_the_currency_does_not_matter():
    seen = snapshot(account(*history()), rejected(1, spend=0.3), rejected(2))
    plain, other = found(RULE, seen), found(RULE, in_other_money(seen, 100))
    assert [(f.entity.id, f.severity) for f in plain] == [(f.entity.id, f.severity) for f in other]
    assert [f.cost_minor * 100 for f in plain] == [f.cost_minor for f in other]
