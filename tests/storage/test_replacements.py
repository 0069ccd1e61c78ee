"""Replacements come back as they were put, one moving per ad, carried out by one process, moved by people."""

from dataclasses import replace

import pytest

from bot.domain.guardrails import Begun
from bot.domain.ids import AccountId, AlertId, ObjectId, UserId
from bot.domain.replacement import ReplacementState, Step, StepKind, StepState
from bot.errors import Stale
from tests.storage.refresh_samples import (
    OWNER,
    applied,
    ident,
    kept_replacement,
    replacement,
    seen,
    verdict,
)
from tests.storage.samples import ACCOUNT, ADSET, DAY, HOUR, MINUTE, NOW, OURS, THEIRS, together

MANY = 6
State = ReplacementState
MOVING = {State.QUEUED, State.APPLYING, State.TESTING, State.UNDOING}


@pytest.fixture
def queued(database):
    """Two workspaces in which the same replacement waits."""
    for owner in (OURS, THEIRS):
        with database.workspace(owner) as tx:
            assert tx.replacements.add(replacement(owner=owner))
    return database


def test_every_field_comes_back(database):
    assert kept_replacement(database, replacement()) == replacement()
    filled = applied(replacement(2))
    assert kept_replacement(database, filled) == filled


def test_every_field_that_moves_comes_back(queued):
    moved = applied(replacement(digest="changed", name="changed"))
    with queued.workspace(OURS) as tx:
        assert tx.replacements.claim(replacement(), NOW) == 1
        assert tx.replacements.save(moved, 1)
        # What the approval fixed stays; the claim stays too, as long as it moves.
        fixed = {"digest": "e" * 64, "name": replacement().name, "lease_token": 1, "claimed_at": NOW}
        assert tx.replacements.get(moved.id) == replace(moved, **fixed)


@pytest.mark.parametrize("state", State)
def test_an_ad_is_changed_by_one_replacement_at_a_time(database, state):
    same_ad = {"entity": replacement(1).entity}
    with database.workspace(OURS) as tx:
        assert tx.replacements.add(replacement(1, state=state))
        assert tx.replacements.add(replacement(2, **same_ad)) is (state not in MOVING)
        assert tx.replacements.add(replacement(3, account_id=AccountId("act_2002"), **same_ad))
        # A refusal leaves the transaction as it was.
        assert tx.replacements.get(ident(101)).state is state


def test_a_proposal_is_carried_out_once(database):
    with database.workspace(OURS) as tx:
        assert tx.replacements.add(replacement(1, state=State.FAILED))
        assert not tx.replacements.add(replacement(2, proposal_id=ident(1)))
        assert tx.replacements.of_proposal(ident(1)).id == ident(101)
        assert tx.replacements.of_proposal(ident(2)) is None


@pytest.mark.parametrize("same", ["entity", "proposal_id"])
def test_of_many_that_queue_at_once_one_does(database, same):
    def add(thread):
        given = replace(replacement(thread + 1), **{same: getattr(replacement(1), same)})
        with database.workspace(OURS) as tx:
            return tx.replacements.add(given)

    assert sorted(together(MANY, add)) == [False] * (MANY - 1) + [True]


def test_of_many_that_carry_on_at_once_one_does(queued):
    def claim(thread):
        with queued.workspace(OURS) as tx:
            return tx.replacements.claim(replacement(), NOW)

    assert [token for token in together(MANY, claim) if token is not None] == [1]
    with queued.workspace(THEIRS) as tx:
        assert tx.replacements.claim(replacement(owner=THEIRS), NOW) == 1


def test_of_many_people_that_undo_at_once_one_does(queued):
    def undo(thread):
        moved = replacement(state=State.UNDOING, version=2, undo_by=UserId(f"U{thread}"))
        with queued.workspace(OURS) as tx:
            return thread if tx.replacements.move(moved, seen_version=1) else None

    (winner,) = [thread for thread in together(MANY, undo) if thread is not None]
    with queued.read(OURS) as tx:
        assert tx.replacements.get(ident(101)).undo_by == f"U{winner}"
    with queued.read(THEIRS) as tx:
        assert tx.replacements.get(ident(101)) == replacement(owner=THEIRS)


