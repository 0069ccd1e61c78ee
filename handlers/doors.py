"""What Slack reaches: the Bolt app behind HTTP, and its socket."""

from bot.clock import Clock, SystemClock
from bot.errors import ConfigurationFault
from bot.services.bundle import Services
from handlers import bolt, routing
from handlers.socket import Socket
from handlers.verification import fault
from storage.inbox import Request


class Doors:
    """Made once for a process; opens nothing by itself."""

    def __init__(self, services: Services, *, machine_clock: Clock | None = None) -> None:
        self._services = services
        # Slack stamps requests with real time, also where the demo has moved its own clock ahead.
        self._machine_clock = machine_clock or SystemClock()
        self._router = routing.router(services)
        self.app = bolt.build(services)
        self._socket: Socket | None = None

    def handle(self, request: Request) -> str:
        """Deal with a request that was kept; what the inbox calls."""
        return self._router.handle(request)

    def fault_of(self, headers: dict[str, str], body: bytes) -> str | None:
        """Why a request over HTTP is not taken; None when it is Slack's."""
        secret = self._services.settings.slack_signing_secret
        if secret is None:
            return "no_signing_secret"
        now = self._machine_clock.now().timestamp()
        return fault(headers, body, secret=secret.reveal(), now=now)

    def open_socket(self) -> None:
        """Let requests arrive by socket."""
        token = self._services.settings.slack_app_token
        if token is None:
            raise ConfigurationFault(["SLACK_APP_TOKEN is needed for Socket Mode."])
        if self._socket is None:
            socket = Socket(self.app, token.reveal(), self._services.settings.slack_api_url)
            socket.start()
            self._socket = socket

    @property
    def socket_connected(self) -> bool:
        """Whether the socket is open."""
        return self._socket is not None and self._socket.connected

    def close_socket(self) -> None:
        """Let no more requests arrive by socket."""
        if self._socket is not None:
            self._socket.stop()
            self._socket = None

    def stop(self) -> None:
        """Close what was opened."""
        self.close_socket()
