"""What stories about tired ads share: the two warnings, the way to variations, to live, and what Meta got."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.domain.creatives import CreativeContent, Format
from bot.domain.ids import ObjectId, UserId
from bot.domain.proposals import Proposal
from bot.domain.replacement import Replacement
from bot.meta import creatives
from bot.sandbox.graph_ledger import Entry
from bot.sandbox.slack_message import Message
from bot.sandbox.world_objects import Ad
from tests.scenario.stage import CEDAR, WILLOW, Morning, Place, StandIns
from tests.talk import OUTSIDER, OWNER, Bot, Somebody

TIRED = "Creative is tired"
# Primary text, headline and description (Marketing API, Ad Creative Link Data and Ad Creative Video Data).
NAMES = {
    Format.IMAGE: ("message", "name", "description"),
    Format.VIDEO: ("message", "title", "link_description"),
}
TIRED_AD = {CEDAR: "in.serum.broad.glow", WILLOW: "us.coldbrew.broad.pack"}
CHIEF = {CEDAR: OWNER, WILLOW: OUTSIDER}
REVIEW_MINUTES = 4


class Furnished(StandIns):
    """The stand-ins, with settings of one's own for the bot."""

    def __init__(self, **settings: str) -> None:
        super().__init__()
        self.settings = settings
        self.world.reviews.minutes = REVIEW_MINUTES

    def environment(self, database_url: str) -> dict[str, str]:
        """The usual settings and the others."""
        return {**super().environment(database_url), **self.settings}


@contextmanager
def awake(morning: Morning, database: Path, **settings: str) -> Iterator[Bot]:
    """A bot in the morning after its first reading, set up in a way of its own."""
    stand_ins = Furnished(**settings)
    morning.again(database, stand_ins)
    bot = Bot(stand_ins, f"sqlite:///{database}", installed=True)
    try:
        yield bot
    finally:
        bot.close()
        stand_ins.stop()


def tired(bot: Bot, place: Place = CEDAR) -> Ad:
    """The ad that a place is warned of."""
    found = bot.world.by_key(TIRED_AD[place])
    assert isinstance(found, Ad)
    return found


def suggested(bot: Bot, place: Place = CEDAR, by: Somebody | None = None) -> tuple[Message, Message]:
    """Somebody asks for variations: the warning, and the card in its thread."""
    warning = bot.alert(TIRED, place)
    assert bot.click("Suggest variations", warning, by or CHIEF[place]) == ""
    bot.settles()
    return warning, bot.card(warning)


def approves(bot: Bot, card: Message, n: int = 1, by: Somebody = OWNER, *, stale: bool = False) -> str:
    """Somebody presses Approve and confirms it; what they are told."""
    return bot.click(f"Approve {n}", card if stale else bot.now(card), by, confirmed=True, stale=stale)


def live(bot: Bot, place: Place = CEDAR) -> Replacement:
    """Time goes by until what was approved delivers."""
    for minutes in (*[5] * 6, *[60] * 6):  # at night few people see a new ad
        bot.passes(minutes=minutes, step=minutes)
        found = replacement(bot, place)
        if not found.state.moving:
            return found
    raise AssertionError(f"It does not get live: {replacement(bot, place)}")


def jumps(bot: Bot, *, days: int = 0, hours: int = 0) -> None:
    """Time goes by at once; what is due at its end is done."""
    bot.stands_still(hours=24 * days + hours)
    bot.settles()
    bot.services.followups.judge()  # what was read in the same round of jobs
    bot.services.delivery.deliver()


def proposal(bot: Bot, place: Place = CEDAR) -> Proposal:
    """The newest variations of a place, as they are stored."""
    with bot.application.db.read(place.id) as tx:
        found = tx.proposals.since(bot.clock.now() - timedelta(days=30))
    assert found, "nobody asked for variations"
    return max(found, key=lambda one: one.requested_at)


def replacement(bot: Bot, place: Place = CEDAR) -> Replacement:
    """What became of the newest variations of a place."""
    return bot.services.approvals.replacement_of(place.id, proposal(bot, place).id)


