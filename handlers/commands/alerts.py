"""`/spruce alerts`: what is open, who has what, what is snoozed."""

from bot.domain.access import Permission
from bot.services.bundle import Services
from bot.views.alerts import alert_list
from handlers.accounts import named, typed
from handlers.base import Command, CommandSpec, Reply


def run(services: Services, command: Command) -> Reply:
    """The alerts of every account, or of the one that was named."""
    accounts = services.reports.status(command.workspace_id).accounts
    cards = services.alerts.list(command.workspace_id, None)
    wanted = typed(command.args)
    if wanted:
        ids = {account.id for account in named(wanted, [one.account for one in accounts])}
        accounts = tuple(one for one in accounts if one.account.id in ids)
        cards = [card for card in cards if card.account.id in ids]
    return Reply((alert_list(cards, accounts, now=services.clock.now()),))


COMMAND = CommandSpec(
    name="alerts",
    usage="alerts [account]",
    summary="Lists alerts that are not resolved, the most pressing first.",
    permission=Permission.READ,
    run=run,
)
