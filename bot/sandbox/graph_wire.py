"""A request as it came in and an answer as it goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
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
    content_type: str = ""

    @cached_property
    def path(self) -> str:
        """The path without a trailing slash: the SDK adds one to nodes and none to edges."""
        return urlsplit(self.target).path.rstrip("/")

    @cached_property
    def params(self) -> dict[str, str]:
        """All parameters, secrets included."""
        query = parse_qsl(urlsplit(self.target).query, keep_blank_values=True)
        return dict(query) | self._form[0]

    @property
    def files(self) -> dict[str, tuple[str, bytes]]:
        """The files of a multipart body: their names and bytes, by the name of the part."""
        return self._form[1]

    @cached_property
    def _form(self) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
        if self.content_type.startswith("multipart/form-data"):
            return _parts(self.body, self.content_type)
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)), {}

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


def _parts(body: bytes, content_type: str) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    texts, files = {}, {}
    for part in message.iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        data = part.get_payload(decode=True)
        data = data if isinstance(data, bytes) else b""
        filename = part.get_filename()
        if filename is None:
            texts[name] = data.decode("utf-8", "replace")
        else:
            files[name] = (filename, data)
    return texts, files


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; `closes` means that nothing does."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON
    closes: bool = False
    delay: float = 0.0
