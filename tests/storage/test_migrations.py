"""Migrations make what the models describe, on both databases, and can be taken back."""

import secrets
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.cli import main
from storage import migrate
from storage.base import Base
from storage.db import Database
from storage.vault import Vault

NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)
PARTIAL = {
    "alerts": "uq_alerts_live",
    "object_actions": "uq_object_actions_live",
    "proposals": "uq_proposals_live",
    "replacements": "uq_replacements_moving",
}


@pytest.fixture
def bare(bare_url):
    with closing(Database(bare_url, Vault({}, secrets.token_bytes))) as database:
        yield database


def test_an_upgrade_from_nothing_makes_what_the_models_describe(bare):
    migrate.upgrade(bare.engine)
    with bare.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": Base.metadata}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_every_index_and_every_key_column_is_as_the_models_say(bare):
    migrate.upgrade(bare.engine)
    found = inspect(bare.engine)
    for table in Base.metadata.sorted_tables:
        key = found.get_pk_constraint(table.name)
        assert key["constrained_columns"] == [column.name for column in table.primary_key]
        assert key["name"] == f"pk_{table.name}"
        indexes = {one["name"]: (one["column_names"], bool(one["unique"])) for one in _indexes(found, table)}
        assert indexes == {one.name: ([c.name for c in one.columns], one.unique) for one in table.indexes}


def test_the_indexes_for_live_rows_cover_live_rows_only(database):
    found = inspect(database.engine)
    for table, index in PARTIAL.items():
        (made,) = [one for one in found.get_indexes(table) if one["name"] == index]
        option = "sqlite_where" if database.is_sqlite else "postgresql_where"
        assert "state" in str(made["dialect_options"][option])


def test_the_largest_tables_are_one_tree_each_on_sqlite(sqlite_database):
    query = text("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%' ORDER BY name")
    with sqlite_database.engine.connect() as connection:
        assert list(connection.scalars(query)) == ["ad_days", "readings"]


def test_there_is_exactly_one_newest_schema(sqlite_database):
    script = ScriptDirectory.from_config(migrate._config(sqlite_database.engine))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_a_second_upgrade_does_nothing(bare):
    assert migrate.condition(bare.engine) == "behind"
    migrate.upgrade(bare.engine)
    before = _schema(bare)
    migrate.upgrade(bare.engine)
    assert _schema(bare) == before
    assert migrate.condition(bare.engine) == "ready"


def test_the_schema_can_be_taken_back_to_nothing_and_made_again(bare):
    migrate.upgrade(bare.engine)
    before = _schema(bare)
    command.downgrade(migrate._config(bare.engine), "base")
    assert inspect(bare.engine).get_table_names() == ["alembic_version"]
    migrate.upgrade(bare.engine)
    assert _schema(bare) == before


@pytest.mark.parametrize("start", ["0001", "0002", "0003"])
def test_an_upgrade_keeps_the_rows_that_an_earlier_version_wrote(bare, start):
    command.upgrade(migrate._config(bare.engine), start)
    written = _fill(bare)
    assert len(written) >= 18
    migrate.upgrade(bare.engine)
    tables = _reflected(bare)
    with bare.engine.connect() as connection:
        for name, rows in written.items():
            kept = [tables[name].c[column] for column in rows[0]]
            found = [dict(row) for row in connection.execute(select(*kept)).mappings()]
            assert sorted(found, key=str) == sorted(rows, key=str), name
            for added in set(tables[name].c) - set(kept):
                values = connection.scalars(select(added)).all()
                assert values == [None if added.nullable else 0] * len(rows), f"{name}.{added.name}"


def test_an_upgrade_that_fails_leaves_nothing_half_made(bare):
    with bare.engine.begin() as connection:
        connection.execute(text("CREATE TABLE workspaces (id INTEGER)"))
    with pytest.raises(SQLAlchemyError, match="workspaces"):
        migrate.upgrade(bare.engine)
    assert inspect(bare.engine).get_table_names() == ["workspaces"]


def test_a_database_that_does_not_answer_is_silent_and_not_behind(tmp_path):
    url = f"sqlite:///{tmp_path}/no/such/folder/spruce.db"
    with closing(Database(url, Vault({}, secrets.token_bytes))) as database:
        assert migrate.condition(database.engine) == "silent"


def test_the_command_says_what_it_did(bare_url, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", bare_url)
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out == "The database was brought up to date.\n"
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out == "The database is up to date.\n"


def test_two_processes_may_upgrade_at_once(bare_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", bare_url)
    migrating = [sys.executable, "-m", "bot", "migrate"]
    both = [
        subprocess.Popen(migrating, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    with closing(Database(bare_url, Vault({}, secrets.token_bytes))) as database:
        assert migrate.condition(database.engine) == "ready"


def test_looking_whether_changes_are_pending_waits_for_no_writer(sqlite_database):
    with sqlite_database.system() as tx:
        tx.leases.take("job", NOW, NOW)
        assert migrate.condition(sqlite_database.engine) == "ready"


def _reflected(database):
    """The tables as the database has them, except for Alembic's own."""
    known = MetaData()
    known.reflect(database.engine)
    return {name: table for name, table in known.tables.items() if name != "alembic_version"}


def _fill(database):
    """Two rows in every table there is, of two workspaces; what was written, by table."""
    tables = _reflected(database)
    written = {
        name: [{column.name: _value(column, number) for column in table.columns} for number in (1, 2)]
        for name, table in tables.items()
    }
    with database.engine.begin() as connection:
        for name, rows in written.items():
            connection.execute(insert(tables[name]), rows)
    return written


def _value(column, number):
    """Something that is not empty and differs from row to row."""
    kind = column.type.python_type
    if kind is str:
        return f"{number}-{column.name}"[: column.type.length or 40]
    if kind is datetime:
        moment = NOW + timedelta(hours=number)
        return moment if column.type.timezone else moment.replace(tzinfo=None)
    if kind is date:
        return date(2026, 11, number)
    return bytes([0, 255, number]) if kind is bytes else kind(number)


def _indexes(found, table):
    return [one for one in found.get_indexes(table.name) if not one.get("duplicates_constraint")]


def _schema(database):
    with database.engine.connect() as connection:
        if database.is_sqlite:
            query = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
        else:
            query = (
                "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
                " WHERE table_schema = 'public' ORDER BY 1, 2"
            )
        return [tuple(row) for row in connection.execute(text(query))]