def test_what_is_due_is_found_in_every_workspace_until_somebody_carries_it_on(queued):
    with queued.system_read() as tx:
        assert tx.replacements.due(NOW - MINUTE, NOW, 10) == []
        assert {one.workspace_id for one in tx.replacements.due(NOW, NOW, 10)} == {OURS, THEIRS}
        assert len(tx.replacements.due(NOW, NOW, 1)) == 1
    with queued.workspace(OURS) as tx:
        assert tx.replacements.claim(replacement(), NOW) == 1
        assert tx.replacements.due(NOW + HOUR, NOW, 10) == []
        (stuck,) = tx.replacements.due(NOW + HOUR, NOW + MINUTE, 10)
        assert (stuck.lease_token, stuck.claimed_at) == (1, NOW)
        assert tx.replacements.claim(stuck, NOW + HOUR) == 2


@pytest.mark.parametrize("state", State)
def test_only_what_moves_is_due(database, state):
    with database.workspace(OURS) as tx:
        tx.replacements.add(replacement(1, state=state))
        tx.replacements.add(replacement(2, next_at=None))
        expected = [ident(101)] if state in MOVING else []
        assert [one.id for one in tx.replacements.due(NOW, NOW, 10)] == expected
        assert (tx.replacements.claim(replacement(1), NOW) is not None) is (state in MOVING)
        assert [one.id for one in tx.replacements.moving() if one.id == ident(101)] == expected


def test_a_process_that_comes_back_late_records_nothing(queued):
    with queued.workspace(OURS) as tx:
        late = tx.replacements.claim(replacement(), NOW)
        current = tx.replacements.claim(replacement(lease_token=late), NOW + HOUR)
        assert not tx.replacements.save(applied(replacement()), late)
        assert not tx.replacements.release(replacement(), late, NOW + DAY)
        assert tx.replacements.get(ident(101)).steps == replacement().steps
        assert tx.replacements.save(replacement(state=State.APPLYING, version=2), current)
        assert tx.replacements.release(replacement(), current, NOW + 2 * HOUR)
        kept = tx.replacements.get(ident(101))
        assert (kept.state, kept.version, kept.claimed_at) == (State.APPLYING, 2, None)
        assert tx.replacements.due(NOW + 2 * HOUR - MINUTE, NOW + DAY, 10) == []
        assert tx.replacements.due(NOW + 2 * HOUR, NOW - DAY, 10) == [kept]


def test_a_replacement_that_came_to_rest_is_nobodys(queued):
    with queued.workspace(OURS) as tx:
        token = tx.replacements.claim(replacement(), NOW)
        assert tx.replacements.save(replacement(state=State.LIVE), token)
        assert tx.replacements.get(ident(101)).claimed_at is None
        assert tx.replacements.move(replacement(state=State.UNDOING, version=2), seen_version=1)
        assert [one.state for one in tx.replacements.due(NOW, NOW - DAY, 10)] == [State.UNDOING]


def test_a_person_who_undoes_takes_it_from_the_process_that_carries_it_out(queued):
    made = Step(4, StepKind.CREATIVE, StepState.DOING, started_at=NOW)
    with queued.workspace(OURS) as tx:
        token = tx.replacements.claim(replacement(), NOW)
        tx.replacements.save(replacement(state=State.APPLYING, steps=(made,)), token)
        # The person saw no step yet; what is known of steps stays.
        undoing = replacement(
            state=State.UNDOING,
            version=2,
            undo_by=OWNER,
            undo_forced="9" * 64,
            next_at=NOW + MINUTE,
            finished_at=NOW + HOUR,
            reason="Asked for.",
            new_ad_id=ObjectId("3777"),
        )
        assert tx.replacements.move(undoing, seen_version=1)
        expected = replace(undoing, steps=(made,), lease_token=token + 1, claimed_at=NOW, new_ad_id=None)
        assert tx.replacements.get(ident(101)) == expected
        assert not tx.replacements.save(replacement(state=State.LIVE), token)
        assert not tx.replacements.release(replacement(), token, NOW)
        # Nobody else begins while the last call may be on its way.
        assert tx.replacements.due(NOW + HOUR, NOW, 10) == []
        assert tx.replacements.due(NOW + HOUR, NOW + MINUTE, 10) == [expected]
        assert not tx.replacements.move(undoing, seen_version=1)


