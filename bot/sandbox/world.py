"""The sandbox's Meta as a world: ad accounts that deliver, sell and change as time passes.

Pure given its time: the same moment asked twice gives the same answer, a later moment never shows fewer
impressions for a day than an earlier one, and jumping a week ahead costs nothing.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.sandbox import story
from bot.sandbox.world_book import Book
from bot.sandbox.world_build import HISTORY_DAYS, Builder, Cast, past_changes
from bot.sandbox.world_delivery import reach_of
from bot.sandbox.world_figures import DetailedFigures, FigureSource, PooledFigures
from bot.sandbox.world_large import build_large
from bot.sandbox.world_names import AMERICA, INDIA
from bot.sandbox.world_objects import Account, Ad, Figures, Profile
from bot.sandbox.world_sharing import Delivery
from bot.sandbox.world_status import Change, StatusLog

# Marketing API, Insights: "insights are refreshed every 15 minutes".
REFRESH_SECONDS = 900


class World(Book):
    """Accounts with everything in them; asked through a moment, changed as in Ads Manager.

    The changes a test may want: `set_status`, `rename`, `set_budget`, `swap`, `decide` and `reject_next`
    for Meta's review, `effect_next` for how good the next creative is. `reviews.minutes` is how long
    a review takes by the world's clock.
    """

    def __init__(
        self,
        start: datetime,
        cast: Cast,
        delivery: Delivery,
        *,
        source: FigureSource,
        events: tuple[story.Event, ...] = (),
    ) -> None:
        super().__init__(cast, delivery)
        self.start = start
        self.story = events
        self._source = source

    @classmethod
    def demo(cls, now: datetime, seed: int = 7) -> "World":
        """Two accounts, about 40 ads in rupees and 8 in dollars, 28 days of history and the story."""
        builder = Builder(now, seed)
        builder.account(INDIA)
        builder.account(AMERICA)
        log = StatusLog()
        past_changes(builder.cast, now, log)
        _review_changes(builder.cast, now, log)
        delivery = Delivery(log)
        source = DetailedFigures(now, seed, delivery, story.DEMO)
        return cls(now, builder.cast, delivery, source=source, events=story.DEMO)

    @classmethod
    def large(
        cls, now: datetime, *, campaigns: int = 500, ads: int = 5000, adsets: int = 1000, seed: int = 7
    ) -> "World":
        """One account of a given size whose figures come from a hash, for measuring."""
        cast = build_large(now, campaigns=campaigns, ads=ads, adsets=adsets, seed=seed)
        delivery = Delivery(StatusLog())
        return cls(now, cast, delivery, source=PooledFigures(now, seed, delivery))

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

    def worn(self, ad: Ad, at: datetime) -> float:
        """What is left of the ad's fresh click rate, from 1 down; 1 again for a creative swapped in."""
        if self.creative(ad, at) is not ad.creative:
            return 1.0
        days = (self.today(ad.account, at) - self.today(ad.account, self.start)).days
        return story.tiredness(story.tells_of(self.story, ad.key), days)

    def _profile(self, siblings: Sequence[Ad]) -> Profile:
        """An added ad takes after the sibling that tires, as that one was when it was fresh."""
        for ad in siblings:
            if any(event.kind is story.Kind.TIRES for event in story.tells_of(self.story, ad.key)):
                return ad.profile
        return super()._profile(siblings)


def refreshed(at: datetime) -> float:
    """The last quarter of an hour: figures stand still in between."""
    moment = at.timestamp()
    return moment - moment % REFRESH_SECONDS


def _review_changes(cast: Cast, start: datetime, log: StatusLog) -> None:
    for event in story.DEMO:
        for ad in cast.ads:
            if event.kind is story.Kind.REVIEW and event.touches(ad.key):
                at = (start + event.begins).timestamp()
                log.add(ad.id, Change(at, "review", event.status, "review", event.feedback))
