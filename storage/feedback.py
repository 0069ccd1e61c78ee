"""What people thought of warnings: "not tired", once per person and warning."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.ids import AlertId, UserId
from storage.base import Base, WorkspaceOwned, insert_new
from storage.own import own_workspace


class FeedbackRow(WorkspaceOwned, Base):
    """One person's "not tired"."""

    __tablename__ = "feedback"

    alert_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    rule: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Opinion:
    """Who found a warning wrong, and which rule had raised it."""

    alert_id: AlertId
    user_id: UserId
    rule: str
    at: datetime


class Feedback:
    """People's opinions of warnings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, alert_id: AlertId, rule: str, user_id: UserId, at: datetime) -> bool:
        """Keep an opinion; False when that person gave it before."""
        row = {
            "workspace_id": own_workspace(self._session),
            "alert_id": alert_id,
            "user_id": user_id,
            "rule": rule,
            "at": at,
        }
        return insert_new(self._session, FeedbackRow, row, key=["workspace_id", "alert_id", "user_id"])

    def counts(self) -> dict[str, int]:
        """How many opinions there are, by rule."""
        rows = self._session.execute(
            select(FeedbackRow.rule, func.count(FeedbackRow.user_id))
            .where(FeedbackRow.workspace_id == own_workspace(self._session))
            .group_by(FeedbackRow.rule)
            .order_by(FeedbackRow.rule)
        )
        return {rule: int(count) for rule, count in rows}

    def of_alert(self, alert_id: AlertId) -> tuple[Opinion, ...]:
        """Who found this warning wrong, first come first."""
        rows = self._session.scalars(
            select(FeedbackRow)
            .where(FeedbackRow.alert_id == alert_id)
            .order_by(FeedbackRow.at, FeedbackRow.user_id)
        )
        return tuple(Opinion(AlertId(row.alert_id), UserId(row.user_id), row.rule, row.at) for row in rows)
