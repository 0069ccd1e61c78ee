"""From a request that was kept to its end: who asks, may they, run the handler, answer, count."""

import logging
from collections.abc import Callable, Iterable

from bot.domain.access import Person, demand
from bot.errors import NotAllowed, Refused, SpruceError
from bot.log import log
from bot.registry import discover
from bot.services.bundle import Services
from bot.services.inbox import GAVE_UP, MOST_ATTEMPTS, error_id_of
from bot.views import help as help_view
from bot.views import kit
from bot.views.kit import Message
from bot.views.markup import Mrkdwn
from bot.views.problem import problem
from handlers import events
from handlers.answers import Answers
from handlers.arrivals import click_of, command_of, fields_of
from handlers.base import ActionSpec, CommandSpec, ModalSpec, Reply
from handlers.discovery import actions, modals
from handlers.submissions import submission_of
from storage.inbox import Request

_NOT_HERE = (
    "Spruce is not installed in this workspace, or no longer. Nothing was changed. Ask whoever runs Spruce "
    "to install it again."
)
_OLD_BUTTON = (
    "This button is from an older version of Spruce and does nothing any more. Nothing was changed. Use the "
    "newest message about the alert, or `/spruce alerts`."
)
_OLD_DIALOG = (
    "This dialog is from an older version of Spruce and does nothing any more. Nothing was changed. Open it "
    "again from the newest message."
)
_BROKEN = (
    "Something went wrong on our side ({}). What was done before that shows on the alert's message and in "
    "`/spruce alerts`; tell whoever runs Spruce and quote the code."
)


class Router:
    """Knows every subcommand, button and modal; the same for HTTP and Socket Mode."""

    def __init__(
        self,
        services: Services,
        commands: Iterable[CommandSpec],
        actions: Iterable[ActionSpec],
        modals: Iterable[ModalSpec] = (),
    ) -> None:
        self._services = services
        self._answers = Answers(services)
        self._commands = {spec.name: spec for spec in commands}
        self._actions = {spec.action_id: spec for spec in actions}
        self._modals = {spec.callback_id: spec for spec in modals}
        self._kinds: dict[str, Callable[[Request, Person], tuple[Reply, str]]] = {
            "command": self._command,
            "click": self._click,
            "submission": self._submission,
        }

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
            self._answers.tell(request, Reply((_plain(_BROKEN.format(error_id_of(request))),)))

    def _outcome(self, request: Request) -> str:
        if request.kind == "event":
            return events.run(self._services, request)
        try:
            reply, outcome = self._answer(request)
            if reply.view is not None:
                self._answers.open(request, reply.view)
        except SpruceError as error:
            reply, outcome = self._refusal(request, error), error.reason
        self._answers.tell(request, reply)
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
        return self._kinds[request.kind](request, person)

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

    def _submission(self, request: Request, person: Person) -> tuple[Reply, str]:
        fields = fields_of(request)
        spec = self._modals.get(fields["callback_id"])
        if spec is None:
            return Reply((_plain(_OLD_DIALOG),)), "unknown_modal"
        demand(person, spec.permission, self._services.workspaces.roles(request.workspace_id))
        return spec.run(self._services, submission_of(fields, request.workspace_id, person)), "ok"

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

    def _name_of(self, request: Request) -> str:
        # A label of a metric, so only names from code: never what a person typed.
        fields = fields_of(request)
        if request.kind == "event":
            return fields.get("type", "unknown")
        if request.kind == "click":
            name = fields.get("action_id", "")
            return name if name in self._actions else "unknown"
        if request.kind == "submission":
            name = fields.get("callback_id", "")
            return name if name in self._modals else "unknown"
        name = (fields.get("text", "").split() or ["help"])[0].lower()
        return name if name in self._commands else "unknown"

    def _count(self, request: Request, outcome: str) -> None:
        self._services.metrics.count(
            "spruce_requests_total", kind=request.kind, name=self._name_of(request), outcome=outcome
        )


def connect(services: Services) -> Router:
    """The router with every subcommand, button and modal there is, bound to the inbox."""
    router = Router(services, discover("handlers.commands", "COMMAND"), actions().values(), modals())
    services.inbox.bind(router.handle)
    return router


def _on_home(request: Request) -> bool:
    fields = fields_of(request)
    return request.kind == "click" and not fields.get("message_ts") and fields.get("surface") != "modal"


def _plain(sentence: str) -> Message:
    markup = Mrkdwn(sentence)
    return kit.message(markup, [kit.section(markup)])
