"""A claim on one replacement, and the record of its steps: written before and after everything that is done.

Every record is refused once somebody else has the claim; whoever lost it stops and touches nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.guardrails import Limits
from bot.domain.replacement import Replacement, ReplacementState, Step, StepKind, StepState
from bot.metrics import Metrics
from bot.services.connections import ConnectionService
from storage.accounts import WatchedAccount
from storage.db import Database
from storage.repositories import Repositories

Changed = Callable[[Repositories, Replacement, str], None]
_LONGEST_REASON = 2000
_RENEW_AFTER = timedelta(seconds=15)
_ACTING = (StepState.DOING, StepState.UNDOING)  # a change is about to be made


class HaltedError(Exception):
    """Changes were stopped in this workspace before this one was made."""


class LostClaimError(Exception):
    """Somebody else carries this replacement on, or a person moved it."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What carrying out replacements needs."""

    db: Database
    clock: Clock
    connections: ConnectionService
    new_id: Callable[[], str]
    metrics: Metrics
    limits: Limits
    changed: Changed


@dataclass(frozen=True, slots=True)
class Done:
    """A step is done. `changes` are fields of the replacement that it decides."""

    result_id: str = ""
    note: str = ""
    before: str = ""
    after: str = ""
    event: str = ""
    reason: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Later:
    """A step is not done yet; look again then."""

    until: datetime
    reason: str
    event: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A step cannot be done; what was made is cleaned up, and the old ad runs as before."""

    sentence: str
    rejected: bool = False  # by Meta's review


@dataclass(frozen=True, slots=True)
class Ended:
    """The replacement comes to rest here without cleaning up."""

    state: ReplacementState
    sentence: str
    event: str
    live_at: datetime | None = None


Outcome = Done | Later | Failed | Ended


class Claim:
    """The right to carry one replacement on, as it stands."""

    def __init__(
        self, tools: Tools, replacement: Replacement, lease_token: int, watched: WatchedAccount | None
    ) -> None:
        self._tools = tools
        self._lease_token = lease_token
        self._claimed_at = tools.clock.now()
        self.replacement = replacement
        self.watched = watched

    @classmethod
    def take(cls, tools: Tools, replacement: Replacement) -> "Claim | None":
        """Claim it; None when somebody else has it."""
        with tools.db.workspace(replacement.workspace_id) as tx:
            lease_token = tx.replacements.claim(replacement, tools.clock.now())
            fresh = tx.replacements.get(replacement.id)
            watched = tx.accounts.get(replacement.account_id)
        if lease_token is None or fresh is None:
            return None
        return cls(tools, fresh, lease_token, watched)

    def renew(self) -> None:
        """Keep the claim over a long way, so that nobody takes the replacement for forsaken."""
        now = self._tools.clock.now()
        if now - self._claimed_at < _RENEW_AFTER:
            return
        mine = replace(self.replacement, lease_token=self._lease_token)
        with self._tools.db.workspace(mine.workspace_id) as tx:
            lease_token = tx.replacements.claim(mine, now)
        if lease_token is None:
            raise LostClaimError
        self._lease_token, self._claimed_at = lease_token, now

    def step(self, kind: StepKind) -> Step:
        """The step of that kind; the plan must have it."""
        found = self.replacement.step(kind)
        if found is None:
            raise ValueError(f"This replacement has no step {kind.value}.")
        return found

    def mark(self, kind: StepKind, state: StepState, **values: Any) -> None:
        """Record a step's state and whatever else is known of it, and nothing else."""
        self._write(self._with(kind, state=state, **values), "", acts=state in _ACTING)

    def begin(self, kind: StepKind, before: str, after: str, result_id: str) -> datetime:
        """Record that a step is about to be done; what it began from is never written over."""
        now, step = self._tools.clock.now(), self.step(kind)
        self.mark(
            kind,
            StepState.DOING,
            before=step.before or before,
            after=after or step.after,
            result_id=result_id or step.result_id,
            attempts=step.attempts + 1,
            started_at=now,
        )
        return now

    def done(self, kind: StepKind, outcome: Done) -> None:
        """Record that a step is done."""
        step, now = self.step(kind), self._tools.clock.now()
        moved = self._with(
            kind,
            state=StepState.DONE,
            before=step.before or outcome.before,
            after=step.after or outcome.after,
            result_id=outcome.result_id or step.result_id,
            note=outcome.note,
            started_at=step.started_at or now,
            finished_at=now,
        )
        self._write(replace(moved, reason=outcome.reason, **outcome.changes), outcome.event, kind)
        self._count(kind, "done")

    def failed(self, kind: StepKind, outcome: Failed) -> None:
        """Record that a step cannot be done; cleaning up is next."""
        result_id = "rejected" if outcome.rejected else ""
        now = self._tools.clock.now()
        moved = self._with(
            kind, state=StepState.FAILED, note=outcome.sentence, result_id=result_id, finished_at=now
        )
        self._write(replace(moved, reason=outcome.sentence), "", kind)
        self._count(kind, "failed")

    def undone(self, kind: StepKind, note: str = "") -> None:
        """Record that what a step did is undone."""
        now = self._tools.clock.now()
        self._write(self._with(kind, state=StepState.UNDONE, note=note, finished_at=now), "", kind)
        self._count(kind, "undone")

    def later(self, until: datetime, reason: str, event: str = "") -> None:
        """Give it back until then; people are told when the reason is a new one."""
        event = event or ("" if reason == self.replacement.reason else "waiting")
        moved = replace(self.replacement, next_at=until, reason=reason)
        self._write(moved, event, None, gives_back=until)

    def struggle(self, kind: StepKind | None, until: datetime, reason: str) -> None:
        """Give it back after a fault that passes or that a person must mend."""
        if kind is not None:
            step = self.step(kind)
            self.replacement = self._with(kind, attempts=step.attempts + 1)
            self._count(kind, "unknown" if step.state is StepState.DOING else "put_off")
        self.later(until, reason)

    def rest(self, ended: Ended, then: Callable[[Repositories, Replacement], None] | None = None) -> None:
        """Record where it ends. `then` runs in the same transaction."""
        now = self._tools.clock.now()
        moved = replace(
            self.replacement,
            state=ended.state,
            reason=ended.sentence,
            finished_at=now,
            next_at=None,
            live_at=self.replacement.live_at or ended.live_at,
        )
        self._write(moved, ended.event, None, then=then)
        self._tools.metrics.count("spruce_replacements_total", outcome=ended.state.value)

    def move(self, state: ReplacementState, event: str) -> None:
        """Record another state on the way."""
        self._write(replace(self.replacement, state=state, reason=""), event)

    def _with(self, kind: StepKind, **values: Any) -> Replacement:
        steps = tuple(
            replace(step, **values) if step.kind is kind else step for step in self.replacement.steps
        )
        return replace(self.replacement, steps=steps)

    def _write(
        self,
        moved: Replacement,
        event: str,
        kind: StepKind | None = None,
        *,
        gives_back: datetime | None = None,
        acts: bool = False,
        then: Callable[[Repositories, Replacement], None] | None = None,
    ) -> None:
        moved = replace(moved, reason=moved.reason[:_LONGEST_REASON])
        before = self.replacement
        if (moved.state, moved.reason) != (before.state, before.reason):
            moved = replace(moved, version=moved.version + 1)
        with self._tools.db.workspace(moved.workspace_id) as tx:
            if acts and tx.stops.current() is not None:
                raise HaltedError
            if not tx.replacements.save(moved, self._lease_token):
                raise LostClaimError
            if gives_back is not None:
                tx.replacements.release(moved, self._lease_token, gives_back)
            self._audit(tx, moved, event, kind)
            # Buttons carry the version, so the messages follow it even where there is no news.
            if event or moved.version != before.version:
                self._tools.changed(tx, moved, event)
            if then is not None:
                then(tx, moved)
        self.replacement = moved

    def _audit(self, tx: Repositories, moved: Replacement, event: str, kind: StepKind | None) -> None:
        if not event and kind is None:
            return
        step = None if kind is None else moved.step(kind)
        what = event if step is None else f"{step.kind.value}.{step.state.value}"
        details = {
            "event": event,
            "ad": moved.seen.ad_id,
            "new_ad": moved.new_ad_id,
            "new_creative": moved.new_creative_id,
            "result": step.result_id if step else "",
        }
        now = self._tools.clock.now()
        tx.audit.add(
            moved.workspace_id, now, "spruce", f"replacement.{what}", object_id=moved.id, details=details
        )

    def _count(self, kind: StepKind, outcome: str) -> None:
        self._tools.metrics.count("spruce_replacement_steps_total", kind=kind.value, outcome=outcome)


def backoff(attempts: int) -> timedelta:
    """30 s after the first fault of a step, doubling to a quarter of an hour."""
    return timedelta(seconds=min(30 * 2 ** min(attempts, 10), 900))
