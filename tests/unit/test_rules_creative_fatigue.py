"""A tired ad becomes one finding with both verdicts; what stands from day to day no poll can end."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.fatigue import Change, ClassicVerdict, EvidenceVerdict, Standing, Status, Support
from bot.domain.fatigue_memory import Memory
from bot.domain.fatigue_reading import AdFacts, reading_of
from bot.domain.findings import Quantity, Remark, Severity, Unit
from bot.domain.ids import AccountId, ObjectId
from bot.domain.insights import Figures
from bot.domain.lookalikes import Lookalike, LookalikeKind, LookalikeState
from bot.domain.policy import FatigueRule
from bot.domain.signals import SignalSource, signal, told
from bot.rules.creative_fatigue import RULE
from tests.rules_support import TODAY, YESTERDAY, ad, campaign, found, history, snapshot, where

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WEEK = Figures(impressions=50_000, link_clicks=400, spend_minor=1_000_000, purchases=20)
FELL, ROSE = Change(0.012, 0.008, -1 / 3), Change(1.2, 1.5, 0.25)
CLASSIC = ClassicVerdict(Status.FATIGUED, FELL, ROSE, Support(), 7, 50_000, 400)
EVIDENCE = EvidenceVerdict(
    Status.WATCH,
    p=0.62,
    loss=0.18,
    loss_low=0.09,
    loss_high=0.27,
    weight=0.9,
    frequency_now=3.4,
    frequency_before=2.1,
    clicks_7d=400,
    days=20,
)


def reading(number=1, rule=FatigueRule.CLASSIC, *, classic=CLASSIC, standing=None, lookalikes=()):
    """The reading of ad `a<number>`; both rules stand as their verdicts say unless `standing` is given."""
    memory = Memory(
        day=YESTERDAY,
        classic=Standing(standing or classic.status),
        classic_since=YESTERDAY - timedelta(days=6),
        evidence=Standing(standing or EVIDENCE.status),
        evidence_since=YESTERDAY - timedelta(days=9),
        ctr_then=0.013,
    )
    return reading_of(
        (AccountId("act_1"), ObjectId(f"a{number}"), ObjectId("s1")),
        rule,
        classic=classic,
        evidence=EVIDENCE,
        memory=memory,
        facts=AdFacts(WEEK, YESTERDAY - timedelta(days=10), 0.011),
        lookalikes=lookalikes,
    )


def seen(*readings, paused=()):
    """An account with the ads of those readings."""
    ads = [ad(int(one.ad_id[1:]), 1, *history(days=7)) for one in readings]
    ads = [
        replace(one, entity=replace(one.entity, effective_status="PAUSED"))
        if one.entity.id in paused
        else one
        for one in ads
    ]
    return snapshot(campaign(1, *history()), *ads, fatigue={one.ad_id: one for one in readings})


def test_a_tired_ad_is_told_with_what_fell_since_when_and_what_is_at_risk():
    (finding,) = found(RULE, seen(reading()))
    assert (finding.entity.id, finding.severity) == ("a1", Severity.WARNING)
    assert (finding.value, finding.threshold) == (
        Quantity(Unit.PERCENT, 0.008),
        Quantity(Unit.PERCENT, 0.012),
    )
    assert finding.since == seen(reading()).start_of(date(2026, 11, 13))
    assert finding.figures == WEEK
    assert finding.cost_minor == round(1_000_000 / 3)


def test_both_verdicts_are_in_the_message_whichever_rule_was_chosen():
    for rule in FatigueRule:
        (finding,) = found(RULE, seen(reading(rule=rule, standing=Status.FATIGUED)))
        told_of = [remark.template for remark in finding.remarks]
        assert any(one.startswith("Classic rule: tired") for one in told_of)
        assert any(one.startswith("Evidence rule: to be watched") for one in told_of)
        amounts = [
            q.amount for r in finding.remarks if r.template.startswith("Evidence") for q in r.quantities
        ]
        assert amounts == [0.18, 0.09, 0.27, 0.62]


def test_the_evidence_rule_compares_the_week_with_the_days_of_least_exposure():
    (finding,) = found(RULE, seen(reading(rule=FatigueRule.EVIDENCE, standing=Status.FATIGUED)))
    assert (finding.value.amount, finding.threshold.amount) == (0.008, 0.011)
    assert finding.threshold_from == "when it had been seen least"
    assert finding.cost_minor == 180_000
    frequency = finding.remarks[0]
    assert [quantity.amount for quantity in frequency.quantities] == [3.4, 2.1]


def test_only_the_chosen_rule_speaks_and_only_of_tired_ads():
    assert found(RULE, seen(reading(rule=FatigueRule.EVIDENCE))) == []  # that one only watches
    healthy = replace(CLASSIC, status=Status.HEALTHY)
    assert found(RULE, seen(reading(classic=healthy))) == []
    assert where(found(RULE, seen(reading(1), reading(2), reading(3, classic=healthy)))) == ["a1", "a2"]


@pytest.mark.parametrize(
    "today",
    [
        replace(CLASSIC, status=Status.INSUFFICIENT_DATA, ctr=None, frequency=None, reason="not delivered"),
        replace(CLASSIC, status=Status.HEALTHY, ctr=Change(0.0082, 0.008, -0.02)),
    ],
)
def test_what_stands_is_told_although_the_last_day_alone_would_not_say_so(today):
    (finding,) = found(RULE, seen(reading(classic=today, standing=Status.FATIGUED)))
    # the week against where the fall began
    assert (finding.value.amount, finding.threshold.amount) == (0.008, 0.013)


def test_an_ad_that_is_switched_off_is_not_told_of():
    assert found(RULE, seen(reading(), paused={"a1"})) == []


def test_what_may_be_the_reason_instead_comes_before_what_was_ruled_out():
    def one(kind: LookalikeKind, state: LookalikeState) -> Lookalike:
        return Lookalike(kind, state, Remark(f"{kind.value} {state.value}"))

    lookalikes = (
        one(LookalikeKind.ACCOUNT_MOVED, LookalikeState.RULED_OUT),
        one(LookalikeKind.SATURATION, LookalikeState.PRESENT),
        one(LookalikeKind.EDITED, LookalikeState.UNKNOWN),
    )
    (finding,) = found(RULE, seen(reading(lookalikes=lookalikes)))
    told_of = [
        remark.template for remark in finding.remarks if remark.template.split()[-1] in set(LookalikeState)
    ]
    assert told_of == ["saturation present", "edited unknown", "account_moved ruled_out"]
    assert "audience" in finding.advice


def test_what_else_moved_is_told_from_a_tenth_on():
    support = Support(
        engagement=Change(0.05, 0.04, -0.2), hook=Change(0.2, 0.19, -0.05), cpc=Change(900, 1300, 0.44)
    )
    (finding,) = found(RULE, seen(reading(classic=replace(CLASSIC, support=support))))
    told_of = [remark.template for remark in finding.remarks]
    assert "Engagement rate fell by {0} over the week" in told_of
    assert "CPC (link) rose by {0} over the week" in told_of
    assert not any("Hook" in one for one in told_of)


def test_an_ad_that_was_never_read_is_left_alone():
    lonely = snapshot(campaign(1, *history()), fatigue={ObjectId("a1"): reading()})
    assert found(RULE, lonely) == []
    assert lonely.today == TODAY


def test_what_meta_says_is_bounded_and_ordered():
    said = [
        (ObjectId("a1"), signal(SignalSource.QUALITY, "below_average_20", "", NOW)),
        (ObjectId("a1"), signal(SignalSource.WEBHOOK, "HIGH<!channel>", "x" * 900 + "\n\ny", NOW)),
        (ObjectId("a1"), signal(SignalSource.QUALITY, "AVERAGE", "", NOW)),
    ]
    webhook, quality = told(said)[ObjectId("a1")]
    assert (webhook.source, webhook.level, len(webhook.message)) == (
        SignalSource.WEBHOOK,
        "HIGH_CHANNEL_",
        500,
    )
    assert (quality.level, quality.against) == ("AVERAGE", False)
    assert webhook.against
    assert not signal(SignalSource.LEARNING, "LEARNING", "", NOW).against
