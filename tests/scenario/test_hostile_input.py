"""What comes from ads and from broken answers: shown as what it is, judged only when it is whole."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox.graph_faults import cut_json, eof, html, wrong_content_type
from bot.sandbox.slack_state import ApiCall
from tests.scenario.stage import CEDAR, WILLOW
from tests.talk import OWNER, TEAMMATE, Bot

NASTY = (
    "<!channel> <@U0OWNER001> <https://evil.example|x> *bold* `code` _it_ ~no~ &amp; \u202etxt @here :tada: "
)
LONG = (NASTY * 250)[:20_000]
NAMED = (
    *("in.hairoil", "in.serum", "in.nightoil", "in.bestsellers"),
    *("in.serum.broad", "in.bestsellers.students", "in.serum.broad.glow", "in.nightoil.lookalike.before"),
)
WAKING = ("<!", "<https://evil", "<@U0OWNER001>", "\u202e")


@pytest.fixture
def renamed(fresh: Bot) -> Bot:
    """The campaigns, ad sets and ads that alerts will be about have names of 20,000 hostile characters."""
    for key in (
        "in.hairoil",
        "in.bestsellers.students",
        "in.serum.broad.glow",
        "in.nightoil.lookalike.before",
    ):
        thing = fresh.world.by_key(key)
        fresh.world.rename(thing, LONG, fresh.clock.now(), "somebody")
    for parent in ("in.serum", "in.serum.broad", "in.nightoil", "in.bestsellers"):
        fresh.world.rename(fresh.world.by_key(parent), LONG, fresh.clock.now(), "somebody")
    fresh.settles()
    return fresh


def test_a_hostile_name_is_shown_as_it_is_and_wakes_nobody(renamed: Bot):
    assert len(renamed.alerts()) == 5
    for text in ("alerts", "report 7d", "report today"):
        renamed.says(f"/spruce {text}")
    renamed.opens_home(OWNER)
    rooms = renamed.slack.workspace(CEDAR.id).channels.values()
    seen = [message for room in rooms for message in room.messages]
    home = renamed.slack.home(OWNER.id, CEDAR.id)
    marked = [text for one in seen for text in [one.text, *markup(one.blocks)]] + list(markup(home))
    assert len(seen) >= 7
    for text in marked:
        assert not any(part in text for part in ("<!", "<https://evil", "<@U0OWNER001>", "\u202e")), text[
            :200
        ]
    assert any("&lt;!channel&gt;" in text for text in marked)
    assert all(call.answer and call.answer["ok"] for call in spoken(renamed)), "Slack took every message"


def test_no_message_is_longer_than_a_person_reads_however_long_a_name_is(renamed: Bot):
    for post in renamed.posts():
        assert len(post.text) < 1_500
        assert all(len(text) <= 3_000 for text in strings(post.blocks))
    told = renamed.says("/spruce report 7d", TEAMMATE)
    assert len(told) < 8_000


def test_a_hostile_name_can_be_acknowledged_snoozed_and_paused(renamed: Bot):
    for alert in renamed.alerts():
        if "Acknowledge" in alert.buttons():
            renamed.click("Acknowledge", alert, TEAMMATE)
        renamed.choose("Snooze", "1 hour", alert, TEAMMATE)
    tired = next(one for one in renamed.alerts() if "CTR (link) below" in one.text)
    renamed.click("Pause ad", tired, OWNER, confirmed=True)
    renamed.settles()
    assert [call.params["status"] for call in renamed.graph.calls("POST")] == ["PAUSED"]
    assert "<@U0OWNER001> paused this ad" in renamed.now(tired).words()


@pytest.mark.parametrize("text", [LONG, "report 7d " + LONG, "alerts " + LONG, "\u0000", "report\n\n7d"])
def test_whatever_is_typed_is_answered_shortly_and_wakes_nobody(bot: Bot, text: str):
    posts = bot.posts()
    told = bot.says(f"/spruce {text}", TEAMMATE)
    assert told
    assert len(told) < 8_000
    assert "<!channel>" not in told
    assert bot.posts() == posts


@pytest.mark.parametrize(
    ("call", "broken"),
    [("/insights", cut_json()), ("/insights", eof()), ("/insights", html()), ("/ads", cut_json())],
    ids=["insights-cut", "insights-eof", "insights-html", "ads-cut"],
)
def test_a_reading_that_breaks_changes_nothing_and_the_next_one_is_fine(bot: Bot, call: str, broken: Any):
    before = {place: bot.alerts(place) for place in (CEDAR, WILLOW)}
    bot.stand_ins.reviews(bot.stand_ins.rejected[CEDAR], "ACTIVE")
    bot.graph.faults.add(f"GET {call}", broken, times=1_000)
    bot.passes(minutes=60)  # so many good readings would have resolved it
    assert {place: bot.alerts(place) for place in (CEDAR, WILLOW)} == before
    bot.graph.faults.clear()
    bot.passes(minutes=45)
    assert "Resolved" in bot.alert("Before and after").words()
    assert len(bot.alerts()) == len(before[CEDAR])


def test_names_that_could_not_be_read_keep_nobody_from_judging(bot: Bot):
    bot.stand_ins.reviews(bot.stand_ins.rejected[CEDAR], "ACTIVE")
    bot.graph.faults.add("GET /campaigns", cut_json(), times=1_000)
    bot.graph.faults.add("GET /adsets", cut_json(), times=1_000)
    bot.passes(minutes=60)
    assert "Resolved" in bot.alert("Before and after").words()


def test_a_list_that_breaks_off_at_its_second_page_is_not_judged_by_its_first(fresh: Bot):
    fresh.graph.faults.add("GET /insights", cut_json(), params={"after": "NDk5"}, times=1_000)
    fresh.settles()
    assert fresh.posts() == []
    assert fresh.posts(WILLOW) != []
    fresh.graph.faults.clear()
    fresh.passes(minutes=15)
    assert len(fresh.alerts()) == 5


def test_a_right_answer_under_a_wrong_name_is_read(fresh: Bot):
    fresh.graph.faults.add("GET", wrong_content_type(), times=100)
    fresh.settles()
    assert len(fresh.alerts()) == 5


def spoken(bot: Bot) -> list[ApiCall]:
    """Every message, edit and view that was sent to Slack."""
    return [call for call in bot.slack.calls if call.method.startswith(("chat.", "views."))]


def markup(node: object) -> Iterator[str]:
    """Every text below this node in which Slack looks for mentions and links, unlike in plain text."""
    if isinstance(node, dict) and node.get("type") == "mrkdwn":
        yield str(node["text"])
    elif isinstance(node, list | dict):
        for one in node.values() if isinstance(node, dict) else node:
            yield from markup(one)


def strings(node: object) -> Iterator[str]:
    """Every string below this node."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | dict):
        for one in node.values() if isinstance(node, dict) else node:
            yield from strings(one)
