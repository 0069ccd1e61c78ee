"""The Graph client against a scripted server: requests, errors, retries, writes, secrets, two tokens."""

import hashlib
import hmac
import io
import json
import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SettableClock
from bot.errors import (
    BadRequest,
    MetaError,
    MissingPermission,
    OutcomeUnknown,
    Throttled,
    TokenDead,
    TooMuchData,
    Transient,
)
from bot.log import JsonFormatter
from bot.meta.client import GraphClient
from tests.contract.meta_script import Asked, Script, Told, refused, serving, told

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TOKEN = "EAAB|secret token/1+2=3"
SECRET = "app-secret-value-9876"
PROOF = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
HTML = Told(b"<!DOCTYPE html><title>Sorry</title>", kind="text/html")


def client_for(
    script: Script, *, token: str = TOKEN, app_secret: str | None = SECRET, naps: list[float] | None = None
) -> GraphClient:
    slept = naps if naps is not None else []
    return GraphClient(
        token,
        graph_url=script.url,
        app_id="77",
        app_secret=app_secret,
        clock=SettableClock(NOW),
        timeout=(5, _patience(script)),
        sleep=slept.append,
    )


def _patience(script: Script) -> float:
    """Short only where the answer comes late on purpose, so that a busy machine fails no test."""
    return 0.2 if any(isinstance(answer, Told) and answer.late for answer in script.answers) else 10


@contextmanager
def scripted(*answers: Told | Callable[[Asked], Told]) -> Iterator[tuple[Script, GraphClient]]:
    with serving(*answers) as script, client_for(script) as client:
        yield script, client


def test_a_request_carries_version_token_and_proof_and_json_params() -> None:
    with scripted(told({"id": "1"})) as (script, client):
        assert json.loads(
            client.get("act_1/insights", {"level": "ad", "limit": 500, "filtering": [{"a": 1}]})
        )
    (asked,) = script.asked
    assert asked.path == "/v26.0/act_1/insights"
    assert asked.params["access_token"] == TOKEN
    assert asked.params["appsecret_proof"] == PROOF
    assert (asked.params["limit"], asked.params["filtering"]) == ("500", '[{"a":1}]')
    assert "fbbizsdk-python" in asked.headers["User-Agent"]
    assert "Authorization" not in asked.headers


def test_without_an_app_secret_there_is_no_proof() -> None:
    with serving(told({})) as script:
        for secret in (None, ""):
            with client_for(script, app_secret=secret) as client:
                client.get("me")
    assert all("appsecret_proof" not in asked.params for asked in script.asked)


def test_without_a_token_there_is_no_client() -> None:
    with pytest.raises(TokenDead):
        GraphClient("", graph_url="http://x", app_id="1", app_secret="2", clock=SettableClock(NOW))


@pytest.mark.parametrize(
    ("answer", "expected", "calls"),
    [
        (refused(190, 463), TokenDead, 1),
        (refused(10), MissingPermission, 1),
        (refused(100, 33), MissingPermission, 1),
        (refused(200, 4841013), MissingPermission, 1),
        (refused(100, 1487534), TooMuchData, 1),
        (refused(100), BadRequest, 1),
        (refused(100, status=500, is_transient=True), BadRequest, 1),
        (refused(2642), BadRequest, 1),
        (refused(2, 1504041, status=500), BadRequest, 1),
        (refused(17, 2446079, status=403), Throttled, 1),
        (refused(190, status=200), TokenDead, 1),
        (Told(b'{\n  "error": {\n    "code": 10\n  }\n}'), MissingPermission, 1),
        (refused(1), Transient, 2),
        (refused(2, status=500), Transient, 5),
        (refused(999999, is_transient=True), Transient, 2),
        (HTML, Transient, 1),
        (Told(b"", status=503), Transient, 2),
        (Told(b"<html>", status=502, kind="text/html"), Transient, 2),
        (Told(b"Service Unavailable", kind="text/plain"), Transient, 1),
        (Told(b""), Transient, 1),
        (Told(b"", status=302, headers={"Location": "http://example.invalid/"}), Transient, 1),
        (told({"error": "not an object"}, status=400), Transient, 1),
        (told([1, 2], status=404), Transient, 1),
        (Told(drop=True), Transient, 3),
        (Told(b'{"data": [', cut=100), Transient, 3),
        (Told(late=0.5), Transient, 3),
    ],
)
def test_a_read_that_fails_raises_its_class_after_its_retries(
    answer: Told, expected: type[MetaError], calls: int
) -> None:
    with scripted(answer) as (script, client), pytest.raises(expected) as raised:
        client.get("act_1", {"fields": "name"})
    assert type(raised.value) is expected
    assert client.calls == len(script.asked) == calls
    assert raised.value.sentence.endswith((".", "prose"))


