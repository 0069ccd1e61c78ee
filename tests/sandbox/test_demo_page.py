"""The page of a running demo, used as a person uses it: with a mouse, with a keyboard, as several people."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.demo_support import ELSEWHERE, FIRST_ALERT_SECONDS, HOME, Command, Viewer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

REJECTED = "Ad rejected by Meta's review"
DEAR = "Cost per purchase above target"
SILENT = "Spend without purchases"


@pytest.fixture
def viewer(page: "Page", address: str) -> Viewer:
    """Somebody in front of the first workspace's alert channel."""
    person = Viewer(page, address)
    person.opens()
    return person


def test_alerts_appear_without_a_reload_and_soon(
    viewer: Viewer, demo: Command, record_property: Callable[[str, object], None]
) -> None:
    viewer.page.evaluate("window.untouched = true")
    viewer.alert(REJECTED)
    record_property("first_alert_seconds", round(demo.seconds(), 1))
    for alert in (DEAR, SILENT):
        viewer.alert(alert)
    assert viewer.page.evaluate("window.untouched") is True
    assert demo.seconds() < 3 * FIRST_ALERT_SECONDS


def test_an_alert_says_what_how_much_since_when_at_what_cost_and_what_to_do(viewer: Viewer) -> None:
    told = viewer.alert(DEAR).inner_text()
    assert re.search(r"₹[\d,]+ against ₹450 \(.+\), \d+% above", told)
    assert re.search(r"Since (\d+ \w{3}, )?\d\d:\d\d IST \(", told)
    assert re.search(r"₹[\d,]+ above that level", told)
    assert "Likely why" in told
    assert "What to do" in told


def test_acknowledging_changes_the_message_where_it_stands(viewer: Viewer) -> None:
    alert = viewer.alert(DEAR)
    key, count = alert.get_attribute("data-ts"), viewer.messages("Spruce").count()
    alert.get_by_role("button", name="Acknowledge").click()
    viewer.sees(alert, "Acknowledged (warning): Cost per purchase above target")
    viewer.sees(alert, re.compile(r"@Owner acknowledged · \d\d:\d\d IST"))
    viewer.lacks(alert.get_by_role("button", name="Acknowledge"))
    assert alert.get_attribute("data-ts") == key
    assert viewer.messages("Spruce").count() == count


def test_snoozing_is_a_choice_and_can_be_taken_back(viewer: Viewer) -> None:
    alert = viewer.alert(SILENT)
    alert.get_by_role("combobox", name="Snooze").click()
    viewer.page.get_by_role("option", name="1 hour").click()
    viewer.sees(alert, re.compile(r"Snoozed until .*\d\d:\d\d IST"))
    viewer.sees(alert, "@Owner snoozed this until")
    alert.get_by_role("button", name="Unsnooze").click()
    viewer.sees(alert, "Last handled by @Owner")
    viewer.sees(alert.get_by_role("combobox", name="Snooze"), "Snooze")


def test_a_pause_asks_first_is_done_after_a_yes_and_can_be_undone(viewer: Viewer) -> None:
    alert = viewer.alert(REJECTED)
    alert.get_by_role("button", name="Pause ad").click()
    viewer.sees(viewer.page.get_by_test_id("confirm-dialog"), "Pause this ad?")
    viewer.confirms("Cancel")
    viewer.lacks(viewer.page.get_by_test_id("confirm-dialog"))
    assert "paused this ad" not in alert.inner_text()
    alert.get_by_role("button", name="Pause ad").click()
    viewer.confirms("Pause ad")
    viewer.sees(alert, re.compile(r"@Owner paused this ad · \d\d:\d\d IST"))
    alert.get_by_role("button", name="Resume ad").click()
    viewer.confirms("Resume ad")
    viewer.sees(alert, "@Owner resumed this ad")
    viewer.sees(alert.get_by_role("button", name="Pause ad"), "Pause ad")


def test_a_teammate_who_may_not_pause_is_told_who_may(viewer: Viewer) -> None:
    viewer.alert(REJECTED)
    viewer.becomes("U0TEAMMATE")
    alert = viewer.alert(REJECTED)
    alert.get_by_role("button", name="Pause ad").click()
    viewer.confirms("Pause ad")
    answer = viewer.private().last
    viewer.sees(answer, "@Owner")
    viewer.sees(answer, "Nothing was changed")
    assert "@Teammate paused" not in alert.inner_text()


