"""What a handler gets and gives: a Command, a Click or a Submission, and a Reply; and its specs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.access import Permission, Person
from bot.domain.ids import WorkspaceId
from bot.errors import BadInput
from bot.services.bundle import Services
from bot.views.actions import ButtonValue
from bot.views.kit import Message
from bot.views.origin import Origin, pack


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

    def origin(self, value: ButtonValue) -> str:
        """The `private_metadata` of a modal about this, whose answer belongs where the command was typed."""
        return pack(Origin(value, self.channel_id))


@dataclass(frozen=True, slots=True)
class Click:
    """What somebody pressed or chose; `message_ts` is empty on the Home tab, `thread_ts` outside threads."""

    workspace_id: WorkspaceId
    person: Person
    action_id: str
    value: ButtonValue | None
    choice: str
    channel_id: str
    message_ts: str
    response_url: str
    trigger_id: str
    thread_ts: str = ""

    def origin(self, value: ButtonValue | None = None) -> str:
        """The `private_metadata` of a modal about this (else about what the button carried)."""
        about = value or self.value
        if about is None:
            raise BadInput("This button carries nothing that Spruce can read. Use the newest message.")
        return pack(Origin(about, self.channel_id, self.message_ts, self.thread_ts))


@dataclass(frozen=True, slots=True)
class Submission:
    """A modal that somebody sent off; the places are those of the click or command that opened it.

    `values` has one entry for each question, by its block id: what was typed, or the chosen option's
    value; empty where a question was left open. No value is longer than 3,000 characters. In `check`
    the person has no role yet.
    """

    workspace_id: WorkspaceId
    person: Person
    callback_id: str
    metadata: ButtonValue
    values: Mapping[str, str]
    trigger_id: str
    view_id: str = ""
    channel_id: str = ""
    message_ts: str = ""
    thread_ts: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What only the person who asked sees; nothing where a message changes before everyone's eyes.

    `view` is a modal (`bot.views.kit.modal`) to open, which Slack allows for three seconds after a click.
    """

    messages: tuple[Message, ...] = ()
    replace: bool = False
    view: dict[str, Any] | None = None


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


@dataclass(frozen=True, slots=True)
class ModalSpec:
    """One modal's submission.

    `check` runs before Slack is answered, so it looks at nothing but the submission and the settings: no
    database, no network. It gives a sentence for each block id that needs another answer; where there
    are none the submission is kept, the modal closes, and `run` follows like a click's.
    """

    callback_id: str
    permission: Permission
    check: Callable[[Services, Submission], Mapping[str, str]]
    run: Callable[[Services, Submission], Reply]
