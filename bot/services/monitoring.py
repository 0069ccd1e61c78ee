"""Run the rules over what was read, and move alerts: read, decide, then one short transaction."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.alerts import Alert, Ending, Outcome, Policy, Reason, State, found, not_found
from bot.domain.days import slot
from bot.domain.findings import Finding, fingerprint
from bot.domain.ids import AlertId
from bot.memory import lull
from bot.metrics import Metrics
from bot.rules.base import EntitySeries, Rule, Snapshot
from bot.services.messages import announce, edit, reply
from bot.services.snapshots import load
from storage.accounts import WatchedAccount
from storage.db import Database
from storage.repositories import Repositories

_log = logging.getLogger(__name__)


class MonitoringService:
    """From figures to alerts."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        rules: tuple[Rule, ...],
        *,
        new_id: Callable[[], str],
        metrics: Metrics,
        policy: Policy | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._rules = rules
        # These judge status: an object that does not deliver has not thereby stopped being at fault.
        self._status_rules = frozenset(rule.id for rule in rules if not rule.needs_figures)
        self._new_id = new_id
        self._metrics = metrics
        self._policy = policy or Policy()

    def evaluate(self, watched: WatchedAccount, data_as_of: datetime) -> int:
        """Judge one account by the figures just read; says how many alerts are new."""
        with lull():
            return self._evaluate(watched, data_as_of)

    def _evaluate(self, watched: WatchedAccount, data_as_of: datetime) -> int:
        now = self._clock.now()
        snapshot = load(self._db, watched, now, data_as_of)
        findings: dict[str, Finding] = {}
        judged: set[str] = set()
        for rule in self._rules:
            parameters = {**rule.defaults(), **watched.rule_parameters.get(rule.id, {})}
            if self._judge(rule, snapshot, parameters, findings):
                judged.add(rule.id)
        return self._move(watched, findings, judged, snapshot)

    def _judge(
        self, rule: Rule, snapshot: Snapshot, parameters: Mapping[str, float], into: dict[str, Finding]
    ) -> bool:
        try:
            for finding in rule.evaluate(snapshot, parameters):
                into[fingerprint(snapshot.account.id, rule.id, finding.entity)] = finding
        except Exception:  # one broken rule must not silence the others
            _log.exception("rule failed", extra={"action": "rule.failed", "rule": rule.id})
            self._metrics.count("spruce_rule_failures_total", rule=rule.id)
            return False
        return True

    def _move(
        self, watched: WatchedAccount, findings: dict[str, Finding], judged: set[str], snapshot: Snapshot
    ) -> int:
        now = snapshot.now
        present = {one.entity.id: one for one in snapshot.series}
        opened = 0
        with self._db.workspace(watched.workspace_id) as tx:
            live = tx.alerts.live(watched.account.id)
            recent = tx.alerts.resolved_since(watched.account.id, now - self._policy.reopen_within)
            for key, finding in findings.items():
                known = live.get(key) or recent.get(key)
                outcome = found(known, finding, now, self._policy) if known else None
                if known is None or outcome is None:
                    self._open(tx, watched, key, finding)
                    opened += 1
                else:
                    self._apply(tx, watched, known, outcome)
            for key, alert in live.items():
                if key not in findings and alert.rule_id in judged:
                    why = self._ending(alert, findings.values(), present.get(alert.finding.entity.id))
                    self._apply(tx, watched, alert, not_found(alert, now, self._policy, why))
        return opened

    def _ending(self, alert: Alert, findings: Iterable[Finding], now: EntitySeries | None) -> Ending:
        """Why an incident that no rule finds any more is over."""
        entity = now.entity if now else alert.finding.entity
        above = {entity.adset_id, entity.campaign_id, alert.account_id}
        if any(one.rule_id == alert.rule_id and one.entity.id in above for one in findings):
            return Ending.TAKEN_OVER
        if entity.configured_status != "ACTIVE":
            return Ending.PAUSED
        if alert.rule_id in self._status_rules:
            return Ending.CLEARED
        return Ending.RECOVERED if now and now.delivering else Ending.NOT_DELIVERING

    def _open(self, tx: Repositories, watched: WatchedAccount, key: str, finding: Finding) -> None:
        now = self._clock.now()
        alert = Alert(
            id=AlertId(self._new_id()),
            workspace_id=watched.workspace_id,
            account_id=watched.account.id,
            fingerprint=key,
            rule_id=finding.rule_id,
            state=State.OPEN,
            severity=finding.severity,
            finding=finding,
            opened_at=now,
            last_seen_at=now,
            good_polls=0,
            version=1,
        )
        tx.alerts.add(alert)
        announce(tx, alert, watched.channel_id, self._new_id(), now)
        self._metrics.count("spruce_alert_events_total", rule=finding.rule_id, event="opened")
        tx.audit.add(alert.workspace_id, now, "spruce", "alert.opened", object_id=alert.id)

    def _apply(self, tx: Repositories, watched: WatchedAccount, before: Alert, outcome: Outcome) -> None:
        after, now = outcome.alert, self._clock.now()
        reason = outcome.reason
        if reason is Reason.CHANGED and not _worth_an_edit(before, after):
            after, reason = replace(after, finding=before.finding), None
        # Zero rows: a person moved the alert meanwhile; what they decided stands until the next cycle.
        if not tx.alerts.save(after, seen_version=before.version):
            return
        if after.state is not State.RESOLVED:
            announce(tx, after, watched.channel_id, self._new_id(), now)
        if reason is None:
            return
        edit(tx, after, self._new_id(), now)
        if reason in (Reason.REOPENED, Reason.WORSE, Reason.SNOOZE_OVER):
            reply(tx, after, reason, self._new_id(), now)
        if reason is not Reason.CHANGED:
            self._metrics.count("spruce_alert_events_total", rule=after.rule_id, event=reason.value)
            what = f"alert.{reason.value}"
            tx.audit.add(after.workspace_id, now, "spruce", what, object_id=after.id)


def _worth_an_edit(before: Alert, after: Alert) -> bool:
    """News, or a new hour: a message whose figures are hours old would look forgotten."""
    hour = timedelta(hours=1)
    if slot(before.last_seen_at, hour) != slot(after.last_seen_at, hour):
        return True
    return _differs(before.finding, after.finding)


def _differs(before: Finding, after: Finding) -> bool:
    """Whether a reader would notice: an edit for every last rupee would only use up calls."""
    if before.entity != after.entity or before.issues != after.issues or before.window != after.window:
        return True
    old, new = before.value, after.value
    if old is None or new is None or old.unit is not new.unit:
        return old != new
    near = abs(new.amount - old.amount) <= 0.03 * abs(old.amount)
    return not near or abs(after.cost_minor - before.cost_minor) > 0.05 * abs(before.cost_minor)
