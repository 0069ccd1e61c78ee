"""`/spruce brand`: how an account speaks and what it never says."""

from bot.domain.access import Permission
from bot.services.bundle import Services
from bot.views.brand import brand
from handlers.accounts import chosen
from handlers.base import Command, CommandSpec, Reply

_MOST = 5


def run(services: Services, command: Command) -> Reply:
    """Show it, with a button to change it."""
    accounts = chosen(services, command)[:_MOST]
    policies = services.policies
    return Reply(tuple(brand(one, policies.get(command.workspace_id, one.id)) for one in accounts))


COMMAND = CommandSpec(
    name="brand",
    usage="brand [account]",
    summary="Shows and changes the brand voice and banned words that variations keep to.",
    permission=Permission.READ,
    run=run,
)
