"""The stop switch: nothing is changed at Meta while it is on, everybody is told, and what waited goes on."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.access import Person, Role
from bot.domain.guardrails import Stop
from bot.domain.ids import UserId
from bot.errors import Stale
from bot.sandbox.graph_faults import eof, slow
from bot.services.stops import LONGEST_REASON, StopService, halt
from storage.db import Database
from storage.outbox import Kind, OutboxRow
from tests.scenario.stage import CEDAR, WILLOW, Place
from tests.scenario.test_pause import TIRED, status, writes
from tests.talk import OUTSIDER, OWNER, TEAMMATE, Bot

SOMEBODY = Person(CEDAR.id, UserId(OWNER.id), Role.OWNER)
ANOTHER = Person(CEDAR.id, UserId(TEAMMATE.id), Role.APPROVER)


@pytest.fixture
def stops(bot: Bot) -> StopService:
    """The switch on the bot's database."""
    counted = iter(range(1000))
    return StopService(bot.application.db, bot.clock, new_id=lambda: f"notice{next(counted)}")


def test_a_stop_is_on_until_somebody_resumes(bot: Bot, stops: StopService):
    assert stops.current(CEDAR.id) is None
    began = bot.clock.now()
    stop = stops.stop(SOMEBODY, "  Wrong\nlanding   page \u202e\x00")
    assert stop == Stop(began, UserId(OWNER.id), "Wrong landing page")
    assert stops.current(CEDAR.id) == stop
    with pytest.raises(Stale, match="stopped already by <@U0OWNER001>"):
        stops.stop(ANOTHER, "me too")
    assert stops.resume(ANOTHER) == stop
    assert stops.current(CEDAR.id) is None
    with pytest.raises(Stale, match="not stopped"):
        stops.resume(SOMEBODY)


def test_a_reason_is_bounded_and_may_be_left_out(stops: StopService):
    assert len(stops.stop(SOMEBODY, "so many words " * 100).reason) <= LONGEST_REASON
    stops.resume(SOMEBODY)
    assert stops.stop(SOMEBODY, "").reason == ""


def test_every_channel_of_the_workspace_is_told_once(bot: Bot, stops: StopService):
    stop = stops.stop(SOMEBODY, "Wrong page")
    with pytest.raises(Stale):
        stops.stop(ANOTHER, "Wrong page")
    bot.clock.advance(timedelta(minutes=1))
    stops.resume(ANOTHER)
    since = stop.since.isoformat()
    assert notices(bot.application.db, CEDAR) == [
        {"word": "stopped", "by": OWNER.id, "reason": "Wrong page", "since": since},
        {"word": "resumed", "by": TEAMMATE.id, "reason": "Wrong page", "since": since},
    ]
    assert notices(bot.application.db, WILLOW) == []


def test_a_stop_and_its_end_are_on_record_without_anybodys_words(bot: Bot, stops: StopService):
    stops.stop(SOMEBODY, "Wrong page")
    stops.resume(ANOTHER)
    with bot.application.db.read(CEDAR.id) as tx:
        done = [(who, what) for _, who, what in tx.audit.of(CEDAR.id, CEDAR.id)]
    assert done[-2:] == [(OWNER.id, "changes.stopped"), (TEAMMATE.id, "changes.resumed")]


def test_the_circuit_breaker_stops_in_spruces_own_name(bot: Bot, stops: StopService):
    stop = Stop(bot.clock.now(), None, "Three replacements failed in a row.")
    with bot.application.db.workspace(CEDAR.id) as tx:
        assert halt(tx, CEDAR.id, stop, lambda: "breaker1")
        assert not halt(tx, CEDAR.id, stop, lambda: "breaker2")
        assert [who for _, who, what in tx.audit.of(CEDAR.id, CEDAR.id) if "stopped" in what] == ["spruce"]
    assert [told["by"] for told in notices(bot.application.db, CEDAR)] == [None]
    with pytest.raises(Stale, match="by Spruce itself"):
        stops.stop(SOMEBODY, "")


