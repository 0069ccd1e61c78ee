"""Days as they looked when they were read, when purchases last grew, and reach over windows."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Date,
    Float,
    Index,
    Integer,
    String,
    Text,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.ids import AccountId, Level, ObjectId, WorkspaceId
from bot.domain.insights import Figures, Reading
from bot.domain.quiet import Watch
from storage.base import Base, UTCDateTime, WorkspaceOwned, demand_own, rowcount, upsert, write
from storage.insights import FIGURES, AdDayRow, Counted, figure_sums, object_column

_KEY = ("workspace_id", "account_id", "level", "day", "read_at", "object_id")


class ReadingRow(Counted, Base):
    """A day's cumulative figures with the time they were read."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_age", "read_at"), {"sqlite_with_rowid": False})

    # In the order in which a day's last reading is looked for, among millions of rows.
    level: Mapped[str] = mapped_column(String(8), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    object_id: Mapped[str] = mapped_column(String(32), primary_key=True)


class WatchRow(WorkspaceOwned, Base):
    """When an object's purchases last grew; see bot.domain.quiet."""

    __tablename__ = "purchase_watches"

    account_id: Mapped[str] = mapped_column(String(32), primary_key=True, sort_order=-9)
    level: Mapped[str] = mapped_column(String(8), primary_key=True)
    object_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime]
    since_day: Mapped[date] = mapped_column(Date)
    spend_minor: Mapped[int] = mapped_column(BigInteger)
    link_clicks: Mapped[int] = mapped_column(BigInteger)
    seen: Mapped[str] = mapped_column(Text)


class ReachRow(WorkspaceOwned, Base):
    """Reach and frequency over one window; never the sum of shorter ones."""

    __tablename__ = "reach_windows"

    account_id: Mapped[str] = mapped_column(String(32), primary_key=True, sort_order=-9)
    level: Mapped[str] = mapped_column(String(8), primary_key=True)
    object_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    days: Mapped[int] = mapped_column(Integer, primary_key=True)
    last_day: Mapped[date] = mapped_column(Date, primary_key=True)
    reach: Mapped[int] = mapped_column(BigInteger)
    frequency: Mapped[float] = mapped_column(Float)
    read_at: Mapped[datetime]


