"""Undo of a replacement, and undo in spite of what somebody changed since."""

from bot.domain.access import Permission
from bot.domain.undoing import confirmation
from bot.services.bundle import Services
from bot.views import actions
from handlers.base import ActionSpec, Click, Reply
from handlers.values import change_of


def undo(services: Services, click: Click) -> Reply:
    """Back to how it was."""
    replacement_id, version = change_of(click)
    services.replacements.undo(click.person, replacement_id, version)
    return Reply()


def undo_anyway(services: Services, click: Click) -> Reply:
    """Back to how it was, although a person changed something since; bound to what was shown."""
    replacement_id, version = change_of(click)
    found = services.approvals.replacement(click.workspace_id, replacement_id)
    # The version says that this is what the person saw; another one is refused.
    services.replacements.undo(click.person, replacement_id, version, confirmation(found.reason))
    return Reply()


ACTIONS = (
    ActionSpec(actions.REPLACEMENT_UNDO, Permission.CHANGE_ADS, undo),
    ActionSpec(actions.REPLACEMENT_UNDO_ANYWAY, Permission.CHANGE_ADS, undo_anyway),
)
