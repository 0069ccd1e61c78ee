"""Outbox to Slack: claim, render, send, record. An unknown outcome is looked up before any repeat."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.clock import Clock, stopwatch
from bot.domain.ids import AlertId, ChannelId, UserId, WorkspaceId
from bot.errors import (
    ChannelUnavailable,
    SlackError,
    SlackOutcomeUnknown,
    SlackRefused,
    SlackThrottled,
    SlackTokenDead,
)
from bot.metrics import Metrics
from bot.services.messages import card, edit, home
from bot.services.pictures import PictureService
from bot.services.rendering import Rendered, render
from bot.services.reports import ReportService
from bot.slack import Slack
from bot.views.kit import Message
from storage.db import Database
from storage.outbox import Delivery, Kind
from storage.repositories import Repositories

# 10 s of timeout, 5 s in which a claim may start, and time for a message to show up in the history.
_GRACE = timedelta(seconds=90)
_START_WITHIN = timedelta(seconds=5)
_TOKEN_RETRY = timedelta(minutes=10)
PACE = 1.05  # seconds between two messages in a channel (Slack: chat.postMessage, rate limits)
_MOST_TRIES = 8
_EDITS = frozenset({Kind.ALERT_EDIT, Kind.CARD_EDIT, Kind.HOME})
_IN_THREAD = frozenset({Kind.ALERT_REPLY, Kind.CARD, Kind.STORY})
_log = logging.getLogger(__name__)


class _Claimed(NamedTuple):
    delivery: Delivery
    lease_token: int
    at: datetime


class DeliveryService:
    """Carries messages to Slack."""

    def __init__(  # noqa: PLR0913 - the parts of a delivery
        self,
        db: Database,
        clock: Clock,
        slack: Slack,
        *,
        reports: ReportService,
        pictures: PictureService,
        new_id: Callable[[], str],
        metrics: Metrics,
        pace: float = PACE,
    ) -> None:
        self._db = db
        self._clock = clock
        self._slack = slack
        self._reports = reports
        self._pictures = pictures
        self._new_id = new_id
        self._metrics = metrics
        self._pace = pace
        self._posted_at: dict[tuple[WorkspaceId, ChannelId], float] = {}

    def home_changed(self, workspace_id: WorkspaceId, user_id: UserId) -> None:
        """Somebody opened their Home tab: bring it up to date."""
        with self._db.workspace(workspace_id) as tx:
            home(tx, workspace_id, user_id, self._new_id(), self._clock.now())

    def deliver(self, limit: int = 20) -> int:
        """Send what is due; says how many rows were dealt with."""
        with self._db.system_read() as tx:
            waiting = tx.outbox.due(self._clock.now(), limit)
        return sum(self._deliver(delivery) for delivery in waiting)

    def reconcile(self, limit: int = 20) -> int:
        """Find out about messages whose sender never came back; says how many were looked at."""
        now = self._clock.now()
        with self._db.system_read() as tx:
            unknown = tx.outbox.unknown(now - _GRACE, now, limit)
        for delivery in unknown:
            self._look_up(delivery)
        return len(unknown)

    def _deliver(self, delivery: Delivery) -> bool:
        if delivery.kind not in _EDITS and not self._may_post(delivery):
            return False
        self._pictures.prepare(delivery)  # before the claim, which allows a few seconds only
        claimed = self._claim(delivery)
        if claimed is None:
            return False
        with self._db.read(delivery.workspace_id) as tx:
            rendered = render(tx, delivery, self._reports, self._clock.now())
        if rendered.message is None and rendered.view is None:
            self._sent(claimed, None, rendered)
        elif self._clock.now() - claimed.at > _START_WITHIN:
            # This process slept since its claim; somebody may be looking the message up by now.
            _log.warning("claim too old to send", extra={"action": "delivery.late", "delivery": delivery.id})
        else:
            self._send(claimed, rendered)
        return True

    def _send(self, claimed: _Claimed, rendered: Rendered) -> None:
        try:
            ts = self._call(claimed.delivery, rendered)
        except SlackThrottled as fault:
            self._throttled(claimed, fault)
        except SlackOutcomeUnknown as fault:
            self._unknown(claimed, fault)
        except SlackTokenDead as fault:
            self._again(claimed, self._clock.now() + _TOKEN_RETRY, fault.reason)
        except (ChannelUnavailable, SlackRefused) as fault:
            self._refused(claimed, fault)
        except SlackError as fault:
            self._again(claimed, self._clock.now() + _backoff(claimed.delivery.attempt), fault.reason)
        else:
            self._sent(claimed, ts, rendered)
            if claimed.delivery.kind is Kind.ALERT and ts is not None:
                self._find_permalink(claimed.delivery, ts)

    def _call(self, delivery: Delivery, rendered: Rendered) -> str | None:
        owner, channel = delivery.workspace_id, delivery.channel_id
        if rendered.view is not None:
            self._slack.publish_home(owner, UserId(delivery.subject_id), rendered.view)
            return None
        message = rendered.message
        if message is None:
            return None
        if delivery.attempt > 0:
            message = message.without_images()  # the likeliest reason that Slack refused it before
        if delivery.kind in _EDITS:
            self._slack.update(owner, channel, rendered.ts or "", message)
            return rendered.ts
        return self._post(delivery, message, rendered.ts)

    def _post(self, delivery: Delivery, message: Message, thread_ts: str | None) -> str:
        thread = thread_ts if delivery.kind in _IN_THREAD else None
        owner, channel = delivery.workspace_id, delivery.channel_id
        self._posted_at[owner, channel] = stopwatch()
        _channel, ts = self._slack.post(owner, channel, message, thread_ts=thread, delivery_id=delivery.id)
        return ts

    def _may_post(self, delivery: Delivery) -> bool:
        last = self._posted_at.get((delivery.workspace_id, delivery.channel_id))
        return last is None or stopwatch() - last >= self._pace

    def _claim(self, delivery: Delivery) -> _Claimed | None:
        now = self._clock.now()
        with self._db.workspace(delivery.workspace_id) as tx:
            lease_token = tx.outbox.claim(delivery, now)
        return None if lease_token is None else _Claimed(delivery, lease_token, now)

    def _sent(self, claimed: _Claimed, ts: str | None, rendered: Rendered | None) -> None:
        delivery, now = claimed.delivery, self._clock.now()
        with self._db.workspace(delivery.workspace_id) as tx:
            tx.outbox.sent(delivery, claimed.lease_token, now, ts)
            if delivery.kind is Kind.ALERT and ts is not None:
                self._note_message(tx, delivery, ts, rendered)
            if delivery.kind is Kind.CARD and ts is not None:
                self._note_card(tx, delivery, ts, rendered)
        self._metrics.count("spruce_deliveries_total", kind=delivery.kind.value, outcome="sent")

    def _note_message(self, tx: Repositories, delivery: Delivery, ts: str, rendered: Rendered | None) -> None:
        """From now on the alert has a message; what moved while it was being posted is edited in."""
        alert_id = AlertId(delivery.subject_id)
        alert = tx.alerts.get(alert_id)
        tx.alerts.note_message(alert_id, delivery.channel_id, ts)
        posted = tx.alerts.get(alert_id)
        if posted is not None and (rendered is None or rendered.alert != alert):
            edit(tx, posted, self._new_id(), self._clock.now())

    def _note_card(self, tx: Repositories, delivery: Delivery, ts: str, rendered: Rendered | None) -> None:
        """From now on the variations have a message; what moved while it was being posted is edited in."""
        before = tx.proposals.get(delivery.subject_id)
        tx.proposals.note_message(delivery.subject_id, delivery.channel_id, ts)
        posted = tx.proposals.get(delivery.subject_id)
        alert = tx.alerts.get(posted.alert_id) if posted else None
        if posted is None or alert is None:
            return
        if rendered is None or rendered.proposal != before:
            card(tx, posted, alert, self._new_id(), self._clock.now())

    def _find_permalink(self, delivery: Delivery, ts: str) -> None:
        """Lists link to the message; without the address they do without the link."""
        try:
            address = self._slack.permalink(delivery.workspace_id, delivery.channel_id, ts)
        except SlackError:
            return
        with self._db.workspace(delivery.workspace_id) as tx:
            tx.alerts.note_permalink(AlertId(delivery.subject_id), address or "")

    def _again(self, claimed: _Claimed, at: datetime, why: str) -> None:
        with self._db.workspace(claimed.delivery.workspace_id) as tx:
            tx.outbox.retry(claimed.delivery, claimed.lease_token, at, why)

    def _throttled(self, claimed: _Claimed, fault: SlackThrottled) -> None:
        """Surely not posted: nobody writes to that channel before Slack's time is over."""
        delivery, until = claimed.delivery, self._clock.now() + timedelta(seconds=fault.retry_after)
        with self._db.workspace(delivery.workspace_id) as tx:
            tx.outbox.retry(delivery, claimed.lease_token, until, fault.reason)
            tx.outbox.hold(delivery.workspace_id, delivery.channel_id, until)

    def _unknown(self, claimed: _Claimed, fault: SlackOutcomeUnknown) -> None:
        delivery = claimed.delivery
        if delivery.kind in _EDITS:  # saying it twice does no harm
            self._again(claimed, self._clock.now() + _backoff(delivery.attempt), fault.reason)
            return
        self._metrics.count("spruce_deliveries_total", kind=delivery.kind.value, outcome="unknown")
        _log.warning("outcome unknown", extra={"action": "delivery.unknown", "delivery": delivery.id})

    def _refused(self, claimed: _Claimed, fault: SlackError) -> None:
        delivery = claimed.delivery
        if isinstance(fault, SlackRefused) and delivery.attempt == 0:
            self._again(claimed, self._clock.now(), fault.reason)
            return
        with self._db.workspace(delivery.workspace_id) as tx:
            tx.outbox.fail(delivery, claimed.lease_token, fault.reason)
            now = self._clock.now()
            what = f"delivery.failed.{fault.reason}"[:64]
            tx.audit.add(delivery.workspace_id, now, "spruce", what, object_id=delivery.subject_id)
        self._metrics.count("spruce_deliveries_total", kind=delivery.kind.value, outcome="failed")
        _log.error("message refused", extra={"action": "delivery.failed", "reason": fault.reason})

    def _look_up(self, delivery: Delivery) -> None:
        """A claim without an end: it is in the channel, or it surely is not."""
        now = self._clock.now()
        thread = self._thread_of(delivery)
        try:
            found = self._slack.find(
                delivery.workspace_id,
                delivery.channel_id,
                delivery_ids=[delivery.id],
                oldest=delivery.first_at - timedelta(minutes=1),
                thread_ts=thread,
            ).get(delivery.id, [])
        except (SlackRefused, ChannelUnavailable) as fault:
            self._settle(delivery, None, f"cannot look it up: {fault.reason}")
        except SlackError:
            with self._db.workspace(delivery.workspace_id) as tx:
                tx.outbox.look_again(delivery, now + timedelta(minutes=1))
        else:
            self._settle(delivery, found, "")

    def _thread_of(self, delivery: Delivery) -> str | None:
        """The warning's message, for what stands in its thread."""
        if delivery.kind not in _IN_THREAD:
            return None
        with self._db.read(delivery.workspace_id) as tx:
            alert_id = delivery.subject_id
            if delivery.kind is not Kind.ALERT_REPLY:
                proposal = tx.proposals.get(delivery.subject_id)
                alert_id = proposal.alert_id if proposal else ""
            alert = tx.alerts.get(AlertId(alert_id))
        return alert.message_ts if alert else None

    def _settle(self, delivery: Delivery, found: list[str] | None, why: str) -> None:
        claimed = self._claim(delivery)
        if claimed is None:
            return
        if delivery.kind in _EDITS or found == []:
            self._again(claimed, self._clock.now(), "it was not posted")
        elif found is None:
            with self._db.workspace(delivery.workspace_id) as tx:
                tx.outbox.ambiguous(delivery, claimed.lease_token, why)
        else:
            self._sent(claimed, found[0], None)
            for extra in found[1:]:
                self._slack.delete(delivery.workspace_id, delivery.channel_id, extra)


def _backoff(attempt: int) -> timedelta:
    return timedelta(seconds=min(300, 2 ** min(attempt, _MOST_TRIES)))
