"""What the workspace page shows, as JSON: people, rooms, messages, the clock."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.sandbox.slack_message import Message
from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_state import Channel, State, Workspace


@dataclass
class Shown:
    """Turns state into the page's JSON, in the sandbox's time zone, and counts what was not read."""

    state: State
    time_zone: str = "Asia/Kolkata"
    zone_label: str = "IST"
    _read: dict[tuple[str, str], str] = field(default_factory=dict)

    def local(self, moment: datetime) -> datetime:
        """A moment in the sandbox's time zone."""
        return moment.astimezone(ZoneInfo(self.time_zone))

    def clock(self) -> Json:
        """The clock's entry in /api/state and in "clock" changes."""
        now = self.state.now()
        local = self.local(now)
        label = f"{local:%a} {local.day} {local:%b}, {local:%H:%M} {self.zone_label}"
        return {"now": iso(now), "time_zone": self.time_zone, "label": label}

    def workspace(self, workspace: Workspace, viewer: str | None) -> Json:
        """A workspace with its people and the rooms the viewer may enter."""
        spec = workspace.spec
        people = [{"id": u.id, "name": u.name, "title": u.title, "color": u.color} for u in spec.users]
        rooms = [c for c in workspace.channels.values() if _enters(c, viewer)]
        return {
            "id": spec.id,
            "name": spec.name,
            "icon_color": spec.icon_color,
            "users": people,
            "channels": [self.room(workspace, c, viewer) for c in rooms],
            "app": _app(workspace),
        }

    def room(self, workspace: Workspace, channel: Channel, viewer: str | None) -> Json:
        """A channel's entry in the list at the side."""
        return {
            "id": channel.id,
            "name": channel.name or workspace.spec.app_name,
            "topic": channel.topic,
            "is_private": channel.is_private,
            "bot_is_member": workspace.spec.bot_user_id in channel.members,
            "unread": self.unread(channel, viewer),
        }

    def unread(self, channel: Channel, viewer: str | None) -> int:
        """Root messages of others since the viewer last read the channel."""
        since = self._read.get((channel.id, viewer or ""), "")
        found = [m for m in roots(channel, viewer) if m.user != viewer and _after(m.ts, since)]
        return len(found)

    def read(self, channel: Channel, viewer: str) -> None:
        """The viewer has seen everything in a channel."""
        if channel.messages:
            self._read[channel.id, viewer] = channel.messages[-1].ts

    def message(self, workspace: Workspace, message: Message) -> Json:
        """One message as the page draws it."""
        replies = _replies(workspace.channels[message.channel], message)
        return {
            "ts": message.ts,
            "thread_ts": message.thread_ts,
            "channel": message.channel,
            "user": author(workspace, message.user),
            "text": message.text,
            "blocks": message.blocks,
            "attachments": message.attachments,
            "files": message.files,
            "reactions": copy.deepcopy(message.reactions),
            "edited": message.edited and {"ts": message.edited["ts"]},
            "reply_count": len(replies),
            "latest_reply": replies[-1].ts if replies else None,
            "is_ephemeral": message.is_ephemeral,
            "response_to": message.response_to,
            "at": iso(message.at),
            "label": f"{self.local(message.at):%H:%M}",
        }


def iso(moment: datetime) -> str:
    """UTC with a Z."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def roots(channel: Channel, viewer: str | None) -> list[Message]:
    """What stands in the channel itself, oldest first, as far as the viewer sees it."""
    return [
        m
        for m in channel.messages
        if m.ephemeral_to in {None, viewer} and (not m.is_reply or m.reply_broadcast)
    ]


def thread(channel: Channel, viewer: str | None, ts: str) -> list[Message]:
    """A thread: its root, then the replies the viewer sees."""
    return [m for m in channel.messages if ts in {m.ts, m.thread_ts} and m.ephemeral_to in {None, viewer}]


def author(workspace: Workspace, user: str) -> Json:
    """Who wrote something: a person or the app."""
    person = workspace.users.get(user)
    if person:
        return {"id": user, "name": person.name, "is_bot": False, "color": person.color}
    app = _app(workspace)
    return {"id": user, "name": app["name"], "is_bot": True, "color": app["color"]}


def with_type(entries: Mapping[str, Json], kinds: Mapping[tuple[str, str], str]) -> Json:
    """State from the page with each entry's element type made sure of."""
    return {
        block: {
            action: {**entry, "type": kinds[block, action]}
            for action, entry in actions.items()
            if (block, action) in kinds
        }
        for block, actions in entries.items()
    }


def _app(workspace: Workspace) -> Json:
    spec = workspace.spec
    return {
        "id": spec.app_id,
        "name": spec.app_name,
        "bot_user_id": spec.bot_user_id,
        "color": spec.app_color,
    }


def _enters(channel: Channel, viewer: str | None) -> bool:
    if channel.partner:
        return channel.partner == viewer and bool(channel.messages)
    return not channel.is_private or viewer in channel.members


def _after(ts: str, since: str) -> bool:
    return _key(ts) > _key(since)


def _key(ts: str) -> tuple[int, int]:
    seconds, _, part = ts.partition(".")
    return int(seconds or 0), int(part or 0)


def _replies(channel: Channel, root: Message) -> list[Message]:
    if root.is_reply:
        return []
    return [m for m in channel.messages if m.thread_ts == root.ts and m.is_reply and not m.is_ephemeral]
