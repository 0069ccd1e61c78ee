"""`/spruce help`: everything that can be typed."""

from bot.domain.access import Permission
from bot.registry import discover
from bot.services.bundle import Services
from bot.views.help import help_message
from handlers.base import Command, CommandSpec, Reply


def run(_services: Services, _command: Command) -> Reply:
    """Every subcommand, from the commands themselves."""
    return Reply((help_message(discover("handlers.commands", "COMMAND")),))


COMMAND = CommandSpec(
    name="help",
    usage="help",
    summary="Shows what can be typed and how alerts work.",
    permission=Permission.READ,
    run=run,
)
