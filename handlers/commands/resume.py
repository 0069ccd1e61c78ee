"""`/spruce resume`: changes at Meta go on."""

from bot.domain.access import Permission
from bot.services.bundle import Services
from bot.views.stop import resumed
from handlers.base import Command, CommandSpec, Reply


def run(services: Services, command: Command) -> Reply:
    """Lift the stop; what was approved and waits goes on."""
    lifted = services.stops.resume(command.person)
    return Reply((resumed(lifted, command.person.user_id, services.clock.now()),))


COMMAND = CommandSpec(
    name="resume",
    usage="resume",
    summary="Lets changes at Meta go on after a stop.",
    permission=Permission.CHANGE_ADS,
    run=run,
)
