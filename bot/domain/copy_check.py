"""Whether a variation may be shown to people: lengths, one change, duplicates, copies and policy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.copy_codes import note
from bot.domain.creatives import Copy, CreativeContent, Part
from bot.domain.likeness import main_script, same_words, shared_run, similarity
from bot.domain.placements import HARD_LIMITS, PLACEMENTS, TEXTS, graphemes
from bot.domain.policy_lint import in_order, lint
from bot.domain.policy_text import LONGEST
from bot.domain.variations import Brand, Draft, Gravity, Note, Winner

DUPLICATE: Final = 0.85
ALIKE: Final = 0.6  # above it ads are said to be treated as one; Meta confirms no figure
_COPIED_SHARE: Final = 0.8  # of the words, and at least _COPIED_WORDS of them: the winner's own sentence
_COPIED_WORDS: Final = 5
_LONG_RUN: Final = 7  # so many words in a row are no coincidence
_HALF_SHARE: Final = 0.5
_HALF_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Against:
    """What a variation is held against, besides the ad's own words."""

    brand: Brand = field(default_factory=Brand)
    placements: tuple[str, ...] = ()  # keys of bot.domain.placements
    others: tuple[Copy, ...] = ()  # the variations beside it
    winners: tuple[Winner, ...] = ()  # what the writer was shown
    earlier: tuple[Copy, ...] = ()  # shown before and not wanted
    running: tuple[Copy, ...] = ()  # of the other ads of the ad set
    categories: tuple[str, ...] = ()  # special ad categories that the campaign declares


def check(draft: Draft, original: CreativeContent, against: Against) -> tuple[Note, ...]:
    """Everything there is to say about a draft as a writer gave it, the graver first.

    A writer may change exactly the part it names; the others must be the original's, byte for byte.
    """
    made = bool(draft.picture)
    notes = [*_one_change(draft, original.copy), *_words_of(draft.copy, original.copy, against)]
    linted = lint(draft.copy, original.copy, against.brand, categories=against.categories, picture_made=made)
    return in_order([*notes, *linted])


def check_edited(
    copy: Copy, original: CreativeContent, against: Against, *, picture_made: bool = False
) -> tuple[Note, ...]:
    """The same for words that a person edited: any part may differ from the original.

    With a picture that a model made, the words may stay as they are.
    """
    notes = list(_words_of(copy, original.copy, against))
    if not picture_made and all(
        same_words(copy.text_of(part), original.copy.text_of(part)) for part in TEXTS
    ):
        notes.append(note("unchanged", part=Part.PRIMARY_TEXT))
    linted = lint(
        copy, original.copy, against.brand, categories=against.categories, picture_made=picture_made
    )
    return in_order([*notes, *linted])


def _one_change(draft: Draft, original: Copy) -> Iterator[Note]:
    for part in TEXTS:
        text, before = draft.copy.text_of(part), original.text_of(part)
        if part is draft.changed:
            if same_words(text, before):
                yield note("unchanged", part=part)
        elif text != before:
            yield note("more_than_one_change", part=part, quote=text)
    if draft.changed is Part.PICTURE and not draft.picture:
        yield note("unchanged", part=Part.PICTURE)


def _words_of(copy: Copy, original: Copy, against: Against) -> Iterator[Note]:
    """Notes on the parts that differ from the original."""
    for part in TEXTS:
        text, before = copy.text_of(part), original.text_of(part)
        if text == before:
            continue
        if not text.strip():
            # A description is shown in few places, and an ad may do without.
            if before.strip() and part is not Part.DESCRIPTION:
                yield note("empty", part=part)
            continue
        yield from _lengths(part, text, against.placements)
        if len(text) <= LONGEST:
            yield from _doubles(part, text, original, against)
            yield from _copies(part, text, original, against.winners)
            yield from _language(part, text, before or original.primary_text)


def _lengths(part: Part, text: str, placements: Sequence[str]) -> Iterator[Note]:
    length, limit = graphemes(text[: LONGEST + 1]), HARD_LIMITS[part]
    if length > limit or len(text) > LONGEST:
        # Marks piled on one character make few characters of many code points; no copy needs that.
        yield note("too_long", part=part, length=f"{max(length, len(text)):,}", limit=f"{limit:,}")
        return
    by_limit: dict[int, list[str]] = {}
    for place in (PLACEMENTS[key] for key in placements if key in PLACEMENTS):
        if 0 < place.shown(part) < length:
            by_limit.setdefault(place.shown(part), []).append(place.label)
    for shown, labels in sorted(by_limit.items()):
        verb = "shows" if len(labels) == 1 else "show"
        yield note("cut", part=part, places=f"{_listed(labels)} {verb}", limit=shown, length=length)


def _doubles(part: Part, text: str, original: Copy, against: Against) -> Iterator[Note]:
    """Likeness of a changed part with the same part elsewhere, where that was changed too."""
    before = original.text_of(part)
    rows = (
        ("the present ad", (original,), "delivery may treat both as one ad"),
        ("a variation that was not wanted", against.earlier, "try something else"),
        ("another variation", against.others, "they may be treated as one ad"),
        ("an ad that runs beside it", against.running, "they may be treated as one ad"),
    )
    for whom, copies, verdict in rows:
        there = [one.text_of(part) for one in copies]
        shares = [
            similarity(text, one) for one in there if one.strip() and (whom == rows[0][0] or one != before)
        ]
        share = max(shares, default=0.0)
        if share > ALIKE:
            gravity = Gravity.BLOCK if share > DUPLICATE else Gravity.WARN
            yield note("near_duplicate", gravity, part=part, share=f"{share:.0%}", whom=whom, verdict=verdict)


def _copies(part: Part, text: str, original: Copy, winners: Sequence[Winner]) -> Iterator[Note]:
    own = max((len(shared_run(text, original.text_of(one)).words) for one in TEXTS), default=0)
    for winner in winners:
        runs = [shared_run(text, winner.copy.text_of(one)) for one in TEXTS]
        run = max(runs, key=lambda one: len(one.words))
        count = len(run.words)
        if count <= own:
            continue  # the present ad says it as well
        copied = count >= _COPIED_WORDS and run.share >= _COPIED_SHARE
        if copied or count >= _LONG_RUN or (count >= _HALF_WORDS and run.share >= _HALF_SHARE):
            gravity = Gravity.BLOCK if copied else Gravity.WARN
            quote = " ".join(run.words)
            yield note("copied", gravity, part=part, quote=quote, count=count, ad=winner.ad_id)


def _language(part: Part, text: str, before: str) -> Iterator[Note]:
    new, old = main_script(text), main_script(before)
    if new and old and new != old:
        yield note("language_changed", part=part, new=new, old=old)


def _listed(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
