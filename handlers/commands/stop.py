"""`/spruce stop`: no change at Meta until somebody lets them go on."""

from bot.domain.access import Permission
from bot.services.bundle import Services
from bot.views.stop import stopped
from handlers.base import Command, CommandSpec, Reply


def run(services: Services, command: Command) -> Reply:
    """Halt every write, at once."""
    stop = services.stops.stop(command.person, " ".join(command.args))
    return Reply((stopped(stop, services.clock.now()),))


COMMAND = CommandSpec(
    name="stop",
    usage="stop [reason]",
    summary="Halts every change that Spruce makes at Meta, at once.",
    permission=Permission.TRIAGE,
    run=run,
)
