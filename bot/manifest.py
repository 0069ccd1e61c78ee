"""The Slack app manifest: everything Slack must know about the app, as data and as YAML."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from bot.errors import BadInput

# Each scope with what stops working without it. Nothing is asked for that no call needs: a mention of a
# person needs no users:read, and posting without being invited (chat:write.public) is not wanted.
SCOPES: Final[Mapping[str, str]] = {
    "channels:history": "find out whether an alert was posted before the connection dropped",
    "channels:read": "know whether the alerts' channel still exists and Spruce is in it",
    "chat:write": "post alerts and reports, and edit an alert in place as it changes",
    "commands": "answer /spruce",
    "files:read": "wait until Slack can show an uploaded picture; until then it refuses the message",
    "files:write": "show charts and creatives inside messages, and remove a picture that was replaced",
    "groups:history": "the same as channels:history where the alerts' channel is private",
    "groups:read": "the same as channels:read where the alerts' channel is private",
}
EVENTS: Final[Mapping[str, str]] = {
    "app_home_opened": "draw the Home tab when someone looks at it",
    "app_uninstalled": "forget the workspace's token when Spruce is removed",
    "tokens_revoked": "stop using a token that was taken back",
}
EVENTS_PATH: Final = "/slack/events"
HINT_LIMIT: Final = 1000

Json = dict[str, Any]


class Usable(Protocol):
    """What a slash subcommand says about itself."""

    @property
    def name(self) -> str:
        """The word typed after /spruce."""
        ...

    @property
    def usage(self) -> str:
        """How it is typed."""
        ...


def build(url: str | None, commands: Iterable[Usable]) -> Json:
    """The manifest for Socket Mode, or for HTTP at the given public address."""
    if url is not None and not re.fullmatch(r"https://[^\s/?#@]+(?:/[^\s?#]*)?", url):
        raise BadInput("Slack calls HTTPS addresses only, such as https://spruce.example.com.", field="url")
    base = url.rstrip("/") if url else None
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": _display(),
        "features": _features(base, commands),
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": _settings(base),
    }


def to_yaml(manifest: Mapping[str, Any]) -> str:
    """The manifest as YAML; strings are quoted as in JSON, which YAML reads the same way."""
    return "\n".join(_lines(manifest, 0)) + "\n"


def _display() -> Json:
    return {
        "name": "Spruce",
        "description": "Watches Meta ads from Slack: says what went wrong and why, and acts on a click.",
        "long_description": (
            "Spruce reads a Meta ad account every 15 minutes and posts one message for each thing that goes "
            "wrong: what happened, how much against what, since when and at what cost. The message is edited "
            "as the numbers change. From it an ad can be paused and resumed, and the alert acknowledged or "
            "snoozed. The command /spruce shows open alerts, reports and the state of the connection."
        ),
        "background_color": "#1f4d3a",
    }


def _features(base: str | None, commands: Iterable[Usable]) -> Json:
    slash = {
        "command": "/spruce",
        "description": "Alerts, reports and settings for your Meta ads",
        "usage_hint": _hint(commands),
        "should_escape": True,
    }
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": False,
            "messages_tab_read_only_enabled": True,
        },
        "bot_user": {"display_name": "spruce", "always_online": True},
        "slash_commands": [{**slash, "url": base + EVENTS_PATH} if base else slash],
    }


def _settings(base: str | None) -> Json:
    request = {"request_url": base + EVENTS_PATH} if base else {}
    return {
        "event_subscriptions": {**request, "bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True, **request},
        "org_deploy_enabled": False,
        "socket_mode_enabled": base is None,
        "token_rotation_enabled": False,
    }


def _hint(commands: Iterable[Usable]) -> str:
    usages = [(command.usage or command.name).removeprefix("/spruce").strip() for command in commands]
    hint = " | ".join(usages) or "help"
    # A cut hint still helps; a manifest that Slack refuses does not.
    return hint if len(hint) <= HINT_LIMIT else hint[: HINT_LIMIT - 1] + "…"


def _lines(value: Mapping[str, Any], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for key, item in value.items():
        if isinstance(item, Mapping):
            yield f"{indent}{key}:"
            yield from _lines(item, depth + 1)
        elif isinstance(item, Sequence) and not isinstance(item, str):
            yield f"{indent}{key}:"
            yield from _items(item, depth + 1)
        else:
            yield f"{indent}{key}: {json.dumps(item, ensure_ascii=False)}"


def _items(items: Sequence[Any], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for item in items:
        if isinstance(item, Mapping):
            first, *rest = _lines(item, depth + 1)
            yield f"{indent}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{indent}- {json.dumps(item, ensure_ascii=False)}"
