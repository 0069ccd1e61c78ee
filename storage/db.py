"""Transactions: a workspace's own, or the system's for sweeps; engines and their settings.

SQLite gets two engines on one file (see docs/decisions): `durable` waits for the disk at every
commit and is the default; `fast` does not, and is only for figures that can be read again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from bot.domain.ids import WorkspaceId
from storage.base import WorkspaceOwned
from storage.repositories import Repositories
from storage.vault import Vault

_BUSY_MS = 10_000


class Database:
    """One database; hands out transactions and closes its connections."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.url = url
        self.vault = vault
        self.is_sqlite = url.startswith("sqlite")
        self._durable = _engine(url, synchronous="FULL")
        self._fast = _engine(url, synchronous="NORMAL") if self.is_sqlite else self._durable

    @property
    def engine(self) -> Engine:
        """The durable engine; for migrations and checks."""
        return self._durable

    @contextmanager
    def workspace(self, workspace_id: WorkspaceId, *, fast: bool = False) -> Iterator[Repositories]:
        """A writing transaction that sees only this workspace; commits at the end, else rolls back."""
        with self._session("IMMEDIATE", fast=fast) as session, session.begin():
            session.info["workspace_id"] = workspace_id
            yield Repositories(session, self.vault, workspace_id)

    @contextmanager
    def read(self, workspace_id: WorkspaceId) -> Iterator[Repositories]:
        """A reading transaction that sees only this workspace."""
        with self._session("DEFERRED") as session, session.begin():
            session.info["workspace_id"] = workspace_id
            yield Repositories(session, self.vault, workspace_id)

    @contextmanager
    def system(self) -> Iterator[Repositories]:
        """A writing transaction across workspaces: sweeps, claims, and finding out who is asking."""
        with self._session("IMMEDIATE") as session, session.begin():
            yield Repositories(session, self.vault, None)

    @contextmanager
    def system_read(self) -> Iterator[Repositories]:
        """A reading transaction across workspaces."""
        with self._session("DEFERRED") as session, session.begin():
            yield Repositories(session, self.vault, None)

    def close(self) -> None:
        """Give back every connection."""
        self._durable.dispose()
        self._fast.dispose()

    def _session(self, begin: str, *, fast: bool = False) -> Session:
        engine = self._fast if fast else self._durable
        session = Session(engine.execution_options(spruce_begin=begin), expire_on_commit=False)
        event.listen(session, "do_orm_execute", _only_own_rows)
        return session


def _only_own_rows(state: ORMExecuteState) -> None:
    workspace_id = state.session.info.get("workspace_id")
    if workspace_id is not None and not state.is_insert:
        state.statement = state.statement.options(
            with_loader_criteria(
                WorkspaceOwned,
                lambda cls: cls.workspace_id == workspace_id,
                include_aliases=True,
            )
        )


def _engine(url: str, *, synchronous: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=12,
            max_overflow=12,
            connect_args={
                "options": "-c statement_timeout=15000 -c lock_timeout=3000"
                " -c idle_in_transaction_session_timeout=30000 -c timezone=UTC",
                "keepalives_idle": 10,
            },
        )
    engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000}, pool_size=12, max_overflow=12)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: a read that later writes would then
        # fail with "database is locked" in spite of the busy timeout.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"busy_timeout={_BUSY_MS}",
            "foreign_keys=ON",
            f"synchronous={synchronous}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        kind = connection.get_execution_options().get("spruce_begin", "IMMEDIATE")
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine
