"""Reading what Slack sends, without Slack: what is kept, under which key, and what words mean."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain.access import Permission, Person, Role
from bot.domain.ids import AccountId, UserId, WorkspaceId
from bot.domain.structure import Account
from bot.errors import BadInput, NotFound
from bot.registry import discover
from bot.views import actions as buttons
from handlers.accounts import named, typed
from handlers.arrivals import click_of, command_of, fields_of, read
from handlers.commands.report import Wanted, understand
from handlers.routing import actions, modals
from handlers.submissions import submission_of, values_of
from handlers.verification import fault, signed

NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)
TEAM = "T0CEDAR001"
OWNER = Person(WorkspaceId(TEAM), UserId("U0OWNER001"), Role.OWNER)
COMMAND = {
    "command": "/spruce",
    "text": "report  7d Cedar",
    "team_id": TEAM,
    "user_id": "U0OWNER001",
    "channel_id": "C1",
    "response_url": "https://hooks.slack.com/commands/1",
    "trigger_id": "1.2.abc",
    "token": "legacy-token",
}
CLICK = {
    "type": "block_actions",
    "user": {"id": "U0OWNER001", "team_id": TEAM},
    "team": {"id": TEAM},
    "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1"},
    "channel": {"id": "C1"},
    "message": {"text": "the alert's own words"},
    "response_url": "https://hooks.slack.com/actions/1",
    "trigger_id": "1.2.abc",
    "actions": [{"action_id": buttons.ALERT_ACKNOWLEDGE, "value": "1:alert:a-1:3", "action_ts": "5.5"}],
}
SUBMISSION = {
    "type": "view_submission",
    "user": {"id": "U0OWNER001", "team_id": TEAM},
    "team": {"id": TEAM},
    "trigger_id": "1.2.abc",
    "view": {
        "id": "V1",
        "type": "modal",
        "hash": "1.a",
        "callback_id": "proposal.edit",
        "private_metadata": "1:proposal:p-1:3|C1|1.1|1.0",
        "title": {"type": "plain_text", "text": "what the modal says"},
        "state": {
            "values": {
                "text": {"t": {"type": "plain_text_input", "value": "Sinks in"}},
                "tone": {"r": {"type": "radio_buttons", "selected_option": {"value": "warm"}}},
                "day": {"d": {"type": "datepicker", "selected_date": "2026-11-22"}},
                "open": {"t": {"type": "plain_text_input", "value": None}},
                "odd": {"s": {"type": "static_select", "selected_option": None}},
            }
        },
    },
}
CONNECTED = [
    Account(AccountId("act_1001"), "Cedar India", "INR", "Asia/Kolkata"),
    Account(AccountId("act_2002"), "Cedar US", "USD", "America/New_York"),
]


def test_of_a_command_only_what_is_needed_is_kept():
    request = read(COMMAND, TEAM).request(NOW)
    assert "legacy-token" not in request.payload
    command = command_of(request, OWNER)
    assert (command.name, command.args) == ("report", ("7d", "Cedar"))
    assert command.response_url == COMMAND["response_url"]


def test_of_a_click_neither_the_message_nor_the_token_is_kept():
    request = read(CLICK, TEAM).request(NOW)
    assert "own words" not in request.payload
    click = click_of(request, OWNER)
    assert (click.value.id, click.value.version, click.message_ts) == ("a-1", 3, "1.1")


def test_a_menus_choice_arrives_with_its_option():
    chosen = {"action_id": buttons.ALERT_SNOOZE, "selected_option": {"value": "1:alert:a-1:3:4h"}}
    click = click_of(read(CLICK | {"actions": [chosen]}, TEAM).request(NOW), OWNER)
    assert (click.choice, click.value.id) == ("4h", "a-1")


def test_of_a_submission_only_answers_are_kept_and_all_of_them_as_text():
    arrival = read(SUBMISSION, TEAM)
    assert "what the modal says" not in arrival.request(NOW).payload
    sent = submission_of(arrival.fields, WorkspaceId(TEAM), OWNER)
    assert sent.values == {"text": "Sinks in", "tone": "warm", "day": "2026-11-22", "open": "", "odd": ""}
    assert (sent.metadata.id, sent.metadata.version, sent.callback_id) == ("p-1", 3, "proposal.edit")
    assert (sent.channel_id, sent.message_ts, sent.thread_ts) == ("C1", "1.1", "1.0")


def test_a_submission_about_nothing_that_can_be_read_is_refused():
    arrival = read(SUBMISSION | {"view": SUBMISSION["view"] | {"private_metadata": "x"}}, TEAM)
    with pytest.raises(BadInput):
        submission_of(arrival.fields, WorkspaceId(TEAM), OWNER)


def test_the_same_words_are_the_same_submission_whatever_the_trigger():
    view = SUBMISSION["view"]
    words = {"text": {"t": {"type": "plain_text_input", "value": "Other words"}}}
    bodies = [
        SUBMISSION,
        SUBMISSION | {"view": view | {"state": {"values": words}}},
        SUBMISSION | {"view": view | {"hash": "2.b"}},
        SUBMISSION | {"view": view | {"id": "V2"}},
        SUBMISSION | {"user": {"id": "U0TEAMMATE", "team_id": TEAM}},
    ]
    assert len({read(body, TEAM).key for body in bodies}) == len(bodies)
    assert read(SUBMISSION | {"trigger_id": "9.9.z"}, TEAM).key == read(SUBMISSION, TEAM).key


@pytest.mark.parametrize(
    "values", [None, [], "text", {"q": None}, {"q": {"t": "x"}}, {"q": {"t": {"value": 7}}}]
)
def test_answers_of_an_unexpected_kind_are_read_as_empty(values):
    assert set(values_of({"state": {"values": values}}).values()) <= {""}


def test_a_click_in_a_thread_knows_it_and_a_threads_first_message_is_in_the_channel():
    for thread, known in (("1.0", "1.0"), ("1.1", ""), (None, "")):
        container = CLICK["container"] | ({"thread_ts": thread} if thread else {})
        click = click_of(read(CLICK | {"container": container}, TEAM).request(NOW), OWNER)
        assert click.thread_ts == known
        assert click.origin() == f"1:alert:a-1:3|C1|1.1|{known}"


def test_a_click_in_a_modal_is_answered_where_the_modal_came_from():
    view = {"type": "modal", "private_metadata": "1:proposal:p-1:3|C7||1.0"}
    clicked = {key: part for key, part in CLICK.items() if key not in ("channel", "message", "response_url")}
    fields = read(clicked | {"container": {"type": "view", "view_id": "V1"}, "view": view}, TEAM).fields
    assert (fields["channel_id"], fields["thread_ts"], fields["surface"]) == ("C7", "1.0", "modal")


def test_a_request_has_the_same_key_however_often_it_comes_and_no_other_has_it():
    other_trigger = COMMAND | {"trigger_id": "1.2.abd"}
    other_user = CLICK | {"user": {"id": "U0TEAMMATE", "team_id": TEAM}}
    other_time = CLICK | {"actions": [CLICK["actions"][0] | {"action_ts": "5.6"}]}
    requests = [COMMAND, other_trigger, CLICK, other_user, other_time]
    keys = [read(body, TEAM).key for body in requests]
    assert keys == [read(json.loads(json.dumps(body)), TEAM).key for body in requests]
    assert len(set(keys)) == len(requests)
    assert all(len(key) <= 255 for key in keys)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "view_submission"},
        {"type": "view_submission", "view": "text"},
        {"type": "view_submission", "view": {"type": "home"}},
        {"type": "event_callback", "event": {"type": "message"}},
        {"type": "event_callback", "event": "text"},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": ["text"]},
        {"type": "block_actions", "actions": None},
    ],
)
def test_anything_else_is_not_kept(body):
    assert read(body, TEAM) is None


@pytest.mark.parametrize("team", [None, "", "t0cedar", "T" * 40, "T1; DROP TABLE inbox"])
def test_a_request_without_a_workspace_is_not_kept(team):
    assert read(COMMAND, team) is None


def test_fields_of_an_unexpected_kind_are_read_as_empty():
    odd = {"type": "block_actions", "actions": [{"action_id": 7, "value": ["x"]}], "user": "U1", "channel": 3}
    assert set(fields_of(read(odd, TEAM).request(NOW)).values()) == {""}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", Wanted("today", "")),
        ("today", Wanted("today", "")),
        ("7D", Wanted("7d", "")),
        ("7d act_1001", Wanted("7d", "act_1001")),
        ("Cedar India 7d", Wanted("7d", "Cedar India")),
        ("“Cedar India”", Wanted("today", "Cedar India")),
        ("1234567890", Wanted("today", "1234567890")),
    ],
)
def test_a_report_is_asked_for_by_period_and_account_in_any_order(words, wanted):
    assert understand(words.split()) == wanted


@pytest.mark.parametrize("words", ["14d", "30", "2026-11-22", "20261122", "last week", "Today!", "3months x"])
def test_a_period_that_is_not_understood_names_the_field_and_the_way_out(words):
    with pytest.raises(BadInput, match="today") as caught:
        understand(words.split())
    assert caught.value.field == "period"


def test_an_account_is_found_by_its_name_or_id():
    for text in ("act_1001", "1001", "cedar india", "CEDAR INDIA"):
        assert [account.id for account in named(text, CONNECTED)] == ["act_1001"]
    with pytest.raises(NotFound, match=r"Cedar India \(act_1001\), Cedar US \(act_2002\)"):
        named("Cedar", CONNECTED)
    with pytest.raises(NotFound, match="no account yet"):
        named("Cedar", [])
    assert typed(["'Cedar", "US'"]) == "Cedar US"


def test_every_button_that_views_make_has_its_handler_but_links():
    assert set(actions()) == buttons.ALL - buttons.LINKS


def test_changing_ads_asks_for_more_than_looking():
    needed = {action_id: spec.permission for action_id, spec in actions().items()}
    assert {one for one, least in needed.items() if least is Permission.CHANGE_ADS} == {
        buttons.ALERT_PAUSE,
        buttons.ALERT_RESUME,
        buttons.PROPOSAL_APPROVE,
        buttons.PROPOSAL_REJECT,
        buttons.REPLACEMENT_UNDO,
        buttons.REPLACEMENT_UNDO_ANYWAY,
        buttons.BRAND_EDIT,
    }
    assert [one for one, least in needed.items() if least is Permission.READ] == [buttons.HOME_REFRESH]


def test_commands_that_change_something_ask_for_as_much_as_the_buttons_that_do_it():
    commands = {spec.name: spec.permission for spec in discover("handlers.commands", "COMMAND")}
    writing = {name: least for name, least in commands.items() if least is not Permission.READ}
    assert writing == {
        "approve": Permission.CHANGE_ADS,
        "reject": Permission.CHANGE_ADS,
        "resume": Permission.CHANGE_ADS,
        "undo": Permission.CHANGE_ADS,
        "stop": Permission.TRIAGE,  # whoever sees that something goes wrong
    }


def test_a_dialog_asks_for_as_much_as_the_button_that_opens_it():
    needed = {spec.callback_id: spec.permission for spec in modals()}
    opened_by = {
        buttons.EDIT_VARIATION: buttons.PROPOSAL_EDIT,
        buttons.DIRECT_WRITING: buttons.PROPOSAL_AGAIN,
        buttons.REJECT_PROPOSAL: buttons.PROPOSAL_REJECT,
        buttons.SET_BRAND: buttons.BRAND_EDIT,
    }
    assert needed == {dialog: actions()[button].permission for dialog, button in opened_by.items()}


def test_a_signature_holds_for_these_bytes_this_secret_and_five_minutes():
    at, body = NOW.timestamp(), b"text=help"
    timestamp = str(int(at))
    good = {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signed("secret", timestamp, body),
    }
    assert fault(good, body, secret="secret", now=at) is None
    assert fault(good, body, secret="secret", now=at + 300) is None
    assert fault(good, body, secret="secret", now=at + 301) == "old_timestamp"
    assert fault(good, body + b" ", secret="secret", now=at) == "wrong_signature"
    assert fault(good, body, secret="other", now=at) == "wrong_signature"
    assert fault({}, body, secret="secret", now=at) == "malformed_timestamp"


def test_the_signature_is_slacks_published_example():
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signed("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == expected
