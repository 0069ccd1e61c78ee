"""The stand-in Graph API refuses what Meta refuses, in Meta's words and codes."""

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
import requests
from facebook_business.adobjects.adsinsights import AdsInsights
from facebook_business.exceptions import FacebookRequestError

from bot.sandbox.graph_api import Manners
from bot.sandbox.graph_schema import fields_of
from tests.contract.graph_standin_kit import APP_SECRET, FULL, OTHER, READER, Kit, running


@pytest.fixture(scope="module")
def meta() -> Iterator[Kit]:
    with running() as kit:
        yield kit


def proof(token: str, secret: str = APP_SECRET) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"fields": "spend,colour"}, "colour is not valid for fields param"),
        ({"fields": "age,gender"}, "age, gender are not valid for fields param"),
        ({"level": "creative"}, "level must be one of"),
        ({"date_preset": "lifetime"}, "date_preset must be one of"),
        ({"date_preset": "last_5d"}, "date_preset must be one of"),
        ({"breakdowns": "dma_2"}, "breakdowns[0] must be one of"),
        ({"action_attribution_windows": '["3d_click"]'}, "action_attribution_windows[0] must be one of"),
        ({"time_increment": "91"}, "time_increment"),
        ({"time_increment": "daily"}, "time_increment"),
        ({"time_range": "2026-11-01"}, "time_range must be an object"),
        ({"time_range": '{"since":"2026-11-01"}'}, "since and until"),
        ({"time_range": '{"since":"01-11-2026","until":"2026-11-02"}'}, "YYYY-MM-DD"),
        ({"time_range": '{"since":"2026-11-05","until":"2026-11-02"}'}, "since must not be later"),
        ({"filtering": '{"field":"spend"}'}, "filtering must be an array"),
        ({"filtering": '[{"field":"spend","value":1}]'}, "filtering[0][operator] is required"),
        ({"filtering": '[{"field":"spend","operator":"LIKE","value":1}]'}, "filtering[0][operator] must be"),
        ({"filtering": '[{"field":"ad.colour","operator":"EQUAL","value":1}]'}, "is not supported"),
        ({"filtering": '[{"field":"campaign_name","operator":"EQUAL","value":"x"}]'}, "use campaign.name"),
        ({"sort": '["colour_descending"]'}, "sort"),
        ({"sort": '["spend"]'}, "sort"),
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit must be an integer"),
        ({"frobnicate": "1"}, "Unknown parameter: frobnicate"),
        ({"date_format": "U"}, "date_format parameter is deprecated"),
        ({"summary": '["colour"]'}, "colour is not valid"),
    ],
)
def test_a_bad_insights_parameter_is_refused_by_name(meta: Kit, params: dict[str, str], said: str) -> None:
    error = meta.refused(f"{meta.india.node_id}/insights", **params)
    assert (error["code"], error["type"]) == (100, "OAuthException")
    assert said in error["message"]


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        ("{act}/ads", {"fields": "id,colour"}, 100),
        ("{act}/ads", {"fields": "creative{id,colour}"}, 100),
        ("{act}/ads", {"fields": "adset{colour}"}, 100),
        ("{act}/ads", {"effective_status": '["SLEEPING"]'}, 100),
        ("{act}/ads", {"updated_since": "yesterday"}, 100),
        ("{act}/adsets", {"effective_status": '["DISAPPROVED"]'}, 100),
        ("{act}/campaigns", {"updated_since": "1"}, 100),
        ("{act}/ads", {"fields": "id,creative{id"}, 2500),
        ("{act}/ads", {"fields": "id,,name"}, 2500),
        ("{act}/ads", {"after": "nonsense!"}, 2642),
        ("{act}/holidays", {}, 2500),
        ("{act}", {"fields": "shoe_size"}, 100),
        ("{ad}", {"fields": "impressions"}, 100),
        ("{act}/insights", {"time_range": '{"since":"2023-01-01","until":"2023-01-31"}'}, 3018),
    ],
)
def test_a_bad_request_has_metas_code(meta: Kit, path: str, params: dict[str, str], code: int) -> None:
    where = path.format(act=meta.india.node_id, ad=meta.ad_id("in.hairoil.broad.ritual"))
    assert meta.refused(where, **params)["code"] == code


def test_the_ids_parameter_is_gone_with_a_status_that_looks_transient(meta: Kit) -> None:
    answer = meta.raw("", ids="1,2")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == 100


def test_old_and_missing_versions_are_refused(meta: Kit) -> None:
    for path in ("v21.0/me", f"{meta.india.node_id}/ads"):
        answer = meta.http.get(f"{meta.base}/{path}", params={"access_token": FULL}, timeout=10)
        assert answer.json()["error"]["code"] == 2635


