"""The dialog in which an account's brand voice and banned words are changed."""

from bot.domain.access import Permission
from bot.services.bundle import Services
from bot.views import actions, proposal_modals
from handlers.accounts import account_with_id
from handlers.base import ActionSpec, Click, Reply
from handlers.values import account_of


def edit(services: Services, click: Click) -> Reply:
    """Open the dialog."""
    account = account_with_id(services, click.workspace_id, account_of(click))
    policy = services.policies.get(click.workspace_id, account.id)
    return Reply(view=proposal_modals.brand_modal(account, policy, click.origin()))


ACTIONS = (ActionSpec(actions.BRAND_EDIT, Permission.CHANGE_ADS, edit),)
