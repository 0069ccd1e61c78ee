"""What an ad's words must not say: Meta's advertising standards, the brand's own rules, new claims.

It reads words, not minds: what it finds is named with the reason and the way out, and what it does not
find Meta's review still may. The checks are listed in docs/reference/copy-checks.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain import contacts, personal_attributes, special_categories
from bot.domain.claims import Claim, claims, new_claims
from bot.domain.copy_codes import note
from bot.domain.copy_style import style
from bot.domain.creatives import Copy, Part
from bot.domain.placements import TEXTS
from bot.domain.policy_patterns import ALWAYS, ENDORSEMENT, SOFTLY, TESTIMONIAL
from bot.domain.policy_text import LONGEST, banned_pattern, hidden, mixed_word, pattern, plain
from bot.domain.variations import Brand, Gravity, Note

# What to show on a picture that a model made (advertising code of India, draft of 2026).
AI_LABEL: Final = "Image created using AI"
_ORDER = (Gravity.BLOCK, Gravity.WARN, Gravity.INFO)
_BRAND_RULES = ("banned_word",)  # hold for words that are already live as well


@dataclass(frozen=True, slots=True)
class _Known:
    """What the present ad says, in all of its parts."""

    text: str
    claims: list[Claim]
    categories: frozenset[str]  # of special ads, that its words are in
    declared: frozenset[str]


def lint(
    copy: Copy, original: Copy, brand: Brand, *, categories: Sequence[str] = (), picture_made: bool = False
) -> tuple[Note, ...]:
    """Everything the words call for, the graver first.

    `original` is the present ad: what it says already is no new claim, and in a part that stays as it is
    a person is warned where a writer would be blocked, because Meta reviews the new ad as a whole.
    `categories` are the special ad categories that the campaign declares (Meta's names), beside the
    brand's own. `picture_made` says that a model made the picture.
    """
    known = _known(original, brand, categories)
    notes: list[Note] = []
    for part in TEXTS:
        text = copy.text_of(part)[:LONGEST]
        if text:
            found = list(_of_part(part, text, original, brand, known))
            notes += _lived_with(found) if text == original.text_of(part) else found
    if picture_made:
        notes.append(_label(brand))
    return in_order(notes)


def in_order(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes without repetitions, the graver first, otherwise as they came."""
    once = list(dict.fromkeys(notes))
    return tuple(sorted(once, key=lambda one: _ORDER.index(one.gravity)))


def _known(original: Copy, brand: Brand, categories: Sequence[str]) -> _Known:
    text = "\n".join(plain(original.text_of(part)) for part in TEXTS)
    present = frozenset(category for category, _ in special_categories.find(text))
    declared = special_categories.declared([*categories, brand.special_category])
    return _Known(text, claims(contacts.without(text)), present, declared)


def _of_part(part: Part, text: str, original: Copy, brand: Brand, known: _Known) -> Iterator[Note]:
    yield from _characters(part, text)
    seen = plain(text)
    yield from _banned(part, seen, brand)
    yield from _personal(part, seen)
    yield from _forbidden(part, seen, known)
    yield from _voices(part, seen, known)
    yield from _claims(part, seen, known)
    for code, quote in contacts.find(seen, known.text):
        yield note(code, part=part, quote=quote)
    yield from _categories(part, seen, known)
    yield from style(part, seen, original.text_of(part))


def _characters(part: Part, text: str) -> Iterator[Note]:
    if found := hidden(text):
        yield note("hidden_characters", part=part, quote=found)
    if found := mixed_word(text):
        yield note("mixed_script_word", part=part, quote=found)


def _banned(part: Part, text: str, brand: Brand) -> Iterator[Note]:
    for word in brand.banned_words:
        searched = banned_pattern(word)
        if searched and (found := searched.search(text)):
            yield note("banned_word", part=part, quote=found.group())


def _personal(part: Part, text: str) -> Iterator[Note]:
    """One note for each attribute, the gravest with the longest quote."""
    best: dict[str, tuple[bool, int, Gravity, str]] = {}
    for what, gravity, quote in personal_attributes.find(text):
        candidate = (gravity is Gravity.BLOCK, len(quote), gravity, quote)
        if what not in best or candidate[:2] > best[what][:2]:
            best[what] = candidate
    for what, (_, _, gravity, quote) in best.items():
        yield note("personal_attribute", gravity, part=part, quote=quote, what=what)


def _forbidden(part: Part, text: str, known: _Known) -> Iterator[Note]:
    for code, (sources, soft) in ALWAYS.items():
        quote = _first(sources, text)
        if quote:
            yield note(code, Gravity.WARN if soft else None, part=part, quote=quote)
        elif (
            code in SOFTLY and (quote := _first(SOFTLY[code], text)) and not _first(SOFTLY[code], known.text)
        ):
            yield note(code, Gravity.WARN, part=part, quote=quote)


def _voices(part: Part, text: str, known: _Known) -> Iterator[Note]:
    """Words in others' names. Where the present ad quotes somebody, other words are a person's to judge."""
    if quote := _first(TESTIMONIAL, text):
        quoted_before = bool(_first(TESTIMONIAL, known.text))
        if quote.casefold() not in known.text.casefold():
            yield note("testimonial", Gravity.WARN if quoted_before else None, part=part, quote=quote)
    if (quote := _first(ENDORSEMENT, text)) and quote.casefold() not in known.text.casefold():
        yield note("endorsement", part=part, quote=quote)


def _claims(part: Part, text: str, known: _Known) -> Iterator[Note]:
    told = set()
    for claim in new_claims(contacts.without(text), known.claims):
        if (claim.code, claim.key) not in told:
            told.add((claim.code, claim.key))
            yield note(claim.code, part=part, quote=claim.quote)


def _categories(part: Part, text: str, known: _Known) -> Iterator[Note]:
    for category, quote in special_categories.find(text):
        if category in known.declared:
            yield note("special_category_limits", part=part, quote=quote, category=category)
        else:
            gravity = Gravity.WARN if category in known.categories else None
            yield note("special_category", gravity, part=part, quote=quote, category=category)


def _first(sources: Iterable[str], text: str) -> str:
    for source in sources:
        if found := pattern(source).search(text):
            return str(found.group().strip())
    return ""


def _lived_with(notes: Iterable[Note]) -> Iterator[Note]:
    """Notes on words that are live already: grave ones warn, the rest is not worth saying."""
    for one in notes:
        if one.code in _BRAND_RULES:
            yield one
        elif one.gravity is Gravity.BLOCK:
            yield replace(one, gravity=Gravity.WARN, sentence=f"The present ad has this too: {one.sentence}")


def _label(brand: Brand) -> Note:
    if brand.ai_label:
        return note("ai_label", Gravity.INFO, part=Part.PICTURE, quote=AI_LABEL, duty="It carries the label.")
    duty = (
        "The Indian advertising code asks for a label where it could be taken for a photograph of people,"
        " places or goods; switch the label on for this account if it advertises in India."
    )
    return note("ai_label", Gravity.WARN, part=Part.PICTURE, quote=AI_LABEL, duty=duty)
