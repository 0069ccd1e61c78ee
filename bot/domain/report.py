"""What the read-only answers show: report, status, Home."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.actions import ObjectAction
from bot.domain.alerts import Alert
from bot.domain.ids import ChannelId
from bot.domain.insights import Figures
from bot.domain.structure import Account, EntityRef


class Blindness(StrEnum):
    """Why figures cannot be trusted right now."""

    TOKEN_DEAD = "token_dead"  # noqa: S105 - a slug, not a secret
    PERMISSION = "permission"
    THROTTLED = "throttled"
    STALE = "stale"
    FAILING = "failing"
    NEVER_READ = "never_read"


@dataclass(frozen=True, slots=True)
class Sight:
    """How well an account is seen: when it was last read whole, and what is in the way."""

    read_at: datetime | None
    blind_since: datetime | None = None
    blindness: Blindness | None = None
    detail: str = ""  # a sentence, safe to show
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One object's figures over the report's period and over the period before it."""

    entity: EntityRef
    now: Figures
    before: Figures
    frequency: float | None = None  # impressions / reach over the same window; None where not read


@dataclass(frozen=True, slots=True)
class Mover:
    """An object whose spend or result moved most against the period before."""

    entity: EntityRef
    metric: str  # "spend", "cost per purchase", "ROAS"
    now: float
    before: float
    unit: str  # a bot.domain.findings.Unit value


@dataclass(frozen=True, slots=True)
class Report:
    """Figures by campaign over a period, beside the like period before."""

    account: Account
    period: str  # "today" or "7d"
    first_day: date
    last_day: date
    compared_with: str  # "yesterday up to the same time", "the 7 days before"
    lines: tuple[Line, ...]  # by spend, highest first
    total: Line
    movers: tuple[Mover, ...]
    sight: Sight
    attribution_settings: tuple[str, ...]
    frequency_note: str = ""  # why frequency is missing, where it is


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """One connected account as `/spruce status` and Home show it."""

    account: Account
    channel_id: ChannelId | None
    sight: Sight
    active_ads: int
    open_alerts: int
    next_poll_at: datetime | None
    calls_last_hour: int


@dataclass(frozen=True, slots=True)
class Status:
    """How Spruce is doing in this workspace."""

    accounts: tuple[AccountStatus, ...]
    messages_waiting: int
    oldest_waiting_at: datetime | None
    version: str
    now: datetime
    messages_failed: int = 0  # within the last day, and not posted since
    failure: str = ""  # why the newest of them failed, as a slug


@dataclass(frozen=True, slots=True)
class AlertCard:
    """Everything an alert's message shows. `actions` newest first."""

    alert: Alert
    account: Account
    sight: Sight
    entity_status: str  # the object's configured status as last read
    thumbnail_url: str | None
    attribution_setting: str | None
    actions: tuple[ObjectAction, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class HomePage:
    """What App Home shows to one person."""

    accounts: tuple[AccountStatus, ...]
    alerts: tuple[AlertCard, ...]
    snoozed: tuple[AlertCard, ...]
    deciding: tuple[AlertCard, ...]  # open criticals nobody took, and actions that failed or conflicted
    now: datetime
