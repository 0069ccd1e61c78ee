"""One variation as people see it before they decide: the ad as it would be shown, and what the checks say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.creatives import Copy, Part
from bot.domain.placements import COMMON, PLACEMENTS, TEXTS, PlacementPreview, cut, graphemes, previews
from bot.domain.refreshes import ProposalCard
from bot.domain.variations import Gravity, Note, Variation
from bot.views import kit
from bot.views.markup import Mrkdwn, clip_markup, escape, join, mrk, person, said
from bot.views.refresh_words import PART_WORDS

_GRAVITY_WORDS = {Gravity.BLOCK: "Blocked", Gravity.WARN: "Think about", Gravity.INFO: "Note"}
_GRAVEST = list(Gravity)
_CUT = "cut"  # the check that says what the placement lines below say as well
_LONG = 300  # what is behind the fold and as it is now is left out from here


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a variation is written out, in characters of markup and in notes."""

    text: int  # of the primary text behind the fold
    line: int  # of a headline or description, for which Meta takes 255 characters
    notes: int


# From all there is to what fits a message whatever the words are; the dialog behind Edit has all of them.
ROOMS: Final = (
    Room(2_600, 260, 6),
    Room(1_600, 260, 5),
    Room(1_000, 260, 4),
    Room(500, 200, 3),
    Room(250, 120, 2),
    Room(100, 80, 1),
)
_FOLD = 160  # of the markup before the fold, where there is little room


def variation(card: ProposalCard, shown: Variation, room: Room) -> list[kit.Block | None]:
    """The preview with its picture, then notes in small print."""
    return [
        kit.section(_preview(card, shown, room), accessory=picture(card, shown)),
        kit.context(_notes(shown.notes, room.notes), _placements(shown.copy, card.proposal.placements)),
    ]


def heading(card: ProposalCard, shown: Variation) -> Mrkdwn:
    """Number, angle, the one thing changed, who edited it, and the digest of what an approval covers."""
    changed = f"changes only the {PART_WORDS[shown.changed]}" if shown.changed else None
    edited = mrk("edited by {}", person(shown.edited_by)) if shown.edited_by else None
    digest = card.digests.get(shown.n)
    covers = mrk("digest `{}`", digest[:8]) if digest else None
    blocked = "*blocked*" if shown.blocked else None
    parts = [changed, edited, Mrkdwn(blocked) if blocked else None, covers]
    return join([mrk("*{}. {}*", shown.n, said(shown.angle, 60)), *parts], " · ")


def picture(card: ProposalCard, shown: Variation) -> kit.Element | None:
    """The variation's own picture, else the present one."""
    own = card.variation_files.get(shown.n)
    if own is not None:
        return kit.image(None, f"New picture of variation {shown.n}", file_id=own)
    if shown.picture:
        return None  # a new picture that Slack does not have yet; the present one would mislead
    if card.picture_file is not None:
        return kit.image(None, "The present ad's picture, which stays", file_id=card.picture_file)
    url = card.proposal.picture_url
    return kit.image(url, "The present ad's picture, which stays") if kit.is_public_image(url) else None


def _preview(card: ProposalCard, shown: Variation, room: Room) -> Mrkdwn:
    present = card.proposal.original.copy if card.proposal.original else None
    lines: list[Mrkdwn | None] = [heading(card, shown), _primary(card, shown, room)]
    for part in (Part.HEADLINE, Part.DESCRIPTION):
        lines.append(_line(part, shown.copy, present, room.line))
    if shown.picture:
        lines.append(Mrkdwn("*New picture*"))
    return join([*lines, _button(card)])


def _button(card: ProposalCard) -> Mrkdwn | None:
    """Where a tap leads, which no variation changes."""
    original = card.proposal.original
    if original is None or not original.link:
        return None
    words = original.call_to_action.replace("_", " ").capitalize()
    return mrk("Button as now: {}", join([said(words, 40), said(original.link, 100)], " · "))


