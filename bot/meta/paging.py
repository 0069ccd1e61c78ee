"""Walking through the pages of a Graph list.

The SDK's cursor stops at the first empty page even when there is a next one (filters make them), so
this is a pager of our own. It follows `cursors.after` only, on the connection's own host: `next` is a
whole address with the token in it and is never requested.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from bot.errors import BadRequest, MetaError, Transient
from bot.meta.faults import GraphError

SMALLEST_PAGE = 25


class Cursors(msgspec.Struct):
    """Where a page begins and ends."""

    after: str | None = None


class Paging(msgspec.Struct):
    """What follows a page."""

    cursors: Cursors | None = None
    next: str | None = None


class AnyPage(Protocol):
    """A decoded page, whatever its rows are."""

    paging: Paging | None
    error: GraphError | None


PageT = TypeVar("PageT", bound=AnyPage)


class RawPage(msgspec.Struct):
    """A page whose rows are left as they came."""

    data: msgspec.Raw
    paging: Paging | None = None
    error: GraphError | None = None


def walk(
    fetch: Callable[[Mapping[str, object]], bytes],
    params: Mapping[str, object],
    decode: Callable[[bytes], PageT],
    refuse: Callable[[GraphError], MetaError],
) -> Iterator[PageT]:
    """Every page in order, one at a time; a page is decoded whole before it is handed out."""
    asked, seen = dict(params), set[str]()
    while True:
        page = _page(fetch, asked, decode)
        if page.error is not None:
            raise refuse(page.error)
        after = _after(page.paging)
        yield page
        del page  # or it would stay while the next one is read
        if after is None:
            return
        if after in seen:
            raise Transient("Meta's list of pages goes in a circle.", reason="meta_paging")
        seen.add(after)
        asked["after"] = after


def _page(
    fetch: Callable[[Mapping[str, object]], bytes],
    asked: dict[str, object],
    decode: Callable[[bytes], PageT],
) -> PageT:
    while True:
        try:
            return _decoded(fetch, asked, decode)
        except Transient as fault:
            # "Reduce the amount of data" arrives as the code for unknown faults; a smaller page is the cure.
            if fault.code != 1 or not _halve(asked):
                raise


def _decoded(
    fetch: Callable[[Mapping[str, object]], bytes],
    asked: Mapping[str, object],
    decode: Callable[[bytes], PageT],
) -> PageT:
    # A connection that drops in the middle of an answer is seldom twice at the same place.
    for _ in range(2):
        body = fetch(asked)
        try:
            return decode(body)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
    raise Transient(unreadable(body), reason="meta_unreadable")


def _halve(asked: dict[str, object]) -> bool:
    limit = asked.get("limit")
    if not isinstance(limit, int) or limit // 2 < SMALLEST_PAGE:
        return False
    asked["limit"] = limit // 2
    return True


def _after(paging: Paging | None) -> str | None:
    if paging is None or not paging.next:
        return None
    if paging.cursors and paging.cursors.after:
        return paging.cursors.after
    given = parse_qs(urlsplit(paging.next).query).get("after")
    if not given:
        raise BadRequest("Meta says there is another page but not where.", reason="meta_paging")
    return given[0]


def unreadable(body: bytes) -> str:
    """What to say of a body that is not the answer it should be; never quotes it."""
    start = body[:64].lstrip()
    if not start:
        return "Meta sent an empty answer."
    if start.startswith(b"<"):
        return "Meta sent a web page instead of data; something between us and Meta may be in the way."
    if start.startswith((b"{", b"[")):
        return "Meta's answer was cut off or is not in the shape it documents; nothing of it was used."
    return "Meta sent something that is not data; something between us and Meta may be in the way."
