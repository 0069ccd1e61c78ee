"""Pages and cursors, with `next` links that carry the token as Meta's do."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from bot.sandbox.graph_errors import bad_cursor

T = TypeVar("T")
# A cursor with this mark stands behind an empty page: the rows it skipped come with the next call.
_RESUMED = "r"


@dataclass(frozen=True, slots=True)
class Link:
    """Where a listing was asked for, so that `next` can repeat it."""

    address: str
    params: Mapping[str, str]

    def after(self, cursor: str) -> str:
        """The address of the following page."""
        kept = {key: value for key, value in self.params.items() if key not in {"after", "before"}}
        return f"{self.address}?{urlencode({**kept, 'after': cursor})}"


@dataclass(frozen=True, slots=True)
class Slice:
    """Which rows a page holds; `hollow` pages hold none although more follow."""

    begin: int
    end: int
    hollow: bool = False


def encoded(text: str) -> str:
    """A cursor as insights writes it: base64 with its padding spelt `ZD`."""
    return base64.urlsafe_b64encode(text.encode()).decode().replace("=", "ZD")


def decoded(cursor: str) -> str:
    """What a cursor stands for."""
    try:
        return base64.urlsafe_b64decode(cursor.replace("ZD", "=")).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise bad_cursor() from None


def sliced(total: int, after: str | None, size: int, *, hollow: bool) -> Slice:
    """The rows behind a cursor; with `hollow`, each further page first comes empty."""
    if after is None:
        return Slice(0, min(size, total))
    text = decoded(after)
    resumed = text.startswith(_RESUMED)
    if not text.removeprefix(_RESUMED).isdigit():
        raise bad_cursor()
    begin = int(text.removeprefix(_RESUMED)) + 1
    if hollow and not resumed and begin < total:
        return Slice(begin, begin, hollow=True)
    return Slice(min(begin, total), min(begin + size, total))


def paging(part: Slice, total: int, link: Link) -> dict[str, Any] | None:
    """The `paging` object; an empty last page has none."""
    if part.hollow:
        cursor = encoded(f"{_RESUMED}{part.begin - 1}")
        return {"cursors": {"before": cursor, "after": cursor}, "next": link.after(cursor)}
    if part.end <= part.begin:
        return None
    cursors = {"before": encoded(str(part.begin)), "after": encoded(str(part.end - 1))}
    if part.end >= total:
        return {"cursors": cursors}
    return {"cursors": cursors, "next": link.after(cursors["after"])}


def page_of(
    items: Sequence[T], params: Mapping[str, Any], size: int, link: Link, *, hollow: bool
) -> tuple[Sequence[T], dict[str, Any]]:
    """A page of items and the rest of the answer's envelope."""
    part = sliced(len(items), params.get("after"), size, hollow=hollow)
    rest = paging(part, len(items), link)
    return items[part.begin : part.end], {"paging": rest} if rest else {}
