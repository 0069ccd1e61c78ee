"""The web process: what is let in, what is not, and what it tells about itself."""

import http.client
import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest

from bot.clock import SystemClock
from bot.sandbox.slack_send import sign
from storage.inbox import Handling
from tests.contract.doors_stage import CEDAR, Stage

SECRET = "sandbox-signing-secret"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@pytest.fixture
def stage(sqlite_url) -> Iterator[Stage]:
    stage = Stage(sqlite_url)
    yield stage
    stage.close()


def ask(stage: Stage, path: str, body: bytes | None = None, **headers: str):
    """One request; status, headers, text."""
    connection = http.client.HTTPConnection(urlsplit(stage.url).netloc, timeout=5)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request("POST" if body is not None else "GET", path, body, named)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def signed(body: bytes, content_type: str = FORM, seconds_ago: int = 0) -> dict[str, str]:
    """The headers that Slack would send with this body."""
    timestamp = str(int(SystemClock().now().timestamp()) - seconds_ago)
    return {
        "Content_Type": content_type,
        "X_Slack_Request_Timestamp": timestamp,
        "X_Slack_Signature": sign(SECRET, timestamp, body),
    }


def command(stage: Stage, text: str = "help") -> bytes:
    """The body of a slash command."""
    workspace = stage.slack.workspace(CEDAR)
    maker = stage.slack.maker(workspace)
    payload = maker.command(workspace.user("Owner"), workspace.channel("ads-alerts"), "/spruce", text)
    return urlencode(payload).encode()


def test_a_command_that_slack_signed_is_taken(stage):
    body = command(stage)
    assert ask(stage, "/slack/events", body, **signed(body))[0] == 200
    assert stage.services.inbox.drain()
    assert stage.inbox() == [(Handling.DONE, "ok")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"X_Slack_Signature": "v0=" + "0" * 64},
        {"X_Slack_Signature": "v0=" + "é" * 64},
        {"X_Slack_Signature": ""},
        {"X_Slack_Signature": "v1=" + "0" * 64},
        {"X_Slack_Request_Timestamp": "abc"},
        {"X_Slack_Request_Timestamp": ""},
        {"X_Slack_Request_Timestamp": "1" * 5_000},
        {"X_Slack_Request_Timestamp": "-794979200"},
        {"X_Slack_Request_Timestamp": "٠١٢٣٤٥٦٧٨٩".encode().decode("latin-1")},
    ],
)
def test_what_was_not_signed_by_slack_is_refused_and_not_kept(stage, wrong):
    body = command(stage)
    status, _headers, text = ask(stage, "/slack/events", body, **(signed(body) | wrong))
    assert status == 401
    assert "Traceback" not in text
    assert stage.inbox() == []


def test_another_body_under_the_same_signature_is_refused(stage):
    headers = signed(command(stage))
    assert ask(stage, "/slack/events", command(stage, "status"), **headers)[0] == 401


@pytest.mark.parametrize("seconds", [301, -301])
def test_a_request_from_another_time_is_refused(stage, seconds):
    body = command(stage)
    assert ask(stage, "/slack/events", body, **signed(body, seconds_ago=seconds))[0] == 401


def test_moving_the_bots_own_clock_ahead_refuses_nobody(stage):
    stage.clock.advance(timedelta(days=1))
    assert stage.says("help").ok


def test_a_request_without_any_signature_is_refused_before_its_body_is_read_as_anything(stage):
    assert ask(stage, "/slack/events", b'{"broken', Content_Type=JSON)[0] == 401


def test_another_content_type_is_refused(stage):
    body = command(stage)
    assert ask(stage, "/slack/events", body, **signed(body, "text/xml"))[0] == 415
    assert stage.inbox() == []


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"payload=%7B", b"payload=[]", b"\xff\xfe", b""])
def test_signed_nonsense_is_no_accident_of_ours(stage, body):
    for content_type in (FORM, JSON):
        status, _headers, text = ask(stage, "/slack/events", body, **signed(body, content_type))
        assert status in (400, 404)
        assert "Traceback" not in text


def test_more_than_a_megabyte_is_refused(stage):
    body = b"text=" + b"a" * 1_000_000
    assert ask(stage, "/slack/events", body, **signed(body))[0] == 413


def test_slack_is_answered_the_challenge_of_a_new_address(stage):
    body = json.dumps({"type": "url_verification", "challenge": "c-1", "token": "t"}).encode()
    status, _headers, text = ask(stage, "/slack/events", body, **signed(body, JSON))
    assert (status, json.loads(text)) == (200, {"challenge": "c-1"})


def test_what_cannot_be_kept_is_said_to_a_person_and_comes_again_from_slack(stage):
    message = stage.raises_alert()
    with stage.app.db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE inbox")
    stage.slack.sender.retry_delays = ()
    person = stage.slack.as_user(CEDAR, "Owner")
    assert person.command("ads-alerts", "help").ok
    assert "Nothing was changed" in stage.told()
    assert person.click(message, "Acknowledge").status == 503
    assert person.open_home().status == 503


def test_it_says_that_it_lives_and_whether_it_is_ready(stage):
    assert ask(stage, "/healthz")[0] == 200
    assert ask(stage, "/readyz")[0] == 200
    with stage.app.db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    status, _headers, text = ask(stage, "/readyz")
    assert status == 503
    assert "migrate" in text


def test_metrics_are_text_for_prometheus(stage):
    stage.says("help")
    status, headers, text = ask(stage, "/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'spruce_requests_total{kind="command",name="help",outcome="ok"} 1' in text


def test_errors_are_short_and_every_answer_is_safe_to_show(stage):
    for path, status in (("/nowhere", 404), ("/slack/events", 405), ("/healthz?x=" + "a" * 2_000, 200)):
        answered, headers, text = ask(stage, path)
        assert answered == status
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "Traceback" not in text
