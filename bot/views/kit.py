"""The only place that knows Slack's limits: blocks, elements, messages, modals.

A plain `str` handed to any builder is escaped; only `Mrkdwn`, which `bot.views.markup` makes, goes
through as it is. Forgetting the rule therefore shows an odd character and never a mention. Limits:
Slack, "Block Kit reference"; where sources differ the smaller number holds.
"""

import copy
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.errors import BadInput
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
TYPED = 3_000  # what a text field of a modal takes
TITLE = 24  # of a modal, and each of its two buttons
METADATA = 3_000
CALLBACK_ID = 255
VIEW_TOTAL = 36_000  # a view's JSON may have 250 KB, and a letter sent as \u0905 takes six

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


def image_block(
    alt: str, *, url: str | None = None, file_id: str | None = None, title: str | None = None
) -> Block:
    """A picture as wide as the message: a public address, or a file that `Slack.upload` named."""
    named = _plain(title, 2_000) if title else None
    return _block("image", None, **_picture(alt, url, file_id), title=named)


def input_block(
    label: str, element: Element, *, block_id: str, hint: str | None = None, optional: bool = False
) -> Block:
    """A question in a modal; `block_id` is the name its answer arrives under and an error is shown at."""
    hinted = _plain(hint, 2_000) if hint else None
    asked = _block("input", block_id, label=_plain(label, 2_000), element=element, hint=hinted)
    return {**asked, "optional": True} if optional else asked


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


def select(
    action_id: str, placeholder: str, options: Sequence[Element], *, initial: str | None = None
) -> Element:
    """A menu of up to 100 choices; `initial` is the value of the one that is chosen already."""
    menu = _menu("static_select", action_id, options[:100], placeholder=_plain(placeholder, 150))
    return {**menu, **_chosen(options[:100], initial)}


def radio(action_id: str, options: Sequence[Element], *, initial: str | None = None) -> Element:
    """Up to ten choices that all show; `initial` is the value of the one that is chosen already."""
    return {**_menu("radio_buttons", action_id, options[:10]), **_chosen(options[:10], initial)}


def overflow(action_id: str, options: Sequence[Element]) -> Element:
    """A menu of up to five choices behind three dots."""
    return _menu("overflow", action_id, options[:5])


def text_input(
    action_id: str,
    placeholder: str = "",
    *,
    multiline: bool = False,
    initial_value: str = "",
    max_length: int = TYPED,
    min_length: int = 0,
) -> Element:
    """A field to type in, for an input block; what it starts with is never cut, because it comes back.

    Raises BadInput for an `initial_value` that is longer than the field.
    """
    most = min(max_length, TYPED)
    if width(initial_value) > most:
        raise BadInput(f"This text is too long for a dialog, which takes {most} characters.", field="text")
    element = {"type": "plain_text_input", "action_id": action_id, "multiline": multiline}
    extra = {"initial_value": initial_value, "min_length": min(min_length, most)}
    hinted = {"placeholder": _plain(placeholder, 150)} if placeholder else {}
    return {**element, **hinted, "max_length": most, **{key: part for key, part in extra.items() if part}}


def image(url: str | None, alt: str, *, file_id: str | None = None) -> Element:
    """A small picture beside a section: a public address, or a file that `Slack.upload` named."""
    return {"type": "image", **_picture(alt, url, file_id)}


def _picture(alt: str, url: str | None, file_id: str | None) -> Element:
    if (url is None) == (file_id is None):
        raise ValueError("A picture has an address or a file, and not both.")
    source = {"image_url": url} if url is not None else {"slack_file": {"id": file_id}}
    return {**source, "alt_text": clip(one_line(alt), 2_000) or "Picture"}


def _menu(kind: str, action_id: str, options: Sequence[Element], **parts: Any) -> Element:
    return {"type": kind, "action_id": action_id, "options": list(options), **parts}


def _chosen(options: Sequence[Element], value: str | None) -> Element:
    # A choice that is not offered any more is left open; Slack refuses it.
    found = next((one for one in options if one["value"] == value), None)
    return {"initial_option": found} if found else {}


# Modals ------------------------------------------------------------------------------------------


def modal(
    title: str,
    blocks: Iterable[Block | None],
    *,
    callback_id: str = "",
    submit: str | None = None,
    close: str = "Cancel",
    private_metadata: str = "",
) -> Element:
    """A dialog for `Reply.view`; `private_metadata` comes from `bot.views.origin.pack`.

    Raises ValueError for what Slack refuses and nobody can shorten: identifiers that are too long, and
    questions without a button to send them.
    """
    kept = fit([block for block in blocks if block], HOME_BLOCKS, VIEW_TOTAL)
    if len(callback_id) > CALLBACK_ID or len(private_metadata) > METADATA:
        raise ValueError(f"The dialog {callback_id[:60]!r} carries more than Slack takes.")
    if submit is None and any(block["type"] == "input" for block in kept):
        raise ValueError(f"The dialog {callback_id!r} asks and has no button to answer with.")
    view = {"type": "modal", "title": _plain(title, TITLE), "close": _plain(close, TITLE), "blocks": kept}
    carried = {"callback_id": callback_id, "private_metadata": private_metadata}
    sent = {"submit": _plain(submit, TITLE)} if submit else {}
    return {**view, **sent, **{key: text for key, text in carried.items() if text}}


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
