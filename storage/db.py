"""Transactions: a workspace's own, or the system's for sweeps; engines and their settings.

SQLite gets two engines on one file (see docs/decisions): `durable` waits for the disk at every
commit and is the default; `fast` does not, and is only for figures that can be read again.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from bot.domain.ids import WorkspaceId
from storage.base import WorkspaceOwned, demand_own
from storage.gate import WriteGate
from storage.repositories import Repositories
from storage.vault import Vault

_BUSY_MS = 10_000


class Database:
    """One database; hands out transactions and closes its connections."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.url = url
        self.vault = vault
        self.is_sqlite = url.startswith("sqlite")
        self._gate = WriteGate()
        self._durable = _engine(url, synchronous="FULL")
        self._fast = _engine(url, synchronous="NORMAL") if self.is_sqlite else self._durable

    @property
    def engine(self) -> Engine:
        """The durable engine; for migrations and checks."""
        return self._durable

    @contextmanager
    def workspace(self, workspace_id: WorkspaceId, *, fast: bool = False) -> Iterator[Repositories]:
        """A writing transaction that sees only this workspace; commits at the end, else rolls back."""
        with self._transaction(workspace_id, fast=fast) as repositories:
            yield repositories

    @contextmanager
    def read(self, workspace_id: WorkspaceId) -> Iterator[Repositories]:
        """A reading transaction that sees only this workspace."""
        with self._transaction(workspace_id, reading=True) as repositories:
            yield repositories

    @contextmanager
    def system(self) -> Iterator[Repositories]:
        """A writing transaction across workspaces: sweeps, claims, and finding out who is asking."""
        with self._transaction(None) as repositories:
            yield repositories

    @contextmanager
    def system_read(self) -> Iterator[Repositories]:
        """A reading transaction across workspaces."""
        with self._transaction(None, reading=True) as repositories:
            yield repositories

    def close(self) -> None:
        """Give back every connection."""
        self._durable.dispose()
        self._fast.dispose()

    @contextmanager
    def _transaction(
        self, workspace_id: WorkspaceId | None, *, fast: bool = False, reading: bool = False
    ) -> Iterator[Repositories]:
        engine = self._fast if fast else self._durable
        begin = "DEFERRED" if reading else "IMMEDIATE"
        info = {"reading": reading} | ({} if workspace_id is None else {"workspace_id": workspace_id})
        bound = engine.execution_options(spruce_begin=begin)
        with (
            self._turn(bulk=fast, reading=reading),
            Session(bound, expire_on_commit=False, info=info) as session,
            session.begin(),
        ):
            event.listen(session, "do_orm_execute", _only_own_rows)
            event.listen(session, "before_flush", _adds_only_own_rows)
            yield Repositories(session, self.vault, workspace_id)

    def _turn(self, *, bulk: bool, reading: bool) -> AbstractContextManager[None]:
        """One's turn to write, where writers line up."""
        return self._gate.enter(bulk=bulk) if self.is_sqlite and not reading else nullcontext()


def _only_own_rows(state: ORMExecuteState) -> None:
    info = state.session.info
    if info["reading"] and not state.is_select:
        raise RuntimeError("A reading transaction does not write.")
    if "workspace_id" not in info or state.execution_options.get("spruce_checked"):
        return
    if state.is_insert or not state.is_orm_statement:
        raise RuntimeError("This statement cannot be held to one workspace: see storage.base.write.")
    workspace_id = info["workspace_id"]
    state.statement = state.statement.options(
        with_loader_criteria(
            WorkspaceOwned,
            lambda cls: cls.workspace_id == workspace_id,
            include_aliases=True,
        )
    )


def _adds_only_own_rows(session: Session, _context: object, _instances: object) -> None:
    for row in {*session.new, *session.dirty}:
        if session.info["reading"]:
            raise RuntimeError("A reading transaction does not write.")
        if isinstance(row, WorkspaceOwned):
            demand_own(session, row.workspace_id)


def _engine(url: str, *, synchronous: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            # A failed statement's values are people's and customers' words, and do not belong in logs.
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=12,
            max_overflow=12,
            connect_args={
                "options": "-c statement_timeout=15000 -c lock_timeout=3000"
                " -c idle_in_transaction_session_timeout=30000 -c timezone=UTC",
                "keepalives_idle": 10,
            },
        )
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": _BUSY_MS / 1000},
        pool_size=12,
        max_overflow=12,
    )

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
