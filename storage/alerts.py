"""Alerts: one row per incident."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Index, Integer, String, Text, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.alerts import Alert, Ending, State
from bot.domain.findings import Finding, Severity
from bot.domain.ids import AccountId, AlertId, ChannelId, UserId, WorkspaceId
from storage.base import Base, WorkspaceOwned, rowcount


class AlertRow(WorkspaceOwned, Base):
    """One incident."""

    __tablename__ = "alerts"
    __table_args__ = (
        # However many processes evaluate: at most one live incident per fingerprint.
        Index(
            "uq_alerts_live",
            "workspace_id",
            "fingerprint",
            unique=True,
            sqlite_where=text("state <> 'resolved'"),
            postgresql_where=text("state <> 'resolved'"),
        ),
        Index("ix_alerts_account", "workspace_id", "account_id", "state"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(32))
    fingerprint: Mapped[str] = mapped_column(String(255))
    rule_id: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    severity: Mapped[str] = mapped_column(String(16))
    finding: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    good_polls: Mapped[int] = mapped_column(Integer, default=0)
    version: Mapped[int] = mapped_column(Integer, default=1)
    acted_by: Mapped[str | None] = mapped_column(String(32))
    acted_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str] = mapped_column(String(32), default="")
    channel_id: Mapped[str | None] = mapped_column(String(32))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    permalink: Mapped[str] = mapped_column(Text, default="")


class Alerts:
    """Incidents of a workspace."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, alert: Alert) -> None:
        """Open an incident."""
        self._session.add(AlertRow(**_values(alert)))
        self._session.flush()

    def save(self, alert: Alert, *, seen_version: int) -> bool:
        """Write an alert unless somebody moved it since that version; says whether it was written."""
        values = _values(alert)
        for name in ("workspace_id", "id", "channel_id", "message_ts", "permalink"):
            values.pop(name)
        result = self._session.execute(
            update(AlertRow).where(AlertRow.id == alert.id, AlertRow.version == seen_version).values(**values)
        )
        return rowcount(result) == 1

    def note_message(self, alert_id: AlertId, channel_id: ChannelId, ts: str) -> None:
        """Remember the message that shows this alert."""
        self._session.execute(
            update(AlertRow).where(AlertRow.id == alert_id).values(channel_id=channel_id, message_ts=ts)
        )

    def note_permalink(self, alert_id: AlertId, permalink: str) -> None:
        """Remember the address of the alert's message."""
        self._session.execute(update(AlertRow).where(AlertRow.id == alert_id).values(permalink=permalink))

    def get(self, alert_id: AlertId) -> Alert | None:
        """One alert of this workspace."""
        row = self._session.scalar(select(AlertRow).where(AlertRow.id == alert_id))
        return None if row is None else _alert(row)

    def live(self, account_id: AccountId) -> dict[str, Alert]:
        """Alerts of an account that are not resolved, by fingerprint."""
        rows = self._session.scalars(
            select(AlertRow).where(AlertRow.account_id == account_id, AlertRow.state != State.RESOLVED.value)
        )
        return {row.fingerprint: _alert(row) for row in rows}

    def resolved_since(self, account_id: AccountId, since: datetime) -> dict[str, Alert]:
        """The newest alert per fingerprint among those resolved since then."""
        rows = self._session.scalars(
            select(AlertRow)
            .where(AlertRow.account_id == account_id, AlertRow.resolved_at >= since)
            .order_by(AlertRow.resolved_at)
        )
        return {row.fingerprint: _alert(row) for row in rows}

    def unresolved(self) -> list[Alert]:
        """Every alert of the workspace that is not resolved, newest first."""
        rows = self._session.scalars(
            select(AlertRow)
            .where(AlertRow.state != State.RESOLVED.value)
            .order_by(AlertRow.opened_at.desc(), AlertRow.id)
        )
        return [_alert(row) for row in rows]

    def snoozes_over(self, now: datetime) -> list[Alert]:
        """Snoozed alerts whose time has come."""
        rows = self._session.scalars(
            select(AlertRow).where(AlertRow.state == State.SNOOZED.value, AlertRow.snoozed_until <= now)
        )
        return [_alert(row) for row in rows]

    def count_unresolved(self, account_id: AccountId) -> int:
        """How many alerts of an account are not resolved."""
        statement = (
            select(func.count())
            .select_from(AlertRow)
            .where(AlertRow.account_id == account_id, AlertRow.state != State.RESOLVED.value)
        )
        return self._session.scalar(statement) or 0


def _values(alert: Alert) -> dict[str, Any]:
    return {
        "workspace_id": alert.workspace_id,
        "id": alert.id,
        "account_id": alert.account_id,
        "fingerprint": alert.fingerprint,
        "rule_id": alert.rule_id,
        "state": alert.state.value,
        "severity": alert.severity.value,
        "finding": msgspec.json.encode(alert.finding).decode(),
        "opened_at": alert.opened_at,
        "last_seen_at": alert.last_seen_at,
        "good_polls": alert.good_polls,
        "version": alert.version,
        "acted_by": alert.acted_by,
        "acted_at": alert.acted_at,
        "snoozed_until": alert.snoozed_until,
        "resolved_at": alert.resolved_at,
        "resolution": alert.resolution.value if alert.resolution else "",
        "channel_id": alert.channel_id,
        "message_ts": alert.message_ts,
        "permalink": alert.permalink,
    }


def _alert(row: AlertRow) -> Alert:
    return Alert(
        id=AlertId(row.id),
        workspace_id=WorkspaceId(row.workspace_id),
        account_id=AccountId(row.account_id),
        fingerprint=row.fingerprint,
        rule_id=row.rule_id,
        state=State(row.state),
        severity=Severity(row.severity),
        finding=msgspec.json.decode(row.finding, type=Finding),
        opened_at=row.opened_at,
        last_seen_at=row.last_seen_at,
        good_polls=row.good_polls,
        version=row.version,
        acted_by=None if row.acted_by is None else UserId(row.acted_by),
        acted_at=row.acted_at,
        snoozed_until=row.snoozed_until,
        resolved_at=row.resolved_at,
        resolution=Ending(row.resolution) if row.resolution else None,
        channel_id=None if row.channel_id is None else ChannelId(row.channel_id),
        message_ts=row.message_ts,
        permalink=row.permalink,
    )
