"""Messages to post: decided in the transaction that made them necessary, claimed once.

pending -> sending -> sent | failed | ambiguous. A row found `sending` by anybody else has an unknown
outcome: it is looked up at Slack before anything is posted again.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Integer, String, Text, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.ids import ChannelId, WorkspaceId
from storage.base import Base, WorkspaceOwned, insert_new, rowcount


class Kind(StrEnum):
    """What is sent, and so how it is rendered and repeated."""

    ALERT = "alert"  # an alert's message; posted once
    ALERT_EDIT = "alert_edit"  # the same message brought up to date; repeatable
    ALERT_REPLY = "alert_reply"  # a note in the alert's thread; posted once
    NOTICE = "notice"  # something the channel must know that is no alert; posted once
    HOME = "home"  # a person's Home tab; repeatable
    CARD = "card"  # variations to decide on, in the warning's thread; posted once
    CARD_EDIT = "card_edit"  # the same card brought up to date; repeatable
    STORY = "story"  # a note in the thread of what happened since; posted once


class Sending(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"


class OutboxRow(WorkspaceOwned, Base):
    """One message to one channel."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("uq_outbox_dedup", "workspace_id", "channel_id", "kind", "dedup_key", unique=True),
        Index("ix_outbox_due", "state", "next_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    dedup_key: Mapped[str] = mapped_column(String(255))
    subject_id: Mapped[str] = mapped_column(String(64))
    payload: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16))
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    body_version: Mapped[int] = mapped_column(Integer, default=1)
    lease_token: Mapped[int] = mapped_column(Integer, default=0)
    first_at: Mapped[datetime]
    next_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    ts: Mapped[str | None] = mapped_column(String(32))
    last_error: Mapped[str] = mapped_column(String(255), default="")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as its carrier sees it."""

    id: str
    workspace_id: WorkspaceId
    channel_id: ChannelId
    kind: Kind
    subject_id: str  # an alert's id, a proposal's, a notice's, or a user's
    payload: str  # JSON of what a notice says; empty where the subject is rendered as it is now
    state: Sending
    attempt: int
    body_version: int
    lease_token: int
    first_at: datetime
    claimed_at: datetime | None


class Outbox:
    """Messages waiting to be posted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, delivery: Delivery, dedup_key: str, now: datetime) -> bool:
        """Queue a message that is posted once; False when that very message was queued before."""
        return insert_new(
            self._session,
            OutboxRow,
            _values(delivery, dedup_key, now),
            key=["workspace_id", "channel_id", "kind", "dedup_key"],
        )

    def put_latest(self, delivery: Delivery, dedup_key: str, now: datetime) -> None:
        """Queue a repeatable edit; one row serves all, and wakes up again when there is news."""
        if self.put(delivery, dedup_key, now):
            return
        self._session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.workspace_id == delivery.workspace_id,
                OutboxRow.channel_id == delivery.channel_id,
                OutboxRow.kind == delivery.kind.value,
                OutboxRow.dedup_key == dedup_key,
            )
            .values(
                state=Sending.PENDING.value,
                body_version=OutboxRow.body_version + 1,
                next_at=now,
                attempt=0,
                first_at=now,
                payload=delivery.payload,
            )
        )

    def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Messages to send now, oldest first."""
        rows = self._session.scalars(
            select(OutboxRow)
            .where(OutboxRow.state == Sending.PENDING.value, OutboxRow.next_at <= now)
            .order_by(OutboxRow.next_at, OutboxRow.first_at)
            .limit(limit)
        )
        return [_delivery(row) for row in rows]

    def unknown(self, claimed_before: datetime, now: datetime, limit: int) -> list[Delivery]:
        """Messages whose sender never came back; to be looked up before anything else."""
        rows = self._session.scalars(
            select(OutboxRow)
            .where(
                OutboxRow.state == Sending.SENDING.value,
                OutboxRow.claimed_at < claimed_before,
                OutboxRow.next_at <= now,
            )
            .order_by(OutboxRow.claimed_at)
            .limit(limit)
        )
        return [_delivery(row) for row in rows]

    def claim(self, delivery: Delivery, now: datetime) -> int | None:
        """Take the right to send; None when somebody else took it or its channel has to wait since."""
        token: int | None = self._session.scalar(
            update(OutboxRow)
            .where(
                OutboxRow.id == delivery.id,
                OutboxRow.state == delivery.state.value,
                OutboxRow.lease_token == delivery.lease_token,
                OutboxRow.next_at <= now,
            )
            .values(
                state=Sending.SENDING.value,
                lease_token=OutboxRow.lease_token + 1,
                claimed_at=now,
                attempt=OutboxRow.attempt + 1,
            )
            .returning(OutboxRow.lease_token)
            .execution_options(synchronize_session=False)
        )
        return token

    def sent(self, delivery: Delivery, lease_token: int, now: datetime, ts: str | None) -> bool:
        """Record success; an edit that got news meanwhile stays pending."""
        return self._finish(
            delivery, lease_token, state=Sending.SENT.value, sent_at=now, ts=ts, last_error=""
        )

    def retry(self, delivery: Delivery, lease_token: int, at: datetime, error: str) -> bool:
        """Surely not sent: try again at that time."""
        return self._finish(
            delivery, lease_token, state=Sending.PENDING.value, next_at=at, last_error=error[:255]
        )

    def fail(self, delivery: Delivery, lease_token: int, error: str) -> bool:
        """It will never be sent; a person has to look."""
        return self._finish(delivery, lease_token, state=Sending.FAILED.value, last_error=error[:255])

    def ambiguous(self, delivery: Delivery, lease_token: int, error: str) -> bool:
        """Nobody can say whether it was sent; it is not sent again."""
        return self._finish(delivery, lease_token, state=Sending.AMBIGUOUS.value, last_error=error[:255])

    def look_again(self, delivery: Delivery, at: datetime) -> None:
        """The look-up itself failed; look again later."""
        self._session.execute(update(OutboxRow).where(OutboxRow.id == delivery.id).values(next_at=at))

    def hold(self, workspace_id: WorkspaceId, channel_id: ChannelId, until: datetime) -> None:
        """Slack asked for a pause in a channel: nobody sends there before."""
        self._session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.workspace_id == workspace_id,
                OutboxRow.channel_id == channel_id,
                OutboxRow.state == Sending.PENDING.value,
                OutboxRow.next_at < until,
            )
            .values(next_at=until)
        )

    def waiting(self) -> tuple[int, datetime | None]:
        """How many messages wait, and since when."""
        statement = select(func.count(), func.min(OutboxRow.first_at)).where(
            or_(OutboxRow.state == Sending.PENDING.value, OutboxRow.state == Sending.SENDING.value),
            OutboxRow.kind != Kind.HOME.value,
        )
        count, oldest = self._session.execute(statement).one()
        return int(count), oldest

    def failed_since(self, since: datetime) -> tuple[int, str]:
        """How many messages failed for good since then, and why the newest did."""
        rows = self._session.execute(
            select(OutboxRow.last_error)
            .where(OutboxRow.state == Sending.FAILED.value, OutboxRow.claimed_at >= since)
            .order_by(OutboxRow.claimed_at.desc())
        ).all()
        return len(rows), rows[0].last_error if rows else ""

    def revive(self, delivery: Delivery, dedup_key: str, now: datetime, failed_before: datetime) -> None:
        """Try a message again that failed before then: its channel may have been mended."""
        self._session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.workspace_id == delivery.workspace_id,
                OutboxRow.channel_id == delivery.channel_id,
                OutboxRow.kind == delivery.kind.value,
                OutboxRow.dedup_key == dedup_key,
                OutboxRow.state == Sending.FAILED.value,
                OutboxRow.claimed_at < failed_before,
            )
            .values(state=Sending.PENDING.value, next_at=now, attempt=0)
        )

    def state_of(self, delivery_id: str) -> Sending | None:
        """Where a message stands."""
        state = self._session.scalar(select(OutboxRow.state).where(OutboxRow.id == delivery_id))
        return None if state is None else Sending(state)

    def _finish(self, delivery: Delivery, lease_token: int, **values: Any) -> bool:
        result = self._session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.id == delivery.id,
                OutboxRow.lease_token == lease_token,
                OutboxRow.state == Sending.SENDING.value,
                OutboxRow.body_version == delivery.body_version,
            )
            .values(**values)
        )
        return rowcount(result) == 1


def _values(delivery: Delivery, dedup_key: str, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": delivery.workspace_id,
        "id": delivery.id,
        "channel_id": delivery.channel_id,
        "kind": delivery.kind.value,
        "dedup_key": dedup_key,
        "subject_id": delivery.subject_id,
        "payload": delivery.payload,
        "state": Sending.PENDING.value,
        "attempt": 0,
        "body_version": 1,
        "lease_token": 0,
        "first_at": now,
        "next_at": now,
        "last_error": "",
    }


def _delivery(row: OutboxRow) -> Delivery:
    return Delivery(
        id=row.id,
        workspace_id=WorkspaceId(row.workspace_id),
        channel_id=ChannelId(row.channel_id),
        kind=Kind(row.kind),
        subject_id=row.subject_id,
        payload=row.payload,
        state=Sending(row.state),
        attempt=row.attempt,
        body_version=row.body_version,
        lease_token=row.lease_token,
        first_at=row.first_at,
        claimed_at=row.claimed_at,
    )
