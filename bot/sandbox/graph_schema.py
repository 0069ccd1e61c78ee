"""What Meta accepts, read from the SDK's own tables: fields, parameters, enums.

Nothing is retyped: each SDK method is asked for its request without sending it (`pending=True`), and that
request carries the parameter types and enum values the SDK checks against.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

# Kind of object -> module and class in facebook_business.adobjects.
CLASSES = {
    "account": "AdAccount",
    "campaign": "Campaign",
    "adset": "AdSet",
    "ad": "Ad",
    "creative": "AdCreative",
    "run": "AdReportRun",
    "user": "User",
    "activity": "AdActivity",
    "image": "AdImage",
    "label": "AdLabel",
    "business": "Business",
    "study": "AdStudy",
    "insights": "AdsInsights",
}

# (kind, method, edge) -> SDK method; edges that are absent here do not exist in the stand-in.
CALLS = {
    ("user", "GET", ""): "api_get",
    ("user", "GET", "adaccounts"): "get_ad_accounts",
    ("account", "GET", ""): "api_get",
    ("account", "GET", "campaigns"): "get_campaigns",
    ("account", "GET", "adsets"): "get_ad_sets",
    ("account", "GET", "ads"): "get_ads",
    ("account", "GET", "adcreatives"): "get_ad_creatives",
    ("account", "GET", "activities"): "get_activities",
    ("account", "GET", "insights"): "get_insights",
    ("account", "POST", "insights"): "get_insights_async",
    ("account", "GET", "adimages"): "get_ad_images",
    ("account", "POST", "adimages"): "create_ad_image",
    ("account", "POST", "adcreatives"): "create_ad_creative",
    ("account", "POST", "ads"): "create_ad",
    ("account", "GET", "adlabels"): "get_ad_labels",
    ("account", "POST", "adlabels"): "create_ad_label",
    ("account", "GET", "adsbylabels"): "get_ads_by_labels",
    ("account", "GET", "adcreativesbylabels"): "get_ad_creatives_by_labels",
    ("account", "GET", "recommendations"): "get_recommendations",
    ("business", "GET", ""): "api_get",
    ("business", "GET", "ad_studies"): "get_ad_studies",
    ("business", "POST", "ad_studies"): "create_ad_study",
    ("study", "GET", ""): "api_get",
    ("study", "GET", "cells"): "get_cells",
    ("study", "POST", ""): "api_update",
    ("study", "DELETE", ""): "api_delete",
    ("label", "GET", ""): "api_get",
    ("label", "GET", "ads"): "get_ads",
    ("label", "GET", "adcreatives"): "get_ad_creatives",
    ("campaign", "GET", ""): "api_get",
    ("campaign", "POST", ""): "api_update",
    ("campaign", "GET", "adsets"): "get_ad_sets",
    ("campaign", "GET", "ads"): "get_ads",
    ("campaign", "GET", "insights"): "get_insights",
    ("campaign", "POST", "insights"): "get_insights_async",
    ("adset", "GET", ""): "api_get",
    ("adset", "POST", ""): "api_update",
    ("adset", "GET", "ads"): "get_ads",
    ("adset", "GET", "adcreatives"): "get_ad_creatives",
    ("adset", "GET", "activities"): "get_activities",
    ("adset", "GET", "insights"): "get_insights",
    ("adset", "POST", "insights"): "get_insights_async",
    ("ad", "GET", ""): "api_get",
    ("ad", "POST", ""): "api_update",
    ("ad", "DELETE", ""): "api_delete",
    ("ad", "GET", "adcreatives"): "get_ad_creatives",
    ("ad", "GET", "insights"): "get_insights",
    ("ad", "POST", "insights"): "get_insights_async",
    ("creative", "GET", ""): "api_get",
    ("creative", "POST", ""): "api_update",
    ("creative", "DELETE", ""): "api_delete",
    ("run", "GET", ""): "api_get",
    ("run", "GET", "insights"): "get_insights",
}

# What every reading edge takes besides the SDK's table, which lists only what is special to the edge.
EDGE_PARAMS = {
    "after": "string",
    "before": "string",
    "fields": "list<string>",
    "filtering": "list<Object>",
    "limit": "int",
    "summary": "string",
    "total_count": "bool",
}
NODE_PARAMS = {"fields": "list<string>"}
# AdCreative reference, Reading: the thumbnail's size; missing from the SDK's table.
CREATIVE_PARAMS = {"thumbnail_height": "int", "thumbnail_width": "int"}


@dataclass(frozen=True, slots=True)
class Call:
    """What one endpoint accepts."""

    params: Mapping[str, str]
    enums: Mapping[str, frozenset[str]]


@cache
def call(kind: str, method: str, edge: str) -> Call | None:
    """The endpoint, or None when there is no such thing."""
    name = CALLS.get((kind, method, edge))
    if name is None:
        return None
    from facebook_business.api import FacebookAdsApi

    thing = _class(kind)("1", api=FacebookAdsApi(None))
    request = getattr(thing, name)(params={}, pending=True)
    checker = request._param_checker
    params = {**_common(method, edge, kind), **checker._type_check_info}
    enums = {name: _strings(values) for name, values in checker._enum_data.items()}
    if edge in {"ads", "adcreatives"} or kind in {"creative", "ad"}:
        params = {**params, **CREATIVE_PARAMS}
    if "effective_status" in params:
        params["effective_status"] = "list<effective_status_enum>"
        enums.setdefault("effective_status_enum", enum_of("Ad", "EffectiveStatus"))
    if edge == "ad_studies" and method == "POST":
        # Creative Testing's type is in its guide and missing from the SDK's enum.
        enums["type_enum"] |= {"SPLIT_TEST_V2"}
    return Call(params, enums)


def _common(method: str, edge: str, kind: str) -> dict[str, str]:
    if method == "DELETE" or (method == "POST" and edge != "insights"):
        return {}
    if kind == "run" and edge:
        return {name: EDGE_PARAMS[name] for name in ("after", "before", "limit", "fields")}
    return EDGE_PARAMS if edge else NODE_PARAMS


def _class(kind: str) -> Any:
    return sdk_class(CLASSES[kind])


@cache
def sdk_class(name: str) -> Any:
    """A class of facebook_business.adobjects."""
    return getattr(import_module(f"facebook_business.adobjects.{name.lower()}"), name)


def _strings(values: Iterable[Any]) -> frozenset[str]:
    # The SDK passes a class's whole __dict__, which also holds its module's name and other dunders.
    return frozenset(v for v in values if isinstance(v, str) and not v.startswith("facebook_business"))


def _members(holder: type) -> frozenset[str]:
    return frozenset(v for k, v in vars(holder).items() if not k.startswith("_") and isinstance(v, str))


@cache
def enum_of(class_name: str, enum: str) -> frozenset[str]:
    """An enum's values by the class it hangs on."""
    return _members(getattr(sdk_class(class_name), enum))


@cache
def fields_of(kind: str) -> frozenset[str]:
    """The fields that may be asked of this kind of object."""
    known = _members(_class(kind).Field)
    # The SDK lists breakdown columns among the insight fields; Meta refuses them in `fields`.
    return known - enum_of("AdsInsights", "Breakdowns") if kind == "insights" else known


@cache
def fields_of_type(sdk_type: str) -> frozenset[str] | None:
    """The fields of a nested object by its SDK type, or None when it is not an object."""
    inner = sdk_type.removeprefix("list<").rstrip(">")
    try:
        return _members(sdk_class(inner).Field)
    except (ModuleNotFoundError, AttributeError):
        return None


def field_type(kind: str, field: str) -> str:
    """The SDK's type of a field, empty when it has none."""
    return str(_class(kind)._field_types.get(field, ""))


@cache
def operators() -> frozenset[str]:
    """The filtering operators; CONTAIN's companions come from the insights helper of the SDK."""
    helper = import_module("facebook_business.adobjects.helpers.adsinsightsmixin")
    return _members(helper.AdsInsightsMixin.Operator)
