"""One cycle of one account: claim it, read it, judge it, and say when it cannot be seen."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from bot.clock import Clock, stopwatch
from bot.domain import sight
from bot.domain.days import slot
from bot.domain.ids import AccountId, WorkspaceId
from bot.domain.report import Blindness, Sight
from bot.domain.sight import Telling
from bot.errors import MissingPermission, Sealed, SpruceError, Stale, Throttled, TokenDead
from bot.metrics import Metrics
from bot.services.connections import ConnectionService
from bot.services.fatigue import FatigueService
from bot.services.holding import LEASE, Hold
from bot.services.ingest import Harvest, IngestService
from bot.services.messages import notice
from bot.services.monitoring import MonitoringService
from storage.accounts import WatchedAccount
from storage.db import Database
from storage.polls import Poll

_TOKEN_RETRY = timedelta(hours=1)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class CycleReport:
    """What one cycle did; also what `spruce poll` prints."""

    account: AccountId
    graph_calls: int = 0
    rows: int = 0
    ads: int = 0
    alerts_opened: int = 0
    seconds: float = 0.0
    warnings: list[str] = field(default_factory=list)
    outcome: str = "ok"


class WatchingService:
    """Watches accounts."""

    def __init__(  # noqa: PLR0913 - the parts of a cycle
        self,
        db: Database,
        clock: Clock,
        *,
        connections: ConnectionService,
        ingest: IngestService,
        fatigue: FatigueService,
        monitoring: MonitoringService,
        period: timedelta,
        new_id: Callable[[], str],
        metrics: Metrics,
    ) -> None:
        self._db = db
        self._clock = clock
        self._connections = connections
        self._ingest = ingest
        self._fatigue = fatigue
        self._monitoring = monitoring
        self._period = period
        self._new_id = new_id
        self._metrics = metrics
        self._stopping = threading.Event()
        self._looked_at: datetime | None = None
        self._awake_since: datetime | None = None

    def stop(self) -> None:
        """End readings at their next page; what was read is kept and the rest is due again at once."""
        self._stopping.set()

    def due(self, limit: int) -> list[WatchedAccount]:
        """Accounts to read now, across workspaces."""
        now = self._clock.now()
        with self._db.system_read() as tx:
            installed = {workspace.id for workspace in tx.workspaces.all()}
            return [one for one in tx.accounts.due(now, limit) if one.workspace_id in installed]

    def cycle(
        self, workspace_id: WorkspaceId, account_id: AccountId, *, due_only: bool = True
    ) -> CycleReport | None:
        """Read and judge one account; None when somebody else does or it is not due."""
        started = self._clock.now()
        with self._db.workspace(workspace_id) as tx:
            lease_token = tx.accounts.claim(account_id, started, LEASE, due_only=due_only)
            watched = tx.accounts.get(account_id)
            if lease_token is None or watched is None:
                return None
            poll_slot = slot(started, self._period, self._phase(account_id))
            tx.polls.start(workspace_id, account_id, poll_slot, started)
        hold = self._hold(watched, lease_token)
        report = CycleReport(account_id)
        clock_start = stopwatch()
        due_at = self._next_due(account_id, started)
        try:
            due_at = self._read_and_judge(watched, hold, report, due_at)
        finally:
            report.seconds = round(stopwatch() - clock_start, 3)
            self._finish(watched, lease_token, report, due_at=due_at, poll_slot=poll_slot, started=started)
        return report

    def standing(self) -> tuple[int, int]:
        """Across workspaces: how many accounts cannot be seen, and how many messages wait."""
        with self._db.system_read() as tx:
            installed = {workspace.id for workspace in tx.workspaces.all()}
            watched = [one for one in tx.accounts.all() if one.workspace_id in installed]
            waiting, _oldest = tx.outbox.waiting()
        return sum(one.sight.blindness is not None for one in watched), waiting

    def check_sight(self) -> None:
        """Say it when accounts have not been read for too long, whatever the reason."""
        now = self._clock.now()
        awake_since = self._awake(now)
        with self._db.system_read() as tx:
            installed = {workspace.id: workspace.installed_at for workspace in tx.workspaces.all()}
            accounts = [one for one in tx.accounts.all() if one.workspace_id in installed]
        for watched in accounts:
            since = max(awake_since, installed[watched.workspace_id])
            telling = sight.stale(
                watched.sight, now, watched.blind_told_at, limit=4 * self._period, awake_since=since
            )
            if telling is not None:
                self._tell(watched, telling)

    def _awake(self, now: datetime) -> datetime:
        """Since when this process has been looking without a pause."""
        last, self._looked_at = self._looked_at, now
        if self._awake_since is None or last is None or now - last > self._period:
            self._awake_since = now
        return self._awake_since

    def _read_and_judge(
        self, watched: WatchedAccount, hold: Hold, report: CycleReport, due_at: datetime
    ) -> datetime:
        """The cycle itself; returns when the account is due again."""
        try:
            harvest = self._harvest(watched, hold, report)
        except Stale as lost:
            report.outcome, report.warnings = lost.reason, [lost.sentence]
            return self._clock.now() if self._stopping.is_set() else due_at
        except SpruceError as fault:
            return self._blind(watched, fault, report, due_at)
        except Exception:  # a defect of ours: this account waits a period, the others go on
            _log.exception("cycle failed", extra={"action": "poll.failed", "account": watched.account.id})
            return self._blind(watched, SpruceError(), report, due_at)
        report.warnings = harvest.warnings
        self._tell(watched, sight.seen(watched.sight, harvest.read_at, watched.blind_told_at))
        self._assess(self._watched(watched))
        fresh = self._watched(watched)
        report.alerts_opened = self._monitoring.evaluate(fresh, harvest.read_at)
        return due_at

    def _assess(self, watched: WatchedAccount) -> None:
        """Once a day; a defect here must not silence the other rules."""
        try:
            self._fatigue.assess_due(watched)
        except Exception:
            _log.exception(
                "fatigue failed", extra={"action": "fatigue.failed", "account": watched.account.id}
            )
            self._metrics.count("spruce_rule_failures_total", rule="creative_fatigue")

    def _hold(self, watched: WatchedAccount, lease_token: int) -> Hold:
        return Hold(
            self._db,
            self._clock,
            watched.workspace_id,
            watched.account.id,
            lease_token=lease_token,
            stopping=self._stopping,
            sleep=self._connections.sleep,
        )

    def _harvest(self, watched: WatchedAccount, hold: Hold, report: CycleReport) -> Harvest:
        with self._connections.client(watched.workspace_id, watched.connection_id, hold.wait) as client:
            try:
                harvest = self._ingest.read(watched, hold, client)
            finally:
                report.graph_calls = client.calls
        report.rows, report.ads = harvest.rows, harvest.ads
        return harvest

    def _blind(
        self, watched: WatchedAccount, fault: SpruceError, report: CycleReport, due_at: datetime
    ) -> datetime:
        report.outcome = fault.reason
        report.warnings.append(fault.sentence)
        why, due_at = _cause(fault, self._clock.now(), due_at)
        telling = sight.blinded(
            watched.sight,
            self._clock.now(),
            watched.blind_told_at,
            why=why,
            detail=fault.sentence,
            until=due_at,
        )
        self._tell(watched, telling)
        return due_at

    def _tell(self, watched: WatchedAccount, telling: Telling) -> None:
        now = self._clock.now()
        account = watched.account
        with self._db.workspace(watched.workspace_id) as tx:
            tx.accounts.note_sight(account.id, _without_past(telling))
            if telling.told_at != watched.blind_told_at:
                tx.accounts.note_told(account.id, telling.told_at)
            if telling.word is None:
                return
            notice(
                tx,
                watched.workspace_id,
                watched.channel_id,
                subject_id=account.id,
                dedup_key=f"{telling.word.value}:{account.id}:{now.isoformat()}",
                payload=msgspec.json.encode({"word": telling.word.value, "sight": telling.sight}).decode(),
                new_id=self._new_id(),
                now=now,
            )

    def _watched(self, watched: WatchedAccount) -> WatchedAccount:
        with self._db.read(watched.workspace_id) as tx:
            return tx.accounts.get(watched.account.id) or watched

    def _finish(
        self,
        watched: WatchedAccount,
        lease_token: int,
        report: CycleReport,
        *,
        due_at: datetime,
        poll_slot: datetime,
        started: datetime,
    ) -> None:
        account_id, ended = watched.account.id, self._clock.now()
        poll = Poll(poll_slot, started, ended, report.graph_calls, report.rows, report.outcome)
        with self._db.workspace(watched.workspace_id) as tx:
            tx.polls.finish(account_id, poll_slot, poll)
            tx.accounts.release(account_id, lease_token, due_at)
        self._metrics.count("spruce_polls_total", outcome=report.outcome)
        self._metrics.count("spruce_graph_calls_total", report.graph_calls, outcome=report.outcome)
        self._metrics.count("spruce_rows_read_total", report.rows)
        self._metrics.observe("spruce_poll_seconds", report.seconds)

    def _phase(self, account_id: AccountId) -> timedelta:
        """Each account has its own minute within the period, so that they do not all call at once."""
        number = int.from_bytes(sha256(account_id.encode()).digest()[:4], "big")
        return timedelta(seconds=number % int(self._period.total_seconds()))

    def _next_due(self, account_id: AccountId, now: datetime) -> datetime:
        return slot(now, self._period, self._phase(account_id)) + self._period


def _cause(fault: SpruceError, now: datetime, due_at: datetime) -> tuple[Blindness, datetime]:
    if isinstance(fault, TokenDead | Sealed):
        return Blindness.TOKEN_DEAD, now + _TOKEN_RETRY
    if isinstance(fault, MissingPermission):
        return Blindness.PERMISSION, now + _TOKEN_RETRY
    if isinstance(fault, Throttled):
        return Blindness.THROTTLED, max(due_at, fault.until)
    return Blindness.FAILING, due_at


def _without_past(telling: Telling) -> Sight:
    """What is kept: a message may still tell of the past gap, the account's state does not."""
    if telling.sight.blindness is None:
        return Sight(read_at=telling.sight.read_at)
    return telling.sight
