"""Requests for figures, and what is done when Meta finds them too much."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clock import SettableClock
from bot.domain.ids import AccountId, Level
from bot.domain.insights import AdDay
from bot.errors import BadRequest, MetaError, OutcomeUnknown, TokenDead, TooMuchData, Transient
from bot.meta import insights
from bot.meta.client import GraphClient
from tests.contract.meta_script import Asked, Script, Told, refused, serving, told

ACCOUNT = AccountId("act_42")
FIRST, LAST = date(2026, 11, 16), date(2026, 11, 22)
TOO_MUCH = refused(100, 1487534)


@contextmanager
def scripted(
    *answers: "Told | Callable[[Asked], Told]", naps: list[float] | None = None
) -> Iterator[tuple[Script, GraphClient]]:
    slept = naps if naps is not None else []
    with (
        serving(*answers) as script,
        GraphClient(
            "EAAtoken",
            graph_url=script.url,
            app_id=None,
            app_secret=None,
            clock=SettableClock(datetime(2026, 11, 22, tzinfo=UTC)),
            sleep=slept.append,
        ) as client,
    ):
        yield script, client


def row(ad: object = "1", day: date = LAST, **metrics: str) -> dict[str, object]:
    text = day.isoformat()
    return {
        "ad_id": ad,
        "adset_id": "2",
        "campaign_id": "3",
        "date_start": text,
        "date_stop": text,
        **metrics,
    }


def span(asked: Asked) -> tuple[date, date]:
    given = json.loads(asked.params["time_range"])
    return date.fromisoformat(given["since"]), date.fromisoformat(given["until"])


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def read(client: GraphClient, first: date = FIRST, last: date = LAST) -> list[AdDay]:
    pages = insights.ad_days(client, ACCOUNT, currency="INR", since=first, until=last)
    return [day for page in pages for day in page]


def test_history_is_asked_for_by_ad_and_day_in_full_pages() -> None:
    with scripted(told({"data": [row(spend="1.50")]})) as (script, client):
        (day,) = read(client)
    (asked,) = script.asked
    assert (day.ad_id, day.spend_minor) == ("1", 150)
    assert asked.path == "/v26.0/act_42/insights"
    assert span(asked) == (FIRST, LAST)
    assert (asked.params["level"], asked.params["time_increment"], asked.params["limit"]) == (
        "ad",
        "1",
        "500",
    )
    assert "date_preset" not in asked.params
    assert "reach" not in asked.params["fields"]


def test_today_is_asked_for_by_metas_own_preset_and_only_what_was_shown() -> None:
    with scripted(told({"data": [row()]})) as (script, client):
        assert len(list(insights.today(client, ACCOUNT, currency="INR"))) == 1
    (asked,) = script.asked
    assert asked.params["date_preset"] == "today"
    (rule,) = json.loads(asked.params["filtering"])
    assert rule == {"field": "ad.impressions", "operator": "GREATER_THAN", "value": 0}


def test_reach_is_a_question_of_its_own_without_days() -> None:
    answer = told({"data": [{"ad_id": "1", "reach": "90", "frequency": "1.1", "impressions": "99"}]})
    with scripted(answer) as (script, client):
        ((found,),) = insights.reach(client, ACCOUNT, FIRST, LAST, level=Level.AD)
    assert (found.object_id, found.reach, found.frequency, found.impressions) == ("1", 90, 1.1, 99)
    assert "time_increment" not in script.asked[0].params
    assert "actions" not in script.asked[0].params["fields"]


def test_people_by_day_are_asked_for_alone_and_halved_like_the_rest() -> None:
    def strict(asked: Asked) -> Told:
        first, last = span(asked)
        days = days_between(first, last)
        return TOO_MUCH if len(days) > 3 else told({"data": [row(day=day, reach="9") for day in days]})

    with scripted(strict) as (script, client):
        found = [one for page in insights.ad_reach(client, ACCOUNT, since=FIRST, until=LAST) for one in page]
    assert [(one.day, one.reach) for one in found] == [(day, 9) for day in days_between(FIRST, LAST)]
    assert {asked.params["fields"] for asked in script.asked} == {"ad_id,reach"}
    assert {asked.params["time_increment"] for asked in script.asked} == {"1"}


def test_a_window_of_people_is_one_question_over_seven_days_with_metas_rankings() -> None:
    answer = {"ad_id": "1", "impressions": "99", "reach": "33", "quality_ranking": "AVERAGE"}
    with scripted(told({"data": [answer]})) as (script, client):
        ((found,),) = insights.ad_windows(client, ACCOUNT, LAST)
    (asked,) = script.asked
    assert span(asked) == (LAST - timedelta(days=6), LAST)
    assert "time_increment" not in asked.params
    assert (found.impressions, found.reach, found.rankings) == (99, 33, ("AVERAGE", "", ""))


def test_a_window_that_is_too_much_is_never_halved_but_read_campaigns_by_campaigns() -> None:
    def strict(asked: Asked) -> Told:
        if asked.path.endswith("/campaigns"):
            return told({"data": [{"id": "7"}, {"id": "8"}]})
        if "filtering" not in asked.params:
            return TOO_MUCH
        assert span(asked) == (LAST - timedelta(days=6), LAST)
        return told({"data": [{"ad_id": "1", "reach": "1"}]})

    with scripted(strict) as (_, client):
        assert len(list(insights.ad_windows(client, ACCOUNT, LAST))) == 1


@pytest.mark.parametrize("fault", [TOO_MUCH, refused(2, 1504038), refused(100, 1504018)])
def test_too_much_for_one_answer_is_split_until_it_fits(fault: Told) -> None:
    def strict(asked: Asked) -> Told:
        first, last = span(asked)
        days = days_between(first, last)
        return fault if len(days) > 2 else told({"data": [row(day=day) for day in days]})

    with scripted(strict) as (script, client):
        assert [day.day for day in read(client)] == days_between(FIRST, LAST)
    assert len(script.asked) < 10


def test_a_single_day_that_is_too_much_is_read_campaigns_by_campaigns() -> None:
    def strict(asked: Asked) -> Told:
        if asked.path.endswith("/campaigns"):
            return told({"data": [{"id": str(number), "name": "C"} for number in range(5)]})
        (rule,) = json.loads(asked.params.get("filtering", "[null]"))
        if rule is None or len(rule["value"]) > 2:
            return TOO_MUCH
        assert (rule["field"], rule["operator"]) == ("campaign.id", "IN")
        return told({"data": [row(ad=f"9{number}") for number in rule["value"]]})

    with scripted(strict) as (_, client):
        assert sorted(day.ad_id for day in read(client, LAST)) == ["90", "91", "92", "93", "94"]


def test_one_campaign_that_is_too_much_is_said_and_not_asked_for_ever() -> None:
    def never(asked: Asked) -> Told:
        return told({"data": [{"id": "7"}]}) if asked.path.endswith("/campaigns") else TOO_MUCH

    with scripted(never) as (script, client):
        with pytest.raises(TooMuchData):
            read(client, LAST)
        with pytest.raises(TooMuchData):
            list(insights.today(client, ACCOUNT, currency="INR"))
    assert len(script.asked) == 6


def test_odd_rows_are_counted_as_warnings_of_the_client() -> None:
    with scripted(told({"data": [{"impressions": "1"}, row(), row(ad="")]})) as (_, client):
        assert len(read(client)) == 1
        assert len(client.warnings) == 2


DONE = told({"id": "9", "async_status": "Job Completed", "async_percent_completion": 100})
ACCEPTED = told({"report_run_id": "9"})
ROWS = told({"data": [row()]})


def status(text: str, percent: int = 0, **more: object) -> Told:
    return told({"async_status": text, "async_percent_completion": percent, **more})


def report(client: GraphClient, patience: float = 900.0) -> list[AdDay]:
    pages = insights.report(
        client, ACCOUNT, currency="INR", since=FIRST, until=LAST, purchase_type=None, patience=patience
    )
    return [day for page in pages for day in page]


def test_a_report_is_complete_only_when_completed_and_at_100_percent() -> None:
    naps: list[float] = []
    states = [
        status("Job Not Started"),
        status("Job Running", 100),
        status("Job Completed", 99),
        DONE,
    ]
    with scripted(ACCEPTED, *states, ROWS, naps=naps) as (script, client):
        assert len(report(client)) == 1
    paths = [asked.path for asked in script.asked]
    assert paths == ["/v26.0/act_42/insights", *["/v26.0/9"] * 4, "/v26.0/9/insights"]
    assert script.asked[0].method == "POST"
    assert json.loads(script.asked[0].params["fields"])[0] == "ad_id"
    assert naps == [2, 4, 8]


@pytest.mark.parametrize(
    "first",
    [
        [ACCEPTED, status("Job Failed", error_code=-2, error_subcode=2490547)],
        [ACCEPTED, status("Job Failed")],
        [ACCEPTED, status("Job Skipped")],
        [Told(drop=True)],
        [told({})],
    ],
)
def test_a_report_that_fails_is_submitted_once_more(first: list[Told]) -> None:
    with scripted(*first, ACCEPTED, DONE, ROWS) as (_, client):
        assert len(report(client)) == 1


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([ACCEPTED, status("Job Failed", error_code=-3, error_subcode=1504045)], TooMuchData),
        ([ACCEPTED, status("Job Failed", error_code=190)], TokenDead),
        ([ACCEPTED, status("Job Failed", error_code=100)], BadRequest),
        ([ACCEPTED, status("Job Skipped"), ACCEPTED, status("Job Failed")], Transient),
        ([refused(2)], OutcomeUnknown),
        ([ACCEPTED, told([])], Transient),
    ],
)
def test_a_report_that_cannot_be_had_is_said(answers: list[Told], expected: type[MetaError]) -> None:
    with scripted(*answers) as (_, client), pytest.raises(expected):
        report(client)


def test_waiting_for_a_report_has_an_end() -> None:
    naps: list[float] = []
    running = status("Job Running", 100)
    with scripted(ACCEPTED, running, naps=naps) as (_, client), pytest.raises(TooMuchData) as raised:
        report(client, patience=100)
    assert raised.value.reason == "meta_report_late"
    assert sum(naps) < 130
