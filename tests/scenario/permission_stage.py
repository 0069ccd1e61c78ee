"""Everything that can be pressed, submitted or typed, in both workspaces, and who sits where.

One bot goes once through everything that brings a button onto a message. Its database is kept at each point
of that way, so that a case starts where its button is and the next one does not see what it changed.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.access import Permission, Role, Roles
from bot.domain.ids import UserId
from bot.registry import discover
from bot.sandbox import slack_inputs
from bot.sandbox.slack_message import Message, find_element
from bot.sandbox.slack_send import Delivery
from bot.views import actions, proposal_modals
from handlers.discovery import actions as buttons
from handlers.discovery import modals
from tests.scenario.refresh_stage import CHIEF, TIRED, live, replacement, short, suggested
from tests.scenario.stage import PLACES, Morning, Place, StandIns
from tests.talk import EVERYBODY, Bot, Somebody

REJECTED = "Ad rejected"
Json = dict[str, Any]
Rows = dict[str, set[tuple[object, ...]]]


@dataclass(frozen=True)
class Seat:
    """Somebody with a role, in front of a workspace."""

    person: Somebody
    place: Place
    role: Role

    def __str__(self) -> str:
        """How the seat is called in a test's name."""
        return f"{self.person.name}-{self.role}-{self.place.channel}"

    def may(self, permission: Permission) -> bool:
        """By the table of docs/reference/roles.md, written out once more."""
        least = {
            Permission.READ: Role.VIEWER,
            Permission.TRIAGE: Role.MEMBER,
            Permission.CHANGE_ADS: Role.APPROVER,
            Permission.ADMINISTER: Role.OWNER,
        }
        order = [Role.OUTSIDER, Role.VIEWER, Role.MEMBER, Role.APPROVER, Role.OWNER]
        return order.index(self.role) >= order.index(least[permission])


def seats() -> Iterator[Seat]:
    """In each workspace its owner, its second person in three roles, and two people of the other one."""
    for place in PLACES:
        for person in EVERYBODY:
            if person.home is not place:
                yield Seat(person, place, Role.OUTSIDER)
            elif person.id == place.owner:
                yield Seat(person, place, Role.OWNER)
            else:
                yield from (Seat(person, place, role) for role in (Role.VIEWER, Role.MEMBER, Role.APPROVER))


@dataclass(frozen=True)
class Use:
    """One thing that can be done: a button, a dialog to send off, or a command."""

    kind: str
    name: str
    permission: Permission
    words: str = ""  # what is typed behind the command; {id} is the variations' short id

    def __str__(self) -> str:
        """How it is called in a message."""
        return f"{self.kind} {self.name} {self.words}".strip()


# What a command needs so that it would do something; a new command is tried without words.
_WORDS = {"approve": "{id} 1", "reject": "{id} too loud", "undo": "{id}", "stop": "Something is odd"}
CLICKS = [Use("click", name, spec.permission) for name, spec in sorted(buttons().items())]
DIALOGS = [Use("submission", spec.callback_id, spec.permission) for spec in modals()]
COMMANDS = [
    *(
        Use("command", one.name, one.permission, _WORDS.get(one.name, ""))
        for one in discover("handlers.commands", "COMMAND")
    ),
    Use("command", "fatigue", Permission.ADMINISTER, "rule evidence"),
]
# Where a command has something to do; everything else is tried beside variations that wait.
_POINT_OF = {"undo": "live", "resume": "stopped"}
_ANSWERS: Mapping[str, Mapping[str, str]] = {
    actions.EDIT_VARIATION: {proposal_modals.PRIMARY_TEXT: "A little shine each morning."},
    actions.DIRECT_WRITING: {proposal_modals.DIRECTION: "Shorter"},
    actions.REJECT_PROPOSAL: {proposal_modals.REASON_WORDS: "Too loud"},
    actions.SET_BRAND: {proposal_modals.VOICE: "Warm and plain."},
}
_OPENED_BY = {
    actions.EDIT_VARIATION: "Edit 1",
    actions.DIRECT_WRITING: actions.PROPOSAL_AGAIN,
    actions.REJECT_PROPOSAL: actions.PROPOSAL_REJECT,
}
# Where a message has several of them.
_FIRST = {actions.PROPOSAL_APPROVE: "Approve 1", actions.PROPOSAL_EDIT: "Edit 1"}


@dataclass(frozen=True)
class Kept:
    """A database and the time at which it was like that."""

    database: Path
    at: datetime


