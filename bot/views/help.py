"""What can be typed, built from the commands themselves."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Protocol

from bot.views import kit
from bot.views.markup import Mrkdwn, join, mrk, plain_name

_COMMAND = "/spruce"
_HOW_ALERTS_WORK = (
    "Every alert is one message that is edited as things change. *Acknowledge* says you have it, *Snooze* "
    "keeps it quiet for a while, *Pause ad* stops the ad at Meta after asking once more. Alerts resolve by "
    "themselves when the numbers recover."
)


class Describable(Protocol):
    """What help says of a subcommand: `usage` is what stands behind `/spruce`, as in `report [today|7d]`."""

    @property
    def name(self) -> str:
        """The word that is typed."""
        ...

    @property
    def usage(self) -> str:
        """The word with its arguments."""
        ...

    @property
    def summary(self) -> str:
        """One sentence on what it answers."""
        ...


def help_message(commands: Sequence[Describable]) -> kit.Message:
    """Every subcommand with its usage."""
    blocks = [
        kit.header("What Spruce answers to"),
        kit.section(_usages(commands)),
        kit.section(Mrkdwn(_HOW_ALERTS_WORK)),
    ]
    names = ", ".join(command.name for command in commands)
    return kit.message(f"Spruce answers to {_COMMAND} followed by: {names}.", blocks)


def unknown(typed: str, commands: Sequence[Describable]) -> kit.Message:
    """The answer to a subcommand that does not exist: the nearest one, then all of them."""
    near = get_close_matches(typed.lower(), [command.name for command in commands], n=1, cutoff=0.6)
    meant = mrk(" Did you mean `{} {}`?", _COMMAND, near[0]) if near else Mrkdwn("")
    sentence = mrk("There is no `{} {}`.{}", _COMMAND, plain_name(typed, 40), meant)
    return kit.message(sentence, [kit.section(sentence), kit.section(_usages(commands))])


def _usages(commands: Sequence[Describable]) -> Mrkdwn:
    return join(mrk("`{} {}`  {}", _COMMAND, command.usage, command.summary) for command in commands)
