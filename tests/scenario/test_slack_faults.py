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
    [http_error(503), eof(applied=False), refused("fatal_error"), truncated(applied=False)],
    ids=["503", "eof", "fatal", "cut"],
)
def test_an_hour_without_slack_loses_and_doubles_nothing(fresh: Bot, fault: Fault):
    fresh.slack.faults.add("*", fault, times=100_000)
    fresh.settles()
    fresh.passes(minutes=60, step=10)
    assert fresh.posts() == fresh.posts(WILLOW) == []
    fresh.slack.faults.clear()
    fresh.passes(minutes=10, step=2)
    everything_was_said_once(fresh)


@pytest.mark.parametrize(
    "fault",
    [eof(applied=True), http_error(500, applied=True), truncated(applied=True)],
    ids=["eof", "500", "cut"],
)
def test_a_post_whose_answer_was_lost_is_found_and_not_posted_again(fresh: Bot, fault: Fault):
    fresh.slack.faults.add(POST, fault, times=100)
    fresh.settles()
    assert len(fresh.posts()) == 4
    assert len(fresh.slack.calls_of(POST, CEDAR.id)) == 4
    fresh.passes(minutes=4, step=1)
    assert len(fresh.slack.calls_of(POST, CEDAR.id)) == 4
    everything_was_said_once(fresh)
    alert = fresh.alert("Ad rejected")
    fresh.click("Acknowledge", alert, TEAMMATE)
    assert "<@U0TEAMMATE> acknowledged" in fresh.now(alert).words()


def test_a_click_on_a_message_that_is_not_known_yet_shows_once_it_is(fresh: Bot):
    fresh.slack.faults.add(POST, eof(applied=True), times=100)
    fresh.settles()
    alert = fresh.alert("Ad rejected")
    fresh.click("Acknowledge", alert, TEAMMATE)
    assert "Acknowledge" in fresh.now(alert).buttons()
    fresh.passes(minutes=4, step=1)
    assert "<@U0TEAMMATE> acknowledged" in fresh.now(alert).words()


def test_a_rate_limit_is_waited_out_to_the_second(fresh: Bot):
    fresh.slack.faults.add(POST, ratelimited(30), channel=CEDAR.channel_id)
    fresh.settles()
    assert fresh.posts() == []
    assert len(fresh.posts(WILLOW)) == 1
    fresh.passes(minutes=29 / 60)
    assert len(fresh.slack.calls_of(POST, CEDAR.id)) == 1
    fresh.passes(minutes=2 / 60)
    everything_was_said_once(fresh)


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


def test_a_message_that_slack_refuses_is_said_in_another_way_once_and_then_given_up(fresh: Bot):
    fresh.slack.faults.add(POST, refused("invalid_blocks"), channel=CEDAR.channel_id)
    fresh.settles()
    fresh.passes(minutes=1)
    everything_was_said_once(fresh)
    fresh.slack.faults.add("chat.update", refused("invalid_blocks"), times=100)
    fresh.click("Acknowledge", fresh.alert("Ad rejected"), TEAMMATE)
    fresh.passes(minutes=5, step=1)
    assert len(fresh.slack.calls_of("chat.update", CEDAR.id)) == 2


def test_a_channel_that_is_gone_keeps_nothing_else_waiting(fresh: Bot):
    fresh.slack.workspace(CEDAR.id).channel(CEDAR.channel).is_archived = True
    fresh.settles()
    fresh.passes(minutes=15)
    assert fresh.posts() == []
    assert len(fresh.posts(WILLOW)) == 1
    assert set(states(fresh, CEDAR)) == {Sending.FAILED}
    assert "Ad rejected" in fresh.says("/spruce alerts", channel="#general")


def test_a_revoked_token_keeps_the_messages_until_the_app_is_installed_again(fresh: Bot):
    fresh.slack.faults.add("*", token_revoked(), times=100_000)
    fresh.settles()
    fresh.passes(minutes=30)
    assert set(states(fresh, CEDAR)) == {Sending.PENDING}
    fresh.slack.faults.clear()
    fresh.passes(minutes=15)
    everything_was_said_once(fresh)


def test_messages_wait_for_each_other_in_a_channel_and_not_elsewhere(stand_ins, sqlite_url):
    bot = Bot(stand_ins, sqlite_url, pace=60.0)
    bot.settles()
    assert (len(bot.posts()), len(bot.posts(WILLOW))) == (1, 1)
    waiting = bot.says("/spruce status")
    assert "Messages waiting to be posted: 3" in waiting
    bot.close()


def everything_was_said_once(bot: Bot) -> None:
    """Four alerts here and one there, each in one message; the outbox has nothing left to do."""
    assert (len(bot.alerts()), len(bot.alerts(WILLOW))) == (4, 1)
    assert len({post.text for post in bot.alerts()}) == 4
    assert set(states(bot, CEDAR)) | set(states(bot, WILLOW)) == {Sending.SENT}
    assert bot.clock.now() - bot.world.start < timedelta(hours=2)


def states(bot: Bot, place: Place) -> list[Sending]:
    """Where each message of a workspace stands."""
    with bot.application.db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            f"SELECT state FROM outbox WHERE workspace_id = '{place.id}' AND kind <> 'home'"  # noqa: S608
        ).all()
    return [Sending(state) for (state,) in rows]
