"""Whether a variation may be shown to people: lengths, one change, duplicates, copies and policy."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.creatives import Copy, CreativeContent, Part
from bot.domain.policy_lint import lint
from bot.domain.variations import Brand, Draft, Note, Winner


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
    """Everything there is to say about a draft as a writer gave it, the graver first."""
    return _notes(draft.copy, original.copy, against, draft.changed, bool(draft.picture))


def check_edited(
    copy: Copy,
    original: CreativeContent,
    others: Sequence[Copy],
    brand: Brand,
    placements: Sequence[str] = (),
) -> tuple[Note, ...]:
    """The same for words that a person edited: any part may differ from the original."""
    against = Against(brand=brand, placements=tuple(placements), others=tuple(others))
    return _notes(copy, original.copy, against, None, False)


def _notes(
    copy: Copy, original: Copy, against: Against, changed: Part | None, picture_made: bool
) -> tuple[Note, ...]:
    return lint(copy, original, against.brand, categories=against.categories, picture_made=picture_made)
