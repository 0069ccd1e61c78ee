"""What became of a fatigue warning, a line for each thing that happened: asked, approved, live, undone."""

from collections.abc import Callable, Sequence

from bot.domain.proposals import Mode, Proposal, ProposalState
from bot.domain.refreshes import FatigueCard
from bot.domain.replacement import Replacement, ReplacementState
from bot.domain.verdicts import Verdict
from bot.views import verdict as verdict_words
from bot.views.alert_words import notation, plural
from bot.views.figures import Notation
from bot.views.markup import Mrkdwn, join, mrk, person, said
from bot.views.refresh_words import moment, people, sentence, short, steps_done, todo

_HEADINGS = {
    ReplacementState.QUEUED: "Replacement queued",
    ReplacementState.APPLYING: "Being replaced",
    ReplacementState.TESTING: "Split test runs",
    ReplacementState.LIVE: "Replaced",
    ReplacementState.UNDOING: "Being undone",
    ReplacementState.UNDO_ASKS: "Undo asks first",
    ReplacementState.UNDONE: "Undone",
}
_ENDINGS = {
    Mode.BESIDE: "; the old ad is paused",
    Mode.IN_PLACE: " in the same ad",
    Mode.TEST: "; the ad that lost is paused",
}


def heading(card: FatigueCard) -> str | None:
    """What a header begins with while the story tells more than the alert's state; None otherwise."""
    return _HEADINGS.get(card.replacement.state) if card.replacement else None


def lines(card: FatigueCard) -> list[Mrkdwn]:
    """The story so far, oldest first."""
    written = notation(card.card)
    told: list[Mrkdwn | None] = [_feedback(card.not_tired)]
    if card.proposal is not None:
        told += proposal(card.proposal, written)
    if card.replacement is not None:
        told += replacement(card.replacement, written)
        told += verdicts(card.verdicts)
    return [line for line in told if line]


def _feedback(not_tired: int) -> Mrkdwn | None:
    if not not_tired:
        return None
    return mrk("{} said that it is not tired", "1 person" if not_tired == 1 else f"{not_tired} people")


def proposal(found: Proposal, written: Notation) -> list[Mrkdwn | None]:
    """Who asked for variations and what was decided."""
    asked = mrk(
        "{} asked for variations · {}", person(found.requested_by), moment(written, found.requested_at)
    )
    return [asked, _decision(found, written)]


def _decision(found: Proposal, written: Notation) -> Mrkdwn | None:
    match found.state:
        case ProposalState.WRITING:
            return Mrkdwn("Variations are being written")
        case ProposalState.WAITING:
            return _waiting(found, written)
        case ProposalState.APPROVED:
            return None  # the replacement says it
        case ProposalState.REJECTED:
            who = person(found.decided_by) if found.decided_by else Mrkdwn("Somebody")
            when = moment(written, found.decided_at) if found.decided_at else ""
            return mrk("{} rejected them: {} · {}", who, sentence(found.reason, 200), when)
        case ProposalState.EXPIRED:
            return Mrkdwn("Nobody decided in time; nothing goes live")
        case ProposalState.VOID:
            return mrk("They are void: {}", sentence(found.reason, 300))
        case ProposalState.FAILED:
            return mrk("None could be written: {}", sentence(found.reason, 300))


def _waiting(found: Proposal, written: Notation) -> Mrkdwn:
    count = len(found.variations)
    until = f" until {moment(written, found.expires_at)}" if found.expires_at else ""
    verb = "waits" if count == 1 else "wait"
    told = f"{count} {plural(count, 'variation')} {verb} in this thread for a decision{until}"
    return mrk("{}{} · id `{}`", told, _given(found), short(found.id))


def _given(found: Proposal) -> Mrkdwn:
    if not found.approvals:
        return Mrkdwn("")
    given = join([mrk("{} approved {}", person(one.user_id), one.n) for one in found.approvals], ", ")
    return mrk("; {}, {} are needed", given, found.approvals_needed)


