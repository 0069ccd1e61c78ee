"""Read what is due of one account and keep it, page by page; nothing is kept of a broken answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.domain import quiet
from bot.domain.days import local_day
from bot.domain.ids import AccountId, Level, ObjectId
from bot.domain.insights import AdDay
from bot.domain.lookalikes import WhatChanged
from bot.domain.reading_plan import (
    ESSENTIAL,
    PEOPLE_READ,
    Part,
    fill_at_once,
    people_at_once,
    people_note,
    people_wanted,
    plan,
)
from bot.domain.structure import Ad, AdSet, Campaign, Creative
from bot.errors import MetaError, Throttled, TokenDead
from bot.meta import ads, insights
from bot.meta.client import GraphClient
from bot.services.holding import Hold
from bot.services.ingest_people import People
from storage.accounts import WatchedAccount
from storage.db import Database
from storage.repositories import Repositories

_OVERLAP = timedelta(minutes=10)  # clocks differ, and Meta's index lags: ask again for a little
_REMEMBER_ADS_EVERY = timedelta(hours=1)
_REPORT_ROWS = 20_000  # more rows than this are left to an asynchronous report

_Values = Mapping[ObjectId, str | int | None]


@dataclass(slots=True)
class Harvest:
    """What one cycle read."""

    read_at: datetime
    rows: int = 0
    ads: int = 0
    parts: list[Part] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class IngestService:
    """From Graph answers to rows."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def read(self, watched: WatchedAccount, hold: Hold, client: GraphClient) -> Harvest:
        """Read what is due. A fault in an essential part ends the cycle, others become warnings."""
        cycle = _Cycle(self._db, self._clock, watched, hold, client)
        return cycle.run()


