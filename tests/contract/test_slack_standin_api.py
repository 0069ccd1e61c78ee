"""The stand-in's Web API through the real slack_sdk client: what Slack refuses, it refuses."""

import http.client
import threading
import urllib.error
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.clock import SettableClock
from bot.sandbox import slack_faults as faults
from bot.sandbox.slack_api import SlackStandIn

ALERTS, GENERAL = "C0ADSALERT", "C0GENERAL1"


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def served(clock: SettableClock) -> Iterator[SlackStandIn]:
    standin = SlackStandIn(clock, client_id="1.2")
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def standin(served: SlackStandIn) -> SlackStandIn:
    served.faults.clear()
    served.limits._buckets.clear()
    place = served.workspace()
    place.scopes = set(place.spec.scopes)
    place.token_error = None
    return served


@pytest.fixture
def client(standin: SlackStandIn) -> WebClient:
    return WebClient(token="xoxb-sandbox-cedar", base_url=standin.api_url, retry_handlers=[], timeout=5)


def refusal(call: Any, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    body: dict[str, Any] = caught.value.response.data
    return body


def test_auth_test_says_who_the_token_is(client: WebClient) -> None:
    body = client.auth_test()
    assert (body["team_id"], body["user_id"], body["bot_id"]) == ("T0CEDAR001", "U0SPRUCE01", "B0SPRUCE01")


def test_a_message_has_a_string_key_that_only_grows_while_the_clock_stands(client: WebClient) -> None:
    first = client.chat_postMessage(channel=ALERTS, text="one")["ts"]
    second = client.chat_postMessage(channel=ALERTS, text="two")["ts"]
    assert first.startswith("1795341600.")
    assert second > first


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("xoxb-wrong", "invalid_auth"),
        ("xapp-1-A0SPRUCE01-sandbox", "not_allowed_token_type"),
        ("", "not_authed"),
    ],
)
def test_a_wrong_token_is_refused_by_name(standin: SlackStandIn, token: str, error: str) -> None:
    client = WebClient(token=token, base_url=standin.api_url, retry_handlers=[])
    assert refusal(client.chat_postMessage, channel=ALERTS, text="x")["error"] == error


def test_a_revoked_token_stops_working(standin: SlackStandIn, client: WebClient) -> None:
    standin.revoke()
    assert refusal(client.auth_test)["error"] == "token_revoked"


