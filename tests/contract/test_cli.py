"""The commands as their user runs them: processes of their own, against the stand-ins."""

import hashlib
import hmac
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.clock import SystemClock
from bot.manifest import EVENTS, SCOPES
from bot.registry import discover
from bot.sandbox import graph_faults
from bot.sandbox.graph_access import Access
from bot.sandbox.graph_api import GraphStandIn
from bot.sandbox.slack_api import SlackStandIn
from bot.sandbox.slack_spec import demo_workspaces
from bot.sandbox.world import World

TOKEN, OTHER_TOKEN = "EAACommandLineToken01", "EAACommandLineToken02"
SECRET = "command-line-app-secret"
SPEC = demo_workspaces(tuple(SCOPES), tuple(EVENTS))[0]


@pytest.fixture
def graph() -> Iterator[GraphStandIn]:
    clock = SystemClock()  # the commands run in processes of their own, by the machine's clock
    world = World.demo(clock.now())
    first, second = world.accounts
    tokens = {
        TOKEN: Access("first", frozenset([first.id])),
        OTHER_TOKEN: Access("second", frozenset([second.id])),
    }
    standin = GraphStandIn(world, clock, app_id="1", app_secret=SECRET, tokens=tokens)
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    standin = SlackStandIn(SystemClock(), demo_workspaces(tuple(SCOPES), tuple(EVENTS)))
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def env(graph: GraphStandIn, tmp_path: Path) -> dict[str, str]:
    return {
        # A child process needs PATH and the like; what this machine says of its tests is not for it.
        **{name: value for name, value in os.environ.items() if not name.startswith("SPRUCE_")},  # noqa: TID251
        "META_ACCESS_TOKEN": TOKEN,
        "META_GRAPH_URL": graph._service.base,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'spruce.db'}",
    }


def account(graph: GraphStandIn) -> str:
    return graph.world.accounts[0].node_id


