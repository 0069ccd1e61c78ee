"""Checks messages and views the way Slack does, with a JSON pointer for each broken rule."""

import json
from collections.abc import Iterator

from bot.sandbox.slack_block_core import (
    At,
    BlockFault,
    Check,
    FileLookup,
    Report,
    array,
    boolean,
    exactly,
    shape,
    string,
)
from bot.sandbox.slack_block_rich import cell_characters
from bot.sandbox.slack_block_table import block
from bot.sandbox.slack_block_text import plain_text
from bot.sandbox.slack_message import texts
from bot.sandbox.slack_spec import Json

# No Slack page gives this number: messages above it were refused (bolt-js issue 2509).
MOST_CHARACTERS = 13_200
VIEW_BYTES = 250_000


def no_files(_: Json) -> str | None:
    """For checks outside any workspace: every slack_file is taken as good."""
    return None


def check_message(blocks: object, *, files: FileLookup = no_files, root: str = "/blocks") -> list[BlockFault]:
    """Everything wrong with a message's blocks, the total length apart."""
    report = Report("message", files)
    at = At(root, report)
    array(block, 0, 50)(blocks, at)
    if isinstance(blocks, list):
        _unique_ids(blocks, at)
        _message_rules(blocks, at)
    return report.faults


def too_long(blocks: list[Json]) -> bool:
    """The blocks together hold more text than Slack takes (`msg_blocks_too_long`)."""
    return sum(map(len, texts(blocks))) > MOST_CHARACTERS


def check_view(view: object, *, files: FileLookup = no_files, root: str = "/view") -> list[BlockFault]:
    """Everything wrong with a modal or Home view, its size in bytes apart."""
    kind = view.get("type") if isinstance(view, dict) else None
    report = Report("home" if kind == "home" else "modal", files)
    at = At(root, report)
    if not isinstance(view, dict) or kind not in {"home", "modal"}:
        at.down("type").fault("unsupported_type", "must be one of: modal, home", ["modal", "home"])
        return report.faults
    (_home if kind == "home" else _modal)(view, at)
    if isinstance(view.get("blocks"), list):
        _unique_ids(view["blocks"], at.down("blocks"))
    if kind == "modal" and "submit" not in view and _has_input(view):
        at.fault("missing", "missing required field: submit; a modal with an input needs it", "submit")
    return report.faults


def view_too_large(view: object) -> bool:
    """The view's JSON is over 250 KB (`view_too_large`)."""
    return len(json.dumps(view).encode()) > VIEW_BYTES


_shared: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_blocks = array(block, 1, 100)
_home = shape({"type": exactly("home"), "blocks": _blocks}, _shared)
_modal = shape(
    {"type": exactly("modal"), "title": plain_text(24), "blocks": _blocks},
    {
        **_shared,
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)


def _has_input(view: Json) -> bool:
    blocks = view.get("blocks")
    return isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)


def _nested(blocks: list[object], at: At) -> Iterator[tuple[Json, At]]:
    for index, entry in enumerate(blocks):
        if isinstance(entry, dict):
            yield entry, at.down(index)
            children = entry.get("child_blocks")
            if isinstance(children, list):
                yield from _nested(children, at.down(index).down("child_blocks"))


def _unique_ids(blocks: list[object], at: At) -> None:
    seen: set[object] = set()
    for entry, place in _nested(blocks, at):
        name = entry.get("block_id")
        if isinstance(name, str) and name in seen:
            place.down("block_id").fault("duplicate", f"block_id already exists: {name}")
        seen.add(name if isinstance(name, str) else None)
        _unique_actions(entry, place)


def _unique_actions(entry: Json, at: At) -> None:
    elements = entry.get("elements") if entry.get("type") in {"actions", "context_actions"} else None
    seen: set[str] = set()
    for index, item in enumerate(elements if isinstance(elements, list) else []):
        name = item.get("action_id") if isinstance(item, dict) else None
        if isinstance(name, str):
            if name in seen:
                at.down("elements").down(index).down("action_id").fault(
                    "duplicate", f"action_id already exists: {name}"
                )
            seen.add(name)


def _message_rules(blocks: list[object], at: At) -> None:
    dicts = [entry for entry, _ in _nested(blocks, at)]
    of = {kind: [b for b in dicts if b.get("type") == kind] for kind in _COUNTED}
    if len(of["table"]) > 1:
        at.fault("only_one_table_allowed", "only_one_table_allowed", 1)
    if len(of["data_visualization"]) > 2:
        at.fault("too_many", "no more than 2 data_visualization blocks allowed", 2)
    if sum(len(str(b.get("text", ""))) for b in of["markdown"]) > 12_000:
        at.fault("too_long", "markdown blocks must be less than 12001 characters together", 12_000)
    if sum(map(cell_characters, of["data_table"])) > 20_000:
        at.fault("too_long", "data_table cells must be less than 20001 characters together", 20_000)


_COUNTED = ("table", "data_visualization", "markdown", "data_table")
