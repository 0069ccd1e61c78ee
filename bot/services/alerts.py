"""What people do with alerts: acknowledge, snooze, wake up; and the list of what is open."""

from collections.abc import Callable
from datetime import datetime

from bot.clock import Clock
from bot.domain import alerts as life
from bot.domain.access import Person
from bot.domain.alerts import Alert, State
from bot.domain.ids import AlertId, WorkspaceId
from bot.domain.report import AlertCard
from bot.errors import NotFound, Stale
from bot.services.cards import card, cards
from bot.services.messages import edit
from bot.views.actions import snooze_until
from bot.views.figures import Notation
from storage.db import Database
from storage.repositories import Repositories

_ORDER = {State.OPEN: 0, State.ACKNOWLEDGED: 1, State.SNOOZED: 2, State.RESOLVED: 3}


class AlertService:
    """Alerts as people handle them. Every change is decided by the row, not by what was shown."""

    def __init__(self, db: Database, clock: Clock, *, new_id: Callable[[], str]) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    def acknowledge(self, person: Person, alert_id: AlertId, seen_version: int) -> AlertCard:
        """A person has it; raises Stale with what happened when somebody was faster."""
        now = self._clock.now()
        return self._change(
            person,
            alert_id,
            seen_version,
            "alert.acknowledged",
            lambda alert, _zone: life.acknowledge(alert, person.user_id, now),
        )

    def snooze(self, person: Person, alert_id: AlertId, seen_version: int, choice: str) -> AlertCard:
        """Nobody hears of it until then; `choice` is a key of bot.views.actions.SNOOZE_CHOICES."""
        now = self._clock.now()
        return self._change(
            person,
            alert_id,
            seen_version,
            "alert.snoozed",
            lambda alert, zone_name: life.snooze(
                alert, person.user_id, now, snooze_until(choice, now, zone_name)
            ),
        )

    def unsnooze(self, person: Person, alert_id: AlertId, seen_version: int) -> AlertCard:
        """A person wants to hear of it again."""
        now = self._clock.now()
        return self._change(
            person,
            alert_id,
            seen_version,
            "alert.unsnoozed",
            lambda alert, _zone: life.unsnooze(alert, person.user_id, now),
        )

    def list(self, workspace_id: WorkspaceId, account: str | None = None) -> list[AlertCard]:
        """What is not resolved: open first, then acknowledged, then snoozed; the worst first."""
        now = self._clock.now()
        with self._db.read(workspace_id) as tx:
            wanted = [
                alert for alert in tx.alerts.unresolved() if account is None or alert.account_id == account
            ]
            wanted.sort(key=lambda alert: (_ORDER[alert.state], -alert.severity.rank))
            return cards(tx, wanted, now)

    def wake_snoozed(self) -> None:
        """Bring alerts back whose snooze is over; runs between readings, so that none comes late."""
        now = self._clock.now()
        with self._db.system_read() as tx:
            over = tx.alerts.snoozes_over(now)
        for alert in over:
            with self._db.workspace(alert.workspace_id) as tx:
                woken = life.found(alert, alert.finding, now, life.Policy())
                if woken and tx.alerts.save(woken.alert, seen_version=alert.version):
                    edit(tx, woken.alert, self._new_id(), now)
                    tx.audit.add(alert.workspace_id, now, "spruce", "alert.snooze_over", object_id=alert.id)

    def _change(
        self,
        person: Person,
        alert_id: AlertId,
        seen_version: int,
        what: str,
        move: Callable[[Alert, str], Alert],
    ) -> AlertCard:
        now = self._clock.now()
        with self._db.workspace(person.workspace_id) as tx:
            alert = current(tx, alert_id, seen_version)
            watched = tx.accounts.get(alert.account_id)
            zone_name = watched.account.timezone_name if watched else "UTC"
            moved = move(alert, zone_name)
            if not tx.alerts.save(moved, seen_version=seen_version):
                raise Stale("Somebody changed this alert at the same moment; look at it again.")
            edit(tx, moved, self._new_id(), now)
            tx.audit.add(person.workspace_id, now, person.user_id, what, object_id=alert_id)
            return card(tx, moved, now)


def current(tx: Repositories, alert_id: AlertId, seen_version: int) -> Alert:
    """The alert, if it still is as the person saw it; else the truth as a refusal."""
    alert = tx.alerts.get(alert_id)
    if alert is None:
        raise NotFound("There is no such alert in this workspace.")
    if alert.version != seen_version:
        watched = tx.accounts.get(alert.account_id)
        raise Stale(_truth(alert, watched.account.timezone_name if watched else "UTC"))
    return alert


def _truth(alert: Alert, timezone_name: str) -> str:
    who = f" by <@{alert.acted_by}>" if alert.acted_by else ""
    if alert.state is State.RESOLVED and alert.resolved_at:
        return f"This alert was resolved at {_at(alert.resolved_at, timezone_name)}."
    if alert.state is State.ACKNOWLEDGED and alert.acted_at:
        return f"Already acknowledged{who} at {_at(alert.acted_at, timezone_name)}."
    if alert.state is State.SNOOZED and alert.snoozed_until:
        return f"Already snoozed{who} until {_at(alert.snoozed_until, timezone_name)}."
    return "This alert has changed since the message was written; look at the message as it is now."


def _at(moment: datetime, timezone_name: str) -> str:
    # With its day, since the message may be days old and a snooze may end on another.
    return Notation("USD", timezone_name).moment(moment, seen_on=moment, named=True)
