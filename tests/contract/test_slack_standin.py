"""A real slack_bolt app behind signed HTTP, used by people in the stand-in Slack."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from werkzeug.serving import make_server

from bot.clock import SettableClock
from bot.sandbox.slack_api import SlackStandIn
from bot.sandbox.slack_people import ConfirmIgnoredError

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
BUTTON = {
    "type": "button",
    "action_id": "alert.ack",
    "text": {"type": "plain_text", "text": "Acknowledge"},
    "value": "7",
}


@dataclass
class Bot:
    """The app under test and everything it saw."""

    standin: SlackStandIn
    client: WebClient
    app: App
    seen: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)


def _listeners(bot: Bot) -> None:
    app = bot.app

    @app.command("/spruce")
    def command(ack: Any, body: dict[str, Any], respond: Any) -> None:
        bot.seen.append(body)
        if body["text"] == "slow":
            bot.release.wait(5)
        elif body["text"] == "modal":
            ack()
            bot.client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        elif body["text"] == "later":
            ack()
            respond("came later")
        else:
            ack(f"you said {body['text']}")

    @app.action("alert.ack")
    def acknowledge(ack: Any, body: dict[str, Any]) -> None:
        bot.seen.append(body)
        ack()

    @app.view("snooze")
    def submit(ack: Any, body: dict[str, Any]) -> None:
        bot.seen.append(body)
        hours = body["view"]["state"]["values"]["hours"]["n"]["value"]
        ack() if hours.isdigit() else ack(response_action="errors", errors={"hours": "A number, please."})

    @app.event("app_mention")
    def mention(event: dict[str, Any]) -> None:
        bot.seen.append(event)


MODAL = {
    "type": "modal",
    "callback_id": "snooze",
    "title": {"type": "plain_text", "text": "Snooze"},
    "submit": {"type": "plain_text", "text": "Snooze"},
    "private_metadata": "alert 7",
    "blocks": [
        {
            "type": "input",
            "block_id": "hours",
            "label": {"type": "plain_text", "text": "Hours"},
            "element": {"type": "plain_text_input", "action_id": "n"},
        }
    ],
}


@pytest.fixture(scope="module")
def served() -> Iterator[Bot]:
    standin = SlackStandIn(SettableClock(START))
    standin.start()
    standin.sender.retry_delays = (0.0, 0.05)
    spec = standin.workspace().spec
    client = WebClient(token=spec.bot_token, base_url=standin.api_url, retry_handlers=[])
    app = App(client=client, signing_secret=spec.signing_secret, token_verification_enabled=False)
    bot = Bot(standin, client, app)
    _listeners(bot)
    web = Flask(__name__)
    handler = SlackRequestHandler(app)

    @web.post("/slack/events")
    def events() -> Any:
        bot.headers.append(dict(request.headers))
        return handler.handle(request)

    server = make_server("127.0.0.1", 0, web, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    standin.deliver_to(f"http://127.0.0.1:{server.server_port}/slack/events")
    yield bot
    bot.release.set()
    server.shutdown()
    thread.join()
    server.server_close()
    standin.stop()


@pytest.fixture
def bot(served: Bot) -> Bot:
    served.seen.clear()
    served.headers.clear()
    served.standin.faults.clear()
    served.standin.limits._buckets.clear()
    return served


def test_a_command_is_acknowledged_and_its_reply_is_seen_by_the_caller_only(bot: Bot) -> None:
    owner = bot.standin.as_user("Cedar Store", "Owner")
    outcome = owner.command("#ads-alerts", "hello")
    assert outcome.ok
    assert outcome.seconds < 3
    assert bot.standin.ephemerals("Owner", "#ads-alerts")[-1].text == "you said hello"
    assert bot.standin.ephemerals("Owner", "#ads-alerts")[-1].response_to == "/spruce hello"
    assert all(m.text != "you said hello" for m in bot.standin.messages("#ads-alerts", user="Teammate"))


def test_a_command_that_is_not_acknowledged_in_three_seconds_times_out(bot: Bot) -> None:
    owner = bot.standin.as_user(None, "Owner")
    outcome = owner.command("#ads-alerts", "slow")
    bot.release.set()
    assert outcome.error == "operation_timeout"
    assert outcome.message == '/spruce failed with the error "operation_timeout"'
    assert 2.9 < outcome.seconds < 6


def test_a_click_carries_everything_slack_sends(bot: Bot) -> None:
    posted = bot.client.chat_postMessage(
        channel="C0ADSALERT", text="Alert", blocks=[{"type": "actions", "elements": [BUTTON]}]
    )
    message = bot.standin.last("#ads-alerts")
    assert bot.standin.as_user(None, "Owner").click(message, "Acknowledge").ok
    body = bot.seen[0]
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "C0ADSALERT",
        "is_ephemeral": False,
        "is_app_unfurl": False,
    }
    assert body["actions"][0]["value"] == "7"
    assert body["actions"][0]["block_id"] == message.blocks[0]["block_id"]
    assert body["message"]["ts"] == posted["ts"]
    assert set(body) == {
        *("type", "user", "api_app_id", "token", "team", "enterprise", "is_enterprise_install"),
        *("container", "trigger_id", "channel", "message", "state", "response_url", "actions"),
    }


def test_an_element_that_asks_for_confirmation_must_be_confirmed(bot: Bot) -> None:
    words = {k: {"type": "plain_text", "text": k} for k in ("title", "text", "confirm", "deny")}
    block = {"type": "actions", "elements": [{**BUTTON, "confirm": words}]}
    bot.client.chat_postMessage(channel="C0ADSALERT", text="Alert", blocks=[block])
    owner, message = bot.standin.as_user(None, "Owner"), bot.standin.last("#ads-alerts")
    with pytest.raises(ConfirmIgnoredError):
        owner.click(message, "Acknowledge")
    assert owner.click(message, "Acknowledge", confirmed=True).ok


def test_a_button_that_was_removed_can_only_be_clicked_from_a_stale_view(bot: Bot) -> None:
    ts = bot.client.chat_postMessage(
        channel="C0ADSALERT", text="Alert", blocks=[{"type": "actions", "elements": [BUTTON]}]
    )["ts"]
    before = bot.standin.last("#ads-alerts")
    bot.client.chat_update(channel="C0ADSALERT", ts=ts, text="Done")
    assert bot.standin.last("#ads-alerts").blocks == []
    owner = bot.standin.as_user(None, "Owner")
    with pytest.raises(LookupError):
        owner.click(before, "alert.ack")
    assert owner.click(before, "alert.ack", stale=True).ok


def test_a_modal_opens_refuses_a_bad_value_and_closes_on_a_good_one(bot: Bot) -> None:
    owner = bot.standin.as_user(None, "Owner")
    assert owner.command("#ads-alerts", "modal").ok
    view = bot.standin.wait_until(lambda: bot.standin.open_views("Owner"))[-1]
    refused = owner.submit(view, {"hours": "soon"})
    assert refused.response_action == "errors"
    assert refused.errors == {"hours": "A number, please."}
    assert bot.standin.open_views("Owner")
    assert owner.submit(view, {"n": "4"}).ok
    assert bot.standin.open_views("Owner") == []
    assert bot.seen[-1]["view"]["private_metadata"] == "alert 7"


def test_a_required_field_left_empty_is_never_submitted(bot: Bot) -> None:
    owner = bot.standin.as_user(None, "Owner")
    owner.command("#ads-alerts", "modal")
    view = bot.standin.wait_until(lambda: bot.standin.open_views("Owner"))[-1]
    with pytest.raises(ValueError, match="hours"):
        owner.submit(view, {})
    owner.close(view)


def test_an_unanswered_event_comes_again_with_a_number_and_a_reason(bot: Bot) -> None:
    listener = bot.standin.sender.urls.copy()
    bot.standin.deliver_to("http://127.0.0.1:9/slack/events")
    bot.standin.as_user(None, "Owner").mention("#ads-alerts", "help")
    bot.standin.sender.urls.update(listener)

    def attempts() -> list[int]:
        found = [d.attempt for d in bot.standin.deliveries if d.kind == "events_api"]
        return found if len(found) >= 3 else []

    assert bot.standin.wait_until(attempts)[-3:] == [0, 1, 2]
    last = bot.standin.deliveries[-1]
    assert last.headers["X-Slack-Retry-Num"] == "2"
    assert last.headers["X-Slack-Retry-Reason"] == "connection_failed"


def test_a_replayed_delivery_is_byte_for_byte_the_same_and_a_forged_one_is_refused(bot: Bot) -> None:
    owner = bot.standin.as_user(None, "Owner")
    delivery = owner.command("#ads-alerts", "once").delivery
    assert delivery is not None
    assert bot.standin.replay(delivery).ok
    assert len(bot.seen) == 2
    assert bot.standin.forge(delivery).status == 401
    assert len(bot.seen) == 2


def test_two_workspaces_never_see_each_other(bot: Bot) -> None:
    other = WebClient(token="xoxb-sandbox-willow", base_url=bot.standin.api_url, retry_handlers=[])
    for refused in (
        lambda: other.chat_postMessage(channel="C0ADSALERT", text="hello"),
        lambda: other.users_info(user="U0OWNER001"),
        lambda: other.views_publish(
            user_id="U0OWNER001", view={"type": "home", "blocks": [{"type": "divider"}]}
        ),
    ):
        with pytest.raises(SlackApiError, match="not_found"):
            refused()
    bot.standin.as_user("Willow Agency", "Outsider").command("#growth-alerts", "hello")
    assert bot.seen[-1]["team_id"] == "T0WILLOW02"
    with pytest.raises(KeyError):
        bot.standin.as_user("Willow Agency", "Outsider").command("#ads-alerts", "hello")


def test_respond_posts_through_the_response_address(bot: Bot) -> None:
    bot.standin.as_user(None, "Teammate").command("#general", "later")
    found = bot.standin.wait_for(lambda m: m.text == "came later", channel="#general", user="Teammate")
    assert found.is_ephemeral


def test_waiting_for_something_that_never_comes_ends(bot: Bot) -> None:
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        bot.standin.wait_for(lambda m: False, channel="#general", timeout=0.1)
    assert time.monotonic() - start < 1


def test_the_address_repeats_slacks_challenge(bot: Bot) -> None:
    outcome = bot.standin.challenge("any word")
    assert outcome.ok
    assert outcome.body in ({"challenge": "any word"}, "any word")


def test_removing_the_app_ends_its_token_and_tells_the_app(bot: Bot) -> None:
    outcomes = bot.standin.uninstall()
    place = bot.standin.workspace()
    assert [o.delivery.payload["event"]["type"] for o in outcomes if o.delivery] == [
        "tokens_revoked",
        "app_uninstalled",
    ]
    with pytest.raises(SlackApiError, match="account_inactive"):
        bot.client.auth_test()
    place.token_error = None
