"""A stand-in Graph with two accounts, and one approved replacement that real services carry out.

Time stands still while something is carried out and jumps to the next moment at which something is due,
so that a week at Meta takes a second here.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from bot.app import Application, build
from bot.clock import SettableClock
from bot.config import Settings
from bot.domain.access import Person, Role, Roles
from bot.domain.creatives import Copy
from bot.domain.guardrails import Limits
from bot.domain.ids import AccountId, AlertId, Level, ObjectId, UserId, WorkspaceId
from bot.domain.proposals import Mode, fingerprint
from bot.domain.replacement import Replacement, ReplacementState, new_name, plan
from bot.domain.structure import EntityRef
from bot.meta import creatives, new_ads
from bot.sandbox.graph_access import Access
from bot.sandbox.graph_api import GraphStandIn
from bot.sandbox.world import World
from bot.sandbox.world_objects import Ad
from bot.services.connections import Wish
from bot.services.replacements import STUCK, ReplacementService
from storage.repositories import Repositories

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
APP_ID, APP_SECRET = "100000000000001", "sandbox-app-secret-0001"
SEALING_KEY = "c2VhbGluZy1rZXktb2YtdGhlLXNjZW5hcmlvLXRlc3Q="
CEDAR, WILLOW = WorkspaceId("T0CEDAR001"), WorkspaceId("T0WILLOW02")
TOKENS = {CEDAR: "EAASandboxCedar0001", WILLOW: "EAASandboxWillow0002"}
OWNER = Person(CEDAR, UserId("U0OWNER001"), Role.OWNER)
OUTSIDER = Person(WILLOW, UserId("U0OUTSIDER"), Role.OWNER)
COPY = Copy("Skin that drinks it in — ₹499 today", "Two drops, done", "Ships tomorrow")
SOMEBODY = "Somebody at Meta"
IDS = ("6f9619ff-8b86-4d01-b42d-00c04fc964ff", "7a0719ff-8b86-4d01-b42d-00c04fc964ff")


class Process:
    """One process of the bot: the whole program on a database; `service` is what a test drives."""

    def __init__(self, lab: "Lab", *, connections: Any = None, limits: Limits | None = None) -> None:
        self.application: Application = build(lab.settings, lab.clock, sleep=lambda _: None, pace=0.0)
        services = self.application.services
        self.db = self.application.db
        self.connections = services.connections
        self.service = ReplacementService(
            self.db,
            lab.clock,
            connections=connections(services.connections) if connections else services.connections,
            new_id=lab.new_id,
            metrics=services.metrics,
            limits=limits or Limits(),
            changed=lab.changed,
        )

    def close(self) -> None:
        """End it."""
        self.application.close()


@dataclass
class Lab:
    """The world outside, and the bot's database."""

    database: Path
    clock: SettableClock = field(default_factory=lambda: SettableClock(START))
    events: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world = World.demo(START)
        self.world.reviews.minutes = 4
        tokens = {
            token: Access(owner, frozenset([account.id]))
            for (owner, token), account in zip(TOKENS.items(), self.world.accounts, strict=True)
        }
        self.graph = GraphStandIn(self.world, self.clock, app_id=APP_ID, app_secret=APP_SECRET, tokens=tokens)
        self.url = self.graph.start()
        self._ads = _running(self.world)
        self._ids = 0
        self.process = Process.__new__(Process)

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a process."""
        return {
            "SLACK_API_URL": "http://127.0.0.1:9/api/",
            "META_GRAPH_URL": self.url,
            "META_APP_ID": APP_ID,
            "META_APP_SECRET": APP_SECRET,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SPRUCE_ENCRYPTION_KEYS": f"k1:{SEALING_KEY}",
        }

    @property
    def settings(self) -> Settings:
        """The same, read."""
        return Settings.from_env(self.environment)

    def starts(self, **options: Any) -> Process:
        """A process begins; the one before must have ended."""
        self.process = Process(self, **options)
        return self.process

    def restarts(self, **options: Any) -> Process:
        """What was left of the process goes, and a new one begins on the same database."""
        self.process.close()
        return self.starts(**options)

    def close(self) -> None:
        """End everything."""
        self.process.close()
        self.graph.stop()

    def new_id(self) -> str:
        """Ids in order."""
        self._ids += 1
        return f"id-{self._ids}"

    def changed(self, _tx: Repositories, replacement: Replacement, event: str) -> None:
        """What people are told."""
        self.events.append((replacement.id, event))

    def account(self, owner: WorkspaceId = CEDAR) -> AccountId:
        """A workspace's ad account."""
        return AccountId(self.world.accounts[list(TOKENS).index(owner)].node_id)

    def ad(self, place: int = 0) -> Ad:
        """A running ad with one picture; each place is in an ad set of its own."""
        return self._ads[place]

    def connect(self) -> None:
        """Both workspaces watch an account of their own; to be done once, on an empty database."""
        services = self.process.application.services
        for owner, token in TOKENS.items():
            roles = Roles(owners=frozenset([OWNER.user_id]), everyone=Role.MEMBER)
            services.workspaces.install(owner, owner, "U0SPRUCE01", bot_token="xoxb-1", roles=roles)
            services.connections.connect(owner, "main", token, [Wish(self.account(owner), None)])

    def approved(
        self,
        mode: Mode = Mode.BESIDE,
        *,
        picture: bool = False,
        ad: Ad | None = None,
        replacement_id: str = IDS[0],
    ) -> Replacement:
        """A replacement as an approval leaves it."""
        ad, data = ad or self.ad(), png()
        with self.process.connections.client(CEDAR, "main") as client:
            state = new_ads.ad_state(client, ObjectId(ad.id))
            original = creatives.content(client, state.seen.creative_id)
        now = self.clock.now()
        day = now.strftime("%Y%m%d")
        made = Replacement(
            id=replacement_id,
            workspace_id=CEDAR,
            account_id=self.account(),
            proposal_id=f"p-{replacement_id}",
            alert_id=AlertId("alert-1"),
            entity=EntityRef(Level.AD, ObjectId(ad.id), state.seen.name),
            mode=mode,
            state=ReplacementState.QUEUED,
            version=1,
            digest="",
            seen=state.seen,
            original=original,
            copy=COPY,
            picture=sha256(data).hexdigest() if picture else "",
            angle="Result first",
            name=new_name(state.seen.name, "Result first", day, replacement_id, ObjectId(ad.id)),
            approved_by=(OWNER.user_id,),
            approved_at=now,
            steps=plan(mode, picture=picture),
            next_at=now,
        )
        made = replace(made, digest=fingerprint(made))
        with self.process.db.workspace(CEDAR) as tx:
            if picture:
                tx.pictures.put(made.picture, data, "image/png", 400, 400, now)
            assert tx.replacements.add(made)
        return made

    def replacement(self, replacement_id: str = IDS[0]) -> Replacement:
        """As it stands in the database."""
        with self.process.db.read(CEDAR) as tx:
            found = tx.replacements.get(replacement_id)
        assert found is not None
        return found

    def carries_on(self, until: Callable[[Replacement], bool] | None = None) -> Replacement:
        """Whatever is due is done, time jumping ahead, until the replacement rests (or `until` holds)."""
        for _ in range(120):
            now = self.replacement()
            if not now.state.moving or (until and until(now)):
                return now
            self._jump(now)
            self.process.service.carry_out()
        raise AssertionError(f"It never comes to rest: {self.replacement()}")

    def _jump(self, now: Replacement) -> None:
        due = [self.clock.now()]
        if now.next_at is not None:
            due.append(now.next_at)
        if now.claimed_at is not None:
            due.append(now.claimed_at + STUCK + timedelta(seconds=1))
        self.clock.set(max(due))

    def new_ad(self) -> Ad | None:
        """The ad that the replacement made."""
        made = self.graph.ledger.created("ads")
        found = self.world.find(made[0].made) if made else None
        assert found is None or isinstance(found, Ad)
        return found

    def status(self, ad: Ad) -> str:
        """What an ad really does now."""
        return self.world.log.effective(ad, self.clock.now().timestamp())

    def configured(self, ad: Ad) -> str:
        """What an ad is set to now."""
        return self.world.log.configured(ad, self.clock.now().timestamp())


def _running(world: World) -> list[Ad]:
    found: dict[str, Ad] = {}
    for ad in world.ads_of(world.accounts[0]):
        runs = world.log.effective(ad, START.timestamp()) == "ACTIVE"
        if runs and not ad.creative.video and ad.creative.form == "single":
            found.setdefault(ad.adset.id, ad)
    return list(found.values())


def png(colour: str = "red") -> bytes:
    """A small picture."""
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (400, 400), colour).save(out, "PNG")
    return out.getvalue()


def prepared(template: Path, kept: Path) -> Path:
    """A database in which both workspaces watch their accounts, to be copied for each test."""
    shutil.copyfile(template, kept)
    lab = Lab(kept)
    lab.starts()
    lab.connect()
    lab.close()
    return kept
