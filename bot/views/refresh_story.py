"""Notes in a warning's thread: what happened to variations and to the change that came of them."""

from collections.abc import Callable

from bot.domain.proposals import Mode
from bot.domain.refreshes import Event, StoryNote
from bot.domain.replacement import Replacement, ReplacementState
from bot.domain.split_test import LEAST_CLICKS, RUNS_FOR
from bot.domain.verdicts import CHECK_DAYS
from bot.views import kit, verdict
from bot.views.alert_words import plural
from bot.views.figures import Notation
from bot.views.markup import Mrkdwn, join, mrk, name, person, said_with_people
from bot.views.refresh_words import capital, chosen, moment, people, sentence, undo_plan, undone

_OLD_RUNS = "The old ad keeps running as before."
_UNTIL = "The old ad keeps running until the new one delivers."


def note(note: StoryNote) -> kit.Message | None:
    """The note of an event; None where the edited card says enough."""
    if note.event is Event.VERDICT:
        return _verdict(note)
    say = _NOTES.get(note.event)
    told = say(note) if say else None
    return kit.message(told, [kit.section(told)]) if told else None


def undo_begun(replacement: Replacement) -> kit.Message:
    """To the person who asked for an undo by a slash command."""
    entity = name(replacement.entity.name)
    if replacement.state is ReplacementState.UNDO_ASKS:
        told = mrk(
            "“{}” was changed since: {} Nothing is undone yet; the warning's message asks.",
            entity,
            sentence(replacement.reason),
        )
    elif replacement.state is ReplacementState.UNDONE:
        told = mrk("The replacement of “{}” is undone.", entity)
    else:
        told = mrk("The replacement of “{}” is being undone. {}", entity, undo_plan(replacement))
    told = mrk("{} Its thread shows how it goes.", told)
    return kit.message(told, [kit.section(told)])


def _verdict(note: StoryNote) -> kit.Message | None:
    if note.verdict is None:
        return None
    written = Notation.of(note.card.account)
    plain = Mrkdwn(verdict.line(note.verdict).replace("*", ""))
    return kit.message(plain, verdict.message_blocks(note.verdict, written))


def _reason(note: StoryNote) -> Mrkdwn:
    change = note.card.replacement
    return sentence(change.reason if change else note.card.proposal.reason, 900)


def _not_written(note: StoryNote) -> Mrkdwn:
    return mrk("No new variations: {}", sentence(note.card.proposal.reason))


def _approved(note: StoryNote) -> Mrkdwn:
    proposal, change = note.card.proposal, note.card.replacement
    users = change.approved_by if change else tuple(one.user_id for one in proposal.approvals)
    digest = mrk(" (digest `{}`)", change.digest[:8]) if change else ""
    told = mrk(
        "Approved by {}: {}{}. It goes live step by step; the card shows how far it is.",
        people(users),
        chosen(note.card),
        digest,
    )
    return told if proposal.mode is Mode.IN_PLACE else mrk("{} {}", told, _UNTIL)


def _half_approved(note: StoryNote) -> Mrkdwn | None:
    proposal = note.card.proposal
    if not proposal.approvals:
        return None
    last = proposal.approvals[-1]
    missing = proposal.approvals_needed - len({one.user_id for one in proposal.approvals if one.n == last.n})
    return mrk(
        "Variation {} is approved by {}. {} more {} of the same variation needed, by {}.",
        last.n,
        person(last.user_id),
        max(missing, 1),
        plural(max(missing, 1), "approval"),
        said_with_people(note.card.approvers),
    )


def _rejected_by_person(note: StoryNote) -> Mrkdwn:
    proposal = note.card.proposal
    who = person(proposal.decided_by) if proposal.decided_by else Mrkdwn("somebody")
    return mrk("The variations are rejected by {}: {}", who, sentence(proposal.reason))


