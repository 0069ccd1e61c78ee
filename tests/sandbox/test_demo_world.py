"""What a click on the page does to the stand-in world, and what the world may do to the page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.run import Demo
from tests.sandbox.demo_support import Viewer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

REJECTED = "Ad rejected by Meta's review"
AD = "in.nightoil.lookalike.before"
HOSTILE = "<!channel> <@U0TEAMMATE> <https://example.com|x> *b* &amp; <img src=x onerror='broken=1'>"


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """A demo in this process, in which somebody gave the rejected ad a hostile name."""
    made = Demo()
    made.world.rename(made.world.by_key(AD), HOSTILE, made.clock.now(), "somebody")
    with made:
        yield made


@pytest.fixture
def viewer(page: "Page", demo: Demo) -> Viewer:
    """Somebody in front of the first workspace's alert channel."""
    person = Viewer(page, demo.page_url)
    person.opens()
    return person


def _configured(demo: Demo) -> str:
    ad = demo.world.by_key(AD)
    return demo.world.log.configured(ad, demo.clock.now().timestamp())


def test_a_hostile_name_stays_a_name(viewer: Viewer) -> None:
    alert = viewer.alert(REJECTED)
    shown = alert.inner_text()
    for part in ("<!channel>", "<@U0TEAMMATE>", "<https://example.com|x>", "∗b∗", "&amp;", "<img src=x"):
        assert part in shown
    assert alert.locator(".mention").count() == 0
    assert alert.locator("img[src='x']").count() == 0
    assert viewer.page.evaluate("window.broken") is None


def test_a_paused_ad_is_paused_at_meta_and_a_resumed_one_is_on_again(viewer: Viewer, demo: Demo) -> None:
    alert = viewer.alert(REJECTED)
    alert.get_by_role("button", name="Pause ad").click()
    viewer.confirms("Cancel")
    assert _configured(demo) == "ACTIVE"
    alert.get_by_role("button", name="Pause ad").click()
    viewer.confirms("Pause ad")
    viewer.sees(alert, "@Owner paused this ad")
    assert _configured(demo) == "PAUSED"
    alert.get_by_role("button", name="Resume ad").click()
    viewer.confirms("Resume ad")
    viewer.sees(alert, "@Owner resumed this ad")
    assert _configured(demo) == "ACTIVE"
