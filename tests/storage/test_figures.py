"""Figures add up as by hand, readings show days as they looked, and old ones go a little at a time."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import event

from bot.domain.ids import AccountId, Level, ObjectId
from bot.domain.insights import DayFigures, Figures, total
from bot.domain.quiet import Watch
from bot.domain.report import Blindness, Sight
from tests.storage.samples import (
    ACCOUNT,
    AD,
    CAMPAIGN,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    OURS,
    TODAY,
    account,
    ad,
    ad_day,
    campaign,
    connect,
    creative,
    request,
    save_structure,
)

YESTERDAY = TODAY - DAY
OTHER = AccountId("act_2002")
KEYS = {
    Level.ACCOUNT: lambda row: ACCOUNT,
    Level.CAMPAIGN: lambda row: row.campaign_id,
    Level.ADSET: lambda row: row.adset_id,
    Level.AD: lambda row: row.ad_id,
}


@pytest.fixture
def tx(database):
    with database.workspace(OURS, fast=True) as opened:
        yield opened


@pytest.fixture
def rows(tx):
    """A fortnight of twenty ads with gaps, in this account; something else in another."""
    chance = Random(7)  # noqa: S311 - the same figures in every run
    kept = [
        ad_day(
            number,
            TODAY - timedelta(days=back),
            reach=chance.choice([None, 900]),
            impressions=chance.randrange(2**40),
            spend_minor=chance.randrange(10**12),
            purchases=chance.randrange(5),
            purchase_value_minor=chance.randrange(10**9),
        )
        for back in range(14)
        for number in range(20)
        if chance.random() < 0.8
    ]
    tx.insights.save(OURS, ACCOUNT, kept, NOW)
    tx.insights.save(OURS, OTHER, [ad_day()], NOW)
    return kept


@pytest.mark.parametrize("level", Level)
def test_sums_of_every_level_are_those_made_by_hand(tx, rows, level):
    first, last = TODAY - 9 * DAY, YESTERDAY
    by_hand = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if first <= row.day <= last:
            by_hand[KEYS[level](row)][row.day].append(_figures(row))
    series = tx.insights.series(ACCOUNT, level, first, last)
    assert series == {
        one: tuple(DayFigures(day, total(parts)) for day, parts in sorted(days.items()))
        for one, days in by_hand.items()
    }
    assert tx.insights.totals(ACCOUNT, level, first, last) == {
        one: total(day.figures for day in days) for one, days in series.items()
    }
    assert {type(days[0].figures.spend_minor) for days in series.values()} == {int}


def test_a_restated_day_takes_the_place_of_the_old_one(tx):
    tx.insights.save(OURS, ACCOUNT, [ad_day(1, purchases=2, reach=10), ad_day(2)], NOW)
    tx.insights.save(OURS, ACCOUNT, [ad_day(1, purchases=1, reach=None)], NOW + HOUR)
    totals = tx.insights.totals(ACCOUNT, Level.AD, TODAY, TODAY)
    assert (totals["ad1"].purchases, totals["ad2"].purchases) == (1, 2)


def test_a_row_that_comes_twice_in_a_page_counts_once(tx):
    tx.insights.save(OURS, ACCOUNT, [ad_day(1, purchases=1), ad_day(1, purchases=3)], NOW)
    assert tx.insights.totals(ACCOUNT, Level.AD, TODAY, TODAY)["ad1"].purchases == 3


def test_an_empty_page_is_kept_too(tx):
    tx.insights.save(OURS, ACCOUNT, [], NOW)
    assert tx.insights.series(ACCOUNT, Level.AD, TODAY, TODAY) == {}


def test_the_attribution_settings_of_a_period_are_known(tx):
    tx.insights.save(
        OURS,
        ACCOUNT,
        [
            ad_day(1),
            ad_day(2),
            ad_day(3)._replace(attribution_setting="1d_click"),
            ad_day(4)._replace(attribution_setting=None),
            ad_day(5, YESTERDAY)._replace(attribution_setting="skan"),
        ],
        NOW,
    )
    assert tx.insights.attribution_settings(ACCOUNT, TODAY, TODAY) == ("1d_click", "7d_click_1d_view")


def test_a_day_is_shown_as_it_looked_when_it_was_read(tx):
    looks = [(NOW, 1), (NOW + HOUR, 4), (NOW + DAY, 3)]
    for at, purchases in looks:
        tx.insights.save(OURS, ACCOUNT, [ad_day(1, purchases=purchases), ad_day(2, YESTERDAY)], at)
        tx.readings.remember(OURS, ACCOUNT, Level.CAMPAIGN, [YESTERDAY, TODAY], at)
    readings = tx.readings.of_day(ACCOUNT, Level.CAMPAIGN, ObjectId("campaign0"), TODAY)
    assert [(one.read_at, one.figures.purchases) for one in readings] == looks
    for at, purchases in [*looks, (NOW + 30 * MINUTE, 1), (NOW + 2 * DAY, 3)]:
        looked = tx.readings.as_read(ACCOUNT, Level.CAMPAIGN, TODAY, at)
        assert looked["campaign0"].purchases == purchases
    assert tx.readings.as_read(ACCOUNT, Level.CAMPAIGN, TODAY, NOW - MINUTE) == {}
    assert tx.readings.as_read(ACCOUNT, Level.AD, TODAY, NOW) == {}
    assert tx.readings.as_read(OTHER, Level.CAMPAIGN, TODAY, NOW) == {}


def test_a_reading_holds_the_sums_of_its_level(tx, rows):
    for level in Level:
        tx.readings.remember(OURS, ACCOUNT, level, [YESTERDAY, TODAY], NOW)
        for day in (YESTERDAY, TODAY):
            looked = tx.readings.as_read(ACCOUNT, level, day, NOW)
            assert looked == tx.insights.totals(ACCOUNT, level, day, day)
        assert tx.readings.as_read(ACCOUNT, level, TODAY - 2 * DAY, NOW) == {}


def test_a_reading_that_is_repeated_takes_its_own_place(tx):
    for purchases in (1, 2):
        tx.insights.save(OURS, ACCOUNT, [ad_day(1, purchases=purchases)], NOW)
        tx.readings.remember(OURS, ACCOUNT, Level.AD, [TODAY], NOW)
    (only,) = tx.readings.of_day(ACCOUNT, Level.AD, ObjectId("ad1"), TODAY)
    assert only.figures.purchases == 2


def test_an_object_that_is_missing_from_the_last_reading_is_not_shown_with_an_older_one(tx):
    tx.insights.save(OURS, ACCOUNT, [ad_day(1)], NOW)
    tx.readings.remember(OURS, ACCOUNT, Level.AD, [TODAY], NOW)
    tx.insights.save(OURS, ACCOUNT, [ad_day(2)], NOW + HOUR)
    tx.readings.remember(OURS, ACCOUNT, Level.AD, [TODAY], NOW + HOUR)
    assert set(tx.readings.as_read(ACCOUNT, Level.AD, TODAY, NOW)) == {"ad1"}
    assert set(tx.readings.as_read(ACCOUNT, Level.AD, TODAY, NOW + HOUR)) == {"ad1", "ad2"}


def test_old_readings_go_in_bounded_steps_and_young_ones_stay(tx):
    tx.insights.save(OURS, ACCOUNT, [ad_day(number) for number in range(10)], NOW)
    for days in (40, 39, 1):
        tx.readings.remember(OURS, ACCOUNT, Level.AD, [TODAY], NOW - days * DAY)
    before = NOW - 35 * DAY
    # A step smaller than one reading makes progress too.
    assert [tx.readings.forget(before, 7) for _ in range(4)] == [7, 7, 6, 0]
    readings = tx.readings.of_day(ACCOUNT, Level.AD, ObjectId("ad1"), TODAY)
    assert [one.read_at for one in readings] == [NOW - DAY]


def test_the_oldest_readings_of_every_workspace_go_first(database):
    for number, owner in enumerate(("T1", "T2")):
        with database.workspace(owner) as tx:
            tx.insights.save(owner, ACCOUNT, [ad_day()], NOW)
            for days in (50 - number, 40 - number):
                tx.readings.remember(owner, ACCOUNT, Level.AD, [TODAY], NOW - days * DAY)
    with database.system() as tx:
        assert tx.readings.forget(NOW - 35 * DAY, 2) == 2
    for number, owner in enumerate(("T1", "T2")):
        with database.read(owner) as tx:
            readings = tx.readings.of_day(ACCOUNT, Level.AD, ObjectId("ad1"), TODAY)
            assert [one.read_at for one in readings] == [NOW - (40 - number) * DAY]


def test_readings_are_found_and_forgotten_without_looking_at_all_of_them(sqlite_database):
    statements = []
    event.listen(
        sqlite_database.engine,
        "before_cursor_execute",
        lambda *told: statements.append(told[2:4]) if told[2].startswith(("SELECT", "DELETE")) else None,
    )
    with sqlite_database.workspace(OURS) as tx:
        tx.readings.as_read(ACCOUNT, Level.CAMPAIGN, TODAY, NOW)
        tx.readings.remember(OURS, ACCOUNT, Level.CAMPAIGN, [TODAY], NOW)
    with sqlite_database.system() as tx:
        tx.readings.forget(NOW, 10)
        connection = tx._session.connection()
        plans = [
            [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values)]
            for words, values in tuple(statements)
        ]
    assert len(plans) == 3
    for plan in plans:
        assert any(step.startswith("SEARCH") for step in plan)
        assert not any(step.startswith("SCAN readings") for step in plan), plan


def test_requests_ticks_and_polls_are_forgotten_when_they_are_old_and_over(database):
    with database.workspace(OURS) as tx:
        for number, days in ((1, 9), (2, 8), (3, 1)):
            tx.inbox.add(request(number, at=NOW - days * DAY))
            tx.polls.start(OURS, ACCOUNT, NOW - days * DAY, NOW - days * DAY)
            tx.leases.take("job", NOW - days * DAY, NOW - days * DAY)
        tx.inbox.finish(request(1), "ok")
        tx.inbox.finish(request(3), "ok")
    before = NOW - 7 * DAY
    with database.system() as tx:
        tx.inbox.forget(before)
        tx.polls.forget(before)
        tx.leases.forget(before)
    with database.workspace(OURS) as tx:
        known = [tx.inbox.outcome_of(OURS, f"key{number}") is not None for number in (1, 2, 3)]
        assert known == [False, True, True]  # the second was never handled
        assert [one.slot for one in tx.polls.of(ACCOUNT)] == [NOW - DAY]
        taken = [tx.leases.take("job", NOW - days * DAY, NOW) for days in (9, 8, 1)]
        assert taken == [True, True, False]


def test_watches_come_back_as_they_were_kept(tx):
    watches = {
        (Level.CAMPAIGN, CAMPAIGN): Watch(NOW, TODAY, 2**40, 12, ((YESTERDAY, 3), (TODAY, 0))),
        (Level.ACCOUNT, ObjectId(ACCOUNT)): Watch(NOW, YESTERDAY, 0, 0, ()),
    }
    tx.readings.save_watches(OURS, ACCOUNT, watches)
    tx.readings.save_watches(OURS, ACCOUNT, {})
    assert tx.readings.watches(ACCOUNT) == watches
    moved = replace(watches[Level.CAMPAIGN, CAMPAIGN], since=NOW + HOUR)
    tx.readings.save_watches(OURS, ACCOUNT, {(Level.CAMPAIGN, CAMPAIGN): moved})
    assert tx.readings.watches(ACCOUNT)[Level.CAMPAIGN, CAMPAIGN] == moved
    assert tx.readings.watches(OTHER) == {}


def test_frequency_belongs_to_one_window_exactly(tx):
    def keep(rows, window):
        tx.readings.save_reach(OURS, ACCOUNT, rows, window=window, read_at=NOW)

    keep([(Level.CAMPAIGN, CAMPAIGN, 1000, 2.25), (Level.AD, AD, 1, 9.0)], (7, YESTERDAY))
    keep([(Level.CAMPAIGN, CAMPAIGN, 500, 1.5)], (1, TODAY))
    keep([(Level.CAMPAIGN, CAMPAIGN, 1100, 2.5)], (7, YESTERDAY))
    assert tx.readings.frequencies(ACCOUNT, Level.CAMPAIGN, 7, YESTERDAY) == {CAMPAIGN: 2.5}
    assert tx.readings.frequencies(ACCOUNT, Level.CAMPAIGN, 1, TODAY) == {CAMPAIGN: 1.5}
    assert tx.readings.frequencies(ACCOUNT, Level.CAMPAIGN, 7, TODAY) == {}


def test_objects_come_back_with_the_names_above_them(tx):
    tx.structures.save_ads(OURS, ACCOUNT, [ad()])
    (alone,) = tx.structures.ads(ACCOUNT)  # an ad can be read before its campaign
    assert (alone.entity.campaign_name, alone.entity.adset_name, alone.optimization_goal) == (None, None, "")
    save_structure(tx, OURS, "Monsoon")
    (known,) = tx.structures.ads(ACCOUNT)
    assert (known.entity.campaign_name, known.entity.adset_name) == ("Monsoon", "Monsoon")
    assert (known.optimization_goal, known.updated_at) == ("OFFSITE_CONVERSIONS", NOW)
    assert known.issues == ad().issues
    assert tx.structures.ads(OTHER) == []


def test_only_ads_that_may_be_shown_count_as_delivering(tx):
    states = ("ACTIVE", "WITH_ISSUES", "PAUSED", "DISAPPROVED", "CAMPAIGN_PAUSED")
    ads = [replace(ad(status=state), id=ObjectId(state)) for state in states]
    tx.structures.save_ads(OURS, ACCOUNT, ads)
    assert (tx.structures.count_ads(ACCOUNT), tx.structures.count_delivering(ACCOUNT)) == (5, 2)


def test_a_status_that_was_set_is_the_status_that_is_known(tx):
    save_structure(tx, OURS, "Monsoon")
    tx.structures.note_status(ACCOUNT, Level.AD, AD, configured="PAUSED", effective="PAUSED")
    entity, shown = tx.structures.ad(ACCOUNT, AD)
    assert (entity.configured_status, entity.effective_status, entity.name) == ("PAUSED", "PAUSED", "Monsoon")
    assert shown.title == "Stay dry"
    assert tx.structures.ad(ACCOUNT, ObjectId("9")) is None
    assert tx.structures.ad(OTHER, AD) is None


def test_a_creative_that_several_ads_share_is_kept_once(tx):
    tx.structures.save_creatives(OURS, ACCOUNT, [creative("https://example.com/old.jpg"), creative()])
    tx.structures.save_ads(OURS, ACCOUNT, [ad(), replace(ad(), id=ObjectId("3002"))])
    pictures = Counter(tx.structures.thumbnail(ACCOUNT, one) for one in (AD, ObjectId("3002")))
    assert pictures == {"https://example.com/a.jpg": 2}
    assert tx.structures.thumbnail(ACCOUNT, ObjectId("9")) is None


def test_names_of_any_length_and_script_are_kept(tx):
    name = "<!channel> \U0001f600 \u0939\u093f\u0928\u094d\u0926\u0940 '; DROP TABLE ads; -- " + "A" * 20_000
    tx.structures.save_campaigns(OURS, ACCOUNT, [replace(campaign(), name=name)])
    assert tx.structures.campaigns(ACCOUNT)[0].name == name


def test_what_is_known_of_an_account_comes_back(database):
    connect(database)
    blind = Sight(NOW, NOW - HOUR, Blindness.THROTTLED, "The limit is used up.", next_try_at=NOW)
    with database.workspace(OURS) as tx:
        tx.accounts.refresh(replace(account(), name="Renamed", account_status=2, disable_reason=1))
        tx.accounts.note_sight(ACCOUNT, blind)
        tx.accounts.note_told(ACCOUNT, NOW)
        known = tx.accounts.get(ACCOUNT)
        assert known.account == replace(account(), name="Renamed", account_status=2, disable_reason=1)
        assert (known.sight, known.blind_told_at, known.targets.ctr) == (blind, NOW, 0.009)
        tx.accounts.note_sight(ACCOUNT, Sight(NOW + HOUR))
        assert tx.accounts.get(ACCOUNT).sight == Sight(NOW + HOUR, next_try_at=NOW)


def _figures(row):
    return Figures(
        row.impressions,
        row.clicks,
        row.link_clicks,
        row.spend_minor,
        row.purchases,
        row.purchase_value_minor,
    )