def test_while_stopped_a_pause_is_refused_with_who_stopped_it(bot: Bot, stops: StopService):
    alert = bot.alert(TIRED)
    stops.stop(SOMEBODY, "Wrong page")
    told = bot.click("Pause ad", alert, confirmed=True)
    assert "Changes are stopped in this workspace by <@U0OWNER001>" in told
    bot.settles()
    assert (writes(bot), status(bot)) == ([], "ACTIVE")
    stops.resume(SOMEBODY)
    bot.click("Pause ad", alert, confirmed=True)
    bot.settles()
    assert status(bot) == "PAUSED"


def test_what_was_asked_for_before_a_stop_waits_for_its_end(bot: Bot, stops: StopService):
    alert = bot.alert(TIRED)
    bot.click("Pause ad", alert, confirmed=True)
    stops.stop(SOMEBODY, "Wrong page")
    bot.passes(hours=3, step=5)
    assert (writes(bot), status(bot)) == ([], "ACTIVE")
    stops.resume(SOMEBODY)
    bot.passes(minutes=2, step=1)
    assert len(writes(bot)) == 1
    assert "<@U0OWNER001> paused this ad" in bot.now(alert).words()


def test_a_stop_is_seen_by_who_is_about_to_write(bot: Bot, stops: StopService):
    alert = bot.alert(TIRED)
    bot.click("Pause ad", alert, confirmed=True)
    bot.graph.faults.add("GET", slow(1.0))  # time to press it between the look and the write
    carrying = threading.Thread(target=bot.services.actions.carry_out)
    carrying.start()
    while not claimed(bot):
        carrying.join(0.01)
    stops.stop(SOMEBODY, "Wrong page")
    carrying.join()
    assert (writes(bot), status(bot)) == ([], "ACTIVE")
    stops.resume(SOMEBODY)
    bot.passes(minutes=3, step=1)
    assert status(bot) == "PAUSED"


def test_what_may_have_been_done_before_a_stop_is_looked_up_after_it(bot: Bot, stops: StopService):
    alert = bot.alert(TIRED)
    bot.graph.faults.add("POST", eof(applied=True))
    bot.click("Pause ad", alert, confirmed=True)
    bot.settles()
    stops.stop(SOMEBODY, "Wrong page")
    bot.passes(minutes=20, step=1)
    assert "Pausing" in bot.now(alert).words()
    stops.resume(SOMEBODY)
    bot.passes(minutes=3, step=1)
    assert [call.applied for call in writes(bot)] == [True]
    assert "<@U0OWNER001> paused this ad" in bot.now(alert).words()


def test_a_stop_in_one_workspace_lets_the_other_go_on(bot: Bot, stops: StopService):
    stops.stop(SOMEBODY, "Wrong page")
    assert stops.current(WILLOW.id) is None
    alert = bot.alert("Ad rejected", WILLOW)
    bot.click("Pause ad", alert, OUTSIDER, confirmed=True)
    bot.settles()
    assert "<@U0OUTSIDER> paused this ad" in bot.now(alert).words()
    with pytest.raises(Stale, match="not stopped"):
        stops.resume(Person(WILLOW.id, UserId(OUTSIDER.id), Role.OWNER))
    assert stops.current(CEDAR.id) is not None


def claimed(bot: Bot) -> bool:
    """Whether somebody carries the pause out right now."""
    with bot.application.db.system_read() as tx:
        now = bot.clock.now()
        waiting = tx.actions.due(now, now - timedelta(seconds=60), 10)
    return not waiting


def notices(db: Database, place: Place) -> list[dict[str, object]]:
    """What a workspace's channels were told about stops, in order."""
    with db.read(place.id) as tx:
        rows = tx._session.scalars(
            select(OutboxRow)
            .where(OutboxRow.kind == Kind.NOTICE.value, OutboxRow.subject_id == place.id)
            .order_by(OutboxRow.first_at, OutboxRow.id)
        )
        found = [(row.channel_id, json.loads(row.payload)) for row in rows]
    assert {channel for channel, _ in found} <= {place.channel_id}
    return [payload for _, payload in found]
