"""Text from ads and people made fit to show: nothing hidden in it, and cut between characters."""

import re
import unicodedata

# Controls (but for line feed), soft hyphen, fillers that look like nothing, zero-width and bidirectional
# marks, lone surrogates (they cannot be sent as UTF-8), tag characters and supplementary selectors.
_HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffc\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_JOINERS = re.compile("[\u200c\u200d]+")
# Diacritics piled up without end run over the lines around them; no language needs more than three.
_PILE = re.compile(
    "([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_VIRAMA = 9  # canonical combining class
_FARTHEST_BACK = 32
_MOST_READ = 4_000  # no place in Slack shows more than 3,000
MORE = "…"


def clean(text: str) -> str:
    """The beginning of the text without what cannot be seen; line feeds stay."""
    plain = _HIDDEN.sub("", _BREAK.sub("\n", text[:_MOST_READ].replace("\t", " ")))
    return unicodedata.normalize("NFC", _PILE.sub(r"\1", _JOINERS.sub(_joiner, plain)))


def one_line(text: str) -> str:
    """The text cleaned, on one line, with single spaces."""
    return " ".join(clean(text).split())


def width(text: str) -> int:
    """Length as Slack's clients count it: UTF-16 units, so most emoji count two."""
    return len(text) + sum(character > "\uffff" for character in text)


def clip(text: str, limit: int) -> str:
    """At most `limit` wide; what is cut ends in an ellipsis and never inside a visible character."""
    if width(text) <= limit:
        return text
    room, end = limit - width(MORE), 0
    while (room := room - width(text[end])) >= 0:
        end += 1
    return text[: _boundary(text, end)].rstrip() + MORE


def _boundary(text: str, end: int) -> int:
    for candidate in range(end, max(end - _FARTHEST_BACK, 0), -1):
        if _may_cut(text, candidate):
            return candidate
    return end if end > _FARTHEST_BACK else 0


def _may_cut(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if unicodedata.category(after).startswith("M") or after in "\u200c\u200d" or _is_skin_tone(after):
        return False
    if before == "\u200d" or unicodedata.combining(before) == _VIRAMA:
        return False
    return not (_is_flag_half(after) and _flag_halves_before(text, at) % 2)


def _is_skin_tone(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff"


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    start = at
    while start and _is_flag_half(text[start - 1]):
        start -= 1
    return at - start


def _joiner(match: re.Match[str]) -> str:
    # Indian scripts spell with joiners after a virama, and emoji families are built with them;
    # anywhere else a joiner only makes two equal-looking names differ.
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    if not before or not after:
        return ""
    spells = unicodedata.combining(before) == _VIRAMA
    pictures = unicodedata.category(after) == "So" and (
        unicodedata.category(before) == "So" or before == "\ufe0f" or _is_skin_tone(before)
    )
    return match.group()[0] if spells or pictures else ""
