"""The real bot between a stand-in Slack and a real database, reached by signed HTTP or by socket."""

import base64
import json
import threading
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from werkzeug.serving import make_server

from bot import web
from bot.app import Application, build
from bot.clock import SettableClock
from bot.config import Settings
from bot.domain.access import Role, Roles
from bot.domain.alerts import Alert
from bot.domain.ids import UserId, WorkspaceId
from bot.domain.structure import Account, Ad
from bot.domain.targets import Targets
from bot.sandbox.slack_api import SlackStandIn
from bot.sandbox.slack_message import Message
from bot.sandbox.slack_send import Outcome
from bot.services.messages import announce
from handlers import bolt
from handlers.base import ActionSpec, ModalSpec
from handlers.routing import Router
from handlers.socket import Socket
from storage.inbox import Handling
from tests.unit.views_cast import DOLLARS, RUPEES, alert

START = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)
CEDAR, WILLOW = WorkspaceId("T0CEDAR001"), WorkspaceId("T0WILLOW02")
ROOMS = {CEDAR: "ads-alerts", WILLOW: "growth-alerts"}
CHANNELS = {CEDAR: "C0ADSALERT", WILLOW: "C0GROWTH01"}
OWNERS = {CEDAR: "U0OWNER001", WILLOW: "U0OBSERVER"}
PEOPLE = {CEDAR: ("Owner", "Teammate"), WILLOW: ("Observer", "Outsider")}
_SECRET = "sandbox-signing-secret"


@dataclass(frozen=True)
class Plugins:
    """A test's own buttons and modals, instead of those that the product has."""

    actions: tuple[ActionSpec, ...] = ()
    modals: tuple[ModalSpec, ...] = ()


