"""Delivers payloads to the app by signed HTTP or Socket Mode and holds it to the 3-second ack."""

import hashlib
import hmac
import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from bot.clock import SystemClock, stopwatch
from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_state import State, Workspace

ACK_SECONDS = 3.0
# Slack, "Events API: retries": nearly at once, after 1 minute, after 5 minutes.
EVENT_RETRY_DELAYS = (0.0, 60.0, 300.0)


@dataclass(frozen=True)
class Outcome:
    """How a delivery went, as the person who caused it would see it."""

    ok: bool
    seconds: float
    status: int | None = None
    body: Json | str | None = None
    error: str | None = None
    message: str | None = None
    delivery: "Delivery | None" = None
    headers: Json = field(default_factory=dict)

    @property
    def response_action(self) -> str | None:
        """errors, update, push or clear after a view submission."""
        return self.body.get("response_action") if isinstance(self.body, dict) else None

    @property
    def errors(self) -> dict[str, str]:
        """Field errors after a view submission, by block_id."""
        return self.body.get("errors", {}) if isinstance(self.body, dict) else {}


@dataclass
class Delivery:
    """One payload on its way to the app; `outcome` is filled in when it is known."""

    workspace: str
    kind: str
    payload: Json
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    url: str | None = None
    attempt: int = 0
    outcome: Outcome | None = None


