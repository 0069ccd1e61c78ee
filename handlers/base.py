"""What a handler gets and gives: a Command or a Click, and a Reply; and what makes it a plug-in."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.access import Permission, Person
from bot.domain.ids import WorkspaceId
from bot.services.bundle import Services
from bot.views.actions import ButtonValue
from bot.views.kit import Message


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody typed after /spruce; `args` are the words behind the subcommand."""

    workspace_id: WorkspaceId
    person: Person
    name: str
    args: tuple[str, ...]
    text: str
    channel_id: str
    response_url: str
    trigger_id: str


@dataclass(frozen=True, slots=True)
class Click:
    """What somebody pressed or chose; `message_ts` is empty on the Home tab."""

    workspace_id: WorkspaceId
    person: Person
    action_id: str
    value: ButtonValue | None
    choice: str
    channel_id: str
    message_ts: str
    response_url: str
    trigger_id: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What only the person who asked sees; nothing where a message changes before everyone's eyes."""

    messages: tuple[Message, ...] = ()
    replace: bool = False


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One slash subcommand: `usage` is what stands behind /spruce."""

    name: str
    usage: str
    summary: str
    permission: Permission
    run: Callable[[Services, Command], Reply]


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One button or menu."""

    action_id: str
    permission: Permission
    run: Callable[[Services, Click], Reply]
