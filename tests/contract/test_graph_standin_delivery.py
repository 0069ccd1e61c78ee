"""What follows from changes on the stand-in Graph API: delivery, tests, activities, Meta's own words."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from facebook_business.adobjects.business import Business

from bot.sandbox.world_objects import Ad, AdSet
from tests.contract.graph_standin_kit import OTHER, Kit, running

OLD, ADSET = "in.serum.broad.glow", "in.serum.broad"


@pytest.fixture
def meta() -> Iterator[Kit]:
    with running() as kit:
        yield kit


def counts(meta: Kit, thing: str, **params: str) -> dict[str, int]:
    fields = "impressions,inline_link_clicks,reach,spend"
    rows = meta.get(f"{thing}/insights", fields=fields, **(params or {"date_preset": "yesterday"}))["data"]
    return {name: int(float(rows[0].get(name, 0))) if rows else 0 for name in fields.split(",")}


def rate(figures: dict[str, int]) -> float:
    return figures["inline_link_clicks"] / figures["impressions"]


def goes_live(meta: Kit, text: str = "A new text") -> str:
    """A new ad through review and switched on."""
    ad = meta.make_ad(meta.make_creative(text))
    meta.clock.advance(timedelta(minutes=21))
    meta.write(ad, status="ACTIVE")
    return ad


def test_a_new_ad_delivers_from_its_activation_and_takes_its_part_from_its_siblings(meta: Kit) -> None:
    before = counts(meta, meta.ad_id(ADSET))
    paused = meta.make_ad(meta.make_creative())
    meta.clock.advance(timedelta(hours=2))
    assert counts(meta, paused, date_preset="today")["impressions"] == 0
    meta.write(paused, status="ACTIVE")
    meta.clock.advance(timedelta(hours=1))
    assert counts(meta, paused, date_preset="today")["impressions"] > 0
    meta.clock.advance(timedelta(days=2))
    after = counts(meta, meta.ad_id(ADSET))
    assert counts(meta, paused)["impressions"] > 0.15 * after["impressions"]
    assert after["impressions"] == pytest.approx(before["impressions"], rel=0.25)


def test_the_new_ad_takes_over_when_the_old_one_pauses_and_clicks_are_fresh_again(meta: Kit) -> None:
    old, new = meta.ad_id(OLD), goes_live(meta)
    meta.clock.advance(timedelta(days=1))
    beside = counts(meta, new)
    meta.write(old, status="PAUSED")
    meta.clock.advance(timedelta(days=2))
    alone = counts(meta, new)
    assert counts(meta, old)["impressions"] == 0
    assert alone["impressions"] > 1.15 * beside["impressions"]
    fresh = counts(meta, old, time_range='{"since":"2026-11-01","until":"2026-11-07"}')
    tired = counts(meta, old, time_range='{"since":"2026-11-19","until":"2026-11-19"}')
    assert rate(tired) < 0.55 * rate(fresh)
    assert 0.9 * rate(fresh) < rate(alone) < 1.35 * rate(fresh)
    # Undone: the old one comes back to what it was.
    meta.write(new, status="PAUSED")
    meta.write(old, status="ACTIVE")
    meta.clock.advance(timedelta(days=2))
    assert counts(meta, new)["impressions"] == 0
    assert rate(counts(meta, old)) < 0.5 * rate(fresh)


def test_a_change_never_rewrites_what_was_already_told() -> None:
    with running() as kit:
        new = goes_live(kit)
        kit.clock.advance(timedelta(hours=5))
        ads = [kit.ad_id(f"{ADSET}.{key}") for key in ("glow", "lab", "offer")]
        told = [counts(kit, ad, date_preset="today") for ad in (*ads, new)]
        kit.write(ads[0], status="PAUSED")
        kit.write(kit.ad_id("in.serum"), daily_budget=6_400_000)
        assert [counts(kit, ad, date_preset="today") for ad in (*ads, new)] == told
        kit.clock.advance(timedelta(minutes=30))
        later = [counts(kit, ad, date_preset="today") for ad in (*ads, new)]
    assert all(have[name] >= had[name] for have, had in zip(later, told, strict=True) for name in had)


def test_how_good_the_next_creative_is_can_be_set(meta: Kit) -> None:
    meta.standin.world.effect_next(0.4)
    poor, usual = goes_live(meta, "Poor"), goes_live(meta, "Usual")
    meta.clock.advance(timedelta(days=2))
    assert rate(counts(meta, poor)) < 0.55 * rate(counts(meta, usual))


def test_a_creative_swapped_in_is_fresh_from_the_next_day(meta: Kit) -> None:
    ad = meta.ad_id(OLD)
    tired = rate(counts(meta, ad))
    meta.write(ad, creative={"creative_id": meta.make_creative()})
    meta.clock.advance(timedelta(days=2))
    assert rate(counts(meta, ad)) > 2 * tired


def test_an_added_ad_sets_learning_back(meta: Kit) -> None:
    adset = meta.ad_id(ADSET)
    assert meta.node(adset, "learning_stage_info")["learning_stage_info"]["status"] == "SUCCESS"
    meta.make_ad(meta.make_creative())
    shown = meta.node(adset, "learning_stage_info")["learning_stage_info"]
    assert (shown["status"], shown["last_sig_edit_ts"]) == ("LEARNING", int(meta.clock.now().timestamp()))


def test_a_budget_change_moves_delivery_and_is_written_down(meta: Kit) -> None:
    adset = meta.ad_id("in.hairoil.broad")
    before = counts(meta, adset)["spend"]
    meta.write(adset, daily_budget=1_800_000)
    assert meta.node(adset, "daily_budget")["daily_budget"] == "1800000"
    meta.clock.advance(timedelta(days=2))
    assert counts(meta, adset)["spend"] == pytest.approx(2 * before, rel=0.3)
    newest = meta.get(f"{meta.india.node_id}/activities", oid=adset)["data"][0]
    told = json.loads(newest["extra_data"])
    assert newest["event_type"] == "update_ad_set_budget"
    assert (told["old_value"], told["new_value"]) == (900_000, 1_800_000)
    # A campaign holds the budget here, and four changes an hour are the most.
    assert meta.refused_write(meta.ad_id(ADSET), daily_budget=1_000_000)["code"] == 100
    assert meta.refused_write(adset, daily_budget=10)["error_subcode"] == 1885272
    for minor in (1_000_000, 1_100_000, 1_200_000, 1_300_000):
        meta.write(adset, daily_budget=minor)
    assert meta.refused_write(adset, daily_budget=900_000)["error_subcode"] == 1487632


def test_edits_by_people_are_told_from_the_bots(meta: Kit) -> None:
    world, ad = meta.standin.world, meta.standin.world.by_key(OLD)
    adset = world.by_key("in.hairoil.broad")
    assert isinstance(ad, Ad)
    assert isinstance(adset, AdSet)
    at = meta.clock.now()
    world.set_status(ad, "PAUSED", at, actor="Somebody in Ads Manager")
    world.set_budget(adset, 950_000, at, actor="Somebody in Ads Manager")
    world.swap(ad, world.creatives_of(meta.india)[1], at, actor="Somebody in Ads Manager")
    made = goes_live(meta)
    rows = meta.get(f"{meta.india.node_id}/activities", limit="100")["data"]
    by_people = {row["event_type"] for row in rows if row["actor_name"] == "Somebody in Ads Manager"}
    assert by_people == {"update_ad_run_status", "update_ad_set_budget", "update_ad_creative"}
    own = [row["event_type"] for row in rows if row["object_id"] == made and row["actor_name"] != "Meta"]
    assert sorted(own) == ["create_ad", "update_ad_run_status"]
    ids = {row["actor_name"]: row["actor_id"] for row in rows}
    assert ids.keys() == {"Meta", "Spruce system user", "Somebody in Ads Manager", "history"}
    assert len(set(ids.values())) == 4


def test_meta_names_the_ads_that_tire(meta: Kit) -> None:
    path = f"{meta.india.node_id}/recommendations"
    (entry,) = meta.get(path)["data"]
    told = {item["type"]: item["object_ids"] for item in entry["recommendations"]}
    assert told == {"CREATIVE_FATIGUE": [meta.ad_id(OLD)]}
    assert meta.get(path, recommendation_names='["CREATIVE_LIMITED"]') == {"data": []}
    assert meta.refused(path, recommendation_names='["TIRED"]')["code"] == 100
    meta.write(meta.ad_id(OLD), status="PAUSED")
    assert meta.get(path) == {"data": []}
    other = meta.get(f"{meta.america.node_id}/recommendations", OTHER)["data"][0]["recommendations"]
    assert [item["object_ids"] for item in other] == [[meta.ad_id("us.coldbrew.broad.pack")]]


def test_ads_are_ranked_and_their_people_counted_by_day_and_by_week(meta: Kit) -> None:
    fields = (
        "quality_ranking,engagement_rate_ranking,conversion_rate_ranking,reach,frequency,impressions,"
        "inline_post_engagement,video_play_actions,actions,cpm"
    )
    path = f"{meta.ad_id(OLD)}/insights"
    week = meta.get(path, fields=fields, date_preset="last_7d")["data"][0]
    days = meta.get(path, fields=fields, date_preset="last_7d", time_increment="1")["data"]
    assert int(week["reach"]) < sum(int(day["reach"]) for day in days)
    assert max(int(day["reach"]) for day in days) < int(week["reach"])
    assert float(week["frequency"]) > float(days[-1]["frequency"]) > 1.15 * float(days[0]["frequency"])
    plays = {item["action_type"]: int(item["value"]) for item in week["actions"]}["video_view"]
    assert int(week["video_play_actions"][0]["value"]) > plays > 0
    assert int(week["inline_post_engagement"]) > plays
    assert week["conversion_rate_ranking"].startswith("BELOW_AVERAGE")
    few = meta.get(path, fields=fields, date_preset="today", breakdowns="age")["data"]
    assert few[-1]["quality_ranking"] == "UNKNOWN"
    hook = [int(day["inline_post_engagement"]) / int(day["impressions"]) for day in days]
    assert hook[-1] < hook[0]


def study(meta: Kit, cells: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    begins = int(meta.clock.now().timestamp())
    ends = begins + 7 * 86_400
    params = {
        "name": "New against old",
        "type": "SPLIT_TEST_V2",
        "cells": cells,
        "creative_test_config": {"daily_budget": 500_000},
        "start_time": begins,
        "end_time": ends,
        "cooldown_start_time": begins,
        "observation_end_time": ends,
    }
    return {name: value for name, value in {**params, **changes}.items() if value is not None}


def cells_of(*ads: str, share: float = 50) -> list[dict[str, Any]]:
    return [{"name": f"Cell {ad}", "treatment_percentage": share, "ads": [ad]} for ad in ads]


def test_a_split_test_divides_delivery_and_can_be_stopped(meta: Kit) -> None:
    old, new = meta.ad_id(OLD), goes_live(meta)
    path = f"{meta.india.business_id}/ad_studies"
    made = meta.write(path, **study(meta, cells_of(old, new)))["id"]
    meta.clock.advance(timedelta(days=2))
    one, other = counts(meta, old), counts(meta, new)
    assert one["impressions"] == pytest.approx(other["impressions"], rel=0.4)
    fields = "name,type,start_time,end_time,cells,creative_test_config,business{id}"
    shown = meta.get(made, fields=fields)
    assert (shown["type"], shown["business"]) == ("SPLIT_TEST_V2", {"id": meta.india.business_id})
    assert shown["end_time"] == "2026-11-27T15:31:00+0530"
    assert [cell["ad_ids"] for cell in shown["cells"]["data"]] == [[old], [new]]
    assert [row["id"] for row in meta.get(path)["data"]] == [made]
    assert len(meta.get(f"{made}/cells")["data"]) == 2
    # Neither ad is free for another test until this one ends.
    assert meta.refused_write(path, **study(meta, cells_of(old, new)))["code"] == 100
    now = int(meta.clock.now().timestamp())
    meta.write(made, end_time=now)
    assert meta.node(made, "end_time")["end_time"] == "2026-11-22T15:31:00+0530"
    assert meta.write(path, **study(meta, cells_of(old, new)))["id"] != made
    assert len(meta.standin.ledger.created("ad_studies")) == 2


def test_a_cells_share_decides_how_much_it_delivers(meta: Kit) -> None:
    old, new = meta.ad_id(OLD), goes_live(meta)
    cells = [*cells_of(old, share=20), *cells_of(new, share=80)]
    meta.write(f"{meta.india.business_id}/ad_studies", **study(meta, cells))
    meta.clock.advance(timedelta(days=3))
    assert counts(meta, new)["impressions"] > 2.5 * counts(meta, old)["impressions"]


def test_studies_that_meta_would_not_take_are_refused(meta: Kit) -> None:
    old, other, foreign = (
        meta.ad_id(OLD),
        meta.ad_id("in.serum.broad.lab"),
        meta.ad_id("us.coldbrew.broad.pour"),
    )
    good, now = cells_of(old, other), int(meta.clock.now().timestamp())
    wrong: list[dict[str, Any]] = [
        {"cells": cells_of(old, share=100)},
        {"cells": cells_of(old, other, share=40)},
        {"cells": cells_of(old, old)},
        {"cells": cells_of(old, foreign)},
        {"cells": [{**good[0], "ads": [old, meta.ad_id("in.serum.broad.offer")]}, good[1]]},
        {"cells": [{**good[0], "control_group": 1}, good[1]]},
        {"creative_test_config": None},
        {"creative_test_config": {"daily_budget": 1, "lifetime_budget_percentage": 2}},
        {"cooldown_start_time": now + 60},
        {"observation_end_time": None},
        {"end_time": now - 60, "observation_end_time": now - 60},
        {"type": "LIFT"},
        {"type": "SPLIT"},
        {"name": None},
    ]
    path = f"{meta.india.business_id}/ad_studies"
    for change in wrong:
        error = meta.refused_write(path, **study(meta, change.pop("cells", good), **change))
        assert error["code"] == 100, change
    assert meta.refused_write(path, OTHER, **study(meta, good))["error_subcode"] == 33
    assert not meta.standin.ledger.created("ad_studies")


def test_the_sdk_makes_a_study(meta: Kit) -> None:
    cells = cells_of(meta.ad_id(OLD), meta.ad_id("in.serum.broad.lab"))
    with meta.sdk() as account:
        business = Business(meta.india.business_id, api=account.get_api())
        params = study(meta, cells, type="SPLIT_TEST", creative_test_config=None, cooldown_start_time=None)
        made = business.create_ad_study(params=params)
        assert [one["id"] for one in business.get_ad_studies(fields=["name"])] == [made["id"]]
        made.api_delete()
    assert meta.node(made["id"], "canceled_time")["canceled_time"]
