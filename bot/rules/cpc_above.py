"""A link click costs more than the threshold: for a campaign, or for the account when most of them do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from bot.domain.changes import Split, split_cpc
from bot.domain.clicks import ClickCount
from bot.domain.findings import Contributor, Finding, Quantity, Remark, Severity, Unit
from bot.domain.ids import Level
from bot.domain.insights import DayFigures, Figures, total
from bot.domain.standards import Standard, at_most
from bot.rules.base import EntitySeries, Incident, Parameter, Rule, Snapshot, gathered

_ID = "cpc_above"
_KNOWN_CLICKS = 50  # clicks that make an object's own past worth comparing with
_MOST_CONTRIBUTORS = 5
_ADVICE = {
    "CPM": "Look for rising auction prices, a narrow or overlapping audience, or a change of placements.",
    "CTR (link)": "Refresh the ads that people have stopped clicking.",
}
_PLAIN_ADVICE = "Shift budget away from the ads whose clicks cost most."


@dataclass(frozen=True, slots=True)
class _Case:
    series: EntitySeries
    figures: Figures
    past: Figures
    standard: Standard

    @property
    def count(self) -> ClickCount:
        spend = self.figures.spend_minor
        return ClickCount(self.figures.link_clicks, spend / self.standard.level, spend / self.standard.normal)

    @property
    def split(self) -> Split | None:
        return split_cpc(self.figures, self.past)


def evaluate(snapshot: Snapshot, parameters: Mapping[str, float]) -> Iterator[Finding]:
    """One finding for each campaign, or one for the account when most of its campaigns are above."""
    if not snapshot.thresholds.cpc_minor:
        return
    cases = [_case(snapshot, one) for one in snapshot.delivering(Level.CAMPAIGN)]
    judged = [case for case in cases if case.count.normal >= parameters["min_expected"]]
    faulty = [case.series for case in judged if _at_fault(snapshot, case, len(judged), parameters)]
    parts = [case.series for case in judged]
    for incident in gathered(snapshot, _ID, faulty, parts, into=Level.ACCOUNT):
        yield _finding(snapshot, incident)


def _first(snapshot: Snapshot) -> date:
    return snapshot.today - timedelta(days=1)


def _case(snapshot: Snapshot, one: EntitySeries) -> _Case:
    first = _first(snapshot)
    past = one.before(first)
    own = past.cpc_minor if past.link_clicks >= _KNOWN_CLICKS else None
    derived = "cpc_minor" in snapshot.thresholds.derived
    standard = at_most(snapshot.thresholds.cpc_minor or 0.0, derived=derived, own=own)
    return _Case(one, total(day.figures for day in one.days_from(first)), past, standard)


def _at_fault(snapshot: Snapshot, case: _Case, looks: int, parameters: Mapping[str, float]) -> bool:
    cpc = case.figures.cpc_minor
    if cpc is None:
        return False
    if snapshot.is_open_above(_ID, case.series.entity):
        return cpc > case.standard.level * parameters["clear"]
    if cpc <= case.standard.level or _told_as_ctr(case):
        return False
    return case.count.too_few(case.standard.chance(parameters["chance"] / looks))


def _told_as_ctr(case: _Case) -> bool:
    """Whether people click less, which `ctr_below` reports; a limit that a person set holds anyway."""
    split = case.split
    return not case.standard.from_person and split is not None and split.driver.name != "CPM"


def _finding(snapshot: Snapshot, incident: Incident) -> Finding:
    case = _case(snapshot, incident.series)
    since = case.series.bad_since(_first(snapshot), lambda day: _dear(case, day))
    split = case.split
    return Finding(
        rule_id=_ID,
        entity=case.series.entity,
        severity=Severity.WARNING,
        what="CPC (link) above threshold",
        value=Quantity(Unit.MONEY, case.figures.cpc_minor or 0.0),
        threshold=Quantity(Unit.MONEY, case.standard.level),
        threshold_from=case.standard.source,
        window="yesterday and today",
        since=snapshot.start_of(since),
        figures=case.figures,
        cost_minor=_excess(case, since),
        cost_meaning="above that level so far",
        remarks=(*([split.remark()] if split else []), *_others(snapshot, case, incident)),
        advice=_ADVICE[split.driver.name] if split else _PLAIN_ADVICE,
        contributors=tuple(_contributors(snapshot, case)),
    )


def _dear(case: _Case, day: DayFigures) -> bool:
    return day.figures.spend_minor > case.standard.level * day.figures.link_clicks


def _excess(case: _Case, since: date) -> int:
    figures = total(day.figures for day in case.series.days_from(since))
    return max(0, round(figures.spend_minor - case.standard.level * figures.link_clicks))


def _others(snapshot: Snapshot, case: _Case, incident: Incident) -> Iterator[Remark]:
    """Whether the campaigns that are not at fault moved as well."""
    own = {case.series.entity.id, *(one.entity.id for one in incident.children)}
    others = [_case(snapshot, one) for one in snapshot.at(Level.CAMPAIGN) if one.entity.id not in own]
    now = total(other.figures for other in others).cpc_minor
    before = total(other.past for other in others).cpc_minor
    if now and before:
        moved = "moved too" if now > 1.15 * before else "hardly moved"
        quantities = (Quantity(Unit.MONEY, now), Quantity(Unit.MONEY, before))
        yield Remark(f"The account's other campaigns {moved}: {{0}} against {{1}}.", quantities)


def _contributors(snapshot: Snapshot, case: _Case) -> Iterator[Contributor]:
    """The parts whose clicks cost more than the level, by their share of the excess."""
    below = Level.CAMPAIGN if case.series.entity.level is Level.ACCOUNT else Level.AD
    parts = []
    for one in snapshot.children(case.series.entity, below):
        figures = total(day.figures for day in one.days_from(_first(snapshot)))
        parts.append((one.entity, figures, figures.spend_minor - case.standard.level * figures.link_clicks))
    dear = sorted((part for part in parts if part[2] > 0), key=lambda part: -part[2])
    whole = sum(excess for _, _, excess in dear)
    for entity, figures, excess in dear[:_MOST_CONTRIBUTORS]:
        yield Contributor(entity.id, entity.name, excess / whole, figures)


RULE = Rule(
    id=_ID,
    title="CPC (link) above threshold",
    explanation="A link click costs clearly more than your threshold, or than it usually does here.",
    severity=Severity.WARNING,
    evaluate=evaluate,
    parameters=MappingProxyType(
        {
            "clear": Parameter(0.9, 0.5, 1.0, "Share of the threshold below which the alert is over."),
            "min_expected": Parameter(20, 5, 1000, "Link clicks that must be due before anything is said."),
            "chance": Parameter(0.005, 0.0001, 1.0, "False findings a day to accept by bad luck alone."),
        }
    ),
)
