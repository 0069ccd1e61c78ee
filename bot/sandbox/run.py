"""`spruce demo`: stand-ins for Meta and Slack, the real bot pointed at them by settings, and the page.

Nothing here reaches into the bot: it gets a temporary database, base URLs, tokens, and a clock that
the page can move ahead.
"""

import base64
import json
import logging
import secrets
import signal
import sys
import tempfile
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from bot import log
from bot.app import Application, build
from bot.clock import OffsetClock, stopwatch
from bot.config import Settings
from bot.domain.access import Role, Roles
from bot.domain.ids import AccountId, ChannelId, UserId, WorkspaceId
from bot.process import Process, noted_signals
from bot.registry import discover
from bot.sandbox import story
from bot.sandbox.check import acknowledge_first_alert
from bot.sandbox.graph_access import Access
from bot.sandbox.graph_api import GraphStandIn
from bot.sandbox.slack_api import SlackStandIn
from bot.sandbox.slack_page import Progress, WorkspacePage
from bot.sandbox.slack_spec import WorkspaceSpec, demo_workspaces
from bot.sandbox.world import World
from bot.services.connections import Wish
from storage.migrate import upgrade

_APP_ID, _APP_SECRET = "100000000000001", "sandbox-app-secret-0001"
_TOKENS = ("EAASandboxCedar0001", "EAASandboxWillow0002")
# Time is walked in steps: alerts open and resolve on the way, and no account looks unread (after two
# hours it would). Half hours show how a replacement gets on; a day in half hours is long to wait for.
_STEP_MINUTES = 30
_LONG_STEP_MINUTES = 60
_LONG_MOVE_MINUTES = 6 * 60
_SETTLE_SECONDS = 20.0
_PAUSE = 0.05


