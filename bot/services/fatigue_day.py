"""One account's day judged: figures in, both rules, and what is kept of the ads that are or were raised."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from bot.domain import classic, evidence, fatigue_facts
from bot.domain.fatigue import ClassicSettings, ClassicVerdict, EvidenceVerdict, Status
from bot.domain.fatigue_blocks import Block, Days, unpack
from bot.domain.fatigue_memory import Day, Memory, advance
from bot.domain.fatigue_reading import AdFacts
from bot.domain.ids import ObjectId
from bot.domain.insights import DayFigures
from bot.domain.lookalikes import Around, Lookalike, ObjectChange, check
from bot.domain.policy import FatigueRule, RefreshPolicy
from bot.domain.signals import MetaSignal, SignalSource
from storage.fatigue import Assessed
from storage.panels import Kin

DAYS = 28

Changes = Mapping[ObjectId, tuple[ObjectChange, ...]]
Words = Mapping[ObjectId, tuple[MetaSignal, ...]]
Local = Callable[[datetime], date]


@dataclass(frozen=True, slots=True)
class Known:
    """What a day is judged by: packed days, when young ads were created, the account's choices, the past."""

    blocks: Mapping[date, Block]
    born: Mapping[str, date]
    policy: RefreshPolicy
    memories: Mapping[ObjectId, tuple[Memory, Memory | None]]


@dataclass(frozen=True, slots=True)
class _Ad:
    """An ad that is or was raised, after the day."""

    row: int
    memory: Memory
    earlier: Memory | None
    facts: AdFacts


class Judged:
    """The verdicts of one day, and the ads that are worth keeping."""

    def __init__(self, days: Days, day: date, known: Known, settings: ClassicSettings) -> None:
        self.day = day
        self.count = days.panel.ads
        self._days = days
        self._born = known.born
        self._rule = known.policy.rule
        self.classic: list[ClassicVerdict] = []
        self.evidence: list[EvidenceVerdict] = []
        self._kept: dict[ObjectId, _Ad] = {}
        if days.panel.ads:
            last = days.panel.days - 1
            self.classic = classic.assess(days.panel, last, settings)
            self.evidence = evidence.assess(days.panel, last)
            self._remember(known.memories, settings)

    @property
    def ads(self) -> list[ObjectId]:
        """The ads that are or were raised."""
        return list(self._kept)

    def raised(self, rule: FatigueRule) -> int:
        """How many ads that rule watches or calls tired after this day."""
        return sum(_standing(one.memory, rule).raised for one in self._kept.values())

    def explained(
        self, kin: Mapping[ObjectId, Kin], words: Words, changes: Changes, local: Local
    ) -> Iterator[Assessed]:
        """Those ads as they are kept; what else a fall could be is looked at where there is one."""
        scene = _Scene(self, kin, words, changes, local)
        for ad_id, one in self._kept.items():
            own = kin.get(ad_id)
            yield Assessed(
                ad_id=ad_id,
                adset_id=own.adset_id if own else ObjectId(""),
                classic=self.classic[one.row],
                evidence=self.evidence[one.row],
                memory=one.memory,
                earlier=one.earlier,
                facts=one.facts,
                lookalikes=scene.of(ad_id, one.row) if one.memory.raised else (),
            )

    def _remember(
        self, memories: Mapping[ObjectId, tuple[Memory, Memory | None]], settings: ClassicSettings
    ) -> None:
        rows = [
            row
            for row, (ad, one, other) in enumerate(
                zip(self._days.panel.ad_ids, self.classic, self.evidence, strict=True)
            )
            if one.status.raised or other.status.raised or ad in memories
        ]
        fresh = fatigue_facts.fresh(self._days.panel, rows)
        for row, seen_least in zip(rows, fresh, strict=True):
            ad = ObjectId(self._days.panel.ad_ids[row])
            before = _before(memories.get(ad), self.day)
            facts = AdFacts(fatigue_facts.figures(self._days, row), *seen_least)
            verdicts = self.classic[row], self.evidence[row]
            today = Day(self.day, *verdicts, facts.figures_7d.ctr, facts.fresh_until)
            self._kept[ad] = _Ad(row, advance(before, today, settings), before, facts)

    def around(self, row: int, account: Sequence[DayFigures], found: "_Found") -> Around:
        """What is known around one ad."""
        verdict, other = self.classic[row], self.evidence[row]
        judged = verdict if self._rule is FatigueRule.CLASSIC else other
        delivered = self._days.panel.delivered
        others = int(delivered[:, -1].sum()) - int(delivered[row, -1])
        return Around(
            last_day=self.day,
            account=account,
            own=fatigue_facts.series(self._days, row),
            control=other.control,
            others=others,
            siblings=found.siblings,
            changes=found.changes,
            changed_on=found.changed_on,
            age_days=self._age(row),
            learning=found.learning,
            too_little=judged.reason if judged.status is Status.INSUFFICIENT_DATA else "",
        )

    def account(self) -> tuple[DayFigures, ...]:
        """All ads together, day by day."""
        return fatigue_facts.account(self._days)

    def falls(self, ad: str) -> float | None:
        """How an ad's CTR changed over the week, None where that cannot be told."""
        row = self._rows.get(ad)
        ctr = None if row is None else self.classic[row].ctr
        return None if ctr is None or row is None or self.classic[row].reason else ctr.change

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        return {ad: row for row, ad in enumerate(self._days.panel.ad_ids)}

    def _age(self, row: int) -> int | None:
        """Days since it was created; else since it was first seen to deliver, if that is a while ago."""
        ad = self._days.panel.ad_ids[row]
        if ad in self._born:
            return (self.day - self._born[ad]).days
        first = int(self._days.panel.delivered[row].argmax())
        seen = self._days.panel.days - 1 - first
        return seen if seen >= 7 else None


