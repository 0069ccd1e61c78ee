"""The only place that knows Slack's limits: blocks, elements, messages.

A plain `str` handed to any builder is escaped; only `Mrkdwn`, which `bot.views.markup` makes, goes
through as it is. Forgetting the rule therefore shows an odd character and never a mention. Limits:
Slack, "Block Kit reference"; where sources differ the smaller number holds.
"""

import copy
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.views.markup import Mrkdwn, clip_markup, escape, join, mrk
from bot.views.text import clip, one_line, width

Block = dict[str, Any]
Element = dict[str, Any]
Style = Literal["primary", "danger"]

MESSAGE_BLOCKS = 50
HOME_BLOCKS = 100
MESSAGE_TOTAL = 12_000  # undocumented; messages above about 13,200 characters were refused
FALLBACK = 3_000  # chat.update refuses `text` above 4,000
SECTION = 3_000
FIELD = 2_000
HEADER = 150
OPTION = 75
CELL = 60
URL = 3_000

_PUBLIC_HTTPS = re.compile(r"https://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?:[/?#][^\s<>]*)?")
_LEFT_OUT = "The rest is left out: Slack does not take longer messages."


def is_public_image(url: str | None) -> bool:
    """Whether Slack can be expected to fetch it; one image it cannot fetch fails the whole message."""
    return _PUBLIC_HTTPS.fullmatch(url or "") is not None and len(url or "") <= URL


# Text objects ------------------------------------------------------------------------------------


def _marked(text: str, limit: int) -> Element:
    markup = text if isinstance(text, Mrkdwn) else escape(text)
    # `verbatim` keeps Slack from turning addresses and names inside the text into links.
    return {"type": "mrkdwn", "text": clip_markup(markup, limit) or " ", "verbatim": True}


def _plain(text: str, limit: int) -> Element:
    return {"type": "plain_text", "text": clip(one_line(text), limit) or " ", "emoji": False}


# Blocks ------------------------------------------------------------------------------------------


def header(text: str) -> Block:
    """A heading in plain text."""
    return {"type": "header", "text": _plain(text, HEADER)}


def section(text: str, *, accessory: Element | None = None, block_id: str | None = None) -> Block:
    """A paragraph, with one element beside it."""
    return _block("section", block_id, text=_marked(text, SECTION), accessory=accessory)


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Up to ten labelled values in two columns."""
    cells = [_marked(mrk("*{}*\n{}", label, value), FIELD) for label, value in pairs[:10]]
    return {"type": "section", "fields": cells}


def context(*texts: str | None) -> Block | None:
    """Small print, one line for each text; None where there is nothing to say."""
    lines = join(texts)
    return {"type": "context", "elements": [_marked(lines, SECTION)]} if lines else None


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(elements: Iterable[Element | None], *, block_id: str | None = None) -> Block | None:
    """A row of elements; None where none is left."""
    row = [element for element in elements if element][:25]
    return _block("actions", block_id, elements=row) if row else None


def image_block(url: str, alt: str, title: str | None = None) -> Block:
    """A picture as wide as the message."""
    return _block("image", None, **_picture(url, alt), title=_plain(title, 2_000) if title else None)


def input_block(
    label: str, element: Element, *, hint: str | None = None, block_id: str | None = None
) -> Block:
    """A question in a modal."""
    hinted = _plain(hint, 2_000) if hint else None
    return _block("input", block_id, label=_plain(label, 2_000), element=element, hint=hinted)


def table(rows: Sequence[Sequence[str]]) -> Block:
    """A table in plain text: first row headings, first column names, then numbers; one for a message."""
    cells = [[_cell(text) for text in row[:20]] for row in rows[:100]]
    numbers = [{"align": "right", "is_wrapped": False} for _ in rows[0][1:20]]
    settings = [{"align": "left", "is_wrapped": True}, *numbers]
    return {"type": "table", "rows": cells, "column_settings": settings}


def _cell(text: str) -> Element:
    return {"type": "raw_text", "text": clip(one_line(text), CELL) or "–"}


def _block(kind: str, block_id: str | None, **parts: Any) -> Block:
    identified = {"type": kind, "block_id": block_id[:255] if block_id else None, **parts}
    return {key: value for key, value in identified.items() if value is not None}


# Elements ----------------------------------------------------------------------------------------


def button(
    label: str, action_id: str, value: str, *, style: Style | None = None, confirm: Element | None = None
) -> Element:
    """A button that sends a value."""
    element = _block("button", None, action_id=action_id, text=_plain(label, 75), value=value)
    return {**element, **({"style": style} if style else {}), **({"confirm": confirm} if confirm else {})}


def link_button(label: str, action_id: str, url: str) -> Element:
    """A button that opens an address; Slack reports the click all the same."""
    return {"type": "button", "action_id": action_id, "text": _plain(label, 75), "url": url}


def confirm(title: str, text: str, yes: str, *, style: Style | None = None) -> Element:
    """The question asked before a button's value is sent."""
    dialog = {"title": _plain(title, 100), "text": _plain(text, 300)}
    dialog |= {"confirm": _plain(yes, 30), "deny": _plain("Cancel", 30)}
    return {**dialog, "style": style} if style else dialog


