"""A real slack_bolt app behind Socket Mode: envelopes, acks, redelivery, reconnecting."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import SettableClock
from bot.sandbox.slack_api import SlackStandIn

APP_TOKEN = "xapp-1-A0SPRUCE01-sandbox"


class Bot:
    """The app under test and what it heard."""

    def __init__(self, standin: SlackStandIn) -> None:
        self.standin = standin
        self.client = WebClient(token="xoxb-sandbox-cedar", base_url=standin.api_url, retry_handlers=[])
        self.app = App(client=self.client, token_verification_enabled=False)
        self.heard: list[dict[str, Any]] = []
        self.retries: list[list[str]] = []
        self.app.command("/spruce")(self.command)
        self.app.event("app_home_opened")(self.home)
        self.app.view("ask")(self.view)
        self.app.action("noted")(lambda ack: ack())
        self.app.use(self.note)
        web = WebClient(token=APP_TOKEN, base_url=standin.api_url, retry_handlers=[])
        self.handler = SocketModeHandler(self.app, APP_TOKEN, web_client=web, ping_interval=60)

    def note(self, body: dict[str, Any], request: Any, next: Any) -> None:
        self.heard.append(body)
        self.retries.append(list(request.headers.get("x-slack-retry-num", [])))
        next()

    def command(self, ack: Any, body: dict[str, Any]) -> None:
        if body["text"] == "modal":
            ack()
            self.client.views_open(trigger_id=body["trigger_id"], view=VIEW)
        else:
            ack({"response_type": "in_channel", "text": f"heard {body['text']}"})

    def home(self, event: dict[str, Any]) -> None:
        self.client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [{"type": "divider"}]}
        )

    def view(self, ack: Any) -> None:
        ack(response_action="update", view={**VIEW, "title": {"type": "plain_text", "text": "Done"}})


VIEW = {
    "type": "modal",
    "callback_id": "ask",
    "title": {"type": "plain_text", "text": "Ask"},
    "submit": {"type": "plain_text", "text": "Go"},
    "blocks": [{"type": "divider"}],
}

BUTTON = [
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "noted", "text": {"type": "plain_text", "text": "Noted"}}
        ],
    }
]


@pytest.fixture(scope="module")
def bot() -> Iterator[Bot]:
    standin = SlackStandIn(SettableClock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC)))
    standin.start()
    bot = Bot(standin)
    bot.handler.connect()
    standin.wait_until(lambda: standin.sockets.count(APP_TOKEN))
    yield bot
    bot.handler.close()
    bot.app.listener_runner.listener_executor.shutdown()
    standin.stop()


def test_a_command_arrives_as_an_envelope_and_its_reply_rides_on_the_ack(bot: Bot) -> None:
    outcome = bot.standin.as_user(None, "Owner").command("#ads-alerts", "hello")
    assert outcome.ok
    assert bot.standin.last("#ads-alerts").text == "heard hello"
    assert bot.heard[-1]["response_url"].startswith(bot.standin.base_url)


def test_both_workspaces_share_the_apps_connection(bot: Bot) -> None:
    bot.standin.as_user("Willow Agency", "Outsider").command("#growth-alerts", "there")
    assert bot.heard[-1]["team_id"] == "T0WILLOW02"
    assert bot.standin.last("#growth-alerts").text == "heard there"


def test_home_is_published_when_it_is_opened(bot: Bot) -> None:
    assert bot.standin.as_user(None, "Teammate").open_home().ok
    assert bot.standin.wait_until(lambda: bot.standin.home("Teammate"))["type"] == "home"
    bot.standin.as_user(None, "Teammate").open_home()
    assert bot.heard[-1]["event"]["view"]["type"] == "home"


def test_a_submission_is_answered_in_the_ack(bot: Bot) -> None:
    owner = bot.standin.as_user(None, "Owner")
    owner.command("#ads-alerts", "modal")
    view = bot.standin.wait_until(lambda: bot.standin.open_views("Owner"))[-1]
    assert owner.submit(view).response_action == "update"
    assert bot.standin.open_views("Owner")[-1]["title"]["text"] == "Done"
    owner.close(view)


def test_an_unacknowledged_event_comes_again_with_its_attempt(bot: Bot) -> None:
    bot.standin.sender.ack_seconds, bot.standin.sender.retry_delays = 0.3, (0.0,)
    try:
        outcome = bot.standin.send_event({"type": "tokens_revoked", "tokens": {"bot": ["U0SPRUCE01"]}})
        assert outcome.error == "operation_timeout"
        seen = bot.standin.wait_until(lambda: bot.retries if ["1"] in bot.retries else None)
        assert seen.count(["1"]) == 1
    finally:
        bot.standin.sender.ack_seconds = 3.0


def test_a_ticket_opens_one_connection_only(bot: Bot) -> None:
    from simple_websocket import Client

    web = WebClient(token=APP_TOKEN, base_url=bot.standin.api_url, retry_handlers=[])
    url = web.apps_connections_open(app_token=APP_TOKEN)["url"]
    first = Client(url)
    assert '"hello"' in first.receive(timeout=2)
    again = http.client.HTTPConnection(bot.standin.base_url.removeprefix("http://"), timeout=5)
    again.request("GET", url.split(again.host + f":{again.port}")[1], headers={"Upgrade": "websocket"})
    assert again.getresponse().status == 403
    again.close()
    first.close()
    first.thread.join()
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        web.apps_connections_open(app_token="xoxb-sandbox-cedar")


def test_a_client_told_to_reconnect_does_so_and_hears_on(bot: Bot) -> None:
    before = list(bot.standin.sockets.connections)
    bot.standin.wait_until(lambda: len(bot.standin.sockets.connections) == 1)
    assert bot.standin.sockets.disconnect("refresh_requested") == 1
    bot.standin.wait_until(
        lambda: len(bot.standin.sockets.connections) == 1 and bot.standin.sockets.connections != before
    )
    assert bot.standin.as_user(None, "Owner").command("#ads-alerts", "again").ok


def test_a_connection_that_is_idle_for_many_pings_stays_up_and_a_click_is_acknowledged() -> None:
    with pinging(0.3) as standin:
        bot = Bot(standin)
        bot.handler.connect()
        before = standin.wait_until(lambda: list(standin.sockets.connections))
        time.sleep(5 * standin.sockets.ping_seconds)
        assert standin.sockets.connections == before
        bot.client.chat_postMessage(channel="C0ADSALERT", text="Seen?", blocks=BUTTON)
        outcome = standin.as_user(None, "Owner").click(standin.last("#ads-alerts"), "noted")
        bot.handler.close()
        bot.app.listener_runner.listener_executor.shutdown()
    assert outcome.ok


def test_a_client_that_answers_no_ping_is_let_go() -> None:
    with pinging(0.1) as standin, closing(mute_client(standin)):
        standin.wait_until(lambda: standin.sockets.connections)
        standin.wait_until(lambda: not standin.sockets.connections)


@contextmanager
def pinging(seconds: float) -> Iterator[SlackStandIn]:
    """A stand-in of its own that pings a silent connection this often."""
    standin = SlackStandIn(SettableClock(datetime(2026, 11, 22, tzinfo=UTC)))
    standin.sockets.ping_seconds = seconds
    standin.start()
    try:
        yield standin
    finally:
        standin.stop()


def mute_client(standin: SlackStandIn) -> socket.socket:
    """A WebSocket that reads and never writes."""
    web = WebClient(token=APP_TOKEN, base_url=standin.api_url, retry_handlers=[])
    url = urlsplit(web.apps_connections_open(app_token=APP_TOKEN)["url"])
    upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    client = socket.create_connection((url.hostname, url.port), timeout=5)
    request = f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n{upgrade}\r\n{key}\r\n\r\n"
    client.sendall(request.encode())
    return client


def test_without_a_connection_the_person_sees_that_dispatch_failed() -> None:
    standin = SlackStandIn(SettableClock(datetime(2026, 11, 22, tzinfo=UTC)))
    standin.start()
    before = threading.active_count()
    outcome = standin.as_user(None, "Owner").command("#ads-alerts", "hello")
    standin.stop()
    assert outcome.message == '/spruce failed with the error "dispatch_failed"'
    assert threading.active_count() < before
