"""`/spruce refreshes`: what came of tired ads lately."""

from bot.domain.access import Permission
from bot.services.bundle import Services
from bot.views.refreshes import refreshes
from handlers.base import Command, CommandSpec, Reply


def run(services: Services, command: Command) -> Reply:
    """Proposed, approved, live, won, lost, undone, and what the AI cost."""
    return Reply((refreshes(services.refreshes.summary(command.workspace_id)),))


COMMAND = CommandSpec(
    name="refreshes",
    usage="refreshes",
    summary="Sums up the last 30 days: proposed, approved, live, won, lost, undone, AI cost.",
    permission=Permission.READ,
    run=run,
)
