"""Purchases bring back less than the target per unit of spend, over complete days only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from bot.domain.changes import Split, split_roas
from bot.domain.days import day_range
from bot.domain.findings import Contributor, Finding, Quantity, Remark, Severity, Unit
from bot.domain.ids import Level
from bot.domain.insights import DayFigures, Figures
from bot.domain.returns import Return
from bot.domain.standards import Standard, at_least
from bot.domain.volume import settled_share
from bot.rules.base import EntitySeries, Incident, Parameter, Rule, Snapshot, gathered

_ID = "roas_below"
_SILENCE = "spend_without_purchases"
_KNOWN_PURCHASES = 10  # purchases that make an object's own past worth comparing with
_DAYS = 3
# Meta still adds to a day for some hours after its end.
_HOURS_TO_COMPLETE = 3
_MOST_CONTRIBUTORS = 5
_ADVICE = {
    "value per purchase": "Check discounts, stock and which products sell: people buy as often but for less.",
    "cost per purchase": "Bring down the cost per purchase first: what people spend has not changed as much.",
}
_PLAIN_ADVICE = "Shift budget to the campaigns that earn more, or lower the target if this is good enough."
_NO_VALUE = "Check that the purchase event carries value and currency: the purchases are reported without."


@dataclass(frozen=True, slots=True)
class _Case:
    series: EntitySeries
    result: Return
    past: Figures

    @property
    def split(self) -> Split | None:
        return split_roas(self.result.figures, self.past)


def evaluate(snapshot: Snapshot, parameters: Mapping[str, float]) -> Iterator[Finding]:
    """One finding for each campaign, or one for the account when most of its campaigns are below."""
    if not snapshot.thresholds.purchase_roas:
        return
    selling = [one for one in snapshot.delivering(Level.CAMPAIGN) if one.seeks_purchases]
    judged = [
        case for case in (_case(snapshot, one) for one in selling) if _tells(snapshot, case, parameters)
    ]
    faulty = [case.series for case in judged if _at_fault(snapshot, case, len(judged), parameters)]
    parts = [case.series for case in judged]
    for incident in gathered(snapshot, _ID, faulty, parts, into=Level.ACCOUNT):
        yield _finding(snapshot, incident)


def _window(snapshot: Snapshot) -> list[date]:
    """The last three complete days."""
    back = 1 if snapshot.hours_today >= _HOURS_TO_COMPLETE else 2
    return day_range(snapshot.today - timedelta(days=back), _DAYS)


def _case(snapshot: Snapshot, one: EntitySeries) -> _Case:
    window = _window(snapshot)
    past, figures = one.before(window[0]), one.over(window)
    known = past.purchases >= _KNOWN_PURCHASES
    settled = _settled(snapshot, one, window)
    cost = past.cost_per_purchase_minor if known else None
    due = figures.spend_minor * settled / cost if cost else float(figures.purchases)
    standard = _standard(snapshot, past.purchase_roas if known else None)
    return _Case(one, Return(figures, standard, settled, due), past)


def _standard(snapshot: Snapshot, own: float | None) -> Standard:
    derived = "purchase_roas" in snapshot.thresholds.derived
    return at_least(snapshot.thresholds.purchase_roas or 0.0, derived=derived, own=own or None)


def _settled(snapshot: Snapshot, one: EntitySeries, window: list[date]) -> float:
    days = [day for day in one.days if day.day in window]
    spend = sum(day.figures.spend_minor for day in days)
    reported = sum(day.figures.spend_minor * _share(snapshot, day) for day in days)
    return reported / spend if spend else 0.0


def _share(snapshot: Snapshot, day: DayFigures) -> float:
    return settled_share((snapshot.today - day.day).days, hours_today=snapshot.hours_today)


def _tells(snapshot: Snapshot, case: _Case, parameters: Mapping[str, float]) -> bool:
    """Whether there is enough to judge, and no tracking break that an alert of its own tells of."""
    if snapshot.is_open_above(_ID, case.series.entity):
        return case.result.figures.purchases > 0
    quiet = snapshot.was_open_lately(_SILENCE, case.series.entity) or not case.result.figures.purchases
    return not quiet and case.result.expected >= parameters["min_expected"]


def _at_fault(snapshot: Snapshot, case: _Case, looks: int, parameters: Mapping[str, float]) -> bool:
    roas, standard = case.result.roas, case.result.standard
    if roas is None:
        return False
    fire = standard.level * (parameters["margin"] if standard.from_person else 1.0)
    if snapshot.is_open_above(_ID, case.series.entity):
        return roas < fire * parameters["clear"]
    if roas >= fire or _told_as_cost(snapshot, case):
        return False
    return case.result.by_chance <= standard.chance(parameters["chance"] / looks)


def _told_as_cost(snapshot: Snapshot, case: _Case) -> bool:
    """Whether purchases are dearer, which the cost rule reports; a target that a person set holds anyway."""
    if case.result.standard.from_person or snapshot.thresholds.cost_per_purchase_minor is None:
        return False
    split = case.split
    return split is not None and split.driver.name == "cost per purchase"


def _finding(snapshot: Snapshot, incident: Incident) -> Finding:
    case = _case(snapshot, incident.series)
    result, split = case.result, case.split
    since = case.series.bad_since(_window(snapshot)[0], lambda day: _poor(snapshot, case, day))
    return Finding(
        rule_id=_ID,
        entity=case.series.entity,
        severity=Severity.WARNING,
        what="ROAS below target",
        value=Quantity(Unit.MULTIPLE, result.figures.purchase_roas or 0.0),
        threshold=Quantity(Unit.MULTIPLE, result.standard.level),
        threshold_from=result.standard.source,
        window=f"last {_DAYS} complete days",
        since=snapshot.start_of(since),
        figures=result.figures,
        cost_minor=_unearned(snapshot, case, since),
        cost_meaning="spent beyond what the purchase value pays for at that level",
        remarks=tuple(_remarks(snapshot, case, incident)),
        advice=_advice(case, split),
        contributors=tuple(_contributors(snapshot, case)),
    )


def _poor(snapshot: Snapshot, case: _Case, day: DayFigures) -> bool:
    due = day.figures.spend_minor * _share(snapshot, day) * case.result.standard.level
    return day.figures.purchase_value_minor < due


def _unearned(snapshot: Snapshot, case: _Case, since: date) -> int:
    days = [day for day in case.series.days_from(since) if day.day <= _window(snapshot)[-1]]
    spend = sum(day.figures.spend_minor for day in days)
    value = sum(day.figures.purchase_value_minor / _share(snapshot, day) for day in days)
    return max(0, round(spend - value / case.result.standard.level))


def _remarks(snapshot: Snapshot, case: _Case, incident: Incident) -> Iterator[Remark]:
    if case.split:
        yield case.split.remark()
    own = {case.series.entity.id, *(one.entity.id for one in incident.children)}
    others = [_case(snapshot, one) for one in snapshot.at(Level.CAMPAIGN) if one.entity.id not in own]
    now = _roas([other.result.figures for other in others])
    before = _roas([other.past for other in others])
    if now and before:
        moved = "moved too" if now < 0.8 * before else "hardly moved"
        quantities = (Quantity(Unit.MULTIPLE, now), Quantity(Unit.MULTIPLE, before))
        yield Remark(f"The account's other campaigns {moved}: {{0}} against {{1}}.", quantities)
    settled = Quantity(Unit.SHARE, case.result.settled)
    yield Remark("Recent days are understated: {0} of these purchases are taken to be reported.", (settled,))


def _roas(parts: list[Figures]) -> float | None:
    spend = sum(part.spend_minor for part in parts)
    return sum(part.purchase_value_minor for part in parts) / spend if spend else None


def _advice(case: _Case, split: Split | None) -> str:
    if not case.result.figures.purchase_value_minor:
        return _NO_VALUE
    return _ADVICE[split.driver.name] if split else _PLAIN_ADVICE


def _contributors(snapshot: Snapshot, case: _Case) -> Iterator[Contributor]:
    """The parts that earn less than the level asks, by their share of what is missing."""
    below = Level.CAMPAIGN if case.series.entity.level is Level.ACCOUNT else Level.AD
    parts = []
    for one in snapshot.children(case.series.entity, below):
        figures = one.over(_window(snapshot))
        missing = figures.spend_minor * case.result.standard.level - figures.purchase_value_minor
        parts.append((one.entity, figures, missing))
    poor = sorted((part for part in parts if part[2] > 0), key=lambda part: -part[2])
    whole = sum(missing for _, _, missing in poor)
    for entity, figures, missing in poor[:_MOST_CONTRIBUTORS]:
        yield Contributor(entity.id, entity.name, missing / whole, figures)


RULE = Rule(
    id=_ID,
    title="ROAS below target",
    explanation="Over the last three complete days purchases brought back clearly less than your target.",
    severity=Severity.WARNING,
    evaluate=evaluate,
    parameters=MappingProxyType(
        {
            "margin": Parameter(0.9, 0.3, 1.0, "Share of your target that ROAS must fall below."),
            "clear": Parameter(1.1, 1.0, 2.0, "How many times that level ends the alert."),
            "min_expected": Parameter(8, 3, 200, "Purchases that must be due before anything is said."),
            "chance": Parameter(0.005, 0.0001, 1.0, "False findings a day to accept by bad luck alone."),
        }
    ),
)
