"""The workspace page's JSON API, used as the browser uses it, with an app that answers."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient
from werkzeug.serving import make_server

from bot.clock import SettableClock
from bot.sandbox.slack_api import SlackStandIn
from bot.sandbox.slack_page import WorkspacePage

OWNER = {"workspace": "T0CEDAR001", "user": "U0OWNER001"}
TEAMMATE = {"workspace": "T0CEDAR001", "user": "U0TEAMMATE"}
ROOM = "C0ADSALERT"
BUTTON = {"type": "button", "action_id": "ack", "text": {"type": "plain_text", "text": "Acknowledge"}}
SELECT = {
    "type": "static_select",
    "action_id": "snooze",
    "options": [{"text": {"type": "plain_text", "text": "1 hour"}, "value": "1h"}],
}
MODAL = {
    "type": "modal",
    "callback_id": "ask",
    "title": {"type": "plain_text", "text": "Ask"},
    "submit": {"type": "plain_text", "text": "Go"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "t"},
        }
    ],
}


class Viewer:
    """A browser without a screen."""

    def __init__(self, standin: SlackStandIn) -> None:
        self.address = standin.base_url.removeprefix("http://")

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self.address, timeout=5)
        try:
            connection.request(method, path, json.dumps(body or {}), {"Content-Type": "application/json"})
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
            return answer
        finally:
            connection.close()

    def get(self, name: str, **query: str) -> dict[str, Any]:
        return self.ask("GET", f"/api/{name}?" + "&".join(f"{k}={v}" for k, v in query.items()))

    def post(self, name: str, **body: Any) -> dict[str, Any]:
        return self.ask("POST", f"/api/{name}", body)


class World:
    """The stand-in, an app, a viewer, and the clock the page moves."""

    def __init__(self) -> None:
        self.clock = SettableClock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
        self.standin = SlackStandIn(self.clock, rate_limits=False)
        self.page = WorkspacePage(
            self.standin,
            accounts=[{"id": "act_1", "name": "Store", "currency": "INR"}],
            commands=[{"command": "/spruce", "description": "", "usage_hint": "", "suggestions": []}],
            on_advance=self.advance,
        )
        self.standin.start()
        self.viewer = Viewer(self.standin)
        spec = self.standin.workspace().spec
        self.client = WebClient(token=spec.bot_token, base_url=self.standin.api_url, retry_handlers=[])
        self.seen: list[dict[str, Any]] = []
        self.app = App(
            client=self.client, signing_secret=spec.signing_secret, token_verification_enabled=False
        )
        self._listen()

    def advance(self, minutes: int, progress: Callable[[int, int], None]) -> None:
        progress(1, 2)
        self.clock.advance(timedelta(minutes=minutes))
        progress(2, 2)

    def _listen(self) -> None:
        @self.app.command("/spruce")
        def command(ack: Any, body: dict[str, Any]) -> None:
            ack() if body["text"] == "modal" else ack(f"answer to {body['text']}")
            if body["text"] == "modal":
                self.client.views_open(trigger_id=body["trigger_id"], view=MODAL)

        @self.app.action("ack")
        @self.app.action("snooze")
        def action(ack: Any, body: dict[str, Any]) -> None:
            ack()
            self.seen.append(body)

        @self.app.view("ask")
        def submitted(ack: Any, body: dict[str, Any]) -> None:
            value = body["view"]["state"]["values"]["why"]["t"]["value"]
            ack() if value == "good" else ack(response_action="errors", errors={"why": "No."})

        @self.app.event("app_home_opened")
        def home(event: dict[str, Any]) -> None:
            view = {"type": "home", "blocks": [{"type": "divider"}]}
            self.client.views_publish(user_id=event["user"], view=view)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    world = World()
    web = Flask(__name__)
    handler = SlackRequestHandler(world.app)
    web.add_url_rule("/slack/events", "events", lambda: handler.handle(request), methods=["POST"])
    server = make_server("127.0.0.1", 0, web, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    world.standin.deliver_to(f"http://127.0.0.1:{server.server_port}/slack/events")
    yield world
    server.shutdown()
    thread.join()
    world.standin.stop()


def test_the_state_names_workspaces_people_rooms_commands_and_the_clock(world: World) -> None:
    state = world.viewer.get("state", **OWNER)
    assert [w["name"] for w in state["workspaces"]] == ["Cedar Store", "Willow Agency"]
    assert [u["name"] for u in state["workspaces"][0]["users"]] == ["Owner", "Teammate"]
    assert [c["bot_is_member"] for c in state["workspaces"][0]["channels"]] == [True, False]
    assert state["clock"]["label"] == "Sun 22 Nov, 15:30 IST"
    assert state["accounts"][0]["currency"] == "INR"
    assert state["commands"][0]["command"] == "/spruce"


def test_a_command_is_answered_to_the_one_who_asked(world: World) -> None:
    assert world.viewer.post("command", **OWNER, channel=ROOM, text="/spruce help") == {"ok": True}
    mine = world.viewer.get("messages", **OWNER, channel=ROOM)["messages"]
    theirs = world.viewer.get("messages", **TEAMMATE, channel=ROOM)["messages"]
    assert (mine[-1]["text"], mine[-1]["is_ephemeral"]) == ("answer to help", True)
    assert mine[-1]["response_to"] == "/spruce help"
    assert mine[-1]["label"] == "15:30"
    assert all(m["text"] != "answer to help" for m in theirs)


def test_unread_messages_are_counted_until_they_are_read(world: World) -> None:
    world.viewer.get("messages", **OWNER, channel=ROOM)
    world.client.chat_postMessage(channel=ROOM, text="news")
    rooms = world.viewer.get("state", **OWNER)["workspaces"][0]["channels"]
    assert rooms[0]["unread"] == 1
    world.viewer.get("messages", **OWNER, channel=ROOM)
    assert world.viewer.get("state", **OWNER)["workspaces"][0]["channels"][0]["unread"] == 0


def test_a_button_and_a_select_reach_the_app_with_their_state(world: World) -> None:
    blocks = [{"type": "actions", "block_id": "row", "elements": [BUTTON, SELECT]}]
    ts = world.client.chat_postMessage(channel=ROOM, text="alert", blocks=blocks)["ts"]
    container = {"type": "message", "channel": ROOM, "message_ts": ts}
    where = {**OWNER, "container": container, "block_id": "row"}
    option = SELECT["options"][0]
    answer = world.viewer.post(
        "action", **where, action_id="snooze", type="static_select", selected_option=option
    )
    assert answer == {"ok": True}
    assert world.seen[-1]["actions"][0]["selected_option"] == option
    assert world.viewer.post("action", **where, action_id="ack", type="button") == {"ok": True}
    assert world.seen[-1]["state"]["values"]["row"]["snooze"]["selected_option"] == option
    world.client.chat_update(channel=ROOM, ts=ts, text="done")
    gone = world.viewer.post("action", **where, action_id="ack", type="button")
    assert (gone["ok"], gone["message"]) == (False, "That control is no longer there.")


def test_a_modal_is_filled_refused_and_accepted(world: World) -> None:
    world.viewer.post("command", **OWNER, channel=ROOM, text="/spruce modal")
    view = world.standin.wait_until(lambda: world.viewer.get("view", **OWNER)["stack"])[-1]

    def submit(value: str | None) -> dict[str, Any]:
        values = {"why": {"t": {"type": "plain_text_input", "value": value}}}
        return world.viewer.post("view/submit", **OWNER, view_id=view["id"], values=values)

    assert submit(None)["errors"] == {"why": "Please complete this required field."}
    assert submit("bad") == {"ok": True, "response_action": "errors", "errors": {"why": "No."}}
    assert submit("good") == {"ok": True, "response_action": None}
    assert world.viewer.get("view", **OWNER)["stack"] == []
    assert world.viewer.post("view/close", **OWNER, view_id=view["id"])["ok"] is False


def test_home_is_empty_until_the_app_publishes_it(world: World) -> None:
    assert world.viewer.get("home", **TEAMMATE) == {"view": None}
    assert world.viewer.post("home/open", **TEAMMATE) == {"ok": True}
    world.standin.wait_until(lambda: world.standin.home("Teammate"))
    assert world.viewer.get("home", **TEAMMATE)["view"]["type"] == "home"
    assert world.viewer.get("home", **OWNER) == {"view": None}


def test_a_thread_is_its_root_and_its_replies(world: World) -> None:
    root = world.client.chat_postMessage(channel=ROOM, text="root")["ts"]
    assert world.viewer.post("message", **OWNER, channel=ROOM, text="why?", thread_ts=root) == {"ok": True}
    thread = world.viewer.get("thread", **OWNER, channel=ROOM, ts=root)["messages"]
    assert [(m["text"], m["user"]["is_bot"]) for m in thread] == [("root", True), ("why?", False)]
    assert thread[0]["reply_count"] == 1
    assert all(m["text"] != "why?" for m in world.viewer.get("messages", **OWNER, channel=ROOM)["messages"])


def test_the_stream_tells_each_person_only_what_they_may_see(world: World) -> None:
    connection = http.client.HTTPConnection(world.viewer.address, timeout=5)
    connection.request("GET", "/api/stream?workspace=T0CEDAR001&user=U0TEAMMATE")
    response = connection.getresponse()
    assert response.readline() == b": open\n"
    response.readline()
    world.client.chat_postEphemeral(channel=ROOM, user="U0OWNER001", text="not for you")
    world.client.chat_postMessage(channel=ROOM, text="for all")
    assert response.readline() == b"event: change\n"
    change = json.loads(response.readline().removeprefix(b"data: "))
    assert (change["kind"], change["message"]["text"], change["channel"]) == ("message", "for all", ROOM)
    response.readline()
    assert world.viewer.post("clock", minutes=15)["ok"]
    kinds = []
    while len(kinds) < 4:
        line = response.readline()
        if line.startswith(b"data: "):
            kinds.append(json.loads(line.removeprefix(b"data: ")))
    assert [(k["busy"], k.get("done")) for k in kinds] == [(True, None), (True, 1), (True, 2), (False, None)]
    assert kinds[-1]["clock"]["label"] == "Sun 22 Nov, 15:45 IST"
    response.close()
    connection.close()


def test_wrong_requests_get_a_sentence(world: World) -> None:
    assert world.viewer.post("clock", minutes=7)["message"] == "minutes must be 15, 60 or 1440"
    assert world.viewer.get("messages", **OWNER, channel="C0NOWHERE1")["ok"] is False
    assert world.viewer.post("command", **OWNER, channel="C0GROWTH01", text="/spruce help")["ok"] is False
