"""What every test starts from: no settings of this machine, and databases of its own."""

import os
from collections.abc import Iterator
from dataclasses import fields

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


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """No setting of this machine reaches a test, nor a process that a test starts."""
    settings = {setting.metadata["env"] for setting in fields(Settings)}
    with pytest.MonkeyPatch.context() as environment:
        for name in list(os.environ):  # noqa: TID251 - to take settings away, not to read them
            if name in settings or (name.startswith(OURS) and not name.startswith(OF_THE_MACHINE)):
                environment.delenv(name)
        yield
