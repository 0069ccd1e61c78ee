"""What the stand-in Slack remembers, behind one lock; every change wakes whoever waits for it."""

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.clock import Clock, stopwatch
from bot.sandbox.slack_message import Message
from bot.sandbox.slack_spec import ChannelSpec, Json, UserSpec, WorkspaceSpec

T = TypeVar("T")


@dataclass(frozen=True)
class ApiCall:
    """One Web API call as it arrived, and what was answered; None when the connection was cut."""

    workspace: str | None
    method: str
    args: Json
    status: int | None
    answer: Json | None
    at: float


@dataclass
class Channel:
    """A conversation: public, private or, with `partner`, a direct message with the bot."""

    id: str
    name: str
    topic: str = ""
    is_private: bool = False
    is_archived: bool = False
    partner: str | None = None
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)

    def find(self, ts: str) -> Message | None:
        """The stored message with this timestamp; ephemerals are not stored messages."""
        return next((m for m in self.messages if m.ts == ts and not m.is_ephemeral), None)


@dataclass
class ViewRecord:
    """One modal or Home view and the person who sees it."""

    user: str
    body: Json


@dataclass
class Ticket:
    """A trigger_id or response_url handed out: who for, when, and how often used."""

    user: str
    channel: str | None
    born: float
    message_ts: str | None = None
    thread_ts: str | None = None
    command: str | None = None
    view_id: str | None = None
    uses: int = 0


class Workspace:
    """The running state of one workspace."""

    def __init__(self, spec: WorkspaceSpec) -> None:
        self.spec = spec
        self.id = spec.id
        self.users: dict[str, UserSpec] = {user.id: user for user in spec.users}
        self.channels: dict[str, Channel] = {c.id: _channel(c, spec) for c in spec.channels}
        self.scopes = set(spec.scopes)
        self.homes: dict[str, ViewRecord] = {}
        self.stacks: dict[str, list[ViewRecord]] = {}
        self.triggers: dict[str, Ticket] = {}
        self.hooks: dict[str, Ticket] = {}
        self.files: dict[str, Json] = {}
        self.scheduled: dict[str, Json] = {}
        self.typed: dict[tuple[str, str], Json] = {}
        self.token_error: str | None = None

    def channel(self, name_or_id: str) -> Channel:
        """The channel with this id or name, `#` allowed; KeyError when there is none."""
        name = name_or_id.removeprefix("#")
        for channel in self.channels.values():
            if name in {channel.id, channel.name}:
                return channel
        raise KeyError(f"{self.spec.name} has no channel {name_or_id}")

    def user(self, name_or_id: str) -> UserSpec:
        """The person with this id or name; KeyError when there is none."""
        for user in self.users.values():
            if name_or_id in {user.id, user.name}:
                return user
        raise KeyError(f"{self.spec.name} has nobody called {name_or_id}")

    def direct(self, user: str) -> Channel:
        """The direct message between the bot and a person, opened when needed."""
        channel_id = "D" + user[1:]
        if channel_id not in self.channels:
            members = {user, self.spec.bot_user_id}
            self.channels[channel_id] = Channel(channel_id, "", partner=user, members=members)
        return self.channels[channel_id]

    def views(self) -> Iterator[ViewRecord]:
        """Every view somebody can see at this moment."""
        yield from self.homes.values()
        for stack in self.stacks.values():
            yield from stack


class Changes(threading.Condition):
    """A condition that counts, so that a change between looking and waiting is never missed."""

    def __init__(self) -> None:
        super().__init__(threading.RLock())
        self.version = 0

    def notify_all(self) -> None:
        """Something changed."""
        self.version += 1
        super().notify_all()


class State:
    """All workspaces, the ledgers and the condition that announces changes."""

    def __init__(self, clock: Clock, specs: list[WorkspaceSpec]) -> None:
        self.clock = clock
        self.changed = Changes()
        self.workspaces = {spec.id: Workspace(spec) for spec in specs}
        self.calls: list[ApiCall] = []
        self.listeners: list[Callable[[str, Json], None]] = []
        self.closing = False
        self.file_seconds = 0.05  # until an uploaded file can be shown; the real Slack takes some seconds
        self._last_ts = (0, 0)
        self._numbers = itertools.count(1)

    def next_ts(self) -> str:
        """A message key: sandbox seconds and a counter, always above the one before.

        Slack, "Retrieving messages": ts is a string key unique in its channel, never a number.
        """
        with self.changed:
            moment = (int(self.clock.now().timestamp()), 100)
            seconds, part = self._last_ts
            self._last_ts = max(moment, (seconds, part + 100))
            return f"{self._last_ts[0]}.{self._last_ts[1]:06d}"

    def next_id(self, prefix: str) -> str:
        """A new id such as `V0000000A`; numbers go up, so runs are repeatable."""
        return f"{prefix}{next(self._numbers):09X}"

    def now(self) -> datetime:
        """The sandbox's present."""
        return self.clock.now()

    def announce(self, workspace: str, change: Json) -> None:
        """Wake waiting tests and tell the page; `change` is what the page's stream sends."""
        with self.changed:
            self.changed.notify_all()
            for listener in list(self.listeners):
                listener(workspace, change)

    def record(self, call: ApiCall) -> None:
        """Append to the ledger of API calls."""
        with self.changed:
            self.calls.append(call)
            self.changed.notify_all()

    def wait_until(self, condition: Callable[[], T | None], timeout: float) -> T:
        """The first truthy value of the condition; looks again after each change, never on a timer.

        The condition runs without the lock: it may call the stand-in over HTTP.
        """
        end = stopwatch() + timeout
        while True:
            seen = self.changed.version
            value = condition()
            if value:
                return value
            if not self._wait_past(seen, end):
                raise TimeoutError(f"nothing of the kind within {timeout} s")

    def _wait_past(self, seen: int, end: float) -> bool:
        with self.changed:
            while self.changed.version == seen:
                left = end - stopwatch()
                if left <= 0 or not self.changed.wait(left):
                    return False
        return True

    def close(self) -> None:
        """The stand-in stops: whoever streams changes must end."""
        with self.changed:
            self.closing = True
            self.changed.notify_all()

    def put(self, workspace: Workspace, message: Message) -> Message:
        """Add a message to its channel and announce it."""
        with self.changed:
            workspace.channels[message.channel].messages.append(message)
            kind = "ephemeral" if message.is_ephemeral else "message"
            self.announce(workspace.id, {"kind": kind, "message": message})
        return message

    def changed_message(self, workspace: Workspace, message: Message) -> None:
        """Announce that a message is different now."""
        self.announce(workspace.id, {"kind": "message_changed", "message": message})

    def remove(self, workspace: Workspace, message: Message) -> None:
        """Take a message away and announce it."""
        with self.changed:
            workspace.channels[message.channel].messages.remove(message)
            self.announce(workspace.id, {"kind": "message_deleted", "message": message})


def _channel(spec: ChannelSpec, workspace: WorkspaceSpec) -> Channel:
    members = set(spec.members) or {user.id for user in workspace.users}
    if spec.bot_is_member:
        members.add(workspace.bot_user_id)
    return Channel(spec.id, spec.name, spec.topic, spec.is_private, spec.is_archived, None, members)
