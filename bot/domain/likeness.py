"""How alike two texts are: shared runs of letters, shared runs of words, and their script."""

import unicodedata
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

import regex

from bot.domain.policy_text import plain

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}%₹]+")
_GRAM = 3
_SCRIPTS = (
    *("Latin", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada"),
    *("Malayalam", "Sinhala", "Arabic", "Hebrew", "Han", "Hiragana", "Katakana", "Hangul", "Cyrillic"),
    *("Greek", "Thai"),
)
_LETTER = regex.compile("|".join(rf"(?P<{script}>\p{{L}}(?<=\p{{Script={script}}}))" for script in _SCRIPTS))


class Run(NamedTuple):
    """The longest run of words that two texts share."""

    words: tuple[str, ...]
    share: float  # of the first text's words


def similarity(one: str, other: str) -> float:
    """0 to 1: how alike two texts are to a person who reads them from the beginning.

    The smaller of two shares, so that neither other words in the same order nor the same words in
    another order are the same thing: the Jaccard index of the runs of three characters, and the words
    that both have in the same order (longest common subsequence, twice over both lengths). Case, marks
    and spaces do not count.
    """
    left, right = _grams(one), _grams(other)
    together = (left | right).total()
    share = (left & right).total() / together if together else 1.0
    return min(share, _in_order(_words(one), _words(other)))


def shared_run(one: str, other: str) -> Run:
    """The longest run of words of one text that the other has too."""
    mine, theirs = _words(one), _words(other)
    best, end = 0, 0
    row = [0] * (len(theirs) + 1)
    for at, word in enumerate(mine):
        fresh = [0] * (len(theirs) + 1)
        for index, there in enumerate(theirs):
            if word == there:
                fresh[index + 1] = row[index] + 1
                if fresh[index + 1] > best:
                    best, end = fresh[index + 1], at + 1
        row = fresh
    return Run(tuple(mine[end - best : end]), best / len(mine) if mine else 0.0)


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but spaces and how characters are composed."""
    return _even(one) == _even(other)


def main_script(text: str) -> str:
    """The script of most letters, as Unicode names it; empty where there are no letters."""
    counts = Counter(found.lastgroup for found in _LETTER.finditer(unicodedata.normalize("NFKC", text)))
    return str(counts.most_common(1)[0][0]) if counts else ""


def _in_order(mine: list[str], theirs: list[str]) -> float:
    if not (mine or theirs):
        return 1.0
    row = [0] * (len(theirs) + 1)
    for word in mine:
        before = 0
        for index, there in enumerate(theirs):
            above = row[index + 1]
            row[index + 1] = before + 1 if word == there else max(above, row[index])
            before = above
    return 2 * row[-1] / (len(mine) + len(theirs))


def _even(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(plain(text))]


@lru_cache(maxsize=256)
def _grams(text: str) -> Counter[str]:
    joined = f" {' '.join(_words(text))} "
    return Counter(joined[at : at + _GRAM] for at in range(len(joined) - _GRAM + 1))
