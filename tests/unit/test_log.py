"""What is logged can be read by a machine and holds nothing that must not be kept."""

import io
import json
import logging
import sys
import time

import pytest

from bot.log import HIDDEN, JsonFormatter, configure, log, redact

# Put together here so that no scanner takes this file for a leak.
SLACK_BOT = "xoxb-" + "1234567890-ABCDEFabcdef"
SLACK_ROTATED = "xoxe.xoxp-" + "1-Mi0yLTEyMzQ1Njc4OTA"
SLACK_REFRESH = "xoxe-" + "1-Mi0yLTEyMzQ1Njc4OTA"
SLACK_APP = "xapp-" + "1-A012345-6789-abcdef0123"
META_USER = "EAA" + "BsbCS1iHgBAKZCtZAZCw"
META_APP = "123456789012345|" + "abcdefABCDEF0123456789"
GOOGLE = "AIza" + "SyD-1234567890abcdefg"
PROOF = "9f86d081884c7d659a2feaa0c55ad015" * 2
EMAIL = "buyer.one+ads@example.co.in"

SECRETS = [SLACK_BOT, SLACK_ROTATED, SLACK_REFRESH, SLACK_APP, META_USER, META_APP, GOOGLE, EMAIL]


@pytest.fixture
def lines():
    """Log into memory; call to get what was written, parsed."""
    root = logging.getLogger()
    level, stream = root.level, io.StringIO()
    handler = configure("debug", stream, secrets=["0123456789abcdef0123456789abcdef", ""])
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "around",
    [
        "the value is {}",
        "GET https://graph.example/v26.0/me?fields=id&x={}&limit=5 failed",
        "{{'given': '{}'}}",
        '{{\\"given\\": \\"{}\\"}}',
        "%7B%22given%22%3A%22{}%22%7D",
        "({})",
    ],
)
def test_tokens_keys_and_addresses_are_hidden_wherever_they_stand(secret, around):
    assert secret not in redact(around.format(secret))
    assert HIDDEN in redact(around.format(secret))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"https://graph.example/me?access_token=plain&appsecret_proof={PROOF}&limit=5", PROOF),
        ("access_token=plainvalue", "plainvalue"),
        ("access_token%3Dplainvalue%26limit", "plainvalue"),
        ('{"client_secret": "plainvalue"}', "plainvalue"),
        ("{'signing_secret': 'plainvalue'}", "plainvalue"),
        ("Authorization: Bearer plainvalue", "plainvalue"),
        ("authorization=Basic cGxhaW52YWx1ZQ==", "cGxhaW52YWx1ZQ"),
        ("Bearer plain.value-_~+/=", "plain.value"),
        ("https://spruce.example/slack/oauth_redirect?code=1234.5678.abcdef&state=x", "1234.5678.abcdef"),
        ("https://spruce.example/back?code=AQDexample_code-0#_=_", "AQDexample_code-0"),
        ("https://ai.example/v1/models?key=plainvalue", "plainvalue"),
        (f"X-Hub-Signature-256: sha256={PROOF}", PROOF),
        (f"X-Slack-Signature: v0={PROOF}", PROOF),
        ("postgresql+psycopg://spruce:plainvalue@db.example/spruce", "plainvalue"),
        ("mail=buyer%40example.com", "buyer%40example.com"),
        ("call +91 98765 43210 today", "98765 43210"),
        ("ph=%2B919876543210", "919876543210"),
        ("call 9876543210", "9876543210"),
        ("call (555) 123-4567 or 555-123-4567", "123-4567"),
    ],
)
def test_named_secrets_codes_signatures_and_phone_numbers_are_hidden(text, secret):
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Graph error code=190 subcode=463: the session has expired",
        "act_9876543210 has 23842777777777777 and 120210000000000001",
        "posted at ts=1732300000.123456 in C0123456789 by U0123456789",
        "spend 9,876.54 INR, 2026-03-01T10:00:00+05:30 to 2026-03-02",
        "GET https://graph.example/v26.0/act_1/insights?fields=spend,actions&limit=500",
        "a decoded=mail, an encoder and the promo=SAVE10",
    ],
)
def test_what_explains_a_fault_stays(text):
    assert redact(text) == text