def test_retries_wait_longer_each_time_and_stop_at_success() -> None:
    naps: list[float] = []
    answers = [refused(2), refused(2), refused(2), refused(2), told({"ok": 1})]
    with serving(*answers) as script, client_for(script, naps=naps) as client:
        assert client.get("me") == b'{"ok": 1}'
    assert naps == [1, 2, 4, 8]


def test_an_address_where_nobody_listens_is_a_passing_fault() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound but not listening: refused at once
        script = Script(told({}))
        script.url = f"http://127.0.0.1:{held.getsockname()[1]}"
        with client_for(script) as client:
            with pytest.raises(Transient):
                client.get("me")
            assert client.calls == 3
            with pytest.raises(Transient):
                client.post("1", {"status": "PAUSED"})
            assert client.calls == 4


def test_a_throttle_says_until_when_from_the_answers_own_headers() -> None:
    usage = {"7": [{"type": "ads_insights", "estimated_time_to_regain_access": 11, "call_count": 104}]}
    headers = {"X-Business-Use-Case-Usage": json.dumps(usage)}
    with scripted(refused(80000, 2446079, headers=headers)) as (_, client):
        with pytest.raises(Throttled) as raised:
            client.get("act_7/insights")
        assert raised.value.until == NOW + timedelta(minutes=11)
        assert (raised.value.code, raised.value.subcode, raised.value.scope) == (80000, 2446079, "account")
        assert client.usage is not None
        assert (client.usage.account, client.usage.call_count) == ("7", 104)


def test_throttles_in_a_row_double_and_a_good_answer_ends_the_row() -> None:
    answers = [refused(4), refused(4), told({}), refused(4)]
    with scripted(*answers) as (_, client):
        waits = []
        for _ in range(4):
            try:
                client.get("act_1")
            except Throttled as fault:
                waits.append((fault.scope, (fault.until - NOW).total_seconds()))
    assert waits == [("app", 60), ("app", 120), ("app", 60)]


@pytest.mark.parametrize(
    ("tier", "percent", "naps"),
    [("development_access", 85, [5, 5]), ("development_access", 60, []), ("standard_access", 99, [])],
)
def test_reads_slow_down_when_the_limited_tiers_points_run_out(
    tier: str, percent: int, naps: list[float]
) -> None:
    usage = {"acc_id_util_pct": percent, "reset_time_duration": 0, "ads_api_access_tier": tier}
    slept: list[float] = []
    answer = told({}, headers={"X-Ad-Account-Usage": json.dumps(usage)})
    with serving(answer) as script, client_for(script, naps=slept) as client:
        client.get("act_1")
        client.get("act_1")
        client.get("act_1")
        client.post("5", {"status": "PAUSED"})
    assert slept == naps


def test_a_refusal_known_as_a_disguised_throttle_backs_off_when_the_call_has_just_worked() -> None:
    with scripted(told({}), refused(200, 4841013)) as (_, client):
        client.get("act_1/insights")
        with pytest.raises(MissingPermission):
            client.get("act_2/insights")
        with pytest.raises(Throttled) as raised:
            client.get("act_1/insights")
    assert raised.value.until == NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (refused(100), BadRequest),
        (refused(100, status=500), BadRequest),
        (refused(190, 460), TokenDead),
        (refused(294), MissingPermission),
        (refused(613, 5044001), Throttled),
        (Told(b"<html>", status=404, kind="text/html"), Transient),
        (Told(b"", status=301, headers={"Location": "http://example.invalid/"}), Transient),
        (refused(1), OutcomeUnknown),
        (refused(2, status=500), OutcomeUnknown),
        (refused(424242, status=500), OutcomeUnknown),
        (Told(b"", status=500), OutcomeUnknown),
        (Told(b"Bad gateway", status=502, kind="text/plain"), OutcomeUnknown),
        (Told(b"", status=408), OutcomeUnknown),
        (HTML, OutcomeUnknown),
        (Told(b'{"success": tr'), OutcomeUnknown),
        (Told(b'{"success": true', cut=5), OutcomeUnknown),
        (Told(drop=True), OutcomeUnknown),
        (Told(late=0.5), OutcomeUnknown),
    ],
)
def test_a_write_is_sent_once_and_only_an_ambiguous_end_is_unknown(
    answer: Told, expected: type[MetaError]
) -> None:
    with scripted(answer) as (script, client), pytest.raises(expected) as raised:
        client.post("12", {"status": "PAUSED"})
    assert type(raised.value) is expected
    assert len(script.asked) == 1
    assert script.asked[0].params["status"] == "PAUSED"


