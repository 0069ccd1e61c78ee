"""Addresses, numbers, names and blanks in ad copy: what a writer must not add."""

from collections.abc import Iterator
from typing import Final

import regex

from bot.domain.policy_text import EDGE, END, pattern, term_key, words

_TLD = (
    r"(?:com|in|co|net|org|io|shop|store|app|me|ly|link|xyz|online|site|info|biz|club|example"
    r"|test|dev|ai|us|uk|ru|cn"
    r"|top|live|page|gle|bit|to|gg|be)"
)
_LINKS: Final = (
    r"(?:https?|hxxps?|ftp|mailto|tel|javascript)\s?:\s?/{0,2}\S+",
    EDGE + r"www\s?[.。]\s?\S+",
    r"[^\s@<>()]{1,64}@[^\s@.]{1,63}(?:\.[^\s@.]{1,63}){1,4}",
    rf"(?<![\p{{L}}\p{{N}}@._-])(?:[\p{{L}}\p{{N}}][\p{{L}}\p{{N}}-]{{0,62}}[.。]){{1,5}}(?-i:{_TLD}"
    rf"|{_TLD.upper()})(?:/\S*)?{END}(?!\.\p{{L}})",
    r"(?<!\p{L})\p{L}{1,63}\s?[\[(]\s?(?:dot|\.)\s?[\])]\s?\p{L}{2,10}|(?<!\p{L})\p{L}{1,63}\sdot\scom\b",
)
_PHONES: Final = (
    r"(?<![\d,.])(?:\+?91[\s.-]?|0)?[6-9]\d{4}[\s.-]?\d{5}(?![\d,])",
    r"\+\d[\d\s().-]{7,16}\d",
    r"(?<!\d)1[89]00[\s-]?\d{2,3}[\s-]?\d{3,4}(?:[\s-]?\d{2,4})?(?!\d)",
)
_HANDLES: Final = (r"(?<![\p{L}\p{N}_.@\[<])@(?:\p{L}|_)[\p{L}\p{N}_.]{1,30}",)
_MENTIONS: Final = (r"@\[[^\]\n]{1,80}\]", r"<[@#!][^>\n]{1,80}>")
_BLANKS: Final = (
    r"\{\{[^}\n]{0,60}\}\}|\{[a-z_ .]{2,30}\}|%[A-Z_]{3,20}%|\$\{[^}\n]{1,40}\}",
    r"[\[<](?:insert|your|brand|product|company|name|link|price|city|discount|x{1,4}|n"
    r"|date)(?:\s[^\]>\n]{0,40})?[\]>]",
    r"</?[a-z][a-z0-9]{0,10}(?:\s[^>\n]{0,80})?/?>|&(?:lt|gt|amp|nbsp|#\d{2,5});",
    r"\*\*[^*\n]+\*\*|^#{1,6}\s|```|\[[^\]\n]{1,80}\]\([^)\n]{1,200}\)",
    words(r"lorem ipsum|xx+ ?%|₹ ?xx+"),
    r"^\s*\W{0,3}(?:headline|primary text|description|option|variation|variant|ad copy|copy"
    r"|version|body)\s?(?:\d|[a-c])?\s?[:–—-]\s",
    r"^\s*(?:sure|certainly|of course|okay|absolutely)[,!.]\s+(?:here|i)",
    words(
        r"here(?:'s| is| are) (?:a|an|the|your|my|some|three|3)(?: \p{L}+){0,3} (?:variations?"
        r"|versions?|headlines?|ad copy|copy|rewrites?|drafts?)"
    ),
    words(
        r"as an ai|language model|i can(?:'t|not) (?:help|assist|write)|(?:ignore"
        r"|disregard) (?:all )?(?:previous|prior|the above|earlier) (?:instructions?|prompts?)"
        r"|system prompt"
    ),
)
# code, patterns
CONTACTS: Final = (
    ("mention", _MENTIONS),
    ("new_link", _LINKS),
    ("new_phone", _PHONES),
    ("new_handle", _HANDLES),
    ("placeholder", _BLANKS),
)


def without(text: str) -> str:
    """`plain` text without its addresses, numbers and names, whose digits are no claims."""
    for _, sources in CONTACTS:
        for source in sources:
            text = _searched(source).sub(" ", text)
    return text


def find(text: str, original: str) -> Iterator[tuple[str, str]]:
    """Code and quote of each address, number, name or blank that the original (`plain` too) does not have."""
    known = term_key(original)
    for code, sources in CONTACTS:
        for source in sources:
            for found in _searched(source).finditer(text):
                quote = found.group().strip().rstrip(".,;:!?)")
                if term_key(quote) not in known:
                    yield code, quote


def _searched(source: str) -> regex.Pattern[str]:
    return pattern(source.replace(" ", r"\x20"))
