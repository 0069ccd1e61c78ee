"""A process of the bot that dies at a chosen point, as if somebody had pulled the plug.

`python -m tests.scenario.dying` reads {"settings", "now", "point", "account"} as JSON from its input. The
product is as it is; only what speaks to Slack and Meta for it dies when it is called.
"""

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn
from uuid import uuid4

from bot.app import build
from bot.clock import SettableClock
from bot.config import Settings
from bot.domain.ids import AccountId, WorkspaceId
from bot.process import Process
from bot.services.actions import ActionService
from bot.services.delivery import DeliveryService
from bot.services.inbox import InboxService
from bot.services.pictures import PictureService
from storage.inbox import Request

STATUS = 137


def die(*_: object) -> NoReturn:
    """End at once: nothing is flushed, closed, rolled back or told."""
    os._exit(STATUS)


class Doomed:
    """What it stands for, except that a call of this name is the last one."""

    def __init__(self, real: Any, name: str, *, after: bool) -> None:
        self._real, self._name, self._after = real, name, after

    def __getattr__(self, name: str) -> Any:
        return self._last if name == self._name else getattr(self._real, name)

    def __enter__(self) -> "Doomed":
        self._real.__enter__()
        return self

    def __exit__(self, *what: Any) -> None:
        self._real.__exit__(*what)

    def _last(self, *arguments: Any, **options: Any) -> NoReturn:
        if self._after:
            getattr(self._real, self._name)(*arguments, **options)
        die()


class DoomedConnections:
    """Connections to Meta on which a change is the last thing that happens."""

    def __init__(self, real: Any, *, after: bool) -> None:
        self._real, self._after = real, after

    def client(self, *arguments: Any) -> Doomed:
        """A client with a token, for its last change."""
        return Doomed(self._real.client(*arguments), "post", after=self._after)


class DeafInbox(InboxService):
    """Keeps requests and never starts on them."""

    def start(self, request: Request) -> None:
        """Nothing."""


class Dying:
    """One process and the points at which it can die."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.clock = SettableClock(datetime.fromisoformat(given["now"]))
        settings = Settings.from_env(given["settings"])
        self.application = build(settings, self.clock, sleep=lambda _seconds: None, pace=0.0)
        self.services, self.db = self.application.services, self.application.db
        account = WorkspaceId(given["workspace"]), AccountId(given["account"])
        self.points: dict[str, Callable[[], object]] = {
            "post claimed": lambda: self._deliver("post", after=False),
            "post sent": lambda: self._deliver("post", after=True),
            "picture sent": lambda: self._deliver("upload", after=True, limit=20),
            "edit claimed": lambda: self._deliver("update", after=False),
            "edit sent": lambda: self._deliver("update", after=True),
            "recorded": lambda: self.services.delivery.deliver(1),
            "change claimed": lambda: self._carry_out(after=False),
            "change made": lambda: self._carry_out(after=True),
            "change recorded": lambda: self.services.actions.carry_out(1),
            "reading": lambda: self.services.watching.cycle(*account),
            "request kept": lambda: self._serve(DeafInbox(self.db, self.clock)),
            "request begun": lambda: self._serve(self._stuck()),
        }

    def _deliver(self, name: str, *, after: bool, limit: int = 1) -> None:
        slack = Doomed(self.services.slack, name, after=after)
        DeliveryService(
            self.db,
            self.clock,
            slack,  # type: ignore[arg-type]
            reports=self.services.reports,
            pictures=PictureService(
                self.db,
                self.clock,
                slack,  # type: ignore[arg-type]
                self.services.connections,
            ),
            new_id=_new_id,
            metrics=self.services.metrics,
        ).deliver(limit)

    def _carry_out(self, *, after: bool) -> None:
        ActionService(
            self.db,
            self.clock,
            connections=DoomedConnections(self.services.connections, after=after),  # type: ignore[arg-type]
            new_id=_new_id,
            metrics=self.services.metrics,
        ).carry_out()

    def _stuck(self) -> InboxService:
        inbox = InboxService(self.db, self.clock)
        inbox.bind(lambda _request: str(threading.Event().wait()))
        return inbox

    def _serve(self, inbox: InboxService) -> None:
        """Take requests until somebody kills this process; its first line says at which port."""
        services = replace(self.services, inbox=inbox)
        process = Process(replace(self.application, services=services), web=True, work=False)
        process.start()
        sys.stdout.write(f"{process.port}\n")
        sys.stdout.flush()
        threading.Event().wait()


def _new_id() -> str:
    return str(uuid4())


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    Dying(asked).points[asked["point"]]()
    die()
