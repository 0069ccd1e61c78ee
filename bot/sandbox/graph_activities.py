"""The activities edge: who changed what, from the log."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.sandbox.graph_errors import bad_node_field
from bot.sandbox.graph_fields import parsed
from bot.sandbox.graph_insights import account_of
from bot.sandbox.graph_nodes import View
from bot.sandbox.graph_schema import fields_of
from bot.sandbox.graph_tables import kind_of
from bot.sandbox.graph_times import read_moment
from bot.sandbox.world_objects import Account, AdSet, Campaign, Thing
from bot.sandbox.world_status import Change

# AdActivity.EventType, by kind of object.
_STATUS_EVENTS = {
    "ad": "update_ad_run_status",
    "adset": "update_ad_set_run_status",
    "campaign": "update_campaign_run_status",
}
_NAME_EVENTS = {
    "ad": "update_ad_friendly_name",
    "adset": "update_ad_set_name",
    "campaign": "update_campaign_name",
}
_REVIEW_EVENTS = {"DISAPPROVED": "ad_review_declined"}
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
        if since <= change.at <= until and params.get("oid", thing.id) == thing.id
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


def _shown(view: View, thing: Thing, change: Change) -> dict[str, Any]:
    kind = kind_of(thing)
    events = {"status": _STATUS_EVENTS, "name": _NAME_EVENTS}
    event = (
        events[change.what][kind]
        if change.what in events
        else _REVIEW_EVENTS.get(change.value, "ad_review_approved")
    )
    return {
        "actor_id": "0" if change.what == "review" else account_of(thing).business_id,
        "actor_name": "Meta" if change.what == "review" else change.actor,
        "event_time": view.stamp(change.at, thing),
        "event_type": event,
        "translated_event_type": event.replace("_", " ").capitalize(),
        "object_id": thing.id,
        "object_name": view.world.name(thing),
        "object_type": _OBJECT_TYPES[kind],
        "extra_data": msgspec.json.encode({"new_value": change.value}).decode(),
    }
