"""One demo for each module that looks at its page."""

from collections.abc import Iterator

import pytest

from tests.sandbox.demo_support import Command, command


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """The command as a user starts it, stopped when the module is done."""
    with command(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def address(demo: Command) -> str:
    """Where its page is."""
    return demo.address()