def test_fields_come_from_the_sdks_own_table() -> None:
    known = fields_of("insights")
    assert {"spend", "quality_ranking", "creative_fatigue_summary"} <= known
    assert {"age", "gender", "id"}.isdisjoint(known)
    assert known <= set(vars(AdsInsights.Field).values())


def test_unknown_and_missing_tokens_are_dead(meta: Kit) -> None:
    for token in (None, "EAAnobody"):
        assert meta.refused(meta.india.node_id, token)["code"] == 190
    answer = meta.raw(meta.india.node_id, "EAAnobody")
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_a_revoked_token_says_why(meta: Kit) -> None:
    with running() as kit:
        kit.standin.gate.revoke(FULL, 460)
        assert kit.refused("me")["error_subcode"] == 460
        assert kit.get("me", READER)
        kit.standin.gate.restore(FULL)
        assert kit.get("me")


def test_a_token_may_also_come_in_the_header(meta: Kit) -> None:
    headers = {"Authorization": f"Bearer {FULL}"}
    answer = meta.http.get(f"{meta.base}/v26.0/me", headers=headers, timeout=10)
    assert answer.status_code == 200


def test_a_wrong_proof_is_refused_and_the_sdks_is_right(meta: Kit) -> None:
    assert "Invalid appsecret_proof" in meta.refused("me", appsecret_proof=proof(FULL, "other"))["message"]
    assert meta.get("me", appsecret_proof=proof(FULL))
    with meta.sdk() as account:
        assert account.api_get(fields=["name"])["name"]


def test_the_proof_is_required_when_the_app_demands_it() -> None:
    with running(manners=Manners(require_proof=True)) as kit:
        error = kit.refused("me")
        assert (error["code"], error["type"]) == (100, "GraphMethodException")
        assert kit.get("me", appsecret_proof=proof(FULL))


def test_another_accounts_objects_look_as_if_they_did_not_exist(meta: Kit) -> None:
    ad = meta.ad_id("us.coldbrew.broad.pour")
    for path in (ad, f"{ad}/insights", meta.america.node_id, f"{meta.america.node_id}/ads"):
        error = meta.refused(path)
        assert (error["code"], error["error_subcode"]) == (100, 33)
        assert error["message"] == meta.refused(path, READER)["message"]
    assert meta.get(ad, OTHER)["id"] == ad
    nothing = meta.refused("120299999999999999")
    assert nothing["error_subcode"] == 33


def test_a_foreign_token_cannot_pause_and_nothing_changes(meta: Kit) -> None:
    ad = meta.ad_id("us.coldbrew.broad.pour")
    assert meta.refused(ad, FULL, "POST", status="PAUSED")["error_subcode"] == 33
    assert meta.get(ad, OTHER, fields="status")["status"] == "ACTIVE"


def test_an_account_needs_its_prefix(meta: Kit) -> None:
    assert meta.refused(f"{meta.india.id}/ads")["error_subcode"] == 33


def test_the_sdk_raises_its_own_error_with_code_and_subcode(meta: Kit) -> None:
    with meta.sdk(OTHER) as account, pytest.raises(FacebookRequestError) as caught:
        account.api_get(fields=["name"])
    assert (caught.value.api_error_code(), caught.value.api_error_subcode()) == (100, 33)


def test_filters_take_at_most_50_ids(meta: Kit) -> None:
    entry = {"field": "id", "operator": "IN", "value": [str(n) for n in range(51)]}
    assert meta.refused(f"{meta.india.node_id}/ads", filtering=json.dumps([entry]))["code"] == 100
    entry["value"] = [meta.ad_id("in.serum.broad.glow")]
    page = meta.get(f"{meta.india.node_id}/ads", filtering=json.dumps([entry]))
    assert len(page["data"]) == 1


def test_unmodelled_breakdowns_are_refused_and_not_answered_with_nothing(meta: Kit) -> None:
    error = meta.refused(f"{meta.india.node_id}/insights", breakdowns="region")
    assert "not modelled by the stand-in" in error["message"]
    hourly = "hourly_stats_aggregated_by_advertiser_time_zone,age"
    error = meta.refused(f"{meta.india.node_id}/insights", breakdowns=hourly)
    assert (error["code"], error["error_subcode"]) == (2, 1504041)


def test_a_stopped_stand_in_refuses_connections() -> None:
    with running() as kit:
        assert kit.get("me")
        kit.standin.stop()
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{kit.base}/v26.0/me", timeout=5)
