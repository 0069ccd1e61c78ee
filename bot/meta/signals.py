"""What Meta says of tired creatives: recommendations, ad sets that learn, and the webhook's payload.

Marketing API, Ad Account Recommendations; Ad Set, `learning_stage_info`; Webhooks, `creative_fatigue`, where
the ad is called `adgroup_id`. No shape here is promised, so what is not understood is passed over.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from bot.domain.ids import AccountId, ObjectId
from bot.domain.signals import MetaSignal, SignalSource, signal
from bot.errors import BadRequest, MissingPermission
from bot.meta.client import GraphClient
from bot.meta.faults import GraphError
from bot.meta.nodes import account_id_of, decoder
from bot.meta.paging import Paging

PAGE = 500
RECOMMENDED = ("CREATIVE_FATIGUE", "CREATIVE_LIMITED", "PREDICTIVE_CREATIVE_LIMITED")
_FIELD = "creative_fatigue"
_MOST_CHANGES = 1_000  # in one POST (Webhooks)

Said = tuple[ObjectId, MetaSignal]


class _Any(msgspec.Struct):
    data: list[Any] = []
    paging: Paging | None = None
    error: GraphError | None = None


_ANY = msgspec.json.Decoder(_Any, strict=False)


def recommendations(client: GraphClient, account_id: AccountId, at: datetime) -> list[Said] | None:
    """What Meta recommends about worn creatives, by ad or ad set; None where it gives none to this token."""
    params = {"recommendation_names": list(RECOMMENDED), "limit": PAGE}
    try:
        pages = client.pages(f"{account_id}/recommendations", params, _ANY.decode)
        return [said for page in pages for entry in page.data for said in _recommended(entry, at)]
    except (BadRequest, MissingPermission):
        return None


def learning(client: GraphClient, account_id: AccountId, at: datetime) -> list[Said]:
    """Ad sets whose delivery still learns, or did not get to the end of it (`LEARNING`, `FAIL`)."""
    params = {"fields": "id,learning_stage_info", "limit": PAGE}
    found = []
    for page in client.pages(f"{account_id}/adsets", params, decoder(client.warn)):
        for node in page.data:
            stage = _word(node.learning_stage_info, "status")
            if node.id and stage in ("LEARNING", "FAIL"):
                found.append((ObjectId(str(node.id)), signal(SignalSource.LEARNING, stage, "", at)))
    return found


def webhook(body: bytes) -> list[tuple[AccountId, ObjectId, MetaSignal]]:
    """The fatigue changes of a webhook's body, whose signature was checked before; others are passed over."""
    try:
        payload = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return []
    if not isinstance(payload, dict) or payload.get("object") != "ad_account":
        return []
    found = [told for entry in _list(payload, "entry") for told in _changes(entry)]
    return found[:_MOST_CHANGES]


def _changes(entry: Any) -> Iterator[tuple[AccountId, ObjectId, MetaSignal]]:
    at = _moment(entry.get("time") if isinstance(entry, dict) else None)
    for change in _list(entry, "changes"):
        value = change.get("value") if isinstance(change, dict) else None
        if not isinstance(value, dict) or change.get("field") != _FIELD:
            continue
        account, ad = _word(value, "ad_account_id") or _word(entry, "id"), _word(value, "adgroup_id")
        level = _word(value, "creative_fatigue_level")
        if account and ad and level:
            message = _word(value, "creative_fatigue_message")
            yield account_id_of(account), ObjectId(ad), signal(SignalSource.WEBHOOK, level, message, at)


def _recommended(entry: Any, at: datetime) -> Iterator[Said]:
    """An entry is a recommendation, or holds a list of them."""
    for nested in _list(entry, "recommendations"):
        yield from _recommended(nested, at)
    name = _word(entry, "type")
    if name not in RECOMMENDED:
        return
    content = entry.get("recommendation_content")
    for object_id in _list(entry, "object_ids"):
        if isinstance(object_id, str | int):
            said = signal(SignalSource.RECOMMENDATION, name, _word(content, "body"), at)
            yield ObjectId(str(object_id)), said


def _list(given: Any, name: str) -> list[Any]:
    found = given.get(name) if isinstance(given, dict) else None
    return found if isinstance(found, list) else []


def _word(given: Any, name: str) -> str:
    found = given.get(name) if isinstance(given, dict) else None
    return str(found) if isinstance(found, str | int) else ""


def _moment(given: Any) -> datetime:
    try:
        return datetime.fromtimestamp(given, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
