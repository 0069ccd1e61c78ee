"""What every table shares: the declarative base, the workspace it belongs to, and column types."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from sqlalchemy import DateTime, Dialect, Insert, MetaData, String, Table, TypeDecorator
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

# Named constraints, so that a migration on either database can drop what it needs to.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; refuses naive ones. SQLite stores text without a zone, so we put it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: always UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored moment needs a time zone.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar = {datetime: UTCDateTime}


class WorkspaceOwned:
    """Rows of one workspace. A workspace transaction adds the condition to every ORM statement."""

    workspace_id: Mapped[str] = mapped_column(String(32), primary_key=True, sort_order=-10)


def upsert(
    session: Session,
    table: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Iterable[str],
    keep: Iterable[str] = (),
) -> None:
    """Insert rows in bulk, or bring those that exist up to date.

    `key` names the columns that identify a row, `keep` those that an existing row holds on to.
    """
    if not rows:
        return
    key, kept = list(key), {*key, *keep}
    statement = _insert(session, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in kept}
    write(session, statement.on_conflict_do_update(index_elements=key, set_=changed), list(rows))


def insert_new(session: Session, table: type[Base], row: Mapping[str, Any], *, key: Iterable[str]) -> bool:
    """Insert one row unless its key exists; says whether it was inserted."""
    statement = _insert(session, table).on_conflict_do_nothing(index_elements=list(key))
    return rowcount(write(session, statement, row)) == 1


def write(
    session: Session, statement: Insert, rows: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> Any:
    """Insert one row or many; in a workspace transaction only rows of that workspace."""
    for row in [rows] if isinstance(rows, Mapping) else rows or ():
        if "workspace_id" in row:
            demand_own(session, row["workspace_id"])
    # SQLAlchemy would not ask PostgreSQL's driver how many rows an INSERT made, and answer -1.
    options = {"spruce_checked": True, "preserve_rowcount": True}
    return session.execute(statement, rows, execution_options=options)


def demand_own(session: Session, workspace_id: str) -> None:
    """Refuse another workspace's row in a workspace transaction."""
    if session.info.get("workspace_id", workspace_id) != workspace_id:
        raise RuntimeError("A workspace's transaction writes no other workspace's rows.")


def in_pages(ids: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """Ids in portions that fit into one condition."""
    return (ids[place : place + size] for place in range(0, len(ids), size))


def rowcount(result: Any) -> int:
    return int(result.rowcount)


def _insert(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    # Into the table and not the entity: the ORM would sort a page's rows by which of their values
    # are None and send each run of them on its own, three times slower where those alternate.
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(cast(Table, table.__table__))
