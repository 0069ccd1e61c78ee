"""Which messages an alert makes necessary; put in the outbox by the transaction that moves the alert."""

import json
from datetime import datetime, timedelta

from bot.domain.alerts import Alert, Reason
from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.domain.proposals import Proposal
from bot.domain.refreshes import Event
from storage.outbox import Delivery, Kind, Sending
from storage.repositories import Repositories

_TRY_FAILED_AGAIN = timedelta(minutes=10)


def announce(
    tx: Repositories, alert: Alert, channel_id: ChannelId | None, new_id: str, now: datetime
) -> None:
    """Post the alert's message, once in its life; without a channel it waits for one to be chosen.

    Where Slack refused it, it is tried again with a later reading.
    """
    if channel_id is None or alert.message_ts is not None:
        return
    delivery = _delivery(alert.workspace_id, channel_id, Kind.ALERT, alert.id, new_id, now)
    if not tx.outbox.put(delivery, alert.id, now):
        tx.outbox.revive(delivery, alert.id, now, now - _TRY_FAILED_AGAIN)


def edit(tx: Repositories, alert: Alert, new_id: str, now: datetime) -> None:
    """Bring the alert's message up to date, if it was posted."""
    if alert.channel_id is not None:
        delivery = _delivery(alert.workspace_id, alert.channel_id, Kind.ALERT_EDIT, alert.id, new_id, now)
        tx.outbox.put_latest(delivery, alert.id, now)


def reply(tx: Repositories, alert: Alert, reason: Reason, new_id: str, now: datetime) -> None:
    """Say in the alert's thread what changed, where an edit alone could be overlooked."""
    if alert.channel_id is None:
        return
    payload = json.dumps({"reason": reason.value})
    delivery = _delivery(
        alert.workspace_id, alert.channel_id, Kind.ALERT_REPLY, alert.id, new_id, now, payload=payload
    )
    tx.outbox.put(delivery, f"{alert.id}:{alert.version}", now)


def card(tx: Repositories, proposal: Proposal, alert: Alert, new_id: str, now: datetime) -> None:
    """Post the variations in the warning's thread, or bring the card that was posted up to date."""
    if alert.channel_id is None:
        return
    kind = Kind.CARD if proposal.message_ts is None else Kind.CARD_EDIT
    delivery = _delivery(proposal.workspace_id, alert.channel_id, kind, proposal.id, new_id, now)
    if kind is Kind.CARD_EDIT:
        tx.outbox.put_latest(delivery, proposal.id, now)
    elif not tx.outbox.put(delivery, proposal.id, now):
        tx.outbox.revive(delivery, proposal.id, now, now - _TRY_FAILED_AGAIN)


def story(  # noqa: PLR0913 - a note is made of this much
    tx: Repositories,
    event: Event,
    proposal: Proposal,
    alert: Alert,
    *,
    key: str,
    new_id: str,
    now: datetime,
    after_days: int = 0,
) -> None:
    """Tell in the warning's thread what happened; the same `key` is told once."""
    if alert.channel_id is None:
        return
    payload = json.dumps({"event": event.value, "at": now.isoformat(), "after_days": after_days})
    delivery = _delivery(
        proposal.workspace_id, alert.channel_id, Kind.STORY, proposal.id, new_id, now, payload=payload
    )
    tx.outbox.put(delivery, f"{event.value}:{key}", now)


def notice(  # noqa: PLR0913 - a notice is made of this much
    tx: Repositories,
    workspace_id: WorkspaceId,
    channel_id: ChannelId | None,
    *,
    subject_id: str,
    dedup_key: str,
    payload: str,
    new_id: str,
    now: datetime,
) -> None:
    """Tell the channel something that is no alert."""
    if channel_id is not None:
        delivery = _delivery(workspace_id, channel_id, Kind.NOTICE, subject_id, new_id, now, payload=payload)
        tx.outbox.put(delivery, dedup_key, now)


def home(tx: Repositories, workspace_id: WorkspaceId, user_id: UserId, new_id: str, now: datetime) -> None:
    """Bring a person's Home tab up to date."""
    delivery = _delivery(workspace_id, ChannelId(user_id), Kind.HOME, user_id, new_id, now)
    tx.outbox.put_latest(delivery, user_id, now)


def _delivery(  # noqa: PLR0913 - one row's columns
    workspace_id: WorkspaceId,
    channel_id: ChannelId,
    kind: Kind,
    subject_id: str,
    new_id: str,
    now: datetime,
    *,
    payload: str = "",
) -> Delivery:
    return Delivery(
        id=new_id,
        workspace_id=workspace_id,
        channel_id=channel_id,
        kind=kind,
        subject_id=subject_id,
        payload=payload,
        state=Sending.PENDING,
        attempt=0,
        body_version=1,
        lease_token=0,
        first_at=now,
        claimed_at=None,
    )
