"""Of many that want the same thing at the same moment exactly one gets it, and a late one does no harm."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.actions import ActionState
from bot.domain.ids import AccountId, ObjectId
from storage.inbox import Handling, InboxRow
from storage.outbox import Sending
from storage.polls import Poll
from tests.storage.samples import (
    ACCOUNT,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    OURS,
    THEIRS,
    action,
    alert,
    connect,
    delivery,
    queued,
    request,
    together,
)

MANY = 6


@pytest.fixture
def busy(database):
    """Two workspaces with an account, a message, a request and a wish each."""
    for owner in (OURS, THEIRS):
        connect(database, owner)
        queued(database, [delivery(owner=owner)])
        with database.workspace(owner) as tx:
            tx.alerts.add(alert(owner=owner))
            tx.actions.add(action(owner=owner))
            tx.inbox.add(request(owner=owner))
    return database


CLAIMS = {
    "an account's reading": lambda tx: tx.accounts.claim(ACCOUNT, NOW, HOUR, due_only=True),
    "a message": lambda tx: tx.outbox.claim(delivery(), NOW),
    "a request": lambda tx: tx.inbox.claim(request(), NOW, NOW - MINUTE),
    "a change": lambda tx: tx.actions.claim(action(), NOW),
    "a tick": lambda tx: tx.leases.take("poll_insights", NOW, NOW) or None,
    "a slot": lambda tx: tx.polls.start(OURS, ACCOUNT, NOW, NOW) or None,
    "a place in the inbox": lambda tx: tx.inbox.add(request(2)) or None,
    "a place in the outbox": lambda tx: tx.outbox.put(delivery(2), "same", NOW) or None,
}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS.keys())
def test_exactly_one_of_many_gets(busy, claim):
    def run(_thread):
        with busy.workspace(OURS) as tx:
            return claim(tx)

    won = [token for token in together(MANY, run) if token is not None]
    assert won == [1]


def test_exactly_one_change_of_an_object_is_under_way(busy):
    def run(thread):
        with busy.workspace(OURS) as tx:
            return tx.actions.add(action(thread + 10, object_id=ObjectId("3999")))

    assert sorted(together(MANY, run)) == [False] * (MANY - 1) + [True]


def test_a_claim_in_one_workspace_leaves_the_others_free(busy):
    for owner in (OURS, THEIRS):
        with busy.workspace(owner) as tx:
            assert tx.accounts.claim(ACCOUNT, NOW, HOUR, due_only=True) == 1
            assert tx.outbox.claim(delivery(owner=owner), NOW) == 1
            assert tx.inbox.claim(request(owner=owner), NOW, NOW) == 1
            assert tx.actions.claim(action(owner=owner), NOW) == 1


def test_a_reading_that_is_not_due_is_claimed_only_on_demand(busy):
    with busy.workspace(OURS) as tx:
        assert tx.accounts.claim(ACCOUNT, NOW - MINUTE, HOUR, due_only=True) is None
        assert tx.accounts.claim(AccountId("act_9"), NOW, HOUR, due_only=False) is None
        assert tx.accounts.claim(ACCOUNT, NOW - MINUTE, HOUR, due_only=False) == 1


def test_an_account_that_is_being_read_is_not_due_until_its_lease_is_over(busy):
    with busy.workspace(OURS) as tx:
        assert tx.accounts.claim(ACCOUNT, NOW, HOUR, due_only=True) == 1
        assert tx.accounts.due(NOW + HOUR, 10) == []
        assert tx.accounts.claim(ACCOUNT, NOW + HOUR, HOUR, due_only=True) is None
        assert [one.lease_token for one in tx.accounts.due(NOW + HOUR + MINUTE, 10)] == [1]
        assert tx.accounts.claim(ACCOUNT, NOW + HOUR + MINUTE, HOUR, due_only=True) == 2


def test_who_lost_an_account_neither_keeps_it_nor_gives_it_back(busy):
    with busy.workspace(OURS) as tx:
        late = tx.accounts.claim(ACCOUNT, NOW, MINUTE, due_only=True)
        assert tx.accounts.renew(ACCOUNT, late, NOW + 2 * MINUTE)
        assert tx.accounts.claim(ACCOUNT, NOW + 2 * MINUTE, MINUTE, due_only=True) is None
        current = tx.accounts.claim(ACCOUNT, NOW + HOUR, HOUR, due_only=True)
        assert not tx.accounts.renew(ACCOUNT, late, NOW + DAY)
        tx.accounts.release(ACCOUNT, late, NOW - DAY)
        assert tx.accounts.due(NOW + HOUR, 10) == []
        tx.accounts.release(ACCOUNT, current, NOW + 2 * HOUR)
        assert tx.accounts.get(ACCOUNT).next_due_at == NOW + 2 * HOUR
        assert tx.accounts.claim(ACCOUNT, NOW + 2 * HOUR, HOUR, due_only=True) == 3


def test_connecting_an_account_again_takes_it_from_nobody(busy):
    with busy.workspace(OURS) as tx:
        token = tx.accounts.claim(ACCOUNT, NOW, HOUR, due_only=True)
        tx.accounts.note_progress(ACCOUNT, {"today": NOW.isoformat()})
    connect(busy, name="New name", due_at=NOW + DAY)
    with busy.workspace(OURS) as tx:
        again = tx.accounts.get(ACCOUNT)
        assert tx.accounts.renew(ACCOUNT, token, NOW + DAY)
    assert (again.account.name, again.lease_token, again.next_due_at) == ("New name", token, NOW)
    assert again.progress == {"today": NOW.isoformat()}


def test_a_request_whose_handler_died_is_handled_again_and_one_that_ended_is_not(busy):
    with busy.workspace(OURS) as tx:
        assert tx.inbox.claim(request(), NOW, NOW - MINUTE) == 1
        assert tx.inbox.left_over(NOW + HOUR, NOW - MINUTE, 10) == []
        assert tx.inbox.claim(request(), NOW, NOW - MINUTE) is None
        assert [one.attempt for one in tx.inbox.left_over(NOW, NOW + MINUTE, 10)] == [1]
        assert tx.inbox.claim(request(), NOW + HOUR, NOW + MINUTE) == 2
        tx.inbox.finish(request(), "ok")
        assert tx.inbox.left_over(NOW + DAY, NOW + DAY, 10) == []
        assert tx.inbox.claim(request(), NOW + DAY, NOW + DAY) is None
        assert tx.inbox.outcome_of(OURS, "key1") == (Handling.DONE, "ok")
        assert not tx.inbox.add(request())


def test_the_words_of_a_request_are_gone_once_it_was_handled(busy):
    with busy.workspace(OURS) as tx:
        (kept,) = tx.inbox.left_over(NOW + MINUTE, NOW, 10)
        assert kept == request()
        tx.inbox.finish(request(), "crashed:E-1", failed=True)
        assert tx.inbox.outcome_of(OURS, "key1") == (Handling.FAILED, "crashed:E-1")
    with busy.system_read() as tx:
        kept = dict(tx._session.execute(select(InboxRow.workspace_id, InboxRow.payload)).all())
        assert kept == {OURS: "", THEIRS: request().payload}


def test_a_carrier_that_comes_back_late_cannot_end_another_ones_change(busy):
    with busy.workspace(OURS) as tx:
        late = tx.actions.claim(action(), NOW)
        assert tx.actions.due(NOW, NOW - MINUTE, 10) == []
        (stuck,) = tx.actions.due(NOW, NOW + MINUTE, 10)
        current = tx.actions.claim(stuck, NOW + HOUR)
        assert (late, current) == (1, 2)
        assert not tx.actions.finish(action(), late, ActionState.DONE, NOW)
        assert not tx.actions.retry(action(), late, NOW, "")
        assert not tx.actions.look_again(action(), late, NOW + DAY)
        assert tx.actions.finish(stuck, current, ActionState.DONE, NOW)
        assert not tx.actions.finish(stuck, current, ActionState.FAILED, NOW)
        (ended,) = tx.actions.of_alert(alert().id)
        assert (ended.state, ended.finished_at, ended.lease_token) == (ActionState.DONE, NOW, 2)


def test_a_change_that_is_tried_again_waits_for_its_time(busy):
    with busy.workspace(OURS) as tx:
        token = tx.actions.claim(action(), NOW)
        assert tx.actions.retry(action(), token, NOW + HOUR, "Meta asks us to wait.")
        assert tx.actions.due(NOW, NOW, 10) == []
        (again,) = tx.actions.due(NOW + HOUR, NOW, 10)
        assert (again.state, again.error) == (ActionState.REQUESTED, "Meta asks us to wait.")
        assert tx.actions.claim(again, NOW + HOUR) == 2
        assert tx.actions.look_again(again, 2, NOW + 2 * HOUR)
        assert tx.actions.due(NOW + HOUR, NOW + DAY, 10) == []
        assert [one.lease_token for one in tx.actions.due(NOW + 2 * HOUR, NOW + DAY, 10)] == [2]


def test_after_the_end_of_a_change_the_object_can_be_changed_again(busy):
    with busy.workspace(OURS) as tx:
        assert not tx.actions.add(action(2))
        # A refusal leaves the transaction as it was: what follows is written.
        token = tx.actions.claim(action(), NOW)
        assert not tx.actions.add(action(2))
        assert tx.actions.finish(action(), token, ActionState.CONFLICT, NOW, "x" * 5000)
        assert tx.actions.add(replace(action(2), requested_at=NOW + MINUTE))
    with busy.read(OURS) as tx:
        assert [one.id for one in tx.actions.of_alert(alert().id)] == ["action2", "action1"]
        assert len(tx.actions.of_alert(alert().id)[1].error) == 2000


def test_the_same_object_id_in_another_account_is_another_object(busy):
    with busy.workspace(OURS) as tx:
        assert tx.actions.add(replace(action(2), account_id=AccountId("act_2002")))


def test_a_slot_is_read_once_and_remembers_how_that_went(busy):
    with busy.workspace(OURS) as tx:
        assert tx.polls.start(OURS, ACCOUNT, NOW, NOW)
        assert tx.polls.start(OURS, ACCOUNT, NOW + 15 * MINUTE, NOW + 15 * MINUTE)
        assert tx.polls.start(OURS, AccountId("act_2002"), NOW, NOW)
        tx.polls.finish(ACCOUNT, NOW, Poll(NOW, NOW, NOW + MINUTE, 9, 500, "ok"))
        first, second = tx.polls.of(ACCOUNT)
        assert first == Poll(NOW, NOW, NOW + MINUTE, 9, 500, "ok")
        assert (second.finished_at, second.outcome) == (None, "")
        assert tx.polls.calls_since(ACCOUNT, NOW) == 9
        assert tx.polls.calls_since(ACCOUNT, NOW + MINUTE) == 0


def test_a_tick_is_of_its_job(busy):
    with busy.system() as tx:
        assert tx.leases.take("poll_insights", NOW, NOW)
        assert tx.leases.take("prune_history", NOW, NOW)
        assert tx.leases.take("poll_insights", NOW + MINUTE, NOW)
        assert not tx.leases.take("poll_insights", NOW, NOW + HOUR)


def test_a_message_is_claimed_as_it_was_seen(busy):
    with busy.workspace(OURS) as tx:
        assert tx.outbox.claim(replace(delivery(), state=Sending.SENDING), NOW) is None
        assert tx.outbox.claim(replace(delivery(), lease_token=1), NOW) is None
        assert tx.outbox.claim(delivery(), NOW) == 1
        assert tx.outbox.claim(delivery(), NOW) is None
