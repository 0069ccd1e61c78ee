"""Turns the arguments of a post into message content, refusing what Slack refuses."""

import copy
import json
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack_block_core import BlockFault
from bot.sandbox.slack_blocks import check_message, too_long
from bot.sandbox.slack_files import file_lookup
from bot.sandbox.slack_message import Message
from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_state import Channel, State, Workspace
from bot.sandbox.slack_wire import ApiError, Args

MOST_TEXT = 40_000
MOST_UPDATED_TEXT = 4_000
METADATA_BYTES = 16_000


@dataclass
class Content:
    """What a message says; `given` names the arguments that were sent at all."""

    text: str
    blocks: list[Json]
    attachments: list[Json]
    metadata: Json | None
    given: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)


def read(state: State, workspace: Workspace, args: Args) -> Content:
    """The content of chat.postMessage and its relatives, checked and with ids filled in."""
    given = {k for k in ("text", "blocks", "attachments", "metadata", "markdown_text") if args.has(k)}
    if "markdown_text" in given:
        return _from_markdown(state, args, given)
    blocks, attachments = args.data("blocks"), args.data("attachments")
    content = Content(args.text("text"), blocks or [], attachments or [], _metadata(args), given)
    _check(workspace, content)
    for part in [content.blocks, *(a.get("blocks", []) for a in content.attachments)]:
        fill_ids(state, part)
    if len(content.text) > MOST_TEXT:
        content.text = content.text[:MOST_TEXT]
        content.warnings.append("message_truncated")
    return content


def _from_markdown(state: State, args: Args, given: set[str]) -> Content:
    if given & {"text", "blocks"}:
        raise ApiError("markdown_text_conflict")
    text = args.text("markdown_text")
    if len(text) > 12_000:
        raise ApiError("msg_too_long")
    blocks = [{"type": "markdown", "text": text}]
    fill_ids(state, blocks)
    return Content(text, blocks, [], _metadata(args), given)


def _check(workspace: Workspace, content: Content) -> None:
    _check_lists(content)
    lookup = file_lookup(workspace)
    faults = check_message(content.blocks, files=lookup)
    for index, attachment in enumerate(content.attachments):
        root = f"/attachments/{index}/blocks"
        faults += check_message(attachment.get("blocks", []), files=lookup, root=root)
    if faults:
        raise invalid_blocks(faults)
    if too_long(content.blocks):
        raise ApiError("msg_blocks_too_long")


def _check_lists(content: Content) -> None:
    if not isinstance(content.blocks, list):
        raise ApiError("invalid_blocks_format")
    if not isinstance(content.attachments, list) or not all(isinstance(a, dict) for a in content.attachments):
        raise ApiError("invalid_attachments")
    if len(content.attachments) > 100:
        raise ApiError("too_many_attachments")


def need_something(content: Content) -> None:
    """A message must have text, blocks or attachments (`no_text`)."""
    if not (content.text.strip() or content.blocks or content.attachments):
        raise ApiError("no_text")


def invalid_blocks(faults: list[BlockFault], error: str = "invalid_blocks") -> ApiError:
    """The refusal that names each broken rule twice, as Slack does."""
    lines = [fault.line() for fault in faults]
    metadata = {"messages": [f"[ERROR] {line}" for line in lines]}
    return ApiError(error, errors=lines, response_metadata=metadata)


def _metadata(args: Args) -> Json | None:
    """Slack, "Message metadata": event_type and event_payload, small."""
    value: Json | None = args.data("metadata")
    if not value:
        return value
    if not isinstance(value, dict) or set(value) - {"event_type", "event_payload", "entities"}:
        raise ApiError("invalid_metadata_format")
    if not isinstance(value.get("event_type"), str) or not isinstance(value.get("event_payload"), dict):
        raise ApiError("invalid_metadata_format")
    if len(json.dumps(value).encode()) > METADATA_BYTES:
        raise ApiError("metadata_too_large")
    return value


_WITH_ACTION_ID = {"elements", "accessory", "element", "actions"}


def fill_ids(state: State, blocks: list[Json]) -> None:
    """Give every block and element the id Slack would have made up."""
    for block in blocks:
        block.setdefault("block_id", state.next_id("b"))
        parts: list[Any] = []
        for key in _WITH_ACTION_ID & set(block):
            parts += block[key] if isinstance(block[key], list) else [block[key]]
        for part in parts:
            if part.get("type") == "card":
                fill_ids(state, [part])
            elif part.get("type") not in _SILENT and not str(part.get("type")).startswith("rich_text_"):
                part.setdefault("action_id", state.next_id("a"))
        fill_ids(state, block.get("child_blocks", []))


_SILENT = {"image", "plain_text", "mrkdwn"}


def bot_message(state: State, workspace: Workspace, channel: Channel, content: Content) -> Message:
    """A new message from the app's bot user."""
    spec = workspace.spec
    return Message(
        ts=state.next_ts(),
        channel=channel.id,
        user=spec.bot_user_id,
        text=content.text,
        at=state.now(),
        blocks=copy.deepcopy(content.blocks),
        attachments=copy.deepcopy(content.attachments),
        metadata=content.metadata or None,
        bot_id=spec.bot_id,
        app_id=spec.app_id,
    )
