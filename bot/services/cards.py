"""Everything an alert's message shows, read at the moment it is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.alerts import Alert
from bot.domain.days import local_day
from bot.domain.ids import AccountId, Level
from bot.domain.report import AlertCard
from bot.errors import NotFound
from storage.accounts import WatchedAccount
from storage.repositories import Repositories


@dataclass(frozen=True, slots=True)
class _Around:
    """What all alerts of an account have in common."""

    watched: WatchedAccount
    attribution_setting: str | None


def card(tx: Repositories, alert: Alert, now: datetime) -> AlertCard:
    """The alert with its account, its object's present status and what people did."""
    return _card(tx, alert, _around(tx, alert.account_id, now), now)


def cards(tx: Repositories, alerts: Iterable[Alert], now: datetime) -> list[AlertCard]:
    """The same for several alerts; what an account's alerts share is read once."""
    known: dict[AccountId, _Around] = {}
    found = []
    for alert in alerts:
        around = known.get(alert.account_id) or _around(tx, alert.account_id, now)
        known[alert.account_id] = around
        found.append(_card(tx, alert, around, now))
    return found


def _around(tx: Repositories, account_id: AccountId, now: datetime) -> _Around:
    watched = tx.accounts.get(account_id)
    if watched is None:
        raise NotFound("The ad account of this alert is not connected any more.")
    today = local_day(now, watched.account.timezone_name)
    settings = tx.insights.attribution_settings(account_id, today - timedelta(days=7), today)
    return _Around(watched, ", ".join(settings) or None)


def _card(tx: Repositories, alert: Alert, around: _Around, now: datetime) -> AlertCard:
    entity = alert.finding.entity
    thumbnail, status = None, entity.configured_status
    if entity.level is not Level.ACCOUNT:
        kept = tx.structures.find(alert.account_id, entity.level, entity.id)
        status = kept.configured_status if kept else status
    if entity.level is Level.AD:
        thumbnail = tx.structures.thumbnail(alert.account_id, entity.id)
    return AlertCard(
        alert=alert,
        account=around.watched.account,
        sight=around.watched.sight,
        entity_status=status,
        thumbnail_url=thumbnail,
        attribution_setting=around.attribution_setting,
        actions=tx.actions.of_alert(alert.id),
        now=now,
    )
