"""What may stand in texts that go to a model and come back: sizes, characters, links, mentions."""

import re
import unicodedata

from bot.domain.creatives import Part

# Characters, not graphemes: these are the outermost bounds, bot.domain judges lengths by placement.
LONGEST = {Part.PRIMARY_TEXT: 1_200, Part.HEADLINE: 120, Part.DESCRIPTION: 120, Part.PICTURE: 600}
ANGLE = 40
ANSWER = 20_000
VARIANTS = 3
PICTURE_BYTES = 7_000_000  # inline data of a request to Gemini is limited to 20 MB in all

_JOINERS = "\u200c\u200d"
_NEWLINES = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
)
_GAP = re.compile(r"\n(?:[ \t]*\n){2,}")
# Not of a category that would give them away, yet drawn as nothing.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN = frozenset(["Cc", "Cf", "Cs", "Co", "Cn"])

_TLD = (
    "app|ai|biz|click|club|co|com|dev|edu|example|gg|gov|in|info|io|link|live|ly|me|mobi|net|online|org|page|"
    "pro|shop|site|space|store|top|tv|uk|us|xyz|zip"
)
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://\S+"
    r"|\b(?:javascript|data|vbscript|file|mailto|tel|intent):\S+"
    r"|\bwww\.\S+"
    rf"|(?<![\w@.-])(?:[\w-]{{1,63}}\.)+(?:{_TLD})\b(?:[/:?#]\S*)?"
    r"|\b[\w.+-]{1,64}@[\w-]{1,63}\.\w{2,}"
    r"|\b(?:\d{1,3}\.){3}\d{1,3}\b",
    re.IGNORECASE,
)
# "…of the day.In stock": a sentence whose blank was forgotten, not the top-level domain of India.
_SENTENCE = re.compile(r"\.(?:In|Me|Us|Co|So|Pro|Top|Live|Link|Click|Page|Shop|Store|Space|Info|App|Online)$")
_MENTION = re.compile(r"(?<![\w.])@(?:channel|here|everyone|group)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:lt|gt|#\w+);?", re.IGNORECASE)


def clean(text: str, most: int) -> str:
    """The text without what cannot be seen, at most `most` characters; line ends become newlines.

    Joiners stay where a script or an emoji needs them (RFC 5892, appendix A), since a word of Hindi
    or a family of emoji is another without them.
    """
    text = text.replace("\r\n", "\n").translate(_NEWLINES)
    seen = "".join(sign for place, sign in enumerate(text) if not _unseen(text, place))
    return _GAP.sub("\n\n", seen).strip()[:most].strip()


def unseen(text: str) -> bool:
    """Whether a text holds characters that are not drawn or change the direction of others."""
    return any(_unseen(text, place) for place in range(len(text)))


def links(text: str) -> list[str]:
    """Everything in a text that a reader or a program could follow, as it is written."""
    found = [match.group().rstrip(".,;:!?)]}\"'") for match in _LINK.finditer(text)]
    return [link for link in found if not _SENTENCE.search(link)]


def fault(text: str, *, allowed: str = "") -> str | None:
    """Why a text that came back cannot be used, as the end of a sentence; None where it can.

    `allowed` is the original ad's text: a link that stands there may be used again.
    """
    if unseen(text):
        return "holds characters that cannot be seen"
    if "<" in text or _ENTITY.search(text):
        return "holds markup"
    if "](" in text:
        return "holds a Markdown link"
    if _MENTION.search(text):
        return "mentions a whole channel"
    known = {link.casefold() for link in links(allowed)}
    if any(link.casefold() not in known for link in links(text)):
        return "holds a link that the original does not have"
    return None


def mime_type(picture: bytes) -> str:
    """What kind of picture the first bytes say it is; empty for any that Gemini does not read."""
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if picture.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "image/webp"
    return ""


def _unseen(text: str, place: int) -> bool:
    sign = text[place]
    if sign.isascii():
        return not sign.isprintable() and sign != "\n"
    if sign in _BLANK or 0xE0100 <= ord(sign) <= 0xE01EF or sign in "\u2028\u2029":
        return True
    if sign in _JOINERS:
        return not _joins(text, place)
    return unicodedata.category(sign) in _UNSEEN


def _joins(text: str, place: int) -> bool:
    """Whether a joiner does something here: behind a virama, in Arabic script, or between emoji."""
    before = text[place - 1] if place else ""
    after = text[place + 1] if place + 1 < len(text) else ""
    if not before:
        return False
    if unicodedata.combining(before) == 9:
        return True
    if not after:
        return False
    if text[place] == "\u200c":
        return _arabic(before) and _arabic(after)
    drawn = before == "\ufe0f" or unicodedata.category(before) in ("So", "Sk")
    return drawn and unicodedata.category(after) == "So"


def _arabic(sign: str) -> bool:
    return "\u0600" <= sign <= "\u07bf" and sign.isalpha()
