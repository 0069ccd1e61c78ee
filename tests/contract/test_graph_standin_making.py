"""Pictures, creatives, ads and labels made on the stand-in Graph API, and what Meta would refuse."""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from facebook_business.adobjects.adcreative import AdCreative

from tests.contract.graph_standin_kit import OTHER, READER, Kit, png, running

CREATIVE = (
    "id,name,title,body,status,object_story_spec,effective_object_story_id,url_tags,image_hash,image_url,"
    "thumbnail_url,video_id,call_to_action_type,degrees_of_freedom_spec,asset_feed_spec,adlabels,object_type,"
    "link_url,instagram_user_id,account_id"
)


@pytest.fixture
def meta() -> Iterator[Kit]:
    with running() as kit:
        yield kit


def test_a_picture_is_kept_byte_for_byte_under_its_hash(meta: Kit) -> None:
    data = png()
    hash_ = meta.upload(data)
    assert hash_ == hashlib.md5(data, usedforsecurity=False).hexdigest()
    assert meta.standin.images[hash_].data == data
    path = f"{meta.india.node_id}/adimages"
    listed = meta.get(
        path, hashes=json.dumps([hash_]), fields="hash,url,permalink_url,width,height,name,status"
    )
    shown = listed["data"][0]
    assert (shown["hash"], shown["width"], shown["height"], shown["status"]) == (hash_, 600, 600, "ACTIVE")
    assert meta.http.get(shown["url"], timeout=10).content == data
    assert meta.upload(data) == hash_
    assert len(meta.standin.ledger.created("adimages")) == 1
    # The hash means nothing elsewhere.
    assert meta.get(f"{meta.america.node_id}/adimages", OTHER, hashes=json.dumps([hash_])) == {"data": []}


def test_the_sdk_uploads_a_file(meta: Kit, tmp_path: Path) -> None:
    file = tmp_path / "new.png"
    file.write_bytes(png(colour="#aa2233"))
    with meta.sdk() as account:
        image = account.create_ad_image(params={"filename": str(file)})
    assert meta.standin.images[image["hash"]].data == file.read_bytes()
    assert image["width"] == 600


@pytest.mark.parametrize(
    ("data", "subcode"),
    [(png(64, 64), 1487195), (b"GIF89a nothing", 1487197), (png()[:400], 1487197), (b"", 1487197)],
)
def test_what_is_no_usable_picture_is_refused(meta: Kit, data: bytes, subcode: int) -> None:
    path = f"{meta.india.node_id}/adimages"
    error = meta.refused_write(path, bytes=base64.b64encode(data).decode())
    assert (error["code"], error["error_subcode"]) == (100, subcode)
    assert error["error_user_msg"]
    assert not meta.standin.images


def test_a_creative_of_the_world_shows_everything_it_is_made_of(meta: Kit) -> None:
    image, video = (
        meta.get(meta.creative_id(f"in.serum.broad.{ad}"), fields=CREATIVE) for ad in ("lab", "glow")
    )
    assert image["object_story_spec"]["link_data"]["image_hash"] == image["image_hash"]
    assert "{{campaign.name}}" in image["url_tags"]
    assert image["effective_object_story_id"].startswith(image["object_story_spec"]["page_id"] + "_")
    assert meta.http.get(image["image_url"], timeout=10).content.startswith(b"\x89PNG")
    data = video["object_story_spec"]["video_data"]
    assert (data["video_id"], video["object_type"]) == (video["video_id"], "VIDEO")
    assert "image_hash" not in video
    hashes = json.dumps([data["image_hash"]])
    assert meta.get(f"{meta.india.node_id}/adimages", hashes=hashes)["data"]


def test_other_forms_of_creatives_are_there_to_be_refused_by_a_client(meta: Kit) -> None:
    carousel, catalogue, feed = (
        meta.get(meta.creative_id(key), fields=CREATIVE)
        for key in ("in.bestsellers.auto.top", "in.bestsellers.refill.combo", "in.bestsellers.auto.offer")
    )
    assert len(carousel["object_story_spec"]["link_data"]["child_attachments"]) == 3
    assert "{{product.name" in catalogue["object_story_spec"]["template_data"]["name"]
    assert len(feed["asset_feed_spec"]["asset_customization_rules"]) == 2
    assert "link_data" not in feed["object_story_spec"]


