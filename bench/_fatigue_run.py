"""What `bench/fatigue_scale.py` measures; imported once the process keeps to one core."""

from collections.abc import Callable
from dataclasses import dataclass

from _fatigue_database import DAY, OWNER

from bot.clock import SettableClock, cpu_seconds, stopwatch
from bot.domain import classic, evidence
from bot.domain.days import day_range
from bot.domain.fatigue_blocks import unpack
from bot.domain.fatigue_panel import Panel
from bot.domain.findings import Finding
from bot.domain.ids import AccountId, Level
from bot.domain.insights import Figures
from bot.domain.structure import EntityRef
from bot.domain.targets import Targets, thresholds
from bot.rules.base import EntitySeries, Snapshot
from bot.rules.creative_fatigue import RULE
from bot.services.fatigue import FatigueService, readings
from bot.services.fatigue_day import DAYS
from storage.db import Database


@dataclass(slots=True)
class Spent:
    """Wall and CPU seconds of one kind of work."""

    wall: float = 0.0
    cpu: float = 0.0

    def run(self, work: Callable[[], object]) -> None:
        """Do it and count it."""
        wall, cpu = stopwatch(), cpu_seconds()
        work()
        self.wall += stopwatch() - wall
        self.cpu += cpu_seconds() - cpu


class Run:
    """All accounts, one after the other."""

    def __init__(self, db: Database, clock: SettableClock) -> None:
        self._db = db
        self._clock = clock
        self._service = FatigueService(db, clock)
        self.packing, self.whole, self.kernel, self.again = Spent(), Spent(), Spent(), Spent()
        self.ads = self.rows = self.findings = 0

    def account(self, one: AccountId) -> None:
        """Pack it, run the rules alone on its panel, then everything from the database to findings."""
        self.packing.run(lambda: self._pack(one))
        panel = self._panel(one)
        self.ads += panel.ads
        self.rows += int(panel.delivered.sum())
        self.kernel.run(lambda: _kernel(panel))
        self.whole.run(lambda: self._judge(one))
        self.again.run(lambda: self._judge(one))  # the same day once more: every raised ad is known by now

    def _pack(self, one: AccountId) -> None:
        for day in day_range(DAY, DAYS):
            with self._db.workspace(OWNER, fast=True) as tx:
                tx.panels.pack(OWNER, one, day)

    def _panel(self, one: AccountId) -> Panel:
        first = day_range(DAY, DAYS)[0]
        with self._db.read(OWNER) as tx:
            return unpack(tx.panels.load(one, first, DAY), first, DAYS, {}).panel

    def _judge(self, one: AccountId) -> None:
        with self._db.read(OWNER) as tx:
            watched = tx.accounts.get(one)
        assert watched is not None
        self._service.assess(watched, DAY)
        with self._db.read(OWNER) as tx:
            tired = readings(tx, one)
        series = tuple(
            EntitySeries(EntityRef(Level.AD, ad, f"Ad {ad}", adset_id=known.adset_id), ())
            for ad, known in tired.items()
        )
        now = self._clock.now()
        snapshot = Snapshot(
            account=watched.account,
            thresholds=thresholds(Targets(), Figures()),
            now=now,
            data_as_of=now,
            today=DAY,
            series=series,
            fatigue=tired,
        )
        found: list[Finding] = list(RULE.evaluate(snapshot, {}))
        self.findings += len(found)


def _kernel(panel: Panel) -> None:
    classic.assess(panel, panel.days - 1)
    evidence.assess(panel, panel.days - 1)
