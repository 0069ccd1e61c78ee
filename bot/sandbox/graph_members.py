"""What is found behind an edge, before filters and pages."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.sandbox.graph_errors import bad_param
from bot.sandbox.graph_nodes import View
from bot.sandbox.graph_studies import studies_of
from bot.sandbox.world_objects import Account, Business, Creative, Label, Thing

_BY_LABEL = {"adsbylabels": "ads", "adcreativesbylabels": "adcreatives"}


def members(view: View, edge: str, thing: Thing, params: Mapping[str, Any]) -> Iterable[Thing]:
    """The objects of an edge in the order the API lists them."""
    if edge in _BY_LABEL:
        return _labelled(view, thing, _BY_LABEL[edge], params)
    if isinstance(thing, Label):
        there = members(view, edge, thing.account, {})
        return [item for item in there if thing in view.world.labels_on(item, view.at)]
    if isinstance(thing, Business):
        return studies_of(view.world, thing)
    return _plain(view, edge, thing)


def _plain(view: View, edge: str, thing: Thing) -> Iterable[Thing]:
    world = view.world
    if edge == "ads":
        return world.ads_of(thing)
    if edge == "adsets":
        return world.adsets_of(thing)
    if isinstance(thing, Account):
        whole: Mapping[str, Iterable[Thing]] = {
            "campaigns": world.campaigns_of(thing) if edge == "campaigns" else (),
            "adlabels": [label for label in world.labels if label.account is thing],
        }
        return whole[edge] if edge in whole else _creatives(view, thing)
    shown = (world.creative(ad, view.at) for ad in world.ads_of(thing))
    return {creative.id: creative for creative in shown}.values()


def _creatives(view: View, account: Account) -> list[Creative]:
    log, moment = view.world.log, view.moment
    there = view.world.creatives_of(account)
    return [creative for creative in there if log.configured(creative, moment) != "DELETED"]


def _labelled(view: View, thing: Thing, edge: str, params: Mapping[str, Any]) -> list[Thing]:
    wanted = set(params.get("ad_label_ids", ()))
    if not wanted:
        raise bad_param("The parameter ad_label_ids is required")
    every = params.get("operator", "ANY") == "ALL"
    found = []
    for item in members(view, edge, thing, {}):
        have = {label.id for label in view.world.labels_on(item, view.at)}
        if wanted <= have if every else wanted & have:
            found.append(item)
    return found