FAILURES = [
    refused(190, 463, message=f"Malformed access token {TOKEN}"),
    refused(100, error_user_msg=f"bad proof {PROOF} for {TOKEN}"),
    refused(80000),
    refused(2),
    HTML,
    Told(f"<html>{TOKEN}".encode(), status=502),
    Told(f'{{"data": "{TOKEN}'.encode()),
    Told(drop=True),
    Told(b"{", cut=50),
    Told(late=0.5),
    Told(b"", status=302, headers={"Location": f"http://127.0.0.1:9/?access_token={TOKEN}"}),
]


@pytest.mark.parametrize("answer", FAILURES)
def test_no_failure_shows_the_token_or_the_proof(
    answer: Told, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="urllib3")  # another test may have quietened it
    shown = []
    with scripted(answer) as (_, client):
        for attempt in (
            lambda: list(client.pages("me", {})),
            lambda: client.post("12", {"status": "PAUSED"}),
        ):
            try:
                attempt()
            except MetaError as fault:
                shown += [_everything(fault), repr(fault.__dict__)]
                logging.getLogger("spruce").error("failed", exc_info=fault)
        client.warn(f"odd {TOKEN}")
        shown += [repr(client), str(client), *client.warnings, caplog.text, *capsys.readouterr()]
    assert "127.0.0.1" in caplog.text  # the HTTP library did log its requests
    _assert_hidden("\n".join(shown))


def _everything(fault: BaseException | None) -> str:
    """The exception and all that Python keeps behind it, including what tracebacks would not print."""
    text = ""
    while fault is not None:
        text += "".join(traceback.format_exception(fault)) + repr(fault) + str(fault.args)
        fault = fault.__cause__ or fault.__context__
    return text


def _assert_hidden(text: str) -> None:
    for secret in (TOKEN, PROOF, SECRET, "EAAB%7Csecret", "secret+token", "secret%20token"):
        assert secret not in text


def test_the_json_log_hides_addresses_too() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("urllib3.connectionpool")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        with scripted(told({})) as (_, client):
            client.get("me")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert "/v26.0/me" in stream.getvalue()
    _assert_hidden(stream.getvalue())


def test_two_tokens_in_two_threads_never_mix() -> None:
    def echo(asked: Asked) -> Told:
        return told({"token": asked.params["access_token"], "proof": asked.params.get("appsecret_proof")})

    heard: dict[str, set[tuple[str, str | None]]] = {}

    def read(script: Script, token: str, secret: str | None) -> None:
        with client_for(script, token=token, app_secret=secret) as client:
            for _ in range(40):
                answer = json.loads(client.get("me"))
                heard.setdefault(token, set()).add((answer["token"], answer["proof"]))

    with serving(echo) as script:
        threads = [
            threading.Thread(target=read, args=(script, "EAAowner", SECRET)),
            threading.Thread(target=read, args=(script, "EAAother", None)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    proof = hmac.new(SECRET.encode(), b"EAAowner", hashlib.sha256).hexdigest()
    assert heard == {"EAAowner": {("EAAowner", proof)}, "EAAother": {("EAAother", None)}}


def test_no_default_api_and_no_exception_hook_are_left_behind() -> None:
    import sys

    from facebook_business.api import FacebookAdsApi

    hook = sys.excepthook
    with scripted(told({})) as (_, client):
        client.get("me")
    assert FacebookAdsApi.get_default_api() is None
    assert sys.excepthook is hook
