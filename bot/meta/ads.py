"""What an account is made of: campaigns, ad sets, ads with their creatives; and starting or pausing an ad.

Budgets and bids are integers in minor units here, unlike the money of Insights (Marketing API,
Currencies). `effective_status` says what an object really does; `status` only what was wished.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from bot.domain.ids import AccountId, ObjectId
from bot.domain.structure import Account, Ad, AdSet, Campaign, Creative
from bot.errors import BadRequest, Transient
from bot.meta.client import GraphClient
from bot.meta.nodes import (
    AccountNode,
    AccountNodes,
    Node,
    Nodes,
    account_id_of,
    as_account,
    as_ad,
    as_adset,
    as_campaign,
    as_creative,
    configured_status,
    decoder,
    moment,
)

PAGE = 500
ACCOUNT_FIELDS = "id,name,currency,timezone_name,account_status,disable_reason"
CAMPAIGN_FIELDS = "id,name,objective,status,configured_status,effective_status,daily_budget,updated_time"
ADSET_FIELDS = (
    "id,campaign_id,name,optimization_goal,status,configured_status,effective_status,daily_budget,"
    "updated_time"
)
AD_FIELDS = (
    "id,adset_id,campaign_id,name,status,configured_status,effective_status,created_time,updated_time,"
    "issues_info,"
    "ad_review_feedback,"
    "creative{id,name,title,body,thumbnail_url,object_type,call_to_action_type}"
)
STATUS_FIELDS = "status,configured_status,effective_status,updated_time"


@dataclass(frozen=True, slots=True)
class ObjectStatus:
    """What an ad, ad set or campaign does, what it was told to do, and when it last changed."""

    effective_status: str
    configured_status: str
    updated_at: datetime


class _Success(msgspec.Struct):
    success: bool | None = None


_NODE = msgspec.json.Decoder(Node, strict=False)
_ACCOUNTS = msgspec.json.Decoder(AccountNodes, strict=False)
_ACCOUNT = msgspec.json.Decoder(AccountNode, strict=False)
_SUCCESS = msgspec.json.Decoder(_Success, strict=False)
_T = TypeVar("_T")


def account(client: GraphClient, account_id: AccountId) -> Account:
    """The ad account's name, money and day."""
    found = _decode(_ACCOUNT, client.get(account_id, {"fields": ACCOUNT_FIELDS}))
    if not found.currency or not found.timezone_name:
        raise BadRequest("Meta does not say in which currency and time zone the account is.")
    return as_account(found, account_id)


def accounts(client: GraphClient) -> list[Account]:
    """Every ad account that the token can see."""
    params = {"fields": ACCOUNT_FIELDS, "limit": PAGE}
    pages = client.pages("me/adaccounts", params, _ACCOUNTS.decode)
    return [
        as_account(found, account_id_of(found.id))
        for page in pages
        for found in page.data
        if found.id and found.currency and found.timezone_name
    ]


def campaigns(
    client: GraphClient, account_id: AccountId, *, updated_since: datetime | None = None
) -> Iterator[list[Campaign]]:
    """Campaigns, all or those that changed since, page by page."""
    params: dict[str, object] = {"fields": CAMPAIGN_FIELDS, "limit": PAGE}
    if updated_since:
        # This edge has no `updated_since` of its own.
        params["filtering"] = [
            {"field": "updated_time", "operator": "GREATER_THAN", "value": _unix(updated_since)}
        ]
    for page in client.pages(f"{account_id}/campaigns", params, decoder(client.warn)):
        yield [as_campaign(node) for node in _named(client, page)]


def adsets(
    client: GraphClient, account_id: AccountId, *, updated_since: datetime | None = None
) -> Iterator[list[AdSet]]:
    """Ad sets, all or those that changed since, page by page."""
    for page in client.pages(
        f"{account_id}/adsets", _params(ADSET_FIELDS, updated_since), decoder(client.warn)
    ):
        yield [as_adset(node) for node in _named(client, page)]


def ads(
    client: GraphClient, account_id: AccountId, *, updated_since: datetime | None = None
) -> Iterator[list[tuple[Ad, Creative | None]]]:
    """Ads with what they show, all or those that changed since, page by page."""
    for page in client.pages(f"{account_id}/ads", _params(AD_FIELDS, updated_since), decoder(client.warn)):
        yield [(as_ad(node), as_creative(node.creative)) for node in _named(client, page)]


def object_status(client: GraphClient, object_id: ObjectId) -> ObjectStatus:
    """What an ad, ad set or campaign does right now."""
    node = _decode(_NODE, client.get(object_id, {"fields": STATUS_FIELDS}))
    if not node.effective_status:
        raise Transient("Meta does not say what state the object is in.")
    return ObjectStatus(node.effective_status, configured_status(node), moment(node.updated_time))


def set_status(client: GraphClient, object_id: ObjectId, status: Literal["ACTIVE", "PAUSED"]) -> None:
    """Start or pause an object. OutcomeUnknown means: look with `object_status` before anything else."""
    answer = client.post(object_id, {"status": status})
    try:
        refused = _SUCCESS.decode(answer).success is False
    except msgspec.ValidationError:
        refused = False  # a good answer of another shape; some edges answer a bare `true`
    if refused:
        raise BadRequest("Meta did not change the ad's status.")


def _params(fields: str, updated_since: datetime | None) -> dict[str, object]:
    params: dict[str, object] = {"fields": fields, "limit": PAGE}
    if updated_since:
        params["updated_since"] = _unix(updated_since)
    return params


def _named(client: GraphClient, page: Nodes) -> Iterator[Node]:
    for node in page.data:
        if node.id:
            yield node
        else:
            client.warn("Meta listed an object without an id; it was left out.")


def _unix(moment: datetime) -> int:
    return int(moment.timestamp())


def _decode(decoder: "msgspec.json.Decoder[_T]", body: bytes) -> _T:
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Transient("Meta's answer could not be read; nothing of it was used.") from None