def _primary(card: ProposalCard, shown: Variation, room: Room) -> Mrkdwn:
    """The words before the fold, the mark that people tap, and the rest."""
    text = shown.copy.primary_text
    if not text:
        return Mrkdwn("")
    place = PLACEMENTS[next((key for key in card.proposal.placements if key in PLACEMENTS), COMMON[0])]
    fold = cut(text, place.primary_text or PLACEMENTS[COMMON[0]].primary_text)
    if not fold.cut:
        return quoted(text, max(room.text, _FOLD))
    before = clip_markup(escape(fold.text), max(room.text, _FOLD))
    rest = escape(text[len(fold.text) :].lstrip())
    original = card.proposal.original
    if original is not None and original.copy.primary_text == text and len(rest) > _LONG:
        return _quoted(mrk("{} *… See more* (as now, {} characters in all)", before, graphemes(text)))
    told = clip_markup(rest, room.text)
    hidden = mrk("\n({} characters in all: Edit {} shows the rest)", graphemes(text), shown.n)
    return join([_quoted(mrk("{} *… See more*\n{}", before, told)), hidden if told != rest else None], "")


def quoted(text: str, room: int) -> Mrkdwn:
    """Words of an ad, line by line, in so much room."""
    return _quoted(clip_markup(escape(text), room))


def _quoted(text: Mrkdwn) -> Mrkdwn:
    return Mrkdwn("\n".join(f">{line}" for line in text.split("\n")))


def _line(part: Part, new: Copy, present: Copy | None, room: int) -> Mrkdwn | None:
    text, old = new.text_of(part), present.text_of(part) if present else new.text_of(part)
    label = PART_WORDS[part].capitalize()
    if text == old:
        return mrk("{}: {}", label, said(text, room)) if text else None
    was = mrk(" (now: {})", said(old, 80)) if old else " (now: none)"
    return mrk("{}: *{}*{}", label, said(text, room) or "none", was)


def _notes(notes: Sequence[Note], most: int) -> Mrkdwn | None:
    told = [one for one in notes if one.code != _CUT]
    told.sort(key=lambda one: _GRAVEST.index(one.gravity))
    left = len(told) - most
    more = mrk("and {} more notes", left) if left > 0 else None
    return join([*map(_note, told[:most]), more]) or None


def _note(one: Note) -> Mrkdwn:
    quote = mrk(" (“{}”)", said(one.quote, 80)) if one.quote else ""
    return mrk("*{}:* {}{}", _GRAVITY_WORDS[one.gravity], said(one.sentence, 240), quote)


def _placements(copy: Copy, placements: Sequence[str]) -> str | None:
    """What placements cut or do not show; those that do the same stand together."""
    alike: dict[str, list[str]] = {}
    for seen in previews(copy, placements or COMMON):
        told = ", ".join(line for part in TEXTS if (line := _cut_in(seen, part, copy)))
        if told:
            alike.setdefault(told, []).append(seen.label)
    return "; ".join(f"{_and(labels)}: {told}" for told, labels in alike.items()) or None


def _cut_in(seen: PlacementPreview, part: Part, copy: Copy) -> str | None:
    if part in seen.hidden:
        return f"no {PART_WORDS[part]}"
    if part not in seen.cut:
        return None
    length = PLACEMENTS[seen.key].shown(part)
    return f"{PART_WORDS[part]} {length} of {graphemes(copy.text_of(part))}"


def _and(labels: Sequence[str]) -> str:
    return " and ".join([", ".join(labels[:-1]), labels[-1]]) if len(labels) > 1 else labels[0]


def _shown_in(length: int, labels: Sequence[str]) -> str:
    return f"first {length} in {_and(labels)}" if length else f"not shown in {_and(labels)}"


def shown_lengths(part: Part, placements: Sequence[str]) -> str:
    """How much of a part the ad's placements show, for whoever writes it."""
    by_length: dict[int, list[str]] = {}
    for key in placements or COMMON:
        if key in PLACEMENTS:
            place = PLACEMENTS[key]
            by_length.setdefault(place.shown(part), []).append(place.label)
    told = [_shown_in(length, labels) for length, labels in sorted(by_length.items(), reverse=True)]
    return f"Shown: {'; '.join(told)}."
