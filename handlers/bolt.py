"""The Bolt app: one middleware that keeps what came, acknowledges at once, and hands it to the inbox.

A modal's submission is looked at before it is kept, because only now can Slack be told that something
in it needs another answer; that look is quick and asks nobody.

Nothing is registered as a listener. A listener's acknowledgement waits for a thread and a polling
loop, can be erased by an exception just after it, and comes too late to keep an event before Bolt
acknowledges it; a middleware that answers by itself has none of these.
"""

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware import Middleware
from slack_sdk import WebClient

from bot.log import log
from bot.services.bundle import Services
from bot.views.actions import LINKS
from handlers.arrivals import Arrival, read
from handlers.base import ModalSpec
from handlers.discovery import modals as every_modal
from handlers.submissions import Checks

_TIMEOUT = 10
_NOT_KEPT = "Spruce could not take that down just now. Nothing was changed; please try again in a moment."
_NOT_HERE = "Spruce is not installed in this workspace. Ask whoever runs Spruce to install it."
# Acknowledged without being kept: nothing of ours sends them, or there is nothing to be done.
_NOTHING_TO_DO = (
    "block_actions",
    "event_callback",
    "message_action",
    "shortcut",
    "view_closed",
    "view_submission",  # of something that is no modal
)


def build(services: Services, modals: Iterable[ModalSpec] | None = None) -> App:
    """The app that both HTTP and Socket Mode dispatch to; unless told otherwise with every modal there is."""
    settings = services.settings
    secret = settings.slack_signing_secret
    logger = logging.getLogger("spruce.bolt")
    logger.setLevel(logging.ERROR)  # its warnings quote what people typed, and tell of settings we pass by
    app = App(
        # Bolt sets the level of the logger with this name at every request; "spruce" is the product's own.
        name=logger.name,
        logger=logger,
        signing_secret=secret.reveal() if secret else "",
        client=WebClient(base_url=settings.slack_api_url, timeout=_TIMEOUT, retry_handlers=[]),
        authorize=_authorize,
        token_verification_enabled=False,
    )
    app.use(Door(services, every_modal() if modals is None else modals))
    return app


class Door(Middleware):
    """Keep, acknowledge, start."""

    def __init__(self, services: Services, modals: Iterable[ModalSpec]) -> None:
        self._services = services
        self._checks = Checks(services, modals)

    def process(
        self, *, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Answer at once; everything slow happens afterwards, in the inbox's own threads."""
        arrival = read(req.body, req.context.team_id)
        kind = arrival.kind if arrival else "other"
        with self._services.metrics.timed("spruce_request_ack_seconds", kind=kind):
            if arrival is not None and arrival.fields.get("action_id") not in LINKS:
                return self._checked(arrival, req.body) or self._take(arrival)
            return _acknowledged(req.body) or next()

    def _checked(self, arrival: Arrival, body: dict[str, Any]) -> BoltResponse | None:
        if arrival.kind != "submission":
            return None
        try:
            errors = self._checks.errors(arrival.fields, arrival.workspace_id, arrival.user_id, body["view"])
        except Exception as error:
            log("modal.unchecked", level=logging.ERROR, workspace=arrival.workspace_id, error=error)
            return _not_kept(arrival)
        return _json({"response_action": "errors", "errors": errors}) if errors else None

    def _take(self, arrival: Arrival) -> BoltResponse:
        request = arrival.request(self._services.clock.now())
        inbox = self._services.inbox
        try:
            fresh = inbox.accept(request)
        except Exception as error:
            log("inbox.refused", level=logging.ERROR, workspace=arrival.workspace_id, error=error)
            return _not_kept(arrival)
        if fresh:
            inbox.start(request)
        if arrival.kind == "submission":
            return _json({"response_action": "clear"})
        return BoltResponse(status=200, body="")


def _not_kept(arrival: Arrival) -> BoltResponse:
    if arrival.kind == "command":
        return _ephemeral(_NOT_KEPT)
    # An event comes again, a click shows as failed, and a modal stays open with what was typed in it.
    return BoltResponse(status=503, body="")


def _acknowledged(body: dict[str, Any]) -> BoltResponse | None:
    if "command" in body:
        return _ephemeral(_NOT_HERE)
    if body.get("type") == "block_suggestion":
        return _json({"options": []})
    return BoltResponse(status=200, body="") if body.get("type") in _NOTHING_TO_DO else None


def _ephemeral(sentence: str) -> BoltResponse:
    return _json({"response_type": "ephemeral", "text": sentence})


def _json(body: dict[str, Any]) -> BoltResponse:
    return BoltResponse(
        status=200, body=json.dumps(body), headers={"content-type": "application/json; charset=utf-8"}
    )


def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    # Without a token and without asking anybody: what goes to Slack leaves through bot.slack, and
    # whether the workspace is known is asked where the person can be told.
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
