"""Every block type, its limits and the surfaces it may stand on (Slack, "Block Kit reference: blocks")."""

from bot.sandbox.slack_block_core import (
    At,
    Check,
    array,
    at_least_one,
    boolean,
    by_type,
    choice,
    exactly,
    shape,
    string,
)
from bot.sandbox.slack_block_elements import element, rich_text_input
from bot.sandbox.slack_block_rich import data_table, data_visualization, rich_text, table
from bot.sandbox.slack_block_text import (
    IMAGE_SOURCE,
    alt_text,
    any_text,
    block_id,
    image_element,
    link,
    one_image_source,
    plain_text,
)
from bot.sandbox.slack_spec import Json

_context = by_type(
    {
        "image": image_element,
        "plain_text": any_text(3000),
        "mrkdwn": any_text(3000),
    }
)


def _block(kind: str, required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return shape({"type": exactly(kind), **required}, {"block_id": block_id, **(optional or {})})


def _section(value: object, at: At) -> None:
    fields = array(any_text(2000), 1, 10)
    extra: dict[str, Check] = {
        "block_id": block_id,
        "text": any_text(3000),
        "fields": fields,
        "accessory": element("section"),
        "expand": boolean,
    }
    shape({"type": exactly("section")}, extra, at_least_one("text", "fields"))(value, at)


def _image(value: object, at: At) -> None:
    extra: dict[str, Check] = {"block_id": block_id, "title": plain_text(2000), **IMAGE_SOURCE}
    shape({"type": exactly("image"), "alt_text": alt_text}, extra, one_image_source)(value, at)


def _dispatching(value: Json, at: At) -> None:
    """The input's own file element cannot dispatch."""
    inner = value.get("element")
    kind = inner.get("type") if isinstance(inner, dict) else None
    if value.get("dispatch_action") and kind == "file_input":
        at.down("dispatch_action").fault("not_allowed", "file_input cannot dispatch actions")


_input = shape(
    {
        "type": exactly("input"),
        "label": plain_text(2000),
        "element": element("input", rich_text_input(rich_text)),
    },
    {"block_id": block_id, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    _dispatching,
)
_card = shape(
    {"type": exactly("card")},
    {
        "block_id": block_id,
        "hero_image": image_element,
        "icon": image_element,
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "actions": array(element("card"), 1, 3),
    },
    at_least_one("hero_image", "title", "body", "actions"),
)
_STATUS = choice("pending", "in_progress", "complete", "error")
_task = _block(
    "task_card",
    {"task_id": string(255), "title": string(255)},
    {
        "status": _STATUS,
        "details": rich_text,
        "output": rich_text,
        "sources": array(shape({"type": exactly("url"), "url": link, "text": string(255)})),
    },
)


def _lone_task(value: object, at: At) -> None:
    _task(value, at)
    if isinstance(value, dict) and value.get("status") == "pending":
        at.down("status").fault("not_allowed", "a task_card on its own cannot be pending")


def _container_rules(value: Json, at: At) -> None:
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        at.down("default_collapsed").fault("not_allowed", "default_collapsed needs is_collapsible")
    if value.get("has_header_divider") and value.get("is_collapsible"):
        at.down("has_header_divider").fault("not_allowed", "has_header_divider excludes is_collapsible")


_IN_CONTAINER = {
    "actions",
    "context",
    "divider",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "table",
    "video",
}


def _child(value: object, at: At) -> None:
    by_type(BLOCKS, lambda kind, _: kind in _IN_CONTAINER)(value, at)


_container = shape(
    {"type": exactly("container"), "child_blocks": array(_child, 1, 10)},
    {
        "block_id": block_id,
        "title": plain_text(150),
        "rich_text_title": rich_text,
        "subtitle": plain_text(150),
        "width": choice("narrow", "standard", "wide", "full"),
        "icon": image_element,
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    at_least_one("title", "rich_text_title"),
    _container_rules,
)

BLOCKS: dict[str, Check] = {
    "section": _section,
    "header": _block("header", {"text": plain_text(150)}),
    "divider": _block("divider", {}),
    "context": _block("context", {"elements": array(_context, 1, 10)}),
    "actions": _block("actions", {"elements": array(element("actions"), 1, 25)}),
    "input": _input,
    "image": _image,
    "rich_text": rich_text,
    "markdown": _block("markdown", {"text": string(12000)}),
    "table": table,
    "data_table": data_table,
    "data_visualization": data_visualization,
    "card": _card,
    "carousel": _block("carousel", {"elements": array(by_type({"card": _card}), 1, 10)}),
    "container": _container,
    "alert": _block(
        "alert", {"text": any_text(200)}, {"level": choice("default", "info", "warning", "error", "success")}
    ),
    "context_actions": _block("context_actions", {"elements": array(element("context_actions"), 1, 5)}),
    "task_card": _lone_task,
    "plan": _block("plan", {"title": string(255)}, {"tasks": array(by_type({"task_card": _task}), 1, 50)}),
    "video": _block(
        "video",
        {"video_url": link, "thumbnail_url": link, "alt_text": alt_text, "title": plain_text(199)},
        {
            "author_name": string(49),
            "description": plain_text(200),
            "provider_icon_url": link,
            "provider_name": string(100),
            "title_url": link,
        },
    ),
}

EVERYWHERE = {"message", "modal", "home"}
SURFACES: dict[str, set[str]] = {
    "markdown": {"message"},
    "table": {"message"},
    "data_table": {"message"},
    "data_visualization": {"message"},
    "card": {"message", "home"},
    "carousel": {"message", "home"},
    "container": {"message"},
    "alert": {"modal"},
    "context_actions": {"message"},
    "task_card": {"message"},
    "plan": {"message"},
}


def block(value: object, at: At) -> None:
    """One block on the surface being checked."""
    by_type(BLOCKS, lambda kind, place: place.report.surface in SURFACES.get(kind, EVERYWHERE))(value, at)
