"""A purchase costs more than the target, beyond what late reporting and bad luck explain."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from bot.domain.changes import Split, split_cost_per_purchase
from bot.domain.findings import Contributor, Finding, Quantity, Remark, Severity, Unit
from bot.domain.ids import Level
from bot.domain.insights import DayFigures, Figures, total
from bot.domain.purchase_cost import PurchaseCost, corrected
from bot.domain.standards import Standard, at_most
from bot.domain.volume import settled_share, settled_spend
from bot.rules.base import EntitySeries, Parameter, Rule, Snapshot

_ID = "cost_per_purchase_above"
_SILENCE = "spend_without_purchases"
_KNOWN_COST = 10  # purchases that make an object's own past worth comparing with
_QUIET = 5.0  # so many missing purchases are another alert's matter
# A day this likely or likelier ends an alert, or keeps one from being opened over yesterday alone.
_LOOKS_NORMAL = 0.3
_MAY_BE_NORMAL = 0.1
_CROWD = 3  # so many campaigns, and more than half of them, are the account's matter
_MOST_CONTRIBUTORS = 5
_CONVERSION = "purchases per link click"
_BREAK = 4.0  # times the usual cost: more than a worse offer usually does
_ADVICE = {
    "CPM": "Look for a rise in auction prices or overlapping audiences before you touch the ads.",
    "CTR (link)": "Replace the ads that carry most of the excess: people click them less than before.",
    _CONVERSION: "Check landing page, price, stock and checkout, then the ads named above.",
}
_PLAIN_ADVICE = "Shift budget away from the ads that carry most of the excess."


@dataclass(frozen=True, slots=True)
class _Case:
    """One campaign (or the account, or what is left of it) over one window."""

    series: EntitySeries
    first: date
    window: str
    cost: PurchaseCost


def evaluate(snapshot: Snapshot, parameters: Mapping[str, float]) -> Iterator[Finding]:
    """One finding for each campaign at fault, or one for the account when the rest is no better."""
    if not snapshot.thresholds.cost_per_purchase_minor:
        return
    campaigns = [one for one in snapshot.delivering(Level.CAMPAIGN) if one.seeks_purchases]
    faulty = _faulty(snapshot, campaigns, parameters)
    rest = [one for one in campaigns if one.entity.id not in faulty]
    whole = _whole_account(snapshot, rest, faulty, parameters)
    for case in [whole] if whole else faulty.values():
        yield _finding(snapshot, case, faulty)


def _faulty(
    snapshot: Snapshot, campaigns: Sequence[EntitySeries], parameters: Mapping[str, float]
) -> dict[str, _Case]:
    """The campaigns at fault over any window; the first window that shows it is the one to tell."""
    chance = parameters["chance"] / max(1, len(campaigns))
    by_window = [_cases(snapshot, campaigns, *window) for window in _windows(snapshot)]
    faulty: dict[str, _Case] = {}
    for cases in zip(*by_window, strict=True):
        if _silent(snapshot, cases[0]) or any(_recovered(snapshot, case, parameters) for case in cases[:2]):
            continue
        for case in cases:
            if _at_fault(snapshot, case, chance, parameters):
                faulty.setdefault(case.series.entity.id, case)
    return faulty


def _silent(snapshot: Snapshot, case: _Case) -> bool:
    """Whether nobody buys any more, or lately did not: the hole in the figures has an alert of its own."""
    if snapshot.is_open(_ID, case.series.entity):
        return False
    return not case.cost.figures.purchases or snapshot.was_open_lately(_SILENCE, case.series.entity)


def _recovered(snapshot: Snapshot, case: _Case, parameters: Mapping[str, float]) -> bool:
    """Whether today, or yesterday and today, where they say enough, look normal again."""
    cost = case.cost.minor
    if cost is None or case.cost.expected < 4 * parameters["min_expected"]:
        return False
    ordinary = _LOOKS_NORMAL if snapshot.is_open(_ID, case.series.entity) else _MAY_BE_NORMAL
    return cost < _fire(case, parameters) * parameters["clear"] and case.cost.by_chance >= ordinary


def _windows(snapshot: Snapshot) -> list[tuple[date, str]]:
    """A jump shows in two days; a cost that stays somewhat above a person's target shows in a week."""
    yesterday, week = (snapshot.today - timedelta(days=back) for back in (1, 6))
    windows = [(yesterday, "yesterday and today"), (snapshot.today, "today")]
    if "cost_per_purchase_minor" not in snapshot.thresholds.derived:
        windows.append((week, "last 7 days including today"))
    return windows


