"""A running process: which of the doors are open, and how it starts and stops."""

import contextlib
import signal
import sys
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from bot import memory
from bot.app import Application

_PATIENCE = 10.0  # seconds that an answer under way may take
_LOOK_UP = 0.25  # seconds

_TURN = 0.0005


def noted_signals() -> Callable[[], int]:
    """From now on SIGTERM and SIGINT are noted and end nothing; the result waits for the first of them."""
    # Of the standard library's means only this one may be used in a handler: setting an Event there can
    # wait for a lock that the interrupted thread itself holds (queue.SimpleQueue: "put() is reentrant").
    noted: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda which, _frame: noted.put(which))
    return lambda: _first(noted)


def _first(noted: SimpleQueue[int]) -> int:
    # A signal that comes just before the main thread falls asleep does not wake it, so it looks up.
    while True:
        with contextlib.suppress(Empty):
            return noted.get(timeout=_LOOK_UP)


class Process:
    """Web pages and Slack's requests over HTTP, Slack's socket, and the scheduler, as asked for."""

    def __init__(self, application: Application, *, web: bool, work: bool) -> None:
        self._application = application
        self._web = web
        self._work = work
        self._server: Any = None
        self._socket: Any = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that the web pages are served at; 0 when they are not."""
        return int(self._server.effective_port) if self._server is not None else 0

    def start(self) -> None:
        """Open the doors, then start the clock."""
        # A thread that computes holds the interpreter for this long; at the default 5 ms an acknowledgement,
        # which waits its turn some twenty times, would take 100 ms whenever an account is being judged.
        sys.setswitchinterval(_TURN)
        memory.settle()
        settings = self._application.settings
        if self._web:
            self._serve(settings.host, settings.port)
        if self._work and settings.socket_mode:
            self._open_socket()
        if self._work:
            self._application.scheduler.start()

    def stop(self) -> None:
        """No new requests first; the application then finishes what it has begun."""
        if self._server is not None and self._thread is not None:
            self._stop_serving(self._server, self._thread)
        if self._socket is not None:
            self._socket.stop()

    def _stop_serving(self, server: Any, thread: threading.Thread) -> None:
        """Stop listening, answer what has arrived, then cut the connections that wait for a next request.

        waitress's own close() leaves its workers and open connections behind, and its sockets may be
        touched in its own thread only (waitress, source of server.py and trigger.py).
        """
        from waitress import wasyncore

        server.trigger.pull_trigger(lambda: wasyncore.dispatcher.close(server))
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=_PATIENCE)
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(timeout=_PATIENCE)

    def _open_socket(self) -> None:
        from handlers.socket import Socket

        self._socket = Socket(self._application.services)
        self._socket.start()

    def _serve(self, host: str, port: int) -> None:
        from waitress.server import create_server

        from bot import web

        app = web.build(self._application.services)
        self._server = create_server(
            app, host=host, port=port, threads=16, clear_untrusted_proxy_headers=True
        )
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)
        self._thread.start()
