"""Outbox rows to messages, from the state at the moment of sending: a late message is never an old one."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from bot.domain.alerts import Alert, Reason
from bot.domain.ids import AccountId, AlertId, UserId
from bot.domain.report import HomePage, Sight
from bot.domain.sight import Word
from bot.services.cards import card
from bot.services.reports import ReportService
from bot.views import alert as alert_view
from bot.views import blind, home
from bot.views.kit import Message
from storage.outbox import Delivery, Kind
from storage.repositories import Repositories


@dataclass(frozen=True, slots=True)
class Rendered:
    """What to send; `ts` is the message to edit or the thread to answer in."""

    message: Message | None  # None: there is nothing to say any more
    ts: str | None = None
    view: dict[str, Any] | None = None
    alert: Alert | None = None  # as it was when this was rendered


class _Words(msgspec.Struct):
    word: str
    sight: Sight


def render(tx: Repositories, delivery: Delivery, reports: ReportService, now: datetime) -> Rendered:
    """The message that this row stands for."""
    if delivery.kind is Kind.HOME:
        page: HomePage = reports.home(delivery.workspace_id, UserId(delivery.subject_id))
        return Rendered(None, view=home.home(page))
    if delivery.kind is Kind.NOTICE:
        return Rendered(_notice(tx, delivery, now))
    alert = tx.alerts.get(AlertId(delivery.subject_id))
    if alert is None:
        return Rendered(None)
    return _alert(tx, delivery, alert, now)


def _alert(tx: Repositories, delivery: Delivery, alert: Alert, now: datetime) -> Rendered:
    shown = card(tx, alert, now)
    if delivery.kind is Kind.ALERT_REPLY:
        reason = Reason(json.loads(delivery.payload)["reason"])
        return Rendered(alert_view.reply(shown, reason), alert.message_ts)
    return Rendered(alert_view.alert(shown), alert.message_ts, alert=alert)


def _notice(tx: Repositories, delivery: Delivery, now: datetime) -> Message | None:
    watched = tx.accounts.get(AccountId(delivery.subject_id))
    if watched is None:
        return None
    words = msgspec.json.decode(delivery.payload, type=_Words)
    if Word(words.word) is Word.BLIND:
        return blind.blind(watched.account, words.sight, now=now)
    since = words.sight.blind_since or delivery.first_at
    return blind.sees_again(watched.account, words.sight, since=since, now=now)
