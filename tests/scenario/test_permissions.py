"""Who may do what, and where: four people at every button and command of two workspaces, as one table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.domain.alerts import Alert
from bot.registry import discover
from bot.sandbox import slack_inputs
from bot.sandbox.graph_ledger import Entry
from bot.sandbox.slack_message import find_element
from bot.views import actions
from handlers import routing
from tests.scenario.stage import CEDAR, PLACES, WILLOW, Place
from tests.talk import EVERYBODY, OBSERVER, OUTSIDER, OWNER, TEAMMATE, Bot, Somebody

BUTTONS = sorted(routing.actions())
COMMANDS = sorted(command.name for command in discover("handlers.commands", "COMMAND"))
NAMES = {CEDAR: "Tulsi Lane India", WILLOW: "Harbor Roast US"}
CHANGES = {actions.ALERT_PAUSE, actions.ALERT_RESUME}

STRANGER = "Only members of the workspace that installed Spruce may do that."
MAY_NOT = "This can be done by <@{}>."


@dataclass(frozen=True)
class Case:
    """Somebody uses something in a workspace; `refusal` is what they are told, or nothing."""

    person: Somebody
    place: Place
    what: str
    refusal: str

    def __str__(self) -> str:
        """How the case is called in the test's name."""
        return f"{self.person.name}-{self.place.channel}-{self.what}"


def table() -> Iterator[Case]:
    """Every case there is, from the registries: a new button or command brings its own."""
    for person in EVERYBODY:
        for place in PLACES:
            for button in BUTTONS:
                yield Case(person, place, button, refusal(person, place, button))
            for command in COMMANDS:
                yield Case(person, place, command, "")


def refusal(person: Somebody, place: Place, button: str) -> str:
    """What this person is told for pressing this button there."""
    if person.home is not place:
        return STRANGER
    return MAY_NOT.format(place.owner) if button in CHANGES and person.id != place.owner else ""


def test_the_table_has_everybody_everywhere_at_everything():
    cases = list(table())
    assert len(cases) == 4 * 2 * (len(BUTTONS) + len(COMMANDS)) >= 80
    assert len({str(case) for case in cases}) == len(cases)
    assert sum(bool(case.refusal) for case in cases) == 4 * len(BUTTONS) + 2 * len(CHANGES)


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.name)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.channel)
def test_every_button_does_what_it_may_and_nothing_else(bot: Bot, person: Somebody, place: Place):
    for case in table():
        if case.person is person and case.place is place and case.what in BUTTONS:
            use(bot, case)


def use(bot: Bot, case: Case) -> None:
    """Press the button and look at everything it could have changed, in both workspaces."""
    payload = ready_for(bot, case)
    before, heard = state_of(bot), len(answers(bot, case))
    bot.sends("interactive", payload, case.place)
    bot.settles()
    told = "".join(answers(bot, case)[heard:])
    expected = {case.place} if case.what != actions.HOME_REFRESH and not case.refusal else set()
    after = state_of(bot)
    assert {place for place in PLACES if after[place] != before[place]} == expected, str(case)
    assert case.refusal in told, str(case)
    assert told == "" or case.refusal, str(case)


def ready_for(bot: Bot, case: Case) -> dict[str, Any]:
    """What Slack would send, after the workspace's owner has brought the button onto the message."""
    owner = next(one for one in EVERYBODY if one.id == case.place.owner)
    if case.what == actions.HOME_REFRESH:
        return home_click(bot, case, owner)
    alert = bot.alert("Ad rejected", case.place)
    if case.what == actions.ALERT_UNSNOOZE and "Unsnooze" not in alert.buttons():
        bot.choose("Snooze", "1 hour", alert, owner)
    if case.what == actions.ALERT_RESUME and "Resume ad" not in alert.buttons():
        bot.click("Pause ad", alert, owner, confirmed=True)
        bot.settles()
    return bot.click_payload(case.what, bot.now(alert), case.person, case.place)


