"""The stand-in's threads and modals through the SDK's client: where words stand and what may be asked."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import SettableClock
from bot.sandbox.slack_api import SlackStandIn

ALERTS, OWNER = "C0ADSALERT", "U0OWNER001"


@pytest.fixture
def standin() -> Iterator[SlackStandIn]:
    standin = SlackStandIn(SettableClock(datetime(2026, 11, 22, 10, tzinfo=UTC)), rate_limits=False)
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def client(standin: SlackStandIn) -> WebClient:
    return WebClient(token="xoxb-sandbox-cedar", base_url=standin.api_url, retry_handlers=[], timeout=5)


def test_threads_hold_replies_to_roots_only(client: WebClient) -> None:
    root = client.chat_postMessage(channel=ALERTS, text="root")["ts"]
    reply = client.chat_postMessage(channel=ALERTS, text="reply", thread_ts=root)["ts"]
    with pytest.raises(SlackApiError, match="cannot_reply_to_message"):
        client.chat_postMessage(channel=ALERTS, text="x", thread_ts=reply)
    found = client.conversations_replies(channel=ALERTS, ts=root)["messages"]
    assert [m["text"] for m in found] == ["root", "reply"]
    assert client.conversations_history(channel=ALERTS, limit=1)["messages"][0]["reply_count"] == 1


def test_a_whisper_in_a_thread_that_nobody_answered_is_taken_and_never_seen(
    standin: SlackStandIn, client: WebClient
) -> None:
    root = client.chat_postMessage(channel=ALERTS, text="root")["ts"]
    assert client.chat_postEphemeral(channel=ALERTS, user=OWNER, text="lost", thread_ts=root)["ok"]
    assert standin.ephemerals("Owner", "ads-alerts") == []
    client.chat_postMessage(channel=ALERTS, text="reply", thread_ts=root)
    client.chat_postEphemeral(channel=ALERTS, user=OWNER, text="seen", thread_ts=root)
    assert [m.text for m in standin.ephemerals("Owner", "ads-alerts")] == ["seen"]


OPTIONS = [{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("one", "two")]


def opened(standin: SlackStandIn, client: WebClient, element: dict[str, Any]) -> list[str]:
    """What the stand-in says about a modal with this one question."""
    label = {"type": "plain_text", "text": "L"}
    block = {"type": "input", "block_id": "q", "label": label, "element": {"action_id": "a", **element}}
    place = standin.workspace()
    maker = standin.maker(place)
    trigger = maker.trigger(maker.ticket(place.user("Owner"), None))
    view = {"type": "modal", "title": label, "submit": label, "blocks": [block]}
    try:
        client.views_open(trigger_id=trigger, view=view)
    except SlackApiError as error:
        return list(error.response["response_metadata"]["messages"])
    return []


@pytest.mark.parametrize(
    ("element", "fault"),
    [
        ({"type": "plain_text_input", "initial_value": "four", "max_length": 3}, "element/initial_value"),
        ({"type": "plain_text_input", "max_length": 3001}, "element/max_length"),
        ({"type": "plain_text_input", "min_length": 5, "max_length": 3}, "element"),
        ({"type": "radio_buttons", "options": OPTIONS * 6}, "element/options"),
        ({"type": "radio_buttons", "options": []}, "element/options"),
        ({"type": "static_select", "options": [*OPTIONS, OPTIONS[0]]}, "element/options"),
        ({"type": "radio_buttons", "options": OPTIONS[:1], "initial_option": OPTIONS[1]}, "element"),
    ],
)
def test_a_question_that_slack_would_not_ask_is_refused(standin, client, element, fault) -> None:
    assert any(f"/view/blocks/0/{fault}]" in message for message in opened(standin, client, element))


def test_text_choices_and_menus_are_asked(standin: SlackStandIn, client: WebClient) -> None:
    typed = {"type": "plain_text_input", "multiline": True, "initial_value": "x\ny", "max_length": 3}
    chosen = {"options": OPTIONS, "initial_option": OPTIONS[1]}
    for element in (typed, {"type": "radio_buttons", **chosen}, {"type": "static_select", **chosen}):
        assert opened(standin, client, element) == []
