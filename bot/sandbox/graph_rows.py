"""From a query to its rows: which objects, which days, what passes the filters, in which order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.sandbox.graph_breakdowns import HOURLY, hours, parts, without_purchases
from bot.sandbox.graph_filters import Condition, unsupported
from bot.sandbox.graph_metrics import METRICS, Row, Setting
from bot.sandbox.graph_periods import Period
from bot.sandbox.graph_query import LEVELS, Query
from bot.sandbox.world import World
from bot.sandbox.world_objects import NOTHING, Account, Ad, AdSet, Campaign, Figures, Thing

_ATTRIBUTES = frozenset({"id", "name", "effective_status", "status", "configured_status", "objective"})
_ACTION_TYPE = "action_type"
Labels = tuple[tuple[str, str], ...]
_ORDER = tuple(LEVELS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to be: of whom, for when, for which part of a breakdown, and its figures."""

    thing: Thing
    ads: tuple[Ad, ...]
    period: Period
    parts: tuple[tuple[Setting, Figures], ...]
    labels: Labels = ()
    share: float = 1.0


class Rows:
    """Answers queries about one world as of one moment."""

    def __init__(self, world: World, at: datetime) -> None:
        self.world = world
        self.at = at
        self.moment = at.timestamp()

    def entries(self, query: Query, scope: Thing) -> list[Entry]:
        """Every row of the query in its order; days without delivery have none."""
        about, own, below = self._sorted_filters(query)
        ads = [ad for ad in self.world.ads_of(scope) if all(self._is(ad, rule, query) for rule in about)]
        found = [
            entry
            for thing, group in _grouped(ads, query.level)
            for period in query.periods
            for entry in self._of(query, thing, self._passing(group, period, below), period)
            if all(rule.holds(metric(self.row(entry, query), rule.name)) for rule in own)
        ]
        for name, falling in reversed(query.sort):
            # Sorting by the last key first keeps the first key's order on top.
            found.sort(key=lambda entry: metric(self.row(entry, query), name), reverse=falling)
        return found

    def row(self, entry: Entry, query: Query) -> Row:
        """The entry with its reach, which depends on days and people and not on sums."""
        impressions = sum(figures.impressions for _, figures in entry.parts)
        hourly = HOURLY in query.breakdowns
        reach = 0 if hourly else self.world.reach(entry.ads, entry.period.days(), impressions)
        return Row(entry.parts, reach, query.windows)

    def _sorted_filters(self, query: Query) -> tuple[list[Condition], list[Condition], list[Condition]]:
        """Conditions on objects, on the row itself, and on the ads below it."""
        about, own, below = [], [], []
        for rule in query.filters:
            level = rule.level or query.level
            if rule.name in _ATTRIBUTES:
                about.append(rule)
            elif rule.name in METRICS and level == query.level:
                own.append(rule)
            elif rule.name in METRICS and level == "ad":
                below.append(rule)
            elif rule.name != _ACTION_TYPE:
                raise unsupported(f"{level}.{rule.name}", rule.operator)
        return about, own, below

    def _is(self, ad: Ad, rule: Condition, query: Query) -> bool:
        thing = ancestor(ad, rule.level or query.level)
        values = {
            "id": lambda: thing.id,
            "name": lambda: self.world.name(thing),
            "effective_status": lambda: self.world.log.effective(thing, self.moment),
            "status": lambda: self.world.log.configured(thing, self.moment),
            "configured_status": lambda: self.world.log.configured(thing, self.moment),
            "objective": lambda: ad.campaign.objective,
        }
        return rule.holds(values[rule.name]())

    def _passing(self, ads: Sequence[Ad], period: Period, rules: list[Condition]) -> tuple[Ad, ...]:
        if not rules:
            return tuple(ads)
        return tuple(ad for ad in ads if all(rule.holds(self._own(ad, period, rule.name)) for rule in rules))

    def _own(self, ad: Ad, period: Period, name: str) -> float:
        figures = self._parts((ad,), period)
        impressions = sum(part.impressions for _, part in figures)
        return metric(Row(figures, self.world.reach((ad,), period.days(), impressions)), name)

    def _of(self, query: Query, thing: Thing, ads: tuple[Ad, ...], period: Period) -> Iterator[Entry]:
        if HOURLY in query.breakdowns:
            yield from self._by_hour(thing, ads, period)
            return
        whole = self._parts(ads, period)
        if not whole:
            return
        for part in parts(query.breakdowns):
            scaled = whole if part.share == 1.0 else _scaled(whole, part.share)
            if any(figures.impressions for _, figures in scaled):
                yield Entry(thing, ads, period, scaled, part.labels, part.share)

    def _by_hour(self, thing: Thing, ads: tuple[Ad, ...], period: Period) -> Iterator[Entry]:
        for hour in hours():
            counted = [
                (_setting(ad), self._in_hour(ad, day, hour.bounds(_midnight(ad, day))))
                for ad in ads
                for day in period.days()
            ]
            summed = _summed(counted)
            if summed:
                yield Entry(thing, ads, period, summed, ((HOURLY, hour.label),))

    def _in_hour(self, ad: Ad, day: date, bounds: tuple[datetime, datetime]) -> Figures:
        begins, ends = (min(bound, self.at) for bound in bounds)
        return without_purchases(self.world.figures(ad, day, ends), self.world.figures(ad, day, begins))

    def _parts(self, ads: Iterable[Ad], period: Period) -> tuple[tuple[Setting, Figures], ...]:
        days = period.days()
        return _summed((_setting(ad), self.world.figures(ad, day, self.at)) for ad in ads for day in days)


def metric(row: Row, name: str) -> float:
    """A metric as a number, zero where the row has none."""
    value = METRICS[name](row)
    if isinstance(value, list):
        value = value[0]["value"]
    try:
        return float(value or 0)
    except ValueError:
        return 0.0


def ancestor(ad: Ad, level: str) -> Account | Campaign | AdSet | Ad:
    """The object above an ad at this level, or the ad itself."""
    chain: dict[str, Account | Campaign | AdSet | Ad] = {
        "ad": ad,
        "adset": ad.adset,
        "campaign": ad.campaign,
        "account": ad.account,
    }
    return chain[level]


def action_types(query: Query) -> frozenset[str]:
    """The action types that `filtering` limits the lists to; empty means all."""
    rules = [rule for rule in query.filters if rule.name == _ACTION_TYPE]
    return frozenset(
        str(item) for rule in rules for item in (rule.value if isinstance(rule.value, list) else [rule.value])
    )


def _grouped(ads: Iterable[Ad], level: str) -> list[tuple[Thing, list[Ad]]]:
    groups: dict[str, tuple[Thing, list[Ad]]] = {}
    for ad in ads:
        thing = ancestor(ad, level)
        groups.setdefault(thing.id, (thing, []))[1].append(ad)
    return list(groups.values())


def _setting(ad: Ad) -> Setting:
    return ad.adset.click_days, ad.adset.view_days


def _summed(counted: Iterable[tuple[Setting, Figures]]) -> tuple[tuple[Setting, Figures], ...]:
    totals: dict[Setting, Figures] = {}
    for setting, figures in counted:
        if figures.impressions:
            totals[setting] = totals[setting].plus(figures) if setting in totals else figures
    return tuple(totals.items())


def _scaled(whole: tuple[tuple[Setting, Figures], ...], share: float) -> tuple[tuple[Setting, Figures], ...]:
    return tuple((setting, figures.scaled(share)) for setting, figures in whole if figures is not NOTHING)


def _midnight(ad: Ad, day: date) -> datetime:
    return datetime.combine(day, time(), ad.account.zone)