def _cases(snapshot: Snapshot, campaigns: Sequence[EntitySeries], first: date, window: str) -> list[_Case]:
    costs = corrected([_cost(snapshot, one, first) for one in campaigns])
    return [_Case(one, first, window, cost) for one, cost in zip(campaigns, costs, strict=True)]


def _cost(snapshot: Snapshot, one: EntitySeries, first: date) -> PurchaseCost:
    days = one.days_from(first)
    figures = total(day.figures for day in days)
    standard = _standard(snapshot, _past(snapshot, one, first))
    quiet = one.quiet.spend_minor if one.quiet and one.quiet.since >= snapshot.start_of(first) else 0
    left_out = quiet if quiet >= _QUIET * standard.normal else 0
    reported = settled_spend(days, snapshot.today, hours_today=snapshot.hours_today)
    settled = reported / figures.spend_minor if figures.spend_minor else 0.0
    length = (snapshot.today - first).days + 1
    return PurchaseCost(figures, standard, settled, length, min(left_out, figures.spend_minor))


def _standard(snapshot: Snapshot, past: Figures) -> Standard:
    own = past.cost_per_purchase_minor if past.purchases >= _KNOWN_COST else None
    derived = "cost_per_purchase_minor" in snapshot.thresholds.derived
    return at_most(snapshot.thresholds.cost_per_purchase_minor or 0.0, derived=derived, own=own)


def _at_fault(snapshot: Snapshot, case: _Case, chance: float, parameters: Mapping[str, float]) -> bool:
    cost, fire = case.cost.minor, _fire(case, parameters)
    if snapshot.is_open(_ID, case.series.entity):
        # Without any purchase the cost has no number, but an alert that is open is not over.
        dear = cost is None or cost >= fire * parameters["clear"]
        return dear and case.cost.expected >= parameters["min_expected"] / 2
    return (
        cost is not None
        and cost >= fire
        and case.cost.expected >= parameters["min_expected"]
        and case.cost.by_chance <= case.cost.standard.chance(chance)
    )


def _fire(case: _Case, parameters: Mapping[str, float]) -> float:
    # A level from the past already has its room; a target is what a person wants, not what is alarming.
    return case.cost.standard.level * (parameters["margin"] if case.cost.standard.from_person else 1.0)


def _whole_account(
    snapshot: Snapshot,
    rest: Sequence[EntitySeries],
    faulty: Collection[str],
    parameters: Mapping[str, float],
) -> _Case | None:
    """The account itself, where most campaigns are at fault or the rest of them together is too dear."""
    first, window = _windows(snapshot)[0]
    for account in snapshot.delivering(Level.ACCOUNT):
        case = _Case(account, first, window, _cost(snapshot, account, first))
        if _silent(snapshot, case):
            return None
        if snapshot.is_open(_ID, account.entity):
            return case if _at_fault(snapshot, case, parameters["chance"], parameters) else None
        if len(faulty) >= _CROWD and len(faulty) > len(rest):
            return case
        if len(rest) > 1:
            sound = [one for one in rest if not snapshot.was_open_lately(_SILENCE, one.entity)]
            left = replace(account, days=_together(sound), quiet=None)
            others = _Case(left, first, window, _cost(snapshot, left, first))
            return case if _at_fault(snapshot, others, parameters["chance"], parameters) else None
    return None


def _together(parts: Sequence[EntitySeries]) -> tuple[DayFigures, ...]:
    days = sorted({day.day for part in parts for day in part.days})
    return tuple(DayFigures(day, total(part.over([day]) for part in parts)) for day in days)


def _finding(snapshot: Snapshot, case: _Case, faulty: Collection[str]) -> Finding:
    since = case.series.bad_since(_recent(snapshot, case), lambda day: _dear(snapshot, case, day))
    split = split_cost_per_purchase(case.cost.figures, _past(snapshot, case.series, case.first))
    return Finding(
        rule_id=_ID,
        entity=case.series.entity,
        severity=Severity.WARNING,
        what="Cost per purchase above target"
        if case.cost.standard.from_person
        else "Cost per purchase too high",
        value=_value(case.cost),
        threshold=Quantity(Unit.MONEY, case.cost.standard.level),
        threshold_from=case.cost.standard.source,
        window=case.window,
        since=snapshot.start_of(since),
        figures=case.cost.figures,
        cost_minor=_excess(snapshot, case, since),
        cost_meaning="above that level so far",
        remarks=_remarks(snapshot, case, split, faulty),
        advice=_ADVICE.get(split.driver.name, _PLAIN_ADVICE) if split else _PLAIN_ADVICE,
        contributors=_contributors(snapshot, case),
    )


def _value(cost: PurchaseCost) -> Quantity | None:
    purchases = cost.figures.purchases
    return Quantity(Unit.MONEY, cost.spend_minor / purchases) if purchases else None


