"""`spruce check` against both stand-ins: each fault by its name with a way out, none hidden by another."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.checks import Result, run
from bot.clock import SettableClock
from bot.config import Settings
from bot.manifest import EVENTS, SCOPES
from bot.sandbox import graph_faults
from bot.sandbox.graph_access import Access
from bot.sandbox.graph_api import GraphStandIn
from bot.sandbox.slack_api import SlackStandIn
from bot.sandbox.slack_spec import demo_workspaces
from bot.sandbox.world import World
from storage.db import Database
from storage.migrate import upgrade
from storage.vault import Vault

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TOKEN, READER, ENDING, NOBODY = (f"EAACheckedToken0{number}" for number in range(4))
APP, APP_SECRET = "770011223344556", "the-app's-own-secret"
SPEC = demo_workspaces(tuple(SCOPES), tuple(EVENTS))[0]
WITH_APP = {"META_APP_ID": APP, "META_APP_SECRET": APP_SECRET}


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture(scope="module")
def graph(clock: SettableClock) -> Iterator[GraphStandIn]:
    world = World.demo(NOW)
    mine = frozenset([world.accounts[0].id])
    tokens = {
        TOKEN: Access("whole", mine),
        READER: Access("reader", mine, frozenset({"ads_read"})),
        ENDING: Access("ending", mine, expires_at=int((NOW + timedelta(days=9)).timestamp())),
        NOBODY: Access("without accounts", frozenset(), frozenset()),
    }
    standin = GraphStandIn(world, clock, app_id=APP, app_secret=APP_SECRET, tokens=tokens)
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def slack(clock: SettableClock) -> Iterator[SlackStandIn]:
    archived = replace(SPEC.channels[1], id="C0ARCHIVED", name="old", is_archived=True, bot_is_member=True)
    hidden = replace(SPEC.channels[1], id="C0HIDDEN01", name="board", is_private=True)
    spec = replace(SPEC, channels=(*SPEC.channels, archived, hidden))
    standin = SlackStandIn(clock, [spec, *demo_workspaces(tuple(SCOPES), tuple(EVENTS))[1:]])
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('checks') / 'spruce.db'}"
    db = Database(url, Vault({}, bytes))
    upgrade(db.engine)
    db.close()
    return url


@pytest.fixture
def check(
    slack: SlackStandIn, graph: GraphStandIn, database: str, clock: SettableClock
) -> Callable[..., dict[str, Result]]:
    """Look with everything right but for what is given; results by subject."""

    def look(**changed: str) -> dict[str, Result]:
        env = {
            "DATABASE_URL": database,
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": SPEC.bot_token,
            "SLACK_APP_TOKEN": SPEC.app_token,
            "SPRUCE_CHANNEL": SPEC.channels[0].id,
            "META_GRAPH_URL": graph._service.base,
            "META_ACCESS_TOKEN": TOKEN,
            "SPRUCE_ENCRYPTION_KEYS": "k1:" + 43 * "A" + "=",
            "GEMINI_API_KEY": "AIza-a-key-of-the-tests",
            **changed,
        }
        settings = Settings.from_env(env)
        results = run(settings, clock)
        told = "".join(result.finding + result.way_out for result in results)
        assert [secret for secret in settings.held() if secret in told] == []
        assert all(result.way_out for result in results if result.state != "ok")
        return {result.subject: result for result in results}

    return look


def bad(results: dict[str, Result]) -> dict[str, str]:
    return {name: result.state for name, result in results.items() if result.state != "ok"}


def test_where_all_is_well_each_thing_is_said_to_be(check):
    results = check(**WITH_APP)
    assert bad(results) == {}
    assert set(results) == {
        "database",
        "encryption keys",
        "slack",
        "slack scopes",
        "channel",
        "slack requests",
        "slack socket",
        "meta",
        "meta scopes",
        "accounts",
        "writer",
    }


def test_without_the_apps_credentials_it_says_that_the_scopes_are_not_known(check):
    results = check()
    assert bad(results) == {"meta scopes": "warning"}
    assert "META_APP_ID and META_APP_SECRET" in results["meta scopes"].way_out


@pytest.mark.parametrize(
    ("token", "state", "word"),
    [(READER, "missing", "ads_management"), (NOBODY, "fault", "ads_read")],
)
def test_what_the_token_may_not_do_is_named(check, token, state, word):
    found = check(META_ACCESS_TOKEN=token, **WITH_APP)["meta scopes"]
    assert (found.state, word in found.finding) == (state, True)


def test_a_token_that_ends_within_two_weeks_is_announced(check):
    found = check(META_ACCESS_TOKEN=ENDING, **WITH_APP)["meta expiry"]
    assert (found.state, found.finding) == ("warning", "The token ends on 2026-12-01 at 10:00 UTC.")


def test_a_token_that_ends_later_is_not(graph, slack, check, clock):
    clock.set(NOW - timedelta(days=6))
    try:
        assert "meta expiry" not in check(META_ACCESS_TOKEN=ENDING, **WITH_APP)
    finally:
        clock.set(NOW)


def test_a_dead_token_is_told_by_the_app_and_by_itself(check):
    for credentials in (WITH_APP, {}):
        results = check(META_ACCESS_TOKEN="EAANobodyKnowsThis", **credentials)
        assert bad(results) == {"meta": "fault", "accounts": "fault"}
        assert "no longer accepts the access token" in results["meta"].finding


def test_the_wrong_secret_is_not_taken_for_a_dead_token(check):
    results = check(META_APP_ID=APP, META_APP_SECRET="another-secret")
    assert results["meta app"].state == "fault"
    assert "META_APP_SECRET" in results["meta app"].way_out
    assert "meta" not in results


def test_accounts_that_the_token_does_not_open_are_named(check, graph):
    first, second = (account.node_id for account in graph.world.accounts[:2])
    found = check(SPRUCE_ACCOUNTS=f"{first},{second}")["accounts"]
    assert (found.state, found.finding) == ("fault", f"The token does not open {second}.")


@pytest.mark.parametrize(
    ("channel", "finding"),
    [
        ("C0GENERAL1", "The bot is not in #general."),
        ("C0ARCHIVED", "#old is archived."),
        ("C0HIDDEN01", "The bot cannot see C0HIDDEN01."),
        ("C0NOWHERE1", "The bot cannot see C0NOWHERE1."),
        ("C0GROWTH01", "The bot cannot see C0GROWTH01."),  # another workspace's
    ],
)
def test_a_channel_that_alerts_cannot_reach_is_a_fault_with_its_reason(check, channel, finding):
    results = check(SPRUCE_CHANNEL=channel, **WITH_APP)
    assert bad(results) == {"channel": "fault"}
    assert results["channel"].finding == finding


@pytest.mark.parametrize("token", ["xapp-1-nobody-knows-this", "xapp-2"])
def test_an_app_token_that_slack_does_not_take_is_told_before_the_first_click_is_lost(check, token):
    results = check(SLACK_APP_TOKEN=token, **WITH_APP)
    assert bad(results) == {"slack socket": "fault"}
    assert results["slack socket"].finding == "Slack does not accept SLACK_APP_TOKEN (invalid_auth)."


def test_looking_opens_no_socket(check, slack):
    check(**WITH_APP)
    assert len(slack.calls_of("apps.connections.open")) == 1
    assert slack.sockets.connections == []


def test_scopes_that_the_installed_app_lacks_are_named(check, slack):
    slack.workspace().scopes = frozenset(SCOPES) - {"channels:read", "commands"}
    results = check(**WITH_APP)
    assert bad(results) == {"slack scopes": "fault", "channel": "fault"}
    assert results["slack scopes"].finding == "The token lacks channels:read, commands."


def test_one_fault_hides_no_other(check, slack, graph, tmp_path: Path):
    slack.revoke()
    graph.faults.add("me/adaccounts", graph_faults.cut_json(), times=9)
    try:
        results = check(
            DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}",
            SLACK_APP_TOKEN="xapp-9",
            SPRUCE_ENCRYPTION_KEYS="k1:short",
            META_APP_ID=APP,
            META_APP_SECRET="another-secret",
        )
    finally:
        graph.faults.clear()
    assert bad(results) == dict.fromkeys(
        ("database", "encryption keys", "slack", "channel", "slack socket", "meta app", "accounts"), "fault"
    )


def test_with_nothing_set_everything_that_is_missing_is_said(check):
    names = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SPRUCE_CHANNEL", "META_ACCESS_TOKEN", "GEMINI_API_KEY")
    results = check(SPRUCE_ENCRYPTION_KEYS="", **dict.fromkeys(names, ""))
    assert bad(results) == {
        "encryption keys": "missing",
        "slack": "missing",
        "channel": "missing",
        "slack requests": "fault",
        "meta": "missing",
        "writer": "missing",
    }


def test_the_writer_is_told_and_a_model_without_a_price_is_a_fault(check):
    assert "google-generativeai writes variations with gemini-3.8-flash" in check()["writer"].finding
    assert bad(check(GEMINI_MODEL="gemini-9-flash")) == {"meta scopes": "warning", "writer": "fault"}
    priced = check(GEMINI_MODEL="gemini-9-flash", SPRUCE_AI_PRICES="gemini-9-flash:1/2")
    assert priced["writer"].state == "ok"
    assert bad(check(GEMINI_API_KEY="", SPRUCE_AI_WRITER="google-genai"))["writer"] == "fault"


def test_services_that_cannot_be_reached_are_faults_of_their_own(check):
    results = check(
        SLACK_API_URL="http://127.0.0.1:9", DATABASE_URL="sqlite:////no/such/folder/x", **WITH_APP
    )
    assert bad(results) == dict.fromkeys(("database", "slack", "channel", "slack socket"), "fault")


def test_a_name_from_elsewhere_cannot_steer_the_terminal(check, slack):
    slack.workspace().spec = replace(slack.workspace().spec, name="\x1b[2Jgone\n")
    assert check()["slack"].finding == "The bot is installed in  [2Jgone  (T0CEDAR001)."


def test_scopes_that_slack_does_not_tell_are_said_to_be_unknown(check, slack):
    slack.workspace().scopes = frozenset()
    assert check()["slack scopes"].state == "warning"
