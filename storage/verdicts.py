"""Did replacements work: one row for each look at 1, 3 and 7 days."""

from datetime import datetime

import msgspec
from sqlalchemy import Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.verdicts import Verdict
from storage.base import Base, WorkspaceOwned, insert_new
from storage.own import own_workspace


class VerdictRow(WorkspaceOwned, Base):
    """One look at one replacement."""

    __tablename__ = "verdicts"

    replacement_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    after_days: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(Text)


class Verdicts:
    """What was found about replacements."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, replacement_id: str, verdict: Verdict, at: datetime) -> bool:
        """Keep a verdict; False when there is one of that day: it was told and stays as it is."""
        row = {
            "workspace_id": own_workspace(self._session),
            "replacement_id": replacement_id,
            "after_days": verdict.after_days,
            "at": at,
            "verdict": msgspec.json.encode(verdict).decode(),
        }
        return insert_new(
            self._session, VerdictRow, row, key=["workspace_id", "replacement_id", "after_days"]
        )

    def of(self, replacement_id: str) -> tuple[Verdict, ...]:
        """The verdicts on a replacement, the earliest day first."""
        rows = self._session.scalars(
            select(VerdictRow.verdict)
            .where(
                VerdictRow.workspace_id == own_workspace(self._session),
                VerdictRow.replacement_id == replacement_id,
            )
            .order_by(VerdictRow.after_days)
        )
        return tuple(msgspec.json.decode(row, type=Verdict) for row in rows)