def option(label: str, value: str, url: str | None = None) -> Element:
    """One choice; a `url` is only allowed in an overflow menu."""
    choice = {"text": _plain(label, OPTION), "value": value}
    return {**choice, "url": url} if url else choice


def select(action_id: str, placeholder: str, options: Sequence[Element]) -> Element:
    """A menu of up to 100 choices."""
    return _menu("static_select", action_id, options[:100], placeholder=_plain(placeholder, 150))


def overflow(action_id: str, options: Sequence[Element]) -> Element:
    """A menu of up to five choices behind three dots."""
    return _menu("overflow", action_id, options[:5])


def text_input(action_id: str, placeholder: str, *, multiline: bool = False) -> Element:
    """A field to type in; for an input block."""
    extra = {"multiline": multiline, "placeholder": _plain(placeholder, 150)}
    return {"type": "plain_text_input", "action_id": action_id, **extra}


def image(url: str, alt: str) -> Element:
    """A small picture beside a section."""
    return {"type": "image", **_picture(url, alt)}


def _picture(url: str, alt: str) -> Element:
    return {"image_url": url, "alt_text": clip(one_line(alt), 2_000) or "Picture"}


def _menu(kind: str, action_id: str, options: Sequence[Element], **parts: Any) -> Element:
    return {"type": kind, "action_id": action_id, "options": list(options), **parts}


# Messages ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: `text` for notifications and screen readers, blocks for everybody else."""

    text: str
    blocks: tuple[Block, ...] = ()

    def as_payload(self) -> dict[str, Any]:
        """The arguments of `chat.postMessage` and of a `response_url`; an update needs both parts too."""
        return {"text": self.text, "blocks": copy.deepcopy(list(self.blocks))}

    def without_images(self) -> "Message":
        """The same message for when Slack could not fetch a picture and refused it."""
        kept = [block for block in self.blocks if block["type"] != "image"]
        return Message(self.text, tuple(_without_picture(block) for block in kept))


def message(text: str, blocks: Iterable[Block | None]) -> Message:
    """A message within Slack's limits; blocks that are None are left out."""
    fallback = text if isinstance(text, Mrkdwn) else escape(text)
    fitting = fit([block for block in blocks if block], MESSAGE_BLOCKS, MESSAGE_TOTAL)
    return Message(clip_markup(fallback, FALLBACK), tuple(fitting))


def fit(blocks: Sequence[Block], most: int, total: int) -> list[Block]:
    """As many blocks as Slack takes, and a note where some had to go; views stay below this by themselves."""
    note = context(_LEFT_OUT)
    kept: list[Block] = []
    size = weight(note)
    for block in blocks:
        size += weight(block)
        if size > total or (len(kept) == most - 1 and len(blocks) > most):
            return [*kept, note] if note else kept
        kept.append(block)
    return kept


def weight(node: Any) -> int:
    """Everything written below a node: texts, values and addresses."""
    if isinstance(node, str):
        return width(node)
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list | tuple) else ()
    return sum(weight(child) for child in children)


def _without_picture(block: Block) -> Block:
    if block.get("accessory", {}).get("type") != "image":
        return block
    return {key: value for key, value in block.items() if key != "accessory"}