def test_a_very_long_name_costs_no_noticeable_time():
    start = time.perf_counter()
    redact("a" * 20_000 + " " + "1" * 20_000 + " " + "x." * 10_000 + "@" * 1_000)
    assert time.perf_counter() - start < 2


def test_every_line_names_the_action_and_the_workspace(lines):
    log("poll.finished", workspace="T1", rows=35, accounts=["act_1"])
    assert lines()[0] | {"at": ""} == {
        "at": "",
        "level": "info",
        "action": "poll.finished",
        "workspace": "T1",
        "message": "poll.finished",
        "rows": 35,
        "accounts": ["act_1"],
    }


def test_a_library_that_knows_nothing_of_actions_is_logged_under_its_name(lines):
    logging.getLogger("some.library").warning("took %d ms", 7)
    assert lines()[0]["action"] == "some.library"
    assert lines()[0]["workspace"] is None
    assert lines()[0]["message"] == "took 7 ms"


def test_no_secret_survives_in_message_arguments_extras_exception_or_stack(lines):
    text = " ".join(SECRETS)
    logging.getLogger("x").error(
        "%s", text, extra={"given": {"deep": [text, text.encode()]}}, stack_info=True
    )
    try:
        raise ConnectionError(f"cannot reach https://graph.example/?access_token={META_USER}")
    except ConnectionError as error:
        log(
            "call.failed", text, error=error, token="plainvalue", key_of={text: 1}, code="plainvalue", tries=3
        )
    written = json.dumps(lines())
    assert [secret for secret in [*SECRETS, "plainvalue"] if secret in written] == []
    assert "ConnectionError" in lines()[1]["exception"]
    assert lines()[1]["tries"] == 3


def test_a_secret_that_looks_like_any_number_is_hidden_by_its_value(lines):
    log("checked", "compared with 0123456789abcdef0123456789abcdef")
    assert lines()[0]["message"] == f"compared with {HIDDEN}"


def test_a_known_secret_is_hidden_bare_and_escaped_in_an_address():
    assert redact("x=a/b+secret&y=a%2Fb%2Bsecret", ["a/b+secret", ""]) == f"x={HIDDEN}&y={HIDDEN}"


def test_the_sdk_errors_that_quote_their_request_are_safe_to_log(lines):
    import requests
    from facebook_business.exceptions import FacebookRequestError

    url = f"http://127.0.0.1:9/v26.0/act_1/insights?access_token={META_USER}&appsecret_proof={PROOF}"
    graph = FacebookRequestError(
        message="Call was not successful",
        request_context={"method": "GET", "path": url, "params": {"access_token": META_USER, "em": EMAIL}},
        http_status=400,
        http_headers={},
        body=json.dumps({"error": {"message": f"bad {META_USER}", "code": 190}}),
    )
    for fault in (
        graph,
        requests.ConnectionError(f"HTTPConnectionPool: Max retries exceeded with url: {url}"),
    ):
        try:
            raise fault
        except Exception as error:
            log("call.failed", str(error), error=error)
    written = json.dumps(lines())
    assert [secret for secret in (META_USER, PROOF, EMAIL) if secret in written] == []
    assert "190" in written


def test_a_name_cannot_forge_a_second_line(lines):
    log("seen", 'an ad called \n{"action": "forged"}\u2028\u202e')
    assert len(lines()) == 1


def test_configuring_twice_writes_each_line_once(lines):
    again = io.StringIO()
    handler = configure("info", again)
    log("once")
    logging.getLogger().removeHandler(handler)
    assert lines() == []
    assert len(again.getvalue().splitlines()) == 1


def test_libraries_that_print_request_bodies_are_kept_quiet(lines):
    logging.getLogger("slack_sdk.web").debug("body")
    logging.getLogger("urllib3.connectionpool").info("url")
    assert lines() == []


def test_the_formatter_never_fails_on_what_it_is_given():
    class Odd:
        def __str__(self):
            return f"odd {META_USER}"

    record = logging.LogRecord("x", logging.INFO, __file__, 1, Odd(), (), None)
    record.extras = {"odd": Odd(), "empty": None, "yes": True, "half": float("inf")}
    assert META_USER not in JsonFormatter().format(record)
    assert sys.exc_info() == (None, None, None)
