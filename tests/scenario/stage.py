"""The stand-ins with two workspaces and two ad accounts, and the real bot built upon them."""

import copy
import shutil
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from werkzeug.serving import make_server

from bot import web
from bot.app import Application, build
from bot.clock import SettableClock
from bot.config import Settings
from bot.domain.access import Role, Roles
from bot.domain.ids import AccountId, ChannelId, UserId, WorkspaceId
from bot.sandbox import story
from bot.sandbox.graph_access import Access
from bot.sandbox.graph_api import GraphStandIn
from bot.sandbox.slack_api import SlackStandIn
from bot.sandbox.slack_state import Workspace
from bot.sandbox.world import World
from bot.sandbox.world_objects import Ad
from bot.sandbox.world_status import Change
from bot.services.connections import Wish
from handlers.socket import Socket

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # half past eleven in India
APP_ID, APP_SECRET = "100000000000001", "sandbox-app-secret-0001"
SIGNING_SECRET = "sandbox-signing-secret"
APP_TOKEN = "xapp-1-A0SPRUCE01-sandbox"
SEALING_KEY = "c2VhbGluZy1rZXktb2YtdGhlLXNjZW5hcmlvLXRlc3Q="


@dataclass(frozen=True, eq=False)
class Place:
    """A workspace with its own owner, channel, ad account and tokens."""

    id: WorkspaceId
    owner: UserId
    channel: str
    channel_id: ChannelId
    account: int  # which of the world's accounts
    meta_token: str
    bot_token: str
    targets: dict[str, str] = field(hash=False)  # as SPRUCE_TARGETS writes them