def test_undoing_waits_while_another_replacement_moves_the_same_ad(queued):
    with queued.workspace(OURS) as tx:
        token = tx.replacements.claim(replacement(), NOW)
        tx.replacements.save(replacement(state=State.LIVE), token)
        assert tx.replacements.add(replacement(2, entity=replacement(1).entity))
        with pytest.raises(Stale, match="Another replacement"):
            tx.replacements.move(replacement(state=State.UNDOING, version=2), seen_version=1)
        assert tx.replacements.get(ident(101)).state is State.LIVE


def test_a_replacement_is_found_by_what_people_type(queued):
    with queued.workspace(OURS) as tx:
        assert tx.replacements.by_short("00000065").workspace_id == OURS
        assert tx.replacements.by_short("%") is None
        assert tx.replacements.by_short("00000066") is None
        twin = ident(101)[:-1] + "2"
        tx.replacements.add(replacement(3, id=twin))
        assert tx.replacements.by_short("00000065") is None
        assert tx.replacements.by_short(twin).id == twin


def test_replacements_are_listed_by_alert_and_by_time(database):
    with database.workspace(OURS) as tx:
        tx.replacements.add(replacement(1, approved_at=NOW - DAY))
        tx.replacements.add(replacement(2, alert_id=AlertId("alert2")))
        tx.replacements.add(replacement(3, account_id=AccountId("act_2002"), approved_at=NOW + HOUR))
        assert _ids(tx.replacements.of_alert(AlertId("alert1"))) == [ident(103), ident(101)]
        assert _ids(tx.replacements.since(NOW)) == [ident(102), ident(103)]
        assert _ids(tx.replacements.since(NOW - DAY, ACCOUNT)) == [ident(101), ident(102)]
        assert _ids(tx.replacements.moving()) == [ident(101), ident(102), ident(103)]


def test_a_replacement_begins_with_its_first_write_and_stays_begun(queued):
    checked = Step(1, StepKind.CHECK, StepState.DONE, started_at=NOW)
    labelled = Step(3, StepKind.LABEL, StepState.DONE, started_at=NOW + HOUR)
    again = replace(labelled, started_at=NOW + DAY)
    with queued.workspace(OURS) as tx:
        token = tx.replacements.claim(replacement(), NOW)
        tx.replacements.save(replacement(steps=(checked,)), token)
        assert tx.replacements.begun_since(ACCOUNT, NOW - DAY) == []
        for steps in ((checked, labelled), (checked, again), (checked,)):
            tx.replacements.save(replacement(steps=steps), token)
            assert tx.replacements.begun_since(ACCOUNT, NOW) == [Begun(ADSET, NOW + HOUR)]
        other = replace(seen(), adset_id=ObjectId("2002"))
        tx.replacements.add(replacement(2, seen=other, steps=(replace(labelled, started_at=NOW),)))
        assert [one.adset_id for one in tx.replacements.begun_since(ACCOUNT, NOW)] == ["2002", ADSET]
        assert [one.at for one in tx.replacements.begun_since(ACCOUNT, NOW + MINUTE)] == [NOW + HOUR]
        assert tx.replacements.begun_since(AccountId("act_2002"), NOW) == []


