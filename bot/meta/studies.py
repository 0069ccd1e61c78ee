"""Split tests between two ads (Marketing API, Ad Studies: SPLIT_TEST_V2, one ad in each cell).

The SDK's enum does not know SPLIT_TEST_V2; the API's own page does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.ids import AccountId, ObjectId
from bot.errors import BadRequest
from bot.meta.answers import as_object, demand_success, made_id, object_in, rows, text_of
from bot.meta.client import GraphClient

STUDY_FIELDS = "id,name,start_time,end_time,canceled_time"
TYPE = "SPLIT_TEST_V2"
# Per cent of the budget that the two ads under test get; the ad set's other ads keep the rest.
_SHARE = 50


@dataclass(frozen=True, slots=True)
class Study:
    """A split test as Meta keeps it."""

    id: str
    name: str
    ends_at: datetime | None
    cancelled: bool


def business_of(client: GraphClient, account_id: AccountId) -> str:
    """The business that owns the account; studies belong to businesses."""
    found = object_in(as_object(client.get(account_id, {"fields": "business{id}"})), "business")
    business = text_of(found.get("id"))
    if not business:
        raise BadRequest("The ad account belongs to no business, and split tests need one.")
    return business


def test_budget(client: GraphClient, ad_id: ObjectId) -> dict[str, int]:
    """What a test of this ad may spend: half of the daily budget of its ad set or campaign.

    Minor units; where neither has a daily budget, the same share of the lifetime budget.
    """
    found = as_object(client.get(ad_id, {"fields": "adset{daily_budget},campaign{daily_budget}"}))
    for owner in ("adset", "campaign"):
        daily = text_of(object_in(found, owner).get("daily_budget"))
        if daily.isdigit() and int(daily):
            return {"daily_budget": int(daily) * _SHARE // 100}
    return {"lifetime_budget_percentage": _SHARE}


def create_study(  # noqa: PLR0913 - a study is made of this much; all by keyword
    client: GraphClient,
    business: str,
    *,
    name: str,
    old_ad: ObjectId,
    new_ad: ObjectId,
    start: datetime,
    end: datetime,
    budget: Mapping[str, int],
) -> str:
    """Begin a split test with half of the people for each ad; OutcomeUnknown means: look for its name."""
    begins, ends = int(start.timestamp()), int(end.timestamp())
    params: dict[str, object] = {
        "name": name,
        "type": TYPE,
        "start_time": begins,
        "cooldown_start_time": begins,
        "end_time": ends,
        "observation_end_time": ends,
        "cells": [
            {"name": "Present creative", "treatment_percentage": 50, "ads": [old_ad]},
            {"name": "New creative", "treatment_percentage": 50, "ads": [new_ad]},
        ],
        "creative_test_config": dict(budget),
    }
    return made_id(client.post(f"{business}/ad_studies", params))


def find_study(client: GraphClient, business: str, marker: str) -> str | None:
    """The study whose name holds the marker."""
    for row in rows(client, f"{business}/ad_studies", {"fields": "id,name"}):
        if marker in text_of(row.get("name")):
            return text_of(row.get("id"))
    return None


def study(client: GraphClient, study_id: str) -> Study:
    """A study by its id."""
    found = as_object(client.get(study_id, {"fields": STUDY_FIELDS}))
    return Study(
        study_id,
        text_of(found.get("name")),
        _moment(found.get("end_time")),
        bool(found.get("canceled_time")),
    )


def end_study(client: GraphClient, study_id: str, now: datetime) -> None:
    """Let a study end now."""
    at = int(now.timestamp())
    answer = client.post(study_id, {"end_time": at, "observation_end_time": at})
    demand_success(answer, "Meta did not end the split test.")


def _moment(given: object) -> datetime | None:
    if isinstance(given, int):
        return datetime.fromtimestamp(given, UTC)
    text = text_of(given)
    if text.isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
