"""Taking steps back, the last one first: after a failure, and when a person wants the former state.

The old ad is turned on before the new one is paused. What a person set since is left alone after a failure;
an undo shows it and asks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.ids import ObjectId
from bot.domain.replacement import ReplacementState, Step, StepKind, StepState, to_undo
from bot.domain.undoing import (
    STATUS,
    Difference,
    Place,
    confirmation,
    differences,
    left,
    place_of,
    sentence_of,
    touched_ads,
)
from bot.errors import SpruceError
from bot.meta import creatives, new_ads, studies
from bot.services.replacing_faults import permanent
from bot.services.replacing_live import REVIEWING
from bot.services.replacing_record import Done, Ended, Later
from bot.services.replacing_steps import LOOK_AGAIN, Run, TooLateError, put_value, unknown_until, value_of

_LOOK_EVERY = timedelta(minutes=5)
_UNKNOWN = "Meta did not say whether a change was made; Spruce looks again before it takes it back."


@dataclass(frozen=True, slots=True)
class Theirs:
    """Settings that somebody changed since: those that are left alone, and those that a person gave up."""

    spared: frozenset[Place]
    given_up: frozenset[Place]


def unwind(run: Run) -> Later | Ended:
    """Take every step back that can be; says how it ended, or until when to wait."""
    waits = _resolve(run)
    if waits is not None:
        return waits
    found = _found(run)
    if _undoing(run) and found and not _confirmed(run, sentence_of(found)):
        return _ask(sentence_of(found))
    theirs = _theirs(run, found)
    for step in to_undo(run.replacement):
        outcome = _take_back(run, step, theirs)
        if not isinstance(outcome, Done):
            return outcome
        run.claim.undone(step.kind, outcome.note)
    return _end(run)


def _theirs(run: Run, found: tuple[Difference, ...]) -> Theirs:
    given_up = frozenset(one.place for one in found if _undoing(run) and one.mendable)
    return Theirs(frozenset(one.place for one in found) - given_up, given_up)


def cleaning(run_state: ReplacementState, steps: tuple[Step, ...]) -> bool:
    """Whether a step failed and what was made has to be taken back."""
    going = run_state in (ReplacementState.APPLYING, ReplacementState.TESTING)
    return going and any(step.state is StepState.FAILED for step in steps)


def _take_back(run: Run, step: Step, theirs: Theirs) -> Done | Later | Ended:
    try:
        return _UNDO[step.kind](run, step, theirs)
    except SpruceError as fault:
        if not permanent(fault):
            raise
        if not _undoing(run):
            return Done(note=f"Could not be taken back: {fault.sentence}")
        sentence = f"The undo stopped half-way: {fault.sentence} What was not undone stays as it is."
        return Ended(ReplacementState.CONFLICT, sentence, "conflict")


def _resolve(run: Run) -> Later | None:
    """Find out about creates whose end is unknown, so that everything that was made is known."""
    for step in run.replacement.steps:
        if step.state is not StepState.DOING or step.kind not in _LOOKS:
            continue
        found = _LOOKS[step.kind](run)
        until = unknown_until(step, run.clock.now())
        if found is not None:
            field = {StepKind.AD: "new_ad_id", StepKind.CREATIVE: "new_creative_id"}.get(step.kind)
            changes = {field: ObjectId(found)} if field else {"study_id": found}
            run.claim.done(step.kind, Done(result_id=found, changes=changes))
        elif until is not None:
            return Later(until, _UNKNOWN)
        else:
            run.claim.undone(step.kind, "It was not made.")
    return None


def _find_creative(run: Run) -> str | None:
    mine = run.replacement
    return creatives.find_by_marker(run.client, mine.account_id, run.label_id, mine.marker)


def _find_ad(run: Run) -> str | None:
    mine = run.replacement
    return new_ads.find_ad_by_marker(run.client, mine.account_id, run.label_id, mine.marker)


def _find_study(run: Run) -> str | None:
    business = studies.business_of(run.client, run.replacement.account_id)
    return studies.find_study(run.client, business, run.replacement.marker)


_LOOKS: dict[StepKind, Callable[[Run], str | None]] = {
    StepKind.CREATIVE: _find_creative,
    StepKind.AD: _find_ad,
    StepKind.STUDY: _find_study,
}


def _found(run: Run) -> tuple[Difference, ...]:
    """What somebody changed since, at every ad that the replacement touched."""
    ads = sorted(touched_ads(run.replacement))
    return differences(run.replacement, *(new_ads.ad_state(run.client, one).seen for one in ads))


def _value(run: Run, step: Step, theirs: Theirs) -> Done | Later | Ended:
    """Set a value back to what it was."""
    place = place_of(run.replacement, step)
    if place is None or not step.after or step.before == step.after:
        return Done(note="There was nothing to take back.")
    if place in theirs.spared:
        return Done(note="Somebody changed it since; it was left as it is.")
    waits = _old_first(run) if step.kind is StepKind.ACTIVATE else None
    if waits is not None:
        return waits
    now = value_of(run.client, place)
    if now == step.before:
        until = unknown_until(step, run.clock.now())
        return Later(until, _UNKNOWN) if until else Done()
    if now not in left(run.replacement)[place] and place not in theirs.given_up:
        return Later(run.clock.now(), "Somebody changes the ad right now; Spruce looks again.")
    return _set_back(run, step, place)


def _record(run: Run, step: Step) -> None:
    """Record that a change is about to be made; to be called right before every one."""
    recorded_at = run.clock.now()
    run.claim.mark(step.kind, StepState.UNDOING)
    if not run.in_time(recorded_at):
        raise TooLateError


def _set_back(run: Run, step: Step, place: Place) -> Done | Later:
    _record(run, step)
    put_value(run.client, place, step.before)
    if value_of(run.client, place) != step.before:
        return Later(run.clock.now() + LOOK_AGAIN, "Meta has not carried a change out yet.")
    return Done()


def _old_first(run: Run) -> Later | Ended | None:
    """The new ad is paused only when the old one can deliver, where that is what the undo is for."""
    mine = run.replacement
    if not _undoing(run) or mine.seen.configured_status != "ACTIVE":
        return None
    state = new_ads.ad_state(run.client, mine.seen.ad_id)
    if state.effective_status in REVIEWING:
        reason = "The old ad is in Meta's review again; the new one runs until the old one can."
        return Later(run.clock.now() + _LOOK_EVERY, reason)
    if state.effective_status != "DISAPPROVED":
        return None
    sentence = "Meta's review refuses the old ad now; without the new one nothing of it would run."
    return None if _confirmed(run, sentence) else _ask(sentence)


def _ad(run: Run, step: Step, theirs: Theirs) -> Done | Later | Ended:
    """A new ad is left paused; it costs nothing and keeps its figures."""
    ad_id = run.replacement.new_ad_id
    if ad_id is None:
        return Done(note="It was not made.")
    place = Place(ad_id, STATUS)
    if place in theirs.spared:
        return Done(note="Somebody changed the new ad since; it was left as it is.")
    if value_of(run.client, place) == "ACTIVE":
        _record(run, step)
        put_value(run.client, place, "PAUSED")
    return Done(note="The new ad stays paused.")


def _creative(run: Run, step: Step, theirs: Theirs) -> Done | Later | Ended:
    """The new creative, unless an ad uses it."""
    mine = run.replacement
    if mine.new_creative_id is None:
        return Done(note="It was not made.")
    swapped = mine.step(StepKind.SWAP)
    if mine.new_ad_id is not None or (swapped and Place(mine.seen.ad_id, "creative") in theirs.spared):
        return Done(note="An ad uses the new creative; it was kept.")
    if creatives.creative_status(run.client, mine.new_creative_id) == "DELETED":
        return Done()
    _record(run, step)
    gone = creatives.delete_creative(run.client, mine.new_creative_id)
    return Done(note="The new creative was deleted." if gone else "An ad uses the new creative; it was kept.")


def _study(run: Run, step: Step, _theirs: Theirs) -> Done | Later | Ended:
    """The split test ends now, if it has not ended yet."""
    study_id, now = run.replacement.study_id or step.result_id, run.clock.now()
    test = studies.study(run.client, study_id)
    if not test.cancelled and (test.ends_at is None or test.ends_at > now):
        _record(run, step)
        studies.end_study(run.client, study_id, now)
    return Done(note="The split test was ended.")


_UNDO: dict[StepKind, Callable[[Run, Step, Theirs], Done | Later | Ended]] = {
    StepKind.CREATIVE: _creative,
    StepKind.AD: _ad,
    StepKind.SWAP: _value,
    StepKind.ACTIVATE: _value,
    StepKind.STUDY: _study,
    StepKind.PAUSE_OLD: _value,
    StepKind.PAUSE_LOSER: _value,
}


def _undoing(run: Run) -> bool:
    return run.replacement.state is ReplacementState.UNDOING


def _confirmed(run: Run, sentence: str) -> bool:
    return run.replacement.undo_forced == confirmation(sentence)


def _ask(sentence: str) -> Ended:
    return Ended(ReplacementState.UNDO_ASKS, sentence, "undo_asks")


def _end(run: Run) -> Ended:
    mine = run.replacement
    if _undoing(run):
        return Ended(ReplacementState.UNDONE, "", "undone")
    failed = next(step for step in mine.steps if step.state is StepState.FAILED)
    event = "rejected" if failed.result_id == "rejected" else "failed"
    return Ended(ReplacementState.FAILED, failed.note, event)