class Stage:
    """One bot, two workspaces, four people."""

    def __init__(self, database_url: str, transport: str = "http", plugins: Plugins | None = None) -> None:
        self.clock = SettableClock(START)
        self.transport = transport
        self._open = ExitStack()
        self.slack = SlackStandIn(self.clock, rate_limits=False)
        self.slack.start()
        self._open.callback(self.slack.stop)
        self.app: Application = build(self._settings(database_url), self.clock)
        self._open.callback(self.app.close)
        for workspace_id in (CEDAR, WILLOW):
            self.install(workspace_id)
        self.connect(CEDAR, RUPEES)
        self.connect(WILLOW, DOLLARS)
        if plugins is not None:
            router = Router(self.services, [], plugins.actions, plugins.modals)
            self.services.inbox.bind(router.handle)
        self._serve(plugins) if transport == "http" else self._plug_in(plugins)

    @property
    def services(self):
        """The use cases behind the doors."""
        return self.app.services

    def close(self) -> None:
        """Stop everything, in the opposite order."""
        self._open.close()

    def install(self, workspace_id: WorkspaceId) -> None:
        """Install Spruce: one owner, everybody else a member."""
        spec = self.slack.workspace(workspace_id).spec
        roles = Roles(owners=frozenset({UserId(OWNERS[workspace_id])}), everyone=Role.MEMBER)
        self.services.workspaces.install(
            workspace_id, spec.name, spec.bot_user_id, bot_token=spec.bot_token, roles=roles
        )

    def says(self, text: str, user: str = "Owner", workspace: WorkspaceId = CEDAR) -> Outcome:
        """Somebody types /spruce and this; everything it causes has happened when this returns."""
        return self.settled(self.slack.as_user(workspace, user).command(ROOMS[workspace], text))

    def clicks(self, message: Any, name: str, user: str = "Owner", **options: Any) -> Outcome:
        """Somebody presses a button of a message or a view."""
        workspace = options.pop("workspace", CEDAR)
        person = self.slack.as_user(workspace, user)
        return self.settled(person.click(message, name, confirmed=True, **options))

    def sends(self, kind: str, payload: dict[str, Any], workspace: WorkspaceId = CEDAR) -> Outcome:
        """Slack sends this very payload."""
        return self.settled(self.slack.sender.send(self.slack.workspace(workspace), kind, payload))

    def settled(self, outcome: Outcome) -> Outcome:
        """Wait for the inbox, then carry what it put into the outbox."""
        assert self.services.inbox.drain(10)
        self.services.delivery.deliver()
        return outcome

    def told(self, user: str = "Owner", workspace: WorkspaceId = CEDAR) -> str:
        """The last thing that only this person saw, as JSON with its blocks."""
        found = self.slack.ephemerals(user, ROOMS[workspace])
        if not found:
            return ""
        return json.dumps([found[-1].text, found[-1].blocks], ensure_ascii=False)

    def raises_alert(self, number: int = 1, workspace: WorkspaceId = CEDAR) -> Message:
        """An alert is opened and its message posted."""
        account = RUPEES if workspace == CEDAR else DOLLARS
        opened = replace(
            alert(number=number),
            workspace_id=workspace,
            account_id=account.id,
            channel_id=None,
            message_ts=None,
        )
        with self.app.db.workspace(workspace) as tx:
            tx.alerts.add(opened)
            announce(tx, opened, CHANNELS[workspace], f"d-{workspace}-{number}", self.clock.now())
        self.services.delivery.deliver()
        return self.slack.last(ROOMS[workspace])

    def alert(self, number: int = 1, workspace: WorkspaceId = CEDAR) -> Alert:
        """The alert as it is now."""
        with self.app.db.read(workspace) as tx:
            found = tx.alerts.get(f"alert-{number:03}")
        assert found is not None
        return found

    def inbox(self, workspace: WorkspaceId = CEDAR) -> list[tuple[Handling, str]]:
        """How every request of a workspace stands, in no particular order."""
        with self.app.db.engine.connect() as connection:
            statement = "SELECT state, outcome FROM inbox WHERE workspace_id = ?"
            rows = connection.exec_driver_sql(statement, (workspace,)).all()
        return [(Handling(state), outcome) for state, outcome in rows]

    def _settings(self, database_url: str) -> Settings:
        key = base64.b64encode(b"k" * 32).decode()
        return Settings.from_env(
            {
                "DATABASE_URL": database_url,
                "SLACK_API_URL": self.slack.api_url,
                "SLACK_SIGNING_SECRET": _SECRET,
                "SLACK_APP_TOKEN": "xapp-1-A0SPRUCE01-sandbox",
                "SPRUCE_ENCRYPTION_KEYS": f"k1:{key}",
            }
        )

    def connect(self, workspace_id: WorkspaceId, account: Account) -> None:
        """An account is connected; it has one ad that runs."""
        ad = Ad(
            id="3001",
            campaign_id="1001",
            adset_id="2001",
            name="Monsoon video 3",
            creative_id=None,
            configured_status="ACTIVE",
            effective_status="ACTIVE",
            issues=(),
            updated_at=START - timedelta(days=3),
        )
        with self.app.db.workspace(workspace_id) as tx:
            tx.accounts.connect(
                workspace_id,
                account,
                connection_id="c1",
                channel_id=CHANNELS[workspace_id],
                targets=Targets(),
                due_at=START,
            )
            tx.structures.save_ads(workspace_id, account.id, [ad])

    def _serve(self, plugins: Plugins | None) -> None:
        application = (
            _bare(bolt.build(self.services, plugins.modals)) if plugins else web.build(self.services)
        )
        server = make_server("127.0.0.1", 0, application or web.build(self.services), threaded=True)
        server.daemon_threads = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        self._open.callback(server.server_close)
        self._open.callback(thread.join)
        self._open.callback(server.shutdown)
        self.slack.deliver_to(f"{self.url}/slack/events")

    def _plug_in(self, plugins: Plugins | None) -> None:
        self.socket = Socket(self.services, bolt.build(self.services, plugins.modals) if plugins else None)
        self.socket.start()
        self._open.callback(self.socket.stop)
        self.slack.wait_until(lambda: self.slack.sockets.connections or None)


def _bare(app: App) -> Flask:
    """Slack's address alone; Bolt itself looks at the signatures."""
    flask = Flask("stage", static_folder=None)
    handler = SlackRequestHandler(app)

    @flask.post("/slack/events")
    def events() -> Response:
        return handler.handle(request)

    return flask