def home_click(bot: Bot, case: Case, owner: Somebody) -> dict[str, Any]:
    """The Home tab's button, pressed by somebody who got hold of the owner's Home."""
    bot.opens_home(owner)
    workspace = bot.slack.workspace(case.place.id)
    view = workspace.homes[owner.id].body
    block, element = find_element(view["blocks"], case.what)
    action = slack_inputs.action_for(block, element, None, bot.slack.state.next_ts())
    user = bot.slack.workspace(case.person.home.id).user(case.person.id)
    payload = bot.slack.maker(workspace).view_action(user, view, action, {})
    payload["user"]["team_id"] = case.person.home.id
    return payload


def answers(bot: Bot, case: Case) -> list[str]:
    """What this person was told there: in the channel, or in a dialog on the Home tab."""
    dialogs = [json.dumps(call.args) for call in bot.slack.calls_of("views.open", case.place.id)]
    return [*bot.told(case.person, case.place), *dialogs]


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.name)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.channel)
def test_every_command_is_answered_from_the_persons_own_workspace(bot: Bot, person: Somebody, place: Place):
    """In a shared channel too: Slack sends a command to the workspace of whoever types it."""
    other = next(name for home, name in NAMES.items() if home is not person.home)
    for command in COMMANDS:
        told = bot.says(f"/spruce {command}", person, channel=place.channel if place is person.home else "")
        assert told, command
        assert other not in told, command
        assert command == "help" or NAMES[person.home] in told, command


def test_a_button_of_one_workspace_sent_from_the_other_finds_nothing(bot: Bot):
    mine = bot.alert("Ad rejected", CEDAR)
    own = bot.alert("Ad rejected", WILLOW)
    before = state_of(bot)
    for button in (actions.ALERT_ACKNOWLEDGE, actions.ALERT_SNOOZE, actions.ALERT_PAUSE):
        forged = bot.click_payload(button, own, OUTSIDER, WILLOW)
        theirs = bot.click_payload(button, mine, OWNER, CEDAR)["actions"][0]
        forged["actions"][0] |= {key: theirs[key] for key in ("value", "selected_option") if key in theirs}
        count = len(bot.told(OUTSIDER))
        bot.sends("interactive", forged, WILLOW)
        assert "There is no such alert in this workspace." in "".join(bot.told(OUTSIDER)[count:])
    bot.settles()
    assert state_of(bot) == before
    assert bot.told(OWNER) == []


def test_an_unknown_person_of_the_workspace_is_an_ordinary_member(bot: Bot):
    payload = bot.click_payload("Pause ad", bot.alert("Ad rejected"), TEAMMATE)
    payload["user"]["id"] = "U0NEWCOMER"
    before = state_of(bot)
    bot.sends("interactive", payload)
    bot.settles()
    assert state_of(bot) == before


def test_what_happened_is_written_down_with_who_did_it(bot: Bot):
    for place, person in ((CEDAR, TEAMMATE), (WILLOW, OBSERVER)):
        alert = state_of(bot)[place][0][0]
        bot.click("Acknowledge", bot.alert("Ad rejected", place), person)
        with bot.application.db.read(place.id) as tx:
            entries = [(who, what) for _at, who, what in tx.audit.of(place.id, alert.id)]
        assert entries == [("spruce", "alert.opened"), (person.id, "alert.acknowledged")]


State = tuple[list[Alert], list[Entry], list[str]]


def state_of(bot: Bot) -> dict[Place, State]:
    """What a button could have changed, or shown to a stranger, in each workspace."""
    found: dict[Place, State] = {}
    for place in PLACES:
        with bot.application.db.read(place.id) as tx:
            alerts = [one for one in tx.alerts.unresolved() if one.rule_id == "ad_rejected"]
        members = bot.slack.workspace(place.id).users
        homes = [call.args["user_id"] for call in bot.slack.calls_of("views.publish", place.id)]
        writes = [call for call in bot.graph.calls("POST") if call.token == place.channel]
        found[place] = (alerts, writes, [user for user in homes if user not in members])
    return found
