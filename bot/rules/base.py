"""What a rule gets and gives."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from bot.domain.findings import Finding, Severity
from bot.domain.ids import Level, ObjectId
from bot.domain.insights import DayFigures, Figures, QuietSpell, total
from bot.domain.structure import Account, EntityRef, Issue
from bot.domain.targets import Thresholds


@dataclass(frozen=True, slots=True)
class EntitySeries:
    """One object's recent days, oldest first; days without delivery are absent, today is partial."""

    entity: EntityRef
    days: tuple[DayFigures, ...]
    quiet: QuietSpell | None = None  # accounts and campaigns only
    issues: tuple[Issue, ...] = ()  # ads only

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

    def at(self, level: Level) -> list[EntitySeries]:
        """The objects of one level."""
        return [one for one in self.series if one.entity.level is level]

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
