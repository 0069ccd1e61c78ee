"""What people think of warnings: "not tired" is kept, counted per rule, and quietens the warning."""

from collections.abc import Callable
from datetime import timedelta

from bot.clock import Clock
from bot.domain import alerts as life
from bot.domain.access import Person
from bot.domain.alerts import State
from bot.domain.ids import AlertId
from bot.errors import BadInput, Stale
from bot.services.alerts import current
from bot.services.messages import edit
from storage.db import Database

_RULE = "creative_fatigue"
# As long as a fatigue warning's window: by then the figures that were wrong are out of it.
_QUIET = timedelta(days=7)


class FeedbackService:
    """Feedback on warnings."""

    def __init__(self, db: Database, clock: Clock, *, new_id: Callable[[], str]) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    def not_tired(self, person: Person, alert_id: AlertId, seen_version: int) -> None:
        """A person says that the ad is not tired: recorded once, and the warning is quiet for a week."""
        now = self._clock.now()
        with self._db.workspace(person.workspace_id) as tx:
            alert = current(tx, alert_id, seen_version)
            if alert.rule_id != _RULE:
                raise BadInput("Only a fatigue warning can be answered with Not tired.")
            if alert.state is State.RESOLVED:
                raise Stale("This warning is over.")
            # What was warned of is the rule that the account went by at that time.
            rule = tx.policies.get(alert.account_id).rule.value
            if not tx.feedback.add(alert_id, rule, person.user_id, now):
                raise Stale("You said so already.")
            moved = life.snooze(alert, person.user_id, now, now + _QUIET)
            if not tx.alerts.save(moved, seen_version=seen_version):
                raise Stale("Somebody changed this alert at the same moment; look at it again.")
            edit(tx, moved, self._new_id(), now)
            tx.audit.add(
                person.workspace_id,
                now,
                person.user_id,
                "fatigue.not_tired",
                object_id=alert_id,
                details={"rule": rule, "ad": alert.finding.entity.id},
            )
