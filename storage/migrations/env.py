"""Run by Alembic for each upgrade, with the engine that storage.migrate hands over."""

from typing import Literal

from alembic import context

from storage.base import Base, UTCDateTime
from storage.repositories import Repositories  # noqa: F401 - knowing every table is the point


def _plain(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name SQLAlchemy's own types: ours may change after a migration was written."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def run() -> None:
    """Upgrade inside one transaction; on SQLite tables are rebuilt where ALTER cannot do it."""
    engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            transaction_per_migration=True,
            render_item=_plain,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
