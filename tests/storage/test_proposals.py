"""Proposals come back as they were put, one per ad, written by one writer, decided by one person."""

from dataclasses import replace

import pytest

from bot.domain.ids import AccountId, AlertId, ChannelId, ObjectId, UserId
from bot.domain.proposals import Mode, ProposalState
from tests.storage.refresh_samples import OWNER, asked, ident, proposal
from tests.storage.samples import ACCOUNT, CHANNEL, DAY, HOUR, MINUTE, NOW, OURS, THEIRS, together

MANY = 6
OPEN = (ProposalState.WRITING, ProposalState.WAITING)


@pytest.fixture
def asking(database):
    """Two workspaces in which variations of the same ad were asked for."""
    for owner in (OURS, THEIRS):
        with database.workspace(owner) as tx:
            assert tx.proposals.add(asked(owner=owner))
    return database


@pytest.mark.parametrize("given", [asked(), proposal()], ids=["asked", "filled"])
def test_every_field_comes_back(database, given):
    with database.workspace(OURS) as tx:
        assert tx.proposals.add(given)
    with database.read(OURS) as tx:
        assert tx.proposals.get(given.id) == given
        assert tx.proposals.get("other") is None


def test_every_field_that_a_decision_moves_comes_back(asking):
    moved = proposal(state=ProposalState.APPROVED, channel_id=None, message_ts=None)
    with asking.workspace(OURS) as tx:
        assert tx.proposals.save(moved, seen_version=1)
        assert tx.proposals.get(moved.id) == moved


@pytest.mark.parametrize("state", ProposalState)
def test_an_ad_has_one_set_of_variations_that_is_not_decided(database, state):
    with database.workspace(OURS) as tx:
        assert tx.proposals.add(asked(1, state=state))
        assert tx.proposals.add(replace(asked(2), entity=asked(1).entity)) is (state not in OPEN)
        # A refusal leaves the transaction as it was, and another account's ad is another ad.
        elsewhere = replace(asked(3), entity=asked(1).entity, account_id=AccountId("act_2002"))
        assert tx.proposals.add(elsewhere)


def test_of_many_that_ask_for_variations_of_an_ad_one_is_heard(database):
    def ask(thread):
        with database.workspace(OURS) as tx:
            return tx.proposals.add(replace(asked(thread + 1), entity=asked(1).entity))

    assert sorted(together(MANY, ask)) == [False] * (MANY - 1) + [True]


def test_of_many_that_decide_at_once_one_wins(asking):
    def decide(thread):
        moved = asked(version=2, state=ProposalState.REJECTED, decided_by=UserId(f"U{thread}"))
        with asking.workspace(OURS) as tx:
            return thread if tx.proposals.save(moved, seen_version=1) else None

    (winner,) = [thread for thread in together(MANY, decide) if thread is not None]
    with asking.read(OURS) as tx:
        assert tx.proposals.get(ident(1)).decided_by == f"U{winner}"
    with asking.read(THEIRS) as tx:
        assert tx.proposals.get(ident(1)) == asked(owner=THEIRS)


def test_a_decision_leaves_the_claim_and_the_message_alone(asking):
    with asking.workspace(OURS) as tx:
        token = tx.proposals.claim(asked(), NOW)
        tx.proposals.note_message(ident(1), CHANNEL, "1.5")
        late = proposal(state=ProposalState.WRITING, lease_token=9, version=2)
        assert tx.proposals.save(late, seen_version=1)
        kept = tx.proposals.get(ident(1))
        assert (kept.lease_token, kept.channel_id, kept.message_ts) == (token, CHANNEL, "1.5")
        assert tx.proposals.to_write(NOW + HOUR, NOW, 10) == []


def test_the_message_of_variations_is_remembered(asking):
    with asking.workspace(OURS) as tx:
        tx.proposals.note_message(ident(1), CHANNEL, "1.5")
    with asking.read(OURS) as tx:
        kept = tx.proposals.get(ident(1))
        assert kept == asked(channel_id=CHANNEL, message_ts="1.5")
    with asking.read(THEIRS) as tx:
        assert tx.proposals.get(ident(1)).message_ts is None


