"""A message as the stand-in keeps it, and how to find things in it."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.slack_spec import Json


class NotThereError(LookupError):
    """Nothing in the message or view answers to that name."""


@dataclass
class Message:
    """One message; `ephemeral_to` names the only person who sees it."""

    ts: str
    channel: str
    user: str
    text: str
    at: datetime
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    bot_id: str | None = None
    app_id: str | None = None
    ephemeral_to: str | None = None
    response_to: str | None = None
    subtype: str | None = None
    files: list[Json] = field(default_factory=list)
    reactions: list[Json] = field(default_factory=list)
    reply_broadcast: bool = False

    @property
    def is_ephemeral(self) -> bool:
        """Only one person sees it."""
        return self.ephemeral_to is not None

    @property
    def is_reply(self) -> bool:
        """It belongs to a thread and did not start it."""
        return self.thread_ts not in {None, self.ts}

    def all_blocks(self) -> list[Json]:
        """Its blocks and those of its attachments."""
        return self.blocks + [b for a in self.attachments for b in a.get("blocks", [])]

    def words(self) -> str:
        """Everything a person can read in it, one piece a line."""
        return "\n".join([self.text, *texts(self.all_blocks())])

    def buttons(self) -> list[str]:
        """The labels of its buttons, in reading order."""
        return [label(e) for _, e in interactive(self.all_blocks()) if e["type"] == "button"]


def snapshot_of(message: Message) -> Message:
    """A copy that stays as it is while the message moves on."""
    return copy.deepcopy(message)


def texts(node: object) -> Iterator[str]:
    """Every text a person can read below this node."""
    if isinstance(node, list):
        for item in node:
            yield from texts(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and key in {"text", "alt_text", "title"}:
                yield value
            else:
                yield from texts(value)


def label(element: Json) -> str:
    """What is written on an element: a button's text, else its placeholder."""
    for key in ("text", "placeholder"):
        if isinstance(element.get(key), dict):
            return str(element[key].get("text", ""))
    return ""


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each (block, element) that a person can operate, in reading order."""
    for block in blocks:
        for element in _elements(block):
            if "action_id" in element:
                yield block, element
        for key in ("child_blocks", "elements"):
            yield from interactive([b for b in block.get(key, []) if "block_id" in b])


def _elements(block: Json) -> list[Json]:
    found = [block[key] for key in ("accessory", "element") if isinstance(block.get(key), dict)]
    if block.get("type") in {"actions", "context_actions"}:
        found += block["elements"]
    if block.get("type") == "card":
        found += block.get("actions", [])
    return found


def find_element(blocks: list[Json], name: str, block_id: str | None = None) -> tuple[Json, Json]:
    """The (block, element) with this action_id, or with this written on it."""
    found = [
        pair
        for pair in interactive(blocks)
        if name in {pair[1]["action_id"], label(pair[1])} and block_id in {None, pair[0].get("block_id")}
    ]
    if not found:
        present = [f"{e['action_id']} ({label(e)})" for _, e in interactive(blocks)]
        raise NotThereError(f"no element {name!r}; there are: {', '.join(present) or 'none'}")
    return found[0]


def api_message(message: Message, team: str, *, with_metadata: bool = False) -> Json:
    """The message as the Web API and interaction payloads show it."""
    body: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    body["team"] = team
    body["blocks"] = copy.deepcopy(message.blocks)
    optional: Json = {
        "subtype": message.subtype,
        "bot_id": message.bot_id,
        "app_id": message.app_id,
        "thread_ts": message.thread_ts,
        "attachments": copy.deepcopy(message.attachments),
        "edited": message.edited,
        "files": message.files,
        "reactions": message.reactions,
    }
    body.update({key: value for key, value in optional.items() if value})
    if with_metadata and message.metadata:
        body["metadata"] = message.metadata
    return body
