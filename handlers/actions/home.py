"""Buttons that only the Home tab has."""

from bot.domain.access import Permission
from bot.services.bundle import Services
from bot.views import actions
from handlers.base import ActionSpec, Click, Reply


def refresh(_services: Services, _click: Click) -> Reply:
    """Draw it again, which follows every click on the Home tab anyway."""
    return Reply()


ACTIONS = (ActionSpec(actions.HOME_REFRESH, Permission.READ, refresh),)
