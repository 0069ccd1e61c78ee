"""A headless Chromium for the tests that drive the page as a person would."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The page must work with nothing but this machine, so no other name resolves.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)
ABSENT = "No Chromium was found; the browser tests need one: sudo apt-get install chromium"


def chromium_path() -> str | None:
    """Where Chromium (or Chrome) is, or None."""
    found = (shutil.which(name) for name in (os.environ.get("SPRUCE_CHROMIUM", ""), *NAMES) if name)
    installed = (path for path in APPLICATIONS if Path(path).exists())
    return next((path for path in (*found, *installed) if path), None)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for the whole run; without one the test is skipped, or fails where it is required."""
    path = chromium_path()
    if path is None and os.environ.get("SPRUCE_REQUIRE_BROWSER") == "1":
        pytest.fail(ABSENT, pytrace=False)
    if path is None:
        pytest.skip(ABSENT)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A fresh window with no memory; a fault in the page's own script fails the test that saw it."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    window = context.new_page()
    window.set_default_timeout(10_000)
    window.on("pageerror", lambda error: faults.append(str(error)))
    yield window
    context.close()
    assert not faults, f"The page's script failed: {faults}"
