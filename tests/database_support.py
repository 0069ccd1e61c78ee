"""Databases for tests: empty and of the newest schema, on SQLite and on PostgreSQL."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from storage.base import Base
from storage.db import Database
from storage.migrate import upgrade
from storage.vault import Vault
from tests.postgres_support import fresh_database


@pytest.fixture
def vault() -> Vault:
    """A vault that holds one key."""
    return Vault({"k1": b"1" * 32}, secrets.token_bytes)


@pytest.fixture
def database(database_url: str, vault: Vault) -> Iterator[Database]:
    """An empty database of the newest schema: each test that asks for it runs on SQLite and on PostgreSQL."""
    with closing(Database(database_url, vault)) as opened:
        yield opened


@pytest.fixture
def sqlite_database(sqlite_url: str, vault: Vault) -> Iterator[Database]:
    """The same on SQLite only, for what is about SQLite or does not depend on the database."""
    with closing(Database(sqlite_url, vault)) as opened:
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database of the newest schema."""
    url: str = request.getfixturevalue(f"{request.param}_url_upgraded")
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that holds nothing yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bare.db"
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a SQLite file of the newest schema."""
    shutil.copyfile(sqlite_template, tmp_path / "spruce.db")
    return f"sqlite:///{tmp_path}/spruce.db"


@pytest.fixture
def sqlite_url_upgraded(sqlite_url: str) -> str:
    """What `database_url` asks for on SQLite."""
    return sqlite_url


@pytest.fixture
def postgres_url_upgraded(postgres_upgraded: str) -> Iterator[str]:
    """What `database_url` asks for on PostgreSQL: one database that each test leaves empty."""
    yield postgres_upgraded
    tables = [sql.Identifier(name) for name in Base.metadata.tables]
    empty = sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(table) for table in tables)
    with psycopg.connect(
        postgres_upgraded.replace("postgresql+psycopg://", "postgresql://", 1)
    ) as connection:
        connection.execute(empty)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "spruce.db"
    _upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_upgraded(postgres_url: str) -> Iterator[str]:
    """A database of the newest schema."""
    with fresh_database(postgres_url) as url:
        _upgrade(url)
        yield url


def _upgrade(url: str) -> None:
    with closing(Database(url, Vault({}, secrets.token_bytes))) as database:
        upgrade(database.engine)
