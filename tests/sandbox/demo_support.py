"""The demo as its user has it: a command that is started and stopped, and a page in a browser."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).parents[2]
ALERTS = "T0CEDAR001/C0ADSALERT"  # the first workspace's channel
ELSEWHERE = "T0WILLOW02/C0GROWTH01"  # the other workspace's
HOME = "T0CEDAR001/home"
FIRST_ALERT_SECONDS = 15.0
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_LABEL = re.compile(r"(\d\d):(\d\d) IST")


class Command:
    """`spruce demo`, running in a process of its own with a folder of its own for temporary files."""

    def __init__(self, folder: Path, arguments: Sequence[str] = ("--port", "0")) -> None:
        self.began = time.monotonic()
        self.folder = folder
        self._errors = folder / "stderr.txt"
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "demo", *arguments],
                cwd=ROOT,
                env=os.environ | {"TMPDIR": str(self.temporary)},
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self.began

    @property
    def errors(self) -> str:
        """What it wrote to stderr so far."""
        return self._errors.read_text()

    @property
    def left_behind(self) -> list[str]:
        """What is in its folder for temporary files."""
        return sorted(path.name for path in self.temporary.iterdir())

    def address(self, patience: float = 30.0) -> str:
        """The page's address, as printed."""
        stdout = self._process.stdout
        assert stdout is not None
        ready, _, _ = select.select([stdout], [], [], patience)
        line = stdout.readline().decode() if ready else ""
        found = _ADDRESS.search(line)
        assert found, f"no address in {line!r}; stderr: {self.errors}"
        return found.group()

    def ended(self, patience: float) -> tuple[int, str]:
        """Its exit status and the rest of what it printed, once it has ended by itself."""
        output, _ = self._process.communicate(timeout=patience)
        return self._process.returncode, output.decode()

    def stopped(self, by: signal.Signals) -> tuple[int, float]:
        """Ask it to stop; its exit status and the seconds that took."""
        asked = time.monotonic()
        self._process.send_signal(by)
        self._process.communicate(timeout=20)
        return self._process.returncode, time.monotonic() - asked

    def close(self) -> None:
        """Whatever happened, nothing of it stays."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate(timeout=20)


@contextmanager
def command(folder: Path, *arguments: str) -> Iterator[Command]:
    """A demo that is gone afterwards, whatever the test did."""
    running = Command(folder, arguments or ("--port", "0"))
    try:
        yield running
    finally:
        running.close()


_FIRST_READING_TRIES = 10


@dataclass(frozen=True)
class Viewer:
    """A person in front of the page."""

    page: Page
    address: str

    def opens(self, place: str = ALERTS) -> None:
        """Go to a channel or a Home tab; it is drawn when this returns."""
        self.page.goto(f"{self.address}/#/{place}")
        expect(self.page.get_by_test_id("clock-label")).to_be_visible()
        where = "home-view" if place.endswith("/home") else "composer"
        expect(self.page.get_by_test_id(where)).to_be_visible()

    def becomes(self, person: str) -> None:
        """Play somebody else."""
        self.page.get_by_test_id("person-switch").click()
        self.page.get_by_test_id(f"person-{person}").click()

    def messages(self, text: str) -> Locator:
        """The messages of the channel that hold a text."""
        return self.page.get_by_test_id("message").filter(has_text=text)

    def alert(self, text: str) -> Locator:
        """The one alert that holds a text, once it is there."""
        found = self.messages(text).filter(has=self.page.get_by_role("button", name="Open in Ads Manager"))
        expect(found).to_have_count(1, timeout=3 * FIRST_ALERT_SECONDS * 1000)
        return found

    def says(self, text: str) -> Locator:
        """Type something and send it; what only this person is told in answer to it."""
        expect(self.page.locator(".room[aria-busy='true']")).to_have_count(0)
        composer = self.page.get_by_test_id("composer")
        composer.fill(text)
        composer.press("Escape")
        before = self.private().count()
        composer.press("Enter")
        expect(self.private()).to_have_count(before + 1)
        return self.private().last

    def private(self) -> Locator:
        """What only this person sees."""
        return self.page.get_by_test_id("message").filter(has=self.page.get_by_test_id("ephemeral"))

    def confirms(self, name: str) -> None:
        """Answer the question that has come up."""
        self.page.get_by_test_id("confirm-dialog").get_by_role("button", name=name).click()

    def sees(self, where: Locator, text: str | re.Pattern[str]) -> None:
        """A text is there, or comes within a few seconds."""
        expect(where).to_contain_text(text)

    def lacks(self, what: Locator) -> None:
        """Something is not there, or goes within a few seconds."""
        expect(what).to_have_count(0)

    def focused(self) -> str:
        """The key of the message that has the keyboard."""
        return str(self.page.evaluate("document.activeElement.dataset.ts"))

    def focused_text(self) -> str:
        """What is written on the thing that has the keyboard."""
        return str(self.page.evaluate("document.activeElement.innerText"))

    def data_read_at(self) -> str:
        """When the figures were read, as `/spruce status` tells it."""
        for _ in range(_FIRST_READING_TRIES):  # the demo's second account may still be on its first reading
            found = re.search(r"data .* old \((.*?)\)", self.says("/spruce status").inner_text())
            if found:
                return found[1]
        raise AssertionError("The account was not read.")

    def clock_minutes(self) -> int:
        """Minutes past midnight that the page's clock shows."""
        found = _LABEL.search(self.page.get_by_test_id("clock-label").inner_text())
        assert found
        return int(found[1]) * 60 + int(found[2])

    def waits(self, minutes: int) -> None:
        """Press a button of the clock and wait until the world has caught up."""
        button = self.page.get_by_test_id(f"clock-{minutes}")
        before = self.page.get_by_test_id("clock-label").inner_text()
        button.click()
        expect(self.page.get_by_test_id("clock-label")).not_to_have_text(before, timeout=30_000)
        expect(button).to_be_enabled(timeout=30_000)
