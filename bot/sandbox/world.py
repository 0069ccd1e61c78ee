"""The sandbox's Meta as a world: ad accounts that deliver, sell and change as time passes.

Pure given its time: the same moment asked twice gives the same answer, a later moment never shows fewer
impressions for a day than an earlier one, and jumping a week ahead costs nothing.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.sandbox import story
from bot.sandbox.world_build import HISTORY_DAYS, Builder, Cast, past_changes
from bot.sandbox.world_delivery import reach_of
from bot.sandbox.world_figures import DetailedFigures, FigureSource, PooledFigures
from bot.sandbox.world_large import build_large
from bot.sandbox.world_names import AMERICA, INDIA
from bot.sandbox.world_objects import Account, Ad, AdSet, Campaign, Creative, Figures, Thing
from bot.sandbox.world_status import Change, StatusLog

# Marketing API, Insights: "insights are refreshed every 15 minutes".
REFRESH_SECONDS = 900


class World:
    """Accounts with everything in them; asked through a moment, changed through `set_status`."""

    def __init__(
        self,
        start: datetime,
        cast: Cast,
        log: StatusLog,
        *,
        source: FigureSource,
        events: tuple[story.Event, ...] = (),
    ) -> None:
        self.start = start
        self.accounts = tuple(cast.accounts)
        self.campaigns = tuple(cast.campaigns)
        self.adsets = tuple(cast.adsets)
        self.ads = tuple(cast.ads)
        self.creatives = tuple(cast.creatives)
        self.log = log
        self.story = events
        self.revision = 0
        self._source = source
        self._by_id: dict[str, Thing] = {thing.id: thing for thing in cast.everything()}
        self._members: dict[str, tuple[Ad, ...]] = _members(self.ads)
        self._names: dict[str, str] = {}
        self._lock = threading.Lock()

    @classmethod
    def demo(cls, now: datetime, seed: int = 7) -> "World":
        """Two accounts, about 40 ads in rupees and 8 in dollars, 28 days of history and the story."""
        builder = Builder(now, seed)
        builder.account(INDIA)
        builder.account(AMERICA)
        log = StatusLog()
        past_changes(builder.cast, now, log)
        _review_changes(builder.cast, now, log)
        source = DetailedFigures(now, seed, log, story.DEMO)
        return cls(now, builder.cast, log, source=source, events=story.DEMO)

    @classmethod
    def large(
        cls, now: datetime, *, campaigns: int = 500, ads: int = 5000, adsets: int = 1000, seed: int = 7
    ) -> "World":
        """One account of a given size whose figures come from a hash, for measuring."""
        cast = build_large(now, campaigns=campaigns, ads=ads, adsets=adsets, seed=seed)
        log = StatusLog()
        return cls(now, cast, log, source=PooledFigures(now, seed, log))

    def find(self, object_id: str) -> Thing | None:
        """The object with this id; an account also under its number without `act_`."""
        return self._by_id.get(object_id.removeprefix("act_"))

    def by_key(self, key: str) -> Thing:
        """The campaign, ad set or ad with this key of the plan (`in.serum.broad.glow`)."""
        things: Iterable[Thing] = (*self.accounts, *self.campaigns, *self.adsets, *self.ads)
        return next(thing for thing in things if thing.key == key)

    def ads_of(self, thing: Thing) -> tuple[Ad, ...]:
        """The ads in an account, campaign or ad set, or the ad itself."""
        return self._members.get(thing.id, ())

    def adsets_of(self, thing: Thing) -> list[AdSet]:
        """The ad sets in an account or campaign."""
        return [adset for adset in self.adsets if thing is adset.campaign or thing is adset.account]

    def campaigns_of(self, account: Account) -> list[Campaign]:
        """The campaigns in an account."""
        return [campaign for campaign in self.campaigns if campaign.account is account]

    def creatives_of(self, account: Account) -> list[Creative]:
        """The creatives in an account."""
        return [creative for creative in self.creatives if creative.account is account]

    def today(self, account: Account, at: datetime) -> date:
        """The account's own calendar day."""
        return at.astimezone(account.zone).date()

    def first_day(self, account: Account) -> date:
        """The first day with figures."""
        return self.today(account, self.start) - timedelta(days=HISTORY_DAYS)

    def figures(self, ad: Ad, day: date, at: datetime) -> Figures:
        """What Meta shows at that moment for an ad and a day of its account's calendar."""
        return self._source.figures(ad, day, refreshed(at))

    def reach(self, ads: Sequence[Ad], days: Sequence[date], impressions: int) -> int:
        """How many different people saw these ads in these days; ads share some of their people."""
        audience = sum(self._source.audience(ad, days) for ad in ads)
        return reach_of(impressions, audience if len(ads) == 1 else audience * 0.8)

    def name(self, thing: Thing) -> str:
        """Its present name."""
        return self._names.get(thing.id, thing.name)

    def set_status(self, thing: Thing, status: str, at: datetime, actor: str) -> None:
        """Switch an ad, ad set or campaign from that moment on."""
        with self._lock:
            self.log.add(thing.id, Change(at.timestamp(), "status", status, actor))
            self.revision += 1

    def rename(self, thing: Thing, name: str, at: datetime, actor: str) -> None:
        """Give it another name."""
        with self._lock:
            self.log.add(thing.id, Change(at.timestamp(), "name", name, actor))
            self._names[thing.id] = name
            self.revision += 1


def refreshed(at: datetime) -> float:
    """The last quarter of an hour: figures stand still in between."""
    moment = at.timestamp()
    return moment - moment % REFRESH_SECONDS


def _members(ads: Iterable[Ad]) -> dict[str, tuple[Ad, ...]]:
    found: dict[str, list[Ad]] = {}
    parents: tuple[Callable[[Ad], Thing], ...] = (
        lambda ad: ad,
        lambda ad: ad.adset,
        lambda ad: ad.campaign,
        lambda ad: ad.account,
    )
    for ad in ads:
        for parent in parents:
            found.setdefault(parent(ad).id, []).append(ad)
    return {key: tuple(value) for key, value in found.items()}


def _review_changes(cast: Cast, start: datetime, log: StatusLog) -> None:
    for event in story.DEMO:
        for ad in cast.ads:
            if event.kind is story.Kind.REVIEW and event.touches(ad.key):
                at = (start + event.begins).timestamp()
                log.add(ad.id, Change(at, "review", event.status, "review", event.feedback))
