"""A request as it came in and an answer as it goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

JSON = "application/json; charset=UTF-8"
_SECRETS = frozenset({"access_token", "appsecret_proof", "input_token", "client_secret"})


@dataclass(frozen=True)
class Request:
    """One HTTP request; parameters from the query and from a form body are one set, as at Meta."""

    method: str
    target: str
    body: bytes = b""
    authorization: str = ""

    @cached_property
    def path(self) -> str:
        """The path without a trailing slash: the SDK adds one to nodes and none to edges."""
        return urlsplit(self.target).path.rstrip("/")

    @cached_property
    def params(self) -> dict[str, str]:
        """All parameters, secrets included."""
        query = parse_qsl(urlsplit(self.target).query, keep_blank_values=True)
        form = parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return dict(query + form)

    @cached_property
    def public_params(self) -> dict[str, str]:
        """The parameters that may be written down."""
        return {name: value for name, value in self.params.items() if name not in _SECRETS}

    @property
    def token(self) -> str | None:
        """The access token, from the parameters or the Authorization header."""
        scheme, _, value = self.authorization.partition(" ")
        bearer = value if scheme.lower() in {"bearer", "oauth"} else None
        return self.params.get("access_token") or bearer


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; `closes` means that nothing does."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON
    closes: bool = False
    delay: float = 0.0
