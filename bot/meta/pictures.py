"""Pictures: uploaded to an ad account, and an ad's own picture fetched from Meta's picture hosts."""

import base64
import re
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

from bot.clock import stopwatch
from bot.domain.ids import AccountId
from bot.errors import BadInput, OutcomeUnknown, Transient
from bot.meta.answers import as_object, object_in, text_of
from bot.meta.client import GraphClient

LARGEST = 10 * 1024 * 1024  # bytes
# Where Meta serves pictures of ads from; a name below one of these counts too.
HOSTS = ("fbcdn.net", "facebook.com", "cdninstagram.com")
_HASH = re.compile(r"[0-9a-f]{32}")
_SECONDS = 30.0
_CHUNK = 64 * 1024


def upload_picture(client: GraphClient, account_id: AccountId, data: bytes) -> str:
    """Put a picture into the account's library; the same bytes twice are one picture with one hash."""
    kind_of(data)
    params = {"bytes": base64.b64encode(data).decode()}
    images = object_in(as_object(client.post(f"{account_id}/adimages", params)), "images")
    hashes = [text_of(object_in(images, key).get("hash")) for key in images]
    if len(hashes) != 1 or not _HASH.fullmatch(hashes[0]):
        raise OutcomeUnknown("Meta did not say under which hash the picture is kept.")
    return hashes[0]


def picture(client: GraphClient, url: str) -> bytes:
    """The bytes of an ad's picture: PNG, JPEG, GIF or WebP, 10 MB at most.

    Only Meta's own hosts and the configured one are asked, without the token and without following
    redirects. Raises BadInput for what must not or cannot be used, Transient for what may work later.
    """
    _demand_allowed(client, url)
    data = b"".join(_read(url))
    kind_of(data)
    return data


def kind_of(data: bytes) -> str:
    """The media type by the first bytes; BadInput when it is no picture, or too large a one."""
    if len(data) > LARGEST:
        raise _too_large()
    for magic, kind in ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg")):
        if data.startswith(magic):
            return kind
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise BadInput("That is not a picture that can be used.", field="picture")


def _demand_allowed(client: GraphClient, url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _not_allowed() from None
    if parts.username is not None or parts.password is not None:
        raise _not_allowed()
    own = urlsplit(client.graph_url)
    if (parts.scheme, host, port) == (own.scheme, own.hostname, own.port):
        return
    known = any(host == one or host.endswith(f".{one}") for one in HOSTS)
    if parts.scheme != "https" or port not in (None, 443) or not known:
        raise _not_allowed()


def _read(url: str) -> Iterator[bytes]:
    from requests import Session
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    started, size = stopwatch(), 0
    with Session() as session:
        session.auth = lambda request: request  # otherwise ~/.netrc is read
        try:
            with closing(session.get(url, stream=True, allow_redirects=False, timeout=(5, 15))) as answer:
                _demand_good(answer.status_code)
                for chunk in answer.iter_content(_CHUNK):
                    size += len(chunk)
                    if size > LARGEST:
                        raise _too_large()
                    if stopwatch() - started > _SECONDS:
                        raise Transient("The ad's picture took too long to arrive.")
                    yield chunk
        except (RequestException, HTTPError, OSError):
            # Their texts hold the address, whose signature is nobody's business.
            raise Transient("The ad's picture could not be fetched.") from None


def _demand_good(status: int) -> None:
    if status >= 500 or status == 429:
        raise Transient("The ad's picture could not be fetched just now.")
    if status != 200:
        raise BadInput("The ad's picture is not where Meta says it is.", field="picture")


def _not_allowed() -> BadInput:
    return BadInput("The ad's picture is not on one of Meta's own addresses.", field="picture")


def _too_large() -> BadInput:
    return BadInput(f"The picture is larger than {LARGEST // 1024 // 1024} MB.", field="picture")
