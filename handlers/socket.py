"""Socket Mode: keeps a connection to Slack open from a process that nobody can reach from outside."""

import contextlib
import logging
import socket
import threading
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import ConfigurationFault, SlackTokenDead
from bot.log import log
from bot.services.bundle import Services
from handlers import bolt

_TIMEOUT = 10
_WAITS = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
_DEAD = (
    "account_inactive",
    "invalid_auth",
    "missing_scope",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
)


class Socket:
    """One connection; the SDK replaces it by itself when Slack asks for that or it breaks."""

    def __init__(self, services: Services, app: App | None = None) -> None:
        settings = services.settings
        if settings.slack_app_token is None:
            raise ConfigurationFault(["SLACK_APP_TOKEN is needed for Socket Mode."])
        self._app = app or bolt.build(services)
        self._app_token = settings.slack_app_token.reveal()
        self._base_url = settings.slack_api_url
        self._handler: SocketModeHandler | None = None
        self._stopping = threading.Event()
        self._trying: threading.Thread | None = None

    @property
    def connected(self) -> bool:
        """Whether requests can arrive."""
        return self._handler is not None and bool(self._handler.client.is_connected())

    def start(self) -> None:
        """Connect; where Slack cannot be reached yet, keep trying. Raises when the token is refused."""
        self._handler = self._make()
        if self._connect(self._handler):
            return
        self._trying = threading.Thread(target=self._keep_trying, name="socket-mode", daemon=True)
        self._trying.start()

    def stop(self) -> None:
        """Close the connection and wait for every thread of it."""
        self._stopping.set()
        if self._trying is not None:
            self._trying.join()
        if self._handler is not None:
            _wake(self._handler)
            self._handler.close()  # type: ignore[no-untyped-call]
            self._handler = None

    def _make(self) -> SocketModeHandler:
        client = WebClient(
            token=self._app_token, base_url=self._base_url, timeout=_TIMEOUT, retry_handlers=[]
        )
        handler = SocketModeHandler(self._app, self._app_token, web_client=client)
        if proxy_bypass(urlsplit(self._base_url).netloc):  # the SDK looks at HTTP_PROXY, not at NO_PROXY
            client.proxy = handler.client.proxy = None
        return handler

    def _connect(self, handler: SocketModeHandler) -> bool:
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code in _DEAD:
                handler.close()  # type: ignore[no-untyped-call]
                raise SlackTokenDead(f"Slack does not accept SLACK_APP_TOKEN ({code}).") from None
            log("socket.unreachable", level=logging.WARNING, reason=code[:60])
            return False
        except Exception as error:
            log("socket.unreachable", level=logging.WARNING, reason=type(error).__name__)
            return False
        return True

    def _keep_trying(self) -> None:
        tries = 0
        while self._handler is not None and not self._stopping.wait(_WAITS[min(tries, len(_WAITS) - 1)]):
            tries += 1
            try:
                if self._connect(self._handler):
                    return
            except SlackTokenDead as error:
                log("socket.refused", error.sentence, level=logging.ERROR)
                return


def _wake(handler: SocketModeHandler) -> None:
    # The SDK's threads look up every second and every 3 seconds only. An empty message wakes the one
    # that waits for messages, the end of what arrives the one that reads; an answer still goes out.
    client = handler.client
    client.auto_reconnect_enabled = False
    client.closed = client.current_session_state.terminated = True
    client.message_queue.put(None)
    open_socket = client.current_session.sock if client.current_session is not None else None
    if open_socket is not None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(open_socket, socket.SHUT_RD)
