"""An ad's text as its own sentences: where they end, which of them may stand alone, which limit others."""

import re

_END = re.compile(r"[.!?।॥…]+[\"'”’)*†‡]*[ \t]+|\s*\n\s*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:no|nos|rs|dr|mr|mrs|ms|st|vs|approx|incl|excl|min|max|pvt|ltd|co|e\.g|i\.e|[a-z])\.$",
    re.IGNORECASE,
)
# A condition, or what carries the sign of a footnote: a claim without it would be another claim.
_LIMITS = re.compile(
    r"\*|†|‡|\bT\s*&\s*C|\b(?:terms|conditions?|appl(?:y|ies)|subject to|valid|until|till|only|while stocks?"
    r"|minimum|selected|results? (?:may )?var(?:y|ies)|excludes?|except)\b|शर्तें|केवल",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"(?:and|but|or|so|also|then|because|which|that|this|these|those|it|its|they|their|he|she|plus|now|here|there"
    r"|both|too|yet|still|even|instead|otherwise|और|लेकिन|तो|यह|ये|वह)\b",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text, in order, trimmed."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        piece = text[start : match.end()].rstrip()
        if "\n" not in match.group() and _ABBREVIATION.search(piece):
            continue
        found.append(piece)
        start = match.end()
    found.append(text[start:])
    return [piece.strip() for piece in found if piece.strip()]


def limits(sentence: str) -> bool:
    """Whether it says under which condition another sentence holds."""
    return _LIMITS.search(sentence) is not None


def stands_alone(sentence: str) -> bool:
    """Whether it can be read first: it begins a thought of its own and limits no other."""
    words = sentence.split()
    begins = sentence[0].isalnum() and not sentence[0].islower()
    return (
        begins
        and len(words) >= 3
        and not _LEANS.match(sentence)
        and not limits(sentence)
        and not sentence.endswith(":")
    )
