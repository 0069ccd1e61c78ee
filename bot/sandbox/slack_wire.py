"""How Web API arguments arrive and how errors leave.

The wire formats are those slack_sdk 3.47 sends: JSON bodies for chat.*, views.*, auth.test and
apps.connections.open, form bodies with JSON strings inside for the rest (its `web/client.py`).
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_state import Channel, State, Ticket, Workspace


class ApiError(Exception):
    """An answer of `ok: false`; `extra` is merged into the body."""

    def __init__(self, error: str, *, status: int = 200, headers: Json | None = None, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = headers or {}
        self.extra = extra

    def body(self) -> Json:
        """The JSON body Slack would send."""
        return {"ok": False, "error": self.error, **self.extra}


def invalid_arguments(*messages: str) -> ApiError:
    """The answer to arguments that are missing or of the wrong kind."""
    return ApiError(
        "invalid_arguments", response_metadata={"messages": [f"[ERROR] {text}" for text in messages]}
    )


def parse(content_type: str, raw: bytes, form: Json) -> Json:
    """The arguments of a request in either wire format; Slack's error when the body is broken."""
    if not content_type.startswith("application/json"):
        return form
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(body, dict):
        raise ApiError("json_not_object")
    return body


class Args:
    """Arguments by name, whichever way they were encoded."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def has(self, name: str) -> bool:
        """The argument was given, even when it is empty."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """A string argument."""
        value = self.values.get(name)
        if value is None:
            return default
        if not isinstance(value, str | int | float):
            raise invalid_arguments(f"must provide a string [json-pointer:/{name}]")
        return str(value)

    def need(self, name: str) -> str:
        """A string argument that must be there."""
        value = self.text(name)
        if not value:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean argument: true, "true" or "1"."""
        value = self.values.get(name)
        return default if value is None else value in {True, "true", "True", "1"}

    def number(self, name: str, default: int) -> int:
        """A whole-number argument."""
        value = self.text(name, str(default))
        if not re.fullmatch(r"-?\d+", value):
            raise invalid_arguments(f"must provide a number [json-pointer:/{name}]")
        return int(value)

    def data(self, name: str) -> Any:
        """A JSON argument: already an object or list, or a string that holds one."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(
                f"invalid_{name}_format" if name in {"blocks", "metadata"} else "invalid_json"
            ) from None


@dataclass(frozen=True)
class Call:
    """One authenticated Web API call."""

    state: State
    workspace: Workspace
    args: Args
    base_url: str
    now: float
    scopes: frozenset[str]

    def need_scope(self, scope: str) -> None:
        """Slack, Scopes: missing_scope names what was needed and what the token has."""
        if scope not in self.scopes:
            raise ApiError("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def channel(self, name: str = "channel") -> Channel:
        """The conversation to write to; a person's id stands for the direct message with them."""
        wanted = self.args.need(name)
        return self.workspace.direct(wanted) if wanted in self.workspace.users else self.room(name)

    def room(self, name: str = "channel") -> Channel:
        """The conversation named by its own id; names are refused on purpose, products should keep ids."""
        wanted = self.args.need(name)
        channel = self.workspace.channels.get(wanted)
        bot = self.workspace.spec.bot_user_id
        if channel is None or (channel.is_private and bot not in channel.members):
            raise ApiError("channel_not_found")
        return channel

    def take_trigger(self) -> Ticket:
        """Exchange a trigger_id: it lives 3 s and works once (Slack, views.open)."""
        value = self.args.need("trigger_id")
        ticket = self.workspace.triggers.get(value)
        if ticket is None:
            raise ApiError("invalid_trigger_id")
        if ticket.uses:
            raise ApiError("exchanged_trigger_id")
        if self.now - ticket.born > 3.0:
            raise ApiError("expired_trigger_id")
        ticket.uses = 1
        return ticket
