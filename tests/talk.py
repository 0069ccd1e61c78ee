"""The test language: people type, click and wait, and a test looks at what they would see."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.app import Application
from bot.sandbox import slack_inputs
from bot.sandbox.slack_message import Message, find_element, texts
from bot.sandbox.slack_send import Outcome
from bot.services.bundle import Services
from tests.scenario.stage import CEDAR, PLACES, WILLOW, Place, Running, StandIns, install


@dataclass(frozen=True)
class Somebody:
    """A person, and the workspace that person belongs to."""

    name: str
    id: str
    home: Place


OWNER = Somebody("Owner", "U0OWNER001", CEDAR)
TEAMMATE = Somebody("Teammate", "U0TEAMMATE", CEDAR)
OUTSIDER = Somebody("Outsider", "U0OUTSIDER", WILLOW)  # the owner over there, a stranger here
OBSERVER = Somebody("Observer", "U0OBSERVER", WILLOW)
_CARD = re.compile(r"variations? (of|for) ", re.IGNORECASE)  # what every state of a card's text has
EVERYBODY = (OWNER, TEAMMATE, OUTSIDER, OBSERVER)


@dataclass(frozen=True)
class Answered:
    """What a dialog's submission led to: errors by block id, and words for the person alone."""

    errors: dict[str, str]
    told: str