def test_what_is_not_said_about_features_is_switched_on_by_meta(meta: Kit) -> None:
    out = {"creative_features_spec": {"text_optimizations": {"enroll_status": "OPT_OUT"}}}
    made = meta.make_creative(degrees_of_freedom_spec=out, url_tags="utm_source=meta")
    shown = meta.get(made, fields=CREATIVE)
    features = shown["degrees_of_freedom_spec"]["creative_features_spec"]
    assert features["text_optimizations"] == {"enroll_status": "OPT_OUT"}
    assert features["image_touchups"] == {"enroll_status": "OPT_IN"}
    assert (shown["body"], shown["url_tags"], shown["status"]) == ("A new text", "utm_source=meta", "ACTIVE")
    assert shown["effective_object_story_id"].startswith(shown["object_story_spec"]["page_id"])


def test_an_identical_creative_is_not_made_twice_and_a_dry_run_makes_none(meta: Kit) -> None:
    checked = meta.write(
        f"{meta.india.node_id}/adcreatives",
        name="New",
        object_story_spec=meta.link_spec(),
        execution_options=["validate_only"],
    )
    assert checked == {"success": True}
    assert not meta.standin.ledger.created("adcreatives")
    assert meta.make_creative() == meta.make_creative()
    assert meta.make_creative("Another") != meta.make_creative()
    assert len(meta.standin.ledger.created("adcreatives")) == 2
    assert len(meta.standin.ledger.writes()) == 5


def test_an_existing_post_keeps_its_story(meta: Kit) -> None:
    story = meta.node(meta.creative_id("in.serum.broad.lab"), "effective_object_story_id")
    made = meta.write(
        f"{meta.india.node_id}/adcreatives",
        name="Same post",
        object_story_id=story["effective_object_story_id"],
    )
    shown = meta.get(made["id"], fields=CREATIVE)
    assert shown["effective_object_story_id"] == story["effective_object_story_id"]
    assert shown["body"]


def spoiled(spec: dict[str, Any], **data: Any) -> dict[str, Any]:
    return {"object_story_spec": spec | {"link_data": spec["link_data"] | data}}


def test_creatives_that_meta_would_not_take_are_refused(meta: Kit) -> None:
    spec = meta.link_spec()
    features = {"creative_features_spec": {"sparkle": {"enroll_status": "OPT_OUT"}}}
    old = {"creative_features_spec": {"standard_enhancements": {"enroll_status": "OPT_OUT"}}}
    odd = {"creative_features_spec": {"text_optimizations": {"enroll_status": "OFF"}}}
    wrong: list[tuple[dict[str, Any], int | None]] = [
        ({"object_story_spec": spec | {"page_id": "123"}}, 33),
        ({"object_story_spec": spec | {"instagram_user_id": "123"}}, 33),
        ({"object_story_spec": spec | {"instagram_actor_id": "123"}}, None),
        (spoiled(spec, image_hash="0" * 32), 1487190),
        (spoiled(spec, image_hash=""), 1487212),
        (spoiled(spec, headline="x"), None),
        (spoiled(spec, link="tulsilane"), None),
        (spoiled(spec, message=["x"]), None),
        (spoiled(spec, call_to_action={"type": "BUY_IT"}), None),
        ({"object_story_spec": spec, "name": "x" * 101}, None),
        ({"object_story_spec": spec, "instagram_actor_id": "1"}, None),
        ({"object_story_spec": spec, "degrees_of_freedom_spec": features}, None),
        ({"object_story_spec": spec, "degrees_of_freedom_spec": old}, 3858504),
        ({"object_story_spec": spec, "degrees_of_freedom_spec": odd}, None),
        ({"object_story_id": "1_2"}, 1815869),
        ({}, None),
    ]
    for params, subcode in wrong:
        error = meta.refused_write(f"{meta.india.node_id}/adcreatives", **{"name": "New", **params})
        assert (error["code"], error.get("error_subcode")) == (100, subcode), params
    assert not meta.standin.ledger.created("adcreatives")


def test_a_creatives_content_cannot_be_changed(meta: Kit) -> None:
    creative = meta.make_creative()
    for content in ({"body": "x"}, {"object_story_spec": meta.link_spec("x")}, {"url_tags": "a=b"}):
        assert meta.refused_write(creative, **content)["code"] == 100
    meta.write(creative, name="Renamed", adlabels=[{"name": "spruce"}])
    shown = meta.get(creative, fields="name,adlabels{name},body")
    assert (shown["name"], shown["adlabels"], shown["body"]) == (
        "Renamed",
        [{"name": "spruce"}],
        "A new text",
    )
    meta.write(creative, status="DELETED")
    assert meta.node(creative, "status")["status"] == "DELETED"
    listed = meta.get(f"{meta.india.node_id}/adcreatives", limit="200", fields="id")["data"]
    assert creative not in {entry["id"] for entry in listed}
    # A deleted creative is not found again: the same content makes a new one.
    assert meta.make_creative() != creative


