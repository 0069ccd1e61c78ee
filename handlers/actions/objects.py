"""Buttons that change an ad at Meta; the change is asked for here and made by a job within seconds."""

from bot.domain.access import Permission
from bot.domain.actions import ActionKind
from bot.services.bundle import Services
from bot.views import actions
from handlers.base import ActionSpec, Click, Reply
from handlers.values import alert_of


def pause(services: Services, click: Click) -> Reply:
    """The ad shall stop."""
    return _ask(services, click, ActionKind.PAUSE)


def resume(services: Services, click: Click) -> Reply:
    """The ad shall run again."""
    return _ask(services, click, ActionKind.RESUME)


def _ask(services: Services, click: Click, kind: ActionKind) -> Reply:
    alert_id, version = alert_of(click)
    services.actions.request(click.person, alert_id, version, kind)
    return Reply()


ACTIONS = (
    ActionSpec(actions.ALERT_PAUSE, Permission.CHANGE_ADS, pause),
    ActionSpec(actions.ALERT_RESUME, Permission.CHANGE_ADS, resume),
)
