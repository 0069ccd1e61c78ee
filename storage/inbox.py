"""What Slack sent, kept before it is acknowledged: Slack repeats neither commands nor clicks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Integer, String, Text, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.ids import UserId, WorkspaceId
from storage.base import Base, WorkspaceOwned, insert_new


class Handling(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    HANDLING = "handling"
    DONE = "done"
    FAILED = "failed"


class InboxRow(WorkspaceOwned, Base):
    """One command, click, submission or event."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_state", "state", "received_at"),)

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[str] = mapped_column(String(32))
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    received_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(64), default="")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was received; `payload` is the JSON that Slack sent."""

    workspace_id: WorkspaceId
    key: str
    kind: str
    user_id: UserId
    payload: str
    received_at: datetime
    attempt: int = 0


class Inbox:
    """Requests from Slack."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, request: Request) -> bool:
        """Keep a request; False when this very request was kept before."""
        row = {
            "workspace_id": request.workspace_id,
            "key": request.key,
            "kind": request.kind,
            "user_id": request.user_id,
            "payload": request.payload,
            "state": Handling.RECEIVED.value,
            "attempt": 0,
            "received_at": request.received_at,
            "outcome": "",
        }
        return insert_new(self._session, InboxRow, row, key=["workspace_id", "key"])

    def claim(self, request: Request, now: datetime, stuck_before: datetime) -> int | None:
        """Take a request; None when it is done or somebody else works on it. Returns the attempt."""
        attempt: int | None = self._session.scalar(
            update(InboxRow)
            .where(
                InboxRow.workspace_id == request.workspace_id,
                InboxRow.key == request.key,
                or_(
                    InboxRow.state == Handling.RECEIVED.value,
                    (InboxRow.state == Handling.HANDLING.value) & (InboxRow.claimed_at < stuck_before),
                ),
            )
            .values(state=Handling.HANDLING.value, attempt=InboxRow.attempt + 1, claimed_at=now)
            .returning(InboxRow.attempt)
            .execution_options(synchronize_session=False)
        )
        return attempt

    def finish(self, request: Request, outcome: str, *, failed: bool = False) -> None:
        """Record how it ended; the payload is no longer needed and goes."""
        state = Handling.FAILED if failed else Handling.DONE
        self._session.execute(
            update(InboxRow)
            .where(InboxRow.workspace_id == request.workspace_id, InboxRow.key == request.key)
            .values(state=state.value, outcome=outcome[:64], payload="")
        )

    def left_over(self, received_before: datetime, stuck_before: datetime, limit: int) -> list[Request]:
        """Requests that nobody took, or whose handler died."""
        rows = self._session.scalars(
            select(InboxRow)
            .where(
                or_(
                    (InboxRow.state == Handling.RECEIVED.value) & (InboxRow.received_at < received_before),
                    (InboxRow.state == Handling.HANDLING.value) & (InboxRow.claimed_at < stuck_before),
                )
            )
            .order_by(InboxRow.received_at)
            .limit(limit)
        )
        return [_request(row) for row in rows]

    def outcome_of(self, workspace_id: WorkspaceId, key: str) -> tuple[Handling, str] | None:
        """Where a request stands and how it ended."""
        row = self._session.scalar(
            select(InboxRow).where(InboxRow.workspace_id == workspace_id, InboxRow.key == key)
        )
        return None if row is None else (Handling(row.state), row.outcome)

    def forget(self, before: datetime) -> None:
        """Remove requests that ended before then."""
        self._session.execute(
            delete(InboxRow).where(
                InboxRow.received_at < before,
                InboxRow.state.in_([Handling.DONE.value, Handling.FAILED.value]),
            )
        )


def _request(row: InboxRow) -> Request:
    return Request(
        workspace_id=WorkspaceId(row.workspace_id),
        key=row.key,
        kind=row.kind,
        user_id=UserId(row.user_id),
        payload=row.payload,
        received_at=row.received_at,
        attempt=row.attempt,
    )
