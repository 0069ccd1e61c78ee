"""Pages of Insights become figures: numbers from strings, exact money, one purchase type."""

import json
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import Level
from bot.domain.insights import AdDay
from bot.meta.rows import Reader, to_minor

ROW = {
    "ad_id": "1201",
    "adset_id": "1102",
    "campaign_id": "1003",
    "date_start": "2026-11-22",
    "date_stop": "2026-11-22",
    "impressions": "8801",
    "clicks": "120",
    "inline_link_clicks": "96",
    "spend": "1234.56",
    "attribution_setting": "7d_click_1d_view",
}


def read(
    *rows: object, currency: str = "INR", purchase_type: str | None = None
) -> tuple[list[AdDay], list[str]]:
    warnings: list[str] = []
    reader = Reader(currency, purchase_type, warnings.append)
    return reader.days(reader.decode(json.dumps({"data": rows}).encode())), warnings


def actions(**values: object) -> list[dict[str, object]]:
    return [{"action_type": name.replace("__", "."), "value": value} for name, value in values.items()]


def test_a_row_of_strings_becomes_numbers() -> None:
    (day,), warnings = read(ROW)
    assert day == AdDay(
        "1201", "1102", "1003", date(2026, 11, 22), 8801, 120, 96, 123456, 0, 0, None, "7d_click_1d_view"
    )
    assert warnings == []


def test_metrics_that_are_left_out_are_zero_and_unknown_ones_are_ignored() -> None:
    (day,), warnings = read({"ad_id": "1", "date_start": "2026-11-22", "some_new_metric": [{"a": 1}]})
    assert (day.impressions, day.clicks, day.link_clicks, day.spend_minor, day.purchases) == (0, 0, 0, 0, 0)
    assert day.reach is None
    assert warnings == []


def test_engagement_and_plays_of_three_seconds_are_read_with_the_rest() -> None:
    played = actions(link_click="96", video_view="4100", omni_purchase="7")
    (day,), _ = read({**ROW, "inline_post_engagement": "530", "actions": played})
    assert (day.engagement, day.video_plays, day.purchases) == (530, 4100, 7)


def test_plays_are_found_behind_escapes_and_other_views_are_no_plays() -> None:
    written = json.dumps({"data": [{**ROW, "actions": actions(video_view="12")}]})
    escaped = written.replace("video_view", "video\\u005fview")
    assert escaped != written
    reader = Reader("INR", None, lambda _: None)
    assert [day.video_plays for day in reader.days(reader.decode(escaped.encode()))] == [12]
    (day,), _ = read({**ROW, "actions": actions(landing_page_view="5", video_view_15s="3")})
    assert (day.engagement, day.video_plays) == (0, 0)


def test_people_are_read_by_day_and_by_window_and_rows_without_them_are_passed_over() -> None:
    ranked = {"quality_ranking": "BELOW_AVERAGE_20", "conversion_rate_ranking": "UNKNOWN"}
    rows = [
        {"ad_id": "1", "date_start": "2026-11-21", "reach": "90", "impressions": "120", **ranked},
        {"ad_id": "2", "date_start": "2026-11-21", "impressions": "5"},
        {"date_start": "2026-11-21", "reach": "5"},
    ]
    reader = Reader("USD", None, lambda _: None)
    page = reader.decode(json.dumps({"data": rows}).encode())
    assert reader.reached(page) == [("1", date(2026, 11, 21), 90)]
    last = date(2026, 11, 22)
    assert reader.windows(page, last) == [("1", last, 120, 90, ("BELOW_AVERAGE_20", "", "UNKNOWN"))]


def test_numbers_without_quotes_are_read_as_well() -> None:
    (day,), _ = read({**ROW, "impressions": 12, "spend": 3.5, "reach": 9})
    assert (day.impressions, day.spend_minor, day.reach) == (12, 350, 9)


@pytest.mark.parametrize(
    ("currency", "spend", "minor"),
    [("INR", "0.29", 29), ("USD", "1234567.89", 123456789), ("JPY", "1500", 1500), ("INR", "0", 0)],
)
def test_spend_is_in_minor_units_of_its_currency(currency: str, spend: str, minor: int) -> None:
    (day,), _ = read({**ROW, "spend": spend}, currency=currency)
    assert day.spend_minor == minor


@given(
    st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False, allow_infinity=False),
    st.sampled_from([1, 100]),
)
def test_money_rounds_as_the_decimal_text_would(amount: Decimal, factor: int) -> None:
    exact = int((amount * factor).to_integral_value(rounding=ROUND_HALF_EVEN))
    assert to_minor(float(str(amount)), factor) == exact


@given(st.integers(min_value=0, max_value=10**13))
def test_two_decimals_never_lose_a_minor_unit(minor: int) -> None:
    assert to_minor(float(f"{minor // 100}.{minor % 100:02}"), 100) == minor


