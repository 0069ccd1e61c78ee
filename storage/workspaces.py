"""Slack workspaces, their people's roles, and their connections to Meta."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.access import Role, Roles
from bot.domain.ids import UserId, WorkspaceId
from bot.errors import Sealed
from storage.base import Base, WorkspaceOwned, upsert
from storage.vault import Place, Vault


class WorkspaceRow(WorkspaceOwned, Base):
    """One installation of the bot."""

    __tablename__ = "workspaces"

    name: Mapped[str] = mapped_column(Text)
    bot_user_id: Mapped[str] = mapped_column(String(32))
    bot_token_sealed: Mapped[str | None] = mapped_column(Text)
    owners: Mapped[str] = mapped_column(Text, default="[]")
    approvers: Mapped[str] = mapped_column(Text, default="[]")
    everyone: Mapped[str] = mapped_column(String(16), default=Role.MEMBER.value)
    installed_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    suspended_reason: Mapped[str] = mapped_column(String(64), default="")


class ConnectionRow(WorkspaceOwned, Base):
    """One token for Meta. No sealed token means: the one in the settings."""

    __tablename__ = "connections"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_sealed: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Workspace:
    """One installation as the rest of the program sees it."""

    id: WorkspaceId
    name: str
    bot_user_id: str
    roles: Roles
    installed_at: datetime
    suspended_at: datetime | None
    suspended_reason: str


class Resealed(NamedTuple):
    """How many secrets were written with the first key, and how many no present key opens."""

    written: int
    lost: int


class Workspaces:
    """Installations and their secrets."""

    def __init__(self, session: Session, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    def save(self, workspace: Workspace, bot_token: str | None) -> None:
        """Install or install again; a token of None means that the settings hold it."""
        place = Place(workspace.id, "workspaces", "bot_token_sealed", workspace.id)
        values: dict[str, Any] = {
            "workspace_id": workspace.id,
            "name": workspace.name,
            "bot_user_id": workspace.bot_user_id,
            "bot_token_sealed": None if bot_token is None else self._vault.seal(bot_token, place),
            "owners": json.dumps(sorted(workspace.roles.owners)),
            "approvers": json.dumps(sorted(workspace.roles.approvers)),
            "everyone": workspace.roles.everyone.value,
            "installed_at": workspace.installed_at,
            "suspended_at": workspace.suspended_at,
            "suspended_reason": workspace.suspended_reason,
        }
        upsert(self._session, WorkspaceRow, [values], key=["workspace_id"])

    def get(self, workspace_id: WorkspaceId) -> Workspace | None:
        """The installation, suspended or not."""
        row = self._session.scalar(select(WorkspaceRow).where(WorkspaceRow.workspace_id == workspace_id))
        return None if row is None else _workspace(row)

    def all(self) -> list[Workspace]:
        """Every installation that is not suspended."""
        rows = self._session.scalars(
            select(WorkspaceRow)
            .where(WorkspaceRow.suspended_at.is_(None))
            .order_by(WorkspaceRow.workspace_id)
        )
        return [_workspace(row) for row in rows]

    def bot_token(self, workspace_id: WorkspaceId) -> str | None:
        """The stored bot token; None when the settings hold it or nobody does."""
        sealed = self._session.scalar(
            select(WorkspaceRow.bot_token_sealed).where(WorkspaceRow.workspace_id == workspace_id)
        )
        place = Place(workspace_id, "workspaces", "bot_token_sealed", workspace_id)
        return None if sealed is None else self._vault.open(sealed, place)

    def suspend(self, workspace_id: WorkspaceId, at: datetime, reason: str, *, forget: bool) -> None:
        """Stop everything for a workspace; `forget` also removes its tokens."""
        values: Mapping[str, Any] = {"suspended_at": at, "suspended_reason": reason}
        if forget:
            values = {**values, "bot_token_sealed": None}
            self._session.execute(delete(ConnectionRow).where(ConnectionRow.workspace_id == workspace_id))
        self._session.execute(
            update(WorkspaceRow).where(WorkspaceRow.workspace_id == workspace_id).values(**values)
        )

    def connect(self, workspace_id: WorkspaceId, connection_id: str, token: str | None, at: datetime) -> None:
        """Keep a token for Meta; None means that the settings hold it."""
        place = Place(workspace_id, "connections", "token_sealed", connection_id)
        row = {
            "workspace_id": workspace_id,
            "id": connection_id,
            "token_sealed": None if token is None else self._vault.seal(token, place),
            "created_at": at,
        }
        upsert(self._session, ConnectionRow, [row], key=["workspace_id", "id"], keep=["created_at"])

    def connected(self, workspace_id: WorkspaceId, connection_id: str) -> bool:
        """Whether that connection is kept, with a token of its own or with the one in the settings."""
        statement = select(ConnectionRow.id).where(
            ConnectionRow.workspace_id == workspace_id, ConnectionRow.id == connection_id
        )
        return self._session.scalar(statement) is not None

    def meta_token(self, workspace_id: WorkspaceId, connection_id: str) -> str | None:
        """The stored token for Meta; None when the settings hold it or nobody does."""
        sealed = self._session.scalar(
            select(ConnectionRow.token_sealed).where(
                ConnectionRow.workspace_id == workspace_id, ConnectionRow.id == connection_id
            )
        )
        place = Place(workspace_id, "connections", "token_sealed", connection_id)
        return None if sealed is None else self._vault.open(sealed, place)

    def reseal(self) -> Resealed:
        """Write every secret that an older key protects with the first key; the lost stay as they are."""
        written = lost = 0
        for row, column, place in self._secrets():
            sealed = getattr(row, column)
            try:
                secret = self._vault.open(sealed, place)
            except Sealed:
                lost += 1
                continue
            if self._vault.stale(sealed):
                setattr(row, column, self._vault.seal(secret, place))
                written += 1
        return Resealed(written, lost)

    def _secrets(self) -> Iterator[tuple[WorkspaceRow | ConnectionRow, str, Place]]:
        """Every stored secret: its row, its column, and the place it was sealed for.

        The rows are locked, so that a token that is replaced or removed meanwhile does not come back; in
        the order in which `suspend` takes them, so that neither waits for the other for ever.
        """
        for one in self._session.scalars(select(ConnectionRow).with_for_update()).all():
            if one.token_sealed:
                yield one, "token_sealed", Place(one.workspace_id, "connections", "token_sealed", one.id)
        for row in self._session.scalars(select(WorkspaceRow).with_for_update()).all():
            if row.bot_token_sealed:
                owner, column = row.workspace_id, "bot_token_sealed"
                yield row, column, Place(owner, "workspaces", column, owner)


def _workspace(row: WorkspaceRow) -> Workspace:
    roles = Roles(
        owners=frozenset(UserId(one) for one in json.loads(row.owners)),
        approvers=frozenset(UserId(one) for one in json.loads(row.approvers)),
        everyone=Role(row.everyone),
    )
    return Workspace(
        id=WorkspaceId(row.workspace_id),
        name=row.name,
        bot_user_id=row.bot_user_id,
        roles=roles,
        installed_at=row.installed_at,
        suspended_at=row.suspended_at,
        suspended_reason=row.suspended_reason,
    )