class Bot:
    """The real bot in two workspaces; nothing happens in it but what a test lets happen."""

    def __init__(
        self,
        stand_ins: StandIns,
        database_url: str,
        door: str = "http",
        *,
        installed: bool = False,
        pace: float = 0.0,
    ) -> None:
        self.stand_ins = stand_ins
        self.clock, self.world = stand_ins.clock, stand_ins.world
        self.slack, self.graph = stand_ins.slack, stand_ins.graph
        self.database_url, self.door = database_url, door
        self._running = Running(stand_ins, database_url, door, pace=pace)
        for place in () if installed else PLACES:
            install(self.application, stand_ins, place)

    @property
    def application(self) -> Application:
        """The program that runs now."""
        return self._running.application

    @property
    def services(self) -> Services:
        """Its use cases."""
        return self.application.services

    def close(self) -> None:
        """Stop the program."""
        self._running.close()

    def restarts(self) -> None:
        """The process ends in good order and a new one begins on the same database."""
        self.close()
        self._running = Running(self.stand_ins, self.database_url, self.door)

    # What people do

    def says(self, text: str, by: Somebody = OWNER, *, channel: str = "") -> str:
        """Somebody types a slash command; what only they are shown in answer."""
        before = len(self.told(by))
        person = self.slack.as_user(by.home.id, by.id)
        words = text.removeprefix("/spruce").strip()
        self._done(person.command(channel or by.home.channel, words))
        return "\n".join(self.told(by)[before:])

    def click(
        self,
        name: str,
        message: Message,
        by: Somebody = OWNER,
        *,
        confirmed: bool = False,
        stale: bool = False,
    ) -> str:
        """Somebody presses a button; what only they are shown in answer, which often is nothing."""
        before = len(self.told(by))
        person = self.slack.as_user(by.home.id, by.id)
        self._done(person.click(message, name, confirmed=confirmed, stale=stale))
        return "\n".join(self.told(by)[before:])

    def choose(self, name: str, option: str, message: Message, by: Somebody = OWNER) -> str:
        """Somebody chooses from a menu; `option` is what is written there."""
        before = len(self.told(by))
        self._done(self.slack.as_user(by.home.id, by.id).select(message, name, option))
        return "\n".join(self.told(by)[before:])

    def opens_home(self, by: Somebody = OWNER) -> str:
        """Somebody opens the Home tab; what is written there."""
        self._done(self.slack.as_user(by.home.id, by.id).open_home())
        view = self.slack.home(by.id, by.home.id) or {}
        return "\n".join(texts(view.get("blocks", [])))

    def sends(self, kind: str, payload: Mapping[str, Any], place: Place = CEDAR) -> Outcome:
        """Slack (or somebody who knows its secret) sends this very payload to the bot."""
        return self._done(self.slack.sender.send(self.slack.workspace(place.id), kind, dict(payload)))

    def click_payload(
        self, name: str, message: Message, by: Somebody, place: Place = CEDAR
    ) -> dict[str, Any]:
        """What Slack sends when a person presses this in that workspace, also from another company."""
        workspace = self.slack.workspace(place.id)
        user = self.slack.workspace(by.home.id).user(by.id)
        block, element = find_element(message.all_blocks(), name)
        entry = slack_inputs.entered(element, _first(element)) if "options" in element else None
        action = slack_inputs.action_for(block, element, entry, self.slack.state.next_ts())
        payload = self.slack.maker(workspace).message_action(user, message, action, {})
        payload["user"]["team_id"] = by.home.id
        return payload

    def opens(self, name: str, message: Message, by: Somebody = OWNER) -> dict[str, Any]:
        """Somebody presses a button that opens a dialog; the dialog."""
        told = self.click(name, message, by)
        views = self.slack.open_views(by.id, by.home.id)
        assert views, told or "no dialog opened"
        return views[-1]

    def submits(self, view: Mapping[str, Any], values: Mapping[str, Any], by: Somebody = OWNER) -> Answered:
        """Somebody sends a dialog off: what is written under its questions, and what only they are shown."""
        before = len(self.told(by))
        outcome = self._done(self.slack.as_user(by.home.id, by.id).submit(dict(view), dict(values)))
        return Answered(dict(outcome.errors), "\n".join(self.told(by)[before:]))

    # What time does

    def passes(self, *, minutes: float = 0, hours: float = 0, step: float = 15) -> None:
        """Time goes by and everything that becomes due on the way is done."""
        left = timedelta(minutes=minutes, hours=hours)
        while left > timedelta():
            stride = min(left, timedelta(minutes=step))
            self.clock.advance(stride)
            left -= stride
            self.settles()

    def stands_still(self, *, minutes: float = 0, hours: float = 0) -> None:
        """Time goes by while the bot does nothing, as when its machine is off."""
        self.clock.advance(timedelta(minutes=minutes, hours=hours))

    def settles(self) -> None:
        """Every job runs, then what they left to be said is said."""
        self.application.scheduler.run_all()
        self._drain()
        self.application.scheduler.run_all()

    # What people see

    def told(self, by: Somebody, place: Place | None = None) -> list[str]:
        """Everything that only this person was shown in a workspace's channels, as words."""
        channels = self.slack.workspace((place or by.home).id).channels.values()
        return [one.words() for room in channels for one in room.messages if one.ephemeral_to == by.id]

    def posts(self, place: Place = CEDAR) -> list[Message]:
        """What the bot wrote into a workspace's channel for everybody, oldest first; threads apart."""
        return [
            one for one in self.slack.messages(place.channel) if not one.is_ephemeral and not one.is_reply
        ]

    def alerts(self, place: Place = CEDAR) -> list[Message]:
        """The posts that have buttons."""
        return [one for one in self.posts(place) if one.buttons()]

    def notices(self, place: Place = CEDAR) -> list[Message]:
        """The posts that have none: what the bot says about itself."""
        return [one for one in self.posts(place) if not one.buttons()]

    def alert(self, about: str, place: Place = CEDAR) -> Message:
        """The one alert with these words in it, as it is now."""
        found = [one for one in self.alerts(place) if about in one.words()]
        assert len(found) == 1, f"{len(found)} alerts say {about!r}"
        return found[0]

    def now(self, message: Message) -> Message:
        """A message as it is now."""
        return next(one for one in self.slack.messages(message.channel) if one.ts == message.ts)

    def thread(self, message: Message) -> list[Message]:
        """The answers to a message."""
        return [
            one
            for one in self.slack.messages(message.channel)
            if one.is_reply and one.thread_ts == message.ts
        ]

    def card(self, warning: Message) -> Message:
        """The variations in a warning's thread, as they are now."""
        found = [one for one in self.thread(warning) if _CARD.search(one.text)]
        assert found, "no variations are in the thread"
        return found[-1]

    def notes(self, warning: Message) -> list[str]:
        """What a warning's thread tells beside the variations, oldest first."""
        return [one.text for one in self.thread(warning) if not _CARD.search(one.text)]

    def everything_said(self) -> str:
        """Every call the bot made to Slack and every answer it gave, as one text."""
        calls = [[call.method, call.args] for call in self.slack.calls]
        answers = [one.outcome.body for one in self.slack.deliveries if one.outcome]
        return json.dumps([calls, answers], ensure_ascii=False, default=str)

    def _done(self, outcome: Outcome) -> Outcome:
        assert outcome.ok, f"{outcome.error} {outcome.status} {outcome.message}"
        self._drain()
        self.services.delivery.deliver()
        return outcome

    def _drain(self) -> None:
        assert self.services.inbox.drain(10)


def _first(element: Mapping[str, Any]) -> str:
    return str(element["options"][0]["value"])
