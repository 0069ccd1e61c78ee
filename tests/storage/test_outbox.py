"""The outbox keeps each message once, repeats edits with the latest news, and never guesses an outcome."""

from contextlib import suppress
from dataclasses import replace

import pytest

from bot.domain.ids import ChannelId
from storage.outbox import Kind, Sending
from tests.storage.samples import (
    CHANNEL,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    OURS,
    THEIRS,
    delivery,
    queued,
)

EDIT = delivery(7, kind=Kind.ALERT_EDIT)
OTHER_CHANNEL = ChannelId("C0OTHER")


@pytest.fixture
def tx(database):
    with database.workspace(OURS) as opened:
        yield opened


def test_the_same_message_is_queued_once(tx):
    assert tx.outbox.put(delivery(1, payload="first"), "alert1", NOW)
    assert not tx.outbox.put(delivery(2, payload="second"), "alert1", NOW + MINUTE)
    assert tx.outbox.put(delivery(3, kind=Kind.ALERT_REPLY), "alert1", NOW)
    assert tx.outbox.put(delivery(4, channel=OTHER_CHANNEL), "alert1", NOW)
    assert tx.outbox.put(delivery(5), "alert2", NOW + MINUTE)
    assert [one.id for one in tx.outbox.due(NOW, 10)] == ["delivery1", "delivery3", "delivery4"]
    assert tx.outbox.due(NOW, 1)[0].payload == "first"


def test_the_same_message_is_not_queued_again_after_it_was_sent(tx):
    tx.outbox.put(delivery(), "alert1", NOW)
    assert tx.outbox.sent(delivery(), tx.outbox.claim(delivery(), NOW), NOW, "1.1")
    assert not tx.outbox.put(delivery(2), "alert1", NOW + DAY)
    assert tx.outbox.due(NOW + DAY, 10) == []
    assert tx.outbox.state_of("delivery1") is Sending.SENT
    assert tx.outbox.state_of("delivery2") is None


def test_the_oldest_message_is_sent_first(tx):
    for number, at in ((1, NOW + MINUTE), (2, NOW), (3, NOW + HOUR)):
        tx.outbox.put(delivery(number), str(number), at)
    assert [one.id for one in tx.outbox.due(NOW + DAY, 2)] == ["delivery2", "delivery1"]
    assert tx.outbox.due(NOW - MINUTE, 10) == []


def test_edits_of_one_message_become_one_edit_with_the_latest_news(tx):
    for number in range(5):
        tx.outbox.put_latest(replace(EDIT, id=f"edit{number}", payload=str(number)), "alert1", NOW)
    (waiting,) = tx.outbox.due(NOW, 10)
    assert (waiting.id, waiting.payload, waiting.body_version) == ("edit0", "4", 5)


def test_news_while_an_edit_is_being_sent_are_sent_after_it(tx):
    tx.outbox.put_latest(EDIT, "alert1", NOW)
    token = tx.outbox.claim(EDIT, NOW)
    tx.outbox.put_latest(replace(EDIT, id="edit2"), "alert1", NOW + MINUTE)
    # Whatever became of the first: it does not end the second.
    assert not tx.outbox.sent(EDIT, token, NOW, "1.1")
    assert not tx.outbox.fail(EDIT, token, "invalid_blocks")
    assert not tx.outbox.retry(EDIT, token, NOW + DAY, "reset")
    assert not tx.outbox.ambiguous(EDIT, token, "history refused")
    (waiting,) = tx.outbox.due(NOW + MINUTE, 10)
    assert (waiting.id, waiting.body_version, waiting.lease_token) == (EDIT.id, 2, token)
    assert tx.outbox.sent(waiting, tx.outbox.claim(waiting, NOW + MINUTE), NOW, "1.1")
    assert tx.outbox.due(NOW + DAY, 10) == []


def test_an_edit_that_was_sent_or_failed_wakes_up_with_news(tx):
    tx.outbox.put_latest(EDIT, "alert1", NOW)
    tx.outbox.fail(EDIT, tx.outbox.claim(EDIT, NOW), "invalid_blocks")
    assert tx.outbox.due(NOW + DAY, 10) == []
    tx.outbox.put_latest(EDIT, "alert1", NOW + HOUR)
    (waiting,) = tx.outbox.due(NOW + HOUR, 10)
    assert (waiting.attempt, waiting.first_at) == (0, NOW + HOUR)