def spruce(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def poll(graph: GraphStandIn, env: dict[str, str]) -> tuple[int, dict[str, object], str]:
    done = spruce("poll", "--once", "--account", account(graph), "--json", env=env)
    (line,) = done.stdout.splitlines()
    return done.returncode, json.loads(line), done.stderr


def test_poll_prints_one_line_with_what_it_did(graph, env):
    status, told, _ = poll(graph, env)
    assert status == 0
    assert set(told) >= {"graph_calls", "rows", "ads", "alerts_opened", "seconds", "warnings"}
    assert told["ads"] == 40
    assert told["rows"] > 1000  # a small account's four weeks are read at once
    assert told["alerts_opened"] >= 1  # the rejected ad, whatever the hour
    assert told["warnings"] == []
    assert told["graph_calls"] == len(graph.calls())


def test_a_second_poll_reads_only_what_changed_and_opens_nothing_again(graph, env):
    poll(graph, env)
    before = len(graph.calls())
    status, told, _ = poll(graph, env)
    assert (status, told["alerts_opened"]) == (0, 0)
    assert len(graph.calls()) - before == told["graph_calls"] <= 4


def test_poll_needs_neither_slack_nor_an_encryption_key(graph, env):
    assert not any(name.startswith(("SLACK_", "SPRUCE_")) for name in env)
    assert poll(graph, env)[0] == 0


def test_a_dead_token_is_said_in_the_line_and_never_shown(graph, env):
    poll(graph, env)
    graph.gate.revoke(TOKEN)
    status, told, errors = poll(graph, env)
    assert (status, told["outcome"]) == (1, "meta_token_dead")
    assert "no longer accepts the access token" in errors
    assert TOKEN not in errors + json.dumps(told)


def test_an_answer_cut_in_the_middle_judges_nothing_and_the_next_poll_is_fine(graph, env):
    poll(graph, env)
    graph.faults.add("/insights", graph_faults.cut_json(), times=9)
    status, told, _ = poll(graph, env)
    assert (status, told["outcome"], told["alerts_opened"]) == (1, "meta_unreadable", 0)
    graph.faults.clear()
    assert poll(graph, env)[0] == 0


def test_the_account_of_another_token_is_refused(graph, env):
    done = spruce("poll", "--once", "--account", graph.world.accounts[1].node_id, env=env)
    assert done.returncode == 1
    assert json.loads(done.stdout)["outcome"] in ("meta_permission", "meta_not_visible")


def test_an_account_that_is_none_is_named_with_the_way_out(env):
    done = spruce("poll", "--once", "--account", "1,50,000", env=env)
    assert done.returncode == 1
    assert "--account '1,50,000': an ad account is written act_ and digits." in done.stderr
    assert done.stdout == ""


def test_every_fault_in_the_settings_is_reported_at_once(env):
    wrong = {**env, "SPRUCE_ACCOUNTS": "12", "PORT": "many", "META_GRAPH_URL": "graph"}
    done = spruce("check", env=wrong)
    assert done.returncode == 1
    assert all(name in done.stderr for name in ("SPRUCE_ACCOUNTS", "PORT", "META_GRAPH_URL"))
    assert "Traceback" not in done.stderr


@pytest.fixture
def whole(env, slack, graph) -> dict[str, str]:
    return {
        **env,
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": SPEC.bot_token,
        "SLACK_SIGNING_SECRET": SPEC.signing_secret,
        "SPRUCE_CHANNEL": SPEC.channels[0].id,
        "SPRUCE_ACCOUNTS": account(graph),
    }


def test_check_says_what_is_right_and_what_is_missing(whole):
    spruce("migrate", env=whole)
    done = spruce("check", "--json", env=whole)
    states = {one["subject"]: one["state"] for one in json.loads(done.stdout)}
    assert done.returncode == 0
    assert states["database"] == states["slack"] == states["meta"] == "ok"
    assert states["encryption keys"] == "missing"
    assert states["meta scopes"] == "warning"  # neither that nor what is missing makes the command fail


def test_check_names_every_fault_and_its_way_out(whole, slack, graph):
    slack.revoke()
    graph.gate.revoke(TOKEN)
    done = spruce("check", env=whole)
    assert done.returncode == 1
    assert "lacks schema changes" in done.stdout
    assert "spruce migrate" in done.stdout
    assert done.stdout.count("FAULT") >= 3
    assert TOKEN not in done.stdout + done.stderr
    assert SPEC.bot_token not in done.stdout + done.stderr


def test_a_new_key_is_one_that_the_vault_takes(env):
    key = spruce("check", "--new-key", env=env).stdout.strip()
    assert re.fullmatch(r"k\d{6}:[A-Za-z0-9+/]{43}=", key)
    done = spruce("check", "--json", env={**env, "SPRUCE_ENCRYPTION_KEYS": key})
    assert {"subject": "encryption keys", "state": "ok"}.items() <= json.loads(done.stdout)[1].items()


def test_web_and_work_refuse_a_database_that_lacks_schema_changes(whole):
    for command in ("web", "work"):
        done = spruce(command, env=whole)
        assert done.returncode == 1
        assert "run `spruce migrate` first" in done.stderr


@pytest.mark.parametrize(
    ("settings", "words", "address"),
    [
        ({}, [], None),
        ({"SPRUCE_PUBLIC_URL": "https://set.example"}, [], "https://set.example"),
        ({"SPRUCE_PUBLIC_URL": "https://set.example", "SLACK_APP_TOKEN": "xapp-1"}, [], None),
        (
            {"SPRUCE_PUBLIC_URL": "https://set.example"},
            ["--url", "https://typed.example"],
            "https://typed.example",
        ),
        ({"PORT": "many"}, ["--url", "https://typed.example"], "https://typed.example"),
    ],
)
def test_the_manifest_is_for_the_way_that_the_settings_choose(env, settings, words, address):
    done = spruce("manifest", *words, env={**env, **settings})
    assert done.returncode == 0
    assert f"socket_mode_enabled: {'false' if address else 'true'}" in done.stdout
    assert set(re.findall(r'url: "(.*)/slack/events"', done.stdout)) == ({address} if address else set())
    assert ("SPRUCE_PUBLIC_URL" in done.stderr) == (address == "https://set.example")


def test_an_address_in_the_settings_that_slack_cannot_call_is_refused(env):
    done = spruce("manifest", env={**env, "SPRUCE_PUBLIC_URL": "http://set.example"})
    assert (done.returncode, done.stdout) == (1, "")
    assert "Slack calls HTTPS addresses only" in done.stderr


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], env: dict[str, str], port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and ask(port, "/healthz") != 200:
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def ask(port: int, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> int:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("POST" if body else "GET", path, body, headers or {})
            answer = connection.getresponse()
            answer.read()
            return answer.status
    except OSError:
        return 0


def signed(body: bytes, secret: str = SPEC.signing_secret) -> dict[str, str]:
    at = str(int(SystemClock().now().timestamp()))
    digest = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={digest}",
    }