class Demo:
    """Everything the demo runs; use as a context."""

    def __init__(self, *, port: int = 0, http: bool = False) -> None:
        self.clock = OffsetClock()
        self.world = World.demo(self.clock.now())
        self._specs = demo_workspaces()
        self.slack = SlackStandIn(self.clock, self._specs)
        # A day that passes in seconds has a day's room for messages, so limits go by the clock that is moved.
        self.slack.limits.timer = lambda: self.clock.now().timestamp()
        self.graph = GraphStandIn(
            self.world, self.clock, app_id=_APP_ID, app_secret=_APP_SECRET, tokens=self._access()
        )
        self._stopping = threading.Event()
        self._page = WorkspacePage(
            self.slack,
            accounts=[
                {"id": account.node_id, "name": account.name, "currency": account.currency}
                for account in self.world.accounts
            ],
            commands=_suggestions(),
            on_advance=self.advance,
        )
        self.page_url = self.slack.start(port)
        self._folder = tempfile.TemporaryDirectory(prefix="spruce-demo-", ignore_cleanup_errors=True)
        self.application = self._build(self.graph.start(), http=http)
        self._process = Process(self.application, web=http, work=True)
        self._http = http
        self.began = stopwatch()

    def __enter__(self) -> Self:
        """Install both workspaces, connect their accounts, and start the bot."""
        self.began = stopwatch()
        self._install()
        self._process.start()
        if self._http:
            self.slack.deliver_to(f"http://127.0.0.1:{self._process.port}/slack/events")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the bot before the stand-ins, so that it does not complain that they are gone."""
        self._stopping.set()
        self._page.stop()
        self._process.stop()
        self.application.close()
        self.slack.stop()
        self.graph.stop()
        self._folder.cleanup()

    def advance(self, minutes: int, progress: Progress) -> None:
        """Move the world's clock and let everything that becomes due happen on the way."""
        step = _LONG_STEP_MINUTES if minutes > _LONG_MOVE_MINUTES else _STEP_MINUTES
        steps = max(1, minutes // step)
        with self.application.scheduler.held():  # nothing in flight may see the clock jump
            for done in range(1, steps + 1):
                if self._stopping.is_set():
                    return
                self.clock.advance(timedelta(minutes=minutes) / steps)
                self._settle()
                progress(done, steps)

    def _settle(self) -> None:
        """Read what is due and carry messages until none waits; bounded, since Slack sets the pace."""
        began = stopwatch()
        self.application.scheduler.run_all()
        while self._waiting() and stopwatch() - began < _SETTLE_SECONDS:
            if self._stopping.wait(_PAUSE):
                return
            self.application.scheduler.run_all()

    def _waiting(self) -> bool:
        services, now = self.application.services, self.clock.now()
        with self.application.db.system_read() as tx:
            return bool(tx.outbox.due(now, 1)) or bool(services.watching.due(1))

    def _build(self, graph_url: str, *, http: bool) -> Application:
        key = "demo:" + base64.b64encode(secrets.token_bytes(32)).decode()
        settings = {
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_SIGNING_SECRET": self._specs[0].signing_secret,
            "META_GRAPH_URL": graph_url,
            "META_APP_ID": _APP_ID,
            "META_APP_SECRET": _APP_SECRET,
            "DATABASE_URL": f"sqlite:///{Path(self._folder.name) / 'spruce.db'}",
            "SPRUCE_ENCRYPTION_KEYS": key,
            "PORT": "0",
        }
        if not http:
            settings["SLACK_APP_TOKEN"] = self._specs[0].app_token
        application = build(Settings.from_env(settings), self.clock)
        upgrade(application.db.engine)
        return application

    def _access(self) -> dict[str, Access]:
        return {
            token: Access(label=account.key, accounts=frozenset([account.id]))
            for token, account in zip(_TOKENS, self.world.accounts, strict=True)
        }

    def _install(self) -> None:
        targets: tuple[dict[str, str], dict[str, str]] = (
            {"cost_per_purchase": str(story.TARGET_COST_PER_PURCHASE_MINOR // 100)},
            {},
        )
        services = self.application.services
        for spec, token, account, target in zip(
            self._specs, _TOKENS, self.world.accounts, targets, strict=True
        ):
            workspace_id = WorkspaceId(spec.id)
            services.workspaces.install(
                workspace_id,
                spec.name,
                spec.bot_user_id,
                bot_token=spec.bot_token,
                roles=Roles(owners=frozenset([UserId(spec.users[0].id)]), everyone=Role.MEMBER),
            )
            wish = Wish(AccountId(account.node_id), _channel(spec), target)
            services.connections.connect(workspace_id, "demo", token, [wish])


def main(*, check: bool, port: int, http: bool) -> int:
    """Run the demo until it is interrupted, or only long enough to check it."""
    log.configure("warning", sys.stderr)
    logging.captureWarnings(capture=True)
    if check:
        return _check(http=http, port=port)
    wait = noted_signals()
    with Demo(port=port, http=http) as demo:
        _say(f"Spruce is running on stand-ins. Open {demo.page_url} in a browser; Ctrl-C stops it.")
        wait()
    return 0


def _check(*, port: int, http: bool) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    spec = demo_workspaces()[0]
    with Demo(port=port, http=http) as demo, suppress(KeyboardInterrupt):
        result = acknowledge_first_alert(
            demo.page_url,
            workspace=spec.id,
            user=spec.users[0].id,
            channel=_channel(spec),
            began=demo.began,
        )
        _say(json.dumps(result))
        return 0 if result["ok"] else 1
    return 1


def _channel(spec: WorkspaceSpec) -> ChannelId:
    return ChannelId(next(channel.id for channel in spec.channels if channel.bot_is_member))


def _suggestions() -> list[dict[str, object]]:
    """What the page offers while somebody types: the real commands, from the registry."""
    commands = discover("handlers.commands", "COMMAND")
    texts = [{"text": command.name, "description": command.summary} for command in commands]
    texts += [{"text": "report 7d", "description": "The last 7 complete days, beside the 7 before."}]
    return [
        {
            "command": "/spruce",
            "description": "What Spruce sees in the ad account",
            "usage_hint": " | ".join(command.name for command in commands),
            "suggestions": sorted(texts, key=lambda one: one["text"]),
        }
    ]


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
