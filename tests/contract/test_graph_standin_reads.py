"""Reading the stand-in Graph API through the real SDK and by hand: shapes, days, pages."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from bot.sandbox.graph_api import Manners
from bot.sandbox.world import World
from tests.contract.graph_standin_kit import FULL, NOW, OTHER, Kit, running

FIELDS = "ad_id,campaign_id,impressions,reach,frequency,spend,clicks,inline_link_clicks,actions,action_values"


@pytest.fixture(scope="module")
def meta() -> Iterator[Kit]:
    with running() as kit:
        yield kit


def value_of(row: dict[str, Any], action_type: str, key: str = "value", field: str = "actions") -> float:
    return sum(float(item.get(key, 0)) for item in row.get(field, []) if item["action_type"] == action_type)


def test_the_sdk_reads_an_account(meta: Kit) -> None:
    with meta.sdk() as account:
        shown = account.api_get(
            fields=["name", "currency", "timezone_name", "account_status", "amount_spent"]
        )
    assert (shown["currency"], shown["timezone_name"], shown["account_status"]) == ("INR", "Asia/Kolkata", 1)
    assert shown["amount_spent"].isdigit()


def test_the_sdk_walks_every_page_of_ads(meta: Kit) -> None:
    with meta.sdk() as account:
        cursor = account.get_ads(fields=["id", "name", "creative"], params={"limit": 15})
        ads = list(cursor)
        assert cursor.total() == 40
    assert len({ad["id"] for ad in ads}) == 40
    assert set(ads[0]["creative"]) == {"id"}


def test_the_sdk_reads_insights_of_every_ad_by_day(meta: Kit) -> None:
    params = {"level": "ad", "date_preset": "last_7d", "time_increment": 1, "limit": 100}
    with meta.sdk() as account:
        rows = list(account.get_insights(fields=FIELDS.split(","), params=params))
    running_ads = {row["ad_id"] for row in rows}
    assert 36 <= len(running_ads) <= 40
    assert {row["date_start"] for row in rows} == {f"2026-11-{day}" for day in range(13, 20)}
    assert all(row["date_start"] == row["date_stop"] for row in rows)


def test_every_metric_is_a_string_in_major_units(meta: Kit) -> None:
    row = meta.rows(meta.india, level="ad", date_preset="yesterday", fields=FIELDS + ",ctr,cpc,cpm")[0]
    numbers = ("impressions", "reach", "frequency", "spend", "clicks", "ctr", "cpc", "cpm")
    assert all(isinstance(row[name], str) for name in numbers)
    assert 150 <= float(row["cpm"]) <= 215
    assert all(isinstance(item["value"], str) for item in row["actions"])


def test_the_same_sale_appears_under_four_overlapping_names(meta: Kit) -> None:
    row = meta.rows(meta.india, level="account", date_preset="yesterday", fields=FIELDS)[0]
    names = ("purchase", "omni_purchase", "onsite_web_purchase", "offsite_conversion.fb_pixel_purchase")
    assert len({value_of(row, name) for name in names}) == 1
    assert value_of(row, "purchase") > 100
    assert value_of(row, "purchase", field="action_values") > 100 * value_of(row, "purchase")


def test_attribution_windows_add_keys_and_retired_ones_add_none(meta: Kit) -> None:
    windows = json.dumps(["1d_click", "7d_click", "28d_click", "1d_view", "7d_view", "28d_view", "default"])
    row = meta.rows(
        meta.india,
        level="account",
        date_preset="last_7d",
        fields="actions",
        action_attribution_windows=windows,
    )[0]
    sales = next(item for item in row["actions"] if item["action_type"] == "purchase")
    assert set(sales) == {"action_type", "value", "1d_click", "7d_click", "28d_click", "1d_view"}
    assert float(sales["1d_click"]) < float(sales["7d_click"]) < float(sales["28d_click"])


def test_value_follows_each_ad_sets_own_attribution_setting(meta: Kit) -> None:
    rows = meta.rows(
        meta.india,
        level="adset",
        date_preset="last_7d",
        fields="adset_id,actions,attribution_setting",
        action_attribution_windows='["1d_click","7d_click","1d_view"]',
    )
    by_setting = {row["attribution_setting"]: row for row in rows}
    assert set(by_setting) == {"7d_click_1d_view", "1d_click"}
    short = by_setting["1d_click"]
    assert value_of(short, "purchase") == value_of(short, "purchase", "1d_click")
    usual = by_setting["7d_click_1d_view"]
    assert value_of(usual, "purchase") == value_of(usual, "purchase", "7d_click") + value_of(
        usual, "purchase", "1d_view"
    )


def test_zero_metrics_are_left_out(meta: Kit) -> None:
    row = meta.rows(
        meta.india,
        level="adset",
        date_preset="yesterday",
        fields="adset_name,spend,purchase_roas,actions",
        filtering=json.dumps([{"field": "adset.name", "operator": "CONTAIN", "value": "students"}]),
    )[0]
    assert "purchase_roas" not in row
    assert not value_of(row, "purchase")
    assert float(row["spend"]) > 500


def test_a_day_without_delivery_has_no_row(meta: Kit) -> None:
    paused = meta.ad_id("in.serum.lookalike.unbox")
    rows = meta.get(f"{paused}/insights", date_preset="last_14d", time_increment="1", fields="spend")["data"]
    days = [row["date_start"] for row in rows]
    assert days == sorted(days)
    assert days[-1] == "2026-11-11"
    assert meta.get(f"{paused}/insights", date_preset="today", fields="spend") == {"data": []}


def test_reach_of_a_week_is_less_than_its_days_together(meta: Kit) -> None:
    daily = meta.rows(meta.india, date_preset="last_7d", time_increment="1", fields="reach,impressions")
    whole = meta.rows(meta.india, date_preset="last_7d", fields="reach,impressions,frequency")[0]
    assert sum(int(day["impressions"]) for day in daily) == int(whole["impressions"])
    assert int(whole["reach"]) < sum(int(day["reach"]) for day in daily)
    assert float(whole["frequency"]) > 1.3


def test_levels_agree_on_the_money(meta: Kit) -> None:
    spent = {
        level: round(
            sum(
                float(row["spend"])
                for row in meta.rows(meta.india, level=level, date_preset="yesterday", fields="spend")
            ),
            2,
        )
        for level in ("ad", "adset", "campaign", "account")
    }
    assert len(set(spent.values())) == 1


def test_today_is_each_accounts_own_day_and_grows(meta: Kit) -> None:
    def today(account: Any, token: str) -> dict[str, Any]:
        return meta.rows(account, token, date_preset="today", fields="impressions,spend")[0]

    india, america = today(meta.india, FULL), today(meta.america, OTHER)
    assert (india["date_start"], america["date_start"]) == ("2026-11-20", "2026-11-20")
    assert int(america["impressions"]) < 10_000
    with running() as later:
        later.clock.advance(timedelta(hours=10))
        rows = later.rows(later.india, date_preset="today", fields="impressions")
        assert rows[0]["date_start"] == "2026-11-21"
        rows = later.rows(later.india, date_preset="yesterday", fields="impressions")
        assert int(rows[0]["impressions"]) > int(india["impressions"])


def test_the_same_moment_gives_the_same_bytes() -> None:
    with running() as one, running() as two:
        answers = [
            kit.raw(f"{kit.india.node_id}/insights", level="ad", fields=FIELDS, limit="500").json()["data"]
            for kit in (one, two)
        ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("params", "first", "last"),
    [
        ({"date_preset": "last_3d"}, "2026-11-17", "2026-11-19"),
        ({"date_preset": "this_month"}, "2026-11-01", "2026-11-20"),
        ({"date_preset": "last_week_mon_sun"}, "2026-11-09", "2026-11-15"),
        ({"date_preset": "this_week_mon_today"}, "2026-11-16", "2026-11-20"),
        ({"time_range": '{"since":"2026-11-10","until":"2026-11-12"}'}, "2026-11-10", "2026-11-12"),
        ({"date_preset": "maximum"}, "2026-10-23", "2026-11-20"),
    ],
)
def test_periods_are_the_accounts_calendar_days(
    meta: Kit, params: dict[str, str], first: str, last: str
) -> None:
    row = meta.rows(meta.india, fields="spend", **params)[0]
    assert (row["date_start"], row["date_stop"]) == (first, last)


def test_time_increment_and_time_ranges_make_several_rows(meta: Kit) -> None:
    weeks = meta.rows(meta.india, fields="spend", date_preset="last_28d", time_increment="7")
    assert [row["date_start"] for row in weeks] == ["2026-10-23", "2026-10-30", "2026-11-06", "2026-11-13"]
    months = meta.rows(meta.india, fields="spend", date_preset="last_28d", time_increment="monthly")
    assert [row["date_stop"] for row in months] == ["2026-10-31", "2026-11-19"]
    ranges = '[{"since":"2026-11-18","until":"2026-11-18"},{"since":"2026-11-19","until":"2026-11-19"}]'
    assert len(meta.rows(meta.india, fields="spend", time_ranges=ranges)) == 2


def test_pages_hold_25_rows_unless_asked_and_next_repeats_the_query_with_the_token(meta: Kit) -> None:
    first = meta.get(f"{meta.india.node_id}/insights", level="ad", date_preset="yesterday", fields="ad_id")
    assert len(first["data"]) == 25
    following = first["paging"]["next"]
    assert f"access_token={FULL}" in following
    assert f"after={first['paging']['cursors']['after']}" in following
    rest = meta.http.get(following, timeout=10).json()
    assert "next" not in rest["paging"]
    ids = [row["ad_id"] for row in first["data"] + rest["data"]]
    assert len(ids) == len(set(ids)) > 30


def test_very_large_pages_are_cut_to_500() -> None:
    with running(World.large(NOW, campaigns=10, ads=620, adsets=20)) as kit:
        page = kit.get(f"{kit.india.node_id}/ads", limit="5000", fields="id")
        assert len(page["data"]) == 500
        row = kit.rows(kit.india, level="ad", date_preset="yesterday", fields=FIELDS)[0]
        assert len(row["actions"]) >= 10
        assert len(row["action_values"]) >= 8


def test_filtered_listings_can_have_an_empty_page_before_the_last_rows() -> None:
    filtering = json.dumps([{"field": "ad.impressions", "operator": "GREATER_THAN", "value": 0}])
    with running(manners=Manners(empty_pages=True)) as kit:
        sizes, url = [], ""
        asked = {"level": "ad", "fields": "ad_id", "filtering": filtering, "date_preset": "yesterday"}
        page = kit.get(f"{kit.india.node_id}/insights", **asked)
        while page:
            sizes.append(len(page["data"]))
            url = page.get("paging", {}).get("next", "")
            page = kit.http.get(url, timeout=10).json() if url else None
        assert sizes[:2] == [25, 0]
        assert sum(sizes) > 30
        # The SDK's own cursor stops there, which is why a pager of one's own is needed.
        with kit.sdk() as account:
            params = {**asked, "filtering": json.loads(filtering)}
            del params["fields"]
            assert len(list(account.get_insights(fields=["ad_id"], params=params))) == 25


def test_filters_on_objects_and_on_figures_are_applied(meta: Kit) -> None:
    def ids(*entries: dict[str, Any]) -> set[str]:
        rows = meta.rows(
            meta.india,
            level="ad",
            date_preset="yesterday",
            fields="ad_id,impressions",
            filtering=json.dumps(entries),
        )
        return {row["ad_id"] for row in rows}

    everything = ids()
    one = meta.ad_id("in.serum.broad.glow")
    assert ids({"field": "ad.id", "operator": "IN", "value": [one]}) == {one}
    assert ids({"field": "ad.id", "operator": "NOT_IN", "value": [one]}) == everything - {one}
    campaign = meta.ad_id("in.hairoil")
    assert len(ids({"field": "campaign.id", "operator": "EQUAL", "value": campaign})) == 7
    many = ids({"field": "impressions", "operator": "GREATER_THAN", "value": 20000})
    few = ids({"field": "ad.impressions", "operator": "LESS_THAN_OR_EQUAL", "value": 20000})
    assert many
    assert few
    assert many | few == everything
    assert not many & few
    rejected = {"field": "ad.effective_status", "operator": "IN", "value": ["DISAPPROVED"]}
    assert ids(rejected) == {meta.ad_id("in.nightoil.lookalike.before")}


def test_a_filter_on_ads_narrows_a_row_above_them(meta: Kit) -> None:
    one = meta.ad_id("in.hairoil.broad.ritual")
    filtering = json.dumps([{"field": "ad.id", "operator": "EQUAL", "value": one}])
    whole = {"level": "campaign", "date_preset": "yesterday", "fields": "campaign_id,spend"}
    rows = meta.rows(meta.india, filtering=filtering, **whole)
    own = meta.get(f"{one}/insights", date_preset="yesterday", fields="spend")["data"]
    assert [row["spend"] for row in rows] == [row["spend"] for row in own]


def test_sorting_and_summary(meta: Kit) -> None:
    answer = meta.get(
        f"{meta.india.node_id}/insights",
        level="campaign",
        date_preset="last_7d",
        fields="campaign_name,spend",
        sort='["spend_descending"]',
        summary='["spend"]',
    )
    spent = [float(row["spend"]) for row in answer["data"]]
    assert spent == sorted(spent, reverse=True)
    assert float(answer["summary"]["spend"]) == pytest.approx(sum(spent), abs=0.02)


def test_breakdowns_divide_a_row_without_losing_much(meta: Kit) -> None:
    whole = meta.rows(meta.india, date_preset="yesterday", fields="impressions")[0]
    parts = meta.rows(
        meta.india, date_preset="yesterday", fields="impressions", breakdowns="publisher_platform"
    )
    assert {"facebook", "instagram"} < {row["publisher_platform"] for row in parts}
    total = sum(int(row["impressions"]) for row in parts)
    assert total == pytest.approx(int(whole["impressions"]), rel=0.01)


def test_hourly_rows_have_neither_reach_nor_purchases(meta: Kit) -> None:
    rows = meta.rows(
        meta.india,
        date_preset="today",
        fields="impressions,reach,actions",
        breakdowns="hourly_stats_aggregated_by_advertiser_time_zone",
    )
    assert len(rows) == 15  # it is 15:10 in Kolkata and the figures are those of 15:00
    assert all("reach" not in row for row in rows)
    assert not any(value_of(row, "purchase") for row in rows)


def test_fields_expand_into_objects_and_edges(meta: Kit) -> None:
    campaign = meta.get(
        meta.ad_id("in.hairoil"),
        fields="name,adsets.limit(2){name,ads.limit(1){name,creative{id,thumbnail_url}},campaign{id}}",
    )
    adsets = campaign["adsets"]["data"]
    assert len(adsets) == 2
    assert adsets[0]["campaign"] == {"id": campaign["id"]}
    creative = adsets[0]["ads"]["data"][0]["creative"]
    assert set(creative) == {"id", "thumbnail_url"}
    picture = meta.http.get(creative["thumbnail_url"], timeout=10)
    assert picture.headers["Content-Type"] == "image/png"
    assert "access_token" in campaign["adsets"]["paging"]["next"]


def test_review_feedback_and_issues_have_metas_shape(meta: Kit) -> None:
    fields = "effective_status,configured_status,ad_review_feedback,issues_info"
    rejected = meta.get(meta.ad_id("in.nightoil.lookalike.before"), fields=fields)
    assert (rejected["effective_status"], rejected["configured_status"]) == ("DISAPPROVED", "ACTIVE")
    assert set(rejected["ad_review_feedback"]) == {"global", "placement_specific"}
    assert "issues_info" not in rejected
    with running() as later:
        later.clock.advance(timedelta(days=1, minutes=1))
        broken = later.get(later.ad_id("in.retarget.viewers.bundle"), fields=fields)
        assert broken["effective_status"] == "WITH_ISSUES"
        assert {"level", "error_code", "error_summary", "error_message"} <= set(broken["issues_info"][0])


def test_updated_since_lists_only_what_changed(meta: Kit) -> None:
    since = int(meta.clock.now().timestamp()) - 86_400
    page = meta.get(f"{meta.india.node_id}/ads", fields="name,updated_time", updated_since=str(since))
    assert [ad["id"] for ad in page["data"]] == [meta.ad_id("in.nightoil.lookalike.before")]
    assert page["data"][0]["updated_time"] == "2026-11-20T09:10:00+0530"


def test_a_paused_ad_set_shows_on_its_ads(meta: Kit) -> None:
    page = meta.get(f"{meta.india.node_id}/ads", fields="name", effective_status='["ADSET_PAUSED"]')
    assert {ad["id"] for ad in page["data"]} == {
        meta.ad_id("in.nightoil.test.gold"),
        meta.ad_id("in.nightoil.test.mini"),
    }


def test_me_and_debug_token_describe_the_token(meta: Kit) -> None:
    assert set(meta.get("me")) == {"id", "name"}
    accounts = meta.get("me/adaccounts", fields="name,currency")["data"]
    assert [account["id"] for account in accounts] == [meta.india.node_id]
    known = meta.get("debug_token", input_token=OTHER)["data"]
    assert known["is_valid"]
    assert {"ads_read", "ads_management"} == set(known["scopes"])
    unknown = meta.get("debug_token", input_token="EAAnobody")["data"]
    assert (unknown["is_valid"], unknown["error"]["code"]) == (False, 190)


def test_activities_tell_who_changed_what(meta: Kit) -> None:
    since = str(int(meta.clock.now().timestamp()) - 86_400 * 7)
    events = meta.get(f"{meta.india.node_id}/activities", since=since)["data"]
    assert [event["event_type"] for event in events] == ["ad_review_declined", "update_ad_set_run_status"]


def test_a_trailing_slash_changes_nothing(meta: Kit) -> None:
    ad = meta.ad_id("in.serum.broad.glow")
    assert meta.get(ad, fields="name") == meta.get(f"{ad}/", fields="name")


def test_it_runs_in_a_process_of_its_own_and_prints_where() -> None:
    command = [sys.executable, "-m", "bot.sandbox.graph_api", "--large", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base, token, account = (process.stdout.readline().strip() for _ in range(3))
        url = f"{base}/v26.0/{account}/campaigns"
        page = requests.get(url, params={"access_token": token, "summary": "true"}, timeout=10).json()
        process.terminate()
        assert process.wait(timeout=10) == 0
    assert page["summary"]["total_count"] == 500