def _recent(snapshot: Snapshot, case: _Case) -> date:
    return max(case.first, snapshot.today - timedelta(days=1))


def _past(snapshot: Snapshot, one: EntitySeries, first: date) -> Figures:
    return one.before(min(first, snapshot.today - timedelta(days=1)))


def _dear(snapshot: Snapshot, case: _Case, day: DayFigures) -> bool:
    spend = day.figures.spend_minor * _share(snapshot, day)
    return spend > 0 and spend >= case.cost.standard.level * day.figures.purchases


def _share(snapshot: Snapshot, day: DayFigures) -> float:
    return settled_share((snapshot.today - day.day).days, hours_today=snapshot.hours_today)


def _excess(snapshot: Snapshot, case: _Case, since: date) -> int:
    """Money spent since then beyond what the purchases, also those still to be reported, may cost."""
    days = case.series.days_from(since)
    purchases = sum(d.figures.purchases / (_share(snapshot, d) or 1.0) for d in days)
    spend = sum(day.figures.spend_minor for day in days) - case.cost.left_out_minor
    return max(0, round(spend - case.cost.standard.level * purchases))


def _remarks(
    snapshot: Snapshot, case: _Case, split: Split | None, faulty: Collection[str]
) -> tuple[Remark, ...]:
    remarks = [split.remark()] if split else []
    if split and split.driver.name == _CONVERSION and split.factor > _BREAK:
        remarks.append(Remark("So few of those who click buy that tracking may be broken."))
    remarks += _others(snapshot, case, faulty)
    settled = Quantity(Unit.SHARE, case.cost.settled)
    remarks.append(
        Remark("Purchases arrive late: {0} of this window's are taken to be reported.", (settled,))
    )
    if case.cost.left_out_minor:
        left_out = Quantity(Unit.MONEY, case.cost.left_out_minor)
        remarks.append(Remark("The {0} spent since the last purchase is left out here.", (left_out,)))
    return tuple(remarks)


def _others(snapshot: Snapshot, case: _Case, faulty: Collection[str]) -> list[Remark]:
    """Whether the account's campaigns that are not at fault moved in the same window."""
    if case.series.entity.level is Level.ACCOUNT:
        return []
    others = [one for one in snapshot.at(Level.CAMPAIGN) if one.entity.id not in faulty]
    costs = [_cost(snapshot, one, case.first) for one in others]
    purchases = sum(cost.figures.purchases for cost in costs)
    before = total(_past(snapshot, one, case.first) for one in others).cost_per_purchase_minor
    if purchases < _KNOWN_COST or not before:
        return []
    now = sum(cost.spend_minor * cost.settled for cost in costs) / purchases
    moved = "moved too" if now > 1.2 * before else "hardly moved"
    template = f"The account's other campaigns {moved}: {{0}} against {{1}}, late purchases allowed for."
    return [Remark(template, (Quantity(Unit.MONEY, now), Quantity(Unit.MONEY, before)))]


def _window_figures(one: EntitySeries, first: date) -> Iterator[Figures]:
    return (day.figures for day in one.days_from(first))


def _contributors(snapshot: Snapshot, case: _Case) -> tuple[Contributor, ...]:
    """The parts that cost more than the level allows, by their share of the excess."""
    below = Level.CAMPAIGN if case.series.entity.level is Level.ACCOUNT else Level.AD
    parts = []
    for one in snapshot.children(case.series.entity, below):
        figures = total(_window_figures(one, case.first))
        parts.append((one, figures, figures.spend_minor - case.cost.standard.level * figures.purchases))
    dear = sorted((part for part in parts if part[2] > 0), key=lambda part: -part[2])
    whole = sum(excess for _, _, excess in dear)
    return tuple(
        Contributor(one.entity.id, one.entity.name, excess / whole, figures)
        for one, figures, excess in dear[:_MOST_CONTRIBUTORS]
    )


RULE = Rule(
    id=_ID,
    title="Cost per purchase above target",
    explanation="A purchase costs clearly more than your target, or than it usually does here.",
    severity=Severity.WARNING,
    evaluate=evaluate,
    parameters=MappingProxyType(
        {
            "margin": Parameter(1.1, 1.0, 3.0, "How many times your target a purchase must cost."),
            "clear": Parameter(0.9, 0.5, 1.0, "Share of that cost below which the alert is over."),
            "min_expected": Parameter(8, 3, 200, "Purchases the spend should bring before anything is said."),
            "chance": Parameter(0.006, 0.0001, 1.0, "False findings a day to accept by bad luck alone."),
        }
    ),
)
