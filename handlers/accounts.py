"""Which connected ad account a person means by what they typed."""

from collections.abc import Sequence

from bot.domain.ids import AccountId, WorkspaceId
from bot.domain.structure import Account
from bot.errors import BadInput, NotFound
from bot.services.bundle import Services
from bot.views.text import clip, one_line
from handlers.base import Command

_QUOTES = "\"'“”‘’«»`"
_MOST = 10


def typed(words: Sequence[str]) -> str:
    """An account's name or id from the words of a command, without quotes around it."""
    return " ".join(words).strip(_QUOTES).strip()


def named(text: str, connected: Sequence[Account]) -> list[Account]:
    """The accounts with that name or id; raises NotFound that lists those that are connected."""
    key = text.casefold()
    found = [
        account
        for account in connected
        if key in (account.id.casefold(), account.id.removeprefix("act_"), account.name.casefold())
    ]
    if not found:
        raise NotFound(f"No account “{clip(one_line(text), 80)}” is connected here. {_there_are(connected)}")
    return found


def _there_are(connected: Sequence[Account]) -> str:
    if not connected:
        return "There is no account yet."
    names = [f"{clip(one_line(account.name), 40)} ({account.id})" for account in connected[:_MOST]]
    more = f" and {len(connected) - _MOST} more" if len(connected) > _MOST else ""
    return f"Connected: {', '.join(names)}{more}."


def chosen(services: Services, command: Command) -> list[Account]:
    """The accounts that a command's words name, or all that are connected; raises NotFound."""
    connected = _connected(services, command.workspace_id)
    text = typed(command.args)
    if text:
        return named(text, connected)
    if not connected:
        raise NotFound(f"No account is connected here. {_there_are(connected)}")
    return connected


def account_named(services: Services, workspace_id: WorkspaceId, text: str) -> Account:
    """The one account that is meant; one alone needs no name. Raises BadInput and NotFound."""
    connected = _connected(services, workspace_id)
    if not text and len(connected) > 1:
        raise BadInput(f"Say which account. {_there_are(connected)}", field="account")
    return named(text, connected)[0] if text or not connected else connected[0]


def account_with_id(services: Services, workspace_id: WorkspaceId, account_id: AccountId) -> Account:
    """The connected account with that id, in this workspace; raises NotFound."""
    return named(account_id, _connected(services, workspace_id))[0]


def _connected(services: Services, workspace_id: WorkspaceId) -> list[Account]:
    return [one.account for one in services.reports.status(workspace_id).accounts]
