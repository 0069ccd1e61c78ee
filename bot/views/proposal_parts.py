"""One variation as people see it before they decide: the ad as it would be shown, and what the checks say."""

from collections.abc import Sequence

from bot.domain.creatives import Copy, Part
from bot.domain.placements import COMMON, PLACEMENTS, TEXTS, cut, graphemes, previews
from bot.domain.refreshes import ProposalCard
from bot.domain.variations import Gravity, Note, Variation
from bot.views import kit
from bot.views.markup import Mrkdwn, clip_markup, escape, join, mrk, person, said
from bot.views.refresh_words import PART_WORDS

_GRAVITY_WORDS = {Gravity.BLOCK: "Blocked", Gravity.WARN: "Think about", Gravity.INFO: "Note"}
_GRAVEST = list(Gravity)
_MOST_NOTES = 6
_CUT = "cut"  # the check that says what the placement lines below say as well
_LINE = 260  # of a headline or description; Meta takes 255 characters


def variation(card: ProposalCard, shown: Variation, room: int) -> list[kit.Block | None]:
    """The preview with its picture, then notes in small print. `room` bounds the primary text's markup."""
    return [
        kit.section(_preview(card, shown, room), accessory=picture(card, shown)),
        kit.context(_notes(shown.notes), _placements(shown.copy, card.proposal.placements)),
    ]


def heading(card: ProposalCard, shown: Variation) -> Mrkdwn:
    """Number, angle, the one thing changed, who edited it, and the digest of what an approval covers."""
    changed = f"changes only the {PART_WORDS[shown.changed]}" if shown.changed else None
    edited = mrk("edited by {}", person(shown.edited_by)) if shown.edited_by else None
    digest = card.digests.get(shown.n)
    covers = mrk("`{}`", digest[:8]) if digest else None
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


def _preview(card: ProposalCard, shown: Variation, room: int) -> Mrkdwn:
    present = card.proposal.original.copy if card.proposal.original else None
    lines: list[Mrkdwn | None] = [heading(card, shown), _primary(card, shown, room)]
    for part in (Part.HEADLINE, Part.DESCRIPTION):
        lines.append(_line(part, shown.copy, present))
    if shown.picture:
        lines.append(Mrkdwn("New picture"))
    return join(lines)


def _primary(card: ProposalCard, shown: Variation, room: int) -> Mrkdwn:
    """The words before the fold, the mark that people tap, and the rest."""
    text = shown.copy.primary_text
    if not text:
        return Mrkdwn("")
    place = PLACEMENTS[next((key for key in card.proposal.placements if key in PLACEMENTS), COMMON[0])]
    fold = cut(text, place.primary_text or PLACEMENTS[COMMON[0]].primary_text)
    if not fold.cut:
        return _quoted(escape(text))
    before = escape(fold.text)
    original = card.proposal.original
    if original is not None and original.copy.primary_text == text:
        kept = mrk("{} *… See more* (unchanged, {} characters)", before, graphemes(text))
        return _quoted(kept)
    rest = escape(text[len(fold.text) :].lstrip())
    told = clip_markup(rest, max(room, 1))
    hidden = mrk("\n({} characters in all: press Edit to read the rest)", graphemes(text))
    return join([_quoted(mrk("{} *… See more*\n{}", before, told)), hidden if told != rest else None], "")


def _quoted(text: Mrkdwn) -> Mrkdwn:
    return Mrkdwn("\n".join(f">{line}" for line in text.split("\n")))


def _line(part: Part, new: Copy, present: Copy | None) -> Mrkdwn | None:
    text, old = new.text_of(part), present.text_of(part) if present else new.text_of(part)
    label = PART_WORDS[part].capitalize()
    if text == old:
        return mrk("{}: {}", label, said(text, _LINE)) if text else None
    was = mrk(" (now: {})", said(old, 80)) if old else " (now: none)"
    return mrk("{}: *{}*{}", label, said(text, _LINE) or "none", was)


def _notes(notes: Sequence[Note]) -> Mrkdwn | None:
    told = [one for one in notes if one.code != _CUT]
    told.sort(key=lambda one: _GRAVEST.index(one.gravity))
    left = len(told) - _MOST_NOTES
    more = mrk("and {} more notes", left) if left > 0 else None
    return join([*map(_note, told[:_MOST_NOTES]), more]) or None


def _note(one: Note) -> Mrkdwn:
    quote = mrk(" (“{}”)", said(one.quote, 80)) if one.quote else ""
    return mrk("*{}:* {}{}", _GRAVITY_WORDS[one.gravity], said(one.sentence, 240), quote)


def _placements(copy: Copy, placements: Sequence[str]) -> str | None:
    """What the placements cut, by part and by how much they show."""
    told = [line for part in TEXTS if (line := _cuts(copy, part, placements or COMMON))]
    return join(told, " · ") or None


def _cuts(copy: Copy, part: Part, placements: Sequence[str]) -> str | None:
    by_length: dict[int, list[str]] = {}
    for seen in previews(copy, placements):
        if part in seen.cut or part in seen.hidden:
            by_length.setdefault(PLACEMENTS[seen.key].shown(part), []).append(seen.label)
    if not by_length:
        return None
    shown = [_shown_in(length, labels) for length, labels in sorted(by_length.items(), reverse=True)]
    return f"{PART_WORDS[part].capitalize()} of {graphemes(copy.text_of(part))}: {', '.join(shown)}"


def _shown_in(length: int, labels: list[str]) -> str:
    where = " and ".join([", ".join(labels[:-1]), labels[-1]]) if len(labels) > 1 else labels[0]
    return f"first {length} in {where}" if length else f"not shown in {where}"


def shown_lengths(part: Part, placements: Sequence[str]) -> str:
    """How much of a part the ad's placements show, for whoever writes it."""
    by_length: dict[int, list[str]] = {}
    for key in placements or COMMON:
        if key in PLACEMENTS:
            place = PLACEMENTS[key]
            by_length.setdefault(place.shown(part), []).append(place.label)
    told = [_shown_in(length, labels) for length, labels in sorted(by_length.items(), reverse=True)]
    return f"Shown: {'; '.join(told)}."
