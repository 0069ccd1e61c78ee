"""`/spruce approve`: let one variation go live, as the button does."""

from bot.domain.access import Permission
from bot.errors import BadInput
from bot.services.approvals import variation_number
from bot.services.bundle import Services
from bot.views.proposal import taken_down
from handlers.base import Command, CommandSpec, Reply


def run(services: Services, command: Command) -> Reply:
    """Approve what the card shows now."""
    if not command.args:
        raise BadInput("Say which: /spruce approve ID 1. /spruce approvals lists the ids.", field="id")
    approvals = services.approvals
    proposal = approvals.named(command.workspace_id, command.args[0])
    n = variation_number("".join(command.args[1:2]), proposal)
    return Reply((taken_down(approvals.approve(command.person, proposal.id, n, proposal.version)),))


COMMAND = CommandSpec(
    name="approve",
    usage="approve ID [variation]",
    summary="Approves a variation of a tired ad; it then goes live step by step.",
    permission=Permission.CHANGE_ADS,
    run=run,
)
