"""Money goes out and no purchase comes in: for the account, a campaign, an ad set or an ad."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from bot.domain import silence
from bot.domain.days import local_day
from bot.domain.findings import Contributor, Finding, Quantity, Remark, Severity, Unit
from bot.domain.ids import Level, ObjectId
from bot.domain.insights import total
from bot.domain.silence import Silence
from bot.domain.standards import at_most
from bot.rules.base import EntitySeries, Parameter, Rule, Snapshot

_ID = "spend_without_purchases"
_COST = "cost_per_purchase_above"
# Fewer purchases than this say too little about what one usually costs.
_KNOWN_COST = 10
_MOST_CONTRIBUTORS = 8
_WIDE = (Level.ACCOUNT, Level.CAMPAIGN)
_BELOW = {Level.ACCOUNT: Level.CAMPAIGN, Level.CAMPAIGN: Level.AD, Level.ADSET: Level.AD}


@dataclass(frozen=True, slots=True)
class _Case:
    series: EntitySeries
    silence: Silence
    cost_minor: float  # what a purchase usually costs here


def evaluate(snapshot: Snapshot, parameters: Mapping[str, float]) -> Iterator[Finding]:
    """From the account down; what is reported at one level is not reported again below it."""
    if snapshot.thresholds.cost_per_purchase_minor is None or not _ever_sold(snapshot):
        return
    covered = _reported(snapshot)
    for level in Level:
        candidates = _candidates(snapshot, level)
        for case in filter(None, (_case(snapshot, one) for one in candidates)):
            if not _covered(case.series, covered) and _at_fault(snapshot, case, len(candidates), parameters):
                covered.add(case.series.entity.id)
                yield _finding(snapshot, case, parameters)
        if any(one.entity.id in covered for one in snapshot.at(Level.ACCOUNT)):
            return


def _reported(snapshot: Snapshot) -> set[ObjectId]:
    """What is or was lately reported, here or as too dear: its children are part of that."""
    silent = {one for rule, one in snapshot.open_alerts | snapshot.recent_alerts if rule == _ID}
    return silent | {one for rule, one in snapshot.open_alerts if rule == _COST}


def _ever_sold(snapshot: Snapshot) -> bool:
    whole = snapshot.at(Level.ACCOUNT) or snapshot.series
    return any(day.figures.purchases for one in whole for day in one.days)


def _candidates(snapshot: Snapshot, level: Level) -> list[EntitySeries]:
    found = [one for one in snapshot.delivering(level) if one.seeks_purchases]
    if level is Level.ADSET:
        # An ad set with a single ad is that ad, and an ad can be paused from the message.
        return [one for one in found if len(_spending(snapshot, one)) > 1]
    return found


def _spending(snapshot: Snapshot, parent: EntitySeries) -> list[EntitySeries]:
    recent = snapshot.today - timedelta(days=1)
    children = snapshot.children(parent.entity, Level.AD)
    return [one for one in children if any(day.figures.spend_minor for day in one.days_from(recent))]


def _covered(one: EntitySeries, covered: set[ObjectId]) -> bool:
    return bool({one.entity.campaign_id, one.entity.adset_id} & covered)


def _case(snapshot: Snapshot, one: EntitySeries) -> _Case | None:
    cost = _usual_cost(snapshot, one)
    usual = one.before(snapshot.today)
    daily_spend = usual.spend_minor / _days_known(snapshot, one)
    spell = one.quiet and silence.from_spell(one.quiet, cost_minor=cost, daily_spend=daily_spend)
    run = silence.from_days(
        one.days,
        snapshot.today,
        cost_minor=cost,
        timezone_name=snapshot.account.timezone_name,
        hours_today=snapshot.hours_today,
    )
    longest = silence.longest([spell or None, run])
    return None if longest is None else _Case(one, longest, cost)


def _usual_cost(snapshot: Snapshot, one: EntitySeries) -> float:
    """What a purchase costs here by its own past, else by what the account is held to."""
    past = one.before(snapshot.today)
    if past.purchases >= _KNOWN_COST and past.cost_per_purchase_minor:
        return past.cost_per_purchase_minor
    target = snapshot.thresholds.cost_per_purchase_minor or 0.0
    derived = "cost_per_purchase_minor" in snapshot.thresholds.derived
    return at_most(target, derived=derived, own=None).normal


def _days_known(snapshot: Snapshot, one: EntitySeries) -> int:
    first = snapshot.today - timedelta(days=14)
    return max(1, sum(first <= day.day < snapshot.today for day in one.days))


def _at_fault(snapshot: Snapshot, case: _Case, looks: int, parameters: Mapping[str, float]) -> bool:
    if snapshot.is_open(_ID, case.series.entity):
        return case.silence.expected >= parameters["note_at"] / 2
    if case.series.entity.level is Level.CAMPAIGN and snapshot.is_open(_COST, case.series.entity):
        return False  # that alert tells of the same fall in purchases
    return (
        case.silence.expected >= parameters["note_at"]
        and case.silence.by_chance(looks) <= parameters["chance"]
    )


def _severity(case: _Case, parameters: Mapping[str, float]) -> Severity:
    expected = case.silence.expected
    if case.series.entity.level is Level.ACCOUNT and expected >= parameters["critical_at"]:
        return Severity.CRITICAL
    return Severity.WARNING if expected >= parameters["warn_at"] else Severity.INFO


def _finding(snapshot: Snapshot, case: _Case, parameters: Mapping[str, float]) -> Finding:
    found = case.silence
    return Finding(
        rule_id=_ID,
        entity=case.series.entity,
        severity=_severity(case, parameters),
        what="Spend without purchases",
        value=Quantity(Unit.COUNT, 0),
        threshold=Quantity(Unit.COUNT, round(found.expected, 1)),
        threshold_from="expected for this spend",
        window=found.window,
        since=found.since,
        figures=found.figures,
        cost_minor=found.figures.spend_minor,
        cost_meaning="spent without a purchase",
        remarks=_remarks(snapshot, case),
        advice=_advice(case, _clicks_go_on(snapshot, case)),
        contributors=_contributors(snapshot, case),
    )


def _clicks_go_on(snapshot: Snapshot, case: _Case) -> bool:
    """Whether the spend still buys at least half the link clicks that it usually does."""
    usual = case.series.before(snapshot.today).cpc_minor
    clicks = case.silence.figures.link_clicks
    if usual is None:
        return clicks > 0
    return clicks >= 0.5 * case.silence.figures.spend_minor / usual


def _remarks(snapshot: Snapshot, case: _Case) -> tuple[Remark, ...]:
    cost = Quantity(Unit.MONEY, case.cost_minor)
    usual = "A purchase usually costs {0} here, so {1} were due."
    wished = "At {0} a purchase, {1} were due."
    known = case.series.before(snapshot.today).purchases >= _KNOWN_COST
    due = Remark(usual if known else wished, (cost, _due(case.silence)))
    clicks = Quantity(Unit.COUNT, case.silence.figures.link_clicks)
    return (due, Remark(_about_clicks(snapshot, case), (clicks,)), *_others(snapshot, case))


def _about_clicks(snapshot: Snapshot, case: _Case) -> str:
    if not _clicks_go_on(snapshot, case):
        return "Link clicks fell as well, to {0} in that time."
    if case.series.entity.level in _WIDE:
        return "Link clicks go on ({0} in that time), so tracking may be broken."
    return "Link clicks go on ({0} in that time): people come and do not buy."


def _due(found: Silence) -> Quantity:
    return Quantity(Unit.COUNT, round(found.expected, 1))


def _others(snapshot: Snapshot, case: _Case) -> tuple[Remark, ...]:
    """Whether the rest of the account sold in the same days."""
    if case.series.entity.level is Level.ACCOUNT:
        return ()
    days = [snapshot.today - timedelta(days=1), snapshot.today]
    own = case.series.over(days).purchases
    rest = sum(one.over(days).purchases for one in snapshot.at(Level.CAMPAIGN)) - own
    if rest <= 0:
        return ()
    count = Quantity(Unit.COUNT, rest)
    return (Remark("The rest of the account had {0} purchases yesterday and today.", (count,)),)


def _advice(case: _Case, clicks_go_on: bool) -> str:
    if not clicks_go_on:
        return "Check that the ads still lead where they should and that people can click through."
    if case.series.entity.level in _WIDE:
        return "Place a test order and check pixel, Conversions API and checkout before you change any ad."
    return "Pause it unless something outside the ad explains it, and check where its link leads."


def _contributors(snapshot: Snapshot, case: _Case) -> tuple[Contributor, ...]:
    """The parts by what they spent on the days of the silence."""
    below = _BELOW.get(case.series.entity.level)
    if below is None:
        return ()
    first = local_day(case.silence.since, snapshot.account.timezone_name)
    children = snapshot.children(case.series.entity, below)
    parts = [(one.entity, total(day.figures for day in one.days_from(first))) for one in children]
    whole = sum(figures.spend_minor for _, figures in parts)
    listed = sorted(parts, key=lambda part: -part[1].spend_minor)[:_MOST_CONTRIBUTORS]
    return tuple(
        Contributor(entity.id, entity.name, figures.spend_minor / whole, figures)
        for entity, figures in listed
        if figures.spend_minor
    )


RULE = Rule(
    id=_ID,
    title="Spend without purchases",
    explanation="Money is being spent and purchases have stopped, for longer than bad luck explains.",
    severity=Severity.WARNING,
    evaluate=evaluate,
    parameters=MappingProxyType(
        {
            "note_at": Parameter(2, 1, 50, "Purchases that must be missing before anything is said."),
            "warn_at": Parameter(3, 1, 50, "Missing purchases from which it is a warning."),
            "critical_at": Parameter(
                5, 1, 100, "Missing purchases from which the account's silence is critical."
            ),
            "chance": Parameter(
                0.01, 0.0001, 1.0, "False findings a day to accept at each level, by bad luck alone."
            ),
        }
    ),
)
