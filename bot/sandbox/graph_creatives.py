"""Creatives as Meta shows them: what they were made of, what Meta made of it, what it switched on."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.graph_images import address
from bot.sandbox.graph_pictures import hashes_of
from bot.sandbox.world_objects import Account, Creative

# Switched on by Meta unless it is told not to, whatever the advertiser did not mention.
ENROLLED = ("image_touchups", "text_optimizations")
URL_TAGS = "utm_source=meta&utm_medium=paid&utm_campaign={{campaign.name}}&utm_content={{ad.name}}"
_OPTED_IN = {"enroll_status": "OPT_IN"}


def page_of(account: Account) -> str:
    """The page that the account's ads are shown for."""
    return "1" + account.business_id[1:]


def instagram_of(account: Account) -> str:
    """The Instagram account that goes with the page."""
    return "17841" + account.business_id[-12:]


def video_of(creative: Creative) -> str:
    """The video of a creative from before the API."""
    return creative.id[::-1][:15]


def spec_of(creative: Creative) -> dict[str, Any]:
    """The `object_story_spec`; empty for a creative made from an existing post."""
    if creative.content:
        return dict(creative.content.get("object_story_spec", {}))
    account = creative.account
    whose = {"page_id": page_of(account), "instagram_user_id": instagram_of(account)}
    if creative.form == "feed":
        return whose
    kind = "video_data" if creative.video else "template_data" if creative.form == "template" else "link_data"
    return {**whose, kind: _data(creative)}


def _data(creative: Creative) -> dict[str, Any]:
    action = {"type": "SHOP_NOW", "value": {"link": creative.link}}
    common = {"message": creative.body, "call_to_action": action}
    first = hashes_of(creative)[0]
    if creative.video:
        shown = {"video_id": video_of(creative), "image_hash": first, "title": creative.title}
        return {**shown, "link_description": _SHIPPING, **common}
    if creative.form == "template":
        name = {"name": "{{product.name | titleize}}", "description": "{{product.price}}"}
        return {"link": creative.link, **name, **common, "multi_share_end_card": False}
    if creative.form == "carousel":
        return {"link": creative.link, **common, "child_attachments": _cards(creative, action)}
    name = {"name": creative.title, "description": _SHIPPING, "image_hash": first}
    return {"link": creative.link, **name, **common}


_SHIPPING = "Ships within two days"


def _cards(creative: Creative, action: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "link": f"{creative.link}?item={place + 1}",
            "name": f"{creative.title} {place + 1}",
            "image_hash": hash_,
            "call_to_action": dict(action),
        }
        for place, hash_ in enumerate(hashes_of(creative))
    ]


def feed_of(creative: Creative) -> dict[str, Any] | None:
    """The `asset_feed_spec` of a creative that has one: an asset per placement."""
    if creative.content or creative.form != "feed":
        found = creative.content.get("asset_feed_spec")
        return dict(found) if found else None
    labels = ("feed_image", "story_image")
    hashes = hashes_of(creative)
    places: tuple[dict[str, Any], ...] = (
        {"publisher_platforms": ["facebook"], "facebook_positions": ["feed"]},
        {},
    )
    return {
        "ad_formats": ["SINGLE_IMAGE"],
        "images": [
            {"hash": hash_, "adlabels": [{"name": label}]}
            for hash_, label in zip(hashes, labels, strict=True)
        ],
        "bodies": [{"text": creative.body}],
        "titles": [{"text": creative.title}],
        "link_urls": [{"website_url": creative.link}],
        "call_to_action_types": ["SHOP_NOW"],
        "optimization_type": "PLACEMENT",
        "asset_customization_rules": [
            {"customization_spec": spec, "image_label": {"name": label}}
            for spec, label in zip(places, labels, strict=True)
        ],
    }


def main_data(creative: Creative) -> dict[str, Any]:
    """The part of the spec that holds texts and pictures."""
    spec = spec_of(creative)
    found = (spec[kind] for kind in ("link_data", "video_data", "template_data") if kind in spec)
    return next(found, {})


def freedom_of(creative: Creative) -> dict[str, Any]:
    """The features: what was said about them, and Meta's own choice where nothing was."""
    told = creative.content.get("degrees_of_freedom_spec", {}).get("creative_features_spec", {})
    stated = {name: {"enroll_status": details["enroll_status"]} for name, details in told.items()}
    own = {name: _OPTED_IN for name in ENROLLED if name not in stated}
    return {"creative_features_spec": {**stated, **own}}


def image_hash_of(creative: Creative) -> str | None:
    """The single picture of a creative, if it has one."""
    if creative.video:
        return None
    return main_data(creative).get("image_hash")


def picture_address(base: str, creative: Creative) -> str | None:
    """Where the picture or the video's still is served."""
    data = main_data(creative)
    hashes = [data.get("image_hash"), *(card.get("image_hash") for card in data.get("child_attachments", []))]
    old = () if creative.content else hashes_of(creative)
    known = next((hash_ for hash_ in (*hashes, *old) if hash_), None)
    return address(base, creative.account, known) if known else None


def story_of(creative: Creative) -> str:
    """The page post behind a creative; one made from a post shares it, social proof included."""
    known = creative.content.get("object_story_id")
    return str(known) if known else f"{page_of(creative.account)}_{creative.id[-15:]}"


def call_of(creative: Creative) -> str | None:
    """The button."""
    data = main_data(creative)
    return data.get("call_to_action", {}).get("type") or (None if creative.content else "SHOP_NOW")
