"""What an ad shows: its words, picture, link and tracking; and the same with a few words changed.

A creative is immutable at Meta, so a variation is a new one made from the old one's own
`object_story_spec` (Marketing API, Ad Creative): everything that is not changed stays byte for byte.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.ids import ObjectId


class Part(StrEnum):
    """The one thing a variation changes."""

    PRIMARY_TEXT = "primary_text"  # `message`
    HEADLINE = "headline"  # `name` of a link, `title` of a video
    DESCRIPTION = "description"
    PICTURE = "picture"


class Format(StrEnum):
    """How a creative is made; others than these two cannot be rewritten."""

    IMAGE = "image"  # object_story_spec.link_data with one picture
    VIDEO = "video"  # object_story_spec.video_data


@dataclass(frozen=True, slots=True)
class Copy:
    """The words of an ad. Empty where the ad has none."""

    primary_text: str
    headline: str
    description: str = ""

    def text_of(self, part: Part) -> str:
        """The words of one part; a picture has none."""
        return "" if part is Part.PICTURE else str(getattr(self, part.value))


@dataclass(frozen=True, slots=True)
class CreativeContent:
    """A creative as Meta keeps it, as far as a variation needs it.

    `story_spec` is the object_story_spec as canonical JSON; `post_id` is effective_object_story_id,
    the post that reactions and comments belong to.
    """

    id: ObjectId
    format: Format
    copy: Copy
    page_id: str
    link: str
    call_to_action: str
    url_tags: str
    story_spec: str
    image_hash: str = ""
    picture_url: str = ""
    video_id: str = ""
    instagram_user_id: str = ""
    post_id: str = ""


def canonical(value: object) -> str:
    """JSON with one spelling: sorted keys, no spaces, every character as itself."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def revised_spec(original: CreativeContent, copy: Copy, image_hash: str = "") -> dict[str, Any]:
    """The object_story_spec of a variation; an empty `image_hash` keeps the original's picture."""
    spec: dict[str, Any] = json.loads(original.story_spec)
    if original.format is Format.VIDEO:
        data = spec["video_data"]
        words = {"message": copy.primary_text, "title": copy.headline, "link_description": copy.description}
    else:
        data = spec["link_data"]
        words = {"message": copy.primary_text, "name": copy.headline, "description": copy.description}
    for name, text in words.items():
        _put(data, name, text)
    if image_hash:
        data["image_hash"] = image_hash
        for other in ("picture", "image_url", "image_crops"):  # each would win over the hash, or not fit it
            data.pop(other, None)
    return spec


def _put(data: dict[str, Any], name: str, text: str) -> None:
    if text:
        data[name] = text
    else:
        data.pop(name, None)


def copy_of_spec(spec: Mapping[str, Any]) -> Copy:
    """The words inside an object_story_spec."""
    video = spec.get("video_data")
    data = video or spec.get("link_data") or {}
    headline, description = ("title", "link_description") if video else ("name", "description")
    return Copy(data.get("message", ""), data.get(headline, ""), data.get(description, ""))