@dataclass(frozen=True, slots=True)
class _Found:
    siblings: Sequence[float]
    changes: Sequence[ObjectChange]
    changed_on: date | None
    learning: bool


class _Scene:
    """What ads of one account have around them."""

    def __init__(
        self, judged: Judged, kin: Mapping[ObjectId, Kin], words: Words, changes: Changes, local: Local
    ) -> None:
        self._judged = judged
        self._kin = kin
        self._words = words
        self._changes = changes
        self._local = local
        self._account = judged.account() if judged.count else ()
        self._families: dict[ObjectId, list[ObjectId]] = {}
        for ad, one in kin.items():
            self._families.setdefault(one.adset_id, []).append(ad)

    def of(self, ad: ObjectId, row: int) -> tuple[Lookalike, ...]:
        """The other explanations of one ad's fall."""
        return check(self._judged.around(row, self._account, self._found(ad)))

    def _found(self, ad: ObjectId) -> _Found:
        own = self._kin.get(ad)
        if own is None:
            return _Found((), self._recent(ad), None, learning=False)
        others = (self._judged.falls(one) for one in self._families[own.adset_id] if one != ad)
        return _Found(
            siblings=[change for change in others if change is not None],
            changes=[change for one in (ad, own.adset_id, own.campaign_id) for change in self._recent(one)],
            changed_on=self._local(own.updated_at),
            learning=any(
                word.source is SignalSource.LEARNING and word.level == "LEARNING"
                for word in self._words.get(own.adset_id, ())
            ),
        )

    def _recent(self, object_id: ObjectId) -> list[ObjectChange]:
        first = self._judged.day - timedelta(days=6)
        return [one for one in self._changes.get(object_id, ()) if self._local(one.at) >= first]


def judge(known: Known, day: date) -> Judged:
    """Both rules over the four weeks that end with the day; nothing is read or written here."""
    days = unpack(known.blocks, day - timedelta(days=DAYS - 1), DAYS, known.born)
    policy = known.policy
    settings = ClassicSettings(ctr_fall=policy.ctr_fall, frequency_rise=policy.frequency_rise)
    return Judged(days, day, known, settings)


def _before(known: tuple[Memory, Memory | None] | None, day: date) -> Memory | None:
    """How the ad stood before the day; a day that is judged again starts from where it started first."""
    if known is None:
        return None
    memory, earlier = known
    return memory if memory.day < day else earlier if earlier and earlier.day < day else None


def _standing(memory: Memory, rule: FatigueRule) -> Status:
    return (memory.classic if rule is FatigueRule.CLASSIC else memory.evidence).status