class Sockets(Protocol):
    """What the sender needs of Socket Mode."""

    def deliver(self, app_token: str, envelope: Json, timeout: float) -> Outcome:
        """Send to one connection and wait for its ack."""
        ...


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack, "Verifying requests": v0= and the hex HMAC of v0:timestamp:body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Sender:
    """One for the whole stand-in: knows each workspace's address and keeps the ledger of deliveries."""

    def __init__(self, state: State, sockets: Sockets) -> None:
        self.state = state
        self.sockets = sockets
        self.urls: dict[str, str] = {}
        self.deliveries: list[Delivery] = []
        self.ack_seconds = ACK_SECONDS
        self.retry_delays: tuple[float, ...] = EVENT_RETRY_DELAYS
        self._timers: list[threading.Timer] = []
        self._stopped = False

    def send(self, workspace: Workspace, kind: str, payload: Json) -> Outcome:
        """Deliver once: `slash_commands`, `interactive` or `events_api`."""
        delivery = Delivery(workspace.id, kind, payload, url=self.urls.get(workspace.id))
        return self._attempt(workspace, delivery)

    def event(self, workspace: Workspace, payload: Json) -> Outcome:
        """Deliver an event; what is not acknowledged comes again in the background."""
        if payload["event"]["type"] not in _plain_names(workspace.spec.events):
            raise LookupError(f"the app has not subscribed to {payload['event']['type']}")
        delivery = Delivery(workspace.id, "events_api", payload, url=self.urls.get(workspace.id))
        outcome = self._attempt(workspace, delivery)
        self._plan_retry(workspace, delivery, outcome)
        return outcome

    def again(self, delivery: Delivery, **changed: object) -> Outcome:
        """Send the same signed bytes once more, as an eavesdropper could."""
        if delivery.url is None:
            workspace = self.state.workspaces[delivery.workspace]
            return self._attempt(workspace, Delivery(delivery.workspace, delivery.kind, delivery.payload))
        copy = replace(delivery, outcome=None, **changed)  # type: ignore[arg-type]
        return self._finish(copy, self._post(copy))

    def stop(self) -> None:
        """Cancel retries and wait for those under way."""
        self._stopped = True
        for timer in self._timers:
            timer.cancel()
        for timer in self._timers:
            if timer.is_alive():
                timer.join()

    def _attempt(self, workspace: Workspace, delivery: Delivery) -> Outcome:
        if delivery.url is None:
            outcome = self._by_socket(workspace, delivery)
        else:
            self._encode(workspace, delivery)
            outcome = self._post(delivery)
        return self._finish(delivery, outcome)

    def _finish(self, delivery: Delivery, outcome: Outcome) -> Outcome:
        delivery.outcome = replace(outcome, delivery=delivery)
        with self.state.changed:
            self.deliveries.append(delivery)
            self.state.changed.notify_all()
        return delivery.outcome

    def _encode(self, workspace: Workspace, delivery: Delivery) -> None:
        content_type = "application/x-www-form-urlencoded"
        if delivery.kind == "events_api":
            delivery.body, content_type = json.dumps(delivery.payload).encode(), "application/json"
        elif delivery.kind == "slash_commands":
            delivery.body = urlencode(delivery.payload).encode()
        else:
            delivery.body = urlencode({"payload": json.dumps(delivery.payload)}).encode()
        timestamp = str(int(SystemClock().now().timestamp()))
        delivery.headers = {
            **delivery.headers,
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(workspace.spec.signing_secret, timestamp, delivery.body),
        }

    def _post(self, delivery: Delivery) -> Outcome:
        start = stopwatch()
        try:
            status, headers, raw = post(delivery.url or "", delivery.body, delivery.headers, self.ack_seconds)
        except TimeoutError:
            return Outcome(False, stopwatch() - start, error="operation_timeout")
        except (OSError, http.client.HTTPException):
            return Outcome(False, stopwatch() - start, error="dispatch_failed")
        seconds = stopwatch() - start
        if seconds > self.ack_seconds:
            return Outcome(False, seconds, error="operation_timeout")
        error = None if status == 200 else "http_client_error" if status < 500 else "http_service_error"
        return Outcome(error is None, seconds, status, _decoded(raw), error, headers=headers)

    def _by_socket(self, workspace: Workspace, delivery: Delivery) -> Outcome:
        envelope: Json = {"type": delivery.kind, "payload": delivery.payload}
        kind = delivery.payload.get("type")
        answers = delivery.kind == "slash_commands" or kind in {"view_submission", "block_suggestion"}
        envelope["accepts_response_payload"] = answers
        if delivery.kind == "events_api":
            reason = "timeout" if delivery.attempt else ""
            envelope.update(retry_attempt=delivery.attempt, retry_reason=reason)
        return self.sockets.deliver(workspace.spec.app_token, envelope, self.ack_seconds)

    def _plan_retry(self, workspace: Workspace, delivery: Delivery, outcome: Outcome) -> None:
        number = delivery.attempt + 1
        no_retry = {k.lower(): v for k, v in outcome.headers.items()}.get("x-slack-no-retry") == "1"
        if outcome.ok or no_retry or number > len(self.retry_delays) or self._stopped:
            return
        reason = {"operation_timeout": "http_timeout", "dispatch_failed": "connection_failed"}
        headers = {
            "X-Slack-Retry-Num": str(number),
            "X-Slack-Retry-Reason": reason.get(outcome.error or "", "http_error"),
        }
        following = Delivery(
            workspace.id, delivery.kind, delivery.payload, headers=headers, url=delivery.url, attempt=number
        )
        self._later(self.retry_delays[number - 1], lambda: self._retry(workspace, following))

    def _retry(self, workspace: Workspace, delivery: Delivery) -> None:
        if not self._stopped:
            self._plan_retry(workspace, delivery, self._attempt(workspace, delivery))

    def _later(self, delay: float, action: Callable[[], None]) -> None:
        timer = threading.Timer(delay, action)
        self._timers.append(timer)
        timer.start()


def post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int, Json, bytes]:
    """One POST on a fresh connection; TimeoutError when no answer came in time."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout)
    try:
        connection.request("POST", parts.path or "/", body, headers)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def _decoded(raw: bytes) -> Json | str | None:
    text = raw.decode("utf-8", "replace")
    if not text.strip():
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, dict) else text


def _plain_names(events: tuple[str, ...]) -> set[str]:
    return {name.split(".")[0] for name in events}
