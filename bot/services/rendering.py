"""Outbox rows to messages, from the state at the moment of sending: a late message is never an old one."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from bot.domain.alerts import Alert, Reason
from bot.domain.ids import AccountId, AlertId, UserId
from bot.domain.proposals import Proposal
from bot.domain.refreshes import Event, StoryNote
from bot.domain.report import HomePage, Sight
from bot.domain.sight import Word
from bot.services.cards import card
from bot.services.refresh_cards import fatigue_card, proposal_card, undecided
from bot.services.reports import ReportService
from bot.services.stops import Halt
from bot.views import alert as alert_view
from bot.views import blind, fatigue, home, refresh_story, stop
from bot.views import proposal as proposal_view
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
    proposal: Proposal | None = None  # likewise


_FATIGUE = "creative_fatigue"
_CARDS = frozenset({Kind.CARD, Kind.CARD_EDIT, Kind.STORY})


class _Words(msgspec.Struct):
    word: str
    sight: Sight


class _StopWords(msgspec.Struct):
    word: str
    by: str | None = None
    reason: str = ""


class _Story(msgspec.Struct):
    event: Event
    at: datetime
    after_days: int = 0


def render(tx: Repositories, delivery: Delivery, reports: ReportService, now: datetime) -> Rendered:
    """The message that this row stands for."""
    if delivery.kind is Kind.HOME:
        page: HomePage = reports.home(delivery.workspace_id, UserId(delivery.subject_id))
        return Rendered(None, view=home.home(page, undecided(tx, now)))
    if delivery.kind is Kind.NOTICE:
        return Rendered(_notice(tx, delivery, now))
    if delivery.kind in _CARDS:
        return _card(tx, delivery, now)
    alert = tx.alerts.get(AlertId(delivery.subject_id))
    if alert is None:
        return Rendered(None)
    return _alert(tx, delivery, alert, now)


def _alert(tx: Repositories, delivery: Delivery, alert: Alert, now: datetime) -> Rendered:
    shown = card(tx, alert, now)
    tired = fatigue_card(tx, shown) if alert.rule_id == _FATIGUE else None
    if delivery.kind is Kind.ALERT_REPLY:
        reason = Reason(json.loads(delivery.payload)["reason"])
        told = fatigue.reply(tired, reason) if tired else alert_view.reply(shown, reason)
        return Rendered(told, alert.message_ts)
    policy = tx.policies.get(alert.account_id)
    message = fatigue.fatigue(tired, policy) if tired else alert_view.alert(shown)
    return Rendered(message, alert.message_ts, alert=alert)


def _card(tx: Repositories, delivery: Delivery, now: datetime) -> Rendered:
    """Variations, or a note about them; both stand in the warning's thread."""
    proposal = tx.proposals.get(delivery.subject_id)
    alert = tx.alerts.get(proposal.alert_id) if proposal else None
    if proposal is None or alert is None:
        return Rendered(None)
    shown = proposal_card(tx, proposal, now)
    if delivery.kind is Kind.CARD:
        return Rendered(proposal_view.proposal(shown), alert.message_ts, proposal=proposal)
    if delivery.kind is Kind.CARD_EDIT:
        return Rendered(proposal_view.proposal(shown), proposal.message_ts, proposal=proposal)
    told = msgspec.json.decode(delivery.payload, type=_Story)
    verdict = next((one for one in shown.verdicts if one.after_days == told.after_days), None)
    note = StoryNote(told.event, shown, told.at, verdict)
    return Rendered(refresh_story.note(note), alert.message_ts)


def _notice(tx: Repositories, delivery: Delivery, now: datetime) -> Message | None:
    if json.loads(delivery.payload)["word"] in set(Halt):
        return _halt(tx, delivery)
    watched = tx.accounts.get(AccountId(delivery.subject_id))
    if watched is None:
        return None
    words = msgspec.json.decode(delivery.payload, type=_Words)
    if Word(words.word) is Word.BLIND:
        return blind.blind(watched.account, words.sight, now=now)
    since = words.sight.blind_since or delivery.first_at
    return blind.sees_again(watched.account, words.sight, since=since, now=now)


def _halt(tx: Repositories, delivery: Delivery) -> Message | None:
    """Stops are the whole workspace's; the time is told as in an account of the channel."""
    told = msgspec.json.decode(delivery.payload, type=_StopWords)
    here = [one.account for one in tx.accounts.all() if one.channel_id == delivery.channel_id]
    if not here:
        return None
    return stop.notice(told.word, told.by, told.reason, at=delivery.first_at, account=here[0])
