"""What writers cost: reserved before it is spent, so that many at once cannot pass the cap."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.money import Money
from bot.domain.variations import Cost, Tokens
from storage.ai_usage import LOST, RESERVED, MonthUsage
from tests.storage.refresh_samples import ai_request, ident
from tests.storage.samples import DAY, HOUR, MINUTE, NOW, OURS, THEIRS, together

MANY = 6


def reserve(tx, name, cost=30, cap=100, at=NOW):
    return tx.ai_usage.reserve(name, at, cost_minor_max=cost, cap_minor=cap)


def test_every_field_comes_back(database):
    with database.workspace(OURS) as tx:
        assert tx.ai_usage.add(ai_request())
        assert not tx.ai_usage.add(ai_request(outcome="other"))
        assert tx.ai_usage.since(NOW) == [ai_request()]


def test_what_is_settled_takes_the_place_of_what_was_reserved(database):
    with database.workspace(OURS) as tx:
        assert reserve(tx, ident(201), cost=90)
        (reserved,) = tx.ai_usage.since(NOW)
        assert (reserved.outcome, reserved.cost.money) == (RESERVED, Money(90, "INR"))
        late = ai_request(at=NOW + 40 * DAY)
        assert tx.ai_usage.settle(late)
        assert tx.ai_usage.since(NOW) == [ai_request()]
        assert not tx.ai_usage.settle(replace(late, outcome="twice"))
        assert not tx.ai_usage.settle(ai_request(2))
        assert tx.ai_usage.since(NOW) == [ai_request()]


def test_many_at_once_do_not_pass_the_cap(database):
    def run(thread):
        with database.workspace(OURS) as tx:
            return reserve(tx, f"r{thread}")

    assert sorted(together(MANY, run)) == [False] * (MANY - 3) + [True] * 3
    with database.workspace(OURS) as tx:
        assert tx.ai_usage.month(NOW) == MonthUsage(3, 0, 90)
        assert reserve(tx, "rest", cost=10)
        assert not reserve(tx, "more", cost=1)
        assert reserve(tx, "free", cost=0)
        assert not reserve(tx, "free", cost=0)  # the same request is not made twice
    with database.workspace(THEIRS) as tx:
        assert reserve(tx, "r0", cost=100)


def test_a_cap_of_nothing_lets_nothing_through(database):
    with database.workspace(OURS) as tx:
        assert not reserve(tx, "r1", cost=1, cap=0)
        assert not reserve(tx, "r2", cost=-5, cap=0)
        assert tx.ai_usage.since(NOW - DAY) == []


def test_what_was_given_up_counts_as_the_most_until_it_is_settled_after_all(database):
    for owner in (OURS, THEIRS):
        with database.workspace(owner) as tx:
            reserve(tx, ident(201), at=NOW)
            reserve(tx, ident(202), at=NOW + HOUR)
    with database.system() as tx:
        assert tx.ai_usage.sweep(NOW) == 0
        assert tx.ai_usage.sweep(NOW + 10 * MINUTE) == 2
        assert tx.ai_usage.sweep(NOW + 10 * MINUTE) == 0
    with database.workspace(OURS) as tx:
        assert [one.outcome for one in tx.ai_usage.since(NOW)] == [LOST, RESERVED]
        assert tx.ai_usage.month(NOW).cost_minor == 60
        assert tx.ai_usage.settle(ai_request())
        assert tx.ai_usage.month(NOW).cost_minor == 1_264
    with database.read(THEIRS) as tx:
        assert tx.ai_usage.month(NOW).cost_minor == 60


def test_a_month_is_counted_by_itself_in_the_time_zone_of_the_moment(database):
    india = ZoneInfo("Asia/Kolkata")
    moments = {
        "october": datetime(2026, 10, 31, 18, 29, tzinfo=UTC),
        "november in India": datetime(2026, 10, 31, 18, 30, tzinfo=UTC),
        "november": datetime(2026, 11, 1, tzinfo=UTC),
        "december in India": datetime(2026, 11, 30, 18, 30, tzinfo=UTC),
        "december": datetime(2026, 12, 1, tzinfo=UTC),
    }
    with database.workspace(OURS) as tx:
        assert tx.ai_usage.month(NOW) == MonthUsage(0, 0, 0)
        for n, at in enumerate(moments.values()):
            cost = Cost(Money(10**n, "INR"))
            tx.ai_usage.add(ai_request(n, at=at, cost=cost, tokens=Tokens(1, 20, 300, 9)))
        assert tx.ai_usage.month(NOW) == MonthUsage(2, 642, 1_100)
        assert tx.ai_usage.month(NOW.astimezone(india)) == MonthUsage(2, 642, 110)
        assert tx.ai_usage.month(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)).cost_minor == 10_000
    with database.read(THEIRS) as tx:
        assert tx.ai_usage.month(NOW) == MonthUsage(0, 0, 0)


def test_what_a_proposal_cost_is_the_sum_of_its_requests(database):
    with database.workspace(OURS) as tx:
        assert tx.ai_usage.cost_of(ident(1)) is None
        tx.ai_usage.add(ai_request(1))
        tx.ai_usage.add(ai_request(2, at=NOW + HOUR, cost=Cost(Money(66, "INR"), "1 USD = ₹86.00")))
        tx.ai_usage.add(ai_request(3, at=NOW + DAY, cost=Cost(Money(0, "INR"))))
        tx.ai_usage.add(ai_request(4, proposal_id=ident(2)))
        assert tx.ai_usage.cost_of(ident(1)) == Cost(Money(1_300, "INR"), "1 USD = ₹86.00")
    with database.read(THEIRS) as tx:
        assert tx.ai_usage.cost_of(ident(1)) is None


def test_other_money_than_the_caps_is_refused(sqlite_database):
    with sqlite_database.workspace(OURS) as tx, pytest.raises(ValueError, match="INR"):
        tx.ai_usage.add(ai_request(cost=Cost(Money(1, "USD"))))
