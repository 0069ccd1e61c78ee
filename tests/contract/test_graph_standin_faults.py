"""Faults on request, rate limits, usage headers and the ledger of the stand-in Graph API."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from facebook_business.exceptions import FacebookRequestError

from bot.sandbox import graph_faults as faults
from bot.sandbox.graph_api import Manners
from tests.contract.graph_standin_kit import FULL, OTHER, Kit, running

USAGE = ("X-Business-Use-Case-Usage", "X-Ad-Account-Usage", "X-FB-Ads-Insights-Throttle", "X-App-Usage")


@pytest.fixture
def meta() -> Iterator[Kit]:
    with running() as kit:
        yield kit


def insights(meta: Kit) -> requests.Response:
    return meta.raw(f"{meta.india.node_id}/insights", fields="spend", date_preset="today")


def use_case(answer: requests.Response, account: str) -> dict[str, Any]:
    cases: list[dict[str, Any]] = json.loads(answer.headers["X-Business-Use-Case-Usage"])[account]
    return cases[0]


@pytest.mark.parametrize("code", [80000, 80004])
def test_a_business_throttle_names_the_minutes_in_its_header(meta: Kit, code: int) -> None:
    meta.standin.faults.add("GET /insights", faults.throttled(code, regain_minutes=7))
    answer = insights(meta)
    assert answer.status_code == 400
    assert answer.json()["error"]["error_subcode"] == 2446079
    assert use_case(answer, meta.india.id)["estimated_time_to_regain_access"] == 7
    assert insights(meta).status_code == 200


def test_other_throttles_have_their_codes(meta: Kit) -> None:
    for outcome, code, subcode in (
        (faults.throttled(17), 17, 2446079),
        (faults.throttled(4, 1504022), 4, 1504022),
        (faults.throttled(613, 1487742), 613, 1487742),
    ):
        meta.standin.faults.add("/insights", outcome)
        error = insights(meta).json()["error"]
        assert (error["code"], error["error_subcode"]) == (code, subcode)


@pytest.mark.parametrize(
    ("outcome", "status", "code", "subcode"),
    [
        (faults.token_dead(), 401, 190, 463),
        (faults.permission(), 403, 294, None),
        (faults.permission(200), 403, 200, None),
        (faults.transient(), 503, 2, None),
        (faults.transient(1), 500, 1, None),
        (faults.too_much(), 400, 100, 1487534),
    ],
)
def test_errors_have_metas_shape_and_usage_headers(
    meta: Kit, outcome: faults.Outcome, status: int, code: int, subcode: int | None
) -> None:
    meta.standin.faults.add("GET /insights", outcome)
    answer = insights(meta)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error.get("error_subcode")) == (status, code, subcode)
    assert all(name in answer.headers for name in USAGE)


def test_the_sdk_sees_a_transient_error_as_transient(meta: Kit) -> None:
    meta.standin.faults.add("GET", faults.transient())
    with meta.sdk() as account:
        with pytest.raises(FacebookRequestError) as caught:
            account.api_get(fields=["name"])
        assert caught.value.api_transient_error()
        assert account.api_get(fields=["name"])["name"]


@pytest.mark.parametrize("applied", [True, False])
@pytest.mark.parametrize("broken", [faults.transient, faults.eof], ids=["5xx", "eof"])
def test_a_failed_write_may_or_may_not_have_happened(meta: Kit, broken: Any, applied: bool) -> None:
    ad = meta.ad_id("in.hairoil.broad.ritual")
    meta.standin.faults.add(f"POST {ad}", broken(applied=applied))
    if broken is faults.eof:
        with pytest.raises(requests.ConnectionError):
            meta.raw(ad, method="POST", status="PAUSED")
    else:
        assert meta.raw(ad, method="POST", status="PAUSED").status_code == 503
    assert meta.get(ad, fields="status")["status"] == ("PAUSED" if applied else "ACTIVE")
    assert [entry.applied for entry in meta.standin.calls("POST", ad)] == [applied]


def test_json_can_break_off_in_the_middle_with_a_length_that_fits(meta: Kit) -> None:
    meta.standin.faults.add("/insights", faults.cut_json())
    answer = insights(meta)
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(ValueError, match=r"."):
        answer.json()


def test_a_proxy_can_answer_with_its_own_page(meta: Kit) -> None:
    meta.standin.faults.add("/insights", faults.html())
    answer = insights(meta)
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (200, "text/html")
    meta.standin.faults.add("/insights", faults.wrong_content_type())
    assert insights(meta).headers["Content-Type"] == "text/plain"


def test_an_answer_can_be_slow_and_stopping_does_not_wait_for_it() -> None:
    with running() as kit:
        kit.standin.faults.add("/me", faults.slow(0.15))
        begun = time.monotonic()
        assert kit.get("me")
        assert time.monotonic() - begun >= 0.15
        kit.standin.faults.add("/me", faults.slow(30))
        waiting = threading.Thread(target=_ignore_failure, args=(kit,))
        waiting.start()
        time.sleep(0.1)
        kit.standin.stop()
        waiting.join(timeout=5)
        assert not waiting.is_alive()


def _ignore_failure(kit: Kit) -> None:
    try:
        with requests.Session() as http:
            http.get(f"{kit.base}/v26.0/me", params={"access_token": FULL}, timeout=20)
    except requests.RequestException:
        return


def test_faults_match_method_path_and_parameters_and_are_used_up(meta: Kit) -> None:
    meta.standin.faults.add("GET /ads", faults.transient(), times=2, params={"fields": "creative"})
    path = f"{meta.india.node_id}/ads"
    assert meta.raw(path, fields="id").status_code == 200
    assert [meta.raw(path, fields="creative").status_code for _ in range(3)] == [503, 503, 200]
    meta.standin.faults.add("POST", faults.transient())
    assert meta.raw(path).status_code == 200
    meta.standin.faults.clear()


def test_a_fault_can_wait_for_the_nth_call_and_mean_one_edge_alone(meta: Kit) -> None:
    meta.standin.faults.add("POST /act_*/ads", faults.throttled(80004), skip=1)
    meta.write(f"{meta.india.node_id}/adlabels", name="spruce")
    creative = meta.make_creative()
    first = meta.make_ad(creative)
    good = {"name": "x", "adset_id": meta.ad_id("in.serum.broad"), "creative": {"creative_id": creative}}
    assert meta.refused_write(f"{meta.india.node_id}/ads", **good)["code"] == 80004
    assert meta.write(f"{meta.india.node_id}/ads", **good)["id"] != first
    assert [entry.status for entry in meta.standin.calls("POST", "/ads")] == [200, 400, 200]


@pytest.mark.parametrize(
    ("outcome", "made"),
    [
        (faults.throttled(80004), 0),
        (faults.transient(), 0),
        (faults.transient(applied=True), 1),
        (faults.eof(), 0),
        (faults.eof(applied=True), 1),
        (faults.stalled(1.5), 0),
        (faults.slow(1.5), 1),
        (faults.token_dead(), 0),
    ],
    ids=lambda value: value.name if isinstance(value, faults.Outcome) else str(value),
)
def test_the_ledger_knows_what_a_lost_answer_made(meta: Kit, outcome: faults.Outcome, made: int) -> None:
    creative = meta.make_creative()
    meta.standin.faults.add("POST /act_*/ads", outcome)
    form = {
        "access_token": FULL,
        "name": "Lost",
        "status": "PAUSED",
        "adset_id": meta.ad_id("in.serum.broad"),
        "creative": json.dumps({"creative_id": creative}),
    }
    try:
        url = f"{meta.base}/v26.0/{meta.india.node_id}/ads"
        assert meta.http.post(url, data=form, timeout=0.5).status_code >= 400
    except requests.RequestException:
        assert outcome.closes or outcome.delay
    assert len(meta.standin.ledger.created("ads")) == made
    written = meta.standin.ledger.writes()[-1]
    assert written.params == {name: value for name, value in form.items() if name != "access_token"}
    found = json.dumps([{"field": "name", "operator": "EQUAL", "value": "Lost"}])
    rows = meta.get(f"{meta.india.node_id}/ads", filtering=found, effective_status='["PENDING_REVIEW"]')
    assert len(rows["data"]) == made


def test_the_development_tier_allows_sixty_points_in_five_minutes() -> None:
    with running(manners=Manners(tier="development_access")) as kit:
        ad = kit.ad_id("in.hairoil.broad.ritual")
        kit.post(ad, execution_options='["validate_only"]', status="PAUSED")
        answers = [insights(kit) for _ in range(58)]
        assert [answer.status_code for answer in answers] == [200] * 57 + [400]
        error = answers[-1].json()["error"]
        assert (error["code"], error["error_subcode"]) == (17, 2446079)
        usage = json.loads(answers[-1].headers["X-Ad-Account-Usage"])
        assert usage == {
            "acc_id_util_pct": 100.0,
            "reset_time_duration": 300,
            "ads_api_access_tier": "development_access",
        }
        # Another account has its own score.
        assert kit.raw(kit.america.node_id, OTHER).status_code == 200
        kit.clock.advance(timedelta(seconds=299))
        assert insights(kit).status_code == 400
        kit.clock.advance(timedelta(seconds=2))
        assert insights(kit).status_code == 200


def test_usage_headers_have_the_documented_shape(meta: Kit) -> None:
    answer = insights(meta)
    case = use_case(answer, meta.india.id)
    assert case["type"] == "ads_insights"
    assert set(case) == {
        "type",
        "call_count",
        "total_cputime",
        "total_time",
        "estimated_time_to_regain_access",
        "ads_api_access_tier",
    }
    assert use_case(meta.raw(meta.india.node_id), meta.india.id)["type"] == "ads_management"
    throttle = json.loads(answer.headers["X-FB-Ads-Insights-Throttle"])
    assert set(throttle) == {"app_id_util_pct", "acc_id_util_pct", "ads_api_access_tier"}
    refused = meta.raw(f"{meta.india.node_id}/insights", fields="colour")
    assert all(name in refused.headers for name in USAGE)
    assert set(json.loads(meta.raw("me").headers["X-App-Usage"])) == {
        "call_count",
        "total_time",
        "total_cputime",
    }


def test_the_ledger_keeps_every_call_and_no_token(meta: Kit) -> None:
    insights(meta)
    meta.raw(meta.america.node_id, OTHER, fields="name")
    meta.raw("me", "EAAnobody")
    meta.get("debug_token", input_token=OTHER)
    entries = list(meta.standin.ledger)
    assert [entry.token for entry in entries] == ["full", "other", "unknown", "full"]
    assert [entry.status for entry in entries] == [200, 200, 401, 200]
    assert entries[0].params == {"fields": "spend", "date_preset": "today"}
    assert "EAA" not in repr(entries)
    assert len(meta.standin.calls("GET", "/insights")) == 1


def test_many_threads_get_consistent_answers(meta: Kit) -> None:
    found: list[bytes] = []

    def read() -> None:
        with requests.Session() as http:
            url = f"{meta.base}/v26.0/{meta.india.node_id}/insights"
            params = {"access_token": FULL, "level": "ad", "fields": "ad_id,spend", "limit": "100"}
            found.extend(http.get(url, params=params, timeout=10).content for _ in range(5))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert len(set(found)) == 1
