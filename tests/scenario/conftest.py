"""Bots for stories: before their first reading, in the morning after it, and through every door."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario.replacing_stage import Lab, prepared
from tests.scenario.stage import PLACES, Morning, StandIns
from tests.talk import Bot

_EVERYWHERE = [
    pytest.param(("http", "sqlite"), id="http-sqlite"),
    pytest.param(("socket", "sqlite"), id="socket-sqlite"),
    pytest.param(("http", "postgres"), id="http-postgres", marks=pytest.mark.postgres),
]


@pytest.fixture
def stand_ins() -> Iterator[StandIns]:
    """Slack and Meta, for one test."""
    standing = StandIns()
    yield standing
    standing.stop()


@pytest.fixture
def fresh(stand_ins: StandIns, sqlite_url: str) -> Iterator[Bot]:
    """A bot that has been installed in both workspaces and has not read anything yet."""
    bot = Bot(stand_ins, sqlite_url)
    yield bot
    bot.close()


@pytest.fixture(params=_EVERYWHERE)
def everywhere(request: pytest.FixtureRequest, stand_ins: StandIns) -> Iterator[Bot]:
    """The same as it is run: small by HTTP or Socket Mode on SQLite, large by HTTP on PostgreSQL."""
    door, database = request.param
    bot = Bot(stand_ins, request.getfixturevalue(f"{database}_url_upgraded"), door)
    yield bot
    bot.close()


@pytest.fixture
def bot(mornings: tuple[Morning, Morning], stand_ins: StandIns, tmp_path: Path) -> Iterator[Bot]:
    """A bot that has read both accounts and posted what it found."""
    yield from _awake(mornings[1], stand_ins, tmp_path / "spruce.db")


@pytest.fixture
def unsaid(mornings: tuple[Morning, Morning], stand_ins: StandIns, tmp_path: Path) -> Iterator[Bot]:
    """A bot that has read both accounts and is about to post what it found."""
    yield from _awake(mornings[0], stand_ins, tmp_path / "spruce.db")


@pytest.fixture(scope="session")
def mornings(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Morning, Morning]:
    """What `unsaid` and `bot` start from."""
    folder = tmp_path_factory.mktemp("morning")
    database, standing = folder / "spruce.db", StandIns()
    database.write_bytes(sqlite_template.read_bytes())
    bot = Bot(standing, f"sqlite:///{database}")
    for place in PLACES:
        bot.services.watching.cycle(place.id, standing.account(place))
    bot.close()
    unsaid = Morning.kept(database, folder / "unsaid.db", standing)
    bot = Bot(standing, f"sqlite:///{database}", installed=True)
    bot.settles()
    bot.close()
    standing.stop()
    return unsaid, Morning.kept(database, folder / "said.db", standing)


@pytest.fixture
def offered(offers: Morning, stand_ins: StandIns, tmp_path: Path) -> Iterator[Bot]:
    """A bot that has posted variations of the first account's tired ad; nobody has decided on them."""
    yield from _awake(offers, stand_ins, tmp_path / "spruce.db")


@pytest.fixture(scope="session")
def offers(mornings: tuple[Morning, Morning], tmp_path_factory: pytest.TempPathFactory) -> Morning:
    """What `offered` starts from."""
    folder, standing = tmp_path_factory.mktemp("offer"), StandIns()
    database = folder / "spruce.db"
    for bot in _awake(mornings[1], standing, database):
        bot.click("Suggest variations", bot.alert("Creative is tired"))
        bot.settles()
    standing.stop()
    return Morning.kept(database, folder / "offered.db", standing)


def _awake(morning: Morning, stand_ins: StandIns, database: Path) -> Iterator[Bot]:
    morning.again(database, stand_ins)
    bot = Bot(stand_ins, f"sqlite:///{database}", installed=True)
    yield bot
    bot.close()


@pytest.fixture(scope="session")
def watching(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which two workspaces watch their accounts and nothing has happened yet."""
    return prepared(sqlite_template, tmp_path_factory.mktemp("watching") / "spruce.db")


@pytest.fixture
def lab(watching: Path, tmp_path: Path) -> Iterator[Lab]:
    """A stand-in Graph and a process of the bot on a copy of that database; for replacements."""
    shutil.copyfile(watching, tmp_path / "spruce.db")
    lab = Lab(tmp_path / "spruce.db")
    lab.starts()
    yield lab
    lab.close()
