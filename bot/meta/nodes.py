"""Objects of an ad account as Graph writes them, and their translation into our own.

Any field may be missing: Meta leaves out what is empty, and what the token may not see.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from bot.domain.ids import AccountId, ObjectId
from bot.domain.structure import Account, Ad, AdSet, Campaign, Creative, Issue
from bot.meta.faults import GraphError
from bot.meta.paging import Paging

_LONGEST = 2000  # characters of any text; Meta's own limits are far below
_EPOCH = datetime.fromtimestamp(0, UTC)


class Node(msgspec.Struct):
    """Any object of an account; which fields are filled depends on what it is."""

    id: str | int = ""
    name: str | None = None
    status: str | None = None
    configured_status: str | None = None
    effective_status: str | None = None
    created_time: str | int | None = None
    updated_time: str | int | None = None
    daily_budget: int | None = None
    campaign_id: str | int | None = None
    adset_id: str | int | None = None
    objective: str | None = None
    optimization_goal: str | None = None
    creative: "CreativeNode | None" = None
    issues_info: Any = None
    ad_review_feedback: Any = None
    learning_stage_info: Any = None


class CreativeNode(msgspec.Struct):
    """What an ad shows, as nested in its ad."""

    id: str | int | None = None
    name: str | None = None
    title: str | None = None
    body: str | None = None
    thumbnail_url: str | None = None
    object_type: str | None = None
    call_to_action_type: str | None = None


class Nodes(msgspec.Struct):
    """A page of objects."""

    data: list[Node]
    paging: Paging | None = None
    error: GraphError | None = None


class AccountNode(msgspec.Struct):
    """An ad account."""

    id: str | int = ""
    name: str | None = None
    currency: str | None = None
    timezone_name: str | None = None
    account_status: int = 1
    disable_reason: int = 0


class AccountNodes(msgspec.Struct):
    """A page of ad accounts."""

    data: list[AccountNode]
    paging: Paging | None = None
    error: GraphError | None = None


class _AnyNodes(msgspec.Struct):
    data: list[Any]
    paging: Paging | None = None
    error: GraphError | None = None


_NODES = msgspec.json.Decoder(Nodes, strict=False)
_ANY_NODES = msgspec.json.Decoder(_AnyNodes, strict=False)


def decoder(warn: Callable[[str], None]) -> Callable[[bytes], Nodes]:
    """Reads a page of objects; one of another shape is left out with a warning, the rest is kept."""

    def decode(body: bytes) -> Nodes:
        try:
            return _NODES.decode(body)
        except msgspec.ValidationError:
            page = _ANY_NODES.decode(body)
        return Nodes([node for given in page.data for node in _node(given, warn)], page.paging, page.error)

    return decode


def _node(given: Any, warn: Callable[[str], None]) -> Iterator[Node]:
    if isinstance(given, dict):
        given = {name: value for name, value in given.items() if value not in (None, "")}
    try:
        yield msgspec.convert(given, Node, strict=False)
    except msgspec.ValidationError:
        warn("Meta listed an object in a shape that it does not document; it was left out.")


def as_account(found: AccountNode, account_id: AccountId) -> Account:
    return Account(
        id=account_id,
        name=found.name or account_id,
        currency=found.currency or "",
        timezone_name=found.timezone_name or "",
        account_status=found.account_status,
        disable_reason=found.disable_reason,
    )


def account_id_of(given: str | int) -> AccountId:
    return AccountId(f"act_{str(given).removeprefix('act_')}")


def as_campaign(node: Node) -> Campaign:
    return Campaign(
        id=ObjectId(str(node.id)),
        name=node.name or "",
        objective=node.objective or "",
        configured_status=configured_status(node),
        effective_status=_effective(node),
        daily_budget_minor=node.daily_budget or None,
        updated_at=moment(node.updated_time),
    )


def as_adset(node: Node) -> AdSet:
    return AdSet(
        id=ObjectId(str(node.id)),
        campaign_id=_reference(node.campaign_id),
        name=node.name or "",
        optimization_goal=node.optimization_goal or "",
        configured_status=configured_status(node),
        effective_status=_effective(node),
        daily_budget_minor=node.daily_budget or None,
        updated_at=moment(node.updated_time),
    )


def as_ad(node: Node) -> Ad:
    creative = node.creative
    return Ad(
        id=ObjectId(str(node.id)),
        adset_id=_reference(node.adset_id),
        campaign_id=_reference(node.campaign_id),
        name=node.name or "",
        creative_id=_reference(creative.id) if creative and creative.id else None,
        configured_status=configured_status(node),
        effective_status=_effective(node),
        updated_at=moment(node.updated_time),
        issues=review_issues(node.ad_review_feedback, node.issues_info),
        created_at=moment(node.created_time) if node.created_time else None,
    )


def as_creative(found: CreativeNode | None) -> Creative | None:
    if found is None or not found.id:
        return None
    return Creative(
        id=_reference(found.id),
        name=found.name or "",
        title=found.title,
        body=found.body,
        thumbnail_url=found.thumbnail_url,
        object_type=found.object_type,
        call_to_action=found.call_to_action_type,
    )


def _reference(given: str | int | None) -> ObjectId:
    return ObjectId("" if given is None else str(given))


def configured_status(node: Node) -> str:
    return node.configured_status or node.status or "UNKNOWN"


def _effective(node: Node) -> str:
    return node.effective_status or "UNKNOWN"


def moment(given: str | int | None) -> datetime:
    """Meta writes 2026-11-22T09:30:00+0530; without a time an object counts as never changed."""
    try:
        if isinstance(given, int):
            return datetime.fromtimestamp(given, UTC)
        read = datetime.fromisoformat(given or "")
    except (ValueError, OverflowError, OSError):
        return _EPOCH
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def review_issues(feedback: object, issues: object) -> tuple[Issue, ...]:
    """What stands in an ad's way: the policies of `ad_review_feedback`, then the entries of `issues_info`.

    Neither shape is promised, so anything that is not a mapping or a list of them is passed over.
    """
    found = [*_policies(feedback), *_hindrances(issues)]
    return tuple(dict.fromkeys(found))


def _policies(feedback: object) -> Iterator[Issue]:
    if not isinstance(feedback, dict):
        return
    for place, policies in feedback.items():
        if place == "placement_specific" and isinstance(policies, dict):
            for platform in policies.values():
                yield from _policies({"global": platform})
        elif isinstance(policies, dict):
            for policy, text in policies.items():
                yield Issue(_text(policy), _text(policy), _text(text))


def _hindrances(issues: object) -> Iterator[Issue]:
    for issue in issues if isinstance(issues, list) else ():
        if isinstance(issue, dict):
            yield Issue(
                _text(issue.get("error_code")),
                _text(issue.get("error_summary")),
                _text(issue.get("error_message")),
            )


def _text(value: object) -> str:
    return "" if value is None else str(value)[:_LONGEST]
