"""Writes and report runs on the stand-in Graph API."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from facebook_business.adobjects.ad import Ad

from tests.contract.graph_standin_kit import OTHER, READER, Kit, running

SEEN = "status,configured_status,effective_status,updated_time"


@pytest.fixture
def meta() -> Iterator[Kit]:
    with running() as kit:
        yield kit


def impressions(meta: Kit, ad: str) -> int:
    rows = meta.get(f"{ad}/insights", date_preset="today", fields="impressions")["data"]
    return int(rows[0]["impressions"]) if rows else 0


def test_pausing_through_the_sdk_stops_delivery_from_that_moment(meta: Kit) -> None:
    ad = meta.ad_id("in.hairoil.broad.ritual")
    with meta.sdk() as account:
        Ad(ad, api=account.get_api()).api_update(params={"status": "PAUSED"})
    shown = meta.get(ad, fields=SEEN)
    assert (shown["status"], shown["effective_status"]) == ("PAUSED", "PAUSED")
    assert shown["updated_time"] == "2026-11-20T15:10:00+0530"
    meta.clock.advance(timedelta(minutes=15))
    at_pause = impressions(meta, ad)
    meta.clock.advance(timedelta(hours=2))
    assert impressions(meta, ad) == at_pause
    assert meta.post(ad, status="ACTIVE") == {"success": True}
    meta.clock.advance(timedelta(hours=1))
    assert impressions(meta, ad) > at_pause


def test_a_parents_pause_reaches_its_ads(meta: Kit) -> None:
    ad = meta.ad_id("in.hairoil.broad.ritual")
    meta.post(meta.ad_id("in.hairoil.broad"), status="PAUSED")
    assert meta.get(ad, fields=SEEN)["effective_status"] == "ADSET_PAUSED"
    meta.post(meta.ad_id("in.hairoil"), status="PAUSED")
    assert meta.get(ad, fields=SEEN)["effective_status"] == "CAMPAIGN_PAUSED"
    assert meta.get(ad, fields=SEEN)["status"] == "ACTIVE"


def test_validating_only_changes_nothing(meta: Kit) -> None:
    ad = meta.ad_id("in.hairoil.broad.ritual")
    answer = meta.post(ad, status="PAUSED", execution_options='["validate_only"]')
    assert answer == {"success": True}
    assert meta.get(ad, fields=SEEN)["status"] == "ACTIVE"
    refused = meta.refused(ad, method="POST", status="PAUSED", execution_options='["dry_run"]')
    assert refused["code"] == 100


def test_setting_the_same_status_again_is_not_a_change(meta: Kit) -> None:
    ad = meta.ad_id("in.hairoil.broad.ritual")
    before = meta.get(ad, fields=SEEN)["updated_time"]
    assert meta.post(ad, status="ACTIVE") == {"success": True}
    assert meta.get(ad, fields=SEEN)["updated_time"] == before


@pytest.mark.parametrize(
    "params",
    [{"status": "ASLEEP"}, {"colour": "red"}, {"bid_amount": "5"}, {}, {"name": "x", "priority": "2"}],
)
def test_a_write_that_cannot_be_done_is_refused(meta: Kit, params: dict[str, str]) -> None:
    assert meta.refused(meta.ad_id("in.hairoil.broad.ritual"), method="POST", **params)["code"] == 100


def test_a_reading_token_may_not_write(meta: Kit) -> None:
    ad = meta.ad_id("in.hairoil.broad.ritual")
    error = meta.refused(ad, READER, "POST", status="PAUSED")
    assert error["code"] == 294
    assert meta.get(ad, READER, fields=SEEN)["status"] == "ACTIVE"


def test_renaming_shows_everywhere(meta: Kit) -> None:
    ad = meta.ad_id("in.hairoil.broad.ritual")
    name = 'x" <!channel> & ' + "long " * 4000
    meta.post(ad, name=name)
    assert meta.get(ad, fields="name")["name"] == name
    row = meta.get(f"{ad}/insights", date_preset="yesterday", fields="ad_name")["data"][0]
    assert row["ad_name"] == name


def test_a_deleted_ad_leaves_the_listing_and_stays_deleted(meta: Kit) -> None:
    ad = meta.ad_id("in.hairoil.broad.ritual")
    meta.post(ad, status="DELETED")
    listed = meta.get(f"{meta.india.node_id}/ads", limit="100", fields="id")["data"]
    assert ad not in {entry["id"] for entry in listed}
    asked = meta.get(f"{meta.india.node_id}/ads", effective_status='["DELETED"]')["data"]
    assert [entry["id"] for entry in asked] == [ad]
    assert meta.refused(ad, method="POST", status="ACTIVE")["code"] == 100


def test_a_write_appears_among_the_activities(meta: Kit) -> None:
    ad = meta.ad_id("in.hairoil.broad.ritual")
    meta.post(ad, status="PAUSED")
    newest = meta.get(f"{meta.india.node_id}/activities", oid=ad)["data"][0]
    assert (newest["event_type"], newest["object_id"]) == ("update_ad_run_status", ad)
    assert json.loads(newest["extra_data"]) == {"new_value": "PAUSED", "old_value": "ACTIVE"}


def start_run(meta: Kit) -> str:
    params = {"level": "ad", "date_preset": "last_7d", "time_increment": "1", "fields": '["ad_id","spend"]'}
    return str(meta.post(f"{meta.india.node_id}/insights", **params)["report_run_id"])


def test_a_report_run_passes_through_its_states_and_then_has_every_row(meta: Kit) -> None:
    run = start_run(meta)
    seen = []
    while not seen or seen[-1][0] != "Job Completed":
        shown = meta.get(run)
        seen.append((shown["async_status"], shown["async_percent_completion"]))
        if len(seen) == 3:
            # 100 % and still running: rows are missing and no error says so.
            assert meta.get(f"{run}/insights") == {"data": []}
    assert seen[2:] == [("Job Running", 100), ("Job Completed", 100)]
    rows = meta.get(f"{run}/insights", limit="500")["data"]
    assert len(rows) > 200
    assert set(rows[0]) == {"ad_id", "spend", "date_start", "date_stop"}


def test_the_sdk_runs_a_report(meta: Kit) -> None:
    with meta.sdk() as account:
        run = account.get_insights_async(fields=["spend"], params={"date_preset": "yesterday"})
        states: list[Any] = [run.api_get()["async_status"] for _ in range(4)]
        assert states[-1] == "Job Completed"
        assert len(list(run.get_insights())) == 1


def test_a_report_run_can_fail(meta: Kit) -> None:
    meta.standin.runs.fail_next()
    run = start_run(meta)
    shown = [meta.get(run, fields="async_status,error_code,error_subcode") for _ in range(4)][-1]
    assert (shown["async_status"], shown["error_code"], shown["error_subcode"]) == ("Job Failed", -2, 2490547)


def test_a_report_run_belongs_to_its_account(meta: Kit) -> None:
    assert meta.refused(start_run(meta), OTHER)["error_subcode"] == 33
    bad = meta.refused(f"{meta.india.node_id}/insights", method="POST", fields='["colour"]')
    assert bad["code"] == 100
