"""Changes at Meta that people asked for: one row each, claimed before anything is sent."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Index, Integer, String, Text, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.actions import ActionKind, ActionState, ObjectAction
from bot.domain.ids import AccountId, AlertId, UserId, WorkspaceId
from bot.domain.structure import EntityRef
from storage.base import Base, WorkspaceOwned, rowcount

_LIVE = (ActionState.REQUESTED.value, ActionState.DOING.value)


class ActionRow(WorkspaceOwned, Base):
    """One change of one object's status."""

    __tablename__ = "object_actions"
    __table_args__ = (
        # One change at a time for an object, whoever clicks wherever.
        Index(
            "uq_object_actions_live",
            "workspace_id",
            "account_id",
            "object_id",
            unique=True,
            sqlite_where=text("state in ('requested', 'doing')"),
            postgresql_where=text("state in ('requested', 'doing')"),
        ),
        Index("ix_object_actions_alert", "workspace_id", "alert_id"),
        Index("ix_object_actions_state", "state"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(32))
    alert_id: Mapped[str] = mapped_column(String(36))
    object_id: Mapped[str] = mapped_column(String(32))
    entity: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    seen_status: Mapped[str] = mapped_column(String(32))
    requested_by: Mapped[str] = mapped_column(String(32))
    requested_at: Mapped[datetime]
    lease_token: Mapped[int] = mapped_column(Integer, default=0)
    claimed_at: Mapped[datetime | None]
    next_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")


class Actions:
    """Changes people asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, action: ObjectAction) -> bool:
        """Record a wish; False when another change of the same object is under way."""
        row = ActionRow(
            workspace_id=action.workspace_id,
            id=action.id,
            account_id=action.account_id,
            alert_id=action.alert_id,
            object_id=action.entity.id,
            entity=msgspec.json.encode(action.entity).decode(),
            kind=action.kind.value,
            state=action.state.value,
            seen_status=action.seen_status,
            requested_by=action.requested_by,
            requested_at=action.requested_at,
            next_at=action.requested_at,
            error="",
        )
        try:
            with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:
            return False
        return True

    def due(self, now: datetime, stuck_before: datetime, limit: int) -> list[ObjectAction]:
        """Wishes to carry out, and those whose carrier never came back."""
        rows = self._session.scalars(
            select(ActionRow)
            .where(
                ActionRow.next_at <= now,
                or_(
                    ActionRow.state == ActionState.REQUESTED.value,
                    (ActionRow.state == ActionState.DOING.value) & (ActionRow.claimed_at < stuck_before),
                ),
            )
            .order_by(ActionRow.requested_at)
            .limit(limit)
        )
        return [_action(row) for row in rows]

    def claim(self, action: ObjectAction, now: datetime) -> int | None:
        """Take the right to carry out; None when somebody else took it."""
        token: int | None = self._session.scalar(
            update(ActionRow)
            .where(
                ActionRow.id == action.id,
                ActionRow.state.in_(_LIVE),
                ActionRow.lease_token == action.lease_token,
            )
            .values(state=ActionState.DOING.value, lease_token=ActionRow.lease_token + 1, claimed_at=now)
            .returning(ActionRow.lease_token)
            .execution_options(synchronize_session=False)
        )
        return token

    def finish(
        self, action: ObjectAction, lease_token: int, state: ActionState, now: datetime, error: str = ""
    ) -> bool:
        """Record the end."""
        return self._move(action, lease_token, state=state.value, finished_at=now, error=error[:2000])

    def retry(self, action: ObjectAction, lease_token: int, at: datetime, error: str) -> bool:
        """Surely not done: try again at that time."""
        return self._move(
            action, lease_token, state=ActionState.REQUESTED.value, next_at=at, error=error[:2000]
        )

    def look_again(self, action: ObjectAction, lease_token: int, at: datetime) -> bool:
        """Outcome unknown: it stays `doing` and is looked at again later."""
        return self._move(action, lease_token, next_at=at)

    def of_alert(self, alert_id: AlertId) -> tuple[ObjectAction, ...]:
        """What people did about an alert, newest first."""
        rows = self._session.scalars(
            select(ActionRow)
            .where(ActionRow.alert_id == alert_id)
            .order_by(ActionRow.requested_at.desc(), ActionRow.id)
        )
        return tuple(_action(row) for row in rows)

    def _move(self, action: ObjectAction, lease_token: int, **values: Any) -> bool:
        result = self._session.execute(
            update(ActionRow)
            .where(
                ActionRow.id == action.id,
                ActionRow.lease_token == lease_token,
                ActionRow.state == ActionState.DOING.value,
            )
            .values(**values)
        )
        return rowcount(result) == 1


def _action(row: ActionRow) -> ObjectAction:
    return ObjectAction(
        id=row.id,
        workspace_id=WorkspaceId(row.workspace_id),
        account_id=AccountId(row.account_id),
        alert_id=AlertId(row.alert_id),
        entity=msgspec.json.decode(row.entity, type=EntityRef),
        kind=ActionKind(row.kind),
        state=ActionState(row.state),
        seen_status=row.seen_status,
        requested_by=UserId(row.requested_by),
        requested_at=row.requested_at,
        lease_token=row.lease_token,
        claimed_at=row.claimed_at,
        finished_at=row.finished_at,
        error=row.error,
    )
