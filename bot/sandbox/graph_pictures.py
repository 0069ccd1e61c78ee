"""Pictures of the creatives that a world begins with: a coloured card with the creative's title, as PNG."""

from functools import lru_cache
from hashlib import md5
from io import BytesIO
from typing import Any, NamedTuple

from bot.sandbox.world_objects import Creative

_PALETTE = (
    ("#2f6f4f", "#a8d5a2"),
    ("#7a4b2a", "#f0c987"),
    ("#3c4f76", "#a7bed3"),
    ("#6b2d5c", "#f0a6ca"),
    ("#8a5a00", "#ffe08a"),
    ("#1f5f6b", "#9fd8d2"),
)
_SIDE = 1080
_LINE = 22


class Card(NamedTuple):
    """What decides how a picture looks."""

    title: str
    colours: int
    height: int
    play: bool


def hashes_of(creative: Creative) -> tuple[str, ...]:
    """The image hashes of a creative from before the API: opaque, as they are to everybody at Meta."""
    count = {"carousel": 3, "feed": 2}.get(creative.form, 1)
    return tuple(
        md5(f"{creative.id}/{place}".encode(), usedforsecurity=False).hexdigest() for place in range(count)
    )


def card_of(creative: Creative, place: int = 0) -> Card:
    """The picture at this place of a creative; the name says its ratio."""
    tall = creative.video or "9:16" in creative.name
    height = 1920 if tall else 1350 if "4:5" in creative.name else _SIDE
    return Card(creative.title, int(creative.id) + place, height, creative.video)


@lru_cache(maxsize=256)
def drawn(card: Card) -> bytes:
    """The card as PNG; the same bytes for the same card."""
    from PIL import Image, ImageDraw

    dark, light = _PALETTE[card.colours % len(_PALETTE)]
    image = Image.new("RGB", (_SIDE, card.height), light)
    draw = ImageDraw.Draw(image)
    middle, foot = card.height // 2 - 90, card.height - 240
    draw.ellipse((_SIDE // 2 - 260, middle - 260, _SIDE // 2 + 260, middle + 260), fill="#ffffff")
    if card.play:
        draw.polygon([(470, middle - 120), (470, middle + 120), (680, middle)], fill=dark)
    draw.rectangle((0, foot, _SIDE, card.height), fill=dark)
    _write(draw, card.title, foot)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _write(draw: Any, title: str, foot: int) -> None:
    from PIL import ImageFont

    # The font that comes with the library has no sign for rupees.
    words, lines = title.replace("₹", "Rs ").split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > _LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    font = ImageFont.load_default(size=64)
    for number, line in enumerate(lines[:3]):
        draw.text((48, foot + 20 + number * 70), line, fill="#ffffff", font=font)
