"""From a request that was kept to its end: who asks, may they, run the handler, answer, count."""

import logging
from collections.abc import Iterable, Mapping
from importlib import import_module

from bot.domain.access import Person, demand
from bot.errors import ConfigurationFault, NotAllowed, Refused, SlackError, SlackRefused, SpruceError
from bot.log import log
from bot.registry import discover, module_names
from bot.services.bundle import Services
from bot.services.inbox import GAVE_UP, MOST_ATTEMPTS, error_id_of
from bot.views import help as help_view
from bot.views import kit
from bot.views.kit import Message
from bot.views.markup import Mrkdwn
from bot.views.problem import problem
from handlers import events
from handlers.arrivals import click_of, command_of, fields_of
from handlers.base import ActionSpec, CommandSpec, Reply
from storage.inbox import Request

_NOT_HERE = (
    "Spruce is not installed in this workspace, or no longer. Nothing was changed. Ask whoever runs Spruce "
    "to install it again."
)
_OLD_BUTTON = (
    "This button is from an older version of Spruce and does nothing any more. Nothing was changed. Use the "
    "newest message about the alert, or `/spruce alerts`."
)
_BROKEN = (
    "Something went wrong on our side ({}). What was done before that shows on the alert's message and in "
    "`/spruce alerts`; tell whoever runs Spruce and quote the code."
)


class Router:
    """Knows every subcommand and button; the same for HTTP and Socket Mode."""

    def __init__(
        self, services: Services, commands: Iterable[CommandSpec], actions: Iterable[ActionSpec]
    ) -> None:
        self._services = services
        self._commands = {spec.name: spec for spec in commands}
        self._actions = {spec.action_id: spec for spec in actions}

    def handle(self, request: Request) -> str:
        """Deal with one request; a slug for how it ended. A fault of ours is told, then raised."""
        if request.attempt > MOST_ATTEMPTS:
            self._crashed(request)
            return GAVE_UP
        timed = self._services.metrics.timed
        try:
            with timed("spruce_request_seconds", kind=request.kind, name=self._name_of(request)):
                outcome = self._outcome(request)
        except Exception:
            self._crashed(request)
            raise
        self._count(request, outcome)
        return outcome

    def _crashed(self, request: Request) -> None:
        self._count(request, "crashed")
        if request.kind != "event":
            self._tell(request, Reply((_plain(_BROKEN.format(error_id_of(request))),)))

    def _outcome(self, request: Request) -> str:
        if request.kind == "event":
            return events.run(self._services, request)
        try:
            reply, outcome = self._answer(request)
        except SpruceError as error:
            reply, outcome = self._refusal(request, error), error.reason
        self._tell(request, reply)
        # Whoever may not press it may not be a member either, and the tab shows the workspace's accounts.
        if outcome not in ("unknown_workspace", NotAllowed.reason) and _on_home(request):
            self._services.delivery.home_changed(request.workspace_id, request.user_id)
        return outcome

    def _answer(self, request: Request) -> tuple[Reply, str]:
        workspaces = self._services.workspaces
        if not workspaces.known(request.workspace_id):
            return Reply((_plain(_NOT_HERE),)), "unknown_workspace"
        team = fields_of(request).get("user_team_id") or None
        person = workspaces.person(request.workspace_id, request.user_id, team)
        return self._command(request, person) if request.kind == "command" else self._click(request, person)

    def _command(self, request: Request, person: Person) -> tuple[Reply, str]:
        command = command_of(request, person)
        spec = self._commands.get(command.name)
        if spec is None:
            known = list(self._commands.values())
            return Reply((help_view.unknown(command.name, known),)), "unknown_command"
        demand(person, spec.permission, self._services.workspaces.roles(request.workspace_id))
        return spec.run(self._services, command), "ok"

    def _click(self, request: Request, person: Person) -> tuple[Reply, str]:
        spec = self._actions.get(fields_of(request)["action_id"])
        if spec is None:
            return Reply((_plain(_OLD_BUTTON),)), "unknown_action"
        demand(person, spec.permission, self._services.workspaces.roles(request.workspace_id))
        return spec.run(self._services, click_of(request, person)), "ok"

    def _refusal(self, request: Request, error: SpruceError) -> Reply:
        if not isinstance(error, Refused):
            log(
                "request.failed",
                error.sentence,
                level=logging.WARNING,
                workspace=request.workspace_id,
                reason=error.reason,
                name=self._name_of(request),
            )
        return Reply((problem(error, now=self._services.clock.now()),))

    def _tell(self, request: Request, reply: Reply) -> None:
        try:
            for message in reply.messages:
                self._say(request, message, replace=reply.replace)
        except SlackError as error:
            # What was asked for is done; only the answer is lost, and asking again would do it twice.
            log(
                "reply.lost",
                error.sentence,
                level=logging.WARNING,
                workspace=request.workspace_id,
                reason=error.reason,
            )

    def _say(self, request: Request, message: Message, *, replace: bool) -> None:
        fields, slack = fields_of(request), self._services.slack
        address = fields.get("response_url", "")
        if not address:
            self._say_on_home(request, message)
            return
        try:
            slack.respond(address, message, replace=replace)
        except SlackRefused as error:
            if error.reason != SlackRefused.reason:
                raise
            slack.respond(address, Message(message.text), replace=replace)  # rather plain than nothing

    def _say_on_home(self, request: Request, message: Message) -> None:
        """Home has no channel to answer in: a dialog, and where its 3 seconds are over, a whisper."""
        slack, owner = self._services.slack, request.workspace_id
        try:
            slack.show(owner, fields_of(request).get("trigger_id", ""), message)
        except SlackRefused:
            accounts = self._services.reports.status(owner).accounts
            channel = next((one.channel_id for one in accounts if one.channel_id), None)
            if channel is None:
                raise
            slack.whisper(owner, channel, request.user_id, message)

    def _name_of(self, request: Request) -> str:
        # A label of a metric, so only names from code: never what a person typed.
        fields = fields_of(request)
        if request.kind == "event":
            return fields.get("type", "unknown")
        if request.kind == "click":
            name = fields.get("action_id", "")
            return name if name in self._actions else "unknown"
        name = (fields.get("text", "").split() or ["help"])[0].lower()
        return name if name in self._commands else "unknown"

    def _count(self, request: Request, outcome: str) -> None:
        self._services.metrics.count(
            "spruce_requests_total", kind=request.kind, name=self._name_of(request), outcome=outcome
        )


def connect(services: Services) -> Router:
    """The router with every subcommand and button there is, bound to the inbox."""
    router = Router(services, discover("handlers.commands", "COMMAND"), actions().values())
    services.inbox.bind(router.handle)
    return router


def actions() -> Mapping[str, ActionSpec]:
    """Every button there is, by its id; two that share an id are a fault."""
    found: dict[str, ActionSpec] = {}
    for module in module_names("handlers.actions"):
        for spec in import_module(module).ACTIONS:
            if spec.action_id in found:
                raise ConfigurationFault([f"{module} claims the button {spec.action_id!r} a second time."])
            found[spec.action_id] = spec
    return found


def _on_home(request: Request) -> bool:
    return request.kind == "click" and not fields_of(request).get("message_ts")


def _plain(sentence: str) -> Message:
    markup = Mrkdwn(sentence)
    return kit.message(markup, [kit.section(markup)])
