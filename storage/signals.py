"""What Meta says of tired ads, and which changes could explain that an ad does worse."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.ids import AccountId, ObjectId, WorkspaceId
from bot.domain.lookalikes import ObjectChange, WhatChanged
from bot.domain.signals import MetaSignal, SignalSource, told
from storage.base import Base, WorkspaceOwned, in_pages, rowcount, upsert
from storage.structure import AdRow, AdSetRow, CampaignRow

_SIGNAL_KEY = ("workspace_id", "account_id", "object_id", "source")
_CHANGE_KEY = ("workspace_id", "account_id", "object_id", "what", "at")
_WATCHED: dict[WhatChanged, Any] = {
    WhatChanged.CREATIVE: AdRow.creative_id,
    WhatChanged.ADSET_BUDGET: AdSetRow.daily_budget_minor,
    WhatChanged.CAMPAIGN_BUDGET: CampaignRow.daily_budget_minor,
}


class SignalRow(WorkspaceOwned, Base):
    """The last thing Meta said of an ad or ad set, by where it was said."""

    __tablename__ = "meta_signals"
    __table_args__ = (Index("ix_meta_signals_age", "at"),)

    account_id: Mapped[str] = mapped_column(String(32), primary_key=True, sort_order=-9)
    object_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    level: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class ChangeRow(WorkspaceOwned, Base):
    """A budget or a creative that was another one at the reading before."""

    __tablename__ = "object_changes"
    __table_args__ = (Index("ix_object_changes_age", "at"),)

    account_id: Mapped[str] = mapped_column(String(32), primary_key=True, sort_order=-9)
    object_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    what: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    before: Mapped[str] = mapped_column(String(64))
    after: Mapped[str] = mapped_column(String(64))


class Signals:
    """Words of Meta's, and changes of the account's."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(
        self, owner: WorkspaceId, account: AccountId, signals: Iterable[tuple[ObjectId, MetaSignal]]
    ) -> None:
        """Keep what Meta said; a later word of the same source replaces an earlier one."""
        latest: dict[tuple[ObjectId, SignalSource], MetaSignal] = {}
        for object_id, one in signals:
            known = latest.get((object_id, one.source))
            latest[object_id, one.source] = one if known is None or one.at >= known.at else known
        rows = [
            {
                "workspace_id": owner,
                "account_id": account,
                "object_id": object_id,
                "source": one.source.value,
                "level": one.level,
                "message": one.message.replace("\0", ""),  # PostgreSQL keeps no null character in text
                "at": one.at,
            }
            for (object_id, _), one in latest.items()
        ]
        upsert(self._session, SignalRow, rows, key=_SIGNAL_KEY)

    def withdraw(self, account: AccountId, sources: Collection[SignalSource], before: datetime) -> None:
        """Remove what those sources said earlier and do not say any more."""
        self._session.execute(
            delete(SignalRow).where(
                SignalRow.account_id == account,
                SignalRow.source.in_([one.value for one in sources]),
                SignalRow.at < before,
            ),
            execution_options={"synchronize_session": False},
        )

    def of(self, account: AccountId, objects: Collection[str]) -> dict[ObjectId, tuple[MetaSignal, ...]]:
        """What Meta says of those ads and ad sets."""
        found: list[tuple[ObjectId, MetaSignal]] = []
        for some in in_pages(sorted(objects)):
            rows = self._session.scalars(
                select(SignalRow).where(SignalRow.account_id == account, SignalRow.object_id.in_(some))
            )
            found += [
                (
                    ObjectId(row.object_id),
                    MetaSignal(SignalSource(row.source), row.level, row.message, row.at),
                )
                for row in rows
            ]
        return told(found)

    def note_changes(
        self,
        owner: WorkspaceId,
        account: AccountId,
        what: WhatChanged,
        now: Mapping[ObjectId, str | int | None],
        at: datetime,
    ) -> None:
        """Compare a page with what is kept, before it is written over, and note what is another one now."""
        column = _WATCHED[what]
        table = column.class_
        known = self._session.execute(
            select(table.id, column).where(table.account_id == account, table.id.in_(list(now)))
        )
        rows = [
            {
                "workspace_id": owner,
                "account_id": account,
                "object_id": object_id,
                "what": what.value,
                "at": at,
                "before": _text(before),
                "after": _text(now[object_id]),
            }
            for object_id, before in known
            if _text(before) != _text(now[object_id])
        ]
        upsert(self._session, ChangeRow, rows, key=_CHANGE_KEY)

    def changes(self, account: AccountId, since: datetime) -> dict[ObjectId, tuple[ObjectChange, ...]]:
        """What changed since then, by object, oldest first."""
        rows = self._session.scalars(
            select(ChangeRow)
            .where(ChangeRow.account_id == account, ChangeRow.at >= since)
            .order_by(ChangeRow.at)
        )
        found: dict[ObjectId, tuple[ObjectChange, ...]] = {}
        for row in rows:
            object_id = ObjectId(row.object_id)
            one = ObjectChange(WhatChanged(row.what), row.at, row.before, row.after)
            found[object_id] = (*found.get(object_id, ()), one)
        return found

    def forget(self, before: datetime) -> int:
        """Remove words and changes older than that; says how many."""
        gone = 0
        for table, at in ((SignalRow, SignalRow.at), (ChangeRow, ChangeRow.at)):
            statement = delete(table).where(at < before)
            done = self._session.execute(statement, execution_options={"synchronize_session": False})
            gone += rowcount(done)
        return gone


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)
