"""What a replacement left behind at Meta, and what somebody changed of it since.

An undo restores what the steps changed and nothing else. Where a value is neither what Spruce set nor what
it was before, a person set it, and the undo asks before it overwrites that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from bot.domain.creatives import canonical
from bot.domain.ids import ObjectId
from bot.domain.proposals import AdSeen
from bot.domain.replacement import Replacement, Step, StepKind, StepState

STATUS, CREATIVE = "status", "creative"
_FIELDS = {
    StepKind.ACTIVATE: STATUS,
    StepKind.SWAP: CREATIVE,
    StepKind.PAUSE_OLD: STATUS,
    StepKind.PAUSE_LOSER: STATUS,
}
_GONE = frozenset({"DELETED", "ARCHIVED"})


@dataclass(frozen=True, slots=True)
class Place:
    """One setting of one ad."""

    ad_id: ObjectId
    field: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting that is not as Spruce left it. `mendable` is False where nothing can be set any more."""

    place: Place
    now: str
    sentence: str
    mendable: bool = True


def place_of(replacement: Replacement, step: Step) -> Place | None:
    """What a step sets, for the kinds that set a value."""
    field = _FIELDS.get(step.kind)
    ads = {
        StepKind.ACTIVATE: replacement.new_ad_id,
        StepKind.PAUSE_LOSER: ObjectId(step.result_id) if step.result_id else None,
    }
    ad_id = ads.get(step.kind, replacement.seen.ad_id)
    return Place(ad_id, field) if field and ad_id else None


def left(replacement: Replacement) -> dict[Place, frozenset[str]]:
    """Every setting that the replacement touches, with the values that are its own doing.

    More than one where it is not known whether a change was made, or where its undo is under way.
    """
    found: dict[Place, frozenset[str]] = {}
    seen = replacement.seen
    found[Place(seen.ad_id, STATUS)] = frozenset({seen.configured_status})
    found[Place(seen.ad_id, CREATIVE)] = frozenset({seen.creative_id})
    if replacement.new_ad_id is not None:
        found[Place(replacement.new_ad_id, STATUS)] = frozenset({"PAUSED"})
        found[Place(replacement.new_ad_id, CREATIVE)] = frozenset({str(replacement.new_creative_id)})
    for step in replacement.steps:
        place = place_of(replacement, step)
        if place is not None and step.after:
            found[place] = _values(step, found.get(place, frozenset()))
    return found


def differences(replacement: Replacement, *ads: AdSeen) -> tuple[Difference, ...]:
    """What is not as the replacement left it, at the ads that it made or changed."""
    now = {place: value for ad in ads for place, value in _settings(ad)}
    touched = touched_ads(replacement)
    return tuple(
        _difference(replacement, place, now[place], allowed)
        for place, allowed in left(replacement).items()
        if place.ad_id in touched and place in now and now[place] not in allowed
    )


def confirmation(reason: str) -> str:
    """The digest of differences as they were shown; confirming it confirms exactly those."""
    return sha256(canonical(reason).encode()).hexdigest()[:32]


def sentence_of(found: tuple[Difference, ...]) -> str:
    """The differences as people read them; the confirmation is bound to these words."""
    return " ".join(one.sentence for one in found)


def touched_ads(replacement: Replacement) -> frozenset[ObjectId]:
    """The ads that the replacement made or changed, as far as is known."""
    found = set()
    for step in replacement.steps:
        if step.state not in (StepState.DONE, StepState.DOING, StepState.UNDOING):
            continue
        place = place_of(replacement, step)
        if place is not None:
            found.add(place.ad_id)
        if step.kind is StepKind.AD and replacement.new_ad_id is not None:
            found.add(replacement.new_ad_id)
    return frozenset(found)


def _values(step: Step, before: frozenset[str]) -> frozenset[str]:
    if step.state is StepState.DONE:
        return frozenset({step.after})
    if step.state is StepState.UNDONE:
        return frozenset({step.before})
    if step.state is StepState.PENDING:
        return before
    return before | {step.before, step.after}


def _settings(ad: AdSeen) -> Iterator[tuple[Place, str]]:
    yield Place(ad.ad_id, STATUS), ad.configured_status
    yield Place(ad.ad_id, CREATIVE), str(ad.creative_id)


def _difference(replacement: Replacement, place: Place, now: str, allowed: frozenset[str]) -> Difference:
    which = "The old ad" if place.ad_id == replacement.seen.ad_id else "The new ad"
    was = " or ".join(sorted(allowed))
    if place.field == CREATIVE:
        return Difference(place, now, f"{which} shows creative {now} now; Spruce left it with {was}.")
    if now in _GONE:
        sentence = f"{which} was set to {now}; Spruce left it {was}. It cannot be set any more and stays so."
        return Difference(place, now, sentence, mendable=False)
    return Difference(place, now, f"{which} was set to {now}; Spruce left it {was}.")
