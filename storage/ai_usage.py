"""Requests to writers and what they cost; reserved before they are made, so that the cap holds.

Costs are paise of Indian rupees, the currency of the cap.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Index, Integer, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.money import Money
from bot.domain.variations import Cost, Tokens
from storage.base import Base, WorkspaceOwned, insert_new, rowcount
from storage.own import own_workspace

CURRENCY = "INR"
RESERVED = "reserved"
LOST = "lost"  # nobody came back to say what it cost
PURPOSE = "variations"
_UNSETTLED = (RESERVED, LOST)


class AiUsageRow(WorkspaceOwned, Base):
    """One request."""

    __tablename__ = "ai_usage"
    __table_args__ = (
        Index("ix_ai_usage_age", "workspace_id", "at"),
        Index("ix_ai_usage_proposal", "workspace_id", "proposal_id"),
        Index("ix_ai_usage_outcome", "outcome", "at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime]
    writer: Mapped[str] = mapped_column(String(32))
    model: Mapped[str] = mapped_column(String(128))
    purpose: Mapped[str] = mapped_column(String(32))
    proposal_id: Mapped[str] = mapped_column(String(36))
    prompt_tokens: Mapped[int] = mapped_column(BigInteger)
    output_tokens: Mapped[int] = mapped_column(BigInteger)
    thoughts_tokens: Mapped[int] = mapped_column(BigInteger)
    pictures: Mapped[int] = mapped_column(Integer)
    cost_minor: Mapped[int] = mapped_column(BigInteger)
    rate: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class AiRequest:
    """One request to a writer, what it used, what that cost in rupees, and how it ended (a slug)."""

    id: str
    at: datetime
    writer: str
    model: str
    proposal_id: str
    tokens: Tokens
    cost: Cost
    outcome: str
    purpose: str = PURPOSE


class MonthUsage(NamedTuple):
    """What a workspace used in a month; requests under way count at the most they may cost."""

    requests: int
    tokens: int
    cost_minor: int


class AiUsage:
    """Requests to writers."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def reserve(self, request_id: str, at: datetime, *, cost_minor_max: int, cap_minor: int) -> bool:
        """Set aside the most a request may cost; False when the month's cap would be passed.

        The month is the one of `at`, in the time zone that `at` carries.
        """
        self._alone()
        if cost_minor_max < 0 or self.month(at).cost_minor + cost_minor_max > cap_minor:
            return False
        cost = Cost(Money(cost_minor_max, CURRENCY))
        return self.add(AiRequest(request_id, at, "", "", "", Tokens(), cost, RESERVED))

    def settle(self, request: AiRequest) -> bool:
        """Put what a reserved request really cost in its place, even after it was given up."""
        values = _values(request)
        del values["id"], values["at"]  # it stays in the month that it was reserved in
        result = self._session.execute(
            update(AiUsageRow)
            .where(AiUsageRow.id == request.id, AiUsageRow.outcome.in_(_UNSETTLED))
            .values(**values)
        )
        return rowcount(result) == 1

    def add(self, request: AiRequest) -> bool:
        """Keep a request that needed no reservation; False when it is kept already."""
        row = {"workspace_id": own_workspace(self._session), **_values(request)}
        return insert_new(self._session, AiUsageRow, row, key=["workspace_id", "id"])

    def sweep(self, before: datetime) -> int:
        """Give up reservations made before then, in every workspace of the transaction.

        Nobody knows what they cost, so they go on counting as the most they could have.
        """
        result = self._session.execute(
            update(AiUsageRow)
            .where(AiUsageRow.outcome == RESERVED, AiUsageRow.at < before)
            .values(outcome=LOST)
        )
        return rowcount(result)

    def month(self, at: datetime) -> MonthUsage:
        """What was used in the calendar month of `at`, in the time zone that `at` carries."""
        first = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        after = (first + timedelta(days=32)).replace(day=1)
        tokens = AiUsageRow.prompt_tokens + AiUsageRow.output_tokens + AiUsageRow.thoughts_tokens
        counted = select(func.count(AiUsageRow.id), func.sum(tokens), func.sum(AiUsageRow.cost_minor))
        row = self._session.execute(
            counted.where(
                AiUsageRow.workspace_id == own_workspace(self._session),
                AiUsageRow.at >= first,
                AiUsageRow.at < after,
            )
        ).one()
        return MonthUsage(*(int(part or 0) for part in row))

    def since(self, since: datetime) -> list[AiRequest]:
        """Requests since then, oldest first."""
        rows = self._session.scalars(
            select(AiUsageRow)
            .where(AiUsageRow.workspace_id == own_workspace(self._session), AiUsageRow.at >= since)
            .order_by(AiUsageRow.at, AiUsageRow.id)
        )
        return [_request(row) for row in rows]

    def cost_of(self, proposal_id: str) -> Cost | None:
        """What writing a proposal cost up to now, at the newest rate; None when nothing was asked for."""
        rows = self._session.scalars(
            select(AiUsageRow)
            .where(
                AiUsageRow.workspace_id == own_workspace(self._session),
                AiUsageRow.proposal_id == proposal_id,
            )
            .order_by(AiUsageRow.at, AiUsageRow.id)
        ).all()
        if not rows:
            return None
        rates = [row.rate for row in rows if row.rate]
        return Cost(Money(sum(row.cost_minor for row in rows), CURRENCY), rates[-1] if rates else "")

    def _alone(self) -> None:
        """One reservation of a workspace at a time: SQLite has one writer, PostgreSQL is asked for a lock."""
        if self._session.get_bind().dialect.name == "postgresql":
            name = func.hashtextextended(f"ai_usage:{own_workspace(self._session)}", 0)
            lock = select(func.pg_advisory_xact_lock(name))
            self._session.execute(lock, execution_options={"spruce_checked": True})


def _values(request: AiRequest) -> dict[str, Any]:
    money = request.cost.money
    if money.currency != CURRENCY:
        raise ValueError(f"What writers cost is kept in {CURRENCY}, not in {money.currency}.")
    return {
        "id": request.id,
        "at": request.at,
        "writer": request.writer,
        "model": request.model,
        "purpose": request.purpose,
        "proposal_id": request.proposal_id,
        "prompt_tokens": request.tokens.prompt,
        "output_tokens": request.tokens.output,
        "thoughts_tokens": request.tokens.thoughts,
        "pictures": request.tokens.pictures,
        "cost_minor": money.minor,
        "rate": request.cost.usd_rate,
        "outcome": request.outcome,
    }


def _request(row: AiUsageRow) -> AiRequest:
    return AiRequest(
        id=row.id,
        at=row.at,
        writer=row.writer,
        model=row.model,
        proposal_id=row.proposal_id,
        tokens=Tokens(row.prompt_tokens, row.output_tokens, row.thoughts_tokens, row.pictures),
        cost=Cost(Money(row.cost_minor, CURRENCY), row.rate),
        outcome=row.outcome,
        purpose=row.purpose,
    )
