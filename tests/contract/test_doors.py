"""What people type and press, by HTTP and by socket: answered once and to the right person."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.access import Permission
from bot.domain.alerts import State
from bot.registry import discover
from bot.views import actions as buttons
from bot.views import kit
from handlers.base import CommandSpec, Reply
from handlers.routing import Router, actions
from storage.inbox import Handling
from tests.contract.doors_stage import CEDAR, OWNERS, START, WILLOW, Stage
from tests.unit.views_cast import RUPEES

LONG = "report " + "<!channel> A" * 1_700


@pytest.fixture(params=["http", "socket"])
def stage(request, sqlite_url) -> Iterator[Stage]:
    stage = Stage(sqlite_url, request.param)
    yield stage
    stage.close()


def test_a_command_is_acknowledged_with_nothing_and_answered_for_one_person_only(stage):
    outcome = stage.says("help")
    assert outcome.ok
    assert outcome.body is None
    assert all(f"/spruce {name}" in stage.told() for name in ("alerts", "help", "report", "status"))
    assert stage.told("Teammate") == ""
    assert stage.inbox() == [(Handling.DONE, "ok")]


def test_a_command_without_words_is_a_call_for_help(stage):
    stage.says("")
    assert "What Spruce answers to" in stage.told()


def test_an_unknown_subcommand_is_told_which_was_probably_meant(stage):
    assert stage.says("alrets").ok
    assert "Did you mean `/spruce alerts`?" in stage.told()
    assert stage.inbox() == [(Handling.DONE, "unknown_command")]


def test_twenty_thousand_characters_are_answered_and_wake_nobody(stage):
    assert stage.says(LONG).ok
    told = stage.told()
    assert "is connected here" in told
    assert "<!channel>" not in told
    assert len(told) < 3_000


@pytest.mark.parametrize("period", ["2026-13-45", "14d", "yesterday", "tody", "22.11.2026", "30"])
def test_a_period_that_is_not_understood_is_named_with_what_is(stage, period):
    stage.says(f"report {period}")
    assert period in stage.told()
    assert "today, or 7d" in stage.told()
    assert stage.inbox() == [(Handling.DONE, "bad_input")]


def test_an_account_that_is_not_connected_is_answered_with_those_that_are(stage):
    for text in ("report 7d act_999999999", "alerts Willow US"):
        stage.says(text)
        assert "Cedar India (actˍ1001)" in stage.told() or "Cedar India (act_1001)" in stage.told()
        assert "act_2002" not in stage.told()


def test_a_report_and_a_status_come_for_the_account_by_name_or_id(stage):
    for text in ("report", "report 7d “Cedar India”", "report act_1001 today", "report cedar india"):
        stage.says(text)
        assert "Cedar India" in stage.told(), text
    stage.says("status")
    assert "Spruce's status" in stage.told()


def test_alerts_are_listed_for_their_own_workspace(stage):
    stage.raises_alert(1)
    stage.says("alerts")
    assert "Cost per purchase above target" in stage.told()
    stage.says("alerts", "Observer", WILLOW)
    assert "Cost per purchase above target" not in stage.told("Observer", WILLOW)


def test_the_same_command_sent_five_times_runs_once(stage):
    delivery = stage.says("help").delivery
    for _ in range(4):
        assert stage.settled(stage.slack.replay(delivery)).ok
    assert len(stage.slack.ephemerals("Owner", "ads-alerts")) == 1
    assert len(stage.inbox()) == 1


def test_a_click_changes_the_alert_and_the_message_that_everyone_sees(stage):
    message = stage.raises_alert()
    assert stage.clicks(message, "Acknowledge", "Teammate").ok
    assert stage.alert().state is State.ACKNOWLEDGED
    edited = stage.slack.last("ads-alerts")
    assert edited.ts == message.ts
    assert "U0TEAMMATE" in json.dumps(edited.blocks)
    assert stage.told("Teammate") == ""


def test_the_second_of_two_clicks_is_told_who_was_faster(stage):
    message = stage.raises_alert()
    stage.clicks(message, "Acknowledge", "Teammate")
    version = stage.alert().version
    assert stage.clicks(message, "Acknowledge", "Owner", stale=True).ok
    assert "lready acknowledged" in stage.told()
    assert stage.alert().version == version
    assert (Handling.DONE, "stale") in stage.inbox()


def test_the_same_click_sent_twice_runs_once(stage):
    message = stage.raises_alert()
    delivery = stage.clicks(message, "Acknowledge").delivery
    stage.settled(stage.slack.replay(delivery))
    assert len(stage.inbox()) == 1
    assert stage.told() == ""


def test_a_snooze_lasts_as_long_as_was_chosen(stage):
    message = stage.raises_alert()
    person = stage.slack.as_user(CEDAR, "Teammate")
    stage.settled(person.select(message, buttons.ALERT_SNOOZE, "4 hours"))
    assert stage.alert().snoozed_until == START + timedelta(hours=4)
    stage.clicks(stage.slack.last("ads-alerts"), "Unsnooze", "Teammate")
    assert stage.alert().state is State.OPEN


def test_only_those_who_may_change_ads_can_pause_one(stage):
    message = stage.raises_alert()
    assert stage.clicks(message, "Pause ad", "Teammate").ok
    assert f"<@{OWNERS[CEDAR]}>" in stage.told("Teammate")
    assert not pauses(stage)
    stage.clicks(message, "Pause ad", "Owner")
    assert [action.requested_by for action in pauses(stage)] == [OWNERS[CEDAR]]


def test_a_person_from_another_company_in_a_shared_channel_may_do_nothing(stage):
    payload = click_payload(stage, stage.raises_alert(), buttons.ALERT_ACKNOWLEDGE)
    payload["user"] |= {"id": "U0OWNER001", "team_id": "T0STRANGER"}
    assert stage.sends("interactive", payload).ok
    assert "Only members of the workspace" in stage.told()
    assert stage.alert().state is State.OPEN


def test_a_button_from_another_workspace_finds_nothing_here(stage):
    stage.raises_alert(1)
    stage.raises_alert(2, WILLOW)
    payload = click_payload(stage, stage.slack.last("ads-alerts"), buttons.ALERT_ACKNOWLEDGE)
    payload["actions"][0]["value"] = buttons.encode("alert", "alert-002", 3)
    assert stage.sends("interactive", payload).ok
    assert "no such alert in this workspace" in stage.told()
    assert stage.alert(2, WILLOW).state is State.OPEN
    assert stage.alert(1).state is State.OPEN


@pytest.mark.parametrize(
    "value", ["", "1:alert:x", "0:alert:a:1", "1:home:refresh:0", "1:alert:" + "a" * 2_000 + ":1", "\x00"]
)
def test_a_value_that_spruce_did_not_write_changes_nothing(stage, value):
    payload = click_payload(stage, stage.raises_alert(), buttons.ALERT_ACKNOWLEDGE)
    payload["actions"][0]["value"] = value
    assert stage.sends("interactive", payload).ok
    assert "Nothing was changed" in stage.told()
    assert stage.alert().state is State.OPEN


def test_a_button_of_an_older_version_says_so(stage):
    payload = click_payload(stage, stage.raises_alert(), buttons.ALERT_ACKNOWLEDGE)
    payload["actions"][0]["action_id"] = "alert.mute"
    assert stage.sends("interactive", payload).ok
    assert "older version" in stage.told()


def test_a_link_is_acknowledged_and_nothing_else(stage):
    assert stage.clicks(stage.raises_alert(), "Open in Ads Manager").ok
    assert stage.inbox() == []


def test_a_workspace_that_removed_spruce_is_told_so(stage):
    message = stage.raises_alert()
    stage.services.workspaces.removed(CEDAR, "app_uninstalled")
    for outcome in (stage.says("status"), stage.clicks(message, "Acknowledge")):
        assert outcome.ok
        assert "not installed in this workspace" in stage.told()
    assert stage.alert().state is State.OPEN
    stage.says("status", "Observer", WILLOW)
    assert "Spruce's status" in stage.told("Observer", WILLOW)


def test_whatever_else_slack_sends_is_acknowledged(stage):
    maker = stage.slack.maker(stage.slack.workspace(CEDAR))
    shortcut = maker.shortcut(stage.slack.workspace(CEDAR).user("Owner"), "unknown", None)
    assert stage.sends("interactive", shortcut).ok
    assert stage.inbox() == []


def test_a_handler_that_breaks_is_acknowledged_told_with_a_code_and_recorded(stage):
    breaks(stage)
    for outcome in (stage.says("break"), stage.clicks(stage.raises_alert(), "Acknowledge")):
        assert outcome.ok
        code = re.search(r"E-[0-9A-F]{8}", stage.told()).group()
        assert (Handling.FAILED, f"crashed:{code}") in stage.inbox()
        assert "secret detail" not in stage.told()
    counted = {"kind": "command", "name": "break", "outcome": "crashed"}
    assert stage.services.metrics.value("spruce_requests_total", **counted) == 1


def test_every_request_is_counted_and_timed_under_names_from_code(stage):
    stage.says("status")
    stage.says("made-up-by-somebody")
    metrics = stage.services.metrics
    assert metrics.value("spruce_requests_total", kind="command", name="status", outcome="ok") == 1
    unknown = {"kind": "command", "name": "unknown", "outcome": "unknown_command"}
    assert metrics.value("spruce_requests_total", **unknown) == 1
    assert metrics.value("spruce_request_seconds", kind="command", name="status") == 1
    assert metrics.value("spruce_request_ack_seconds", kind="command") == 2
    assert "made-up" not in metrics.text()


def test_an_answer_that_slack_does_not_take_is_given_in_plain_words(stage):
    too_much = kit.Message("Said all the same.", tuple({"type": "divider"} for _ in range(60)))
    answers(stage, Reply((too_much,)))
    assert stage.says("speak").ok
    assert "Said all the same." in stage.told()


def test_more_accounts_than_slack_takes_answers_are_named_in_the_last_answer(stage):
    for number in range(2, 8):
        stage.connect(CEDAR, replace(RUPEES, id=f"act_{number}00{number}", name=f"Shop {number}"))
    stage.says("report 7d")
    assert len(stage.slack.ephemerals("Owner", "ads-alerts")) == 5
    assert "And 3 more" in stage.told()


def test_home_is_drawn_when_it_is_opened_and_after_every_click_on_it(stage):
    stage.raises_alert()
    stage.settled(stage.slack.as_user(CEDAR, "Teammate").open_home())
    home = stage.slack.home("Teammate")
    assert "Cost per purchase above target" in json.dumps(home)
    stage.clicks(home, "Acknowledge", "Teammate")
    assert stage.alert().state is State.ACKNOWLEDGED
    assert "Acknowledge" not in json.dumps(stage.slack.home("Teammate")).replace("Acknowledged", "")


def test_a_refusal_on_the_home_tab_is_shown_as_a_dialog(stage):
    stage.raises_alert()
    stage.settled(stage.slack.as_user(CEDAR, "Teammate").open_home())
    stage.clicks(stage.slack.home("Teammate"), "Pause ad", "Teammate")
    assert "can be done by" in json.dumps(stage.slack.open_views("Teammate"))
    assert not pauses(stage)


def test_a_dialog_that_comes_too_late_loses_nothing(stage):
    stage.raises_alert()
    stage.settled(stage.slack.as_user(CEDAR, "Teammate").open_home())
    payload = home_payload(stage, "Teammate", buttons.ALERT_PAUSE)
    stage.slack.age(4)
    assert stage.sends("interactive", payload).ok
    assert stage.slack.open_views("Teammate") == []
    (whispered,) = stage.slack.ephemerals("Teammate", "ads-alerts")
    assert "can be done by" in whispered.words()
    assert (Handling.DONE, "not_allowed") in stage.inbox()


def test_removing_spruce_ends_one_workspace_and_not_the_other(stage):
    assert all(outcome.ok for outcome in stage.slack.uninstall(CEDAR))
    stage.services.inbox.drain()
    assert not stage.services.workspaces.known(CEDAR)
    assert stage.services.workspaces.bot_token(CEDAR) is None
    assert stage.services.workspaces.known(WILLOW)


def test_a_removal_that_is_told_again_after_a_new_installation_does_not_end_it(stage):
    [*_, last] = stage.slack.uninstall(CEDAR)
    stage.services.inbox.drain()
    stage.clock.advance(timedelta(minutes=2))
    stage.install(CEDAR)
    late = last.delivery.payload | {"event_id": "Ev0LATE"}
    assert stage.sends("events_api", late).ok
    assert stage.services.workspaces.known(CEDAR)
    assert (Handling.DONE, "outdated") in stage.inbox()


def test_a_persons_own_revoked_token_does_not_end_the_installation(stage):
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": ["U0OWNER001"], "bot": []}}
    stage.settled(stage.slack.send_event(revoked, CEDAR))
    assert stage.services.workspaces.known(CEDAR)


def pauses(stage: Stage):
    """The changes of the ad that were asked for."""
    with stage.app.db.read(CEDAR) as tx:
        return tx.actions.of_alert("alert-001")


def click_payload(stage: Stage, message, action_id: str):
    """What Slack sends when the owner presses this button, to be tampered with."""
    workspace = stage.slack.workspace(CEDAR)
    [element] = [
        one
        for block in message.blocks
        for one in block.get("elements", ())
        if one.get("action_id") == action_id
    ]
    action = {**element, "block_id": "b", "action_ts": stage.slack.state.next_ts()}
    maker = stage.slack.maker(workspace)
    return maker.message_action(workspace.user("Owner"), message, action, {})


def home_payload(stage: Stage, user: str, action_id: str):
    """What Slack sends when somebody presses this button on the Home tab."""
    workspace, view = stage.slack.workspace(CEDAR), stage.slack.home(user)
    found = [
        one
        for block in view["blocks"]
        for one in block.get("elements", ())
        if one.get("action_id") == action_id
    ]
    action = {**found[0], "block_id": "b", "action_ts": stage.slack.state.next_ts()}
    return stage.slack.maker(workspace).view_action(workspace.user(user), view, action, {})


def breaks(stage: Stage) -> None:
    """A subcommand that breaks, and buttons that all do."""

    def broken(_services, _asked):
        raise RuntimeError("secret detail")

    route(stage, CommandSpec("break", "break", "Breaks.", Permission.READ, broken), broken)


def answers(stage: Stage, reply: Reply) -> None:
    """A subcommand that gives this answer."""
    spec = CommandSpec("speak", "speak", "Speaks.", Permission.READ, lambda _services, _asked: reply)
    route(stage, spec, None)


def route(stage: Stage, command: CommandSpec, on_click) -> None:
    """Add a subcommand to those there are; and let every button do this, if anything."""
    specs = [replace(spec, run=on_click or spec.run) for spec in actions().values()]
    commands = [*discover("handlers.commands", "COMMAND"), command]
    stage.services.inbox.bind(Router(stage.services, commands, specs).handle)
