"""Who may call: tokens with their accounts and scopes, and the proof that the app secret is known."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.graph_errors import (
    METHOD,
    GraphError,
    dead_token,
    missing_read,
    missing_write,
    unknown_object,
)
from bot.sandbox.graph_insights import account_of
from bot.sandbox.world_book import SYSTEM_USER, SYSTEM_USER_ID
from bot.sandbox.world_objects import Thing

READ, WRITE = "ads_read", "ads_management"


@dataclass(frozen=True, slots=True)
class Access:
    """What one token may see and do; accounts as bare numbers."""

    label: str
    accounts: frozenset[str]
    scopes: frozenset[str] = frozenset({READ, WRITE})
    user_id: str = SYSTEM_USER_ID
    user_name: str = SYSTEM_USER
    expires_at: int = 0

    def may_read(self) -> None:
        """Refuse a token without a reading scope."""
        if not self.scopes & {READ, WRITE}:
            raise missing_read()

    def may_write(self) -> None:
        """Refuse a token without the writing scope."""
        if WRITE not in self.scopes:
            raise missing_write()

    def sees(self, thing: Thing, method: str) -> None:
        """Refuse an object of somebody else's account in the same words as a missing one."""
        if account_of(thing).id not in self.accounts:
            raise unknown_object(getattr(thing, "node_id", thing.id), method)


@dataclass(slots=True)
class Gate:
    """The app, its secret and the tokens it knows; tokens can be killed while it runs."""

    app_id: str
    app_secret: str
    tokens: dict[str, Access]
    require_proof: bool = False
    dead: dict[str, int] = field(default_factory=dict)

    def revoke(self, token: str, subcode: int = 460) -> None:
        """From now on this token gets 190 with this subcode."""
        self.dead[token] = subcode

    def restore(self, token: str) -> None:
        """The token works again."""
        self.dead.pop(token, None)

    @property
    def app_token(self) -> str:
        """The app's own token, for debug_token."""
        return f"{self.app_id}|{self.app_secret}"

    def label(self, token: str | None) -> str:
        """A name for the token that may be written down."""
        known = self.tokens.get(token or "")
        return known.label if known else "none" if not token else "unknown"

    def admit(self, token: str | None, params: Mapping[str, str]) -> Access:
        """The access behind a token; an app token has none to ads."""
        if token in self.dead:
            raise dead_token(self.dead[str(token)])
        access = self.tokens.get(token or "")
        if access is None and token != self.app_token:
            raise dead_token()
        self._check_proof(str(token), params.get("appsecret_proof"))
        return access or Access("app", frozenset(), frozenset())

    def _check_proof(self, token: str, proof: str | None) -> None:
        if proof is None:
            if self.require_proof:
                message = "API calls from the server require an appsecret_proof argument"
                raise GraphError(100, message, kind=METHOD)
            return
        wanted = hmac.new(self.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted, proof):
            message = "Invalid appsecret_proof provided in the API argument"
            raise GraphError(100, message, kind=METHOD)

    def described(self, token: str) -> dict[str, object]:
        """The `data` of debug_token."""
        access = self.tokens.get(token)
        if access is None or token in self.dead:
            error = dead_token(self.dead.get(token))
            reason = {"code": error.code, "message": error.message, "subcode": error.subcode or 0}
            return {"app_id": self.app_id, "error": reason, "is_valid": False, "scopes": []}
        return {
            "app_id": self.app_id,
            "application": "Spruce",
            "type": "SYSTEM_USER",
            "data_access_expires_at": 0,
            "expires_at": access.expires_at,
            "is_valid": True,
            "scopes": sorted(access.scopes),
            "granular_scopes": [
                {"scope": scope, "target_ids": sorted(access.accounts)} for scope in sorted(access.scopes)
            ],
            "user_id": access.user_id,
        }