def test_a_new_ad_is_reviewed_while_paused_and_then_shows_what_was_asked(meta: Kit) -> None:
    ad = meta.make_ad(meta.make_creative())
    fields = ("effective_status", "configured_status", "status", "creative", "adset_id", "created_time")
    shown = meta.node(ad, *fields)
    assert (shown["effective_status"], shown["status"]) == ("PENDING_REVIEW", "PAUSED")
    assert shown["created_time"] == "2026-11-20T15:10:00+0530"
    meta.clock.advance(timedelta(minutes=19))
    assert meta.node(ad, "effective_status")["effective_status"] == "PENDING_REVIEW"
    meta.clock.advance(timedelta(minutes=2))
    assert meta.node(ad, "effective_status")["effective_status"] == "PAUSED"
    meta.write(ad, status="ACTIVE")
    assert meta.node(ad, "effective_status")["effective_status"] == "ACTIVE"
    assert [entry.made for entry in meta.standin.ledger.created("ads")] == [ad]


def test_a_forgotten_status_makes_a_running_ad(meta: Kit) -> None:
    creative = meta.make_creative()
    made = meta.write(
        f"{meta.india.node_id}/ads",
        name="x",
        adset_id=meta.ad_id("in.serum.broad"),
        creative={"creative_id": creative},
    )
    assert meta.node(made["id"], "status")["status"] == "ACTIVE"


def test_a_rejected_ad_says_why(meta: Kit) -> None:
    meta.standin.world.reject_next(match="Variant B")
    fine, scripted, told = (
        meta.make_ad(meta.make_creative(text), name=name)
        for text, name in (("One", "Variant A"), ("Two", "Variant B"), ("A Miracle in a bottle", "Variant C"))
    )
    meta.clock.advance(timedelta(minutes=21))
    fields = ("effective_status", "ad_review_feedback")
    assert meta.node(fine, *fields)["effective_status"] == "PAUSED"
    for rejected in (scripted, told):
        shown = meta.node(rejected, *fields)
        assert shown["effective_status"] == "DISAPPROVED"
        assert "Unrealistic outcomes" in shown["ad_review_feedback"]["global"]


def test_a_dry_run_with_synchronous_review_finds_forbidden_words(meta: Kit) -> None:
    options = ["validate_only", "synchronous_ad_review"]
    path, adset = f"{meta.india.node_id}/ads", meta.ad_id("in.serum.broad")
    good, bad = (meta.make_creative(text) for text in ("Fine", "A guaranteed cure"))
    params = {"name": "x", "adset_id": adset, "status": "PAUSED", "execution_options": options}
    assert meta.write(path, creative={"creative_id": good}, **params) == {"success": True}
    assert (
        "guaranteed cure"
        in meta.refused_write(path, creative={"creative_id": bad}, **params)["error_user_msg"]
    )
    only = params | {"execution_options": ["synchronous_ad_review"]}
    assert meta.refused_write(path, creative={"creative_id": good}, **only)["code"] == 100
    assert not meta.standin.ledger.created("ads")


def test_ads_that_cannot_be_made_are_refused(meta: Kit) -> None:
    creative, adset = meta.make_creative(), meta.ad_id("in.serum.broad")
    foreign = meta.standin.world.accounts[1]
    other = meta.standin.world.creatives_of(foreign)[0].id
    good = {"name": "x", "adset_id": adset, "creative": {"creative_id": creative}, "status": "PAUSED"}
    meta.write(meta.ad_id("in.nightoil.test"), status="DELETED")
    wrong: list[dict[str, Any]] = [
        {"name": ""},
        {"status": "ARCHIVED"},
        {"adset_id": "1"},
        {"adset_id": meta.ad_id("us.coldbrew.broad")},
        {"adset_id": meta.ad_id("in.nightoil.test")},
        {"creative": {"creative_id": other}},
        {"creative": {"creative_id": "1"}},
        {"creative": {"object_story_spec": {}}},
        {"priority": 1},
    ]
    for change in wrong:
        assert meta.refused_write(f"{meta.india.node_id}/ads", **(good | change))["code"] == 100, change
    assert meta.refused_write(f"{meta.india.node_id}/ads", READER, **good)["code"] == 294
    assert meta.refused_write(f"{foreign.node_id}/ads", **good)["error_subcode"] == 33
    assert not meta.standin.ledger.created("ads")