def test_a_proposal_is_found_by_what_people_type(database):
    twin = replace(asked(2), id=ident(1)[:-1] + "2")
    with database.workspace(OURS) as tx:
        tx.proposals.add(asked(1, state=ProposalState.APPROVED))
        assert tx.proposals.by_short("00000001").id == ident(1)
        assert tx.proposals.by_short(f" {ident(1).upper()} ").id == ident(1)
        tx.proposals.add(asked(0xABCDEF01, entity=asked(3).entity))
        assert tx.proposals.by_short("ABCDEF01").id == ident(0xABCDEF01)
        for typed in ("", "0000000", "%%%%%%%%", "________", "0000000g", "00000009", ident(1) + "0"):
            assert tx.proposals.by_short(typed) is None
        tx.proposals.add(twin)
        assert tx.proposals.by_short("00000001") is None
        assert tx.proposals.by_short(twin.id) == twin


def test_what_is_not_decided_waits_oldest_first(database):
    states = list(ProposalState)
    with database.workspace(OURS) as tx:
        for n, state in enumerate(states, 1):
            tx.proposals.add(asked(n, state=state, requested_at=NOW - n * MINUTE))
        assert [one.state for one in tx.proposals.waiting()] == [ProposalState.WAITING, ProposalState.WRITING]


def test_what_an_alert_led_to_comes_newest_first(database):
    with database.workspace(OURS) as tx:
        tx.proposals.add(asked(1))
        tx.proposals.add(asked(2, requested_at=NOW + MINUTE))
        tx.proposals.add(asked(3, alert_id=AlertId("alert2")))
        assert [one.id for one in tx.proposals.of_alert(AlertId("alert1"))] == [ident(2), ident(1)]
        assert tx.proposals.of_alert(AlertId("alert9")) == ()


def test_what_waits_for_an_ad_is_found(database):
    with database.workspace(OURS) as tx:
        tx.proposals.add(replace(asked(2), entity=asked(1).entity, state=ProposalState.VOID))
        assert tx.proposals.live_of_ad(ACCOUNT, ObjectId("3001")) is None
        tx.proposals.add(asked(1))
        assert tx.proposals.live_of_ad(ACCOUNT, ObjectId("3001")) == asked(1)
        assert tx.proposals.live_of_ad(AccountId("act_2002"), ObjectId("3001")) is None


def test_what_was_asked_for_since_is_listed(database):
    with database.workspace(OURS) as tx:
        tx.proposals.add(asked(1, requested_at=NOW - DAY))
        tx.proposals.add(asked(2))
        tx.proposals.add(asked(3, account_id=AccountId("act_2002"), requested_at=NOW + MINUTE))
        assert [one.id for one in tx.proposals.since(NOW)] == [ident(2), ident(3)]
        assert [one.id for one in tx.proposals.since(NOW - DAY, ACCOUNT)] == [ident(1), ident(2)]


def test_what_nobody_decided_in_time_is_found_in_every_workspace(asking):
    with asking.workspace(THEIRS) as tx:
        tx.proposals.save(proposal(owner=THEIRS, expires_at=NOW + HOUR), seen_version=1)
    with asking.workspace(OURS) as tx:
        tx.proposals.save(proposal(expires_at=NOW + 2 * HOUR), seen_version=1)
        tx.proposals.add(proposal(2, state=ProposalState.REJECTED, expires_at=NOW))
        tx.proposals.add(proposal(3, expires_at=None))
    with asking.system_read() as tx:
        assert tx.proposals.overdue(NOW + HOUR - MINUTE, 10) == []
        assert [one.workspace_id for one in tx.proposals.overdue(NOW + HOUR, 10)] == [THEIRS]
        both = [one.workspace_id for one in tx.proposals.overdue(NOW + DAY, 10)]
        assert both == [THEIRS, OURS]
        assert [one.workspace_id for one in tx.proposals.overdue(NOW + DAY, 1)] == [THEIRS]


def test_what_is_to_be_written_is_found_in_every_workspace_until_somebody_writes_it(asking):
    with asking.system_read() as tx:
        assert tx.proposals.to_write(NOW - MINUTE, NOW, 10) == []
        assert {one.workspace_id for one in tx.proposals.to_write(NOW, NOW, 10)} == {OURS, THEIRS}
        assert len(tx.proposals.to_write(NOW, NOW, 1)) == 1
    with asking.workspace(OURS) as tx:
        assert tx.proposals.claim(asked(), NOW) == 1
    with asking.system_read() as tx:
        assert [one.workspace_id for one in tx.proposals.to_write(NOW, NOW, 10)] == [THEIRS]
        stuck = {one.workspace_id: one for one in tx.proposals.to_write(NOW, NOW + MINUTE, 10)}
    assert stuck[OURS].lease_token == 1
    with asking.workspace(OURS) as tx:
        assert tx.proposals.claim(asked(), NOW + MINUTE) is None
        assert tx.proposals.claim(stuck[OURS], NOW + MINUTE) == 2


