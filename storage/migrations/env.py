"""Run by Alembic for each upgrade, with the engine that storage.migrate hands over."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection

from storage.base import Base, UTCDateTime
from storage.repositories import Repositories  # noqa: F401 - knowing every table is the point

_LOCK = 7_786_817_349  # any number that nothing else in the database uses


def _plain(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name SQLAlchemy's own types: ours may change after a migration was written."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def run() -> None:
    """Upgrade in one transaction, one process at a time; SQLite rebuilds tables where it cannot ALTER."""
    engine = context.config.attributes["engine"]
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            _alone(connection)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=_plain,
        )
        with context.begin_transaction():
            context.run_migrations()


def _alone(connection: Connection) -> None:
    """Wait for any other upgrade; then take whatever time it takes, but never queue long for a table."""
    for statement in (
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL lock_timeout = 0",
        f"SELECT pg_advisory_xact_lock({_LOCK})",
        "SET LOCAL lock_timeout = '3s'",
    ):
        connection.exec_driver_sql(statement)


run()
