"""Connected ad accounts: what they aim for, when they were read, and who is reading them now."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Float, Index, Integer, String, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.ids import AccountId, ChannelId, WorkspaceId
from bot.domain.report import Blindness, Sight
from bot.domain.structure import Account
from bot.domain.targets import Targets
from storage.base import Base, WorkspaceOwned, rowcount, upsert


class AccountRow(WorkspaceOwned, Base):
    """One ad account in one workspace."""

    __tablename__ = "accounts"
    __table_args__ = (Index("ix_accounts_due", "next_due_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    connection_id: Mapped[str] = mapped_column(String(64))
    channel_id: Mapped[str | None] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(String(3))
    timezone_name: Mapped[str] = mapped_column(String(64))
    account_status: Mapped[int] = mapped_column(Integer, default=1)
    disable_reason: Mapped[int] = mapped_column(Integer, default=0)
    target_cost_per_purchase_minor: Mapped[int | None] = mapped_column(BigInteger)
    target_purchase_roas: Mapped[float | None] = mapped_column(Float)
    target_ctr: Mapped[float | None] = mapped_column(Float)
    target_cpc_minor: Mapped[int | None] = mapped_column(BigInteger)
    rule_parameters: Mapped[str] = mapped_column(Text, default="{}")
    next_due_at: Mapped[datetime]
    lease_token: Mapped[int] = mapped_column(Integer, default=0)
    lease_until: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    progress: Mapped[str] = mapped_column(Text, default="{}")
    blind_since: Mapped[datetime | None]
    blindness: Mapped[str | None] = mapped_column(String(32))
    blind_detail: Mapped[str] = mapped_column(Text, default="")
    blind_told_at: Mapped[datetime | None]
    unwatched_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class WatchedAccount:
    """An account with everything a cycle needs to know before it starts."""

    workspace_id: WorkspaceId
    connection_id: str
    channel_id: ChannelId | None
    account: Account
    targets: Targets
    rule_parameters: dict[str, dict[str, float]]
    next_due_at: datetime
    lease_token: int
    progress: dict[str, str]  # when each part was last read; see services.ingest
    sight: Sight
    blind_told_at: datetime | None


class Accounts:
    """Connected ad accounts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def connect(
        self,
        workspace_id: WorkspaceId,
        account: Account,
        *,
        connection_id: str,
        channel_id: ChannelId | None,
        targets: Targets | None,
        due_at: datetime,
    ) -> None:
        """Start to watch an account, or change where it reports; no targets: those it has stay."""
        given = targets or Targets()
        row = {
            "workspace_id": workspace_id,
            **_account_values(account),
            "connection_id": connection_id,
            "channel_id": channel_id,
            "target_cost_per_purchase_minor": given.cost_per_purchase_minor,
            "target_purchase_roas": given.purchase_roas,
            "target_ctr": given.ctr,
            "target_cpc_minor": given.cpc_minor,
            "rule_parameters": "{}",
            "next_due_at": due_at,
            "lease_token": 0,
            "progress": json.dumps({"account": due_at.isoformat()}),
            "blind_detail": "",
            "unwatched_at": None,
        }
        kept = [] if targets else [name for name in row if name.startswith("target_")]
        keep = [*kept, "rule_parameters", "next_due_at", "lease_token", "progress", "blind_detail"]
        upsert(self._session, AccountRow, [row], key=["workspace_id", "id"], keep=keep)

    def keep_only(self, connection_id: str, wanted: Collection[AccountId], now: datetime) -> list[AccountId]:
        """Stop watching a connection's other accounts; what was read of them stays. Returns those."""
        dropped = self._session.scalars(
            update(AccountRow)
            .where(
                AccountRow.connection_id == connection_id,
                AccountRow.id.not_in(list(wanted)),
                AccountRow.unwatched_at.is_(None),
            )
            .values(unwatched_at=now)
            .returning(AccountRow.id)
            .execution_options(synchronize_session=False)
        )
        return [AccountId(one) for one in dropped]

    def refresh(self, account: Account) -> None:
        """Keep what Meta says of the account itself."""
        values = _account_values(account)
        self._session.execute(update(AccountRow).where(AccountRow.id == values.pop("id")).values(**values))

    def get(self, account_id: AccountId) -> WatchedAccount | None:
        """One account of this workspace."""
        row = self._session.scalar(select(AccountRow).where(AccountRow.id == account_id))
        return None if row is None else _watched(row)

    def all(self) -> list[WatchedAccount]:
        """The workspace's watched accounts (in a system transaction: everybody's), by name."""
        rows = self._session.scalars(
            select(AccountRow)
            .where(AccountRow.unwatched_at.is_(None))
            .order_by(AccountRow.name, AccountRow.id)
        )
        return [_watched(row) for row in rows]

    def due(self, now: datetime, limit: int) -> list[WatchedAccount]:
        """Accounts whose next reading is due and that nobody is reading."""
        rows = self._session.scalars(
            select(AccountRow)
            .where(AccountRow.next_due_at <= now, _free(now), AccountRow.unwatched_at.is_(None))
            .order_by(AccountRow.next_due_at)
            .limit(limit)
        )
        return [_watched(row) for row in rows]

    def claim(self, account_id: AccountId, now: datetime, lease: timedelta, *, due_only: bool) -> int | None:
        """Take the right to read an account; None when somebody else has it or it is not due."""
        condition = [AccountRow.id == account_id, _free(now)]
        if due_only:
            condition.append(AccountRow.next_due_at <= now)
        return self._session.scalar(
            update(AccountRow)
            .where(*condition)
            .values(lease_token=AccountRow.lease_token + 1, lease_until=now + lease)
            .returning(AccountRow.lease_token)
            .execution_options(synchronize_session=False)
        )

    def renew(self, account_id: AccountId, lease_token: int, until: datetime) -> bool:
        """Keep a claim for longer; False when it is somebody else's by now, who must not be disturbed."""
        result = self._session.execute(
            update(AccountRow)
            .where(
                AccountRow.id == account_id,
                AccountRow.lease_token == lease_token,
                AccountRow.lease_until.is_not(None),
            )
            .values(lease_until=until)
        )
        return rowcount(result) == 1

    def release(self, account_id: AccountId, lease_token: int, next_due_at: datetime) -> None:
        """Give the claim back and say when the account is due again."""
        self._session.execute(
            update(AccountRow)
            .where(AccountRow.id == account_id, AccountRow.lease_token == lease_token)
            .values(lease_until=None, next_due_at=next_due_at)
        )

    def note_progress(self, account_id: AccountId, progress: dict[str, str]) -> None:
        """Remember when each part was last read."""
        self._session.execute(
            update(AccountRow).where(AccountRow.id == account_id).values(progress=json.dumps(progress))
        )

    def note_sight(self, account_id: AccountId, sight: Sight) -> None:
        """Remember whether the account can be seen; `next_try_at` is the account's next due moment."""
        self._session.execute(
            update(AccountRow)
            .where(AccountRow.id == account_id)
            .values(
                read_at=sight.read_at,
                blind_since=sight.blind_since,
                blindness=None if sight.blindness is None else sight.blindness.value,
                blind_detail=sight.detail,
            )
        )

    def note_told(self, account_id: AccountId, at: datetime | None) -> None:
        """Remember that the channel was told of blindness, or that the matter is over."""
        self._session.execute(update(AccountRow).where(AccountRow.id == account_id).values(blind_told_at=at))


