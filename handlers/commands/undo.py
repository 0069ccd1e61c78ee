"""`/spruce undo`: put a replaced ad back, as the button does."""

from bot.domain.access import Permission
from bot.errors import BadInput
from bot.services.bundle import Services
from bot.views.refresh_story import undo_begun
from handlers.base import Command, CommandSpec, Reply


def run(services: Services, command: Command) -> Reply:
    """Undo the replacement that came of these variations."""
    if not command.args:
        raise BadInput("Say which: /spruce undo ID. /spruce refreshes lists the ids.", field="id")
    proposal = services.approvals.named(command.workspace_id, command.args[0])
    found = services.approvals.replacement_of(command.workspace_id, proposal.id)
    return Reply((undo_begun(services.replacements.undo(command.person, found.id, found.version)),))


COMMAND = CommandSpec(
    name="undo",
    usage="undo ID",
    summary="Puts a replaced ad back as it was.",
    permission=Permission.CHANGE_ADS,
    run=run,
)
