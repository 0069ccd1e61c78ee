"""Creation of creatives and ads, checked as strictly as Meta checks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.graph_creatives import instagram_of, page_of, story_of, video_of
from bot.sandbox.graph_errors import bad_param, refused, unknown_object
from bot.sandbox.graph_images import Images
from bot.sandbox.graph_specs import conforms
from bot.sandbox.world_book import Book
from bot.sandbox.world_objects import Account, AdSet, Creative, Label
from bot.sandbox.world_review import BANNED_WORD, texts_of

VALIDATE, REVIEW_NOW = "validate_only", "synchronous_ad_review"
_MOST_ADS = 50  # Marketing API, Ad: non-deleted ads of an ad set
_LONGEST_NAME, _LONGEST_URL = 100, 1000
_STATES = frozenset({"OPT_IN", "OPT_OUT"})
_MODELLED = frozenset(
    {
        *("name", "object_story_spec", "object_story_id", "url_tags", "degrees_of_freedom_spec"),
        *("asset_feed_spec", "authorization_category", "contextual_multi_ads", "generative_asset_spec"),
        *("adlabels", "execution_options"),
    }
)
_AD_PARAMS = frozenset(
    {
        *("name", "adset_id", "creative", "status", "adlabels", "execution_options"),
        *("tracking_specs", "conversion_domain"),
    }
)
_SPEC_TYPES = {
    "object_story_spec": "AdCreativeObjectStorySpec",
    "degrees_of_freedom_spec": "AdCreativeDegreesOfFreedomSpec",
    "asset_feed_spec": "AdAssetFeedSpec",
    "contextual_multi_ads": "AdCreativeContextualMultiAds",
    "generative_asset_spec": "AdCreativeGenerativeAssetSpec",
}
_FORMS = ("link_data", "video_data", "photo_data", "text_data", "template_data")


@dataclass(frozen=True, slots=True)
class Write:
    """One write: its checked parameters, when it came, for whom."""

    params: Mapping[str, Any]
    at: datetime
    actor: str

    @property
    def only_checked(self) -> bool:
        """Whether nothing may change."""
        return VALIDATE in self.params.get("execution_options", ())

    def needed(self, name: str) -> Any:
        """A parameter that may not be missing or empty."""
        if not self.params.get(name):
            raise bad_param(f"The parameter {name} is required")
        return self.params[name]

    def only(self, modelled: frozenset[str]) -> None:
        """Refuse what Meta takes and the stand-in does nothing with."""
        unknown = sorted(set(self.params) - modelled)
        if unknown:
            raise bad_param(f"{', '.join(unknown)}: not modelled by the stand-in")


def new_creative(world: Book, images: Images, account: Account, write: Write) -> tuple[Creative, bool]:
    """The creative that these parameters mean and whether it is new: an identical one is not made twice."""
    write.only(_MODELLED)
    content = {
        name: value for name, value in write.params.items() if name not in {"execution_options", "adlabels"}
    }
    _check_words(content)
    for name, kind in _SPEC_TYPES.items():
        if name in content:
            conforms(name, content[name], kind)
    _check_features(content.get("degrees_of_freedom_spec", {}))
    shown = _from_post(world, account, content) or _from_spec(world, images, account, content)
    for creative in world.creatives_of(account):
        if creative.content == content and world.log.configured(creative, write.at.timestamp()) == "ACTIVE":
            return creative, False
    title, body, link, video = shown
    name = str(content.get("name") or title)
    made = Creative("", "", account, name, title, body, link, video, write.at, "made", content)
    return made, True


def _check_words(content: Mapping[str, Any]) -> None:
    if len(content.get("name", "")) > _LONGEST_NAME:
        raise bad_param(f"Param name must be no longer than {_LONGEST_NAME} characters")
    if str(content.get("url_tags", "")).startswith(("?", "&", "http")):
        raise bad_param("Param url_tags must be a query string without a leading ? or &")


def _check_features(freedom: Mapping[str, Any]) -> None:
    features = freedom.get("creative_features_spec", {})
    if "standard_enhancements" in features:
        message = "The field standard_enhancements is deprecated: choose each creative feature on its own."
        raise refused(3858504, "Standard enhancements field is deprecated", message)
    for name, details in features.items():
        if details.get("enroll_status") not in _STATES:
            where = f"degrees_of_freedom_spec[creative_features_spec][{name}][enroll_status]"
            raise bad_param(f"{where} must be one of the following values: {', '.join(sorted(_STATES))}")


Shown = tuple[str, str, str, bool]


def _from_post(world: Book, account: Account, content: Mapping[str, Any]) -> Shown | None:
    known = content.get("object_story_id")
    if known is None:
        return None
    if "object_story_spec" in content:
        raise bad_param("object_story_id and object_story_spec cannot be used together")
    for creative in world.creatives_of(account):
        if story_of(creative) == known:
            return creative.title, creative.body, creative.link, creative.video
    raise refused(1815869, "Post not available", "The post is not available to this ad account.")


def _from_spec(world: Book, images: Images, account: Account, content: Mapping[str, Any]) -> Shown:
    spec = content.get("object_story_spec")
    if spec is None:
        raise bad_param("One of object_story_spec and object_story_id is required")
    if str(spec.get("page_id", "")) != page_of(account):
        raise unknown_object(str(spec.get("page_id", "")), "POST")
    if str(spec.get("instagram_user_id", instagram_of(account))) != instagram_of(account):
        raise unknown_object(str(spec["instagram_user_id"]), "POST")
    forms = [name for name in _FORMS if name in spec]
    if "asset_feed_spec" in content:
        return _from_feed(images, account, content["asset_feed_spec"])
    if len(forms) != 1 or forms[0] not in {"link_data", "video_data"}:
        raise bad_param("object_story_spec must hold one of link_data and video_data for the stand-in")
    data = spec[forms[0]]
    return (_link if forms[0] == "link_data" else _video)(world, images, account, data)


def _from_feed(images: Images, account: Account, feed: Mapping[str, Any]) -> Shown:
    for image in feed.get("images", []):
        _check_image(images, account, image.get("hash"))
    texts = (feed.get("titles") or [{}])[0].get("text", ""), (feed.get("bodies") or [{}])[0].get("text", "")
    links = feed.get("link_urls") or [{}]
    return (*texts, _address("link_urls", links[0].get("website_url")), False)


def _link(world: Book, images: Images, account: Account, data: Mapping[str, Any]) -> Shown:
    link = _address("link_data[link]", data.get("link"))
    cards = data.get("child_attachments", [])
    for card in cards:
        _address("child_attachments[link]", card.get("link"))
        _check_image(images, account, card.get("image_hash"))
    if not cards:
        _check_image(images, account, data.get("image_hash"))
    _check_call(data)
    return data.get("name", ""), data.get("message", ""), link, False


def _video(world: Book, images: Images, account: Account, data: Mapping[str, Any]) -> Shown:
    known = {video_of(old): old for old in world.creatives_of(account) if old.video and not old.content}
    if str(data.get("video_id", "")) not in known:
        raise unknown_object(str(data.get("video_id", "")), "POST")
    if "image_hash" not in data and "image_url" not in data:
        raise refused(1443226, "Video thumbnail missing", "Please specify one of image_hash or image_url.")
    if "image_hash" in data:
        _check_image(images, account, data["image_hash"])
    _check_call(data)
    link = _address(
        "call_to_action[value][link]", data.get("call_to_action", {}).get("value", {}).get("link")
    )
    return data.get("title", ""), data.get("message", ""), link, True


def _check_image(images: Images, account: Account, hash_: Any) -> None:
    if not hash_:
        raise refused(1487212, "Missing Image", "Please specify an image to run with this ad.")
    if images.get(account, str(hash_)) is None:
        raise refused(1487190, "Image not found", f"The image hash {hash_} is not in this ad account.")


def _check_call(data: Mapping[str, Any]) -> None:
    action = data.get("call_to_action")
    if action is not None and "type" not in action:
        raise bad_param("The parameter call_to_action[type] is required")
    link = (action or {}).get("value", {}).get("link")
    if link is not None:
        _address("call_to_action[value][link]", link)


def _address(name: str, link: Any) -> str:
    text = str(link or "")
    if not text.startswith(("https://", "http://")) or "." not in text or len(text) > _LONGEST_URL:
        raise bad_param(f"Param {name} must be a valid URI")
    return text


def check_ad(world: Book, account: Account, write: Write) -> tuple[AdSet, Creative]:
    """Where a new ad goes and what it shows, or a refusal."""
    write.only(_AD_PARAMS)
    write.needed("name")
    if write.params.get("status", "ACTIVE") not in {"ACTIVE", "PAUSED"}:
        raise bad_param("status must be one of the following values: ACTIVE, PAUSED")
    adset = world.find(str(write.needed("adset_id")))
    if not isinstance(adset, AdSet) or adset.account is not account:
        raise unknown_object(str(write.params["adset_id"]), "POST")
    moment = write.at.timestamp()
    for owner in (adset, adset.campaign):
        if world.log.configured(owner, moment) in {"DELETED", "ARCHIVED"}:
            message = "Ads cannot be added to a deleted or archived ad set or campaign."
            raise refused(1487566, "Ad set is deleted or archived", message)
    there = [ad for ad in world.ads_of(adset) if world.log.configured(ad, moment) != "DELETED"]
    if len(there) >= _MOST_ADS:
        raise refused(1487809, "Too many ads", f"An ad set may hold {_MOST_ADS} ads that are not deleted.")
    return adset, creative_meant(world, account, write)


def creative_meant(world: Book, account: Account, write: Write) -> Creative:
    """The creative that an ad is given by `creative={"creative_id": …}`."""
    meant = write.needed("creative")
    if set(meant) != {"creative_id"}:
        raise bad_param("creative must hold creative_id and nothing else for the stand-in")
    creative = world.find(str(meant["creative_id"]))
    if not isinstance(creative, Creative) or creative.account is not account:
        raise unknown_object(str(meant["creative_id"]), "POST")
    if world.log.configured(creative, write.at.timestamp()) == "DELETED":
        raise refused(1487566, "Creative is deleted", "A deleted creative cannot be used.")
    _review_now(write, creative)
    return creative


def _review_now(write: Write, creative: Creative) -> None:
    """Synchronous review is for dry runs only; it finds what may never be shown."""
    if REVIEW_NOW not in write.params.get("execution_options", ()):
        return
    if not write.only_checked:
        raise bad_param(f"{REVIEW_NOW} can only be used together with {VALIDATE}")
    if BANNED_WORD in " ".join(texts_of(creative)).lower():
        message = f"The text says “{BANNED_WORD}”, which the advertising policies do not allow."
        raise refused(1487390, "The ad's text is not allowed", message, code=500)


def labels_meant(world: Book, account: Account, entries: Sequence[Any], at: datetime) -> list[Label]:
    """The labels of an `adlabels` parameter; names that are new are made."""
    found = []
    for entry in entries:
        if not isinstance(entry, dict) or not {"id", "name"} & set(entry):
            raise bad_param("adlabels must be an array of objects with an id or a name")
        label = world.find(str(entry["id"])) if "id" in entry else None
        if "id" in entry and (not isinstance(label, Label) or label.account is not account):
            raise unknown_object(str(entry["id"]), "POST")
        found.append(label if isinstance(label, Label) else world.add_label(account, entry["name"], at))
    return found
