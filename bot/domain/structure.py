"""What an ad account is made of, as Spruce keeps it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import AccountId, Level, ObjectId

# Meta's `effective_status` values that mean the object may be shown right now.
DELIVERING = frozenset({"ACTIVE", "WITH_ISSUES"})


@dataclass(frozen=True, slots=True)
class Account:
    """An ad account: its money and its day."""

    id: AccountId
    name: str
    currency: str
    timezone_name: str
    account_status: int = 1  # 1 active, 2 disabled, 3 unsettled, 7 pending review, 9 grace period
    disable_reason: int = 0


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign; budgets in minor units when it holds the budget itself."""

    id: ObjectId
    name: str
    objective: str
    configured_status: str
    effective_status: str
    daily_budget_minor: int | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AdSet:
    """An ad set; `optimization_goal` says what its results are."""

    id: ObjectId
    campaign_id: ObjectId
    name: str
    optimization_goal: str
    configured_status: str
    effective_status: str
    daily_budget_minor: int | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """Why an ad is rejected or hampered: a review policy or an entry of `issues_info`."""

    code: str
    summary: str
    message: str


@dataclass(frozen=True, slots=True)
class Ad:
    """An ad with the state Meta gives it and what stands in its way."""

    id: ObjectId
    adset_id: ObjectId
    campaign_id: ObjectId
    name: str
    creative_id: ObjectId | None
    configured_status: str
    effective_status: str
    updated_at: datetime
    issues: tuple[Issue, ...] = ()
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Creative:
    """What an ad shows; immutable at Meta but for its name and status."""

    id: ObjectId
    name: str
    title: str | None
    body: str | None
    thumbnail_url: str | None
    object_type: str | None
    call_to_action: str | None


@dataclass(frozen=True, slots=True)
class EntityRef:
    """Points at one object and carries the names a person knows it by."""

    level: Level
    id: ObjectId
    name: str
    campaign_id: ObjectId | None = None
    campaign_name: str | None = None
    adset_id: ObjectId | None = None
    adset_name: str | None = None
    effective_status: str = "ACTIVE"
    configured_status: str = "ACTIVE"
