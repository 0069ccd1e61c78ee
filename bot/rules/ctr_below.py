"""Link clicks per impression fell below the threshold: for an ad, or for a campaign with most of its ads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from bot.domain.clicks import ClickCount
from bot.domain.findings import Contributor, Finding, Quantity, Remark, Severity, Unit
from bot.domain.ids import Level
from bot.domain.insights import DayFigures, Figures, total
from bot.domain.standards import Standard, at_least
from bot.rules.base import EntitySeries, Incident, Parameter, Rule, Snapshot, gathered

_ID = "ctr_below"
_KNOWN_CLICKS = 50  # clicks that make an object's own past worth comparing with
_MOST_CONTRIBUTORS = 5


@dataclass(frozen=True, slots=True)
class _Case:
    series: EntitySeries
    figures: Figures
    past: Figures
    standard: Standard

    @property
    def count(self) -> ClickCount:
        shown = self.figures.impressions
        return ClickCount(self.figures.link_clicks, shown * self.standard.level, shown * self.standard.normal)


def evaluate(snapshot: Snapshot, parameters: Mapping[str, float]) -> Iterator[Finding]:
    """One finding for each ad, or one for the campaign when most of its ads are below."""
    if not snapshot.thresholds.ctr:
        return
    cases = [_case(snapshot, one) for one in snapshot.delivering(Level.AD)]
    judged = [case for case in cases if case.count.normal >= parameters["min_expected"]]
    faulty = [case.series for case in judged if _at_fault(snapshot, case, len(judged), parameters)]
    parts = [case.series for case in judged]
    for incident in gathered(snapshot, _ID, faulty, parts, into=Level.CAMPAIGN):
        yield _finding(snapshot, incident)


def _first(snapshot: Snapshot) -> date:
    return snapshot.today - timedelta(days=1)


def _case(snapshot: Snapshot, one: EntitySeries) -> _Case:
    first = _first(snapshot)
    past = one.before(first)
    own = past.ctr if past.link_clicks >= _KNOWN_CLICKS else None
    derived = "ctr" in snapshot.thresholds.derived
    standard = at_least(snapshot.thresholds.ctr or 0.0, derived=derived, own=own)
    return _Case(one, total(day.figures for day in one.days_from(first)), past, standard)


def _at_fault(snapshot: Snapshot, case: _Case, looks: int, parameters: Mapping[str, float]) -> bool:
    ctr = case.figures.ctr
    if ctr is None:
        return False
    if snapshot.is_open_above(_ID, case.series.entity):
        return ctr < case.standard.level * parameters["clear"]
    chance = case.standard.chance(parameters["chance"] / looks)
    return ctr < case.standard.level and case.count.too_few(chance)


def _finding(snapshot: Snapshot, incident: Incident) -> Finding:
    case = _case(snapshot, incident.series)
    one_ad = case.series.entity.level is Level.AD
    since = case.series.bad_since(_first(snapshot), lambda day: _low(case, day))
    return Finding(
        rule_id=_ID,
        entity=case.series.entity,
        severity=Severity.INFO if one_ad else Severity.WARNING,
        what="CTR (link) below threshold" if one_ad else "CTR (link) below threshold for most ads",
        value=Quantity(Unit.PERCENT, case.figures.ctr or 0.0),
        threshold=Quantity(Unit.PERCENT, case.standard.level),
        threshold_from=case.standard.source,
        window="yesterday and today",
        since=snapshot.start_of(since),
        figures=case.figures,
        cost_minor=_wasted(case, since),
        cost_meaning="spent for clicks that did not come",
        remarks=_remarks(snapshot, case, incident),
        advice=_advice(one_ad),
        contributors=tuple(_contributors(snapshot, incident)),
    )


def _low(case: _Case, day: DayFigures) -> bool:
    return (day.figures.ctr or 0.0) < case.standard.level


def _wasted(case: _Case, since: date) -> int:
    figures = total(day.figures for day in case.series.days_from(since))
    return max(0, round(figures.spend_minor * (1 - (figures.ctr or 0.0) / case.standard.level)))


def _remarks(snapshot: Snapshot, case: _Case, incident: Incident) -> tuple[Remark, ...]:
    clicks = Quantity(Unit.COUNT, case.figures.link_clicks)
    due = Quantity(Unit.COUNT, round(case.count.at_level))
    remarks = [Remark("{0} link clicks where the threshold means {1}.", (clicks, due))]
    if case.past.ctr:
        remarks.append(Remark("Its previous 14 days had {0}.", (Quantity(Unit.PERCENT, case.past.ctr),)))
    return (*remarks, *_others(snapshot, case, incident))


def _others(snapshot: Snapshot, case: _Case, incident: Incident) -> Iterator[Remark]:
    """Whether the ads that are not at fault moved as well."""
    own = {case.series.entity.id, *(one.entity.id for one in incident.children)}
    others = [one for one in snapshot.delivering(Level.AD) if one.entity.id not in own]
    now = total(figures for one in others for figures in [_case(snapshot, one).figures]).ctr
    before = total(one.before(_first(snapshot)) for one in others).ctr
    if now and before:
        moved = "moved too" if now < 0.85 * before else "hardly moved"
        quantities = (Quantity(Unit.PERCENT, now), Quantity(Unit.PERCENT, before))
        yield Remark(f"The account's other ads {moved}: {{0}} against {{1}}.", quantities)


def _contributors(snapshot: Snapshot, incident: Incident) -> Iterator[Contributor]:
    """The ads by the clicks they are short of."""
    cases = [_case(snapshot, one) for one in incident.children]
    short = {case.series.entity.id: max(0.0, case.count.at_level - case.count.clicks) for case in cases}
    whole = sum(short.values()) or 1.0
    for case in sorted(cases, key=lambda case: -short[case.series.entity.id])[:_MOST_CONTRIBUTORS]:
        entity = case.series.entity
        yield Contributor(entity.id, entity.name, short[entity.id] / whole, case.figures)


def _advice(one_ad: bool) -> str:
    if one_ad:
        return "Refresh the creative; pause the ad if its purchases have become too dear as well."
    return "Look for what changed for all these ads at once: audience, placements, offer or season."


RULE = Rule(
    id=_ID,
    title="CTR (link) below threshold",
    explanation="People who see the ad click its link clearly less often than they should.",
    severity=Severity.WARNING,
    evaluate=evaluate,
    parameters=MappingProxyType(
        {
            "clear": Parameter(1.1, 1.0, 2.0, "How many times the threshold ends the alert."),
            "min_expected": Parameter(20, 5, 1000, "Link clicks that must be due before anything is said."),
            "chance": Parameter(0.01, 0.0001, 1.0, "False findings a day to accept by bad luck alone."),
        }
    ),
)