def command(slack: SlackStandIn, text: str) -> bytes:
    fields = {
        "command": "/spruce",
        "text": text,
        "team_id": SPEC.id,
        "user_id": SPEC.users[0].id,
        "channel_id": SPEC.channels[0].id,
        "trigger_id": f"{time.time_ns()}.1",
        "response_url": "",
    }
    return urlencode(fields).encode()


def test_run_serves_watches_and_stops_when_it_is_told_to(whole, slack):
    port = free_port()
    with running([sys.executable, "-m", "bot", "run"], {**whole, "PORT": str(port)}, port) as process:
        assert ask(port, "/readyz") == 200
        body = command(slack, "status")
        assert ask(port, "/slack/events", body, signed(body)) == 200
        assert ask(port, "/slack/events", body, signed(body, "another-secret")) == 401
        slack.wait_for(lambda message: "rejected" in message.text, channel="C0ADSALERT", timeout=20)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=25) == 0
        assert process.stdout is not None
        told = process.stdout.read()
    assert "Traceback" not in told
    assert not any(secret in told for secret in (TOKEN, SPEC.bot_token, SPEC.signing_secret))


def test_an_account_out_of_reach_keeps_neither_the_start_nor_the_others_waiting(whole, graph, slack):
    port = free_port()
    both = f"{graph.world.accounts[1].node_id} {account(graph)}"
    env = {**whole, "PORT": str(port), "SPRUCE_ACCOUNTS": both}
    with running([sys.executable, "-m", "bot", "run"], env, port):
        slack.wait_for(lambda message: "rejected" in message.text, channel="C0ADSALERT", timeout=20)


def test_without_named_accounts_all_that_the_token_opens_are_watched(whole, slack):
    port = free_port()
    with running(
        [sys.executable, "-m", "bot", "run"], {**whole, "PORT": str(port), "SPRUCE_ACCOUNTS": ""}, port
    ):
        slack.wait_for(lambda message: "rejected" in message.text, channel="C0ADSALERT", timeout=20)


def test_gunicorn_serves_what_the_procfile_names(whole, slack):
    port = free_port()
    spruce("migrate", env=whole)
    gunicorn = [sys.executable, "-m", "gunicorn", "--threads", "16", "--bind", f"127.0.0.1:{port}"]
    with running([*gunicorn, "bot.app:wsgi()"], whole, port) as process:
        body = command(slack, "help")
        assert ask(port, "/slack/events", body, signed(body)) == 200
        assert ask(port, "/readyz") == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=25) == 0


SAY_SECRETS = """
import logging, os, sys
exec(sys.argv[1])
logging.getLogger("spruce").error("said %s", [os.environ[name] for name in sys.argv[2:]])
"""
STARTS = {
    "gunicorn": "from bot.app import wsgi; wsgi()",
    "spruce web": "from bot.operations import RUN; RUN['web'](None)",  # stops at the missing schema
}


@pytest.mark.parametrize("start", STARTS)
def test_no_log_shows_a_secret_whichever_way_it_is_started(whole, start):
    if start == "gunicorn":
        spruce("migrate", env=whole)
    secrets = {"SLACK_SIGNING_SECRET": SPEC.signing_secret, "META_APP_SECRET": SECRET, "META_APP_ID": "1"}
    command = [sys.executable, "-c", SAY_SECRETS, STARTS[start], *list(secrets)[:2]]
    done = subprocess.run(
        command, env={**whole, **secrets}, capture_output=True, text=True, timeout=60, check=True
    )
    assert "said [" in done.stderr
    assert not any(secret in done.stderr for secret in (SPEC.signing_secret, SECRET))


def test_jobs_lists_each_with_its_pace(env):
    listed = spruce("jobs", env=env).stdout
    assert re.search(r"^poll_insights +every 5 s +\S", listed, re.MULTILINE)
    assert [line.split()[0] for line in listed.splitlines()] == [job.id for job in discover("jobs", "JOB")]
