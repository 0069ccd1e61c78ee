"""`/spruce status`: whether Spruce sees, speaks and is on time."""

from bot.domain.access import Permission
from bot.services.bundle import Services
from bot.views.status import status
from handlers.base import Command, CommandSpec, Reply


def run(services: Services, command: Command) -> Reply:
    """Each connected account and what waits to be posted."""
    return Reply((status(services.reports.status(command.workspace_id)),))


COMMAND = CommandSpec(
    name="status",
    usage="status",
    summary="Shows how fresh each account's figures are and whether anything is in the way.",
    permission=Permission.READ,
    run=run,
)
