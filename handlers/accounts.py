"""Which connected ad account a person means by what they typed."""

from collections.abc import Sequence

from bot.domain.structure import Account
from bot.errors import NotFound
from bot.views.text import clip, one_line

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
