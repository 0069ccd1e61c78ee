"""Ad copy made fit to be searched, and the word patterns that search it, in every script.

Python's `\\b` breaks Indian words at their vowel signs, so a word's edges are written out here.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

import regex

EDGE = r"(?<![\p{L}\p{M}\p{N}_])"
END = r"(?![\p{L}\p{M}\p{N}_])"
FLAGS = regex.IGNORECASE | regex.VERSION1
LONGEST = 5_000  # code points; Meta takes 2,200 characters
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"'})
# What nobody sees: format characters, fillers, variation selectors.
_UNSEEN = regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]")
_BLANKS = regex.compile(r"[^\S\n]+")
_LINES = regex.compile(r" ?\n[ \n]*")
_NUKTA, _DOTS = "\u093c", "\u0901\u0902"
_SPACELESS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_BIDI = regex.compile(r"[\u202a-\u202e\u2066-\u2069\u061c]")
_MARKS = regex.compile(r"[\u200e\u200f]")
_RIGHT_TO_LEFT = regex.compile(r"[\p{Arabic}\p{Hebrew}]")
_CONTROL = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}--\n\r\t]", regex.VERSION1)
_NOTHING = regex.compile(
    r"[\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0]"
)
# Joiners spell in Indian and Arabic scripts and build emoji; between Latin letters they only hide.
_JOINED = regex.compile(
    r"(?<![\p{M}\p{So}\p{Sk}\p{Arabic}\ufe0f])[\u200c\u200d]|[\u200c\u200d](?=[\p{Latin}\p{N}\s]|$)"
)
_TAGS = regex.compile(r"(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]")
_LOOKALIKE = regex.compile(r"\p{Latin}\p{Cyrillic}|\p{Cyrillic}\p{Latin}")
_WORDS = regex.compile(r"[\p{L}\p{M}]+")


@lru_cache(maxsize=256)
def plain(text: str) -> str:
    """The text as it is searched: NFKC, nothing unseen, single spaces, ASCII digits and quotes."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", text[:LONGEST]))
    even = _LINES.sub("\n", _BLANKS.sub(" ", unicodedata.normalize("NFKC", seen)))
    return "".join(map(_digit, even)).translate(_QUOTES)


def hidden(text: str) -> str:
    """The first thing in the text that is not seen or turns the direction, as U+XXXX; or empty."""
    for pattern in (_CONTROL, _BIDI, _NOTHING, _JOINED, _TAGS):
        if found := pattern.search(text):
            return f"U+{ord(found.group()[0]):04X}"
    mark = _MARKS.search(text)
    return f"U+{ord(mark.group()):04X}" if mark and not _RIGHT_TO_LEFT.search(text) else ""


def mixed_word(text: str) -> str:
    """The first word that mixes Latin with Cyrillic letters that look the same, or empty."""
    words_of_it = _WORDS.findall(unicodedata.normalize("NFKC", text))
    return next((word for word in words_of_it if _LOOKALIKE.search(word)), "")


@cache
def pattern(source: str) -> regex.Pattern[str]:
    """A pattern over `plain` text: case does not matter, a space is any space, nukta and nasals vary."""
    return regex.compile(source.replace(" ", r"(?:[\s-]{1,3})"), FLAGS)


def words(source: str) -> str:
    """The source between the edges of words."""
    return f"{EDGE}(?:{source}){END}"


def any_of(terms: Iterable[str]) -> str:
    """One of the terms, the longest first, each spelled with or without its dots."""
    return "|".join(_spelled(term) for term in sorted(terms, key=len, reverse=True))


def term_key(text: str) -> str:
    """A term as it is looked up: lower case, single spaces, without dots below."""
    bare = "".join("\u0902" if one == "\u0901" else one for one in text.casefold() if one != _NUKTA)
    return " ".join(bare.replace("-", " ").split())


def banned_pattern(word: str) -> regex.Pattern[str] | None:
    """A brand's banned word or phrase as whole words; None where nothing is left of it."""
    bare = " ".join(plain(word).split())
    if not bare:
        return None
    spelled = r"\s+".join(regex.escape(one) for one in bare.split(" "))
    if _SPACELESS.search(bare):  # scripts that do not part their words
        return regex.compile(spelled, FLAGS)
    return regex.compile(
        (EDGE if _wordy(bare[0]) else "") + spelled + (END if _wordy(bare[-1]) else ""), FLAGS
    )


def _wordy(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _spelled(term: str) -> str:
    out = []
    for one in unicodedata.normalize("NFKC", term):
        if one == _NUKTA:
            continue
        if one in _DOTS:
            out.append(f"[{_DOTS}]")
        elif "\u0915" <= one <= "\u0939":
            out.append(f"{one}{_NUKTA}?")
        else:
            out.append(one if one == " " else regex.escape(one))
    return "".join(out)


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