def test_how_replacements_ended_is_told_by_time(database):
    def ended(number, state, at, live_at=None):
        return replacement(number, state=state, finished_at=at, live_at=live_at)

    with database.workspace(OURS) as tx:
        tx.replacements.add(ended(1, State.FAILED, NOW + HOUR))
        tx.replacements.add(ended(2, State.FAILED, NOW))
        tx.replacements.add(ended(3, State.FAILED, NOW - MINUTE))
        tx.replacements.add(ended(4, State.CONFLICT, NOW))
        tx.replacements.add(ended(5, State.LIVE, NOW + HOUR, NOW + MINUTE))
        tx.replacements.add(ended(6, State.UNDONE, NOW + DAY, NOW))
        tx.replacements.add(
            replacement(7, state=State.FAILED, account_id=AccountId("act_2"), finished_at=NOW)
        )
        failed, live = tx.replacements.outcomes_since(ACCOUNT, NOW)
        assert (failed, live) == ([NOW, NOW + HOUR], [NOW, NOW + MINUTE])


def test_what_is_live_is_followed_until_its_last_verdict(database):
    with database.workspace(THEIRS) as tx:
        tx.replacements.add(replacement(1, THEIRS, state=State.LIVE, live_at=NOW))
        for days in (1, 3, 7):
            tx.verdicts.add(ident(101), verdict(days), NOW)
    with database.workspace(OURS) as tx:
        tx.replacements.add(replacement(1, state=State.LIVE, live_at=NOW))
        tx.replacements.add(replacement(2, state=State.TESTING, live_at=NOW + MINUTE))
        tx.replacements.add(replacement(3, state=State.UNDONE, live_at=NOW + HOUR))
        tx.replacements.add(replacement(4, state=State.FAILED, live_at=NOW))
        tx.replacements.add(replacement(5, state=State.LIVE, live_at=None))
    assert _followed(database, NOW + DAY - MINUTE) == []
    assert _followed(database, NOW + DAY) == [1]
    assert _followed(database, NOW + DAY + HOUR) == [1, 2, 3]
    _judge(database, 1, (1,))
    assert _followed(database, NOW + 3 * DAY - MINUTE) == [2, 3]
    assert _followed(database, NOW + 3 * DAY + MINUTE) == [1, 2, 3]
    _judge(database, 1, (3, 7))
    assert _followed(database, NOW + 29 * DAY) == [2, 3]
    assert _followed(database, NOW + 40 * DAY) == []


def test_one_workspace_neither_reads_nor_moves_anothers_replacements(queued):
    theirs = replacement(owner=THEIRS)
    with queued.workspace(OURS) as tx:
        for found in (tx.replacements.moving(), tx.replacements.since(NOW), tx.replacements.due(NOW, NOW, 9)):
            assert [one.workspace_id for one in found] == [OURS]
        assert tx.replacements.of_proposal(ident(1)).workspace_id == OURS
        token = tx.replacements.claim(theirs, NOW)
        tx.replacements.save(applied(theirs), token)
        tx.replacements.release(theirs, token, NOW + DAY)
        tx.replacements.move(replace(theirs, version=10), seen_version=9)
        assert tx.replacements.begun_since(ACCOUNT, NOW)
        assert tx.replacements.outcomes_since(ACCOUNT, NOW)[1]
    with queued.read(THEIRS) as tx:
        assert tx.replacements.get(ident(101)) == theirs
        assert tx.replacements.begun_since(ACCOUNT, NOW) == []
        assert tx.replacements.outcomes_since(ACCOUNT, NOW) == ([], [])
    with pytest.raises(RuntimeError, match="no other workspace"), queued.workspace(OURS) as tx:
        tx.replacements.add(replacement(5, THEIRS))


def _ids(found):
    return [one.id for one in found]


def _judge(database, number, days):
    with database.workspace(OURS) as tx:
        for after in days:
            assert tx.verdicts.add(ident(100 + number), verdict(after), NOW)


def _followed(database, now):
    with database.system_read() as tx:
        found = tx.replacements.followed(now)
    assert {one.workspace_id for one in found} <= {OURS}  # every verdict was made in the other one
    return [int(one.id[:8], 16) - 100 for one in found]
