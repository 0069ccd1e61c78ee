"""bot.slack against the stand-in Slack: what is posted once, what is refused, and what nobody can know."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SettableClock
from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.errors import (
    ChannelUnavailable,
    SlackError,
    SlackOutcomeUnknown,
    SlackRefused,
    SlackThrottled,
    SlackTokenDead,
)
from bot.metrics import Metrics
from bot.sandbox import slack_faults as faults
from bot.sandbox.slack_api import SlackStandIn
from bot.slack import Slack
from bot.views import kit
from bot.views.kit import Message

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CEDAR, WILLOW = WorkspaceId("T0CEDAR001"), WorkspaceId("T0WILLOW02")
ALERTS, GENERAL, GROWTH = ChannelId("C0ADSALERT"), ChannelId("C0GENERAL1"), ChannelId("C0GROWTH01")
OWNER = UserId("U0OWNER001")
TOKENS = {CEDAR: "xoxb-sandbox-cedar", WILLOW: "xoxb-sandbox-willow"}
HELLO = kit.message("Cost jumped", [kit.section("Cost jumped")])


@pytest.fixture
def standin() -> Iterator[SlackStandIn]:
    standin = SlackStandIn(SettableClock(START), rate_limits=False)
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def slack(standin: SlackStandIn, metrics: Metrics) -> Slack:
    return Slack(standin.api_url, TOKENS.get, timeout=2, metrics=metrics)


def posts(standin: SlackStandIn) -> int:
    """How many messages are in the channel, whatever the answers said."""
    return len(standin.messages("ads-alerts"))


def test_a_message_is_posted_with_its_blocks_and_can_be_edited_in_place(slack, standin, metrics):
    channel, ts = slack.post(CEDAR, ALERTS, HELLO, delivery_id="d-1")
    slack.update(CEDAR, channel, ts, kit.message("Recovered", [kit.section("Recovered")]))
    assert channel == ALERTS
    assert [message.text for message in standin.messages("ads-alerts")] == ["Recovered"]
    assert standin.last("ads-alerts").blocks[0]["text"]["text"] == "Recovered"
    assert standin.calls_of("chat.postMessage")[0].args["unfurl_links"] is False
    assert metrics.value("spruce_slack_calls_total", method="chat.postMessage", outcome="ok") == 1


def test_each_workspace_is_spoken_to_with_its_own_token(slack, standin):
    slack.post(CEDAR, ALERTS, HELLO)
    slack.post(WILLOW, GROWTH, HELLO)
    assert [call.workspace for call in standin.calls_of("chat.postMessage")] == [CEDAR, WILLOW]
    with pytest.raises(ChannelUnavailable):
        slack.post(WILLOW, ALERTS, HELLO)


def test_a_reply_goes_to_the_thread(slack, standin):
    _channel, ts = slack.post(CEDAR, ALERTS, HELLO)
    slack.post(CEDAR, ALERTS, kit.message("Worse", [kit.section("Worse")]), thread_ts=ts)
    assert standin.last("ads-alerts").thread_ts == ts


@pytest.mark.parametrize(
    "fault",
    [
        faults.eof(applied=True),
        faults.truncated(applied=True),
        faults.http_error(503, applied=True),
        faults.slow(3.0),
    ],
    ids=["connection closed", "answer cut", "error page", "too slow"],
)
def test_a_post_whose_answer_is_lost_is_unknown_and_sent_only_once(slack, standin, fault):
    standin.faults.add("chat.postMessage", fault)
    with pytest.raises(SlackOutcomeUnknown):
        slack.post(CEDAR, ALERTS, HELLO, delivery_id="d-1")
    assert posts(standin) == 1
    assert len(standin.calls_of("chat.postMessage")) == 1


@pytest.mark.parametrize("error", ["fatal_error", "internal_error", "service_unavailable"])
def test_an_error_in_the_middle_is_unknown(slack, standin, error):
    standin.faults.add("chat.postMessage", faults.refused(error))
    with pytest.raises(SlackOutcomeUnknown):
        slack.post(CEDAR, ALERTS, HELLO)


def test_being_throttled_says_how_long_and_that_nothing_was_posted(slack, standin, metrics):
    standin.faults.add("chat.postMessage", faults.ratelimited(7))
    with pytest.raises(SlackThrottled) as caught:
        slack.post(CEDAR, ALERTS, HELLO)
    assert caught.value.retry_after == 7
    assert caught.value.retryable
    assert posts(standin) == 0
    outcome = {"method": "chat.postMessage", "outcome": "slack_throttled"}
    assert metrics.value("spruce_slack_calls_total", **outcome) == 1


def test_a_slack_that_nobody_answers_at_is_tried_again_later():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        slack = Slack(f"http://127.0.0.1:{unused.getsockname()[1]}/api/", TOKENS.get, timeout=2)
        with pytest.raises(SlackThrottled) as caught:
            slack.post(CEDAR, ALERTS, HELLO)
    assert caught.value.reason == "slack_unreachable"


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth", "token_expired"])
def test_a_dead_token_is_called_dead_without_being_shown(slack, standin, error):
    standin.faults.add("chat.postMessage", faults.refused(error))
    with pytest.raises(SlackTokenDead) as caught:
        slack.post(CEDAR, ALERTS, HELLO)
    assert "xoxb" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.reason == f"slack_{error}"


def test_a_workspace_without_a_token_is_not_asked_at_all(slack, standin):
    with pytest.raises(SlackTokenDead):
        slack.post(WorkspaceId("T0ELSEWHERE"), ALERTS, HELLO)
    assert standin.calls == []


@pytest.mark.parametrize("channel", [GENERAL, ChannelId("C0NOWHERE")], ids=["not a member", "no channel"])
def test_a_channel_that_cannot_be_posted_to_is_named_as_the_reason(slack, channel):
    with pytest.raises(ChannelUnavailable):
        slack.post(CEDAR, channel, HELLO)


def test_blocks_that_slack_does_not_take_are_refused_for_good(slack, standin):
    broken = Message("Too many", tuple({"type": "divider"} for _ in range(51)))
    with pytest.raises(SlackRefused) as caught:
        slack.post(CEDAR, ALERTS, broken)
    assert caught.value.reason == "slack_invalid_blocks"
    assert not caught.value.retryable
    assert posts(standin) == 0


def test_a_missing_scope_is_named(slack, standin):
    standin.workspace(CEDAR).scopes.discard("chat:write")
    with pytest.raises(SlackRefused, match="chat:write"):
        slack.post(CEDAR, ALERTS, HELLO)


def test_deliveries_are_found_again_by_their_id(slack, standin):
    first = slack.post(CEDAR, ALERTS, HELLO, delivery_id="d-1")[1]
    twin = slack.post(CEDAR, ALERTS, HELLO, delivery_id="d-1")[1]
    slack.post(CEDAR, ALERTS, HELLO, delivery_id="d-2")
    found = slack.find(
        CEDAR, ALERTS, delivery_ids={"d-1", "d-3"}, oldest=START - timedelta(minutes=1), thread_ts=None
    )
    assert found == {"d-1": [first, twin]}


def test_a_reply_is_found_again_in_its_thread(slack):
    parent = slack.post(CEDAR, ALERTS, HELLO, delivery_id="d-1")[1]
    reply = slack.post(CEDAR, ALERTS, HELLO, thread_ts=parent, delivery_id="d-2")[1]
    found = slack.find(
        CEDAR, ALERTS, delivery_ids={"d-2"}, oldest=START - timedelta(minutes=1), thread_ts=parent
    )
    assert found == {"d-2": [reply]}


def test_a_message_is_found_behind_a_hundred_others(slack):
    ts = slack.post(CEDAR, ALERTS, HELLO, delivery_id="d-1")[1]
    for _ in range(105):
        slack.post(CEDAR, ALERTS, HELLO)
    found = slack.find(CEDAR, ALERTS, delivery_ids={"d-1"}, oldest=START - timedelta(minutes=1))
    assert found == {"d-1": [ts]}


def test_a_question_that_got_no_answer_is_not_mistaken_for_a_message_that_is_not_there(slack, standin):
    standin.faults.add("conversations.history", faults.truncated())
    with pytest.raises(SlackError) as caught:
        slack.find(CEDAR, ALERTS, delivery_ids={"d-1"}, oldest=START)
    assert caught.value.reason == "slack_no_answer"


def test_deleting_what_is_gone_is_fine_and_so_is_asking_where_it_was(slack, standin):
    channel, ts = slack.post(CEDAR, ALERTS, HELLO)
    assert ts.replace(".", "") in (slack.permalink(CEDAR, channel, ts) or "")
    slack.delete(CEDAR, channel, ts)
    slack.delete(CEDAR, channel, ts)
    assert posts(standin) == 0
    assert slack.permalink(CEDAR, channel, ts) is None


def test_home_is_drawn_for_one_person(slack, standin):
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    slack.publish_home(CEDAR, OWNER, view)
    assert standin.home("Owner")["blocks"][0]["type"] == "divider"
    assert standin.home("Teammate") is None


def trigger(standin: SlackStandIn) -> str:
    """What Slack hands out with a click of the owner."""
    place = standin.workspace(CEDAR)
    maker = standin.maker(place)
    return maker.trigger(maker.ticket(place.user("Owner"), place.channel("ads-alerts")))


def modal(title: str) -> dict:
    asked = kit.input_block("Why", kit.text_input("why"), block_id="why")
    return kit.modal(title, [asked], callback_id="t.modal", submit="Send")


def test_a_modal_opens_once_for_the_person_who_clicked_and_can_be_changed(slack, standin):
    pressed = trigger(standin)
    view_id = slack.open_view(CEDAR, pressed, modal("First"))
    [seen] = standin.open_views("Owner")
    assert (seen["id"], seen["title"]["text"]) == (view_id, "First")
    slack.update_view(CEDAR, view_id, modal("Second"), seen=seen["hash"])
    assert standin.open_views("Owner")[0]["title"]["text"] == "Second"
    with pytest.raises(SlackRefused) as caught:
        slack.update_view(CEDAR, view_id, modal("Third"), seen=seen["hash"])
    assert caught.value.reason == "slack_hash_conflict"
    with pytest.raises(SlackRefused) as caught:
        slack.open_view(CEDAR, pressed, modal("Again"))
    assert caught.value.reason == "slack_exchanged_trigger_id"
    assert standin.open_views("Teammate") == []


def test_a_trigger_that_is_too_old_and_a_view_that_is_gone_have_names(slack, standin):
    pressed = trigger(standin)
    standin.age(4)
    with pytest.raises(SlackRefused) as caught:
        slack.open_view(CEDAR, pressed, modal("Late"))
    assert caught.value.reason == "slack_expired_trigger_id"
    with pytest.raises(SlackRefused) as caught:
        slack.update_view(CEDAR, "V0NOWHERE", modal("Gone"))
    assert caught.value.reason == "slack_not_found"


def test_a_whisper_in_a_thread_is_seen_there_by_one_person(slack, standin):
    _channel, root = slack.post(CEDAR, ALERTS, HELLO)
    slack.post(CEDAR, ALERTS, HELLO, thread_ts=root)
    slack.whisper(CEDAR, ALERTS, OWNER, kit.message("Yours", [kit.section("Yours")]), thread_ts=root)
    [told] = standin.ephemerals("Owner", "ads-alerts")
    assert (told.text, told.thread_ts) == ("Yours", root)
    assert standin.ephemerals("Teammate", "ads-alerts") == []


def test_a_token_says_whose_it_is(slack):
    identity = slack.identity(TOKENS[WILLOW])
    assert (identity.team_id, identity.team_name) == (WILLOW, "Willow Agency")
    assert identity.bot_user_id == "U0SPRUCE02"
    with pytest.raises(SlackTokenDead):
        slack.identity("xoxb-of-nobody")


def answer_address(standin: SlackStandIn) -> str:
    """A response address as Slack hands it out with a command."""
    workspace = standin.workspace(CEDAR)
    maker = standin.maker(workspace)
    user = workspace.user("Owner")
    return maker.command(user, workspace.channel("ads-alerts"), "/spruce", "help")["response_url"]


def test_an_answer_is_seen_by_the_person_who_asked_only(slack, standin):
    slack.respond(answer_address(standin), HELLO)
    assert [message.text for message in standin.ephemerals("Owner", "ads-alerts")] == ["Cost jumped"]
    assert standin.ephemerals("Teammate", "ads-alerts") == []


def test_an_address_that_was_used_up_or_is_too_old_is_told_apart_from_a_fault(slack, standin):
    address = answer_address(standin)
    standin.age(31 * 60)
    with pytest.raises(SlackRefused) as caught:
        slack.respond(address, HELLO)
    assert caught.value.reason == "slack_response_url_over"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/hooks/commands/T0CEDAR001/R1",
        "http://169.254.169.254/latest/meta-data/",
        "http://hooks.slack.com/commands/T/1",
        "https://hooks.slack.com.example.com/commands/T/1",
        "https://hooks.slack.com@example.com/commands/T/1",
        "https://hooks.slack.com\\@example.com/",
        "file:///etc/passwd",
        "",
    ],
)
def test_answers_go_to_slack_and_nowhere_else(slack, standin, address):
    with pytest.raises(SlackRefused) as caught:
        slack.respond(address, HELLO)
    assert caught.value.reason == "slack_foreign_address"


def test_many_threads_post_for_two_workspaces_without_mixing_them(slack, standin):
    channels = {CEDAR: ALERTS, WILLOW: GROWTH}
    threads = [
        threading.Thread(target=slack.post, args=(workspace, channel, HELLO))
        for workspace, channel in list(channels.items()) * 8
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (posts(standin), len(standin.messages("growth-alerts"))) == (8, 8)