def _free(now: datetime) -> Any:
    return or_(AccountRow.lease_until.is_(None), AccountRow.lease_until < now)


def _account_values(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "currency": account.currency,
        "timezone_name": account.timezone_name,
        "account_status": account.account_status,
        "disable_reason": account.disable_reason,
    }


def _watched(row: AccountRow) -> WatchedAccount:
    account = Account(
        id=AccountId(row.id),
        name=row.name,
        currency=row.currency,
        timezone_name=row.timezone_name,
        account_status=row.account_status,
        disable_reason=row.disable_reason,
    )
    targets = Targets(
        cost_per_purchase_minor=row.target_cost_per_purchase_minor,
        purchase_roas=row.target_purchase_roas,
        ctr=row.target_ctr,
        cpc_minor=row.target_cpc_minor,
    )
    sight = Sight(
        read_at=row.read_at,
        blind_since=row.blind_since,
        blindness=None if row.blindness is None else Blindness(row.blindness),
        detail=row.blind_detail,
        next_try_at=row.next_due_at,
    )
    return WatchedAccount(
        workspace_id=WorkspaceId(row.workspace_id),
        connection_id=row.connection_id,
        channel_id=None if row.channel_id is None else ChannelId(row.channel_id),
        account=account,
        targets=targets,
        rule_parameters=json.loads(row.rule_parameters),
        next_due_at=row.next_due_at,
        lease_token=row.lease_token,
        progress=json.loads(row.progress),
        sight=sight,
        blind_told_at=row.blind_told_at,
    )
