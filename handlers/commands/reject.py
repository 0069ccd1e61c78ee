"""`/spruce reject`: turn variations down, with the reason."""

from bot.domain.access import Permission
from bot.errors import BadInput
from bot.services.bundle import Services
from bot.views.proposal import taken_down
from handlers.base import Command, CommandSpec, Reply


def run(services: Services, command: Command) -> Reply:
    """None of them goes live."""
    if len(command.args) < 2:
        raise BadInput("Say which and why: /spruce reject ID too pushy for our brand.", field="reason")
    approvals = services.approvals
    proposal = approvals.named(command.workspace_id, command.args[0])
    reason = " ".join(command.args[1:])
    return Reply((taken_down(approvals.reject(command.person, proposal.id, reason, proposal.version)),))


COMMAND = CommandSpec(
    name="reject",
    usage="reject ID reason",
    summary="Turns variations down and keeps the reason.",
    permission=Permission.CHANGE_ADS,
    run=run,
)
