"""Requests that are not Slack's, not for now, or not for the first time."""

import json
from urllib.parse import urlencode

import pytest

from bot.clock import SystemClock
from bot.sandbox.slack_faults import refused
from bot.sandbox.slack_send import Delivery, post, sign
from bot.views import actions
from tests.scenario.stage import CEDAR, SIGNING_SECRET, WILLOW
from tests.talk import OWNER, TEAMMATE, Bot


@pytest.fixture
def acknowledged(bot: Bot) -> Delivery:
    """A click as it went over the wire, already dealt with."""
    bot.click("Acknowledge", bot.alert("Ad rejected"), TEAMMATE)
    return next(one for one in reversed(bot.slack.deliveries) if one.kind == "interactive")


def test_a_request_without_the_secret_is_refused_and_leaves_nothing(bot: Bot, acknowledged: Delivery):
    bot.click("Pause ad", bot.alert("CTR (link) below"), OWNER, confirmed=True)
    pause = bot.slack.deliveries[-1]
    before = requests(bot)
    for headers in (
        {},
        {"X_Slack_Signature": "v0=" + "f" * 64},
        {"X_Slack_Signature": ""},
        {"X_Slack_Signature": "v0=" + "\u00ff" * 3},
        {"X_Slack_Request_Timestamp": "abc"},
        {"X_Slack_Request_Timestamp": "9" * 5_000},
    ):
        assert bot.slack.forge(pause, **headers).status in {400, 401}
    assert requests(bot) == before


def test_what_is_refused_is_logged_also_after_others_were_taken(bot: Bot, caplog: pytest.LogCaptureFixture):
    bot.says("/spruce status", TEAMMATE)
    assert bot.slack.forge(bot.slack.deliveries[-1]).status == 401
    logged = [(one.action, one.extras) for one in caplog.records if one.name == "spruce"]
    assert logged == [("request.refused", {"reason": "wrong_signature"})]


def test_a_request_from_long_ago_is_refused_though_it_is_signed(bot: Bot, acknowledged: Delivery):
    before = requests(bot)
    for seconds in (-301, 301, -86_400):
        moment = str(int(SystemClock().now().timestamp()) + seconds)
        headers = {
            **acknowledged.headers,
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": sign(SIGNING_SECRET, moment, acknowledged.body),
        }
        assert bot.slack.sender.again(acknowledged, headers=headers).status == 401
    assert requests(bot) == before


def test_a_request_that_comes_again_is_taken_and_runs_once(bot: Bot):
    alert = bot.alert("CTR (link) below")
    bot.click("Pause ad", alert, OWNER, confirmed=True)
    click = bot.slack.deliveries[-1]
    bot.says("/spruce status", TEAMMATE)
    command = bot.slack.deliveries[-1]
    before, told = requests(bot), bot.told(TEAMMATE)
    for delivery in (click, command) * 4:
        assert bot.slack.replay(delivery).ok
        bot.settles()
    assert requests(bot) == before
    assert bot.told(TEAMMATE) == told
    assert bot.told(OWNER) == []
    assert len([call for call in bot.graph.calls("POST") if "status" in call.params]) == 1


def test_a_replay_runs_nothing_in_another_process_either(bot: Bot, acknowledged: Delivery):
    bot.restarts()
    bot.slack.deliver_to(bot.slack.sender.urls[CEDAR.id])
    again = bot.slack.sender.again(acknowledged, url=bot.slack.sender.urls[CEDAR.id])
    assert again.ok
    bot.settles()
    assert len(requests(bot)) == 1


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1:alert:nothing-of-the-kind:1",
        "2:alert:x:1",
        "1:alert:" + "a" * 5_000,
        '{"id": 1}',
        "1:alert:x:99999999999999",
        "1:home:refresh:0",
    ],
    ids=["nothing", "unknown", "newer", "long", "json", "number", "another"],
)
def test_a_button_that_carries_anything_else_is_refused_politely(bot: Bot, value: str):
    alert = bot.alert("Ad rejected")
    payload = bot.click_payload(actions.ALERT_PAUSE, alert, OWNER)
    payload["actions"][0]["value"] = value
    bot.sends("interactive", payload)
    bot.settles()
    assert "Nothing was changed" in bot.told(OWNER)[-1]
    assert bot.graph.calls("POST") == []
    assert bot.now(alert) == alert


def test_a_button_of_another_version_of_the_product_says_so(bot: Bot):
    payload = bot.click_payload(actions.ALERT_ACKNOWLEDGE, bot.alert("Ad rejected"), OWNER)
    payload["actions"][0]["action_id"] = "alert.no_such_thing"
    bot.sends("interactive", payload)
    assert "older version" in bot.told(OWNER)[-1]


def test_a_workspace_that_nobody_installed_is_told_so_and_learns_nothing(bot: Bot):
    payload = bot.click_payload(actions.ALERT_ACKNOWLEDGE, bot.alert("Ad rejected"), OWNER)
    payload["team"] = {"id": "T0STRANGER", "domain": "stranger"}
    payload["user"]["team_id"] = "T0STRANGER"
    bot.sends("interactive", payload)
    bot.settles()
    assert "not installed in this workspace" in bot.told(OWNER)[-1]
    assert "Acknowledge" in bot.alert("Ad rejected").buttons()


@pytest.mark.parametrize(
    "body",
    [b"", b"payload=", b"payload=%7B", b"payload=[]", b"payload=null", b"{", b"[" * 200_000, b"\xff", b"\0"],
    ids=["nothing", "empty", "cut", "list", "null", "brace", "deep", "no-text", "zero"],
)
def test_signed_nonsense_is_answered_without_a_fault(bot: Bot, body: bytes):
    before = requests(bot)
    for kind in ("application/x-www-form-urlencoded", "application/json"):
        status = send(bot, body, kind)
        assert 200 <= status < 500
    assert requests(bot) == before


def test_a_body_of_two_megabytes_is_refused_before_it_is_read(bot: Bot):
    body = urlencode({"payload": json.dumps({"type": "block_actions", "x": "y" * 2_000_000})}).encode()
    assert send(bot, body, "application/x-www-form-urlencoded") == 413


def test_a_dialog_can_be_opened_in_time_and_its_lateness_undoes_nothing(bot: Bot):
    bot.opens_home(TEAMMATE)
    view = bot.slack.workspace(CEDAR.id).homes[TEAMMATE.id].body
    bot.slack.faults.add("views.open", refused("expired_trigger_id"))
    bot.slack.as_user(CEDAR.id, TEAMMATE.id).click(view, "Pause ad", confirmed=True)
    bot.settles()
    assert bot.graph.calls("POST") == []
    assert requests(bot)[-1][1] == "not_allowed"


def send(bot: Bot, body: bytes, kind: str) -> int:
    """Send these bytes with a good signature; the status that came back."""
    moment = str(int(SystemClock().now().timestamp()))
    headers = {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": moment,
        "X-Slack-Signature": sign(SIGNING_SECRET, moment, body),
    }
    status, _headers, _body = post(bot.slack.sender.urls[WILLOW.id], body, headers, 5)
    return status


def requests(bot: Bot) -> list[tuple[str, str]]:
    """Every request that was kept: what it was and what came of it, in the order they came."""
    assert bot.services.inbox.drain(10)
    with bot.application.db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT kind, outcome FROM inbox ORDER BY received_at, rowid").all()
    return [(kind, outcome) for kind, outcome in rows]
