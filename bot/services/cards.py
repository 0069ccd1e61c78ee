"""Everything an alert's message shows, read at the moment it is written."""

from datetime import datetime, timedelta

from bot.domain.alerts import Alert
from bot.domain.days import local_day
from bot.domain.ids import Level
from bot.domain.report import AlertCard
from bot.errors import NotFound
from storage.repositories import Repositories


def card(tx: Repositories, alert: Alert, now: datetime) -> AlertCard:
    """The alert with its account, its object's present status and what people did."""
    watched = tx.accounts.get(alert.account_id)
    if watched is None:
        raise NotFound("The ad account of this alert is not connected any more.")
    entity = alert.finding.entity
    thumbnail, status = None, entity.configured_status
    if entity.level is not Level.ACCOUNT:
        kept = tx.structures.find(alert.account_id, entity.level, entity.id)
        status = kept.configured_status if kept else status
    if entity.level is Level.AD:
        thumbnail = tx.structures.thumbnail(alert.account_id, entity.id)
    today = local_day(now, watched.account.timezone_name)
    settings = tx.insights.attribution_settings(alert.account_id, today - timedelta(days=7), today)
    return AlertCard(
        alert=alert,
        account=watched.account,
        sight=watched.sight,
        entity_status=status,
        thumbnail_url=thumbnail,
        attribution_setting=", ".join(settings) or None,
        actions=tx.actions.of_alert(alert.id),
        now=now,
    )
