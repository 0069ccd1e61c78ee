"""How accounts want their tired ads judged and refreshed: one row per account that chose anything."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Float, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.ids import AccountId, UserId
from bot.domain.policy import FatigueRule, RefreshPolicy
from bot.domain.proposals import Mode
from bot.domain.variations import Brand
from storage.base import Base, WorkspaceOwned, insert_new, upsert
from storage.own import own_workspace

_KEY = ("workspace_id", "account_id")


class PolicyRow(WorkspaceOwned, Base):
    """One account's choices."""

    __tablename__ = "refresh_policies"

    account_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    rule: Mapped[str] = mapped_column(String(16))
    ctr_fall: Mapped[float] = mapped_column(Float)
    frequency_rise: Mapped[float] = mapped_column(Float)
    mode: Mapped[str | None] = mapped_column(String(16))
    brand: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime]


class Policies:
    """Choices of accounts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, account_id: AccountId) -> RefreshPolicy:
        """An account's choices; the defaults where it made none."""
        row = self._session.scalar(_own(self._session, account_id))
        return RefreshPolicy() if row is None else _policy(row)

    def hold(self, account_id: AccountId, by: UserId, at: datetime) -> RefreshPolicy:
        """The choices, to be changed: whoever else would change them waits until this transaction ends."""
        values = self._values(account_id, RefreshPolicy(), by, at)
        insert_new(self._session, PolicyRow, values, key=_KEY)
        statement = _own(self._session, account_id).with_for_update()
        return _policy(self._session.scalars(statement.execution_options(populate_existing=True)).one())

    def set(self, account_id: AccountId, policy: RefreshPolicy, by: UserId, at: datetime) -> None:
        """Write all the choices of an account."""
        upsert(self._session, PolicyRow, [self._values(account_id, policy, by, at)], key=_KEY)

    def _values(
        self, account_id: AccountId, policy: RefreshPolicy, by: UserId, at: datetime
    ) -> dict[str, Any]:
        return {
            "workspace_id": own_workspace(self._session),
            "account_id": account_id,
            "rule": policy.rule.value,
            "ctr_fall": policy.ctr_fall,
            "frequency_rise": policy.frequency_rise,
            "mode": None if policy.mode is None else policy.mode.value,
            "brand": msgspec.json.encode(policy.brand).decode(),
            "changed_by": by,
            "changed_at": at,
        }


def _own(session: Session, account_id: AccountId) -> Any:
    return select(PolicyRow).where(
        PolicyRow.workspace_id == own_workspace(session), PolicyRow.account_id == account_id
    )


def _policy(row: PolicyRow) -> RefreshPolicy:
    return RefreshPolicy(
        rule=FatigueRule(row.rule),
        ctr_fall=row.ctr_fall,
        frequency_rise=row.frequency_rise,
        mode=None if row.mode is None else Mode(row.mode),
        brand=msgspec.json.decode(row.brand, type=Brand),
    )