def test_a_missing_scope_is_named_with_those_that_are_there(standin: SlackStandIn, client: WebClient) -> None:
    standin.workspace().scopes = {"channels:read"}
    body = refusal(client.chat_postMessage, channel=ALERTS, text="x")
    assert (body["error"], body["needed"], body["provided"]) == (
        "missing_scope",
        "chat:write",
        "channels:read",
    )
    assert refusal(client.conversations_history, channel=ALERTS)["needed"] == "channels:history"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE1", "text": "x"}, "channel_not_found"),
        ({"channel": "C0GROWTH01", "text": "x"}, "channel_not_found"),
        ({"channel": GENERAL, "text": "x"}, "not_in_channel"),
        ({"channel": ALERTS, "text": " "}, "no_text"),
        ({"channel": ALERTS, "text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
        ({"channel": ALERTS, "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        ({"channel": ALERTS, "text": "x", "username": "Other"}, "missing_scope"),
        ({"channel": ALERTS, "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ],
)
def test_a_post_that_slack_refuses(client: WebClient, arguments: dict[str, Any], error: str) -> None:
    assert refusal(client.api_call, api_method="chat.postMessage", json=arguments)["error"] == error


def test_an_archived_channel_takes_no_messages(standin: SlackStandIn, client: WebClient) -> None:
    room = standin.workspace().channel(ALERTS)
    ts = client.chat_postMessage(channel=ALERTS, text="before")["ts"]
    room.is_archived = True
    try:
        assert refusal(client.chat_postMessage, channel=ALERTS, text="x")["error"] == "is_archived"
        assert refusal(client.chat_update, channel=ALERTS, ts=ts, text="x")["error"] == "is_inactive"
    finally:
        room.is_archived = False


def test_overlong_text_is_cut_with_a_warning_and_refused_in_an_update(client: WebClient) -> None:
    posted = client.chat_postMessage(channel=ALERTS, text="x" * 40_001)
    assert posted["warning"] == "message_truncated"
    assert len(posted["message"]["text"]) == 40_000
    body = refusal(client.chat_update, channel=ALERTS, ts=posted["ts"], text="x" * 4_001)
    assert body["error"] == "msg_too_long"


def test_broken_blocks_are_refused_with_a_pointer_and_nothing_is_posted(
    standin: SlackStandIn, client: WebClient
) -> None:
    before = len(standin.messages(ALERTS))
    blocks = [{"type": "divider"}, {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    body = refusal(client.chat_postMessage, channel=ALERTS, text="x", blocks=blocks)
    assert body["error"] == "invalid_blocks"
    assert body["errors"] == ["must be less than 151 characters [json-pointer:/blocks/1/text/text]"]
    assert body["response_metadata"]["messages"] == [f"[ERROR] {body['errors'][0]}"]
    assert len(standin.messages(ALERTS)) == before


def test_blocks_that_are_long_only_together_are_refused(client: WebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 5
    body = refusal(client.chat_postMessage, channel=ALERTS, text="x", blocks=blocks)
    assert body["error"] == "msg_blocks_too_long"


def test_an_update_with_text_alone_removes_the_blocks_and_keeps_the_metadata(client: WebClient) -> None:
    metadata = {"event_type": "alert", "event_payload": {"outbox_id": "7"}}
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "block"}}]
    ts = client.chat_postMessage(channel=ALERTS, text="a", blocks=blocks, metadata=metadata)["ts"]
    answer = client.chat_update(channel=ALERTS, ts=ts, text="b")
    assert answer["message"]["blocks"] == []
    assert answer["message"]["metadata"] == metadata
    history = client.conversations_history(
        channel=ALERTS, oldest=ts, inclusive=True, include_all_metadata=True
    )
    assert history["messages"][0]["metadata"] == metadata
    assert "metadata" not in client.conversations_history(channel=ALERTS, limit=1)["messages"][0]


def test_only_own_messages_can_be_changed_or_deleted(standin: SlackStandIn, client: WebClient) -> None:
    theirs = standin.as_user(None, "Owner").say("#ads-alerts", "mine")
    assert (
        refusal(client.chat_update, channel=ALERTS, ts=theirs.ts, text="x")["error"] == "cant_update_message"
    )
    assert refusal(client.chat_delete, channel=ALERTS, ts=theirs.ts)["error"] == "cant_delete_message"
    assert (
        refusal(client.chat_update, channel=ALERTS, ts="1.000001", text="x")["error"] == "message_not_found"
    )


def test_an_ephemeral_is_seen_by_one_person_and_cannot_be_edited(
    standin: SlackStandIn, client: WebClient
) -> None:
    ts = client.chat_postEphemeral(channel=ALERTS, user="U0OWNER001", text="psst")["message_ts"]
    assert standin.ephemerals("Owner", "#ads-alerts")[-1].ts == ts
    assert standin.ephemerals("Teammate", "#ads-alerts") == []
    assert refusal(client.chat_update, channel=ALERTS, ts=ts, text="x")["error"] == "message_not_found"
    assert all(m["ts"] != ts for m in client.conversations_history(channel=ALERTS)["messages"])
    body = refusal(client.chat_postEphemeral, channel=ALERTS, user="U0OUTSIDER", text="x")
    assert body["error"] == "user_not_in_channel"


def test_more_than_a_short_burst_in_a_channel_is_limited(standin: SlackStandIn, client: WebClient) -> None:
    for number in range(3):
        client.chat_postMessage(channel=ALERTS, text=str(number))
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=ALERTS, text="too many")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    patient = WebClient(
        token="xoxb-sandbox-cedar", base_url=standin.api_url, retry_handlers=[RateLimitErrorRetryHandler(1)]
    )
    assert patient.chat_postMessage(channel=ALERTS, text="in the end")["ok"]


def test_methods_have_their_tier_and_other_workspaces_are_not_affected(
    standin: SlackStandIn, client: WebClient
) -> None:
    other = WebClient(token="xoxb-sandbox-willow", base_url=standin.api_url, retry_handlers=[])
    for _ in range(20):
        client.users_list()
    assert refusal(client.users_list)["error"] == "ratelimited"
    assert other.users_list()["ok"]


def test_a_connection_cut_after_accepting_leaves_the_message_posted(
    standin: SlackStandIn, client: WebClient
) -> None:
    standin.faults.add("chat.postMessage", faults.eof(applied=True), channel=ALERTS)
    with pytest.raises((http.client.RemoteDisconnected, urllib.error.URLError, ConnectionError)):
        client.chat_postMessage(channel=ALERTS, text="once")
    assert [m.text for m in standin.messages(ALERTS)].count("once") == 1
    standin.faults.add("chat.postMessage", faults.eof(applied=True))
    WebClient(token="xoxb-sandbox-cedar", base_url=standin.api_url).chat_postMessage(
        channel=ALERTS, text="twice"
    )
    assert [m.text for m in standin.messages(ALERTS)].count("twice") == 2


@pytest.mark.parametrize(
    ("fault", "posted"),
    [
        (faults.http_error(503, applied=False), 0),
        (faults.http_error(500, applied=True), 1),
        (faults.truncated(applied=True), 1),
        (faults.eof(applied=False), 0),
        (faults.ratelimited(30), 0),
        (faults.token_revoked(), 0),
    ],
)
def test_each_fault_applies_or_not_as_ordered(
    standin: SlackStandIn, client: WebClient, fault: faults.Fault, posted: int
) -> None:
    text = f"{fault.kind} {fault.applied} {fault.status}"
    standin.faults.add("chat.postMessage", fault)
    with pytest.raises((SlackApiError, OSError, http.client.HTTPException)):
        client.chat_postMessage(channel=ALERTS, text=text)
    assert [m.text for m in standin.messages(ALERTS)].count(text) == posted
    assert standin.calls_of("chat.postMessage")[-1].args["text"] == text


def test_a_trigger_works_once_and_for_three_seconds(standin: SlackStandIn, client: WebClient) -> None:
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Hello"},
        "blocks": [{"type": "divider"}],
    }
    place = standin.workspace()
    maker = standin.maker(place)

    def trigger() -> str:
        return maker.trigger(maker.ticket(place.user("Owner"), None))

    fresh = trigger()
    opened = client.views_open(trigger_id=fresh, view=view)["view"]
    assert refusal(client.views_open, trigger_id=fresh, view=view)["error"] == "exchanged_trigger_id"
    assert refusal(client.views_open, trigger_id="1.2.3", view=view)["error"] == "invalid_trigger_id"
    late = trigger()
    standin.age(3.1)
    assert refusal(client.views_open, trigger_id=late, view=view)["error"] == "expired_trigger_id"
    for _ in range(2):
        client.views_push(trigger_id=trigger(), view=view)
    assert refusal(client.views_push, trigger_id=trigger(), view=view)["error"] == "push_limit_reached"
    body = refusal(client.views_update, view_id=opened["id"], view=view, hash="1.old")
    assert body["error"] == "hash_conflict"
    assert (
        client.views_update(view_id=opened["id"], view=view, hash=opened["hash"])["view"]["id"]
        == opened["id"]
    )


def test_home_is_published_per_person_and_guarded_by_its_hash(
    standin: SlackStandIn, client: WebClient
) -> None:
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    first = client.views_publish(user_id="U0OWNER001", view=view)["view"]
    client.views_publish(user_id="U0OWNER001", view=view, hash=first["hash"])
    assert standin.home("Teammate") is None
    body = refusal(client.views_publish, user_id="U0OWNER001", view=view, hash=first["hash"])
    assert body["error"] == "hash_conflict"
    wrong = {"type": "home", "blocks": [{"type": "alert", "text": {"type": "plain_text", "text": "x"}}]}
    body = refusal(client.views_publish, user_id="U0OWNER001", view=wrong)
    assert body["error"] == "invalid_arguments"
    assert "[json-pointer:/view/blocks/0/type]" in body["response_metadata"]["messages"][0]


def test_a_response_address_works_five_times_within_half_an_hour(standin: SlackStandIn) -> None:
    place = standin.workspace()
    maker = standin.maker(place)
    url = maker.response_url("commands", maker.ticket(place.user("Owner"), place.channel("#general")))
    hook = WebhookClient(url)
    assert hook.send(text="one").status_code == 200
    assert standin.last("#general", user="Owner").is_ephemeral
    assert hook.send(text="changed", replace_original=True).status_code == 200
    assert standin.last("#general", user="Owner").text == "changed"
    assert hook.send(text="all see it", response_type="in_channel").status_code == 200
    assert standin.last("#general").text == "all see it"
    broken = hook.send(text="x", blocks=[{"type": "nonsense"}])
    assert (broken.status_code, broken.body) == (400, "invalid_blocks")
    assert hook.send(delete_original=True).status_code == 200
    assert (hook.send(text="six").status_code, hook.send(text="six").body) == (404, "used_url")
    late = WebhookClient(
        maker.response_url("commands", maker.ticket(place.user("Owner"), place.channel("#general")))
    )
    standin.age(1801)
    assert late.send(text="late").body == "expired_url"


def test_lists_come_in_pages_and_channels_are_described(client: WebClient) -> None:
    page = client.conversations_list(limit=1)
    following = client.conversations_list(limit=1, cursor=page["response_metadata"]["next_cursor"])
    names = {c["name"]: c["is_member"] for c in page["channels"] + following["channels"]}
    assert names == {"ads-alerts": True, "general": False}
    assert refusal(client.conversations_list, cursor="bad!")["error"] == "invalid_cursor"
    assert client.users_info(user="U0OWNER001")["user"]["tz"] == "Asia/Kolkata"
    assert [c["id"] for c in client.users_conversations()["channels"]] == [ALERTS]


def test_a_direct_message_goes_by_user_id_but_is_edited_by_its_own_id(client: WebClient) -> None:
    posted = client.chat_postMessage(channel="U0OWNER001", text="for you")
    assert posted["channel"] == client.conversations_open(users="U0OWNER001")["channel"]["id"]
    body = refusal(client.chat_update, channel="U0OWNER001", ts=posted["ts"], text="x")
    assert body["error"] == "channel_not_found"
    assert client.chat_update(channel=posted["channel"], ts=posted["ts"], text="x")["ok"]


def test_scheduled_messages_appear_when_the_clock_gets_there(
    standin: SlackStandIn, client: WebClient, clock: SettableClock
) -> None:
    at = int(clock.now().timestamp())
    assert (
        refusal(client.chat_scheduleMessage, channel=ALERTS, text="x", post_at=at - 1)["error"]
        == "time_in_past"
    )
    far = at + 121 * 86_400
    assert (
        refusal(client.chat_scheduleMessage, channel=ALERTS, text="x", post_at=far)["error"] == "time_too_far"
    )
    client.chat_scheduleMessage(channel=ALERTS, text="later", post_at=at + 60)
    assert standin.post_scheduled() == 0
    clock.advance(timedelta(minutes=1))
    assert standin.post_scheduled() == 1
    assert standin.last(ALERTS).text == "later"


def test_small_methods_answer_as_slack_does(standin: SlackStandIn, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=ALERTS, text="look")["ts"]
    client.reactions_add(channel=ALERTS, timestamp=ts, name="eyes")
    body = refusal(client.reactions_add, channel=ALERTS, timestamp=ts, name="eyes")
    assert body["error"] == "already_reacted"
    assert ALERTS in client.chat_getPermalink(channel=ALERTS, message_ts=ts)["permalink"]
    assert client.team_info()["team"]["name"] == "Cedar Store"
    assert client.usergroups_list()["usergroups"] == []
    assert client.conversations_join(channel=GENERAL)["channel"]["is_member"]
    standin.workspace().channel(GENERAL).members.discard("U0SPRUCE01")
    assert refusal(client.api_call, api_method="chat.nothing")["error"] == "unknown_method"
    assert client.blocks_validate(blocks=[{"type": "divider"}])["ok"]
    body = refusal(client.blocks_validate, blocks=[{"type": "divider", "more": 1}])
    assert body["errors"][0]["pointer"] == "/blocks/0"
    client.chat_delete(channel=ALERTS, ts=ts)
    assert all(m.ts != ts for m in standin.messages(ALERTS))


def test_an_installation_code_is_exchanged_once(standin: SlackStandIn) -> None:
    connection = http.client.HTTPConnection(standin.base_url.removeprefix("http://"))
    query = "client_id=1.2&state=s&team=T0WILLOW02&redirect_uri=http://127.0.0.1/slack/oauth_redirect"
    connection.request("GET", f"/oauth/v2/authorize?{query}")
    address = connection.getresponse().headers["Location"]
    connection.close()
    code = address.split("code=")[1].split("&")[0]
    client = WebClient(base_url=standin.api_url, retry_handlers=[])
    arguments = {"client_id": "1.2", "client_secret": "sandbox-client-secret", "code": code}
    assert client.oauth_v2_access(**arguments)["access_token"] == "xoxb-sandbox-willow"
    assert refusal(client.oauth_v2_access, **arguments)["error"] == "invalid_code"


def test_stopping_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    standin = SlackStandIn(SettableClock(datetime(2026, 11, 22, tzinfo=UTC)))
    standin.start()
    WebClient(token="xoxb-sandbox-cedar", base_url=standin.api_url).auth_test()
    idle = http.client.HTTPConnection(standin.base_url.removeprefix("http://"))
    idle.connect()
    standin.stop()
    idle.close()
    assert set(threading.enumerate()) <= before
