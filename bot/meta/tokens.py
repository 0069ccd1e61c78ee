"""What an access token is and may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from bot.clock import Clock
from bot.errors import BadRequest, MissingPermission, TokenDead, Transient
from bot.meta import faults
from bot.meta.client import GraphClient
from bot.meta.faults import GraphError

READING = "ads_read"
CHANGING = "ads_management"


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """What Meta says of a token; None where it did not say."""

    valid: bool
    scopes: frozenset[str] | None
    expires_at: datetime | None  # None: never, or not known
    data_access_expires_at: datetime | None
    kind: str | None  # "USER", "SYSTEM_USER", "PAGE", "APP"
    app_id: str | None
    problem: str | None  # why the token is not valid

    def may_read(self) -> bool | None:
        """Whether it reads ads; None when the scopes are not known."""
        return None if self.scopes is None else bool(self.scopes & {READING, CHANGING})

    def may_change(self) -> bool | None:
        """Whether it pauses and resumes ads; None when the scopes are not known."""
        return None if self.scopes is None else CHANGING in self.scopes


def debug_token(token: str, *, graph_url: str, app_id: str, app_secret: str, clock: Clock) -> TokenInfo:
    """What Meta says of the token when asked by its app."""
    app_token = f"{app_id}|{app_secret}"
    with GraphClient(
        app_token, graph_url=graph_url, app_id=app_id, app_secret=app_secret, clock=clock
    ) as app:
        app.keep_secret(token)
        body = app.get("debug_token", {"input_token": token})
    data = _mapping(_mapping(_decode(body)).get("data"))
    return TokenInfo(
        valid=data.get("is_valid") is True,
        scopes=_scopes(data.get("scopes")),
        expires_at=_moment(data.get("expires_at")),
        data_access_expires_at=_moment(data.get("data_access_expires_at")),
        kind=_text(data.get("type")),
        app_id=_text(data.get("app_id")),
        problem=_problem(data.get("error")),
    )


def own_permissions(client: GraphClient) -> TokenInfo:
    """What the token says of itself, for when there are no app credentials.

    System users may not list their permissions; then `/me` still shows whether the token lives.
    """
    scopes: frozenset[str] | None = None
    try:
        listed = _mapping(_decode(client.get("me/permissions"))).get("data")
        scopes = _granted(listed if isinstance(listed, list) else [])
    except TokenDead as fault:
        return _dead(fault.sentence)
    except (BadRequest, MissingPermission):
        try:
            client.get("me", {"fields": "id,name"})
        except TokenDead as fault:
            return _dead(fault.sentence)
    return TokenInfo(True, scopes, None, None, None, None, None)


def _dead(sentence: str) -> TokenInfo:
    return TokenInfo(False, None, None, None, None, None, sentence)


def _granted(listed: Iterable[Any]) -> frozenset[str]:
    entries = [entry for entry in listed if isinstance(entry, dict)]
    return frozenset(str(entry.get("permission")) for entry in entries if entry.get("status") == "granted")


def _scopes(given: object) -> frozenset[str] | None:
    return frozenset(map(str, given)) if isinstance(given, list) else None


def _moment(given: object) -> datetime | None:
    # 0 is Meta's way to say never.
    if not isinstance(given, int) or given <= 0:
        return None
    try:
        return datetime.fromtimestamp(given, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _problem(given: object) -> str | None:
    if not isinstance(given, dict):
        return None
    # Unlike a Graph error, this one writes its subcode as `subcode`.
    code, subcode = given.get("code"), given.get("subcode")
    error = GraphError(
        code=code if isinstance(code, int) else 190,
        error_subcode=subcode if isinstance(subcode, int) else None,
    )
    return f"{faults.verdict(error).sentence}."


def _text(given: object) -> str | None:
    return given if isinstance(given, str) and given else None


def _mapping(given: object) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}


def _decode(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except msgspec.MsgspecError:
        raise Transient("Meta's answer about the token could not be read.") from None