def test_one_sale_under_several_names_is_one_sale() -> None:
    row = {
        **ROW,
        "actions": actions(
            link_click="96", purchase="3", omni_purchase="4", offsite_conversion__fb_pixel_purchase="3"
        ),
        "action_values": actions(purchase="300.10", omni_purchase="400.25"),
    }
    (day,), _ = read(row)
    assert (day.purchases, day.purchase_value_minor) == (4, 40025)


@pytest.mark.parametrize(
    ("kinds", "chosen"),
    [
        (["purchase", "omni_purchase"], 1),
        (["onsite_web_purchase", "offsite_conversion.fb_pixel_purchase", "purchase"], 2),
        (["onsite_web_purchase", "offsite_conversion.fb_pixel_purchase"], 1),
        (["onsite_web_purchase"], 0),
        (["web_in_store_purchase", "add_to_cart"], None),
    ],
)
def test_the_first_known_name_that_a_row_has_is_taken(kinds: list[str], chosen: int | None) -> None:
    listed = [{"action_type": kind, "value": str(number + 1)} for number, kind in enumerate(kinds)]
    (day,), _ = read({**ROW, "actions": listed})
    assert day.purchases == (0 if chosen is None else chosen + 1)


def test_a_chosen_purchase_type_is_matched_exactly() -> None:
    row = {**ROW, "actions": actions(omni_purchase="4", lead="7", onsite_conversion__lead_grouped="9")}
    assert read(row, purchase_type="lead")[0][0].purchases == 7
    assert read(row, purchase_type="subscribe")[0][0].purchases == 0


def test_a_value_belongs_to_the_same_name_as_its_count() -> None:
    row = {**ROW, "actions": actions(omni_purchase="2"), "action_values": actions(purchase="99.00")}
    (day,), _ = read(row)
    assert (day.purchases, day.purchase_value_minor) == (2, 0)


def test_names_written_with_escapes_are_found() -> None:
    text = json.dumps({"data": [{**ROW, "actions": actions(purchase="2")}]}).replace(
        "purchase", "pur\\u0063hase"
    )
    reader = Reader("INR", None, lambda _: None)
    assert reader.days(reader.decode(text.encode()))[0].purchases == 2


def test_a_row_without_an_ad_or_a_day_is_left_out_with_a_warning() -> None:
    days, warnings = read({**ROW, "ad_id": ""}, ROW, {"ad_id": "5", "impressions": "3"})
    assert [day.ad_id for day in days] == ["1201"]
    assert len(warnings) == 2


@pytest.mark.parametrize(
    "odd",
    [
        {"impressions": "many"},
        {"spend": "nan"},
        {"spend": "1e999"},
        {"date_start": "yesterday"},
        {"actions": [{"action_type": "purchase", "value": "lots"}]},
        {"actions": {"purchase": 1}},
        {"action_values": [{"value": "1", "purchase": 1}]},
    ],
)
def test_a_row_of_another_shape_costs_only_itself(odd: dict[str, object]) -> None:
    days, warnings = read(ROW, {**ROW, "ad_id": "7", **odd}, {**ROW, "ad_id": "8"})
    assert [day.ad_id for day in days] == ["1201", "8"]
    assert len(warnings) == 1


def test_empty_and_null_metrics_and_numeric_ids_are_understood() -> None:
    (day,), warnings = read({**ROW, "ad_id": 77, "impressions": None, "clicks": "", "actions": None})
    assert (day.ad_id, day.impressions, day.clicks, day.spend_minor) == ("77", 0, 0, 123456)
    assert warnings == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"<html>", b'{"data": 3}', b'{"paging": {}}', b'{"data": [{"ad_id": "1"']
)
def test_what_is_not_a_page_is_refused_whole(body: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        Reader("INR", None, lambda _: None).decode(body)


def test_no_prefix_of_a_page_passes_for_a_page() -> None:
    body = json.dumps({"data": [{**ROW, "actions": actions(purchase="2")}], "paging": {"next": "x"}}).encode()
    reader = Reader("INR", None, lambda _: None)
    for length in range(len(body)):
        with pytest.raises(msgspec.MsgspecError):
            reader.decode(body[:length])


@pytest.mark.parametrize(
    ("level", "expected"),
    [(Level.AD, "5"), (Level.ADSET, "6"), (Level.CAMPAIGN, "7"), (Level.ACCOUNT, "act_8")],
)
def test_reach_is_given_for_its_level_and_window(level: Level, expected: str) -> None:
    warnings: list[str] = []
    reader = Reader("INR", None, warnings.append)
    ids = {"ad_id": "5", "adset_id": "6", "campaign_id": "7", "account_id": "8"}
    row = {**ids, "impressions": "300", "reach": "200", "frequency": "1.5"}
    page = reader.decode(json.dumps({"data": [row, {"reach": "4"}]}).encode())
    (found,) = reader.reach(page, level, date(2026, 11, 1), date(2026, 11, 7))
    assert (found.level, found.object_id, found.reach, found.frequency) == (level, expected, 200, 1.5)
    assert (found.since, found.until) == (date(2026, 11, 1), date(2026, 11, 7))
    assert len(warnings) == 1