CEDAR = Place(
    id=WorkspaceId("T0CEDAR001"),
    owner=UserId("U0OWNER001"),
    channel="#ads-alerts",
    channel_id=ChannelId("C0ADSALERT"),
    account=0,
    meta_token="EAASandboxCedar0001",
    bot_token="xoxb-sandbox-cedar",
    targets={"cost_per_purchase": str(story.TARGET_COST_PER_PURCHASE_MINOR // 100)},
)
WILLOW = Place(
    id=WorkspaceId("T0WILLOW02"),
    owner=UserId("U0OUTSIDER"),
    channel="#growth-alerts",
    channel_id=ChannelId("C0GROWTH01"),
    account=1,
    meta_token="EAASandboxWillow0002",
    bot_token="xoxb-sandbox-willow",
    targets={},
)
PLACES = (CEDAR, WILLOW)
SECRETS = (
    APP_SECRET,
    SIGNING_SECRET,
    APP_TOKEN,
    SEALING_KEY,
    *(token for place in PLACES for token in (place.meta_token, place.bot_token)),
)


class StandIns:
    """Slack, Meta and the time they share; they outlive the bot that talks to them."""

    def __init__(self) -> None:
        self.clock = SettableClock(START)
        self.world = World.demo(START)
        # How often a channel may be written to is real time at Slack; the tests' time is not.
        self.slack = SlackStandIn(self.clock, rate_limits=False)
        self.slack.state.file_seconds = 0.0  # likewise until an uploaded picture can be shown
        tokens = {
            place.meta_token: Access(place.channel, frozenset([self.world.accounts[place.account].id]))
            for place in PLACES
        }
        self.graph = GraphStandIn(self.world, self.clock, app_id=APP_ID, app_secret=APP_SECRET, tokens=tokens)
        self.rejected = {
            CEDAR: self.world.by_key("in.nightoil.lookalike.before"),
            WILLOW: self.world.ads_of(self.world.accounts[WILLOW.account])[0],
        }
        # The demo's story happens in the first account; here something is wrong in the second one too.
        self.reviews(self.rejected[WILLOW], "DISAPPROVED", at=START - timedelta(hours=6))
        self.slack.start()
        self.graph_url = self.graph.start()

    def stop(self) -> None:
        """Close every socket and thread."""
        self.slack.stop()
        self.graph.stop()

    def environment(self, database_url: str) -> dict[str, str]:
        """The settings that point the bot here."""
        return {
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "META_GRAPH_URL": self.graph_url,
            "META_APP_ID": APP_ID,
            "META_APP_SECRET": APP_SECRET,
            "DATABASE_URL": database_url,
            "SPRUCE_ENCRYPTION_KEYS": f"k1:{SEALING_KEY}",
        }

    def account(self, place: Place) -> AccountId:
        """The id of a place's ad account."""
        return AccountId(self.world.accounts[place.account].node_id)

    def reviews(self, ad: Ad, verdict: str, *, at: datetime | None = None) -> None:
        """Meta's review gives a verdict on an ad: DISAPPROVED, or ACTIVE when it is fine after all."""
        moment = (at or self.clock.now()).timestamp()
        feedback = (("Unrealistic outcomes", "Ads must not promise unlikely results."),)
        self.world.log.add(ad.id, Change(moment, "review", verdict, "review", feedback))
        self.world.revision += 1


@dataclass(frozen=True)
class Morning:
    """A bot after its first reading: its database and what is in its channels.

    Many tests begin here. To read a month of two accounts again for each of them would only take time.
    """

    database: Path
    workspaces: dict[str, Workspace]

    @classmethod
    def kept(cls, database: Path, copy_to: Path, stand_ins: StandIns) -> "Morning":
        """What there is now; the bot must have been closed."""
        shutil.copyfile(database, copy_to)
        return cls(copy_to, copy.deepcopy(stand_ins.slack.state.workspaces))

    def again(self, database: Path, stand_ins: StandIns) -> None:
        """Put it all back, one minute later."""
        shutil.copyfile(self.database, database)
        stand_ins.slack.state.workspaces = copy.deepcopy(self.workspaces)
        stand_ins.clock.advance(timedelta(minutes=1))


class Running:
    """One process of the bot, with one door open; its jobs run when a test says so."""

    def __init__(self, stand_ins: StandIns, database_url: str, door: str, *, pace: float = 0.0) -> None:
        self.application = application_on(stand_ins, database_url, pace=pace)
        self._stand_ins = stand_ins
        self._open = ExitStack()
        self._open.callback(self.application.close)
        self._listen() if door == "http" else self._connect()

    def close(self) -> None:
        """Stop as a process does: the doors first."""
        self._open.close()

    def _listen(self) -> None:
        server = make_server("127.0.0.1", 0, web.build(self.application.services), threaded=True)
        server.daemon_threads = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self._open.callback(server.server_close)
        self._open.callback(thread.join)
        self._open.callback(server.shutdown)
        self._stand_ins.slack.deliver_to(f"http://127.0.0.1:{server.server_port}/slack/events")

    def _connect(self) -> None:
        slack, socket = self._stand_ins.slack, Socket(self.application.services)
        slack.deliver_to(None)
        socket.start()
        self._open.callback(socket.stop)
        slack.wait_until(lambda: slack.sockets.connections or None)


def application_on(stand_ins: StandIns, database_url: str, *, pace: float = 0.0) -> Application:
    """The whole program, pointed at the stand-ins; it waits for nothing in real time."""
    settings = Settings.from_env(stand_ins.environment(database_url))
    return build(settings, stand_ins.clock, sleep=lambda _seconds: None, pace=pace)


def install(application: Application, stand_ins: StandIns, place: Place) -> None:
    """Set up a workspace and its ad account: one owner, everybody else a member."""
    spec = stand_ins.slack.workspace(place.id).spec
    roles = Roles(owners=frozenset([place.owner]), everyone=Role.MEMBER)
    services = application.services
    services.workspaces.install(place.id, spec.name, spec.bot_user_id, bot_token=place.bot_token, roles=roles)
    wish = Wish(stand_ins.account(place), place.channel_id, place.targets)
    services.connections.connect(place.id, "main", place.meta_token, [wish])
