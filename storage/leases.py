"""Who runs a scheduled job's tick: whoever inserts (job, slot) first."""

from datetime import datetime

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UTCDateTime, insert_new


class LeaseRow(Base):
    """One tick of one job."""

    __tablename__ = "leases"

    job_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    slot: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    taken_at: Mapped[datetime]


class Leases:
    """Ticks taken."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, job_id: str, slot: datetime, now: datetime) -> bool:
        """Take a tick; False when it was taken."""
        row = {"job_id": job_id, "slot": slot, "taken_at": now}
        return insert_new(self._session, LeaseRow, row, key=["job_id", "slot"])

    def forget(self, before: datetime) -> None:
        """Remove old ticks."""
        self._session.execute(delete(LeaseRow).where(LeaseRow.taken_at < before))