def test_a_report_by_keyboard_is_seen_by_nobody_else(viewer: Viewer) -> None:
    viewer.alert(REJECTED)
    keys = viewer.page.keyboard
    keys.type("/spruce rep")
    viewer.sees(viewer.page.get_by_test_id("suggestion").first, "/spruce report")
    keys.press("ArrowDown")
    keys.press("Enter")
    assert viewer.page.get_by_test_id("composer").input_value() == "/spruce report"
    keys.press("Enter")
    report = viewer.private().last
    viewer.sees(report, "Tulsi Lane India, today")
    table = report.get_by_role("table")
    assert table.get_by_role("columnheader").all_inner_texts()[:4] == [
        "Campaign",
        "Spend",
        "Purchases",
        "Cost per purchase",
    ]
    assert re.fullmatch(r"₹[\d,]+", table.get_by_role("row").last.get_by_role("cell").nth(1).inner_text())
    viewer.becomes("U0TEAMMATE")
    viewer.alert(REJECTED)
    viewer.lacks(viewer.messages("Tulsi Lane India, today"))


def test_an_alert_can_be_acknowledged_by_keyboard_alone(viewer: Viewer) -> None:
    alert = viewer.alert(REJECTED)
    alert.focus()
    assert viewer.focused() == alert.get_attribute("data-ts")
    for _ in range(4):
        viewer.page.keyboard.press("Tab")
        if viewer.focused_text() == "Acknowledge":
            break
    viewer.page.keyboard.press("Enter")
    viewer.sees(alert, "Acknowledged (warning)")


def test_what_cannot_be_understood_gets_a_way_out(viewer: Viewer) -> None:
    viewer.sees(viewer.says("/spruce frobnicate"), "There is no /spruce frobnicate")
    viewer.sees(viewer.says("/spruce report 2026-13-45"), "Nothing was changed")


def test_the_home_tab_holds_the_alerts_with_their_buttons(viewer: Viewer) -> None:
    viewer.alert(REJECTED)
    viewer.opens(HOME)
    home = viewer.page.get_by_test_id("home-view")
    viewer.sees(home, REJECTED)
    viewer.sees(home, "Tulsi Lane India: data")
    pauses = home.get_by_role("button", name="Pause ad", exact=True)
    viewer.sees(pauses.first, "Pause ad")


def test_a_link_from_the_home_tab_leads_to_the_message(viewer: Viewer) -> None:
    viewer.alert(REJECTED)
    viewer.opens(HOME)
    viewer.page.get_by_role("link", name="Open the message").first.click()
    thread = viewer.page.get_by_test_id("thread-pane")
    viewer.sees(thread.get_by_test_id("message").first, "Tulsi Lane India")
    viewer.sees(viewer.page.get_by_role("heading", level=2, name="ads-alerts"), "ads-alerts")


def test_the_other_workspace_sees_only_its_own(viewer: Viewer) -> None:
    viewer.alert(REJECTED)
    viewer.page.get_by_test_id("workspace-T0WILLOW02").click()
    viewer.sees(viewer.page.get_by_role("heading", level=1), "Willow Agency")
    viewer.sees(viewer.page.get_by_test_id("channel-growth-alerts"), "growth-alerts")
    status = viewer.says("/spruce status")
    viewer.sees(status, "Harbor Roast US")
    report = viewer.says("/spruce report 7d")
    viewer.sees(report, "$")
    everything = viewer.page.get_by_role("log").inner_text()
    assert "Tulsi" not in everything
    assert "₹" not in everything


def test_a_quarter_of_an_hour_brings_newer_figures(viewer: Viewer) -> None:
    viewer.opens(ELSEWHERE)
    before, label = viewer.data_read_at(), viewer.clock_minutes()
    viewer.waits(15)
    assert (viewer.clock_minutes() - label) % 1440 in (15, 16)
    assert viewer.data_read_at() != before


def test_the_dark_theme_stays(viewer: Viewer) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = viewer.page.evaluate(paper)
    viewer.page.get_by_test_id("theme-toggle").click()
    dark = viewer.page.evaluate(paper)
    assert dark != light
    viewer.page.reload()
    assert viewer.page.evaluate(paper) == dark


def test_a_narrow_window_cuts_nothing_off(viewer: Viewer) -> None:
    viewer.page.set_viewport_size({"width": 420, "height": 900})
    alert = viewer.alert(REJECTED)
    assert viewer.page.evaluate("document.documentElement.scrollWidth") <= 420
    for button in alert.get_by_role("button").all():
        box = button.bounding_box()
        assert box is None or (box["x"] >= 0 and box["x"] + box["width"] <= 420)
