"""Reading answers whose shape Meta leaves open: as plain JSON, with nothing trusted to be there."""

from collections.abc import Iterator
from typing import Any

import msgspec

from bot.domain.ids import ObjectId
from bot.errors import BadRequest, OutcomeUnknown, Transient
from bot.meta.client import GraphClient
from bot.meta.faults import GraphError
from bot.meta.paging import Paging

PAGE = 500


class _Rows(msgspec.Struct):
    data: list[Any]
    paging: Paging | None = None
    error: GraphError | None = None


_ROWS = msgspec.json.Decoder(_Rows, strict=False)


def as_object(body: bytes) -> dict[str, Any]:
    """A JSON object; anything else raises Transient."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Transient("Meta's answer could not be read; nothing of it was used.", reason="meta_unreadable")
    return found


def rows(client: GraphClient, path: str, params: dict[str, object]) -> Iterator[dict[str, Any]]:
    """Every row of a list, whatever is in it; what is no object is left out."""
    for page in client.pages(path, {"limit": PAGE, **params}, _ROWS.decode):
        yield from (row for row in page.data if isinstance(row, dict))


def made_id(body: bytes) -> ObjectId:
    """The id of what a create made; an answer without one leaves open what was made."""
    found = text_of(_made(body).get("id"))
    if not found:
        raise OutcomeUnknown("Meta did not say what was made.")
    return ObjectId(found)


def demand_success(body: bytes, sentence: str) -> None:
    """Refuse an answer that says `success: false`; some edges answer a bare `true` or an id."""
    try:
        found = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return  # the client has made sure that it is JSON
    if isinstance(found, dict) and found.get("success") is False:
        raise BadRequest(sentence)


def text_of(value: object) -> str:
    """A string or a number as text; empty for everything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def object_in(row: object, name: str) -> dict[str, Any]:
    """A nested object, empty where there is none."""
    found = row.get(name) if isinstance(row, dict) else None
    return found if isinstance(found, dict) else {}


def _made(body: bytes) -> dict[str, Any]:
    try:
        return as_object(body)
    except Transient as fault:
        raise OutcomeUnknown(fault.sentence) from None
