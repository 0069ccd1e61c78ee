"""What every test starts from: no settings of this machine, and databases of its own."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import hypothesis
import pytest

from bot.config import Settings

pytest_plugins = ["tests.browser_support", "tests.postgres_support", "tests.database_support"]

# Which browser or server the machine has is for tests/*_support.py; everything else is ours to set.
OF_THE_MACHINE = ("SPRUCE_CHROMIUM", "SPRUCE_REQUIRE_", "SPRUCE_TEST_")
OURS = ("SPRUCE_", "SLACK_", "META_", "GEMINI_")

# The same examples in every run, and no time limit on each: other tests may hold the processor.
hypothesis.settings.register_profile("spruce", deadline=None, derandomize=True)
hypothesis.settings.load_profile("spruce")


# Two processes take one file after the other, so whatever takes long begins early and nothing long is last.
LONGEST = (
    "sandbox/test_demo_refresh.py",
    "scenario/test_replacement_faults.py",
    "contract/test_cli.py",
    "scenario/test_story.py",
    "scenario/test_refresh_story.py",
    "sandbox/test_demo_page.py",
    "scenario/test_permissions.py",
    "scenario/test_slack_faults.py",
    "scenario/test_crashes.py",
    "sandbox/test_demo_command.py",
    "contract/test_doors.py",
    "house/test_docs_examples.py",
)
MEMORY = Path("/dev/shm")  # noqa: S108 - in memory on Linux; pytest makes a folder of its own there
ROOM = 2_000_000_000  # bytes; a run leaves a few dozen megabytes


def pytest_configure(config: pytest.Config) -> None:
    """Keep databases in memory where there is room: each commit waits for the disk otherwise."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # by the number of tests; what counts is above
    chosen = config.option.basetemp or os.environ.get("PYTEST_DEBUG_TEMPROOT")  # noqa: TID251 - pytest's own
    if not chosen and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)  # noqa: TID251


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first; the others stay as they are."""
    tests = Path(__file__).parent
    rank = {tests / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """No setting of this machine reaches a test, nor a process that a test starts."""
    settings = {setting.metadata["env"] for setting in fields(Settings)}
    with pytest.MonkeyPatch.context() as environment:
        for name in list(os.environ):  # noqa: TID251 - to take settings away, not to read them
            if name in settings or (name.startswith(OURS) and not name.startswith(OF_THE_MACHINE)):
                environment.delenv(name)
        yield
