"""The Block Kit checker: each rule, the pointer it reports, and that ordinary blocks pass."""

from typing import Any

import pytest

from bot.sandbox.slack_blocks import check_message, check_view, too_long, view_too_large

Json = dict[str, Any]


def text(words: str, kind: str = "plain_text") -> Json:
    return {"type": kind, "text": words}


def button(action_id: str = "a", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": text("Go"), **more}


def option(number: int) -> Json:
    return {"text": text(f"Option {number}"), "value": str(number)}


def select(count: int, **more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": [option(n) for n in range(count)], **more}


def section(**more: Any) -> Json:
    return {"type": "section", "text": text("hello", "mrkdwn"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": text("Label"), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": text("Title"), "blocks": list(blocks), **more}


def pointers(faults: list[Any]) -> list[str]:
    return [fault.pointer for fault in faults]


CONFIRM = {"title": text("Sure?"), "text": text("It stops."), "confirm": text("Yes"), "deny": text("No")}
ROW = [{"type": "raw_text", "text": "a"}, {"type": "raw_number", "value": 1, "text": "1"}]
PARAGRAPH = {
    "type": "rich_text_section",
    "elements": [{"type": "text", "text": "x", "style": {"bold": True}}],
}
RICH = {"type": "rich_text", "elements": [PARAGRAPH]}
GOOD = [
    {"type": "header", "text": text("Cost per purchase jumped")},
    section(fields=[text("a", "mrkdwn"), text("b")], accessory=button(style="danger", confirm=CONFIRM)),
    {"type": "divider"},
    {"type": "context", "elements": [text("IST", "mrkdwn")]},
    actions(button("x", url="https://example.com/a"), select(3), {"type": "datepicker", "action_id": "d"}),
    actions({"type": "overflow", "action_id": "o", "options": [{**option(1), "url": "https://example.com"}]}),
    RICH,
    {"type": "markdown", "text": "**bold**"},
    {"type": "table", "rows": [ROW], "column_settings": [None, {"align": "right"}]},
    {"type": "data_table", "caption": "Campaigns", "rows": [ROW, ROW]},
    {
        "type": "data_visualization",
        "title": "Spend",
        "chart": {
            "type": "line",
            "series": [{"name": "Spend", "data": [{"label": "Mon", "value": 3}]}],
            "axis_config": {"categories": ["Mon"]},
        },
    },
    {"type": "image", "alt_text": "CTR fell", "image_url": "https://example.com/a.png"},
    {"type": "container", "title": text("More"), "child_blocks": [section(), {"type": "divider"}]},
    {"type": "card", "title": text("Ad"), "actions": [button()]},
]


def test_ordinary_blocks_of_every_kind_pass() -> None:
    assert check_message(GOOD) == []


@pytest.mark.parametrize(
    ("block", "pointer"),
    [
        ({"type": "nonsense"}, "/blocks/0/type"),
        ("text", "/blocks/0"),
        ({"type": "header", "text": text("x" * 151)}, "/blocks/0/text/text"),
        ({"type": "header", "text": text("x", "mrkdwn")}, "/blocks/0/text/type"),
        ({"type": "header"}, "/blocks/0"),
        ({"type": "section"}, "/blocks/0"),
        (section(text=text("x" * 3001, "mrkdwn")), "/blocks/0/text/text"),
        (section(text=text("", "mrkdwn")), "/blocks/0/text/text"),
        (section(text={**text("x", "mrkdwn"), "emoji": True}), "/blocks/0/text"),
        (section(fields=[text("x")] * 11), "/blocks/0/fields"),
        (section(fields=[text("x" * 2001)]), "/blocks/0/fields/0/text"),
        (section(colour="red"), "/blocks/0"),
        (section(block_id="x" * 256), "/blocks/0/block_id"),
        (section(accessory={"type": "plain_text_input", "action_id": "p"}), "/blocks/0/accessory/type"),
        (actions(), "/blocks/0/elements"),
        (actions(*[button(str(n)) for n in range(26)]), "/blocks/0/elements"),
        (actions(button("same"), button("same")), "/blocks/0/elements/1/action_id"),
        (actions(button(text=text("x" * 76))), "/blocks/0/elements/0/text/text"),
        (actions(button(value="x" * 2001)), "/blocks/0/elements/0/value"),
        (actions(button(style="green")), "/blocks/0/elements/0/style"),
        (actions(button(url="javascript:alert(1)")), "/blocks/0/elements/0/url"),
        (
            actions(button(confirm={**CONFIRM, "confirm": text("x" * 31)})),
            "/blocks/0/elements/0/confirm/confirm/text",
        ),
        (actions(button(confirm={"title": text("x")})), "/blocks/0/elements/0/confirm"),
        (actions(select(101)), "/blocks/0/elements/0/options"),
        (actions(select(0)), "/blocks/0/elements/0/options"),
        (
            actions(select(2, option_groups=[{"label": text("g"), "options": [option(1)]}])),
            "/blocks/0/elements/0",
        ),
        (actions(select(2, initial_option=option(9))), "/blocks/0/elements/0"),
        (actions(select(2, placeholder=text("x" * 151))), "/blocks/0/elements/0/placeholder/text"),
        (
            actions({"type": "overflow", "action_id": "o", "options": [option(n) for n in range(6)]}),
            "/blocks/0/elements/0/options",
        ),
        (actions({"type": "datepicker", "initial_date": "22.11.2026"}), "/blocks/0/elements/0/initial_date"),
        (
            actions({"type": "checkboxes", "options": [option(n) for n in range(11)]}),
            "/blocks/0/elements/0/options",
        ),
        (
            actions({"type": "radio_buttons", "options": [option(1), option(1)]}),
            "/blocks/0/elements/0/options",
        ),
        ({"type": "context", "elements": [text("x")] * 11}, "/blocks/0/elements"),
        ({"type": "context", "elements": [button()]}, "/blocks/0/elements/0/type"),
        ({"type": "image", "image_url": "https://example.com/a.png"}, "/blocks/0"),
        ({"type": "image", "alt_text": "x"}, "/blocks/0"),
        ({"type": "image", "alt_text": "x", "image_url": "http://127.0.0.1/a.png"}, "/blocks/0/image_url"),
        ({"type": "markdown", "text": ""}, "/blocks/0/text"),
        ({"type": "alert", "text": text("x")}, "/blocks/0/type"),
        ({"type": "table", "rows": [ROW * 11]}, "/blocks/0/rows/0"),
        ({"type": "data_table", "rows": [ROW, ROW]}, "/blocks/0"),
        ({"type": "data_table", "caption": "c", "rows": [ROW, ROW[:1]]}, "/blocks/0/rows"),
        (
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text"}]}],
            },
            "/blocks/0/elements/0/elements/0",
        ),
        ({"type": "card", "subtitle": text("x")}, "/blocks/0"),
        (
            {"type": "container", "title": text("x"), "child_blocks": [{"type": "markdown", "text": "x"}]},
            "/blocks/0/child_blocks/0/type",
        ),
        ({"type": "task_card", "task_id": "1", "title": "x", "status": "pending"}, "/blocks/0/status"),
        (field({"type": "number_input", "is_decimal_allowed": True}), "/blocks/0/element/type"),
    ],
)
def test_a_broken_rule_is_pointed_at(block: Any, pointer: str) -> None:
    assert set(pointers(check_message([block]))) == {pointer}


def test_a_message_holds_fifty_blocks_and_a_view_a_hundred() -> None:
    assert pointers(check_message([{"type": "divider"}] * 51)) == ["/blocks"]
    assert check_message([{"type": "divider"}] * 50) == []
    assert pointers(check_view(modal(*[{"type": "divider"}] * 101))) == ["/view/blocks"]


def test_block_ids_are_unique_also_inside_containers() -> None:
    inner = {"type": "container", "title": text("x"), "child_blocks": [section(block_id="one")]}
    found = check_message([section(block_id="one"), inner])
    assert pointers(found) == ["/blocks/1/child_blocks/0/block_id"]


def test_some_blocks_are_counted_over_the_whole_message() -> None:
    table = {"type": "table", "rows": [ROW]}
    assert check_message([table, table])[0].code == "only_one_table_allowed"
    long = {"type": "markdown", "text": "x" * 7_000}
    assert pointers(check_message([long, long])) == ["/blocks"]
    assert too_long([section(text=text("x" * 2_900, "mrkdwn"))] * 5)
    assert not too_long([section(text=text("x" * 2_600, "mrkdwn"))] * 5)


def test_a_modal_with_an_input_needs_a_submit_button() -> None:
    entry = field({"type": "plain_text_input", "action_id": "p"})
    assert pointers(check_view(modal(entry))) == ["/view"]
    assert check_view(modal(entry, submit=text("Save"))) == []


@pytest.mark.parametrize(
    ("view", "pointer"),
    [
        (modal({"type": "divider"}, title=text("x" * 25)), "/view/title/text"),
        (modal({"type": "divider"}, private_metadata="x" * 3001), "/view/private_metadata"),
        (modal({"type": "divider"}, colour="red"), "/view"),
        (modal(), "/view/blocks"),
        (modal({"type": "markdown", "text": "x"}), "/view/blocks/0/type"),
        ({"type": "home", "blocks": [{"type": "divider"}], "title": text("x")}, "/view"),
        ({"type": "home", "blocks": [{"type": "alert", "text": text("x")}]}, "/view/blocks/0/type"),
        ({"type": "page"}, "/view/type"),
    ],
)
def test_a_view_with_a_broken_rule_is_pointed_at(view: Json, pointer: str) -> None:
    assert pointers(check_view(view)) == [pointer]


def test_only_one_element_may_have_the_focus() -> None:
    focused = {"type": "plain_text_input", "focus_on_load": True}
    view = modal(field(focused), field(focused), submit=text("Save"))
    assert pointers(check_view(view)) == ["/view/blocks/1/element/focus_on_load"]


def test_a_view_is_limited_in_bytes() -> None:
    assert view_too_large({"blocks": ["x" * 250_000]})
    assert not view_too_large({"blocks": []})
