"""Socket Mode: connections that break, a Slack that is away at first, a token that is refused."""

import socket as sockets
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.clock import SettableClock
from bot.config import Secret
from bot.errors import ConfigurationFault, SlackTokenDead
from bot.sandbox import slack_faults as faults
from bot.sandbox.slack_api import SlackStandIn
from handlers.socket import Socket
from tests.contract.doors_stage import START, Stage


@pytest.fixture
def stage(sqlite_url) -> Iterator[Stage]:
    stage = Stage(sqlite_url, "socket")
    yield stage
    stage.close()


def other(stage: Stage, **settings) -> Socket:
    """A second socket under other settings."""
    changed = replace(stage.services.settings, **settings)
    return Socket(replace(stage.services, settings=changed))


def test_when_slack_asks_to_reconnect_nothing_is_lost(stage):
    old = list(stage.slack.sockets.connections)
    assert stage.slack.sockets.disconnect("refresh_requested") == 1
    stage.slack.wait_until(lambda: not set(old) & set(stage.slack.sockets.connections) or None)
    stage.slack.wait_until(lambda: stage.slack.sockets.connections or None)
    assert stage.says("help").ok
    assert "What Spruce answers to" in stage.told()


def test_a_redelivered_envelope_runs_once(stage):
    delivery = stage.says("help").delivery
    stage.settled(stage.slack.sender.again(delivery))
    assert len(stage.inbox()) == 1


def test_what_cannot_be_kept_is_not_acknowledged_unless_it_can_be_said(stage):
    message = stage.raises_alert()
    with stage.app.db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE inbox")
    stage.slack.sender.ack_seconds = 0.5
    person = stage.slack.as_user(None, "Owner")
    assert person.command("ads-alerts", "help").ok
    assert "Nothing was changed" in stage.told()
    assert person.click(message, "Acknowledge").error == "operation_timeout"


def test_a_refused_token_is_said_at_once_and_not_shown(stage):
    socket = other(stage, slack_app_token=Secret("xapp-of-nobody"))
    with pytest.raises(SlackTokenDead, match="SLACK_APP_TOKEN") as caught:
        socket.start()
    assert "nobody" not in str(caught.value)
    socket.stop()


def test_without_an_app_token_there_is_no_socket(stage):
    with pytest.raises(ConfigurationFault, match="SLACK_APP_TOKEN"):
        other(stage, slack_app_token=None)


def test_a_slack_that_is_away_at_first_is_found_later(stage):
    with sockets.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    socket = other(stage, slack_api_url=f"http://127.0.0.1:{port}/api/")
    socket.start()
    assert not socket.connected
    late = SlackStandIn(SettableClock(START))
    late.start(port)
    try:
        late.wait_until(lambda: late.sockets.connections or None, timeout=10)
        ended = time.monotonic() + 5
        while not socket.connected and time.monotonic() < ended:
            time.sleep(0.01)
        assert socket.connected
    finally:
        socket.stop()
        late.stop()


def test_a_passing_fault_of_slack_is_no_reason_to_give_up(stage):
    stage.slack.faults.add("apps.connections.open", faults.refused("internal_error"))
    socket = other(stage)
    socket.start()
    try:
        stage.slack.wait_until(lambda: len(stage.slack.sockets.connections) == 2 or None)
    finally:
        socket.stop()


def test_stopping_leaves_no_thread_and_takes_no_time(sqlite_url):
    before = set(threading.enumerate())
    stage = Stage(sqlite_url, "socket")
    stage.says("help")
    started = time.monotonic()
    stage.close()
    assert time.monotonic() - started < 1.5
    assert set(threading.enumerate()) <= before
