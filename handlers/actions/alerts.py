"""Buttons that say who has an alert and when it may be quiet; the alert's message shows what came of it."""

from collections.abc import Callable

from bot.domain.access import Permission, Person
from bot.domain.ids import AlertId
from bot.domain.report import AlertCard
from bot.services.bundle import Services
from bot.views import actions
from handlers.base import ActionSpec, Click, Reply
from handlers.values import alert_of


def acknowledge(services: Services, click: Click) -> Reply:
    """The person has it."""
    return _move(click, services.alerts.acknowledge)


def snooze(services: Services, click: Click) -> Reply:
    """Nobody hears of it for as long as was chosen."""
    alert_id, version = alert_of(click)
    services.alerts.snooze(click.person, alert_id, version, click.choice)
    return Reply()


def unsnooze(services: Services, click: Click) -> Reply:
    """The person wants to hear of it again."""
    return _move(click, services.alerts.unsnooze)


def _move(click: Click, change: Callable[[Person, AlertId, int], AlertCard]) -> Reply:
    alert_id, version = alert_of(click)
    change(click.person, alert_id, version)
    return Reply()


ACTIONS = (
    ActionSpec(actions.ALERT_ACKNOWLEDGE, Permission.TRIAGE, acknowledge),
    ActionSpec(actions.ALERT_SNOOZE, Permission.TRIAGE, snooze),
    ActionSpec(actions.ALERT_UNSNOOZE, Permission.TRIAGE, unsnooze),
)
