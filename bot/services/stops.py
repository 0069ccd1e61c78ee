"""The stop switch: halts every change at Meta in a workspace, and says so in all its channels."""

import json
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from bot.clock import Clock
from bot.domain.access import Person
from bot.domain.guardrails import Stop
from bot.domain.ids import UserId, WorkspaceId
from bot.domain.proposals import ProposalState
from bot.errors import Stale
from bot.services.messages import card, notice
from bot.views.text import clip, one_line
from storage.db import Database
from storage.repositories import Repositories

LONGEST_REASON = 300  # characters


class Halt(StrEnum):
    """What the channels are told; `word` of the notice's payload."""

    STOPPED = "stopped"
    RESUMED = "resumed"


class StopService:
    """Stops and resumes changes; who may is decided at the doors."""

    def __init__(self, db: Database, clock: Clock, *, new_id: Callable[[], str]) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    def stop(self, person: Person, reason: str) -> Stop:
        """Halt all changes from now on; raises Stale, with who did it, when they are halted."""
        now = self._clock.now()
        stop = Stop(now, person.user_id, clip(one_line(reason), LONGEST_REASON))
        with self._db.workspace(person.workspace_id) as tx:
            if not halt(tx, person.workspace_id, stop, self._new_id):
                already = tx.stops.current()
                raise Stale(f"Changes are stopped already{_by(already)}; /spruce resume lets them go on.")
        return stop

    def resume(self, person: Person) -> Stop:
        """Let changes go on; returns what was lifted. Raises Stale when nothing is halted."""
        now = self._clock.now()
        with self._db.workspace(person.workspace_id) as tx:
            lifted = tx.stops.resume()
            if lifted is None:
                raise Stale("Changes are not stopped in this workspace.")
            workspace_id = person.workspace_id
            _tell(tx, workspace_id, Halt.RESUMED, lifted, by=person.user_id, new_id=self._new_id, now=now)
            _cards(tx, self._new_id, now)
            details = {"since": lifted.since.isoformat(), "stopped_by": lifted.by or "spruce"}
            tx.audit.add(
                workspace_id, now, person.user_id, "changes.resumed", object_id=workspace_id, details=details
            )
        return lifted

    def current(self, workspace_id: WorkspaceId) -> Stop | None:
        """The halt of a workspace, if there is one."""
        with self._db.read(workspace_id) as tx:
            return tx.stops.current()


def halt(tx: Repositories, workspace_id: WorkspaceId, stop: Stop, new_id: Callable[[], str]) -> bool:
    """Halt all changes within a transaction, for a person or the circuit breaker (`by` is None).

    False when they are halted already: the first halt stays, and nobody is told twice.
    """
    if not tx.stops.stop(stop):
        return False
    _tell(tx, workspace_id, Halt.STOPPED, stop, by=stop.by, new_id=new_id, now=stop.since)
    _cards(tx, new_id, stop.since)
    tx.audit.add(workspace_id, stop.since, stop.by or "spruce", "changes.stopped", object_id=workspace_id)
    return True


def demand_no_stop(tx: Repositories) -> None:
    """Refuse a change while changes are halted, and say by whom."""
    stop = tx.stops.current()
    if stop is not None:
        raise Stale(f"Changes are stopped in this workspace{_by(stop)}; /spruce resume lets them go on.")


def _by(stop: Stop | None) -> str:
    # Without the reason: it is somebody's words, and this sentence is trusted to mention people.
    if stop is None:
        return ""
    return f" by <@{stop.by}>" if stop.by else " by Spruce itself, because replacements failed"


def _cards(tx: Repositories, new_id: Callable[[], str], now: datetime) -> None:
    """Variations that wait can be approved only while nothing is stopped; their buttons say so."""
    for proposal in tx.proposals.waiting():
        alert = tx.alerts.get(proposal.alert_id)
        if alert is not None and proposal.state is ProposalState.WAITING:
            card(tx, proposal, alert, new_id(), now)


def _tell(  # noqa: PLR0913 - a notice is made of this much
    tx: Repositories,
    workspace_id: WorkspaceId,
    word: Halt,
    stop: Stop,
    *,
    by: UserId | None,
    new_id: Callable[[], str],
    now: datetime,
) -> None:
    """A notice in every channel where a watched account reports; `by` is None for the circuit breaker."""
    since = stop.since.isoformat()
    payload = json.dumps({"word": word.value, "by": by, "reason": stop.reason, "since": since})
    channels = {watched.channel_id: None for watched in tx.accounts.all() if watched.channel_id}
    for channel_id in channels:
        notice(
            tx,
            workspace_id,
            channel_id,
            subject_id=workspace_id,
            dedup_key=f"{word.value}:{since}",
            payload=payload,
            new_id=new_id(),
            now=now,
        )
