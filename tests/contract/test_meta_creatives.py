"""Creatives, new ads, labels, pictures and split tests against the stand-in Graph API."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import md5
from io import BytesIO

import pytest
from PIL import Image

from bot.domain.creatives import Copy, CreativeContent, Format, revised_spec
from bot.domain.ids import AccountId, ObjectId
from bot.errors import BadInput, BadRequest, MissingPermission, OutcomeUnknown
from bot.meta import creatives, features, labels, new_ads, pictures, studies
from bot.meta.client import GraphClient
from bot.sandbox import graph_faults as faults
from bot.sandbox.graph_schema import sdk_class
from bot.sandbox.world_objects import Ad
from tests.contract.graph_standin_kit import APP_ID, APP_SECRET, FULL, NOW, OTHER, READER, Kit, running

TIRED = "in.serum.broad.glow"
NAME = "Glow_20261122_Result-first_src000001 [sp:0123456789ab]"
MARKER = "[sp:0123456789ab]"
COPY = Copy("Skin that drinks it in — ₹499 today", "Two drops, done", "Ships tomorrow")


@pytest.fixture
def meta() -> Iterator[Kit]:
    with running() as kit:
        yield kit


@pytest.fixture
def client(meta: Kit) -> Iterator[GraphClient]:
    with reaching(meta) as client:
        yield client


def reaching(meta: Kit, token: str = FULL) -> GraphClient:
    return GraphClient(
        token,
        graph_url=meta.base,
        app_id=APP_ID,
        app_secret=APP_SECRET,
        clock=meta.clock,
        sleep=lambda _: None,
        timeout=(2, 2),
    )


def tired(meta: Kit) -> Ad:
    ad = meta.standin.world.by_key(TIRED)
    assert isinstance(ad, Ad)
    return ad


def account_of(meta: Kit) -> AccountId:
    return AccountId(meta.india.node_id)


def original(meta: Kit, client: GraphClient, *, video: bool = False) -> CreativeContent:
    there = meta.standin.world.creatives_of(meta.india)
    found = next(one for one in there if one.video is video and one.form == "single")
    return creatives.content(client, ObjectId(found.id))


def made(meta: Kit, client: GraphClient, content: CreativeContent, name: str = NAME) -> ObjectId:
    return creatives.create(
        client,
        account_of(meta),
        revised_spec(content, COPY),
        name=name,
        url_tags=content.url_tags,
        label_id=labels.ensure_label(client, account_of(meta), MARKER),
    )


def png(colour: str = "red", size: int = 400) -> bytes:
    out = BytesIO()
    Image.new("RGB", (size, size), colour).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("video", [False, True])
def test_a_creative_is_read_whole(meta: Kit, client: GraphClient, video: bool) -> None:
    content = original(meta, client, video=video)
    assert content.format is (Format.VIDEO if video else Format.IMAGE)
    assert content.copy.primary_text
    assert content.copy.headline
    assert content.link.startswith("https://")
    assert content.call_to_action == "SHOP_NOW"
    assert content.url_tags.startswith("utm_source=")
    assert content.picture_url.startswith(meta.base)
    assert content.post_id.startswith(content.page_id)
    assert bool(content.video_id) is video
    assert json.loads(content.story_spec)["page_id"] == content.page_id
    assert creatives.shown(client, content.id).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("form", "words"),
    [("carousel", "carousel"), ("template", "product catalogue"), ("feed", "mixes several")],
)
def test_what_cannot_be_rewritten_is_refused_by_name(
    meta: Kit, client: GraphClient, form: str, words: str
) -> None:
    world = meta.standin.world
    shown = replace(tired(meta).creative, id=world.new_id("12039"), form=form, video=False)
    world.add_creative(shown)
    with pytest.raises(BadInput, match=words) as raised:
        creatives.content(client, ObjectId(shown.id))
    assert raised.value.reason == "cannot_rewrite"


def test_a_promoted_post_cannot_be_rewritten(meta: Kit, client: GraphClient) -> None:
    post = original(meta, client).post_id
    answer = meta.post(f"{meta.india.node_id}/adcreatives", name="A post", object_story_id=post)
    with pytest.raises(BadInput, match="existing post"):
        creatives.content(client, ObjectId(answer["id"]))


@pytest.mark.parametrize("video", [False, True])
def test_a_made_creative_is_read_back_as_it_was_meant(meta: Kit, client: GraphClient, video: bool) -> None:
    content = original(meta, client, video=video)
    spec = revised_spec(content, COPY)
    creatives.validate(client, account_of(meta), spec, NAME, content.url_tags)
    assert meta.standin.ledger.created("adcreatives") == []
    held = creatives.read_back(client, made(meta, client, content))
    assert held.copy == COPY
    assert held.name == NAME
    assert (held.url_tags, held.link, held.page_id) == (content.url_tags, content.link, content.page_id)
    assert held.image_hash == content.image_hash
    assert held.opted_in == ()
    received = json.loads(meta.standin.ledger.created("adcreatives")[0].params["object_story_spec"])
    assert received == spec


def test_every_feature_the_sdk_knows_is_opted_out_but_the_removed_bundle() -> None:
    known = set(sdk_class("AdCreativeFeaturesSpec")._field_types)
    assert set(features.FEATURES) == known - {"standard_enhancements"}
    assert len(features.FEATURES) == len(set(features.FEATURES))


def test_features_that_meta_switched_on_are_named(meta: Kit, client: GraphClient) -> None:
    content = original(meta, client)
    answer = meta.post(
        f"{meta.india.node_id}/adcreatives",
        name="Unsaid",
        object_story_spec=json.dumps(revised_spec(content, COPY)),
    )
    assert "text_optimizations" in creatives.read_back(client, ObjectId(answer["id"])).opted_in


def test_what_meta_would_refuse_is_refused_by_the_dry_run(meta: Kit, client: GraphClient) -> None:
    content = original(meta, client)
    with pytest.raises(BadRequest, match="image hash"):
        creatives.validate(
            client, account_of(meta), revised_spec(content, COPY, "0" * 32), NAME, content.url_tags
        )
    with pytest.raises(BadRequest):
        creatives.validate(client, account_of(meta), revised_spec(content, COPY), "x" * 101, content.url_tags)
    with reaching(meta, READER) as reader, pytest.raises(MissingPermission):
        creatives.validate(reader, account_of(meta), revised_spec(content, COPY), NAME, "")


def test_a_creative_whose_answer_was_lost_is_found_by_its_marker(meta: Kit, client: GraphClient) -> None:
    content = original(meta, client)
    label = labels.ensure_label(client, account_of(meta), MARKER)
    assert labels.ensure_label(client, account_of(meta), MARKER) == label
    assert creatives.find_by_marker(client, account_of(meta), label, MARKER) is None
    meta.standin.faults.add("POST /adcreatives", faults.eof(applied=True))
    with pytest.raises(OutcomeUnknown):
        made(meta, client, content)
    found = creatives.find_by_marker(client, account_of(meta), label, MARKER)
    assert found is not None
    assert creatives.read_back(client, found).copy == COPY
    assert creatives.find_by_marker(client, account_of(meta), label, "[sp:other]") is None
    assert creatives.delete_creative(client, found)
    assert creatives.creative_status(client, found) == "DELETED"
    assert creatives.find_by_marker(client, account_of(meta), label, MARKER) is None


def test_a_new_ad_is_paused_marked_and_measured_like_the_old_one(meta: Kit, client: GraphClient) -> None:
    old = ObjectId(tired(meta).id)
    before = new_ads.ad_state(client, old)
    creative_id = made(meta, client, original(meta, client))
    label = labels.ensure_label(client, account_of(meta), MARKER)
    tracked = new_ads.tracking(client, old)
    assert tracked["tracking_specs"]
    assert new_ads.find_ad_by_marker(client, account_of(meta), label, MARKER) is None
    new = new_ads.create_ad(
        client,
        account_of(meta),
        adset_id=before.seen.adset_id,
        creative_id=creative_id,
        name=NAME,
        label_id=label,
        tracked=tracked,
    )
    state = new_ads.ad_state(client, new)
    assert (state.seen.configured_status, state.effective_status) == ("PAUSED", "PENDING_REVIEW")
    assert (state.seen.creative_id, state.seen.adset_id) == (creative_id, before.seen.adset_id)
    assert (state.seen.adset_status, state.seen.campaign_status) == ("ACTIVE", "ACTIVE")
    assert new_ads.tracking(client, new) == tracked
    assert new_ads.find_ad_by_marker(client, account_of(meta), label, MARKER) == new
    meta.standin.world.set_status(
        meta.standin.world.find(new), "ARCHIVED", meta.clock.now(), "Somebody at Meta"
    )
    assert new_ads.find_ad_by_marker(client, account_of(meta), label, MARKER) == new


def test_a_rejected_ad_says_why(meta: Kit, client: GraphClient) -> None:
    ad = tired(meta)
    meta.standin.world.decide(ad, "DISAPPROVED", meta.clock.now(), (("Claims", "Nobody can promise that."),))
    state = new_ads.ad_state(client, ObjectId(ad.id))
    assert state.effective_status == "DISAPPROVED"
    assert [(one.summary, one.message) for one in state.issues] == [("Claims", "Nobody can promise that.")]


def test_an_ad_shows_another_creative_after_a_swap(meta: Kit, client: GraphClient) -> None:
    ad = ObjectId(tired(meta).id)
    creative_id = made(meta, client, original(meta, client))
    new_ads.swap_creative(client, ad, creative_id)
    state = new_ads.ad_state(client, ad)
    assert (state.seen.creative_id, state.effective_status) == (creative_id, "PENDING_REVIEW")


def test_impressions_are_those_of_the_days_asked_for(meta: Kit, client: GraphClient) -> None:
    ad = ObjectId(tired(meta).id)
    today = NOW.date()
    one = new_ads.shown(client, ad, today, today)
    three = new_ads.shown(client, ad, today - timedelta(days=2), today)
    assert 0 < one.impressions < three.impressions
    assert 0 < one.link_clicks < one.impressions


def test_a_picture_is_kept_byte_for_byte_once(meta: Kit, client: GraphClient) -> None:
    data = png()
    first = pictures.upload_picture(client, account_of(meta), data)
    assert first == md5(data, usedforsecurity=False).hexdigest()
    assert pictures.upload_picture(client, account_of(meta), data) == first
    assert meta.standin.images[first].data == data
    assert len(meta.standin.ledger.created("adimages")) == 1


def test_a_split_test_runs_is_found_and_can_be_ended(meta: Kit, client: GraphClient) -> None:
    business = studies.business_of(client, account_of(meta))
    ads = [ObjectId(ad.id) for ad in meta.standin.world.ads_of(tired(meta).adset)[:2]]
    budget = studies.test_budget(client, ads[0])
    assert next(iter(budget.values())) > 0
    assert studies.find_study(client, business, MARKER) is None
    now = meta.clock.now()
    study_id = studies.create_study(
        client,
        business,
        name=f"Spruce {MARKER}",
        old_ad=ads[0],
        new_ad=ads[1],
        start=now,
        end=now + timedelta(days=7),
        budget=budget,
    )
    assert studies.find_study(client, business, MARKER) == study_id
    found = studies.study(client, study_id)
    assert found.ends_at == now.replace(microsecond=0) + timedelta(days=7)
    assert not found.cancelled
    meta.clock.advance(timedelta(days=1))
    studies.end_study(client, study_id, meta.clock.now())
    assert studies.study(client, study_id).ends_at == meta.clock.now()


def test_another_accounts_token_can_read_and_make_nothing_here(meta: Kit, client: GraphClient) -> None:
    content = original(meta, client)
    creative_id = made(meta, client, content)
    with reaching(meta, OTHER) as other:
        with pytest.raises(MissingPermission):
            creatives.content(other, creative_id)
        with pytest.raises(MissingPermission):
            made(meta, other, content)
        with pytest.raises(MissingPermission):
            new_ads.ad_state(other, ObjectId(tired(meta).id))
    assert len(meta.standin.ledger.created("adcreatives")) == 1