class Readings:
    """How days looked over time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def remember(
        self, owner: WorkspaceId, account: AccountId, level: Level, days: Iterable[date], read_at: datetime
    ) -> None:
        """Copy a level's figures of those days into the readings, inside the database."""
        demand_own(self._session, owner)
        wanted, column = list(days), object_column(level)
        names = ("workspace_id", "account_id", "level", "object_id", "day", "read_at", *FIGURES)
        source = (
            select(
                literal(owner),
                literal(account),
                literal(level.value),
                column,
                AdDayRow.day,
                literal(read_at, UTCDateTime),
                *figure_sums(),
            )
            # The criteria of a workspace transaction do not reach into an INSERT: this one does.
            .where(AdDayRow.workspace_id == owner, AdDayRow.account_id == account, AdDayRow.day.in_(wanted))
            .group_by(column, AdDayRow.day)
        )
        self._session.execute(
            delete(ReadingRow).where(
                ReadingRow.workspace_id == owner,
                ReadingRow.account_id == account,
                ReadingRow.level == level.value,
                ReadingRow.day.in_(wanted),
                ReadingRow.read_at == read_at,
            )
        )
        write(self._session, insert(ReadingRow).from_select(names, source))

    def of_day(self, account: AccountId, level: Level, object_id: ObjectId, day: date) -> list[Reading]:
        """How one day looked at each reading, earliest first."""
        rows = self._session.scalars(
            select(ReadingRow)
            .where(
                ReadingRow.account_id == account,
                ReadingRow.level == level.value,
                ReadingRow.object_id == object_id,
                ReadingRow.day == day,
            )
            .order_by(ReadingRow.read_at)
        )
        return [
            Reading(level, object_id, day, row.read_at, Figures(*(getattr(row, name) for name in FIGURES)))
            for row in rows
        ]

    def as_read(self, account: AccountId, level: Level, day: date, at: datetime) -> dict[ObjectId, Figures]:
        """A day's figures as they looked at the last reading not later than `at`."""
        last = (
            select(func.max(ReadingRow.read_at))
            .where(
                ReadingRow.account_id == account,
                ReadingRow.level == level.value,
                ReadingRow.day == day,
                ReadingRow.read_at <= at,
            )
            .scalar_subquery()
        )
        rows = self._session.scalars(
            select(ReadingRow).where(
                ReadingRow.account_id == account,
                ReadingRow.level == level.value,
                ReadingRow.day == day,
                ReadingRow.read_at == last,
            )
        )
        return {ObjectId(row.object_id): Figures(*(getattr(row, name) for name in FIGURES)) for row in rows}

    def watches(self, account: AccountId) -> dict[tuple[Level, ObjectId], Watch]:
        """When purchases last grew, by object."""
        rows = self._session.scalars(select(WatchRow).where(WatchRow.account_id == account))
        return {
            (Level(row.level), ObjectId(row.object_id)): Watch(
                row.since,
                row.since_day,
                row.spend_minor,
                row.link_clicks,
                tuple((date.fromisoformat(day), count) for day, count in json.loads(row.seen)),
            )
            for row in rows
        }

    def save_watches(
        self, owner: WorkspaceId, account: AccountId, watches: dict[tuple[Level, ObjectId], Watch]
    ) -> None:
        """Remember when purchases last grew."""
        rows = [
            {
                "workspace_id": owner,
                "account_id": account,
                "level": level.value,
                "object_id": object_id,
                "since": watch.since,
                "since_day": watch.since_day,
                "spend_minor": watch.spend_minor,
                "link_clicks": watch.link_clicks,
                "seen": json.dumps([[day.isoformat(), count] for day, count in watch.seen]),
            }
            for (level, object_id), watch in watches.items()
        ]
        upsert(self._session, WatchRow, rows, key=["workspace_id", "account_id", "level", "object_id"])

    def save_reach(
        self,
        owner: WorkspaceId,
        account: AccountId,
        rows: Sequence[tuple[Level, ObjectId, int, float]],
        *,
        window: tuple[int, date],
        read_at: datetime,
    ) -> None:
        """Keep (level, object, reach, frequency) of a window: so many days, and its last day."""
        values = [
            {
                "workspace_id": owner,
                "account_id": account,
                "level": level.value,
                "object_id": object_id,
                "days": window[0],
                "last_day": window[1],
                "reach": reach,
                "frequency": frequency,
                "read_at": read_at,
            }
            for level, object_id, reach, frequency in rows
        ]
        key = ["workspace_id", "account_id", "level", "object_id", "days", "last_day"]
        upsert(self._session, ReachRow, values, key=key)

    def frequencies(
        self, account: AccountId, level: Level, days: int, last_day: date
    ) -> dict[ObjectId, float]:
        """Frequency of every object over exactly that window, where it was read."""
        rows = self._session.execute(
            select(ReachRow.object_id, ReachRow.frequency).where(
                ReachRow.account_id == account,
                ReachRow.level == level.value,
                ReachRow.days == days,
                ReachRow.last_day == last_day,
            )
        )
        return {ObjectId(object_id): frequency for object_id, frequency in rows}

    def forget(self, before: datetime, limit: int) -> int:
        """Remove up to `limit` readings older than that; says how many."""
        key = [ReadingRow.__table__.c[name] for name in _KEY]
        old = select(*key).where(ReadingRow.read_at < before).order_by(ReadingRow.read_at).limit(limit)
        return rowcount(self._session.execute(delete(ReadingRow).where(tuple_(*key).in_(old))))
