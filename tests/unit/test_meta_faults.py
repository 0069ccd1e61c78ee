"""Every documented error code gets its class, whatever its message and HTTP status say."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.meta.faults import GraphError, Kind, as_throttle, block_time, verdict
from bot.meta.usage import Usage, read_usage

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)

TABLE = [
    (4, None, Kind.THROTTLED, 0),
    (4, 1504022, Kind.THROTTLED, 0),
    (4, 1504039, Kind.THROTTLED, 0),
    (17, None, Kind.THROTTLED, 0),
    (17, 2446079, Kind.THROTTLED, 0),
    (17, 1885172, Kind.THROTTLED, 0),
    (32, None, Kind.THROTTLED, 0),
    (341, None, Kind.THROTTLED, 0),
    (368, 1390008, Kind.THROTTLED, 0),
    (613, None, Kind.THROTTLED, 0),
    (613, 1487742, Kind.THROTTLED, 0),
    (613, 5044001, Kind.THROTTLED, 0),
    (613, 1996, Kind.THROTTLED, 0),
    (613, 1487632, Kind.THROTTLED, 0),
    (613, 1487225, Kind.THROTTLED, 0),
    (80000, None, Kind.THROTTLED, 0),
    (80000, 2446079, Kind.THROTTLED, 0),
    (80001, None, Kind.THROTTLED, 0),
    (80003, 2446079, Kind.THROTTLED, 0),
    (80004, 2446079, Kind.THROTTLED, 0),
    (80014, None, Kind.THROTTLED, 0),
    (1, None, Kind.TRANSIENT, 1),
    (1, 99, Kind.TRANSIENT, 1),
    (2, None, Kind.TRANSIENT, 4),
    (2, 1504043, Kind.TRANSIENT, 4),
    (2, 1504044, Kind.TRANSIENT, 1),
    (-2, 2490547, Kind.TRANSIENT, 0),
    (2, 1504038, Kind.TOO_MUCH, 0),
    (100, 1504018, Kind.TOO_MUCH, 0),
    (100, 1487534, Kind.TOO_MUCH, 0),
    (-3, 1504045, Kind.TOO_MUCH, 0),
    (2, 1504041, Kind.BAD, 0),
    (2, 1504042, Kind.BAD, 0),
    (100, None, Kind.BAD, 0),
    (100, 12345, Kind.BAD, 0),
    (194, None, Kind.BAD, 0),
    (500, None, Kind.BAD, 0),
    (2500, None, Kind.BAD, 0),
    (2635, None, Kind.BAD, 0),
    (2642, None, Kind.BAD, 0),
    (3018, None, Kind.BAD, 0),
    (1487809, None, Kind.BAD, 0),
    (1815869, None, Kind.BAD, 0),
    (3253001, None, Kind.BAD, 0),
    (100, 33, Kind.PERMISSION, 0),
    (100, 3191001, Kind.PERMISSION, 0),
    (3, None, Kind.PERMISSION, 0),
    (10, None, Kind.PERMISSION, 0),
    (200, None, Kind.PERMISSION, 0),
    (200, 1870034, Kind.PERMISSION, 0),
    (200, 4841013, Kind.PERMISSION, 0),
    (613, 4841018, Kind.PERMISSION, 0),
    (270, None, Kind.PERMISSION, 0),
    (294, None, Kind.PERMISSION, 0),
    (299, None, Kind.PERMISSION, 0),
    (102, None, Kind.TOKEN, 0),
    (190, None, Kind.TOKEN, 0),
    *[(190, subcode, Kind.TOKEN, 0) for subcode in (458, 459, 460, 463, 464, 467, 492, 999)],
    (123456, None, Kind.BAD, 0),
    (None, None, Kind.BAD, 0),
]


@pytest.mark.parametrize(("code", "subcode", "kind", "retries"), TABLE)
def test_a_code_has_its_class(code: int | None, subcode: int | None, kind: Kind, retries: int) -> None:
    found = verdict(GraphError(code=code, error_subcode=subcode))
    assert (found.kind, found.retries) == (kind, retries)
    assert found.sentence


def test_the_transient_flag_counts_for_unlisted_codes_only() -> None:
    assert verdict(GraphError(code=99999, is_transient=True)).kind is Kind.TRANSIENT
    assert verdict(GraphError(code=100, is_transient=True)).kind is Kind.BAD
    assert verdict(GraphError(code=2, error_subcode=1504041, is_transient=True)).kind is Kind.BAD


def wait(code: int, subcode: int | None = None, *usages: Usage, strikes: int = 0) -> timedelta:
    error = GraphError(code=code, error_subcode=subcode)
    found = verdict(error)
    block = block_time(found, usages, strikes)
    assert as_throttle(found, error, "wait", now=NOW, block=block).until == NOW + block
    return block


def test_regain_time_is_in_minutes_and_counts_for_its_own_limit() -> None:
    other = Usage("1", "ads_management", regain_minutes=50)
    assert wait(80000, 2446079, Usage("1", "ads_insights", regain_minutes=12), other) == timedelta(minutes=12)
    assert wait(80000, None, other) == timedelta(minutes=5)
    assert wait(80014, None, other) == timedelta(minutes=50)


def test_an_account_score_blocks_for_five_minutes_or_one_on_full_access() -> None:
    assert wait(17, 2446079) == timedelta(seconds=300)
    assert wait(613, 1487742, Usage("1", "x", tier="development_access")) == timedelta(seconds=300)
    assert wait(613, 1487742, Usage("1", "x", tier="standard_access")) == timedelta(seconds=60)
    assert wait(17, 2446079, Usage(None, "account", reset_seconds=140)) == timedelta(seconds=140)


def test_an_app_throttle_doubles_from_one_to_fifteen_minutes() -> None:
    waits = [wait(4, 1504022, strikes=strikes).total_seconds() / 60 for strikes in range(6)]
    assert waits == [1, 2, 4, 8, 15, 15]
    assert verdict(GraphError(code=4)).scope == "app"


def test_quotas_by_the_hour_and_day_are_waited_out() -> None:
    assert wait(613, 1487632) == timedelta(hours=1)
    assert wait(17, 1885172, Usage("1", "x", tier="standard_access")) == timedelta(days=1)


def test_an_absurd_header_does_not_block_for_ever() -> None:
    assert wait(80000, None, Usage("1", "ads_insights", regain_minutes=1e8)) == timedelta(days=1)
    assert wait(80000, None, strikes=10_000) == timedelta(hours=1)


def test_usage_headers_are_read() -> None:
    headers = {
        "X-Business-Use-Case-Usage": '{"42":[{"type":"ads_insights","call_count":12,"total_cputime":5,'
        '"total_time":30,"estimated_time_to_regain_access":7,"ads_api_access_tier":"development_access"}]}',
        "X-Ad-Account-Usage": '{"acc_id_util_pct":9.67,"reset_time_duration":100}',
        "X-FB-Ads-Insights-Throttle": '{"app_id_util_pct":100,"acc_id_util_pct":10}',
        "X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":25}',
    }
    business, account, insights, app = read_usage(headers)
    assert (business.account, business.type, business.regain_minutes) == ("42", "ads_insights", 7)
    assert (business.percent, business.tier) == (30, "development_access")
    assert (account.acc_id_util_pct, account.reset_seconds) == (9.67, 100)
    assert (insights.app_id_util_pct, app.call_count) == (100, 28)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        "{}",
        "<html>",
        '{"42": null}',
        '{"42": {"type": 1}}',
        '{"42": [3, null, {"type": null, "call_count": "x"}]}',
        '{"42": [{"estimated_time_to_regain_access": -5, "call_count": 1e400, "ads_api_access_tier": 7}]}',
        '{"acc_id_util_pct": "NaN", "reset_time_duration": {}}',
        "[" * 5000,
    ],
)
def test_broken_usage_headers_never_raise_and_never_make_us_wait(text: str) -> None:
    names = ["X-Business-Use-Case-Usage", "X-Ad-Account-Usage", "X-FB-Ads-Insights-Throttle", "X-App-Usage"]
    usages = read_usage(dict.fromkeys(names, text))
    assert all(usage.regain_minutes == 0 and usage.percent >= 0 for usage in usages)
    assert wait(80000, None, *usages) == timedelta(minutes=5)
