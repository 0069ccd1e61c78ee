"""What Meta says of tired ads: advice, learning ad sets and the webhook's payload, whatever its shape."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SettableClock
from bot.domain.ids import AccountId
from bot.domain.signals import SignalSource
from bot.errors import Throttled, TokenDead
from bot.meta import signals
from bot.meta.client import GraphClient
from tests.contract.meta_script import Asked, Script, Told, refused, serving, told

ACCOUNT = AccountId("act_42")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
ADVICE = {
    "type": "CREATIVE_FATIGUE",
    "level": "AD",
    "object_ids": ["1201", 1202],
    "recommendation_content": {"body": "Another creative may lower the cost."},
}
FATIGUE = {
    "ad_account_id": "42",
    "adgroup_id": "1201",
    "creative_fatigue_level": "HIGH",
    "creative_fatigue_message": "The level rose from LOW to HIGH.",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["object", "entry", "changes", "value", "field", "time", "id", "adgroup_id"]),
            inner,
        )
    ),
    max_leaves=12,
)


@contextmanager
def scripted(*answers: "Told | Callable[[Asked], Told]") -> Iterator[tuple[Script, GraphClient]]:
    with (
        serving(*answers) as script,
        GraphClient(
            "EAAtoken",
            graph_url=script.url,
            app_id=None,
            app_secret=None,
            clock=SettableClock(NOW),
            sleep=lambda _: None,
        ) as client,
    ):
        yield script, client


def posted(*changes: object, **entry: object) -> bytes:
    """A webhook's body with those changes."""
    whole = {"id": "42", "time": 1_795_305_600, "changes": list(changes)} | entry
    return json.dumps({"object": "ad_account", "entry": [whole]}).encode()


def change(**value: object) -> dict[str, object]:
    return {"field": "creative_fatigue", "value": FATIGUE | value}


@pytest.mark.parametrize("data", [[ADVICE], [{"recommendations": [ADVICE]}]])
def test_advice_is_told_for_each_of_its_objects(data: list[object]) -> None:
    with scripted(told({"data": data})) as (script, client):
        found = signals.recommendations(client, ACCOUNT, NOW)
    assert found is not None
    assert [(ad, one.source, one.level, one.at) for ad, one in found] == [
        (ad, SignalSource.RECOMMENDATION, "CREATIVE_FATIGUE", NOW) for ad in ("1201", "1202")
    ]
    (asked,) = script.asked
    assert asked.path == "/v26.0/act_42/recommendations"
    assert json.loads(asked.params["recommendation_names"]) == list(signals.RECOMMENDED)


@pytest.mark.parametrize("data", [[], [{"type": "BUDGET"}], ["x"], [{**ADVICE, "object_ids": None}], [None]])
def test_advice_about_something_else_is_passed_over(data: list[object]) -> None:
    with scripted(told({"data": data})) as (_, client):
        assert signals.recommendations(client, ACCOUNT, NOW) == []


@pytest.mark.parametrize("fault", [refused(100), refused(200), refused(10), refused(2500)])
def test_an_account_that_is_given_no_advice_goes_without(fault: Told) -> None:
    with scripted(fault) as (_, client):
        assert signals.recommendations(client, ACCOUNT, NOW) is None


def test_a_dead_token_or_a_limit_is_not_taken_for_missing_advice() -> None:
    with scripted(refused(190)) as (_, client), pytest.raises(TokenDead):
        signals.recommendations(client, ACCOUNT, NOW)
    with scripted(refused(17)) as (_, client), pytest.raises(Throttled):
        signals.recommendations(client, ACCOUNT, NOW)


def test_ad_sets_that_learn_are_named_and_those_that_have_learnt_are_not() -> None:
    stages = [{"status": "LEARNING"}, {"status": "SUCCESS"}, {"status": "FAIL"}, None, "x", {"status": 3}]
    listed = [{"id": str(number), "learning_stage_info": stage} for number, stage in enumerate(stages)]
    with scripted(told({"data": listed})) as (_, client):
        found = signals.learning(client, ACCOUNT, NOW)
    assert [(adset, one.level) for adset, one in found] == [("0", "LEARNING"), ("2", "FAIL")]


def test_the_webhooks_payload_names_the_ad_the_level_and_the_moment() -> None:
    ((account, ad, said),) = signals.webhook(posted(change()))
    assert (account, ad) == (ACCOUNT, "1201")
    assert (said.source, said.level, said.message) == (
        SignalSource.WEBHOOK,
        "HIGH",
        FATIGUE["creative_fatigue_message"],
    )
    assert said.at == datetime(2026, 11, 22, tzinfo=UTC)
    assert said.against


def test_several_changes_come_in_one_post_and_ids_may_be_numbers() -> None:
    found = signals.webhook(
        posted(change(), change(adgroup_id=7, ad_account_id=42), {"field": "other", "value": {}})
    )
    assert [(account, ad) for account, ad, _ in found] == [(ACCOUNT, "1201"), (ACCOUNT, "7")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b'{"object": "page"}',
        posted(change(creative_fatigue_level=None)),
        posted(change(adgroup_id={"a": 1})),
        posted(changes={"field": "creative_fatigue"}),
    ],
)
def test_what_is_not_understood_is_passed_over(body: bytes) -> None:
    assert signals.webhook(body) == []


@given(JSON)
def test_no_payload_breaks_the_parser(payload: object) -> None:
    assert isinstance(signals.webhook(json.dumps({"object": "ad_account", "entry": payload}).encode()), list)
    assert isinstance(
        signals.webhook(posted({"field": "creative_fatigue", "value": payload}, time=payload)), list
    )
