"""Every message in every state stays as it was stored, and Slack would take each of them.

To store them anew after an intended change: `python -m tests.unit.views_scenes`, then read the diff.
"""

import pytest
from slack_sdk.models.blocks import Block

from bot.sandbox.slack_blocks import check_message, check_view, view_too_large
from bot.views.kit import HOME_BLOCKS, MESSAGE_BLOCKS, MESSAGE_TOTAL, weight
from tests.unit.views_scenes import FOLDER, everything, payload, stored

SHOWN = everything()


@pytest.mark.parametrize("key", SHOWN)
def test_the_message_is_as_it_was_stored(key):
    assert stored(SHOWN[key]) == (FOLDER / f"{key}.json").read_text("utf-8")


def test_no_stored_message_is_left_of_a_scene_that_is_gone():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SHOWN)


@pytest.mark.parametrize("key", SHOWN)
def test_slack_takes_the_message(key):
    sent = payload(SHOWN[key])
    view = sent.get("type") in ("home", "modal")
    assert (check_view(sent) if view else check_message(sent["blocks"])) == []
    assert len(sent["blocks"]) <= (HOME_BLOCKS if view else MESSAGE_BLOCKS)
    assert not view_too_large(sent) if view else weight(sent["blocks"]) <= MESSAGE_TOTAL
    for block in sent["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()


@pytest.mark.parametrize("key", [key for key in SHOWN if not key.startswith(("home", "modal"))])
def test_the_notification_is_a_sentence_of_its_own(key):
    text = payload(SHOWN[key])["text"]
    assert text[0].isupper() or text[0] in "'"
    assert text.endswith((".", "?"))
    assert ".." not in text


@pytest.mark.parametrize("key", SHOWN)
def test_at_most_one_button_of_a_row_is_primary(key):
    rows = [block["elements"] for block in payload(SHOWN[key])["blocks"] if block["type"] == "actions"]
    assert all(sum(element.get("style") == "primary" for element in row) <= 1 for row in rows)


@pytest.mark.parametrize("state", ["open", "acknowledged", "snoozed", "resolved"])
def test_every_state_of_an_alert_has_its_own_heading(state):
    headings = {
        name: payload(SHOWN[f"alert-{name}.inr"])["blocks"][0]["text"]["text"]
        for name in ("open", "acknowledged", "snoozed", "resolved")
    }
    word = {"open": "Critical"}.get(state, state.capitalize())
    assert [name for name, heading in headings.items() if heading.startswith(word)] == [state]
