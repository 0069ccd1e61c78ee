"""What a rule gets and gives."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

from bot.domain.days import day_range, day_start
from bot.domain.fatigue_reading import FatigueReading
from bot.domain.findings import Finding, Severity
from bot.domain.ids import Level, ObjectId
from bot.domain.insights import DayFigures, Figures, QuietSpell, total
from bot.domain.structure import DELIVERING, Account, EntityRef, Issue
from bot.domain.targets import Thresholds

_CROWD = 3  # so many children at fault, and more than half of them, are the parent's matter


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

    def bad_since(self, first: date, bad: Callable[[DayFigures], bool], *, days: int = 14) -> date:
        """The first of the consecutive bad days that lead up to a window; the window itself counts whole."""
        since = first
        for day in reversed(self.days):
            if day.day < first - timedelta(days=days) or (day.day < first and not bad(day)):
                break
            since = min(since, day.day)
        return since

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
    fatigue: Mapping[ObjectId, FatigueReading] = field(default_factory=lambda: MappingProxyType({}))
    # Rules ask for levels and children thousands of times; large accounts have thousands of objects.
    _levels: dict[Level, list[EntitySeries]] = field(init=False, repr=False, compare=False)
    _parts: dict[tuple[Level, ObjectId | None, Level], list[EntitySeries]] = field(
        init=False, repr=False, compare=False
    )
    _ads: dict[ObjectId, EntitySeries] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the objects by level and by what they belong to, once."""
        levels: dict[Level, list[EntitySeries]] = {level: [] for level in Level}
        parts: dict[tuple[Level, ObjectId | None, Level], list[EntitySeries]] = {}
        for one in self.series:
            entity = one.entity
            levels[entity.level].append(one)
            parts.setdefault((Level.CAMPAIGN, entity.campaign_id, entity.level), []).append(one)
            parts.setdefault((Level.ADSET, entity.adset_id, entity.level), []).append(one)
        object.__setattr__(self, "_levels", levels)
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "_ads", {one.entity.id: one for one in levels[Level.AD]})

    def at(self, level: Level) -> list[EntitySeries]:
        """The objects of one level."""
        return self._levels[level]

    def delivering(self, level: Level) -> list[EntitySeries]:
        """The objects of one level whose status lets them be shown."""
        return [one for one in self.at(level) if one.delivering]

    def ad(self, ad_id: ObjectId) -> EntitySeries | None:
        """One ad, None where it neither delivered lately nor is at fault."""
        return self._ads.get(ad_id)

    def start_of(self, day: date) -> datetime:
        """When that day of the account begins, in UTC."""
        return day_start(day, self.account.timezone_name)

    def children(self, parent: EntityRef, level: Level) -> list[EntitySeries]:
        """The objects of a level that belong to the parent."""
        if parent.level is Level.ACCOUNT:
            return self.at(level)
        return self._parts.get((parent.level, parent.id, level), [])

    def belongs(self, child: EntityRef, parent: EntityRef) -> bool:
        """Whether the object is part of the other one; everything is part of the account."""
        if parent.level is Level.CAMPAIGN:
            return child.campaign_id == parent.id
        if parent.level is Level.ADSET:
            return child.adset_id == parent.id
        return parent.level is Level.ACCOUNT

    def is_open(self, rule_id: str, entity: EntityRef) -> bool:
        """Whether that alert is already open: it then clears at the clear level, not at the fire level."""
        return (rule_id, entity.id) in self.open_alerts

    def is_open_above(self, rule_id: str, entity: EntityRef) -> bool:
        """Whether that alert is open on the object itself or on anything it belongs to."""
        return any((rule_id, one) in self.open_alerts for one in self._upwards(entity))

    def was_open_lately(self, rule_id: str, entity: EntityRef) -> bool:
        """Whether that alert is open, or was within two days, on the object or on what it belongs to."""
        chain = [(rule_id, one) for one in self._upwards(entity)]
        return any(one in self.open_alerts or one in self.recent_alerts for one in chain)

    @property
    def hours_today(self) -> float:
        """How much of the account's day the figures cover."""
        return max(0.0, (self.data_as_of - self.start_of(self.today)) / timedelta(hours=1))

    def _upwards(self, entity: EntityRef) -> set[ObjectId]:
        accounts = [one.entity.id for one in self.at(Level.ACCOUNT)]
        chain = [entity.id, entity.adset_id, entity.campaign_id, *accounts]
        return {one for one in chain if one is not None}


@dataclass(frozen=True, slots=True)
class Incident:
    """An object at fault, and the children whose own findings it stands for."""

    series: EntitySeries
    children: tuple[EntitySeries, ...] = ()


def gathered(
    snapshot: Snapshot,
    rule_id: str,
    faulty: Sequence[EntitySeries],
    judged: Sequence[EntitySeries],
    *,
    into: Level,
) -> Iterator[Incident]:
    """One incident for a parent with at least three children at fault, more than half of those judged.

    A parent that is open already stays the one incident as long as any of its children is at fault.
    """
    taken: set[ObjectId] = set()
    if not faulty:
        return
    for parent in snapshot.at(into):
        own = tuple(one for one in faulty if snapshot.belongs(one.entity, parent.entity))
        of = sum(snapshot.belongs(one.entity, parent.entity) for one in judged) if own else 0
        if own and (snapshot.is_open(rule_id, parent.entity) or (len(own) >= _CROWD and 2 * len(own) > of)):
            taken.update(one.entity.id for one in own)
            yield Incident(parent, own)
    yield from (Incident(one) for one in faulty if one.entity.id not in taken)


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
    needs_figures: bool = True  # False: judged by Meta's status alone, so that status ends it

    def defaults(self) -> dict[str, float]:
        """The parameters as they stand when nobody changed them."""
        return {name: parameter.default for name, parameter in self.parameters.items()}