def test_a_pause_that_slack_asks_for_holds_its_channel_only(database):
    there = delivery(4, channel=OTHER_CHANNEL)
    queued(database, [delivery(1), delivery(2), delivery(3), there, delivery(1, THEIRS)])
    with database.workspace(OURS) as tx:
        tx.outbox.retry(delivery(3), tx.outbox.claim(delivery(3), NOW), NOW + DAY, "later")
        tx.outbox.claim(delivery(2), NOW)
        tx.outbox.hold(OURS, CHANNEL, NOW + HOUR)
        assert [one.id for one in tx.outbox.due(NOW, 10)] == ["delivery4"]
        assert [one.id for one in tx.outbox.due(NOW + HOUR, 10)] == ["delivery4", "delivery1"]
        # What was already told to wait longer does; what is being sent is not touched.
        assert {one.id for one in tx.outbox.due(NOW + DAY, 10)} == {"delivery4", "delivery1", "delivery3"}
        assert tx.outbox.state_of("delivery2") is Sending.SENDING
    with database.read(THEIRS) as tx:
        assert len(tx.outbox.due(NOW, 10)) == 1


def test_whoever_saw_a_message_before_the_pause_cannot_claim_it_during_it(tx):
    tx.outbox.put(delivery(), "alert1", NOW)
    (seen,) = tx.outbox.due(NOW, 10)
    tx.outbox.hold(OURS, CHANNEL, NOW + HOUR)
    assert tx.outbox.claim(seen, NOW) is None
    assert tx.outbox.claim(seen, NOW + HOUR) is not None


def test_a_message_whose_sender_never_came_back_is_looked_up_and_not_sent_again(tx):
    tx.outbox.put(delivery(), "alert1", NOW)
    late = tx.outbox.claim(delivery(), NOW)
    assert tx.outbox.due(NOW + DAY, 10) == []
    assert tx.outbox.unknown(NOW, NOW + DAY, 10) == []
    (unknown,) = tx.outbox.unknown(NOW + MINUTE, NOW + MINUTE, 10)
    assert (unknown.id, unknown.state, unknown.attempt) == ("delivery1", Sending.SENDING, 1)
    current = tx.outbox.claim(unknown, NOW + HOUR)
    assert tx.outbox.claim(unknown, NOW + HOUR) is None
    # The sender that slept comes back: its answer no longer counts.
    assert not tx.outbox.sent(delivery(), late, NOW, "1.1")
    assert not tx.outbox.retry(delivery(), late, NOW, "reset")
    assert tx.outbox.sent(unknown, current, NOW + HOUR, "1.1")


def test_a_look_up_that_failed_is_made_again_later(tx):
    tx.outbox.put(delivery(), "alert1", NOW)
    tx.outbox.claim(delivery(), NOW)
    (unknown,) = tx.outbox.unknown(NOW + MINUTE, NOW + MINUTE, 10)
    tx.outbox.look_again(unknown, NOW + HOUR)
    assert tx.outbox.unknown(NOW + MINUTE, NOW + MINUTE, 10) == []
    assert len(tx.outbox.unknown(NOW + MINUTE, NOW + HOUR, 10)) == 1


@pytest.mark.parametrize("end", ["fail", "ambiguous"])
def test_what_failed_or_is_ambiguous_is_not_sent_again(tx, end):
    tx.outbox.put(delivery(), "alert1", NOW)
    token = tx.outbox.claim(delivery(), NOW)
    assert getattr(tx.outbox, end)(delivery(), token, "e" * 999)
    assert tx.outbox.due(NOW + DAY, 10) == []
    assert tx.outbox.unknown(NOW + DAY, NOW + DAY, 10) == []
    assert tx.outbox.waiting() == (0, None)


def test_a_message_that_was_surely_not_sent_waits_for_its_time(tx):
    tx.outbox.put(delivery(), "alert1", NOW)
    assert tx.outbox.retry(delivery(), tx.outbox.claim(delivery(), NOW), NOW + HOUR, "ratelimited")
    assert tx.outbox.due(NOW, 10) == []
    (again,) = tx.outbox.due(NOW + HOUR, 10)
    assert (again.attempt, again.lease_token, again.first_at) == (1, 1, NOW)


def test_what_waits_is_counted_with_its_age_and_without_home_tabs(tx):
    assert tx.outbox.waiting() == (0, None)
    for number in (1, 2):
        tx.outbox.put(delivery(number), str(number), NOW + number * MINUTE)
    tx.outbox.put_latest(delivery(3, kind=Kind.HOME), "home", NOW)
    tx.outbox.claim(delivery(1), NOW)
    assert tx.outbox.waiting() == (2, NOW + MINUTE)


def test_a_message_is_sent_only_if_what_made_it_necessary_was_kept(database):
    with suppress(ZeroDivisionError), database.workspace(OURS) as tx:
        tx.outbox.put(delivery(), "alert1", NOW)
        raise ZeroDivisionError
    with database.read(OURS) as tx:
        assert tx.outbox.due(NOW, 10) == []
