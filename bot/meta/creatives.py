"""Creatives: what one shows, a revised one validated, made, read back, found again and removed.

A creative's content never changes at Meta (Marketing API, Ad Creative: an update takes name, status and
labels only), so every change of words is a new creative made from the old one's `object_story_spec`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.creatives import Copy, CreativeContent, Format, canonical, copy_of_spec
from bot.domain.ids import AccountId, ObjectId
from bot.errors import BadInput, BadRequest
from bot.meta.answers import as_object, demand_success, made_id, object_in, rows, text_of
from bot.meta.client import GraphClient
from bot.meta.features import opted_in, opted_out
from bot.meta.pictures import picture

CONTENT_FIELDS = (
    "id,name,object_story_spec,url_tags,image_hash,image_url,thumbnail_url,video_id,asset_feed_spec,"
    "product_set_id,object_story_id,effective_object_story_id,instagram_user_id,call_to_action_type"
)
HELD_FIELDS = "id,name,status,object_story_spec,url_tags,image_hash,degrees_of_freedom_spec"


@dataclass(frozen=True, slots=True)
class Held:
    """A creative as Meta holds it after it was made; `opted_in` are the features Meta may apply."""

    id: ObjectId
    name: str
    status: str
    copy: Copy
    url_tags: str
    image_hash: str
    page_id: str
    link: str
    opted_in: tuple[str, ...]


def content(client: GraphClient, creative_id: ObjectId) -> CreativeContent:
    """What a creative shows, as far as a variation needs it; BadInput says why it cannot be rewritten."""
    found = as_object(client.get(creative_id, {"fields": CONTENT_FIELDS}))
    spec = object_in(found, "object_story_spec")
    reason = _why_not(found, spec)
    if reason:
        raise BadInput(reason, field="creative", reason="cannot_rewrite")
    video = "video_data" in spec
    data = spec["video_data" if video else "link_data"]
    action = object_in(data, "call_to_action")
    return CreativeContent(
        id=creative_id,
        format=Format.VIDEO if video else Format.IMAGE,
        copy=copy_of_spec(spec),
        page_id=text_of(spec.get("page_id")),
        link=_link(data),
        call_to_action=text_of(action.get("type")) or text_of(found.get("call_to_action_type")),
        url_tags=text_of(found.get("url_tags")),
        story_spec=canonical(spec),
        image_hash=text_of(data.get("image_hash")) or text_of(found.get("image_hash")),
        picture_url=text_of(found.get("image_url")) or text_of(found.get("thumbnail_url")),
        video_id=text_of(data.get("video_id")) if video else "",
        instagram_user_id=text_of(spec.get("instagram_user_id")),
        post_id=text_of(found.get("effective_object_story_id")),
    )


def shown(client: GraphClient, creative_id: ObjectId) -> bytes:
    """The picture of a creative, or of a video its still; see `bot.meta.pictures.picture`."""
    params = {"fields": "image_url,thumbnail_url", "thumbnail_width": 1080, "thumbnail_height": 1080}
    found = as_object(client.get(creative_id, params))
    address = text_of(found.get("image_url")) or text_of(found.get("thumbnail_url"))
    if not address:
        raise BadInput("Meta shows no picture of this ad.", field="picture")
    return picture(client, address)


def validate(
    client: GraphClient, account_id: AccountId, spec: Mapping[str, Any], name: str, url_tags: str
) -> None:
    """Have Meta check a creative without making it (`validate_only`); BadRequest says what is wrong."""
    params = {**_params(spec, name, url_tags), "execution_options": ["validate_only"]}
    answer = client.post(f"{account_id}/adcreatives", params)
    demand_success(answer, "Meta does not accept this creative.")


def create(
    client: GraphClient,
    account_id: AccountId,
    spec: Mapping[str, Any],
    *,
    name: str,
    url_tags: str,
    label_id: str,
) -> ObjectId:
    """Make a creative with every Advantage+ feature off; OutcomeUnknown means: look for its label."""
    params = {**_params(spec, name, url_tags), "adlabels": [{"id": label_id}]}
    return made_id(client.post(f"{account_id}/adcreatives", params))


def read_back(client: GraphClient, creative_id: ObjectId) -> Held:
    """What Meta made of it."""
    found = as_object(client.get(creative_id, {"fields": HELD_FIELDS}))
    spec = object_in(found, "object_story_spec")
    data = object_in(spec, "video_data") or object_in(spec, "link_data")
    return Held(
        id=creative_id,
        name=text_of(found.get("name")),
        status=text_of(found.get("status")),
        copy=copy_of_spec(spec),
        url_tags=text_of(found.get("url_tags")),
        image_hash=text_of(data.get("image_hash")) or text_of(found.get("image_hash")),
        page_id=text_of(spec.get("page_id")),
        link=_link(data),
        opted_in=opted_in(object_in(found, "degrees_of_freedom_spec")),
    )


def find_by_marker(client: GraphClient, account_id: AccountId, label_id: str, marker: str) -> ObjectId | None:
    """The creative that carries the label and whose name holds the marker, if it was made already."""
    params: dict[str, object] = {
        "fields": "id,name,status",
        "ad_label_ids": [label_id],
        "operator": "ANY",
    }
    found = [
        text_of(row.get("id"))
        for row in rows(client, f"{account_id}/adcreativesbylabels", params)
        if marker in text_of(row.get("name")) and row.get("status") != "DELETED"
    ]
    return ObjectId(min(found, key=lambda one: (len(one), one))) if found else None


def delete_creative(client: GraphClient, creative_id: ObjectId) -> bool:
    """Remove a creative; False when Meta keeps it, because an ad uses it."""
    try:
        answer = client.post(creative_id, {"status": "DELETED"})
    except BadRequest:
        return False
    demand_success(answer, "Meta did not remove the creative.")
    return True


def creative_status(client: GraphClient, creative_id: ObjectId) -> str:
    """`status` of a creative: ACTIVE, IN_PROCESS, WITH_ISSUES or DELETED."""
    return text_of(as_object(client.get(creative_id, {"fields": "status"})).get("status"))


def _params(spec: Mapping[str, Any], name: str, url_tags: str) -> dict[str, object]:
    params: dict[str, object] = {
        "name": name,
        "object_story_spec": json.loads(canonical(spec)),
        "degrees_of_freedom_spec": opted_out(),
    }
    if url_tags:
        params["url_tags"] = url_tags
    return params


def _link(data: Mapping[str, Any]) -> str:
    value = object_in(object_in(data, "call_to_action"), "value")
    return text_of(data.get("link")) or text_of(value.get("link"))


def _why_not(found: Mapping[str, Any], spec: Mapping[str, Any]) -> str:
    """Why the creative cannot be rewritten; empty when it can."""
    if found.get("asset_feed_spec"):
        return _cannot("it mixes several texts or pictures by itself (dynamic or flexible creative)")
    if found.get("product_set_id") or spec.get("template_data"):
        return _cannot("its words and pictures come from a product catalogue")
    data = object_in(spec, "video_data") or object_in(spec, "link_data")
    if data.get("child_attachments"):
        return _cannot("it is a carousel of several pictures")
    if not spec and text_of(found.get("object_story_id") or found.get("effective_object_story_id")):
        return _cannot("it promotes an existing post, whose words cannot be changed from an ad")
    if "link_data" in spec and "video_data" in spec:
        return _cannot("it holds a picture and a video at once")
    if not data:
        return _cannot("Meta does not show a picture or video with a link behind it")
    return ""


def _cannot(because: str) -> str:
    return f"This ad cannot be rewritten: {because}. Spruce rewrites ads with one picture or one video."
