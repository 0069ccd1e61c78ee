"""Socket Mode's server side: tickets, hello, envelopes, acks, disconnects (Slack, "Using Socket Mode")."""

import json
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any

from bot.clock import stopwatch
from bot.sandbox.slack_send import Outcome
from bot.sandbox.slack_spec import Json

MOST_CONNECTIONS = 10
PING_SECONDS = 10.0
# slack_sdk's built-in client reads on after a frame of two bytes before it looks at it, and drops the frame
# when nothing follows within its timeout. An empty ping is such a frame; Slack's pings carry words.
PING = b"Ping from the stand-in"
StartResponse = Callable[..., Any]


class Connection:
    """One WebSocket of one app; simple_websocket's send is not safe for several threads, so it is locked."""

    def __init__(self, socket: Any, app_token: str) -> None:
        self.socket = socket
        self.app_token = app_token
        self._lock = threading.Lock()

    def send(self, body: Json) -> bool:
        """Send one JSON frame; False when the connection has gone."""
        try:
            with self._lock:
                self.socket.send(json.dumps(body))
        except _gone():
            return False
        return True

    def ping(self) -> None:
        """Send a ping, as Slack does; close the connection when the one before was never answered."""
        from wsproto.events import Ping

        if not self.socket.pong_received:
            self.close()
            return
        with self._lock:
            self.socket.pong_received = False  # until the library's reader sees the answer
            self.socket.sock.send(self.socket.ws.send(Ping(PING)))

    def close(self) -> None:
        """Close it and wait for its reader."""
        try:
            with self._lock:
                self.socket.close()
        except _gone():
            return


class _Waiting:
    """A sender waiting for the ack of one envelope."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.payload: Json | None = None


class SocketHub:
    """All open connections; each envelope goes to one of them."""

    def __init__(self, changed: threading.Condition, ping_seconds: float = PING_SECONDS) -> None:
        self.changed = changed
        self.ping_seconds = ping_seconds
        self.connections: list[Connection] = []
        self.acks_late = 0
        self._tickets: dict[str, str] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._turn = 0

    def ticket(self, app_token: str) -> str:
        """A ticket for one connection."""
        value = secrets.token_hex(12)
        self._tickets[value] = app_token
        return value

    def take(self, ticket: str) -> str | None:
        """The app token behind a ticket; a ticket works once."""
        return self._tickets.pop(ticket, None)

    def count(self, app_token: str) -> int:
        """How many connections this app has."""
        return len([c for c in self.connections if c.app_token == app_token])

    def serve(self, environ: Json, app_token: str, app_id: str) -> None:
        """Keep one connection until either side closes it."""
        from simple_websocket import Server

        # Its own ping_interval would send empty pings, from a thread that does not share the lock of send().
        connection = Connection(Server(environ), app_token)
        if self.count(app_token) >= MOST_CONNECTIONS:
            connection.send(_disconnect("too_many_websockets"))
            connection.close()
            return
        connection.send(_hello(app_id, self.count(app_token) + 1))
        with self.changed:
            self.connections.append(connection)
            self.changed.notify_all()
        try:
            while True:
                self._wait(connection)
        except _gone():
            pass
        finally:
            with self.changed:
                self.connections.remove(connection)
                self.changed.notify_all()
            connection.close()

    def _wait(self, connection: Connection) -> None:
        """Until a frame arrives, or for one period of silence."""
        text = connection.socket.receive(self.ping_seconds)
        if text is None:
            connection.ping()
        else:
            self._receive(text)

    def _receive(self, text: str | bytes) -> None:
        body = json.loads(text or "{}")
        waiting = self._waiting.get(str(body.get("envelope_id")))
        if waiting is None:
            self.acks_late += 1
            return
        waiting.payload = body.get("payload")
        waiting.done.set()

    def deliver(self, app_token: str, envelope: Json, timeout: float) -> Outcome:
        """Send an envelope to the next connection in turn and wait for its ack."""
        start = stopwatch()
        envelope_id, waiting = secrets.token_hex(16), _Waiting()
        self._waiting[envelope_id] = waiting
        try:
            if not self._send(app_token, {**envelope, "envelope_id": envelope_id}):
                return Outcome(False, stopwatch() - start, error="dispatch_failed")
            if not waiting.done.wait(timeout):
                return Outcome(False, stopwatch() - start, error="operation_timeout")
        finally:
            self._waiting.pop(envelope_id, None)
        body = waiting.payload if envelope["accepts_response_payload"] else None
        return Outcome(True, stopwatch() - start, 200, body or None)

    def _send(self, app_token: str, envelope: Json) -> bool:
        with self.changed:
            mine = [c for c in self.connections if c.app_token == app_token]
            self._turn += 1
            order = mine[self._turn % len(mine) :] + mine[: self._turn % len(mine)] if mine else []
        return any(connection.send(envelope) for connection in order)

    def disconnect(self, reason: str = "warning") -> int:
        """Tell every client to reconnect: warning, refresh_requested or link_disabled."""
        return sum(connection.send(_disconnect(reason)) for connection in list(self.connections))

    def stop(self) -> None:
        """Close every connection."""
        for connection in list(self.connections):
            connection.close()


def _gone() -> tuple[type[Exception], ...]:
    from simple_websocket import ConnectionClosed
    from wsproto.utilities import LocalProtocolError

    return (ConnectionClosed, LocalProtocolError, OSError)


def refuse(start_response: StartResponse) -> Iterable[bytes]:
    """The answer to a used or unknown ticket: no upgrade."""
    start_response("403 Forbidden", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]


def _hello(app_id: str, count: int) -> Json:
    debug = {"host": "stand-in", "started": "", "build_number": 54, "approximate_connection_time": 18_060}
    info = {"app_id": app_id}
    return {"type": "hello", "num_connections": count, "connection_info": info, "debug_info": debug}


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}}