def test_exactly_one_writer_keeps_what_it_wrote(asking):
    with asking.workspace(OURS) as tx:
        late = tx.proposals.claim(asked(), NOW)
        current = tx.proposals.claim(asked(lease_token=late), NOW + HOUR)
        wrote = proposal(round=0, version=2, channel_id=None, message_ts=None)
        assert not tx.proposals.written(wrote, late)
        assert not tx.proposals.retry(asked(), late, NOW, "late")
        assert tx.proposals.written(wrote, current)
        assert tx.proposals.get(ident(1)) == replace(wrote, lease_token=current)
        assert not tx.proposals.written(wrote, current)
        assert not tx.proposals.retry(asked(), current, NOW, "again")
        assert tx.proposals.claim(replace(wrote, lease_token=current), NOW) is None


def test_a_writer_of_an_earlier_round_writes_nothing_into_the_next(asking):
    with asking.workspace(OURS) as tx:
        token = tx.proposals.claim(asked(), NOW)
        wrote = proposal(round=0, version=2)
        assert tx.proposals.written(wrote, token)
        again = replace(wrote, state=ProposalState.WRITING, round=1, version=3)
        assert tx.proposals.save(again, seen_version=2)
        assert not tx.proposals.written(wrote, token)
        (asked_again,) = tx.proposals.to_write(NOW, NOW - DAY, 10)
        assert asked_again.round == 1
        assert tx.proposals.claim(asked_again, NOW) == 2


def test_what_could_not_be_written_is_tried_again_at_its_time_and_says_why(asking):
    with asking.workspace(OURS) as tx:
        token = tx.proposals.claim(asked(), NOW)
        assert tx.proposals.retry(asked(), token, NOW + HOUR, "Meta asks us to wait.\x00")
        assert tx.proposals.to_write(NOW + HOUR - MINUTE, NOW + DAY, 10) == []
        (again,) = tx.proposals.to_write(NOW + HOUR, NOW - DAY, 10)
        assert (again.reason, again.version) == ("Meta asks us to wait.", 1)
        assert tx.proposals.claim(again, NOW + HOUR) == 2


def test_variations_that_were_voided_meanwhile_are_not_brought_back_by_their_writer(asking):
    with asking.workspace(OURS) as tx:
        token = tx.proposals.claim(asked(), NOW)
        tx.proposals.save(asked(state=ProposalState.VOID, version=2), seen_version=1)
        assert not tx.proposals.written(proposal(round=0), token)
        assert tx.proposals.get(ident(1)).state is ProposalState.VOID


def test_one_workspace_neither_reads_nor_moves_anothers_variations(asking):
    theirs = proposal(owner=THEIRS, version=1)
    with asking.workspace(THEIRS) as tx:
        before = tx.proposals.waiting()
        assert before == [asked(owner=THEIRS)]
    with asking.workspace(OURS) as tx:
        assert [one.workspace_id for one in tx.proposals.waiting()] == [OURS]
        assert [one.workspace_id for one in tx.proposals.of_alert(AlertId("alert1"))] == [OURS]
        assert [one.workspace_id for one in tx.proposals.since(NOW)] == [OURS]
        assert [one.workspace_id for one in tx.proposals.to_write(NOW, NOW, 10)] == [OURS]
        assert tx.proposals.live_of_ad(ACCOUNT, ObjectId("3001")).workspace_id == OURS
        assert tx.proposals.by_short("00000001").workspace_id == OURS
        tx.proposals.save(asked(2, mode=Mode.TEST), seen_version=1)
        tx.proposals.claim(theirs, NOW)
        tx.proposals.note_message(ident(1), ChannelId("C1"), "9.9")
        tx.proposals.save(replace(theirs, decided_by=OWNER, state=ProposalState.VOID), seen_version=1)
    with asking.read(THEIRS) as tx:
        assert tx.proposals.waiting() == before
    with pytest.raises(RuntimeError, match="no other workspace"), asking.workspace(OURS) as tx:
        tx.proposals.add(asked(5, owner=THEIRS))
