"""From what was read to a writer's brief, and from its answer to checked variations."""

from dataclasses import dataclass

from bot.domain.copy_check import Against, check
from bot.domain.fatigue_reading import FatigueReading
from bot.domain.policy_lint import AI_LABEL
from bot.domain.proposals import Proposal
from bot.domain.variations import Brief, Draft, Gravity, Note, Variation, Written
from bot.errors import BadInput
from bot.images import inspect, label, normalised
from bot.services.subjects import Subject
from bot.views.figures import percent

_USELESS = frozenset({"unchanged", "near_duplicate", "empty"})


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A picture that a writer made, ready to be kept."""

    sha256: str
    data: bytes
    mime: str
    width: int
    height: int


def brief_of(subject: Subject, proposal: Proposal, *, pictures: bool = False) -> Brief:
    """What a writer is told."""
    return Brief(
        account_id=proposal.account_id,
        original=subject.original,
        placements=subject.placements,
        performance=_performance(subject.reading),
        winners=subject.winners,
        brand=subject.brand,
        direction=proposal.direction,
        earlier=subject.earlier,
        picture=subject.picture,
        pictures_wanted=pictures,
    )


def checked(
    written: Written, subject: Subject, proposal: Proposal
) -> tuple[tuple[Variation, ...], tuple[NewPicture, ...]]:
    """The drafts that are worth showing, numbered, each with what the checks say of it."""
    variations: list[Variation] = []
    pictures: list[NewPicture] = []
    for draft in written.drafts:
        others = tuple(one.copy for one in variations)
        notes = list(check(draft, subject.original, _against(subject, others)))
        if any(note.code in _USELESS and note.gravity is Gravity.BLOCK for note in notes):
            continue
        picture, trouble = _kept(draft, labelled=subject.brand.ai_label)
        notes += trouble
        if picture is not None:
            pictures.append(picture)
        variations.append(
            Variation(
                n=len(variations) + 1,
                angle=draft.angle,
                changed=draft.changed,
                copy=draft.copy,
                picture=picture.sha256 if picture else "",
                notes=tuple(notes),
            )
        )
    return tuple(variations), tuple(pictures)


def _against(subject: Subject, others: tuple) -> Against:  # type: ignore[type-arg]
    return Against(
        brand=subject.brand,
        placements=subject.placements,
        others=others,
        winners=subject.winners,
        earlier=subject.earlier,
        running=subject.running,
        categories=subject.categories,
    )


def _kept(draft: Draft, *, labelled: bool) -> tuple[NewPicture | None, list[Note]]:
    """The picture without its metadata, with the AI label where the account wants it."""
    if not draft.picture:
        return None, []
    try:
        data = normalised(draft.picture)
        data = label(data, AI_LABEL) if labelled else data
        found = inspect(data)
    except BadInput as fault:
        return None, [Note(Gravity.BLOCK, "bad_picture", fault.sentence)]
    return NewPicture(found.sha256, data, found.mime, found.width, found.height), []


def _performance(reading: FatigueReading | None) -> str:
    if reading is None or reading.ctr.now is None or reading.ctr.before is None:
        return ""
    told = f"CTR (link) fell from {percent(reading.ctr.before)} to {percent(reading.ctr.now)}"
    frequency = reading.frequency
    if frequency.now is not None and frequency.before is not None:
        told += f" while frequency rose from {frequency.before:.2f} to {frequency.now:.2f}"
    return f"{told}."
