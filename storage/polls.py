"""One row per account and slot: who reads an account for which quarter of an hour, and how it went."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, Integer, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.ids import AccountId, WorkspaceId
from storage.base import Base, UTCDateTime, WorkspaceOwned, insert_new


class PollRow(WorkspaceOwned, Base):
    """One reading of one account."""

    __tablename__ = "polls"
    __table_args__ = (Index("ix_polls_age", "started_at"),)

    account_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    slot: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    calls: Mapped[int] = mapped_column(Integer, default=0)
    rows: Mapped[int] = mapped_column(Integer, default=0)
    outcome: Mapped[str] = mapped_column(String(64), default="")


@dataclass(frozen=True, slots=True)
class Poll:
    """How one reading went."""

    slot: datetime
    started_at: datetime
    finished_at: datetime | None
    calls: int
    rows: int
    outcome: str


class Polls:
    """Readings by slot."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self, workspace_id: WorkspaceId, account_id: AccountId, slot: datetime, now: datetime) -> bool:
        """Open a slot's reading; False when the slot was read or is being read."""
        row = {
            "workspace_id": workspace_id,
            "account_id": account_id,
            "slot": slot,
            "started_at": now,
            "calls": 0,
            "rows": 0,
            "outcome": "",
        }
        return insert_new(self._session, PollRow, row, key=["workspace_id", "account_id", "slot"])

    def finish(self, account_id: AccountId, slot: datetime, poll: Poll) -> None:
        """Record how it went."""
        self._session.execute(
            update(PollRow)
            .where(PollRow.account_id == account_id, PollRow.slot == slot)
            .values(finished_at=poll.finished_at, calls=poll.calls, rows=poll.rows, outcome=poll.outcome)
        )

    def calls_since(self, account_id: AccountId, since: datetime) -> int:
        """How many Graph calls an account's readings took since then."""
        statement = select(func.coalesce(func.sum(PollRow.calls), 0)).where(
            PollRow.account_id == account_id, PollRow.started_at >= since
        )
        return int(self._session.scalar(statement) or 0)

    def of(self, account_id: AccountId) -> list[Poll]:
        """An account's readings, earliest first."""
        rows = self._session.scalars(
            select(PollRow).where(PollRow.account_id == account_id).order_by(PollRow.slot)
        )
        return [
            Poll(row.slot, row.started_at, row.finished_at, row.calls, row.rows, row.outcome) for row in rows
        ]

    def forget(self, before: datetime) -> None:
        """Remove old rows."""
        self._session.execute(delete(PollRow).where(PollRow.started_at < before))
