"""Draws the pictures of this folder anew from a running demo: `.venv/bin/python docs/images/make.py`.

Arguments name the ones to draw. Needs the development requirements and Chromium (`make test` says how
to get it). Figures and times are those of the moment at which it runs.
"""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser_support import FLAGS, chromium_path  # noqa: E402 - found by the line above

PLACE = "#/T0CEDAR001/C0ADSALERT"
LAST = "Spend without purchases"  # of what the demo has to say in its first seconds
SETTLED = 3_000  # milliseconds
# Tall enough for two whole alerts, narrow enough to be read in a README's column.
SIZE = {"width": 1180, "height": 1110}
SCALE = 1.2
WIDE = {"width": 1440, "height": 1240}  # a warning from its heading to its chart, beside its thread
COLOURS = 256  # of a picture's palette: a third of the size, and nobody sees it


@contextmanager
def demo() -> Iterator[str]:
    """The address of a demo that runs as long as the block."""
    command = [sys.executable, "-m", "bot", "demo"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        assert process.stdout is not None  # noqa: S101 - asked for above
        found = re.search(r"http://\S+", process.stdout.readline())
        if found is None:
            raise SystemExit("The demo did not start.")
        yield found.group()
    finally:
        process.terminate()
        process.communicate(timeout=20)


def window(browser: Browser, address: str, scheme: str = "light", size: dict[str, int] = SIZE) -> Page:
    """The alert channel with everything that is said at first."""
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        device_scale_factor=SCALE,
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{address}/{PLACE}")
    expect(page.get_by_test_id("message").filter(has_text=LAST).first).to_be_visible(timeout=30_000)
    page.wait_for_timeout(SETTLED)
    return page


def save(page: Page, name: str) -> None:
    """Nothing under the pointer, few colours."""
    page.mouse.move(5, 5)
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(SETTLED)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    method = Image.Quantize.MAXCOVERAGE  # the others drop what is rare, such as a chart's second line
    picture.quantize(COLOURS, method, dither=Image.Dither.NONE).save(FOLDER / name, optimize=True)


def save_newest(page: Page, name: str) -> None:
    """The newest at the bottom."""
    page.get_by_role("log").evaluate("log => log.scrollTo(0, log.scrollHeight)")
    save(page, name)


def alerts(browser: Browser, address: str, name: str) -> None:
    """One alert that somebody has, one that nobody has yet."""
    page = window(browser, address)
    first = page.get_by_test_id("message").nth(-2)
    first.get_by_role("button", name="Acknowledge").click()
    expect(first).to_contain_text("@Owner acknowledged")
    save_newest(page, name)


def report(browser: Browser, address: str, name: str) -> None:
    """The week by campaign, in the dark."""
    page = window(browser, address, "dark")
    composer = page.get_by_test_id("composer")
    composer.fill("/spruce report 7d")
    composer.press("Escape")
    composer.press("Enter")
    expect(page.get_by_role("table")).to_be_visible()
    save_newest(page, name)


def refresh(browser: Browser, address: str, name: str) -> None:
    """A tired ad: its warning with the chart, and the variations to decide on in its thread."""
    page = window(browser, address, size=WIDE)
    warning = page.get_by_test_id("message").filter(has_text="Creative is tired")
    warning.get_by_role("button", name="Suggest variations").click()
    replies = warning.get_by_role("button", name=re.compile("1 reply"))
    expect(replies).to_be_visible(timeout=30_000)
    replies.click()
    expect(page.get_by_role("button", name="Approve 1")).to_be_visible()
    page.wait_for_timeout(SETTLED)
    page.locator(".room").get_by_role("heading", name="Creative is tired").evaluate(
        "heading => heading.closest('.message').scrollIntoView()"
    )
    save(page, name)


PICTURES = {"demo.png": alerts, "demo-dark.png": report, "refresh.png": refresh}


def main(names: list[str]) -> None:
    """The named pictures, or all."""
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        for name in names or PICTURES:
            PICTURES[name](browser, address, name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
