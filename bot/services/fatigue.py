"""From figures to how tired each ad is: both rules once for each complete day, and what else it could be."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.domain.days import day_range, day_start, local_day
from bot.domain.fatigue_reading import FatigueReading
from bot.domain.ids import AccountId, ObjectId, WorkspaceId
from bot.domain.policy import FatigueRule
from bot.domain.reading_plan import Part, complete_day, people_read
from bot.domain.signals import MetaSignal
from bot.memory import lull
from bot.services.fatigue_day import DAYS, Judged, Known, judge
from storage.accounts import WatchedAccount
from storage.db import Database
from storage.fatigue import Assessed
from storage.repositories import Repositories

# Notes in an account's progress: the day that was judged last, and how the figures stood then.
_DAY, _FIGURES = "fatigue_day", "fatigue_figures"
_PATIENCE = timedelta(hours=8)  # for the people of the last day, after its figures are in
_YOUNG = timedelta(days=DAYS + 3)
_CHANGES = timedelta(days=8)


class FatigueService:
    """Judges ads once a day, and tells how they stand."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def assess_due(self, watched: WatchedAccount) -> Judged | None:
        """Judge the account's last complete day when that is new or was read anew since; else None."""
        progress = watched.progress
        day = self._day(watched)
        figures = " ".join(progress.get(part.value, "") for part in (Part.MONTH, Part.PEOPLE))
        if Part.MONTH.value not in progress or (progress.get(_DAY), progress.get(_FIGURES)) == (
            day.isoformat(),
            figures,
        ):
            return None
        judged = self.assess(watched, day)
        with self._db.workspace(watched.workspace_id) as tx:
            now = tx.accounts.get(watched.account.id)
            if now is not None:
                noted = {**now.progress, _DAY: day.isoformat(), _FIGURES: figures}
                tx.accounts.note_progress(watched.account.id, noted)
        return judged

    def assess(self, watched: WatchedAccount, day: date) -> Judged:
        """Judge one complete day by both rules, and keep every ad that is or was raised."""
        owner, account = watched.workspace_id, watched.account.id
        with lull():
            self._pack(watched, day)
            with self._db.read(owner) as tx:
                known = _known(tx, watched, day)
            judged = judge(known, day)
            with self._db.read(owner) as tx:
                kept = tuple(_explained(tx, watched, judged, day))
            with self._db.workspace(owner, fast=True) as tx:
                tx.fatigue.save(owner, account, kept, self._clock.now())
                tx.fatigue.rest(account, day)
        return judged

    def reading(
        self, workspace_id: WorkspaceId, account_id: AccountId, ad_id: ObjectId
    ) -> FatigueReading | None:
        """One ad with its figures day by day; None where neither rule ever raised it or it is not known."""
        with self._db.read(workspace_id) as tx:
            return reading(tx, account_id, ad_id, series=True)

    def raised(self, workspace_id: WorkspaceId, account_id: AccountId) -> list[FatigueReading]:
        """The ads that the account's rule calls tired or watches, by the spend at risk."""
        with self._db.read(workspace_id) as tx:
            found = tx.fatigue.raised(account_id, _rule(tx, account_id)).values()
        return sorted(found, key=lambda one: (-one.loss_minor, one.ad_id))

    def note_signals(
        self,
        workspace_id: WorkspaceId,
        account_id: AccountId,
        signals: Collection[tuple[ObjectId, MetaSignal]],
    ) -> None:
        """Keep what Meta told of its own accord, for an account that this workspace watches."""
        with self._db.workspace(workspace_id) as tx:
            if tx.accounts.get(account_id) is not None:
                tx.signals.save(workspace_id, account_id, signals)

    def _day(self, watched: WatchedAccount) -> date:
        """The last complete day; the one before while its people are still to come."""
        now, zone = self._clock.now(), watched.account.timezone_name
        day = complete_day(now, zone)
        if day in people_read(watched.progress) or complete_day(now - _PATIENCE, zone) == day:
            return day
        return day - timedelta(days=1)

    def _pack(self, watched: WatchedAccount, day: date) -> None:
        """Pack the days that were written since they were packed last, each in a transaction of its own."""
        owner, account = watched.workspace_id, watched.account.id
        with self._db.read(owner) as tx:
            waiting = tx.panels.unpacked(account, day_range(day, DAYS))
        for one in waiting:
            with self._db.workspace(owner, fast=True) as tx:
                tx.panels.pack(owner, account, one)


def reading(
    tx: Repositories, account_id: AccountId, ad_id: ObjectId, *, series: bool = False
) -> FatigueReading | None:
    """One ad as last assessed by the account's rule; with the days of its window where they are asked for."""
    rule = _rule(tx, account_id)
    found = tx.fatigue.reading(account_id, ad_id, rule)
    if found is None or not series:
        return found
    return tx.fatigue.reading(account_id, ad_id, rule, series=day_range(found.day, DAYS))


def readings(tx: Repositories, account_id: AccountId) -> dict[ObjectId, FatigueReading]:
    """Every ad that the account's rule calls tired or watches."""
    return tx.fatigue.raised(account_id, _rule(tx, account_id))


def _rule(tx: Repositories, account_id: AccountId) -> FatigueRule:
    return tx.policies.get(account_id).rule


def _known(tx: Repositories, watched: WatchedAccount, day: date) -> Known:
    account, zone = watched.account.id, watched.account.timezone_name
    first = day - timedelta(days=DAYS - 1)
    born = tx.panels.born_since(account, _start(day, zone) - _YOUNG)
    return Known(
        blocks=tx.panels.load(account, first, day),
        born={str(ad): local_day(at, zone) for ad, at in born.items()},
        policy=tx.policies.get(account),
        memories=tx.fatigue.memories(account),
    )


def _explained(tx: Repositories, watched: WatchedAccount, judged: Judged, day: date) -> Iterable[Assessed]:
    """What is kept of every ad that is or was raised, with what else its fall could be."""
    account, zone = watched.account.id, watched.account.timezone_name
    kin = tx.panels.kin(account, judged.ads)
    adsets = {one.adset_id for one in kin.values()}
    words = tx.signals.of(account, adsets)
    changes = tx.signals.changes(account, _start(day, zone) - _CHANGES)
    return judged.explained(kin, words, changes, lambda at: local_day(at, zone))


def _start(day: date, zone: str) -> datetime:
    return day_start(day, zone)