class _Cycle:
    """One account's reading, from its plan to its readings."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        watched: WatchedAccount,
        hold: Hold,
        client: GraphClient,
    ) -> None:
        self._db = db
        self._clock = clock
        self._watched = watched
        self._id: AccountId = watched.account.id
        self._owner = watched.workspace_id
        self._hold = hold
        self._client = client
        self._zone = watched.account.timezone_name
        self._progress = dict(watched.progress)
        self._harvest = Harvest(read_at=clock.now())

    def run(self) -> Harvest:
        """Read part by part and note each part's progress once it is whole."""
        todo = plan(self._progress, self._harvest.read_at, self._zone)
        self._parts(todo.parts)
        # Also where an earlier cycle broke off before it came to this.
        if Part.MONTH.value not in self._progress and self._small():
            self._parts((Part.MONTH, Part.PEOPLE, Part.WORDS))
        self._harvest.warnings += self._client.warnings
        self._remember()
        return self._harvest

    def _parts(self, parts: Iterable[Part]) -> None:
        readers: dict[Part, Callable[[], None]] = {
            Part.ACCOUNT: self._account,
            Part.CAMPAIGNS: self._campaigns,
            Part.ADSETS: self._adsets,
            Part.ADS: lambda: self._ads(since=self._since(Part.ADS)),
            Part.ALL_ADS: lambda: self._ads(since=None),
            Part.TODAY: self._today,
            Part.WEEK: lambda: self._days(7),
            Part.MONTH: lambda: self._days(28),
            Part.REACH: self._reach,
            Part.PEOPLE: self._people,
            Part.WORDS: lambda: self._asking().words(),
        }
        for part in parts:
            began = self._clock.now()
            try:
                readers[part]()
            except (Throttled, TokenDead):
                raise
            except MetaError as fault:
                if part in ESSENTIAL:
                    raise
                self._harvest.warnings.append(f"{part.value}: {fault.sentence}")
                continue
            self._done(part, began)

    def _done(self, part: Part, began: datetime) -> None:
        covered = {
            Part.ALL_ADS: (Part.ALL_ADS, Part.ADS),
            Part.MONTH: (Part.MONTH, Part.WEEK, Part.TODAY),
            Part.WEEK: (Part.WEEK, Part.TODAY),
        }.get(part, (part,))
        self._progress.update({one.value: began.isoformat() for one in covered})
        self._keep(lambda tx: tx.accounts.note_progress(self._id, self._progress))
        self._harvest.parts.append(part)

    def _since(self, part: Part) -> datetime | None:
        at = self._progress.get(part.value)
        return None if at is None else datetime.fromisoformat(at) - _OVERLAP

    def _keep(self, write: Callable[[Repositories], None]) -> None:
        """One short transaction; a cycle that lost its claim stops before it writes."""
        with self._db.workspace(self._owner, fast=True) as tx:
            self._hold.renew(tx)
            write(tx)

    def _account(self) -> None:
        account = ads.account(self._client, self._id)
        self._keep(lambda tx: tx.accounts.refresh(account))

    def _campaigns(self) -> None:
        for page in ads.campaigns(self._client, self._id, updated_since=self._since(Part.CAMPAIGNS)):
            budgets = {one.id: one.daily_budget_minor for one in page}

            def write(tx: Repositories, page: list[Campaign] = page, now: _Values = budgets) -> None:
                self._note(tx, WhatChanged.CAMPAIGN_BUDGET, now)
                tx.structures.save_campaigns(self._owner, self._id, page)

            self._keep(write)

    def _adsets(self) -> None:
        for page in ads.adsets(self._client, self._id, updated_since=self._since(Part.ADSETS)):
            budgets = {one.id: one.daily_budget_minor for one in page}

            def write(tx: Repositories, page: list[AdSet] = page, now: _Values = budgets) -> None:
                self._note(tx, WhatChanged.ADSET_BUDGET, now)
                tx.structures.save_adsets(self._owner, self._id, page)

            self._keep(write)

    def _ads(self, *, since: datetime | None) -> None:
        for page in ads.ads(self._client, self._id, updated_since=since):
            found = [ad for ad, _ in page]
            creatives = [creative for _, creative in page if creative is not None]

            def write(tx: Repositories, found: list[Ad] = found, shown: list[Creative] = creatives) -> None:
                self._note(tx, WhatChanged.CREATIVE, {ad.id: ad.creative_id for ad in found})
                tx.structures.save_ads(self._owner, self._id, found)
                tx.structures.save_creatives(self._owner, self._id, shown)

            self._keep(write)
            self._harvest.ads += len(found)

    def _note(self, tx: Repositories, what: WhatChanged, now: _Values) -> None:
        """What is another one than at the reading before; asked before it is written over."""
        tx.signals.note_changes(self._owner, self._id, what, now, self._harvest.read_at)

    def _asking(self) -> People:
        return People(self._client, self._owner, self._id, self._harvest.read_at, self._keep)

    def _people(self) -> None:
        wanted = people_wanted(self._progress, self._harvest.read_at, self._zone)

        def done(day: date) -> None:
            self._progress[PEOPLE_READ] = people_note(self._progress, [day])
            self._keep(lambda tx: tx.accounts.note_progress(self._id, self._progress))

        self._asking().days(wanted[: people_at_once(self._count_ads())], done)

    def _today(self) -> None:
        currency = self._watched.account.currency
        self._pages(insights.today(self._client, self._id, currency=currency))

    def _days(self, days: int) -> None:
        until = self._local_today()
        since = until - timedelta(days=days - 1)
        read = insights.report if self._large(days) else insights.ad_days
        currency = self._watched.account.currency
        self._pages(read(self._client, self._id, currency=currency, since=since, until=until))

    def _pages(self, pages: Iterable[list[AdDay]]) -> None:
        with self._db.read(self._owner) as tx:
            shown = tx.panels.shown(self._id)
        for page in pages:

            def write(tx: Repositories, page: list[AdDay] = page) -> None:
                at, today = self._harvest.read_at, self._local_today()
                tx.insights.save(self._owner, self._id, page, at, shown=shown, today=today)

            self._keep(write)
            self._harvest.rows += len(page)

    def _reach(self) -> None:
        yesterday = self._local_today() - timedelta(days=1)
        for days, last in ((7, yesterday), (1, self._local_today())):
            since = last - timedelta(days=days - 1)
            for level in (Level.ACCOUNT, Level.CAMPAIGN):
                for page in insights.reach(self._client, self._id, since, last, level=level):
                    rows = [(one.level, one.object_id, one.reach, one.frequency) for one in page]
                    self._keep(
                        lambda tx, rows=rows, window=(days, last): tx.readings.save_reach(  # type: ignore[misc]
                            self._owner, self._id, rows, window=window, read_at=self._harvest.read_at
                        )
                    )

    def _remember(self) -> None:
        """Keep how today and yesterday look now, and when purchases last grew."""
        today = self._local_today()
        days = [today - timedelta(days=1), today]
        levels = [Level.ACCOUNT, Level.CAMPAIGN]
        at = self._harvest.read_at
        if self._older("ads_remembered", _REMEMBER_ADS_EVERY):
            levels.append(Level.AD)
            self._progress["ads_remembered"] = at.isoformat()

        for level in levels:  # one short transaction each: people's clicks are written in between
            self._keep(lambda tx, level=level: tx.readings.remember(self._owner, self._id, level, days, at))  # type: ignore[misc]
        moved = self._moved_watches(today, at)

        def write(tx: Repositories) -> None:
            tx.readings.save_watches(self._owner, self._id, moved)
            tx.accounts.note_progress(self._id, self._progress)

        self._keep(write)

    def _moved_watches(self, today: date, at: datetime) -> dict[tuple[Level, ObjectId], quiet.Watch]:
        """The objects whose purchases grew, or that were seen for the first time."""
        moved: dict[tuple[Level, ObjectId], quiet.Watch] = {}
        with self._db.read(self._owner) as tx:
            known = tx.readings.watches(self._id)
            series = {
                level: tx.insights.series(self._id, level, today - timedelta(days=7), today)
                for level in (Level.ACCOUNT, Level.CAMPAIGN)
            }
        for level, objects in series.items():
            for object_id, days in objects.items():
                before = known.get((level, object_id))
                after = quiet.advance(before, days, today=today, read_at=at, timezone_name=self._zone)
                if after != before:
                    moved[level, object_id] = after
        return moved

    def _older(self, name: str, than: timedelta) -> bool:
        at = self._progress.get(name)
        return at is None or self._harvest.read_at - datetime.fromisoformat(at) >= than

    def _local_today(self) -> date:
        return local_day(self._harvest.read_at, self._zone)

    def _count_ads(self) -> int:
        with self._db.read(self._owner) as tx:
            return tx.structures.count_ads(self._id)

    def _small(self) -> bool:
        return fill_at_once(self._count_ads())

    def _large(self, days: int) -> bool:
        return days > 7 and self._count_ads() * days > _REPORT_ROWS
