"""Pause and resume at Meta: asked for by a person, done once, compared before it is set."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.access import Person
from bot.domain.actions import ActionKind, ActionState, ObjectAction, Step, next_step
from bot.domain.alerts import Alert
from bot.domain.ids import AlertId, Level
from bot.domain.report import AlertCard
from bot.errors import BadInput, NotFound, OutcomeUnknown, SpruceError, Stale, Throttled, Transient
from bot.meta import ads
from bot.meta.client import GraphClient
from bot.metrics import Metrics
from bot.services.alerts import current
from bot.services.cards import card
from bot.services.connections import ConnectionService
from bot.services.messages import edit
from bot.services.stops import demand_no_stop
from storage.accounts import WatchedAccount
from storage.db import Database
from storage.repositories import Repositories

_STUCK = timedelta(seconds=60)  # longer than any call may take: its carrier is gone, or Meta never said
_RETRY = timedelta(seconds=30)
_GIVE_UP = timedelta(hours=1)
_START_WITHIN = timedelta(seconds=5)
_STOPPED = "Changes are stopped in this workspace; it waits until they are resumed."
_log = logging.getLogger(__name__)


class ActionService:
    """Changes of ads."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        connections: ConnectionService,
        new_id: Callable[[], str],
        metrics: Metrics,
    ) -> None:
        self._db = db
        self._clock = clock
        self._connections = connections
        self._new_id = new_id
        self._metrics = metrics

    def request(self, person: Person, alert_id: AlertId, seen_version: int, kind: ActionKind) -> AlertCard:
        """Record what a person confirmed, bound to the alert as they saw it; it is done in a moment."""
        now = self._clock.now()
        with self._db.workspace(person.workspace_id) as tx:
            alert = current(tx, alert_id, seen_version)
            demand_no_stop(tx)
            action = self._wish(tx, alert, person, kind, now)
            if not tx.actions.add(action):
                raise Stale("A change is already under way; the message shows how it ends.")
            edit(tx, alert, self._new_id(), now)
            tx.audit.add(
                person.workspace_id,
                now,
                person.user_id,
                f"{action.entity.level.value}.{kind.value}.requested",
                object_id=action.entity.id,
                details={"alert": alert_id, "action": action.id, "seen_status": action.seen_status},
            )
            return card(tx, alert, now)

    def carry_out(self, limit: int = 10) -> int:
        """Do what was asked for, and find out about what was left half-way; says how many were looked at."""
        now = self._clock.now()
        with self._db.system_read() as tx:
            waiting = tx.actions.due(now, now - _STUCK, limit)
        for action in waiting:
            self._carry(action)
        return len(waiting)

    def _wish(
        self, tx: Repositories, alert: Alert, person: Person, kind: ActionKind, now: datetime
    ) -> ObjectAction:
        entity = alert.finding.entity
        if entity.level is Level.ACCOUNT:
            raise BadInput("A whole account cannot be paused from here; open Ads Manager.")
        kept = tx.structures.find(alert.account_id, entity.level, entity.id)
        if kept is None:
            raise NotFound("This is not known any more; it may have been deleted in Ads Manager.")
        status = kept.configured_status
        if status == kind.status:
            raise Stale(f"It is already {'paused' if kind is ActionKind.PAUSE else 'active'}.")
        return ObjectAction(
            id=self._new_id(),
            workspace_id=person.workspace_id,
            account_id=alert.account_id,
            alert_id=alert.id,
            entity=kept,
            kind=kind,
            state=ActionState.REQUESTED,
            seen_status=status,
            requested_by=person.user_id,
            requested_at=now,
        )

    def _carry(self, action: ObjectAction) -> None:
        now = self._clock.now()
        with self._db.workspace(action.workspace_id) as tx:
            lease_token = tx.actions.claim(action, now)
            watched = tx.accounts.get(action.account_id)
            if lease_token is None or watched is None:
                return
            if tx.stops.current() is not None:
                self._hold(tx, action, lease_token, now)
                return
        try:
            self._do(action, lease_token, watched, claimed_at=now)
        except OutcomeUnknown:
            self._later(action, lease_token)
        except (Throttled, Transient) as fault:
            self._retry(action, lease_token, fault)
        except SpruceError as fault:
            self._end(action, lease_token, ActionState.FAILED, fault.sentence)

    def _do(
        self, action: ObjectAction, lease_token: int, watched: WatchedAccount, *, claimed_at: datetime
    ) -> None:
        with self._connections.client(action.workspace_id, watched.connection_id) as client:
            before = ads.object_status(client, action.entity.id)
            step = next_step(action, before.configured_status)
            if step is Step.CONFLICT:
                sentence = f"Somebody set it to {before.configured_status} meanwhile; nothing was changed."
                self._end(action, lease_token, ActionState.CONFLICT, sentence)
                return
            # A process that slept since its claim may have been replaced: it must not act late.
            if step is Step.WRITE and self._may_still_act(action, claimed_at):
                self._set(action, client)
            after = ads.object_status(client, action.entity.id)
        if after.configured_status != action.kind.status:
            self._later(action, lease_token)
            return
        with self._db.workspace(action.workspace_id) as tx:
            tx.structures.note_status(
                action.account_id,
                action.entity.level,
                action.entity.id,
                configured=after.configured_status,
                effective=after.effective_status,
            )
        self._end(action, lease_token, ActionState.DONE, "")

    def _may_still_act(self, action: ObjectAction, claimed_at: datetime) -> bool:
        if self._clock.now() - claimed_at >= _START_WITHIN:
            return False
        with self._db.read(action.workspace_id) as tx:
            return tx.stops.current() is None

    def _set(self, action: ObjectAction, client: GraphClient) -> None:
        if action.kind is ActionKind.PAUSE:
            ads.set_status(client, action.entity.id, "PAUSED")
        else:
            ads.set_status(client, action.entity.id, "ACTIVE")

    def _hold(self, tx: Repositories, action: ObjectAction, lease_token: int, now: datetime) -> None:
        """Changes are stopped: nothing is sent, and what may have been done stays unknown until then."""
        if action.state is ActionState.DOING:
            tx.actions.look_again(action, lease_token, now + _RETRY)
            return
        tx.actions.retry(action, lease_token, now + _RETRY, _STOPPED)
        if action.error != _STOPPED:
            self._show(tx, action)

    def _later(self, action: ObjectAction, lease_token: int) -> None:
        """Nobody knows yet: look at the ad again before anything else is tried."""
        if self._too_old(action):
            sentence = "Meta did not say whether the change was made; look at it in Ads Manager."
            self._end(action, lease_token, ActionState.FAILED, sentence)
            return
        with self._db.workspace(action.workspace_id) as tx:
            tx.actions.look_again(action, lease_token, self._clock.now() + _STUCK)

    def _retry(self, action: ObjectAction, lease_token: int, fault: Throttled | Transient) -> None:
        if self._too_old(action):
            self._end(action, lease_token, ActionState.FAILED, fault.sentence)
            return
        at = fault.until if isinstance(fault, Throttled) else self._clock.now() + _RETRY
        with self._db.workspace(action.workspace_id) as tx:
            tx.actions.retry(action, lease_token, at, fault.sentence)
            self._show(tx, action)

    def _too_old(self, action: ObjectAction) -> bool:
        return self._clock.now() - action.requested_at > _GIVE_UP

    def _end(self, action: ObjectAction, lease_token: int, state: ActionState, error: str) -> None:
        now = self._clock.now()
        with self._db.workspace(action.workspace_id) as tx:
            if not tx.actions.finish(action, lease_token, state, now, error):
                return
            self._show(tx, action)
            tx.audit.add(
                action.workspace_id,
                now,
                action.requested_by,
                f"{action.entity.level.value}.{action.kind.value}.{state.value}",
                object_id=action.entity.id,
                details={"alert": action.alert_id, "action": action.id},
            )
        self._metrics.count("spruce_actions_total", kind=action.kind.value, outcome=state.value)
        _log.info("action ended", extra={"action": f"ad.{action.kind.value}", "outcome": state.value})

    def _show(self, tx: Repositories, action: ObjectAction) -> None:
        alert = tx.alerts.get(action.alert_id)
        if alert is not None:
            edit(tx, alert, self._new_id(), self._clock.now())
