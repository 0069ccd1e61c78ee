"""A made-up ad account in which nothing is wrong until a test breaks it.

Every day each ad's CTR wanders (sd 0.12 of its log, neighbouring days alike), prices and conversion
move a little, clicks and purchases are Poisson, and purchases are reported late.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from math import exp, log, sqrt
from random import Random

from bot.domain.ids import AccountId, Level, ObjectId
from bot.domain.insights import DayFigures, Figures, QuietSpell, total
from bot.domain.structure import Account, EntityRef
from bot.domain.targets import Targets, thresholds
from bot.rules.base import EntitySeries, Snapshot

START = date(2026, 9, 1)
ACCOUNT = Account(AccountId("act_9"), "Simulated", "USD", "UTC")
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Fault:
    """From `begins` (hours after START) ads that `touches` names have a figure multiplied."""

    begins: float
    touches: Callable[[str, str], bool]  # ad id, campaign id
    what: str  # "ctr", "cpm", "conversion", "value"
    factor: float


@dataclass
class _Ad:
    id: str
    campaign: str
    impressions: float
    cpm: float
    ctr: float
    conversion: float
    wander: float = 0.0
    days: list[tuple[int, int, int]] = field(default_factory=list)  # impressions, clicks, spend
    purchases: list[list[tuple[float, float, int]]] = field(default_factory=list)  # at, known at, value


class SimulatedAccount:
    """40 ads in 6 campaigns; about `purchases_a_day` purchases each day over the whole account."""

    def __init__(
        self, seed: int, *, days: int = 57, purchases_a_day: float = 120.0, faults: tuple[Fault, ...] = ()
    ) -> None:
        self._random = Random(seed)  # noqa: S311 (a simulation, nothing secret)
        self._faults = faults
        self._ads = [self._ad(number, purchases_a_day / 40) for number in range(40)]
        for day in range(days):
            self._live(day)

    def snapshot(self, day: int, hour: float, targets: Targets, **more: object) -> Snapshot:
        """What is known at that hour of that day."""
        moment = day * 24 + hour
        ads = {ad.id: self._known(ad, day, hour) for ad in self._ads}
        campaigns = {f"c{number}": self._members(f"c{number}") for number in range(6)}
        series = [self._whole(ObjectId(ACCOUNT.id), Level.ACCOUNT, self._ads, ads, moment)]
        series += [
            self._whole(ObjectId(key), Level.CAMPAIGN, members, ads, moment)
            for key, members in campaigns.items()
        ]
        series += [EntitySeries(_ref(ad), ads[ad.id]) for ad in self._ads]
        today = START + timedelta(days=day)
        now = datetime(START.year, START.month, START.day, tzinfo=UTC) + moment * HOUR
        past = total(one.figures for one in series[0].days if one.day < today)
        return Snapshot(
            account=ACCOUNT,
            thresholds=thresholds(targets, past),
            now=now,
            data_as_of=now,
            today=today,
            series=tuple(series),
            **more,  # type: ignore[arg-type]
        )

    def _ad(self, number: int, purchases: float) -> _Ad:
        draw = self._random.gauss
        ctr, cpm, cost = 0.012 * exp(draw(0, 0.3)), 1200 * exp(draw(0, 0.2)), 2500 * exp(draw(0, 0.2))
        conversion = cpm / 1000 / ctr / cost
        shown = purchases * exp(draw(0, 0.3)) / (ctr * conversion)
        return _Ad(f"a{number}", f"c{number % 6}", shown, cpm, ctr, conversion)

    def _members(self, campaign: str) -> list[_Ad]:
        return [ad for ad in self._ads if ad.campaign == campaign]

    def _live(self, day: int) -> None:
        shift = {f"c{number}": exp(self._random.gauss(0, 0.08)) for number in range(6)}
        for ad in self._ads:
            ad.wander = 0.5 * ad.wander + self._random.gauss(0, 0.12 * sqrt(0.75))
            self._live_ad(ad, day, shift[ad.campaign])

    def _live_ad(self, ad: _Ad, day: int, shift: float) -> None:
        shown = round(ad.impressions * exp(self._random.gauss(0, 0.15)))
        factor = {what: self._share(ad, day, what) for what in ("ctr", "cpm")}
        cpm = ad.cpm * exp(self._random.gauss(0, 0.08)) * factor["cpm"]
        clicks = self._poisson(shown * ad.ctr * exp(ad.wander) * factor["ctr"])
        ad.days.append((shown, clicks, round(shown * cpm / 1000)))
        count = self._poisson(clicks * ad.conversion * shift)
        bought = sorted(self._purchase(ad, day) for _ in range(count))
        ad.purchases.append([one for one in bought if one is not None])

    def _purchase(self, ad: _Ad, day: int) -> tuple[float, float, int]:
        at = day * 24 + self._random.random() * 24
        luck = self._random.random()
        delay = luck if luck < 0.65 else self._random.random() * (24 if luck < 0.92 else 72)
        kept = self._random.random() < self._now(ad, at, "conversion")
        value = round(10_000 * exp(self._random.gauss(-0.2, 0.6)) * self._now(ad, at, "value"))
        return at, at + delay if kept else float("inf"), value

    def _now(self, ad: _Ad, at: float, what: str) -> float:
        factor = 1.0
        for fault in self._faults:
            if fault.what == what and at >= fault.begins and fault.touches(ad.id, ad.campaign):
                factor *= fault.factor
        return factor

    def _share(self, ad: _Ad, day: int, what: str) -> float:
        """Faults of delivery begin with a day in this simulation."""
        return self._now(ad, day * 24 + 0.001, what)

    def _poisson(self, mean: float) -> int:
        if mean > 60:
            return max(0, round(self._random.gauss(mean, sqrt(mean))))
        count, left = 0, -log(1.0 - self._random.random())
        while left < mean:
            count += 1
            left -= log(1.0 - self._random.random())
        return count

    def _known(self, ad: _Ad, today: int, hour: float) -> tuple[DayFigures, ...]:
        found = []
        for day in range(max(0, today - 28), today + 1):
            share = hour / 24 if day == today else 1.0
            shown, clicks, spend = (int(count * share) for count in ad.days[day])
            values = [value for at, known, value in ad.purchases[day] if known <= today * 24 + hour]
            figures = Figures(shown, clicks, clicks, spend, len(values), sum(values))
            if shown:
                found.append(DayFigures(START + timedelta(days=day), figures))
        return tuple(found)

    def _whole(
        self,
        key: ObjectId,
        level: Level,
        members: list[_Ad],
        known: dict[str, tuple[DayFigures, ...]],
        moment: float,
    ) -> EntitySeries:
        by_day: dict[date, list[Figures]] = {}
        for ad in members:
            for day in known[ad.id]:
                by_day.setdefault(day.day, []).append(day.figures)
        days = tuple(DayFigures(day, total(figures)) for day, figures in sorted(by_day.items()))
        return EntitySeries(EntityRef(level, key, key), days, quiet=_quiet(members, days, moment))


def _ref(ad: _Ad) -> EntityRef:
    return EntityRef(Level.AD, ObjectId(ad.id), ad.id, campaign_id=ObjectId(ad.campaign))


def _quiet(members: list[_Ad], days: tuple[DayFigures, ...], moment: float) -> QuietSpell:
    """Since the last report of a purchase; delivery is even over the day here."""
    last = max(_reports(members, moment), default=moment - 48)
    start = datetime(START.year, START.month, START.day, tzinfo=UTC)
    spend = clicks = 0.0
    for day in days:
        begins = (day.day - START).days * 24.0
        ends = min(begins + 24, moment)
        share = max(0.0, ends - max(begins, last)) / (ends - begins) if ends > begins else 0.0
        spend += day.figures.spend_minor * share
        clicks += day.figures.link_clicks * share
    return QuietSpell(start + last * HOUR, round(spend), round(clicks))


def _reports(members: list[_Ad], moment: float) -> Iterator[float]:
    recent = int(moment // 24)
    for ad in members:
        for day in range(max(0, recent - 4), recent + 1):
            known = sorted(known for _, known, _ in ad.purchases[day])
            at = bisect_right(known, moment)
            if at:
                yield known[at - 1]


def with_alerts(seen: Snapshot, live: set, recent: set) -> Snapshot:
    """The same moment, knowing which alerts are open or were lately."""
    return replace(seen, open_alerts=frozenset(live), recent_alerts=frozenset(recent))
