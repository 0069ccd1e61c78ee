"""Buttons of a fatigue warning: have variations written, or say that the ad is not tired."""

from bot.domain.access import Permission
from bot.services.bundle import Services
from bot.views import actions
from handlers.base import ActionSpec, Click, Reply
from handlers.values import alert_of


def suggest(services: Services, click: Click) -> Reply:
    """Variations shall be written; they come into the thread."""
    alert_id, version = alert_of(click)
    services.writing.request(click.person, alert_id, version)
    return Reply()


def not_tired(services: Services, click: Click) -> Reply:
    """The person finds that the warning is wrong."""
    alert_id, version = alert_of(click)
    services.feedback.not_tired(click.person, alert_id, version)
    return Reply()


ACTIONS = (
    ActionSpec(actions.FATIGUE_SUGGEST, Permission.TRIAGE, suggest),
    ActionSpec(actions.FATIGUE_NOT_TIRED, Permission.TRIAGE, not_tired),
)
