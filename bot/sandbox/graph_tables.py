"""The tables of the remaining kinds of objects, and all of them together."""

from collections.abc import Mapping

from bot.sandbox.graph_creatives import (
    URL_TAGS,
    call_of,
    feed_of,
    freedom_of,
    image_hash_of,
    main_data,
    page_of,
    picture_address,
    spec_of,
    story_of,
)
from bot.sandbox.graph_nodes import ACCOUNT, AD, ADSET, CAMPAIGN, Show, View, common, labels
from bot.sandbox.graph_studies import cells_shown
from bot.sandbox.world_objects import Account, Ad, AdSet, Business, Campaign, Creative, Label, Study, Thing

CREATIVE: dict[str, Show] = {
    **{name: show for name, show in common().items() if name != "created_time"},
    "title": lambda v, c: c.title if c.form != "feed" else None,
    "body": lambda v, c: c.body if c.form != "feed" else None,
    "object_type": lambda v, c: "VIDEO" if c.video else "SHARE",
    "status": lambda v, c: v.world.log.configured(c, v.moment),
    "call_to_action_type": lambda v, c: call_of(c),
    "thumbnail_url": lambda v, c: picture_address(v.base, c),
    "image_url": lambda v, c: picture_address(v.base, c) if image_hash_of(c) else None,
    "image_hash": lambda v, c: image_hash_of(c),
    "video_id": lambda v, c: main_data(c).get("video_id"),
    "link_url": lambda v, c: c.link if c.form != "feed" else None,
    "url_tags": lambda v, c: c.content.get("url_tags") if c.content else URL_TAGS,
    "object_story_id": lambda v, c: c.content.get("object_story_id"),
    "effective_object_story_id": lambda v, c: story_of(c),
    "actor_id": lambda v, c: page_of(c.account),
    "instagram_user_id": lambda v, c: spec_of(c).get("instagram_user_id"),
    "object_story_spec": lambda v, c: spec_of(c) or None,
    "asset_feed_spec": lambda v, c: feed_of(c),
    "degrees_of_freedom_spec": lambda v, c: freedom_of(c),
    "authorization_category": lambda v, c: c.content.get("authorization_category", "NONE"),
    "contextual_multi_ads": lambda v, c: c.content.get("contextual_multi_ads"),
    "generative_asset_spec": lambda v, c: c.content.get("generative_asset_spec"),
    "product_set_id": lambda v, c: c.id[::-1][:15] if c.form == "template" else None,
    "adlabels": lambda v, c: labels(v, c),
}


LABEL: dict[str, Show] = {
    "id": lambda v, t: t.id,
    "name": lambda v, t: t.name,
    "account": lambda v, t: t.account,
    "created_time": lambda v, t: v.stamp(t.created_at.timestamp(), t),
    "updated_time": lambda v, t: v.stamp(t.created_at.timestamp(), t),
}

BUSINESS: dict[str, Show] = {
    "id": lambda v, b: b.id,
    "name": lambda v, b: b.name,
    "created_time": lambda v, b: v.stamp(b.created_at.timestamp(), b),
}

STUDY: dict[str, Show] = {
    "id": lambda v, s: s.id,
    "name": lambda v, s: v.world.name(s),
    "type": lambda v, s: s.type,
    "description": lambda v, s: s.content.get("description"),
    "business": lambda v, s: v.world.find(s.account.business_id),
    "start_time": lambda v, s: v.stamp(s.begins, s),
    "end_time": lambda v, s: v.stamp(v.world.delivery.ends(s, v.moment), s),
    "cooldown_start_time": lambda v, s: v.stamp(s.content.get("cooldown_start_time", s.begins), s),
    "observation_end_time": lambda v, s: v.stamp(s.content.get("observation_end_time", s.ends), s),
    "created_time": lambda v, s: v.stamp(s.created_at.timestamp(), s),
    "updated_time": lambda v, s: v.stamp(v.world.log.updated_at(s, v.moment), s),
    "canceled_time": lambda v, s: _canceled(v, s),
    "cells": lambda v, s: {"data": cells_shown(s)},
    "creative_test_config": lambda v, s: s.content.get("creative_test_config"),
}


def _canceled(view: View, study: Study) -> str | None:
    change = view.world.log.latest(study.id, "status", view.moment)
    return view.stamp(change.at, study) if change else None


TABLES: Mapping[str, Mapping[str, Show]] = {
    "account": ACCOUNT,
    "campaign": CAMPAIGN,
    "adset": ADSET,
    "ad": AD,
    "creative": CREATIVE,
    "label": LABEL,
    "business": BUSINESS,
    "study": STUDY,
}
_KINDS: Mapping[type, str] = {
    Account: "account",
    Campaign: "campaign",
    AdSet: "adset",
    Ad: "ad",
    Creative: "creative",
    Label: "label",
    Business: "business",
    Study: "study",
}


def kind_of(thing: Thing) -> str:
    """The kind's name, as used in the tables."""
    return _KINDS[type(thing)]
