"""The stand-in Slack: Web API, response addresses, uploads, Socket Mode and the page on one port."""

import copy
from collections.abc import Callable
from typing import Protocol, TypeVar

from flask import Flask

from bot.clock import Clock, stopwatch
from bot.sandbox import slack_web
from bot.sandbox.slack_dispatch import Dispatcher
from bot.sandbox.slack_faults import Faults
from bot.sandbox.slack_install import Installer
from bot.sandbox.slack_limits import Limits
from bot.sandbox.slack_message import Message, snapshot_of
from bot.sandbox.slack_payloads import VERIFICATION_TOKEN, Maker
from bot.sandbox.slack_people import Person
from bot.sandbox.slack_send import Delivery, Outcome, Sender
from bot.sandbox.slack_server import Service
from bot.sandbox.slack_socket import SocketHub
from bot.sandbox.slack_spec import Json, WorkspaceSpec, demo_workspaces
from bot.sandbox.slack_state import ApiCall, Channel, State, Workspace

T = TypeVar("T")


class Page(Protocol):
    """The workspace page, when there is one."""

    def install(self, app: Flask) -> None:
        """Add its routes."""
        ...

    def stop(self) -> None:
        """End its streams and jobs."""
        ...


class SlackStandIn:
    """Several workspaces with one app installed in each; strict where Slack is known to be."""

    def __init__(
        self,
        clock: Clock,
        workspaces: list[WorkspaceSpec] | None = None,
        *,
        client_id: str | None = None,
        client_secret: str = "sandbox-client-secret",  # noqa: S107
        burst: int = 3,
        rate_limits: bool = True,
    ) -> None:
        self.installer = Installer(self, client_id, client_secret) if client_id else None
        self.state = State(clock, workspaces or demo_workspaces())
        self.faults = Faults()
        self.limits = Limits(burst=burst, enforced=rate_limits)
        self.sockets = SocketHub(self.state.changed)
        self.sender = Sender(self.state, self.sockets)
        self.dispatcher = Dispatcher(self.state, self.limits, self.faults, self.sockets)
        self.base_url = ""
        self.page: Page | None = None
        self._service: Service | None = None

    def start(self, port: int = 0) -> str:
        """Serve on loopback; returns the address. The Web API is at <address>/api/."""
        app = slack_web.build(self)
        self._service = Service(app, port)
        self.base_url = self.dispatcher.base_url = self._service.base_url
        return self.base_url

    def stop(self) -> None:
        """Stop serving; afterwards no thread and no socket of the stand-in is left."""
        self.sender.stop()
        self.state.close()
        if self.page:
            self.page.stop()
        self.sockets.stop()
        if self._service:
            self._service.stop()
            self._service = None

    @property
    def api_url(self) -> str:
        """What a Slack client needs as its base_url."""
        return f"{self.base_url}/api/"

    @property
    def calls(self) -> list[ApiCall]:
        """Every Web API call received, oldest first."""
        return list(self.state.calls)

    @property
    def deliveries(self) -> list[Delivery]:
        """Every delivery attempted, oldest first."""
        return list(self.sender.deliveries)

    def calls_of(self, method: str, workspace: str | None = None) -> list[ApiCall]:
        """The calls of one method."""
        return [c for c in self.calls if c.method == method and workspace in {None, c.workspace}]

    def deliver_to(self, url: str | None, workspace: str | None = None) -> None:
        """Signed HTTP to this address, for one workspace or all; None goes back to Socket Mode."""
        for name in [self.workspace(workspace).id] if workspace else list(self.state.workspaces):
            if url is None:
                self.sender.urls.pop(name, None)
            else:
                self.sender.urls[name] = url

    def workspace(self, name: str | None = None) -> Workspace:
        """A workspace by id or name; the first one by default."""
        every = list(self.state.workspaces.values())
        if name is None:
            return every[0]
        found = [w for w in every if name in {w.id, w.spec.name}]
        if not found:
            raise KeyError(f"no workspace {name}")
        return found[0]

    def as_user(self, workspace: str | None, user: str) -> Person:
        """A person, by id or name, in a workspace."""
        place = self.workspace(workspace)
        return Person(self.maker(place), self.sender, place.user(user))

    def maker(self, workspace: Workspace) -> Maker:
        """Builds payloads for a workspace."""
        return Maker(self.state, workspace, self.base_url)

    def place(self, channel: str) -> tuple[Workspace, Channel]:
        """The workspace and channel with this id or name; a name used twice is an error."""
        found = []
        for workspace in self.state.workspaces.values():
            names = {channel, channel.removeprefix("#")}
            found += [(workspace, c) for c in workspace.channels.values() if names & {c.id, c.name or c.id}]
        if len(found) != 1:
            raise KeyError(f"{len(found)} channels are called {channel}")
        return found[0]

    def messages(self, channel: str, *, user: str | None = None) -> list[Message]:
        """What is in a channel, oldest first; with `user` also what only that person sees."""
        with self.state.changed:
            workspace, room = self.place(channel)
            reader = workspace.user(user).id if user else None
            seen = [m for m in room.messages if m.ephemeral_to in {None, reader}]
            return [snapshot_of(message) for message in seen]

    def last(self, channel: str, *, user: str | None = None) -> Message:
        """The newest message; LookupError when there is none."""
        found = self.messages(channel, user=user)
        if not found:
            raise LookupError(f"nothing in {channel}")
        return found[-1]

    def ephemerals(self, user: str, channel: str) -> list[Message]:
        """What only this person sees in a channel."""
        return [m for m in self.messages(channel, user=user) if m.is_ephemeral]

    def home(self, user: str, workspace: str | None = None) -> Json | None:
        """The Home view the app last published for a person."""
        place = self._of_user(user, workspace)
        with self.state.changed:
            record = place.homes.get(place.user(user).id)
            return copy.deepcopy(record.body) if record else None

    def open_views(self, user: str, workspace: str | None = None) -> list[Json]:
        """A person's open modals, top last."""
        place = self._of_user(user, workspace)
        with self.state.changed:
            return [copy.deepcopy(r.body) for r in place.stacks.get(place.user(user).id, [])]

    def wait_for(
        self,
        condition: Callable[[Message], object],
        *,
        channel: str,
        timeout: float = 5.0,
        user: str | None = None,
    ) -> Message:
        """The first message of a channel that fits, waiting for it if need be."""
        return self.wait_until(
            lambda: next((m for m in self.messages(channel, user=user) if condition(m)), None), timeout
        )

    def wait_until(self, condition: Callable[[], T | None], timeout: float = 5.0) -> T:
        """The first truthy value of a condition; looked at again after each change in the stand-in."""
        return self.state.wait_until(condition, timeout)

    def send_event(self, event: Json, workspace: str | None = None) -> Outcome:
        """Send any subscribed event."""
        place = self.workspace(workspace)
        return self.sender.event(place, self.maker(place).event(event))

    def challenge(self, word: str, workspace: str | None = None) -> Outcome:
        """Ask the app's address to repeat a word, as Slack does when the address is configured."""
        body: Json = {"type": "url_verification", "challenge": word, "token": VERIFICATION_TOKEN}
        return self.sender.send(self.workspace(workspace), "events_api", body)

    def uninstall(self, workspace: str | None = None) -> list[Outcome]:
        """Remove the app: the token dies, tokens_revoked and app_uninstalled follow (in either order)."""
        place = self.workspace(workspace)
        place.token_error = "account_inactive"  # noqa: S105
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [place.spec.bot_user_id]}}
        events: list[Json] = [{**revoked, "event_ts": self.state.next_ts()}, {"type": "app_uninstalled"}]
        return [self.send_event(event, place.id) for event in events if event["type"] in place.spec.events]

    def revoke(self, workspace: str | None = None) -> None:
        """Revoke the bot token without a word; the next call says token_revoked."""
        self.workspace(workspace).token_error = "token_revoked"  # noqa: S105

    def replay(self, delivery: Delivery) -> Outcome:
        """Send exactly the same bytes, signature included, once more."""
        return self.sender.again(delivery)

    def forge(self, delivery: Delivery, **headers: str) -> Outcome:
        """Send the same body with a signature made without the secret, or with the headers given."""
        wrong = {
            "X-Slack-Signature": "v0=" + "0" * 64,
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        return self.sender.again(delivery, headers={**delivery.headers, **wrong})

    def age(self, seconds: float) -> None:
        """Make every trigger and response address this much older, so that no test has to wait."""
        with self.state.changed:
            for workspace in self.state.workspaces.values():
                for ticket in [*workspace.triggers.values(), *workspace.hooks.values()]:
                    ticket.born -= seconds

    def post_scheduled(self) -> int:
        """Post what chat.scheduleMessage planned for a moment that has come."""
        return self.dispatcher.post_scheduled()

    def _of_user(self, user: str, workspace: str | None) -> Workspace:
        if workspace:
            return self.workspace(workspace)
        for place in self.state.workspaces.values():
            if any(user in {u.id, u.name} for u in place.users.values()):
                return place
        raise KeyError(f"nobody is called {user}")

    def now(self) -> float:
        """Monotonic seconds, the measure of every deadline here."""
        return stopwatch()
