"""Who did what and when; rows are only ever added."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.ids import WorkspaceId
from storage.base import Base, WorkspaceOwned


class AuditRow(WorkspaceOwned, Base):
    """One thing done, refused or failed."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_object", "workspace_id", "object_id"),)

    n: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    workspace_id: Mapped[str] = mapped_column(String(32))  # not part of the key: n alone counts up
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(32))  # a Slack user id, or "spruce"
    what: Mapped[str] = mapped_column(String(64))
    object_id: Mapped[str] = mapped_column(String(64))
    details: Mapped[str] = mapped_column(Text)


class Audit:
    """The record of what was done."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        workspace_id: WorkspaceId,
        at: datetime,
        who: str,
        what: str,
        *,
        object_id: str,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Record one thing; details hold ids and states, never tokens or ad copy."""
        self._session.add(
            AuditRow(
                workspace_id=workspace_id,
                at=at,
                who=who,
                what=what,
                object_id=object_id,
                details=json.dumps(details or {}, sort_keys=True, default=str),
            )
        )
        self._session.flush()

    def of(self, workspace_id: WorkspaceId, object_id: str) -> list[tuple[datetime, str, str]]:
        """What happened to one object: when, who, what; oldest first."""
        rows = self._session.scalars(
            select(AuditRow)
            .where(AuditRow.workspace_id == workspace_id, AuditRow.object_id == object_id)
            .order_by(AuditRow.n)
        )
        return [(row.at, row.who, row.what) for row in rows]
