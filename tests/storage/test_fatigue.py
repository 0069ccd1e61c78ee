"""Days packed, people beside figures, and tired ads as they were kept; another workspace sees none of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.fatigue import Change, ClassicVerdict, EvidenceVerdict, Standing, Status, Support
from bot.domain.fatigue_blocks import unpack
from bot.domain.fatigue_memory import Memory
from bot.domain.fatigue_reading import AdFacts
from bot.domain.findings import Quantity, Remark, Unit
from bot.domain.ids import ObjectId
from bot.domain.insights import AdReach, AdWindow, Figures
from bot.domain.lookalikes import Lookalike, LookalikeKind, LookalikeState, WhatChanged
from bot.domain.policy import FatigueRule
from bot.domain.signals import SignalSource, signal
from storage.fatigue import Assessed
from tests.storage.samples import (
    ACCOUNT,
    AD,
    ADSET,
    CAMPAIGN,
    DAY,
    HOUR,
    NOW,
    OURS,
    THEIRS,
    TODAY,
    ad,
    ad_day,
    adset,
    campaign,
    save_structure,
)

YESTERDAY = TODAY - DAY
NO_RANKING = ("", "", "")
CTR = Change(0.02, 0.015, -0.25)
CLASSIC = ClassicVerdict(Status.FATIGUED, CTR, Change(1.1, 1.4, 0.27), Support(cpc=CTR), 7, 9_000, 120)
EVIDENCE = EvidenceVerdict(Status.HEALTHY, p=0.1, loss=0.05, weight=0.4, clicks_7d=120, days=20)
NAMED = Lookalike(
    LookalikeKind.SATURATION, LookalikeState.PRESENT, Remark("All {0}", (Quantity(Unit.COUNT, 3),))
)


@pytest.fixture
def tx(database):
    with database.workspace(OURS, fast=True) as opened:
        yield opened


def memory(day=YESTERDAY, *, classic=Status.FATIGUED, evidence=Status.HEALTHY) -> Memory:
    return Memory(day, Standing(classic), day - 6 * DAY, Standing(evidence, 1), day, 0.02)


def assessed(ad_id: ObjectId = AD, **changes) -> Assessed:
    kept = Assessed(
        ad_id=ad_id,
        adset_id=ADSET,
        classic=CLASSIC,
        evidence=EVIDENCE,
        memory=memory(),
        earlier=None,
        facts=AdFacts(
            Figures(impressions=9_000, link_clicks=120, spend_minor=80_000), YESTERDAY - 9 * DAY, 0.019
        ),
        lookalikes=(NAMED,),
    )
    return replace(kept, **changes)


def panel(tx, *, first=YESTERDAY, days=2):
    return unpack(tx.panels.load(ACCOUNT, first, first + (days - 1) * DAY), first, days, {}).panel


def pack(tx, *days):
    for day in days:
        tx.panels.pack(OURS, ACCOUNT, day)


def test_a_packed_day_holds_what_its_rows_hold(tx):
    rows = [ad_day(1, YESTERDAY, purchases=4)._replace(engagement=70, video_plays=9), ad_day(2)]
    tx.insights.save(OURS, ACCOUNT, rows, NOW, shown={ObjectId("ad1"): ObjectId("c1")}, today=TODAY)
    tx.insights.save_reach(OURS, ACCOUNT, [AdReach(ObjectId("ad1"), YESTERDAY, 800)])
    tx.insights.save_windows(OURS, ACCOUNT, [AdWindow(ObjectId("ad1"), YESTERDAY, 7_000, 3_500, NO_RANKING)])
    assert tx.panels.unpacked(ACCOUNT, [YESTERDAY, TODAY]) == [YESTERDAY, TODAY]
    pack(tx, YESTERDAY, TODAY)
    assert tx.panels.unpacked(ACCOUNT, [YESTERDAY, TODAY]) == []
    seen = panel(tx)
    first = seen.ad_ids.index("ad1")
    got = (seen.impressions, seen.clicks, seen.reach, seen.impressions_7d, seen.reach_7d, seen.engagement)
    assert [int(one[first, 0]) for one in got] == [1000, 15, 800, 7000, 3500, 70]
    assert seen.hooks is not None
    assert seen.hooks[first, 0] == 9
    assert seen.delivered.tolist() == [[True, False], [False, True]]


@pytest.mark.parametrize("change", ["figures", "reach", "window"])
def test_a_day_that_is_written_again_is_packed_again(tx, change):
    tx.insights.save(OURS, ACCOUNT, [ad_day(1, YESTERDAY), ad_day(1)], NOW)
    pack(tx, YESTERDAY, TODAY)
    if change == "figures":
        tx.insights.save(OURS, ACCOUNT, [ad_day(1, YESTERDAY, impressions=5)], NOW)
    elif change == "reach":
        tx.insights.save_reach(OURS, ACCOUNT, [AdReach(ObjectId("ad1"), YESTERDAY, 8)])
    else:
        tx.insights.save_windows(OURS, ACCOUNT, [AdWindow(ObjectId("ad1"), YESTERDAY, 9, 8, NO_RANKING)])
    assert tx.panels.unpacked(ACCOUNT, [YESTERDAY, TODAY]) == [YESTERDAY]


def test_figures_that_are_restated_leave_people_and_creatives_where_they_are(tx):
    shown = {ObjectId("ad1"): ObjectId("c1")}
    tx.insights.save(OURS, ACCOUNT, [ad_day(1, YESTERDAY)], NOW, shown=shown, today=YESTERDAY)
    tx.insights.save_reach(OURS, ACCOUNT, [AdReach(ObjectId("ad1"), YESTERDAY, 800)])
    tx.insights.save_windows(OURS, ACCOUNT, [AdWindow(ObjectId("ad1"), YESTERDAY, 7_000, 3_500, NO_RANKING)])
    later = {ObjectId("ad1"): ObjectId("c2")}
    rows = [ad_day(1, YESTERDAY, impressions=1100), ad_day(1)]
    tx.insights.save(OURS, ACCOUNT, rows, NOW + HOUR, shown=later, today=TODAY)
    pack(tx, YESTERDAY, TODAY)
    seen = panel(tx)
    assert (seen.impressions[0, 0], seen.reach[0, 0], seen.reach_7d[0, 0]) == (1100, 800, 3500)
    assert seen.creative[0, 0] != seen.creative[0, 1]


def test_what_is_shown_last_counts_for_today_and_a_creative_that_is_not_known_wipes_nothing(tx):
    for shown in ({ObjectId("ad1"): ObjectId("c1")}, {ObjectId("ad1"): ObjectId("c2")}, {}):
        tx.insights.save(OURS, ACCOUNT, [ad_day(1)], NOW, shown=shown, today=TODAY)
    tx.panels.pack(OURS, ACCOUNT, TODAY)
    assert tx.panels.load(ACCOUNT, TODAY, TODAY)[TODAY].creatives == "c2"


def test_people_of_a_day_without_figures_are_passed_over(tx):
    tx.insights.save_windows(OURS, ACCOUNT, [AdWindow(ObjectId("ad9"), TODAY, 9, 8, NO_RANKING)])
    tx.panels.pack(OURS, ACCOUNT, TODAY)
    assert panel(tx).ads == 0


def test_a_tired_ad_comes_back_as_it_was_kept_with_its_days_and_metas_words(tx):
    tx.insights.save(OURS, ACCOUNT, [ad_day(1, YESTERDAY)._replace(ad_id=AD)], NOW)
    tx.insights.save_windows(OURS, ACCOUNT, [AdWindow(AD, YESTERDAY, 9_000, 4_500, NO_RANKING)])
    tx.fatigue.save(OURS, ACCOUNT, [assessed()], NOW)
    said = signal(SignalSource.WEBHOOK, "HIGH", "Seen too often", NOW)
    learns = signal(SignalSource.LEARNING, "LEARNING", "", NOW)
    tx.signals.save(OURS, ACCOUNT, [(AD, said), (ADSET, learns), (ObjectId("other"), said)])
    got = tx.fatigue.reading(ACCOUNT, AD, FatigueRule.CLASSIC, series=[YESTERDAY, TODAY])
    assert got is not None
    assert (got.classic, got.evidence, got.lookalikes, got.day) == (CLASSIC, EVIDENCE, (NAMED,), YESTERDAY)
    assert got.signals == (said, learns)
    assert [(day.day, day.impressions, day.clicks, day.frequency) for day in got.series] == [
        (YESTERDAY, 1000, 15, 2.0)
    ]
    assert (got.status, got.since, got.loss_minor) == (Status.FATIGUED, YESTERDAY - 6 * DAY, 20_000)
    assert tx.fatigue.memories(ACCOUNT) == {AD: (memory(), None)}
    assert tx.fatigue.reading(ACCOUNT, ObjectId("other"), FatigueRule.CLASSIC) is None


def test_each_rule_raises_its_own_ads(tx):
    other = ObjectId("3002")
    watched = assessed(other, memory=memory(classic=Status.HEALTHY, evidence=Status.WATCH))
    tx.fatigue.save(OURS, ACCOUNT, [assessed(), watched], NOW)
    assert set(tx.fatigue.raised(ACCOUNT, FatigueRule.CLASSIC)) == {AD}
    assert set(tx.fatigue.raised(ACCOUNT, FatigueRule.EVIDENCE)) == {other}


def test_an_ad_that_was_not_assessed_any_more_rests(tx):
    tx.fatigue.save(OURS, ACCOUNT, [assessed(), assessed(ObjectId("3002"), memory=memory(TODAY))], NOW)
    tx.fatigue.rest(ACCOUNT, TODAY)
    assert set(tx.fatigue.raised(ACCOUNT, FatigueRule.CLASSIC)) == {ObjectId("3002")}


def test_the_last_word_of_each_source_stands_until_it_is_withdrawn(tx):
    old = signal(SignalSource.RECOMMENDATION, "CREATIVE_LIMITED", "", NOW)
    new = signal(SignalSource.RECOMMENDATION, "CREATIVE_FATIGUE", "", NOW + HOUR)
    ranked = signal(SignalSource.QUALITY, "AVERAGE", "", NOW)
    tx.signals.save(OURS, ACCOUNT, [(AD, new), (AD, old), (AD, ranked)])
    assert tx.signals.of(ACCOUNT, [AD])[AD] == (new, ranked)
    tx.signals.withdraw(ACCOUNT, [SignalSource.RECOMMENDATION], NOW + HOUR)
    assert tx.signals.of(ACCOUNT, [AD])[AD] == (new, ranked)
    tx.signals.withdraw(ACCOUNT, [SignalSource.RECOMMENDATION], NOW + 2 * HOUR)
    assert tx.signals.of(ACCOUNT, [AD])[AD] == (ranked,)


def test_a_budget_or_a_creative_that_changed_between_two_readings_is_noted_once(tx):
    save_structure(tx, OURS, "Monsoon")
    now = {CAMPAIGN: campaign().daily_budget_minor}
    tx.signals.note_changes(OURS, ACCOUNT, WhatChanged.CAMPAIGN_BUDGET, now, NOW)
    assert tx.signals.changes(ACCOUNT, NOW - DAY) == {}
    tx.signals.note_changes(OURS, ACCOUNT, WhatChanged.CAMPAIGN_BUDGET, {CAMPAIGN: 700_000}, NOW)
    tx.signals.note_changes(OURS, ACCOUNT, WhatChanged.ADSET_BUDGET, {ADSET: 100, ObjectId("new"): 5}, NOW)
    tx.signals.note_changes(OURS, ACCOUNT, WhatChanged.CREATIVE, {AD: "4002"}, NOW)
    changes = tx.signals.changes(ACCOUNT, NOW - DAY)
    assert {key: (one.what, one.before, one.after) for key, (one,) in changes.items()} == {
        CAMPAIGN: (WhatChanged.CAMPAIGN_BUDGET, "500000", "700000"),
        ADSET: (WhatChanged.ADSET_BUDGET, "", "100"),
        AD: (WhatChanged.CREATIVE, "4001", "4002"),
    }
    assert tx.signals.changes(ACCOUNT, NOW + HOUR) == {}


def test_an_ad_is_known_with_its_siblings_its_age_and_when_it_last_changed(tx):
    save_structure(tx, OURS, "Monsoon")
    sibling = replace(ad(), id=ObjectId("3002"), created_at=NOW - 2 * DAY, updated_at=NOW - DAY)
    stranger = replace(ad(), id=ObjectId("3003"), adset_id=ObjectId("2002"))
    tx.structures.save_ads(OURS, ACCOUNT, [sibling, stranger])
    tx.structures.save_adsets(OURS, ACCOUNT, [replace(adset(), updated_at=NOW - 3 * DAY)])
    kin = tx.panels.kin(ACCOUNT, [AD])
    assert {one: (own.adset_id, own.updated_at) for one, own in kin.items()} == {
        AD: (ADSET, NOW),
        sibling.id: (ADSET, NOW - DAY),
    }
    assert tx.panels.born_since(ACCOUNT, NOW - 3 * DAY) == {sibling.id: NOW - 2 * DAY}
    assert tx.panels.shown(ACCOUNT)[AD] == "4001"


def test_another_workspace_neither_sees_nor_touches_any_of_it(database):
    with database.workspace(OURS) as tx:
        tx.insights.save(OURS, ACCOUNT, [ad_day(1, YESTERDAY)], NOW)
        tx.panels.pack(OURS, ACCOUNT, YESTERDAY)
        tx.fatigue.save(OURS, ACCOUNT, [assessed()], NOW)
        tx.signals.save(OURS, ACCOUNT, [(AD, signal(SignalSource.WEBHOOK, "HIGH", "", NOW))])
    with database.workspace(THEIRS) as tx:
        tx.insights.save(THEIRS, ACCOUNT, [ad_day(1, YESTERDAY, impressions=5)], NOW)
        tx.insights.save_reach(THEIRS, ACCOUNT, [AdReach(ObjectId("ad1"), YESTERDAY, 4)])
        tx.fatigue.rest(ACCOUNT, TODAY)
        tx.signals.withdraw(ACCOUNT, list(SignalSource), NOW + DAY)
        tx.fatigue.forget(NOW + 90 * DAY)
        tx.signals.forget(NOW + 90 * DAY)
        tx.panels.forget(NOW + 90 * DAY)
        assert tx.panels.load(ACCOUNT, YESTERDAY, TODAY) == {}
        tx.panels.pack(THEIRS, ACCOUNT, YESTERDAY)
        assert panel(tx).reach[0, 0] == 4
        assert tx.fatigue.raised(ACCOUNT, FatigueRule.CLASSIC) == {}
        assert tx.fatigue.reading(ACCOUNT, AD, FatigueRule.CLASSIC) is None
        assert tx.signals.of(ACCOUNT, [AD]) == {}
        for write in (
            lambda: tx.panels.pack(OURS, ACCOUNT, YESTERDAY),
            lambda: tx.insights.save_reach(OURS, ACCOUNT, [AdReach(ObjectId("ad1"), YESTERDAY, 4)]),
            lambda: tx.fatigue.save(OURS, ACCOUNT, [assessed()], NOW),
        ):
            with pytest.raises(RuntimeError, match="no other workspace"):
                write()
    with database.read(OURS) as tx:
        assert panel(tx).reach[0, 0] == 0
        assert panel(tx).impressions[0, 0] == 1000
        assert set(tx.fatigue.raised(ACCOUNT, FatigueRule.CLASSIC)) == {AD}
        assert set(tx.signals.of(ACCOUNT, [AD])) == {AD}


def test_what_is_old_is_forgotten(tx):
    tx.insights.save(OURS, ACCOUNT, [ad_day(1, YESTERDAY)], NOW)
    tx.panels.pack(OURS, ACCOUNT, YESTERDAY)
    tx.fatigue.save(OURS, ACCOUNT, [assessed()], NOW)
    tx.signals.save(OURS, ACCOUNT, [(AD, signal(SignalSource.WEBHOOK, "HIGH", "", NOW))])
    before = NOW + timedelta(days=2)
    assert (tx.fatigue.forget(before), tx.signals.forget(before), tx.panels.forget(before)) == (1, 1, 1)
