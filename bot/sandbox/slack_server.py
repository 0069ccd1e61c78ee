"""The HTTP server under the stand-in: starts on a free port, stops without leaving threads or sockets."""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from bot.errors import ConfigurationFault


class _Quiet(WSGIRequestHandler):
    """No request log: the stand-in keeps a ledger of its own."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """A peer that goes away is part of the game."""


class _Server(ThreadedWSGIServer):
    """Remembers open connections, so that stopping can end those that wait for a next request."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, host: str, port: int, app: Callable[..., Any]) -> None:
        self.open: set[socket.socket] = set()
        super().__init__(host, port, app, handler=_Quiet)

    def server_bind(self) -> None:
        """Take the port; werkzeug would print advice of its own and end the process where it is taken."""
        try:
            super().server_bind()
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            raise ConfigurationFault([f"Port {self.port} cannot be used: {why}."]) from None

    def process_request(self, request: Any, client_address: Any) -> None:
        """Note the connection, then serve it in its own thread."""
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """The connection is over."""
        self.open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Cut what is open, so that waiting for the threads ends; the serving loop calls this last."""
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections cut by stop() are expected; anything else is logged with its traceback."""
        logging.getLogger(__name__).debug("connection ended early", exc_info=True)


class Service:
    """A WSGI application on a port of its own."""

    def __init__(self, app: Callable[..., Any], port: int) -> None:
        self._server = _Server("127.0.0.1", port, app)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._serve, name="stand-in-slack")
        self._thread.start()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Stop accepting, cut what is open, and wait for every thread."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