def replacement(found: Replacement, written: Notation) -> list[Mrkdwn | None]:
    """Who approved what, how far it is, since when it is live."""
    approved = mrk(
        "{} approved “{}” · {}",
        people(found.approved_by),
        said(found.angle, 60),
        moment(written, found.approved_at),
    )
    return [approved, _live(found, written), _where(found, written)]


def standing(found: Replacement, written: Notation) -> list[Mrkdwn]:
    """The same beside a list of all steps, which shows what is done."""
    told = _where(found, written)
    if found.state in (ReplacementState.APPLYING, ReplacementState.TESTING):
        why = _why(found)
        told = mrk("{}{}", why, _next(found, written)) if why else None
    return [line for line in (_live(found, written), told) if line]


def latest(found: Replacement, written: Notation) -> Mrkdwn:
    """How a replacement stands, in a sentence."""
    told = join([_live(found, written), _where(found, written)], ". ")
    return told if told.endswith((".", "!", "?", "…")) else mrk("{}.", told)


def _live(found: Replacement, written: Notation) -> Mrkdwn | None:
    if found.live_at is None:
        return None
    when = moment(written, found.live_at)
    if found.state is not ReplacementState.LIVE:
        return mrk("The new creative went live on {}", when)
    # What went otherwise than planned is told in its own words.
    ending = "" if found.reason else _ENDINGS[found.mode]
    return mrk("The new creative is live since {}{}", when, ending)


def _where(found: Replacement, written: Notation) -> Mrkdwn | None:
    return _WHERE[found.state](found, written)


def _queued(found: Replacement, written: Notation) -> Mrkdwn:
    return mrk("It waits for its turn.{}{}", _spaced(_why(found)), _next(found, written))


def _ended(template: str) -> Callable[[Replacement, Notation], Mrkdwn]:
    return lambda found, _: mrk(template, _why(found))


def _undoing(found: Replacement, _written: Notation) -> Mrkdwn:
    return mrk("Being put back as it was{}", _by(found))


def _undo_asks(found: Replacement, _written: Notation) -> Mrkdwn:
    return mrk("*Not undone yet{}.* Changed since: {}", _by(found), _why(found))


def _undone(found: Replacement, written: Notation) -> Mrkdwn:
    when = f" · {moment(written, found.finished_at)}" if found.finished_at else ""
    return mrk("Undone{}{}.{}", _by(found), when, _spaced(_why(found)))


def _why(found: Replacement) -> Mrkdwn:
    return sentence(found.reason, 900)


def _under_way(found: Replacement, written: Notation) -> Mrkdwn:
    current = found.current
    now = f"Now: {todo(current.kind)}." if current else ""
    so_far = steps_done(found)
    done = f"Done: {so_far}." if so_far else None
    return mrk("{}{}{}", join([done, now], " "), _spaced(sentence(found.reason, 300)), _next(found, written))


def _next(found: Replacement, written: Notation) -> str:
    return f" Next look: {moment(written, found.next_at)}" if found.next_at and found.reason else ""


def _by(found: Replacement) -> Mrkdwn:
    return mrk(", asked for by {}", person(found.undo_by)) if found.undo_by else Mrkdwn("")


def _spaced(text: Mrkdwn) -> Mrkdwn:
    return mrk(" {}", text) if text else Mrkdwn("")


def verdicts(found: Sequence[Verdict]) -> list[Mrkdwn]:
    """Every verdict in a line."""
    return [verdict_words.line(one) for one in found]


_WHERE: dict[ReplacementState, Callable[[Replacement, Notation], Mrkdwn | None]] = {
    ReplacementState.QUEUED: _queued,
    ReplacementState.APPLYING: _under_way,
    ReplacementState.TESTING: _under_way,
    ReplacementState.LIVE: _ended("{}"),
    ReplacementState.FAILED: _ended("It failed, and everything is as before: {}"),
    ReplacementState.VOID: _ended("It was not carried out: {}"),
    ReplacementState.CONFLICT: _ended("It stopped, because somebody changed something meanwhile: {}"),
    ReplacementState.UNDOING: _undoing,
    ReplacementState.UNDO_ASKS: _undo_asks,
    ReplacementState.UNDONE: _undone,
}
