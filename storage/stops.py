"""Whether changes at Meta are halted: at most one row per workspace."""

from datetime import datetime

from sqlalchemy import String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.guardrails import Stop
from bot.domain.ids import UserId
from storage.base import Base, WorkspaceOwned, insert_new
from storage.own import own_workspace, plain


class StopRow(WorkspaceOwned, Base):
    """A halt; gone once it is lifted."""

    __tablename__ = "stops"

    since: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)


class Stops:
    """The halt of this workspace."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self) -> Stop | None:
        """The halt, if there is one."""
        row = self._session.scalar(
            select(StopRow).where(StopRow.workspace_id == own_workspace(self._session))
        )
        return None if row is None else _stop(row.since, row.by, row.reason)

    def stop(self, stop: Stop) -> bool:
        """Halt; False when it is halted already: who did it first stays on record."""
        row = {
            "workspace_id": own_workspace(self._session),
            "since": stop.since,
            "by": stop.by,
            "reason": plain(stop.reason),
        }
        return insert_new(self._session, StopRow, row, key=["workspace_id"])

    def resume(self) -> Stop | None:
        """Lift the halt; returns what was lifted, to exactly one of those who try."""
        row = self._session.execute(
            delete(StopRow)
            .where(StopRow.workspace_id == own_workspace(self._session))
            .returning(StopRow.since, StopRow.by, StopRow.reason)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        return (
            None if row is None else Stop(row.since, None if row.by is None else UserId(row.by), row.reason)
        )


def _stop(since: datetime, by: str | None, reason: str) -> Stop:
    return Stop(since, None if by is None else UserId(by), reason)
