"""`/spruce approvals`: what waits for a decision."""

from bot.domain.access import Permission
from bot.services.bundle import Services
from bot.views.approvals import approvals
from handlers.accounts import chosen
from handlers.base import Command, CommandSpec, Reply


def run(services: Services, command: Command) -> Reply:
    """Variations that wait, and replacements that are under way."""
    accounts = chosen(services, command)
    account = accounts[0].id if command.args else None
    return Reply((approvals(services.approvals.waiting(command.workspace_id, account)),))


COMMAND = CommandSpec(
    name="approvals",
    usage="approvals [account]",
    summary="Lists variations that wait for a decision, and replacements under way.",
    permission=Permission.READ,
    run=run,
)
