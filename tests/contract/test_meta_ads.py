"""Reading an account's structure, starting and pausing an ad, and asking what a token may do."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from bot.clock import SettableClock
from bot.domain.ids import AccountId, ObjectId
from bot.domain.structure import Account, Issue
from bot.errors import BadRequest, MissingPermission, OutcomeUnknown, TokenDead, Transient
from bot.meta import ads, tokens
from bot.meta.client import GraphClient
from tests.contract.meta_script import Asked, Script, Told, refused, serving, told

ACCOUNT = AccountId("act_42")
SINCE = datetime(2026, 11, 22, 9, tzinfo=UTC)
CLOCK = SettableClock(SINCE)


@contextmanager
def scripted(*answers: "Told | Callable[[Asked], Told]") -> Iterator[tuple[Script, GraphClient]]:
    with (
        serving(*answers) as script,
        GraphClient(
            "EAAtoken", graph_url=script.url, app_id=None, app_secret=None, clock=CLOCK, sleep=lambda _: None
        ) as client,
    ):
        yield script, client


def test_an_account_has_its_money_and_its_day() -> None:
    answer = {"id": "act_42", "name": "A", "currency": "INR", "timezone_name": "Asia/Kolkata", "new": []}
    with scripted(told(answer)) as (script, client):
        assert ads.account(client, ACCOUNT) == Account(ACCOUNT, "A", "INR", "Asia/Kolkata", 1, 0)
    assert script.asked[0].path == "/v26.0/act_42"


def test_an_account_without_a_currency_is_refused() -> None:
    with scripted(told({"id": "act_42"})) as (_, client), pytest.raises(BadRequest):
        ads.account(client, ACCOUNT)


def test_the_tokens_accounts_are_listed_with_act_in_their_ids() -> None:
    whole = {"currency": "INR", "timezone_name": "Asia/Kolkata"}
    rows = [{"id": "act_1", **whole}, {"id": 2, "name": "Two", **whole}, {"id": "act_3"}]
    with scripted(told({"data": rows})) as (script, client):
        found = ads.accounts(client)
    assert [(account.id, account.name) for account in found] == [("act_1", "act_1"), ("act_2", "Two")]
    assert script.asked[0].path == "/v26.0/me/adaccounts"


def test_budgets_are_minor_units_already_and_absent_ones_are_none() -> None:
    rows = [
        {"id": "1", "name": "C", "objective": "OUTCOME_SALES", "daily_budget": "150000", "status": "ACTIVE"},
        {"id": "2", "name": "D", "effective_status": "PAUSED", "daily_budget": "0"},
    ]
    with scripted(told({"data": rows})) as (_, client):
        ((first, second),) = ads.campaigns(client, ACCOUNT)
    assert (first.daily_budget_minor, first.configured_status) == (150000, "ACTIVE")
    assert (second.daily_budget_minor, second.effective_status) == (None, "PAUSED")


def test_only_what_changed_is_asked_for_in_each_edges_own_way() -> None:
    with scripted(told({"data": []})) as (script, client):
        for edge in (ads.campaigns, ads.adsets, ads.ads):
            assert list(edge(client, ACCOUNT, updated_since=SINCE)) == [[]]
            assert list(edge(client, ACCOUNT)) == [[]]
    campaigns, _, adsets, _, found = (asked.params for asked in script.asked[:5])
    assert json.loads(campaigns["filtering"]) == [
        {"field": "updated_time", "operator": "GREATER_THAN", "value": int(SINCE.timestamp())}
    ]
    assert adsets["updated_since"] == found["updated_since"] == str(int(SINCE.timestamp()))
    assert all("updated_since" not in asked.params for asked in script.asked[1::2])
    assert all(asked.params["limit"] == "500" for asked in script.asked)


AD = {
    "id": "5",
    "adset_id": "4",
    "campaign_id": "3",
    "name": "Ad",
    "configured_status": "ACTIVE",
    "effective_status": "DISAPPROVED",
    "updated_time": "2026-11-22T14:30:00+0530",
    "creative": {"id": "6", "name": "Cr", "title": "T", "body": "B", "call_to_action_type": "SHOP_NOW"},
    "ad_review_feedback": {
        "global": {"PERSONAL_ATTRIBUTES": "Do not say you."},
        "placement_specific": {"facebook": {"ADULT": "No."}, "instagram": {"ADULT": "No."}, "odd": 1},
    },
    "issues_info": [
        {"level": "AD", "error_code": 1815869, "error_summary": "Post", "error_message": "The post is gone."},
        "odd",
    ],
}


def test_an_ad_comes_with_its_creative_and_what_stands_in_its_way() -> None:
    with scripted(told({"data": [AD]})) as (_, client):
        (((ad, creative),),) = ads.ads(client, ACCOUNT)
    assert (ad.id, ad.adset_id, ad.campaign_id, ad.creative_id) == ("5", "4", "3", "6")
    assert ad.updated_at == SINCE
    assert ad.issues == (
        Issue("PERSONAL_ATTRIBUTES", "PERSONAL_ATTRIBUTES", "Do not say you."),
        Issue("ADULT", "ADULT", "No."),
        Issue("1815869", "Post", "The post is gone."),
    )
    assert creative is not None
    assert (creative.title, creative.thumbnail_url, creative.call_to_action) == ("T", None, "SHOP_NOW")


@pytest.mark.parametrize("feedback", [None, [], "text", {"global": None}, {"global": ["x"]}, 5])
def test_review_feedback_of_any_shape_is_survived(feedback: object) -> None:
    odd = {**AD, "ad_review_feedback": feedback, "issues_info": feedback, "creative": None}
    with scripted(told({"data": [odd]})) as (_, client):
        (((ad, creative),),) = ads.ads(client, ACCOUNT)
    assert (ad.issues, creative, ad.creative_id) == ((), None, None)


def test_an_object_of_another_shape_costs_only_itself() -> None:
    rows = [AD, {"name": "no id"}, {"id": "7", "name": ["odd"]}, 3, {"id": 8, "daily_budget": ""}]
    with scripted(told({"data": rows})) as (_, client):
        (page,) = ads.ads(client, ACCOUNT)
        assert [ad.id for ad, _ in page] == ["5", "8"]
        assert len(client.warnings) == 3


def test_an_ad_without_times_or_names_is_still_an_ad() -> None:
    with scripted(told({"data": [{"id": "1", "updated_time": "soon"}]})) as (_, client):
        (((ad, _),),) = ads.ads(client, ACCOUNT)
    assert (ad.name, ad.effective_status, ad.updated_at.year) == ("", "UNKNOWN", 1970)


def test_a_pause_is_one_plain_post_to_the_ad() -> None:
    with scripted(told({"success": True})) as (script, client):
        ads.set_status(client, ObjectId("5"), "PAUSED")
    (asked,) = script.asked
    assert (asked.method, asked.path.rstrip("/"), asked.params["status"]) == ("POST", "/v26.0/5", "PAUSED")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (told({"success": False}), BadRequest),
        (refused(200), MissingPermission),
        (Told(b"{", status=200), OutcomeUnknown),
    ],
)
def test_a_pause_that_was_not_made_is_never_taken_for_made(answer: Told, expected: type[Exception]) -> None:
    with scripted(answer) as (_, client), pytest.raises(expected):
        ads.set_status(client, ObjectId("5"), "PAUSED")


@pytest.mark.parametrize("body", [b"true", b'{"id":"5"}', b'{"success":"true"}'])
def test_other_good_answers_to_a_pause_are_good(body: bytes) -> None:
    with scripted(Told(body)) as (_, client):
        ads.set_status(client, ObjectId("5"), "ACTIVE")


def test_an_ads_state_is_read_afresh() -> None:
    answer = {"effective_status": "CAMPAIGN_PAUSED", "status": "ACTIVE", "updated_time": SINCE.isoformat()}
    with scripted(told(answer)) as (_, client):
        expected = ads.ObjectStatus("CAMPAIGN_PAUSED", "ACTIVE", SINCE)
        assert ads.object_status(client, ObjectId("5")) == expected


@pytest.mark.parametrize("answer", [told({"id": "5"}), told([1]), told({"effective_status": 5})])
def test_a_state_that_is_not_said_is_not_guessed(answer: Told) -> None:
    with scripted(answer) as (_, client), pytest.raises(Transient):
        ads.object_status(client, ObjectId("5"))


def debug(script: Script) -> tokens.TokenInfo:
    return tokens.debug_token("EAAuser", graph_url=script.url, app_id="7", app_secret="shh", clock=CLOCK)


def test_a_token_is_looked_up_with_the_apps_own() -> None:
    data = {"is_valid": True, "scopes": ["ads_read"], "expires_at": 1795000000, "type": "SYSTEM_USER"}
    with serving(told({"data": {**data, "data_access_expires_at": 0}})) as script:
        info = debug(script)
    assert script.asked[0].params["access_token"] == "7|shh"
    assert script.asked[0].params["input_token"] == "EAAuser"
    assert (info.valid, info.kind, info.data_access_expires_at) == (True, "SYSTEM_USER", None)
    assert info.expires_at == datetime.fromtimestamp(1795000000, UTC)
    assert (info.may_read(), info.may_change()) == (True, False)


def test_a_dead_token_says_why() -> None:
    error = {"code": 190, "subcode": 463, "message": "Error validating EAAuser"}
    with serving(told({"data": {"is_valid": False, "error": error}})) as script:
        info = debug(script)
    assert not info.valid
    assert info.problem is not None
    assert "it has expired" in info.problem
    assert (info.scopes, info.may_read(), info.may_change()) == (None, None, None)


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {"expires_at": "x", "scopes": 5}}, []])
def test_a_token_that_is_not_described_is_not_valid(body: object) -> None:
    with serving(told(body)) as script:
        assert not debug(script).valid


def test_without_app_credentials_a_token_lists_its_own_permissions() -> None:
    listed = [
        {"permission": "ads_read", "status": "granted"},
        {"permission": "ads_management", "status": "declined"},
    ]
    with scripted(told({"data": listed})) as (_, client):
        info = tokens.own_permissions(client)
    assert (info.valid, info.scopes) == (True, frozenset({"ads_read"}))


def test_a_token_that_may_not_list_them_is_at_least_tried() -> None:
    with scripted(refused(100), told({"id": "1"})) as (script, client):
        info = tokens.own_permissions(client)
    assert (info.valid, info.scopes) == (True, None)
    assert [asked.path for asked in script.asked] == ["/v26.0/me/permissions", "/v26.0/me"]


def test_a_dead_token_is_found_dead_either_way() -> None:
    for answers in ([refused(190, 463)], [refused(10), refused(190, 458)]):
        with scripted(*answers) as (_, client):
            info = tokens.own_permissions(client)
        assert not info.valid
        assert info.problem


def test_a_passing_fault_says_nothing_of_the_token() -> None:
    with scripted(refused(1)) as (_, client), pytest.raises(Transient):
        tokens.own_permissions(client)


def test_a_dead_token_raises_from_reading() -> None:
    with scripted(refused(190, 460)) as (_, client), pytest.raises(TokenDead, match="password"):
        ads.account(client, ACCOUNT)
