"""Capitals, marks and emoji beyond what the present ad has: they read as shouting."""

from collections.abc import Iterator
from typing import Final

import regex

from bot.domain.copy_codes import note
from bot.domain.creatives import Part
from bot.domain.policy_text import plain
from bot.domain.variations import Note

_LOUD_WORD = r"\b\p{Lu}{4,}\b"
_LOUD = regex.compile(rf"{_LOUD_WORD}(?:[\s,&-]+{_LOUD_WORD})+")
_CASED = regex.compile(r"[\p{Lu}\p{Ll}]")
_CAPITAL = regex.compile(r"\p{Lu}")
_RUN = regex.compile(r"[!?¡¿]{2,}|[.]{4,}|[!?]\s[!?]|[*~=_#]{3,}|-{4,}")
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f?")
_SAME = regex.compile(r"(\p{Emoji_Presentation}|\p{Extended_Pictographic})\ufe0f?(?:\s?\1\ufe0f?){2,}")
_MOST_MARKS: Final = 2  # exclamation marks in all
_MOST_EMOJI: Final = 5
_MOST_EMOJI_SHORT: Final = 2  # in a headline or description
_ENOUGH_LETTERS: Final = 12
_CAPITAL_SHARE: Final = 1 / 3


def style(part: Part, text: str, original: str) -> Iterator[Note]:
    """Notes on a part's `plain` text; what the original's part has as much of is left alone."""
    before = plain(original)
    if (quote := _capitals(text)) and not _capitals(before):
        yield note("excessive_capitals", part=part, quote=quote)
    if (quote := _marks(text)) and not _marks(before):
        yield note("excessive_punctuation", part=part, quote=quote)
    if (quote := _emoji(part, text)) and len(_EMOJI.findall(text)) > len(_EMOJI.findall(before)):
        yield note("excessive_emoji", part=part, quote=quote)


def _capitals(text: str) -> str:
    if found := _LOUD.search(text):
        return str(found.group())
    letters = len(_CASED.findall(text))
    capitals = len(_CAPITAL.findall(text))
    return text if letters >= _ENOUGH_LETTERS and capitals > _CAPITAL_SHARE * letters else ""


def _marks(text: str) -> str:
    if found := _RUN.search(text):
        return str(found.group())
    return "!" * text.count("!") if text.count("!") > _MOST_MARKS else ""


def _emoji(part: Part, text: str) -> str:
    if found := _SAME.search(text):
        return str(found.group())
    most = _MOST_EMOJI if part is Part.PRIMARY_TEXT else _MOST_EMOJI_SHORT
    found_all = _EMOJI.findall(text)
    return "".join(found_all) if len(found_all) > most else ""
