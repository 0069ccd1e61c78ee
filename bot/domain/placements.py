"""Where an ad is shown, and how much of its words people see there before they tap.

Lengths are counted in grapheme clusters (Unicode Annex 29), which is what a person takes for one
character in every script: a Devanagari conjunct, a flag or a family emoji is one.

The shown lengths are what buyers work with; Meta publishes none for every place, and advice differs
(description 25 to 30, Reels 72 to 90): the smaller figure is taken. Positions are those of Targeting
(Marketing API, Ad Set, Placement Targeting).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

import regex

from bot.domain.creatives import Copy, Part

_CLUSTER = regex.compile(r"\X")
_SPACE = regex.compile(r"\s")
TEXTS: Final = (Part.PRIMARY_TEXT, Part.HEADLINE, Part.DESCRIPTION)
# What Meta takes at most; it names no limit for a description, which is held to the headline's.
HARD_LIMITS: Final = MappingProxyType(
    {Part.PRIMARY_TEXT: 2_200, Part.HEADLINE: 255, Part.DESCRIPTION: 255},
)
# What to write to: the shown lengths of feeds, with a first sentence that stands alone in Reels.
WRITE_TO: Final = MappingProxyType({Part.PRIMARY_TEXT: 125, Part.HEADLINE: 40, Part.DESCRIPTION: 25})
FIRST_WORDS: Final = 72
SHORT_HEADLINE: Final = 27


@dataclass(frozen=True, slots=True)
class Placement:
    """One place. Lengths are what is shown, in grapheme clusters; 0 where the part is not shown."""

    key: str
    label: str
    platform: str  # of `publisher_platforms`
    positions: tuple[str, ...]  # of `<platform>_positions`
    primary_text: int
    headline: int
    description: int
    ratios: tuple[str, ...]  # of the picture, best first

    def shown(self, part: Part) -> int:
        """How much of one part is shown; a picture has no length."""
        return 0 if part is Part.PICTURE else int(getattr(self, part.value))


_FEED = ("4:5", "1:1")
_TALL = ("9:16",)
_SQUARE = ("1:1",)
_REELS = ("facebook_reels", "facebook_reels_overlay")
_EXPLORE = ("explore", "explore_home", "ig_search")
# key, label, platform, positions, then the shown lengths of primary text, headline and description.
_PLACES = (
    Placement("facebook_feed", "Facebook feed", "facebook", ("feed", "profile_feed"), 125, 40, 25, _FEED),
    Placement("instagram_feed", "Instagram feed", "instagram", ("stream", "profile_feed"), 125, 27, 0, _FEED),
    Placement("facebook_stories", "Facebook Stories", "facebook", ("story",), 125, 40, 0, _TALL),
    Placement("instagram_stories", "Instagram Stories", "instagram", ("story",), 125, 40, 0, _TALL),
    Placement("facebook_reels", "Facebook Reels", "facebook", _REELS, 72, 10, 0, _TALL),
    Placement(
        "instagram_reels", "Instagram Reels", "instagram", ("reels", "profile_reels"), 72, 10, 0, _TALL
    ),
    Placement("marketplace", "Marketplace", "facebook", ("marketplace",), 125, 40, 25, _FEED),
    Placement("right_column", "Right column", "facebook", ("right_hand_column",), 0, 25, 0, _SQUARE),
    Placement("facebook_search", "Facebook search", "facebook", ("search",), 125, 40, 25, _FEED),
    Placement("instagram_explore", "Instagram Explore", "instagram", _EXPLORE, 125, 27, 0, _FEED),
)
PLACEMENTS: Final = MappingProxyType({place.key: place for place in _PLACES})
# What automatic placements are taken to be.
COMMON: Final = tuple(PLACEMENTS)


class Shown(NamedTuple):
    """What is left of a text and whether something was cut."""

    text: str
    cut: bool


@dataclass(frozen=True, slots=True)
class PlacementPreview:
    """An ad's words as one placement shows them. `cut` parts go on, `hidden` parts are not shown at all."""

    key: str
    label: str
    primary_text: str
    headline: str
    description: str
    cut: tuple[Part, ...] = ()
    hidden: tuple[Part, ...] = ()


def graphemes(text: str) -> int:
    """How many characters a person sees."""
    return sum(1 for _ in _CLUSTER.finditer(text))


def cut(text: str, limit: int) -> Shown:
    """The beginning of a text that fits, in whole words where they are not very long ones.

    A text that fits is returned as it is, byte for byte.
    """
    clusters = _CLUSTER.findall(text)
    if len(clusters) <= limit:
        return Shown(text, cut=False)
    kept = clusters[:limit]
    if kept and not _SPACE.match(clusters[limit]):
        kept = kept[: _word_start(kept)]
    return Shown("".join(kept).rstrip(), cut=True)


def previews(copy: Copy, placements: Sequence[str]) -> tuple[PlacementPreview, ...]:
    """The words as each placement shows them, in the given order; unknown keys are passed over."""
    return tuple(_preview(copy, PLACEMENTS[key]) for key in placements if key in PLACEMENTS)


def from_targeting(
    publisher_platforms: Sequence[str] = (), positions: Mapping[str, Sequence[str]] | None = None
) -> tuple[str, ...]:
    """The keys of the placements that an ad set's targeting names.

    `positions` is by field of Targeting: `facebook_positions`, `instagram_positions`. Without platforms
    the placements are automatic: all of them. A platform without positions is all of its positions.
    Empty where an ad set uses only places whose lengths are not known (Audience Network, Messenger).
    """
    named = positions or {}
    platforms = set(publisher_platforms) or {place.platform for place in _PLACES}
    return tuple(
        place.key
        for place in _PLACES
        if place.platform in platforms and _uses(place, named.get(f"{place.platform}_positions", ()))
    )


def _uses(place: Placement, positions: Sequence[str]) -> bool:
    return not positions or bool(set(positions) & set(place.positions))


def _preview(copy: Copy, place: Placement) -> PlacementPreview:
    shown = {part: cut(copy.text_of(part), place.shown(part)) for part in TEXTS}
    return PlacementPreview(
        place.key,
        place.label,
        **{part.value: shown[part].text for part in TEXTS},
        cut=tuple(part for part in TEXTS if shown[part].cut and place.shown(part)),
        hidden=tuple(part for part in TEXTS if shown[part].cut and not place.shown(part)),
    )


def _word_start(kept: list[str]) -> int:
    """Where the last word begins that did not fit; the end where it would take half of the text along."""
    for index in range(len(kept) - 1, len(kept) // 2, -1):
        if _SPACE.match(kept[index]):
            return index
    return len(kept)
