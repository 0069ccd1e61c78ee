"""Approved creatives go live step by step: each is recorded, looked up before a repeat, undone on a wish."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.access import Person
from bot.domain.guardrails import Limits, Stop, breaker_trips, may_begin
from bot.domain.ids import AccountId
from bot.domain.replacement import UNDOABLE, Replacement, ReplacementState, Step, StepKind, StepState
from bot.domain.undoing import confirmation
from bot.errors import NotFound, SpruceError, Stale, Throttled
from bot.metrics import Metrics
from bot.services import replacing_live as live
from bot.services import replacing_steps as steps
from bot.services.connections import ConnectionService
from bot.services.replacing_faults import again_at, permanent
from bot.services.replacing_record import (
    Changed,
    Claim,
    Done,
    Ended,
    Failed,
    HaltedError,
    Later,
    LostClaimError,
    Outcome,
    Tools,
)
from bot.services.replacing_steps import Run, TooLateError
from bot.services.replacing_undo import cleaning, unwind
from bot.services.stops import halt
from storage.accounts import WatchedAccount
from storage.db import Database
from storage.repositories import Repositories

# Longer than any single call and its repeats may take: whoever had it is gone.
STUCK = timedelta(seconds=90)
_STOPPED_LOOK = timedelta(seconds=60)
_HOUR = timedelta(hours=1)
_STOPPED = "Changes are stopped in this workspace; /spruce resume lets them go on."
_STEPS: dict[StepKind, Callable[[Run, Step], Outcome]] = {
    StepKind.CHECK: steps.check,
    StepKind.VALIDATE: steps.validate,
    StepKind.UPLOAD: steps.upload,
    StepKind.LABEL: steps.label,
    StepKind.CREATIVE: steps.creative,
    StepKind.VERIFY: steps.verify,
    StepKind.AD: steps.ad,
    StepKind.SWAP: steps.swap,
    StepKind.REVIEW: live.review,
    StepKind.ACTIVATE: steps.activate,
    StepKind.STUDY: live.study,
    StepKind.CONFIRM: live.confirm,
    StepKind.AWAIT: live.await_test,
    StepKind.PAUSE_OLD: live.pause_old,
    StepKind.PAUSE_LOSER: live.pause_loser,
}
_log = logging.getLogger(__name__)


class ReplacementService:
    """Carries approved replacements out, and takes them back."""

    def __init__(  # noqa: PLR0913 - what carrying out needs
        self,
        db: Database,
        clock: Clock,
        *,
        connections: ConnectionService,
        new_id: Callable[[], str],
        metrics: Metrics,
        limits: Limits,
        changed: Changed,
    ) -> None:
        """`changed(tx, replacement, event)` is called in the transaction of everything people should see."""
        self._tools = Tools(db, clock, connections, new_id, metrics, limits, changed)
        self._db = db
        self._clock = clock

    def carry_out(self, limit: int = 10) -> int:
        """Carry on what is due, as far as it goes; says how many replacements were looked at."""
        now = self._clock.now()
        with self._db.system_read() as tx:
            due = tx.replacements.due(now, now - STUCK, limit)
        blocked: dict[AccountId, datetime] = {}
        for one in due:
            until = self._carry(one, blocked.get(one.account_id))
            if until is not None:
                blocked[one.account_id] = until
        return len(due)

    def undo(self, person: Person, replacement_id: str, seen_version: int, forced: str = "") -> Replacement:
        """A person wants the former state back; what waits in the queue is cancelled at once.

        `forced` is `confirmation(reason)` of the differences that this person was shown and undoes all the
        same; any other differences are asked about again.
        """
        now = self._clock.now()
        with self._db.workspace(person.workspace_id) as tx:
            found = tx.replacements.get(replacement_id)
            if found is None:
                raise NotFound("There is no such replacement in this workspace.")
            moved, event = _undo(found, person, forced, now)
            if not tx.replacements.move(moved, seen_version=seen_version):
                raise Stale(f"This has changed since you saw it: it is {_words(found)} now. Look again.")
            details = {"ad": found.seen.ad_id, "forced": forced, "from": found.state.value}
            what = "replacement.cancelled" if event == "undone" else "replacement.undo_wanted"
            tx.audit.add(person.workspace_id, now, person.user_id, what, object_id=found.id, details=details)
            self._tools.changed(tx, moved, event)
        if moved.state is ReplacementState.UNDONE:
            self._tools.metrics.count("spruce_replacements_total", outcome=moved.state.value)
        return moved

    def _carry(self, replacement: Replacement, blocked: datetime | None) -> datetime | None:
        """Carry one on; says until when its account is blocked, if it is."""
        claim = Claim.take(self._tools, replacement)
        if claim is None:
            return None
        try:
            if blocked is not None:
                claim.later(blocked, claim.replacement.reason)
                return None
            if claim.watched is None:
                unwatched = "The ad account is not connected any more."
                claim.struggle(None, self._clock.now() + _HOUR, unwatched)
            elif self._may_go_on(claim):
                return self._go_on(claim, claim.watched)
        except LostClaimError:
            _log.info("replacement lost", extra={"action": "replacement.lost"})
        return None

    def _may_go_on(self, claim: Claim) -> bool:
        """Whether nothing holds it up: a stop, cool-downs and limits before the first write."""
        mine, now = claim.replacement, self._clock.now()
        limits = self._tools.limits
        since = now - max(limits.cooldown, timedelta(hours=24)) - limits.batch
        with self._db.read(mine.workspace_id) as tx:
            stop = tx.stops.current()
            begun = tx.replacements.begun_since(mine.account_id, since)
        if mine.begun_at is not None or mine.state is ReplacementState.UNDOING:
            if stop is not None:
                claim.struggle(None, now + _STOPPED_LOOK, _STOPPED)
            return stop is None
        wait = may_begin(mine.seen.adset_id, now, begun, limits, stop)
        if wait is not None:
            claim.struggle(None, wait.until or now + _STOPPED_LOOK, wait.reason)
            return False
        if mine.state is ReplacementState.QUEUED:
            claim.move(ReplacementState.APPLYING, "begun")
        return True

    def _go_on(self, claim: Claim, watched: WatchedAccount) -> datetime | None:
        """As many steps as can be done now; says until when the account is throttled, if it is."""
        owner = claim.replacement.workspace_id
        try:
            with self._tools.connections.client(owner, watched.connection_id) as client:
                run = Run(claim, client, watched.account, self._clock, self._db)
                while self._one_step(run):
                    continue
        except HaltedError:
            claim.struggle(None, self._clock.now() + _STOPPED_LOOK, _STOPPED)
        except TooLateError:
            claim.later(self._clock.now(), claim.replacement.reason)
        except SpruceError as fault:
            return self._struggle(claim, fault)
        return None

    def _one_step(self, run: Run) -> bool:
        """Do one step, or take everything back; says whether there is more to do now."""
        run.claim.renew()
        mine = run.replacement
        if mine.state is ReplacementState.UNDOING or cleaning(mine.state, mine.steps):
            return self._settle(run, None, unwind(run))
        step = mine.current
        if step is None:
            return self._settle(run, *live.ends(run))
        return self._settle(run, step.kind, self._outcome(run, step))

    def _outcome(self, run: Run, step: Step) -> Outcome:
        try:
            return _STEPS[step.kind](run, step)
        except SpruceError as fault:
            if permanent(fault):
                return Failed(fault.sentence)
            raise

    def _settle(self, run: Run, kind: StepKind | None, outcome: Outcome) -> bool:
        claim = run.claim
        if isinstance(outcome, Done) and kind is not None:
            claim.done(kind, outcome)
            return True
        if isinstance(outcome, Failed) and kind is not None:
            claim.failed(kind, outcome)
            return True
        if isinstance(outcome, Later):
            claim.later(outcome.until, outcome.reason, outcome.event)
        elif isinstance(outcome, Ended):
            claim.rest(outcome, self._break if outcome.state is ReplacementState.FAILED else None)
        return False

    def _struggle(self, claim: Claim, fault: SpruceError) -> datetime | None:
        """A fault that passes, or that a person must mend."""
        step = claim.replacement.current
        kind = step.kind if step and step.state in (StepState.PENDING, StepState.DOING) else None
        until = again_at(fault, self._clock.now(), step.attempts if step else 0)
        claim.struggle(kind, until, fault.sentence)
        return until if isinstance(fault, Throttled) else None

    def _break(self, tx: Repositories, failed: Replacement) -> None:
        """The circuit breaker: so many failures in a row stop everything until a person looks."""
        limits, now = self._tools.limits, self._clock.now()
        bad, good = tx.replacements.outcomes_since(failed.account_id, now - limits.breaker_within)
        if not breaker_trips(bad, good, now, limits):
            return
        reason = f"{len(bad)} replacements failed in a row."
        halt(tx, failed.workspace_id, Stop(now, None, reason), self._tools.new_id)


def _undo(found: Replacement, person: Person, forced: str, now: datetime) -> tuple[Replacement, str]:
    """The replacement as this wish leaves it, or a refusal that says how it stands."""
    version = found.version + 1
    if found.state is ReplacementState.QUEUED:
        sentence = "Cancelled before anything was changed."
        ended = replace(
            found,
            state=ReplacementState.UNDONE,
            version=version,
            undo_by=person.user_id,
            reason=sentence,
            finished_at=now,
            next_at=None,
        )
        return ended, "undone"
    if found.state not in UNDOABLE:
        raise Stale(f"This is {_words(found)}; there is nothing to undo.")
    if found.state is ReplacementState.UNDO_ASKS and forced != confirmation(found.reason):
        raise Stale(f"Somebody changed the ads since: {found.reason} Confirm the undo to go on all the same.")
    begun = replace(
        found,
        state=ReplacementState.UNDOING,
        version=version,
        undo_by=person.user_id,
        undo_forced=forced,
        reason="",
        finished_at=None,
        next_at=now,
    )
    return begun, "undoing"


def _words(found: Replacement) -> str:
    return found.state.value.replace("_", " ")