class Stage:
    """The bot on its way, what it met there, and the way back to each point."""

    def __init__(self, morning: Morning, folder: Path) -> None:
        self.stand_ins = StandIns()
        self.stand_ins.world.reviews.minutes = 4
        self._folder, self._database = folder, folder / "spruce.db"
        morning.again(self._database, self.stand_ins)
        self.bot = Bot(self.stand_ins, f"sqlite:///{self._database}", installed=True)
        self._kept: dict[str, Kept] = {}
        self._met: dict[tuple[Place, str, str], tuple[str, Message | Json]] = {}
        self._here = ""
        self._walk()

    def close(self) -> None:
        """Stop everything."""
        self.bot.close()
        self.stand_ins.stop()

    # The way

    def _walk(self) -> None:
        for way in (self._morning, self._quiet, self._paused, self._offered, self._stopped, self._approved):
            way()

    def _morning(self) -> None:
        for place in PLACES:
            self.bot.opens_home(CHIEF[place])
            home = self.bot.slack.workspace(place.id).homes[CHIEF[place].id].body
            self._meets(place, "morning", home, actions.HOME_REFRESH)
            rejected = self.bot.alert(REJECTED, place)
            names = (actions.ALERT_ACKNOWLEDGE, actions.ALERT_SNOOZE, actions.ALERT_PAUSE)
            self._meets(place, "morning", rejected, *names)
            warned = self.bot.alert(TIRED, place)
            self._meets(place, "morning", warned, actions.FATIGUE_SUGGEST, actions.FATIGUE_NOT_TIRED)
            self.bot.says("/spruce brand", CHIEF[place])
            answer = self._shown_alone(place)
            self._meets(place, "morning", answer, actions.BRAND_EDIT)
            view = self.bot.opens(actions.BRAND_EDIT, answer, CHIEF[place])
            self._met[place, "submission", actions.SET_BRAND] = ("morning", view)
        self._keeps("morning")

    def _quiet(self) -> None:
        for place in PLACES:
            self.bot.choose("Snooze", "1 hour", self.bot.alert(REJECTED, place), CHIEF[place])
            self._meets(place, "quiet", self.bot.alert(REJECTED, place), actions.ALERT_UNSNOOZE)
        self._keeps("quiet")

    def _paused(self) -> None:
        for place in PLACES:
            alert = self.bot.alert(REJECTED, place)
            self.bot.click("Unsnooze", alert, CHIEF[place])
            self.bot.click("Pause ad", self.bot.now(alert), CHIEF[place], confirmed=True)
        self.bot.settles()
        for place in PLACES:
            self._meets(place, "paused", self.bot.alert(REJECTED, place), actions.ALERT_RESUME)
        self._keeps("paused")

    def _offered(self) -> None:
        deciding = [name for name in buttons() if name.startswith("proposal.")]
        for place in PLACES:
            _warning, card = suggested(self.bot, place)
            self._meets(place, "offered", card, *deciding)
            for dialog, button in _OPENED_BY.items():
                view = self.bot.opens(button, card, CHIEF[place])
                self._met[place, "submission", dialog] = ("offered", view)
        self._keeps("offered")

    def _stopped(self) -> None:
        for place in PLACES:
            self.bot.says("/spruce stop", CHIEF[place])
        self._keeps("stopped")
        for place in PLACES:
            self.bot.says("/spruce resume", CHIEF[place])

    def _approved(self) -> None:
        for place in PLACES:
            card = self.bot.card(self.bot.alert(TIRED, place))
            assert self.bot.click("Approve 1", card, CHIEF[place], confirmed=True) == ""
        for place in PLACES:
            assert live(self.bot, place).new_ad_id
            warning = self.bot.alert(TIRED, place)
            self._meets(place, "live", warning, actions.REPLACEMENT_UNDO)
        self._keeps("live")
        for place in PLACES:
            ad = self.bot.world.find(replacement(self.bot, place).new_ad_id or "")
            self.bot.world.set_status(ad, "PAUSED", self.bot.clock.now(), "Somebody at Meta")
            self.bot.click("Undo", self.bot.alert(TIRED, place), CHIEF[place], confirmed=True)
        self.bot.settles()
        for place in PLACES:
            self._meets(place, "asks", self.bot.alert(TIRED, place), actions.REPLACEMENT_UNDO_ANYWAY)
        self._keeps("asks")

    def _meets(self, place: Place, point: str, where: Message | Json, *names: str) -> None:
        for name in names:
            self._met[place, "click", name] = (point, where)

    def _shown_alone(self, place: Place) -> Message:
        messages = self.bot.slack.workspace(place.id).channel(place.channel).messages
        return [one for one in messages if one.ephemeral_to == place.owner][-1]

    def _keeps(self, point: str) -> None:
        kept = Kept(self._folder / f"{point}.db", self.bot.clock.now())
        _copy(self._database, kept.database)
        self._kept[point] = kept
        self._here = point

    # The cases

    def goes_to(self, use: Use, place: Place) -> None:
        """Bring everything to where this can be used."""
        point = self._point(use, place)
        _copy(self._kept[point].database, self._database)
        self.bot.clock.set(self._kept[point].at)
        self._here = point

    def _point(self, use: Use, place: Place) -> str:
        if use.kind == "command":
            return _POINT_OF.get(use.name, "offered")
        return self._met[place, use.kind, use.name][0]

    def seats(self, seat: Seat) -> None:
        """Give the second person of the workspace the role."""
        approver = seat.role is Role.APPROVER
        roles = Roles(
            owners=frozenset([seat.place.owner]),
            approvers=frozenset([UserId(seat.person.id)] if approver else []),
            everyone=Role.VIEWER if seat.role is Role.VIEWER else Role.MEMBER,
        )
        known = self.bot.services.workspaces.get(seat.place.id)
        with self.bot.application.db.workspace(seat.place.id) as tx:
            tx.workspaces.save(replace(known, roles=roles), seat.place.bot_token)

    def payload(self, use: Use, seat: Seat) -> Json:
        """What Slack sends when this person uses it there, if need be on the owner's screen."""
        workspace = self.bot.slack.workspace(seat.place.id)
        user = self.bot.slack.workspace(seat.person.home.id).user(seat.person.id)
        maker = self.bot.slack.maker(workspace)
        if use.kind == "command":
            room = workspace.channel(seat.place.channel)
            return maker.command(user, room, "/spruce", f"{use.name} {self.words(use, seat.place)}".strip())
        _point, where = self._met[seat.place, use.kind, use.name]
        if isinstance(where, Message):
            return self.bot.click_payload(_FIRST.get(use.name, use.name), where, seat.person, seat.place)
        if use.kind == "submission":
            state = slack_inputs.state_values(
                where["blocks"], slack_inputs.fill(where, dict(_ANSWERS[use.name]))
            )
            payload = maker.submission(user, where, state)
        else:
            block, element = find_element(where["blocks"], use.name)
            action = slack_inputs.action_for(block, element, None, self.bot.slack.state.next_ts())
            payload = maker.view_action(user, where, action, {})
        payload["user"]["team_id"] = seat.person.home.id
        return payload

    def words(self, use: Use, place: Place) -> str:
        """What is typed behind a command, about this workspace's things."""
        return use.words.format(id=short(self.bot, place)) if "{id}" in use.words else use.words

    def sends(self, use: Use, payload: Json, place: Place) -> Delivery:
        """Slack sends it; it is dealt with when this returns."""
        kind = "slash_commands" if use.kind == "command" else "interactive"
        outcome = self.bot.slack.sender.send(self.bot.slack.workspace(place.id), kind, payload)
        assert outcome.ok, f"{use}: {outcome.error} {outcome.status} {outcome.message}"
        assert self.bot.services.inbox.drain(10)
        return self.bot.slack.deliveries[-1]

    # What came of it

    def outcome(self) -> str:
        """How the newest request ended."""
        with self.bot.application.db.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT outcome FROM inbox ORDER BY rowid DESC LIMIT 1").all()
        return str(rows[0][0])

    def rows(self, place: Place, *, requests: bool = False) -> Rows:
        """Every row of a workspace in every table; what came from Slack only when asked for."""
        found: Rows = {}
        with closing(sqlite3.connect(self._database)) as connection:
            tables = [name for (name,) in connection.execute(_TABLES)]
            for table in tables:
                if requests or table != "inbox":
                    found[table] = set(
                        connection.execute(f"SELECT * FROM {table} WHERE workspace_id = ?", (place.id,))  # noqa: S608
                    )
        return found

    @contextmanager
    def watched(self) -> Iterator[dict[Place, set[str]]]:
        """Which tables changed meanwhile, by workspace; Meta is changed by jobs alone, and none runs."""
        written = len(self.bot.graph.ledger.writes())
        before = {place: self.rows(place) for place in PLACES}
        changed: dict[Place, set[str]] = {}
        yield changed
        for place in PLACES:
            after = self.rows(place)
            changed[place] = {name for name, rows in after.items() if rows != before[place][name]}
        assert len(self.bot.graph.ledger.writes()) == written

    def told(self, seat: Seat) -> tuple[list[str], list[str]]:
        """What this person was shown there and nobody else: words in channels, and dialogs."""
        dialogs = [str(call.args) for call in self.bot.slack.calls_of("views.open", seat.place.id)]
        return self.bot.told(seat.person, seat.place), dialogs


# But for the months of figures, which only readings write.
_TABLES = """
SELECT name FROM sqlite_master
WHERE type = 'table' AND sql LIKE '%workspace_id%' AND name NOT LIKE 'ad_day%'
"""


def _copy(source: Path, target: Path) -> None:
    """Also while the bot has it open: SQLite's own way to copy a database in use."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