def test_an_ad_set_holds_fifty_ads_that_are_not_deleted(meta: Kit) -> None:
    creative = meta.make_creative()
    made = [meta.make_ad(creative, name=f"Ad {number}") for number in range(47)]
    good = {
        "name": "One more",
        "adset_id": meta.ad_id("in.serum.broad"),
        "creative": {"creative_id": creative},
    }
    assert meta.refused_write(f"{meta.india.node_id}/ads", **good)["error_subcode"] == 1487809
    meta.write(made[0], status="DELETED")
    assert meta.write(f"{meta.india.node_id}/ads", **good)["id"]


def test_swapping_in_place_goes_back_to_review_and_can_be_undone(meta: Kit) -> None:
    ad, old = meta.ad_id("in.serum.broad.glow"), meta.creative_id("in.serum.broad.glow")
    new = meta.make_creative()
    meta.write(ad, creative={"creative_id": new})
    shown = meta.get(ad, fields="effective_status,creative{id,body}")
    assert (shown["effective_status"], shown["creative"]["id"]) == ("PENDING_REVIEW", new)
    meta.clock.advance(timedelta(minutes=21))
    assert meta.node(ad, "effective_status")["effective_status"] == "ACTIVE"
    meta.write(ad, creative={"creative_id": old})
    assert meta.creative_id("in.serum.broad.glow") == old


def test_labels_find_what_carries_them(meta: Kit) -> None:
    path = meta.india.node_id
    label = meta.write(f"{path}/adlabels", name="spruce-r1")["id"]
    assert meta.write(f"{path}/adlabels", name="spruce-r1")["id"] == label
    creative = meta.make_creative(adlabels=[{"name": "spruce-r1"}, {"name": "spruce"}])
    ad = meta.make_ad(creative, adlabels=[{"id": label}])
    listed = meta.get(f"{path}/adlabels", fields="id,name")["data"]
    assert [entry["name"] for entry in listed] == ["spruce-r1", "spruce"]
    both = json.dumps([entry["id"] for entry in listed])
    for edge, every, found in (
        ("adsbylabels", "ANY", [ad]),
        ("adsbylabels", "ALL", []),
        ("adcreativesbylabels", "ALL", [creative]),
    ):
        rows = meta.get(f"{path}/{edge}", ad_label_ids=both, operator=every, fields="id,name")["data"]
        assert [row["id"] for row in rows] == found
    named = json.dumps([{"field": "name", "operator": "CONTAIN", "value": "r1"}])
    assert [row["id"] for row in meta.get(f"{path}/adlabels", filtering=named)["data"]] == [label]
    assert meta.refused(f"{path}/adsbylabels")["code"] == 100
    assert meta.refused_write(f"{path}/ads", adlabels=[{"id": "1"}], name="x")["code"] == 100


def test_new_objects_are_found_by_their_names(meta: Kit) -> None:
    creative = meta.make_creative()
    ad = meta.make_ad(creative, name="spruce r_123 | Variant A")
    for field in ("name", "ad.name"):
        wanted = json.dumps([{"field": field, "operator": "CONTAIN", "value": "r_123"}])
        rows = meta.get(f"{meta.india.node_id}/ads", filtering=wanted, fields="id")["data"]
        assert [row["id"] for row in rows] == [ad]
    wanted = json.dumps([{"field": "name", "operator": "EQUAL", "value": "New: A new text"}])
    rows = meta.get(f"{meta.india.node_id}/adcreatives", filtering=wanted, fields="id")["data"]
    assert [row["id"] for row in rows] == [creative]


def test_the_sdk_makes_and_reads_a_creative(meta: Kit) -> None:
    with meta.sdk() as account:
        made = account.create_ad_creative(params={"name": "SDK", "object_story_spec": meta.link_spec()})
        shown = AdCreative(made["id"], api=account.get_api()).api_get(fields=CREATIVE.split(","))
        assert shown["object_story_spec"]["link_data"]["message"] == "A new text"
        assert account.create_ad_label(params={"name": "x"})["id"]