def replaced(bot: Bot, place: Place = CEDAR) -> bool:
    """Whether anything was approved for good there."""
    with bot.application.db.read(place.id) as tx:
        return bool(tx.replacements.since(bot.clock.now() - timedelta(days=30)))


def short(bot: Bot, place: Place = CEDAR) -> str:
    """The id that people type."""
    return proposal(bot, place).id.replace("-", "")[:8]


def status(bot: Bot, ad: Ad) -> str:
    """What an ad is set to at Meta."""
    return bot.world.log.configured(ad, bot.clock.now().timestamp())


def new_ad(bot: Bot) -> Ad:
    """The one ad that was made."""
    (made,) = bot.graph.ledger.created("ads")
    found = bot.world.find(made.made)
    assert isinstance(found, Ad)
    return found


def writes(bot: Bot, place: Place | None = None) -> list[Entry]:
    """What Meta was asked to change, in order."""
    return [one for one in bot.graph.ledger.writes() if place is None or one.token == place.channel]


@dataclass(frozen=True)
class Sent:
    """What Meta received for one replacement, and the creative that it was made from."""

    creative: Entry
    ad: Entry
    original: CreativeContent

    @property
    def spec(self) -> dict[str, Any]:
        """The object_story_spec that was sent."""
        found: dict[str, Any] = json.loads(self.creative.params["object_story_spec"])
        return found

    @property
    def words(self) -> list[str]:
        """Primary text, headline and description in it."""
        return [data_of(self.spec).get(name, "") for name in NAMES[self.original.format]]

    @property
    def kept(self) -> dict[str, Any]:
        """Everything in it that is not words, nor the picture."""
        return _without(self.spec, NAMES[self.original.format])

    @property
    def original_kept(self) -> dict[str, Any]:
        """The same of the creative that it was made from."""
        return _without(json.loads(self.original.story_spec), NAMES[self.original.format])

    def digest(self, bot: Bot, place: Place, picture: bytes = b"") -> str:
        """What an approval of exactly this is bound to, worked out from what was sent and nothing else."""
        old = tired(bot, place)
        shown = {
            "workspace": place.id,
            "account": self.creative.path.split("/")[2],
            "mode": "beside",
            "ad": [old.id, self.ad.params["adset_id"], old.creative.id, "ACTIVE"],
            "story": self.original.story_spec,
            "url_tags": self.creative.params["url_tags"],
            "words": self.words,
            "picture": sha256(picture).hexdigest() if picture else "",
        }
        text = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return sha256(text.encode()).hexdigest()


def sent(bot: Bot, place: Place) -> Sent:
    """What the one creative and the one ad of a place were made from."""
    (creative,) = [one for one in bot.graph.ledger.created("adcreatives") if one.token == place.channel]
    (ad,) = [one for one in bot.graph.ledger.created("ads") if one.token == place.channel]
    with bot.services.connections.client(place.id, "main") as client:
        original = creatives.content(client, ObjectId(tired(bot, place).creative.id))
    return Sent(creative, ad, original)


def data_of(spec: dict[str, Any]) -> dict[str, Any]:
    """The part of an object_story_spec that holds the words."""
    found: dict[str, Any] = spec.get("video_data") or spec["link_data"]
    return found


def _without(spec: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    data = data_of(spec)
    for name in (*names, "image_hash"):
        data.pop(name, None)
    return spec


def names_approvers(bot: Bot, *people: Somebody) -> None:
    """The owner names people who may change ads."""
    known = bot.services.workspaces.get(CEDAR.id)
    assert known is not None
    roles = replace(known.roles, approvers=frozenset(UserId(one.id) for one in people))
    bot.services.workspaces.install(
        CEDAR.id, known.name, known.bot_user_id, bot_token=CEDAR.bot_token, roles=roles
    )


def audited(bot: Bot, object_id: str, place: Place = CEDAR) -> list[tuple[str, str]]:
    """Who did what to a thing, in order."""
    with bot.application.db.read(place.id) as tx:
        return [(who, what) for _at, who, what in tx.audit.of(place.id, object_id)]


def broken_jobs(bot: Bot) -> list[str]:
    """Jobs that ended in an error of the program."""
    text = bot.services.metrics.text()
    return [line for line in text.splitlines() if "job_runs_total" in line and 'outcome="failed"' in line]
