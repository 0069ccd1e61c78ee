"""Requests that outlive a process: taken up again once, given up in the end, and told about."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.services.inbox import GAVE_UP, InboxService
from handlers.arrivals import read
from storage.inbox import Handling, Request
from tests.contract.doors_stage import CEDAR, START, Stage


@pytest.fixture
def stage(sqlite_url) -> Iterator[Stage]:
    stage = Stage(sqlite_url)
    yield stage
    stage.close()


def kept(stage: Stage, text: str = "help") -> Request:
    """A command that was kept and acknowledged by a process that died before it did anything."""
    workspace = stage.slack.workspace(CEDAR)
    maker = stage.slack.maker(workspace)
    payload = maker.command(workspace.user("Owner"), workspace.channel("ads-alerts"), "/spruce", text)
    request = read(payload, CEDAR).request(stage.clock.now())
    assert stage.services.inbox.accept(request)
    return request


def swept(stage: Stage) -> int:
    """What the job does; and its end."""
    found = stage.services.inbox.sweep()
    assert stage.services.inbox.drain()
    return found


def test_what_a_dead_process_left_is_done_by_the_next(stage):
    kept(stage)
    assert swept(stage) == 0  # it may have been kept a moment ago by a process that is about to start it
    stage.clock.advance(timedelta(seconds=20))
    assert swept(stage) == 1
    assert "What Spruce answers to" in stage.told()
    assert swept(stage) == 0
    assert stage.inbox() == [(Handling.DONE, "ok")]


def test_what_died_half_way_is_tried_again_after_a_while(stage):
    request = kept(stage)
    with stage.app.db.workspace(CEDAR) as tx:
        assert tx.inbox.claim(request, START, START - timedelta(minutes=2)) == 1
    stage.clock.advance(timedelta(seconds=60))
    assert swept(stage) == 0
    stage.clock.advance(timedelta(seconds=70))
    assert swept(stage) == 1
    assert stage.inbox() == [(Handling.DONE, "ok")]


def test_the_fourth_attempt_is_not_made_but_told(stage):
    request = kept(stage)
    for attempt in range(1, 4):
        with stage.app.db.workspace(CEDAR) as tx:
            assert tx.inbox.claim(request, stage.clock.now(), stage.clock.now()) == attempt
        stage.clock.advance(timedelta(minutes=3))
    assert swept(stage) == 1
    [(state, outcome)] = stage.inbox()
    assert state is Handling.FAILED
    assert outcome.startswith(GAVE_UP)
    assert outcome.removeprefix(f"{GAVE_UP}:") in stage.told()


def test_a_click_of_half_an_hour_ago_is_not_carried_out(stage):
    kept(stage)
    stage.clock.advance(timedelta(minutes=26))
    swept(stage)
    [(state, outcome)] = stage.inbox()
    assert state is Handling.FAILED
    assert outcome.startswith("too_old")
    assert stage.told() == ""


def test_an_event_is_followed_however_old_it_is(stage):
    event = {
        "type": "event_callback",
        "event_id": "Ev1",
        "event_time": int(START.timestamp()),
        "event": {"type": "app_uninstalled"},
    }
    stage.services.inbox.accept(read(event, CEDAR).request(stage.clock.now()))
    stage.clock.advance(timedelta(hours=5))
    assert swept(stage) == 1
    assert not stage.services.workspaces.known(CEDAR)


def test_two_processes_that_find_the_same_request_do_it_once(stage):
    handled: list[str] = []
    others = [InboxService(stage.app.db, stage.clock) for _ in range(3)]
    for other in others:
        other.bind(lambda request: handled.append(request.key) or "ok")
    request = kept(stage)
    threads = [threading.Thread(target=other.start, args=(request,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.stop()
    assert handled == [request.key]


def test_a_request_is_not_lost_when_the_process_stops_before_it_is_started(stage):
    request = kept(stage)
    stage.services.inbox.stop()
    stage.services.inbox.start(request)
    assert stage.inbox() == [(Handling.RECEIVED, "")]
