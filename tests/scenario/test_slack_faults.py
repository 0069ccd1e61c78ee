"""Slack fails in every way it can: nothing is lost, nothing is said twice."""

from datetime import timedelta

import pytest

from bot.sandbox.slack_faults import (
    Fault,
    eof,
    http_error,
    ratelimited,
    refused,
    token_revoked,
    truncated,
)
from storage.outbox import Sending
from tests.scenario.stage import CEDAR, WILLOW, Place
from tests.talk import OWNER, TEAMMATE, Bot

POST = "chat.postMessage"


@pytest.mark.parametrize(
    "fault",
    [http_error(503), eof(applied=False), refused("fatal_error")],
    ids=["503", "eof", "fatal"],
)
def test_an_hour_without_slack_loses_and_doubles_nothing(unsaid: Bot, fault: Fault):
    unsaid.slack.faults.add("*", fault, times=100_000)
    unsaid.settles()
    unsaid.passes(minutes=60, step=12)
    assert unsaid.posts() == unsaid.posts(WILLOW) == []
    unsaid.slack.faults.clear()
    unsaid.passes(minutes=10, step=2)
    everything_was_said_once(unsaid)


@pytest.mark.parametrize(
    "fault",
    [eof(applied=True), http_error(500, applied=True), truncated(applied=True)],
    ids=["eof", "500", "cut"],
)
def test_a_post_whose_answer_was_lost_is_found_and_not_posted_again(unsaid: Bot, fault: Fault):
    unsaid.slack.faults.add(POST, fault, times=100)
    unsaid.settles()
    assert len(unsaid.posts()) == 5
    assert len(unsaid.slack.calls_of(POST, CEDAR.id)) == 5
    unsaid.passes(minutes=4, step=1)
    assert len(unsaid.slack.calls_of(POST, CEDAR.id)) == 5
    everything_was_said_once(unsaid)
    alert = unsaid.alert("Ad rejected")
    unsaid.click("Acknowledge", alert, TEAMMATE)
    assert "<@U0TEAMMATE> acknowledged" in unsaid.now(alert).words()


def test_a_click_on_a_message_that_is_not_known_yet_shows_once_it_is(unsaid: Bot):
    unsaid.slack.faults.add(POST, eof(applied=True), times=100)
    unsaid.settles()
    alert = unsaid.alert("Ad rejected")
    unsaid.click("Acknowledge", alert, TEAMMATE)
    assert "Acknowledge" in unsaid.now(alert).buttons()
    unsaid.passes(minutes=4, step=1)
    assert "<@U0TEAMMATE> acknowledged" in unsaid.now(alert).words()


def test_a_rate_limit_is_waited_out_to_the_second(unsaid: Bot):
    unsaid.slack.faults.add(POST, ratelimited(30), channel=CEDAR.channel_id)
    unsaid.settles()
    assert unsaid.posts() == []
    assert len(unsaid.posts(WILLOW)) == 2
    unsaid.passes(minutes=29 / 60)
    assert len(unsaid.slack.calls_of(POST, CEDAR.id)) == 1
    unsaid.passes(minutes=2 / 60)
    everything_was_said_once(unsaid)


def test_an_edit_that_fails_is_made_again_and_shows_the_newest_state(bot: Bot):
    alert = bot.alert("Ad rejected")
    bot.slack.faults.add("chat.update", eof(applied=False), times=2)
    bot.click("Acknowledge", alert, TEAMMATE)
    assert "acknowledged" not in bot.now(alert).words()
    bot.passes(minutes=2, step=1)
    assert "<@U0TEAMMATE> acknowledged" in bot.now(alert).words()


def test_an_answer_that_is_lost_does_not_undo_what_was_asked(bot: Bot):
    alert = bot.alert("Ad rejected")
    bot.click("Acknowledge", alert, TEAMMATE)
    bot.slack.age(60 * 60)  # the addresses to answer at are too old
    told = bot.click("Acknowledge", alert, OWNER, stale=True)
    assert "lready acknowledged" in told  # a click brings an address of its own
    assert "<@U0TEAMMATE> acknowledged" in bot.now(alert).words()


def test_a_message_that_slack_refuses_is_said_in_another_way_once_and_then_given_up(unsaid: Bot):
    unsaid.slack.faults.add(POST, refused("invalid_blocks"), channel=CEDAR.channel_id)
    unsaid.settles()
    unsaid.passes(minutes=1)
    everything_was_said_once(unsaid)
    unsaid.slack.faults.add("chat.update", refused("invalid_blocks"), times=100)
    unsaid.click("Acknowledge", unsaid.alert("Ad rejected"), TEAMMATE)
    unsaid.passes(minutes=5, step=1)
    assert len(unsaid.slack.calls_of("chat.update", CEDAR.id)) == 2


def test_a_channel_that_is_gone_keeps_nothing_else_waiting(unsaid: Bot):
    unsaid.slack.workspace(CEDAR.id).channel(CEDAR.channel).is_archived = True
    unsaid.settles()
    unsaid.passes(minutes=15)
    assert unsaid.posts() == []
    assert len(unsaid.posts(WILLOW)) == 2
    assert set(states(unsaid, CEDAR)) == {Sending.FAILED}
    assert "Ad rejected" in unsaid.says("/spruce alerts", channel="#general")


def test_a_revoked_token_keeps_the_messages_until_the_app_is_installed_again(unsaid: Bot):
    unsaid.slack.faults.add("*", token_revoked(), times=100_000)
    unsaid.settles()
    unsaid.passes(minutes=30)
    assert set(states(unsaid, CEDAR)) == {Sending.PENDING}
    unsaid.slack.faults.clear()
    unsaid.passes(minutes=15)
    everything_was_said_once(unsaid)


def test_messages_wait_for_each_other_in_a_channel_and_not_elsewhere(stand_ins, sqlite_url):
    bot = Bot(stand_ins, sqlite_url, pace=60.0)
    bot.settles()
    assert (len(bot.posts()), len(bot.posts(WILLOW))) == (1, 1)
    waiting = bot.says("/spruce status")
    assert "Messages waiting to be posted: 4" in waiting
    bot.close()


def everything_was_said_once(bot: Bot) -> None:
    """Four alerts here and one there, each in one message; the outbox has nothing left to do."""
    assert (len(bot.alerts()), len(bot.alerts(WILLOW))) == (5, 2)
    assert len({post.text for post in bot.alerts()}) == 5
    assert set(states(bot, CEDAR)) | set(states(bot, WILLOW)) == {Sending.SENT}
    assert bot.clock.now() - bot.world.start < timedelta(hours=2)


def states(bot: Bot, place: Place) -> list[Sending]:
    """Where each message of a workspace stands."""
    with bot.application.db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            f"SELECT state FROM outbox WHERE workspace_id = '{place.id}' AND kind <> 'home'"  # noqa: S608
        ).all()
    return [Sending(state) for (state,) in rows]
