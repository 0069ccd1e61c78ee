"""The activities edge: who changed what, from the log."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from bot.sandbox.graph_errors import bad_node_field
from bot.sandbox.graph_fields import parsed
from bot.sandbox.graph_insights import account_of
from bot.sandbox.graph_nodes import View
from bot.sandbox.graph_schema import fields_of
from bot.sandbox.graph_tables import kind_of
from bot.sandbox.graph_times import read_moment
from bot.sandbox.world_book import SYSTEM_USER, SYSTEM_USER_ID
from bot.sandbox.world_objects import Account, Ad, AdSet, Campaign, Thing
from bot.sandbox.world_status import Change

# AdActivity.EventType by what changed and the kind of object; what is not here leaves no trace.
_EVENTS: Mapping[tuple[str, str], str] = {
    ("status", "ad"): "update_ad_run_status",
    ("status", "adset"): "update_ad_set_run_status",
    ("status", "campaign"): "update_campaign_run_status",
    ("name", "ad"): "update_ad_friendly_name",
    ("name", "adset"): "update_ad_set_name",
    ("name", "campaign"): "update_campaign_name",
    ("budget", "adset"): "update_ad_set_budget",
    ("budget", "campaign"): "update_campaign_budget",
    ("creative", "ad"): "update_ad_creative",
    ("labels", "ad"): "update_ad_labels",
    ("created", "ad"): "create_ad",
}
_REVIEW_EVENTS = {"DISAPPROVED": "ad_review_declined", "PENDING_REVIEW": ""}
_OBJECT_TYPES = {"ad": "AD", "adset": "AD_SET", "campaign": "CAMPAIGN"}


def activities(view: View, scope: Thing, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The dated changes under an object, newest first, within `since` and `until`."""
    since = read_moment("since", str(params["since"])) if "since" in params else 0.0
    until = read_moment("until", str(params["until"])) if "until" in params else view.moment
    names = _columns(params.get("fields"))
    found = [
        (change.at, _shown(view, thing, change))
        for thing in _things(view, scope)
        for change in view.world.log.changes(thing.id, view.moment)
        if since <= change.at <= until and params.get("oid", thing.id) == thing.id and _event(thing, change)
    ]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [{name: event[name] for name in names if name in event} for _, event in found]


def _columns(text: str | None) -> tuple[str, ...]:
    names = tuple(wanted.name for wanted in parsed(text))
    for name in names:
        if name not in fields_of("activity"):
            raise bad_node_field(name, "AdActivity")
    return names or tuple(sorted(fields_of("activity")))


def _things(view: View, scope: Thing) -> list[Thing]:
    world = view.world
    campaigns: list[Campaign] = world.campaigns_of(scope) if isinstance(scope, Account) else []
    adsets: list[AdSet] = world.adsets_of(scope)
    own = [scope] if isinstance(scope, (Campaign, AdSet)) else []
    return [*campaigns, *adsets, *own, *world.ads_of(scope)]


def _event(thing: Thing, change: Change) -> str:
    """The event's type, empty for what is not listed, such as the status that an ad is born with."""
    if change.what == "review":
        return _REVIEW_EVENTS.get(change.value, "ad_review_approved")
    born = change.what == "status" and change.at == thing.created_at.timestamp()
    return "" if born else _EVENTS.get((change.what, kind_of(thing)), "")


def _shown(view: View, thing: Thing, change: Change) -> dict[str, Any]:
    kind, event = kind_of(thing), _event(thing, change)
    actor = "Meta" if change.what == "review" else change.actor
    return {
        "actor_id": _actor_id(actor),
        "actor_name": actor,
        "event_time": view.stamp(change.at, thing),
        "date_time_in_timezone": view.stamp(change.at, thing),
        "event_type": event,
        "translated_event_type": event.replace("_", " ").capitalize(),
        "object_id": thing.id,
        "object_name": view.world.name(thing),
        "object_type": _OBJECT_TYPES[kind],
        "extra_data": msgspec.json.encode(_extra(view, thing, change)).decode(),
    }


def _extra(view: View, thing: Thing, change: Change) -> dict[str, Any]:
    """The new value, and the old one where there was one."""
    known: dict[str, Any] = {"new_value": change.value}
    if change.what == "budget":
        known |= {"type": "payment_amount", "currency": account_of(thing).currency}
        known["new_value"] = int(change.value)
    before = [
        one.value
        for one in view.world.log.changes(thing.id, change.at)
        if one.what == change.what and one.at < change.at
    ]
    first = _first(thing, change.what)
    old = before[-1] if before else first
    if old is not None:
        known["old_value"] = int(old) if change.what == "budget" else old
    return known


def _first(thing: Thing, what: str) -> str | None:
    """What an object began with."""
    if what == "budget" and isinstance(thing, (Campaign, AdSet)):
        return str(thing.daily_budget_minor)
    if what == "creative" and isinstance(thing, Ad):
        return thing.creative.id
    return {"status": "ACTIVE", "name": thing.name}.get(what)


def _actor_id(actor: str) -> str:
    """A number that stays the same for the same name."""
    known = {"Meta": "0", SYSTEM_USER: SYSTEM_USER_ID}
    return known.get(actor) or str(int(blake2b(actor.encode(), digest_size=6).hexdigest(), 16))
