"""What a rule gets and gives."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

from bot.domain.days import day_range, day_start
from bot.domain.findings import Finding, Severity
from bot.domain.ids import Level, ObjectId
from bot.domain.insights import DayFigures, Figures, QuietSpell, total
from bot.domain.structure import DELIVERING, Account, EntityRef, Issue
from bot.domain.targets import Thresholds


@dataclass(frozen=True, slots=True)
class EntitySeries:
    """One object's recent days, oldest first; days without delivery are absent, today is partial."""

    entity: EntityRef
    days: tuple[DayFigures, ...]
    quiet: QuietSpell | None = None  # accounts and campaigns only
    issues: tuple[Issue, ...] = ()  # ads only
    seeks_purchases: bool = True  # False: bought for something else (traffic, awareness, leads)
    updated_at: datetime | None = None  # ads only: Meta's `updated_time`

    @property
    def delivering(self) -> bool:
        """Whether its status lets it be shown."""
        return self.entity.effective_status in DELIVERING

    def days_from(self, first: date) -> tuple[DayFigures, ...]:
        """Its days from that one on."""
        return tuple(day for day in self.days if day.day >= first)

    def before(self, first: date, days: int = 14) -> Figures:
        """The figures of so many days before a window that begins with `first`."""
        return self.over(day_range(first - timedelta(days=1), days))

    def over(self, days: Iterable[date]) -> Figures:
        """The figures of those days together."""
        wanted = frozenset(days)
        return total(day.figures for day in self.days if day.day in wanted)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a rule may look at for one account at one moment."""

    account: Account
    thresholds: Thresholds
    now: datetime
    data_as_of: datetime
    today: date  # in the account's time zone
    series: tuple[EntitySeries, ...]
    open_alerts: frozenset[tuple[str, ObjectId]] = frozenset()  # (rule id, object id) still open
    recent_alerts: frozenset[tuple[str, ObjectId]] = frozenset()  # resolved within the last two days

    def at(self, level: Level) -> list[EntitySeries]:
        """The objects of one level."""
        return [one for one in self.series if one.entity.level is level]

    def delivering(self, level: Level) -> list[EntitySeries]:
        """The objects of one level whose status lets them be shown."""
        return [one for one in self.at(level) if one.delivering]

    def start_of(self, day: date) -> datetime:
        """When that day of the account begins, in UTC."""
        return day_start(day, self.account.timezone_name)

    def children(self, parent: EntityRef, level: Level) -> list[EntitySeries]:
        """The objects of a level that belong to the parent."""
        found = self.at(level)
        if parent.level is Level.CAMPAIGN:
            return [one for one in found if one.entity.campaign_id == parent.id]
        if parent.level is Level.ADSET:
            return [one for one in found if one.entity.adset_id == parent.id]
        return found

    def is_open(self, rule_id: str, entity: EntityRef) -> bool:
        """Whether that alert is already open: it then clears at the clear level, not at the fire level."""
        return (rule_id, entity.id) in self.open_alerts

    def is_open_above(self, rule_id: str, entity: EntityRef) -> bool:
        """Whether that alert is open on the object itself or on anything it belongs to."""
        return any((rule_id, one) in self.open_alerts for one in self._upwards(entity))

    def was_open_lately(self, rule_id: str, entity: EntityRef) -> bool:
        """Whether that alert is open, or was within two days, on the object or on what it belongs to."""
        known = self.open_alerts | self.recent_alerts
        return any((rule_id, one) in known for one in self._upwards(entity))

    @property
    def hours_today(self) -> float:
        """How much of the account's day the figures cover."""
        return (self.data_as_of - self.start_of(self.today)) / timedelta(hours=1)

    def _upwards(self, entity: EntityRef) -> set[ObjectId]:
        accounts = [one.entity.id for one in self.at(Level.ACCOUNT)]
        chain = [entity.id, entity.adset_id, entity.campaign_id, *accounts]
        return {one for one in chain if one is not None}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A rule's number that an account may change, with the bounds it must keep."""

    default: float
    minimum: float
    maximum: float
    meaning: str


Evaluate = Callable[[Snapshot, Mapping[str, float]], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One alert rule. `evaluate` names every object it finds at fault; silence means it is not."""

    id: str
    title: str
    explanation: str  # one sentence in a buyer's words
    severity: Severity
    evaluate: Evaluate
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    needs_figures: bool = True  # False: judged by status alone, so even stale figures do not stop it

    def defaults(self) -> dict[str, float]:
        """The parameters as they stand when nobody changed them."""
        return {name: parameter.default for name, parameter in self.parameters.items()}
