"""Which days and ads a verdict compares, and what the sum over refreshes counts."""

from dataclasses import replace
from datetime import date, timedelta

from bot.clock import SettableClock
from bot.domain.ids import ObjectId
from bot.domain.money import Money
from bot.domain.proposals import Mode, ProposalState
from bot.domain.replacement import ReplacementState
from bot.domain.variations import Cost
from bot.domain.verdicts import Call
from bot.services.followups import comparison
from bot.services.refreshes import RefreshService
from bot.services.spending import Tariff
from tests.storage.refresh_samples import (
    ai_request,
    asked,
    ident,
    proposal,
    replacement,
    seen,
    verdict,
)
from tests.storage.samples import ACCOUNT, DAY, NOW, OURS, THEIRS, ad_day, connect, workspace

LIVE = date(2026, 11, 10)
OLD, NEW, CONTROL, OTHER = 3, 4, 5, 6  # 3 to 5 are of one ad set, 6 of another
TARIFF = Tariff({}, "85", "0.134", 309_000)


def ran(*days, number, **figures):
    """An ad's days, counted from the day it went live."""
    return [ad_day(number, LIVE + timedelta(days=day), **figures) for day in days]


def compared(database, rows, days=3, mode=Mode.BESIDE, new=NEW):
    """The sides of a verdict after so many days."""
    old = replace(seen(), ad_id=ObjectId(f"ad{OLD}"), adset_id=ObjectId("adset1"))
    change = replacement(mode=mode, seen=old, new_ad_id=ObjectId(f"ad{new}") if new else None)
    with database.workspace(OURS) as tx:
        tx.insights.save(OURS, ACCOUNT, rows, NOW)
    with database.workspace(THEIRS) as tx:  # the same ads of another workspace count for nothing
        foreign = [day for number in (OLD, NEW, CONTROL) for day in ran(*range(-7, 8), number=number)]
        tx.insights.save(THEIRS, ACCOUNT, foreign, NOW)
    with database.read(OURS) as tx:
        return comparison(tx, change, LIVE, LIVE + timedelta(days=days))


def test_the_new_ad_is_held_against_the_old_ones_seven_days_before(sqlite_database):
    connect(sqlite_database)
    rows = [
        *ran(*range(-9, 1), number=OLD, impressions=100, link_clicks=1),
        *ran(*range(5), number=NEW, impressions=200, link_clicks=4),
    ]
    found = compared(sqlite_database, rows)
    assert (found.old_before.days, found.old_before.figures.impressions) == (7, 700)
    # Day 0 showed both and day 4 is not over yet: neither belongs to a verdict after three days.
    assert (found.new.days, found.new.figures.impressions, found.new.figures.link_clicks) == (3, 600, 12)
    assert found.old_after.days == 0
    assert found.controls == 0


def test_only_ads_of_the_ad_set_that_ran_on_both_sides_are_controls(sqlite_database):
    connect(sqlite_database)
    rows = [
        *ran(*range(-7, 0), number=OLD),
        *ran(1, 2, 3, number=NEW),
        *ran(*range(-7, 4), number=CONTROL, impressions=50),
        *ran(*range(-7, 4), number=OTHER),
    ]
    found = compared(sqlite_database, rows)
    assert (found.controls, found.control_before.days, found.control_after.days) == (1, 7, 3)
    assert found.control_before.figures.impressions == 350
    rows = [*ran(*range(-7, 0), number=OLD), *ran(1, 2, 3, number=NEW)]
    rows += ran(1, 2, 3, number=CONTROL, impressions=0, clicks=0, link_clicks=0)
    assert compared(sqlite_database, rows).controls == 0


def test_in_place_the_same_ad_is_both_sides(sqlite_database):
    connect(sqlite_database)
    rows = [*ran(*range(-7, 0), number=OLD, impressions=100), *ran(1, 2, 3, number=OLD, impressions=300)]
    found = compared(sqlite_database, rows, mode=Mode.IN_PLACE, new=None)
    assert (found.old_before.figures.impressions, found.new.figures.impressions) == (700, 900)
    assert found.old_after.days == 0


def test_an_old_ad_that_ran_on_is_told(sqlite_database):
    connect(sqlite_database)
    rows = [*ran(*range(-7, 4), number=OLD), *ran(1, number=NEW)]
    found = compared(sqlite_database, rows, days=1)
    assert (found.new.days, found.old_after.days) == (1, 1)
    assert found.controls == 0


def test_the_sum_counts_every_end_once_and_by_the_last_verdict(sqlite_database):
    for owner in (OURS, THEIRS):
        with sqlite_database.workspace(owner) as tx:
            tx.workspaces.save(workspace(owner), None)
        connect(sqlite_database, owner)
    with sqlite_database.workspace(OURS) as tx:
        ends = [
            (1, ProposalState.APPROVED, ReplacementState.LIVE, (Call.TOO_EARLY, Call.WON)),
            (2, ProposalState.APPROVED, ReplacementState.LIVE, (Call.WON, Call.LOST)),
            (3, ProposalState.APPROVED, ReplacementState.UNDONE, (Call.NO_DIFFERENCE,)),
            (4, ProposalState.APPROVED, ReplacementState.FAILED, ()),
            (5, ProposalState.APPROVED, ReplacementState.CONFLICT, ()),
            (6, ProposalState.REJECTED, None, ()),
            (7, ProposalState.EXPIRED, None, ()),
            (8, ProposalState.VOID, None, ()),
            (9, ProposalState.FAILED, None, ()),
        ]
        for number, state, end, calls in ends:
            assert tx.proposals.add(proposal(number, state=state))
            if end is None:
                continue
            live_at = NOW if calls else None
            assert tx.replacements.add(replacement(number, state=end, live_at=live_at))
            for days, call in zip((1, 3, 7), calls, strict=False):
                assert tx.verdicts.add(ident(number + 100), verdict(days, call), NOW)
        assert tx.proposals.add(asked(10, requested_at=NOW - 31 * DAY))
        tx.ai_usage.add(ai_request(1))
        tx.ai_usage.add(ai_request(2, cost=Cost(Money(66, "INR"))))
    with sqlite_database.workspace(THEIRS) as tx:
        assert tx.proposals.add(proposal(1, THEIRS))
    service = RefreshService(sqlite_database, SettableClock(NOW + DAY), TARIFF)
    found = service.summary(OURS)
    assert (found.proposed, found.approved, found.rejected, found.expired) == (8, 5, 1, 2)
    assert (found.live, found.won, found.lost, found.no_difference, found.too_early) == (3, 1, 1, 1, 0)
    assert (found.undone, found.failed) == (1, 2)
    assert (found.ai_requests, found.ai_cost.money.minor) == (2, 1_300)
    assert len(found.latest) == 5
    theirs = service.summary(THEIRS)
    assert (theirs.proposed, theirs.approved, theirs.ai_requests) == (1, 0, 0)
