"""Buttons under variations: approve one, edit one, write others, reject all."""

from bot.domain.access import Permission
from bot.services.bundle import Services
from bot.views import actions, proposal_modals
from handlers.base import ActionSpec, Click, Reply
from handlers.values import proposal_of, variation_of


def approve(services: Services, click: Click) -> Reply:
    """Exactly this variation may go live."""
    proposal_id, version = proposal_of(click)
    services.approvals.approve(click.person, proposal_id, variation_of(click), version)
    return Reply()


def edit(services: Services, click: Click) -> Reply:
    """Open the words of a variation in a dialog."""
    proposal_id, version = proposal_of(click)
    card = services.approvals.shown(click.workspace_id, proposal_id, version)
    return Reply(view=proposal_modals.edit_modal(card, variation_of(click), click.origin()))


def again(services: Services, click: Click) -> Reply:
    """Ask for a sentence of direction."""
    proposal_id, version = proposal_of(click)
    card = services.approvals.shown(click.workspace_id, proposal_id, version)
    return Reply(view=proposal_modals.direction_modal(card, click.origin()))


def reject(services: Services, click: Click) -> Reply:
    """Ask for the reason."""
    proposal_id, version = proposal_of(click)
    card = services.approvals.shown(click.workspace_id, proposal_id, version)
    return Reply(view=proposal_modals.reject_modal(card, click.origin()))


ACTIONS = (
    ActionSpec(actions.PROPOSAL_APPROVE, Permission.CHANGE_ADS, approve),
    ActionSpec(actions.PROPOSAL_EDIT, Permission.TRIAGE, edit),
    ActionSpec(actions.PROPOSAL_AGAIN, Permission.TRIAGE, again),
    ActionSpec(actions.PROPOSAL_REJECT, Permission.CHANGE_ADS, reject),
)