def _expired(_note: StoryNote) -> Mrkdwn:
    return Mrkdwn(
        "Nobody decided on the variations in time: nothing goes live. *Suggest variations* on the warning "
        "has new ones written."
    )


def _rejected(note: StoryNote) -> Mrkdwn:
    change = note.card.replacement
    in_place = change is not None and change.mode is Mode.IN_PLACE
    then = "Spruce lets the ad show its old creative again." if in_place else _OLD_RUNS
    return mrk("{} {}", _reason(note), then)


def _live(note: StoryNote) -> Mrkdwn | None:
    change = note.card.replacement
    if change is None or change.live_at is None:
        return None
    when = moment(Notation.of(note.card.account), change.live_at)
    days = ", ".join(map(str, CHECK_DAYS[:-1]))
    then = f"Whether it works is told here after {days} and {CHECK_DAYS[-1]} complete days."
    what = {
        Mode.BESIDE: "the new ad delivers and the old one is paused",
        Mode.IN_PLACE: "the ad shows the new creative and delivers",
        Mode.TEST: "the split test is over",
    }[change.mode]
    told = _reason(note) or mrk("{}.", what)
    return mrk("Live since {}: {} {}", when, told, then)


def _failed(note: StoryNote) -> Mrkdwn:
    return mrk("The replacement failed: {} Everything is as before.", _reason(note))


def _void(note: StoryNote) -> Mrkdwn:
    void = "The approval is void." if note.card.proposal.approvals else "These variations are void."
    return mrk("{} {}", void, _reason(note))


def _conflict(note: StoryNote) -> Mrkdwn:
    return mrk("Stopped, because somebody changed something meanwhile. {}", _reason(note))


def _waiting(note: StoryNote) -> Mrkdwn:
    change = note.card.replacement
    again = moment(Notation.of(note.card.account), change.next_at) if change and change.next_at else ""
    return mrk("The replacement waits. {}{}", _reason(note), f" Spruce tries again {again}." if again else "")


def _undo_asks(note: StoryNote) -> Mrkdwn:
    change = note.card.replacement
    whose = mrk(" that {} wants", person(change.undo_by)) if change and change.undo_by else ""
    return mrk(
        "The undo{} asks first, because somebody changed something since. {} *Undo anyway* on the warning "
        "overwrites that; until then nothing is undone.",
        whose,
        _reason(note),
    )


def _undone(note: StoryNote) -> Mrkdwn:
    change = note.card.replacement
    if change is None:
        return Mrkdwn("The replacement is undone.")
    who = mrk("The replacement is undone by {}.", person(change.undo_by)) if change.undo_by else None
    now = undone(change.steps)
    told = mrk("{}.", capital(now)) if now else "Nothing had been changed at Meta."
    return join([who or "The replacement is undone.", told, _reason(note)], " ")


def _test_started(_note: StoryNote) -> Mrkdwn:
    return mrk(
        "The split test is set up at Meta for {} days: each person is shown one of the two creatives. Its "
        "rule is fixed: it is read once, at its end, and counts with {} link clicks an ad or more.",
        RUNS_FOR.days,
        LEAST_CLICKS,
    )


def _test_decided(note: StoryNote) -> Mrkdwn:
    return _reason(note)


_NOTES: dict[Event, Callable[[StoryNote], Mrkdwn | None]] = {
    Event.NOT_WRITTEN: _not_written,
    Event.APPROVED: _approved,
    Event.HALF_APPROVED: _half_approved,
    Event.REJECTED_BY_PERSON: _rejected_by_person,
    Event.EXPIRED: _expired,
    Event.REJECTED: _rejected,
    Event.LIVE: _live,
    Event.FAILED: _failed,
    Event.VOID: _void,
    Event.CONFLICT: _conflict,
    Event.WAITING: _waiting,
    Event.UNDO_ASKS: _undo_asks,
    Event.UNDONE: _undone,
    Event.TEST_STARTED: _test_started,
    Event.TEST_DECIDED: _test_decided,
}
