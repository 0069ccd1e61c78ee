"""What Slack sent, read: from its payload to what the inbox keeps, and back to a Command or a Click."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.access import Person
from bot.domain.ids import UserId, WorkspaceId
from bot.views.actions import decode
from bot.views.kit import METADATA
from handlers.base import Click, Command
from handlers.submissions import origin_of, values_of
from storage.inbox import Request

EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")
_TEAM = re.compile(r"[A-Z0-9]{1,32}")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request as it came; `fields` is all that is kept of the payload."""

    kind: str
    workspace_id: WorkspaceId
    user_id: UserId
    key: str
    fields: Mapping[str, str]

    def request(self, now: datetime) -> Request:
        """What goes into the inbox."""
        return Request(
            workspace_id=self.workspace_id,
            key=self.key,
            kind=self.kind,
            user_id=self.user_id,
            payload=json.dumps(self.fields),
            received_at=now,
        )


def read(body: Json, workspace_id: str | None) -> Arrival | None:
    """A command, a click, a submission, or an event that Spruce follows; None for anything else.

    `workspace_id` is the workspace that Bolt found to be asked, which differs from the person's own
    in a shared channel.
    """
    if not workspace_id or not _TEAM.fullmatch(workspace_id):
        return None
    team = WorkspaceId(workspace_id)
    if "command" in body:
        return _command(body, team)
    if body.get("type") == "block_actions":
        return _click(body, team)
    if body.get("type") == "view_submission" and _part(body, "view").get("type") == "modal":
        return _submission(body, team)
    if body.get("type") == "event_callback" and _part(body, "event").get("type") in EVENTS:
        return _event(body, team)
    return None


def command_of(request: Request, person: Person) -> Command:
    """The command that was kept."""
    fields = json.loads(request.payload)
    name, *args = fields["text"].split() or ["help"]
    return Command(
        workspace_id=request.workspace_id,
        person=person,
        name=name.lower(),
        args=tuple(args),
        text=fields["text"],
        channel_id=fields["channel_id"],
        response_url=fields["response_url"],
        trigger_id=fields["trigger_id"],
    )


def click_of(request: Request, person: Person) -> Click:
    """The click that was kept; raises BadInput when its value is not one of ours."""
    fields = json.loads(request.payload)
    value = decode(fields["value"]) if fields["value"] else None
    return Click(
        workspace_id=request.workspace_id,
        person=person,
        action_id=fields["action_id"],
        value=value,
        choice=value.choice if value else "",
        channel_id=fields["channel_id"],
        message_ts=fields["message_ts"],
        response_url=fields["response_url"],
        trigger_id=fields["trigger_id"],
        thread_ts=fields.get("thread_ts", ""),
    )


def fields_of(request: Request) -> Mapping[str, str]:
    """What was kept of the payload; nothing once the request has ended."""
    fields: dict[str, str] = json.loads(request.payload or "{}")
    return fields


def moment_of(fields: Mapping[str, str]) -> datetime | None:
    """When an event happened, to the second."""
    seconds = fields.get("event_time", "")
    return datetime.fromtimestamp(int(seconds), UTC) if re.fullmatch(r"\d{1,11}", seconds) else None


def _command(body: Json, team: WorkspaceId) -> Arrival:
    trigger_id = _text(body, "trigger_id")
    fields = {name: _text(body, name) for name in ("text", "channel_id", "response_url")}
    fields |= {"trigger_id": trigger_id, "user_team_id": _text(body, "team_id")}
    user_id = UserId(_text(body, "user_id"))
    return Arrival("command", team, user_id, _key("command", trigger_id or json.dumps(fields)), fields)


def _click(body: Json, team: WorkspaceId) -> Arrival | None:
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else None
    if not isinstance(action, dict):
        return None
    user, container, view = _part(body, "user"), _part(body, "container"), _part(body, "view")
    fields = {
        "action_id": _text(action, "action_id"),
        "value": _text(action, "value") or _text(_part(action, "selected_option"), "value"),
        "channel_id": _text(_part(body, "channel"), "id") or _text(container, "channel_id"),
        "message_ts": _text(container, "message_ts"),
        "thread_ts": _thread(container),
        "surface": _text(view, "type"),
        "response_url": _text(body, "response_url"),
        "trigger_id": _text(body, "trigger_id"),
        "user_team_id": _text(user, "team_id"),
    }
    if view.get("type") == "modal":
        fields |= _place(_text(view, "private_metadata"))
    user_id = UserId(_text(user, "id"))
    place = fields["message_ts"] or _text(container, "view_id")
    key = _key("click", _text(action, "action_ts"), fields["action_id"], user_id, place)
    return Arrival("click", team, user_id, key, fields)


def _submission(body: Json, team: WorkspaceId) -> Arrival:
    user, view = _part(body, "user"), _part(body, "view")
    fields = {
        "callback_id": _text(view, "callback_id"),
        "view_id": _text(view, "id"),
        "metadata": _text(view, "private_metadata")[:METADATA],
        "values": json.dumps(values_of(view), ensure_ascii=False),
        "trigger_id": _text(body, "trigger_id"),
        "user_team_id": _text(user, "team_id"),
        **_place(_text(view, "private_metadata")),
    }
    user_id = UserId(_text(user, "id"))
    # Without the trigger: whoever saw no answer and sends the same words again has sent them once.
    key = _key("submission", fields["view_id"], _text(view, "hash"), user_id, fields["values"])
    return Arrival("submission", team, user_id, key, fields)


def _place(metadata: str) -> dict[str, str]:
    """Where a modal was opened from and its answer belongs."""
    origin = origin_of(metadata)
    return {"channel_id": origin.channel_id, "thread_ts": origin.thread_ts} if origin else {}


def _thread(container: Json) -> str:
    """The thread that a reply stands in; a thread's first message stands in the channel."""
    thread = _text(container, "thread_ts")
    return thread if thread != _text(container, "message_ts") else ""


def _event(body: Json, team: WorkspaceId) -> Arrival:
    event = _part(body, "event")
    fields = {
        "type": _text(event, "type"),
        "tab": _text(event, "tab"),
        "event_time": str(body.get("event_time", "")),
        "bot_tokens": str(len(_part(event, "tokens").get("bot") or ())),
    }
    key = _key("event", _text(body, "event_id") or json.dumps(fields))
    return Arrival("event", team, UserId(_text(event, "user")), key, fields)


def _key(kind: str, *parts: str) -> str:
    # Hashed, because an action's id alone may be as long as the column.
    return f"{kind}:{hashlib.sha256('|'.join(parts).encode()).hexdigest()}"


def _text(node: Json, name: str) -> str:
    value = node.get(name)
    return value if isinstance(value, str) else ""


def _part(node: Json, name: str) -> Json:
    value = node.get(name)
    return value if isinstance(value, dict) else {}
