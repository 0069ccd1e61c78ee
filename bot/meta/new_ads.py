"""New ads beside old ones: made paused, found again, swapped, and what an ad does right now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.ids import AccountId, ObjectId
from bot.domain.proposals import AdSeen
from bot.domain.structure import Issue
from bot.errors import Transient
from bot.meta.answers import as_object, demand_success, made_id, object_in, rows, text_of
from bot.meta.client import GraphClient
from bot.meta.nodes import moment, review_issues

STATE_FIELDS = (
    "id,name,status,configured_status,effective_status,updated_time,adset_id,campaign_id,creative{id},"
    "adset{id,status,configured_status},campaign{id,status,configured_status},ad_review_feedback,issues_info"
)
TRACKING_FIELDS = "tracking_specs,conversion_domain"
# Lists leave out what is archived or deleted unless it is asked for, and a lookup must not miss it.
_ANY_STATUS = (
    "ACTIVE",
    "PAUSED",
    "DELETED",
    "ARCHIVED",
    "PENDING_REVIEW",
    "DISAPPROVED",
    "PREAPPROVED",
    "PENDING_BILLING_INFO",
    "CAMPAIGN_PAUSED",
    "ADSET_PAUSED",
    "IN_PROCESS",
    "WITH_ISSUES",
)


@dataclass(frozen=True, slots=True)
class AdState:
    """An ad right now: what a proposal compares, what it really does, and what review says of it."""

    seen: AdSeen
    effective_status: str
    updated_at: datetime
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """How often an ad was shown, and its link clicked."""

    impressions: int = 0
    link_clicks: int = 0


def ad_state(client: GraphClient, ad_id: ObjectId) -> AdState:
    """The ad with its parents' settings; one request."""
    found = as_object(client.get(ad_id, {"fields": STATE_FIELDS}))
    effective = text_of(found.get("effective_status"))
    if not effective:
        raise Transient("Meta does not say what state the ad is in.")
    seen = AdSeen(
        ad_id=ad_id,
        adset_id=ObjectId(text_of(found.get("adset_id"))),
        creative_id=ObjectId(text_of(object_in(found, "creative").get("id"))),
        configured_status=_configured(found),
        adset_status=_configured(object_in(found, "adset")),
        campaign_status=_configured(object_in(found, "campaign")),
        name=text_of(found.get("name")),
    )
    updated = found.get("updated_time")
    issues = review_issues(found.get("ad_review_feedback"), found.get("issues_info"))
    return AdState(seen, effective, moment(updated if isinstance(updated, str | int) else None), issues)


def tracking(client: GraphClient, ad_id: ObjectId) -> dict[str, object]:
    """What an ad measures by; a new ad beside it gets the same."""
    found = as_object(client.get(ad_id, {"fields": TRACKING_FIELDS}))
    return {name: found[name] for name in TRACKING_FIELDS.split(",") if found.get(name)}


def create_ad(  # noqa: PLR0913 - an ad is made of this much; all by keyword
    client: GraphClient,
    account_id: AccountId,
    *,
    adset_id: ObjectId,
    creative_id: ObjectId,
    name: str,
    label_id: str,
    tracked: Mapping[str, object],
) -> ObjectId:
    """Make an ad that is PAUSED: Meta's own default is not documented, so it is always said."""
    params: dict[str, object] = {
        "name": name,
        "adset_id": adset_id,
        "creative": {"creative_id": creative_id},
        "status": "PAUSED",
        "adlabels": [{"id": label_id}],
        **tracked,
    }
    return made_id(client.post(f"{account_id}/ads", params))


def find_ad_by_marker(
    client: GraphClient, account_id: AccountId, label_id: str, marker: str
) -> ObjectId | None:
    """The ad that carries the label, or else whose name holds the marker, archived ones too."""
    by_label: dict[str, object] = {"fields": "id,name", "ad_label_ids": [label_id], "operator": "ANY"}
    found = _marked(rows(client, f"{account_id}/adsbylabels", by_label), marker)
    if not found:
        by_name: dict[str, object] = {
            "fields": "id,name",
            "effective_status": list(_ANY_STATUS),
            "filtering": [{"field": "name", "operator": "CONTAIN", "value": marker}],
        }
        found = _marked(rows(client, f"{account_id}/ads", by_name), marker)
    return ObjectId(min(found, key=lambda one: (len(one), one))) if found else None


def swap_creative(client: GraphClient, ad_id: ObjectId, creative_id: ObjectId) -> None:
    """Let an ad show another creative; it goes back to review."""
    answer = client.post(ad_id, {"creative": {"creative_id": creative_id}})
    demand_success(answer, "Meta did not change what the ad shows.")


def shown(client: GraphClient, ad_id: ObjectId, since: date, until: date) -> Shown:
    """Impressions and link clicks of an ad over account-local days, both included; none without delivery."""
    params: dict[str, object] = {
        "fields": "impressions,inline_link_clicks",
        "time_range": {"since": since.isoformat(), "until": until.isoformat()},
    }
    total = Shown()
    for row in rows(client, f"{ad_id}/insights", params):
        total = Shown(
            total.impressions + _count(row.get("impressions")),
            total.link_clicks + _count(row.get("inline_link_clicks")),
        )
    return total


def _marked(found: Any, marker: str) -> list[str]:
    return [text_of(row.get("id")) for row in found if marker in text_of(row.get("name"))]


def _configured(row: Mapping[str, Any]) -> str:
    return text_of(row.get("configured_status")) or text_of(row.get("status")) or "UNKNOWN"


def _count(given: object) -> int:
    text = text_of(given)
    return int(text) if text.isdigit() else 0
