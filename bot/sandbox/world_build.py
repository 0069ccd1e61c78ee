"""Builds the demo's objects from their plans; the same seed and start give the same objects."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.world_objects import Account, Ad, AdSet, Campaign, Creative, Profile, Thing
from bot.sandbox.world_plans import AccountPlan, AdPlan, CampaignPlan, SetPlan
from bot.sandbox.world_random import Stream, between, bits
from bot.sandbox.world_status import Change, StatusLog

HISTORY_DAYS = 28
# Older than the history, so that the first day is as full as the others.
_BORN = timedelta(days=HISTORY_DAYS + 7)

# (key, days after the start, status): what the history already did to some objects.
_PAST = (
    ("in.serum.lookalike.unbox", -9, "PAUSED"),
    ("in.nightoil.test", -4, "PAUSED"),
    ("us.winback.lapsed.gift", -3, "PAUSED"),
)
_LATE_BORN = {"in.nightoil.lookalike.before": 3, "in.bestsellers.students": 6}


@dataclass(slots=True)
class Cast:
    """Every object by kind, in the order the API lists them."""

    accounts: list[Account] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    adsets: list[AdSet] = field(default_factory=list)
    ads: list[Ad] = field(default_factory=list)
    creatives: list[Creative] = field(default_factory=list)

    def everything(self) -> list[Thing]:
        """All objects."""
        return [*self.accounts, *self.campaigns, *self.adsets, *self.ads, *self.creatives]


class Builder:
    """Makes objects with ids that look like Meta's; one builder per world."""

    def __init__(self, start: datetime, seed: int) -> None:
        self.start = start
        self.seed = seed
        self.cast = Cast()

    def number(self, *keys: int, digits: int, prefix: str) -> str:
        """An id with this prefix and so many digits, always the same for the same keys."""
        room = digits - len(prefix)
        return prefix + str(bits(self.seed, Stream.OBJECT_ID, *keys) % 10**room).zfill(room)

    def account(self, plan: AccountPlan) -> Account:
        """An account and everything in it."""
        account = Account(
            id=self.number(0, plan.number, digits=15, prefix="7"),
            key=plan.key,
            name=plan.name,
            currency=plan.currency,
            zone=ZoneInfo(plan.zone),
            business_id=self.number(1, plan.number, digits=15, prefix="3"),
            business_name=plan.business,
            created_at=self.start - timedelta(days=700),
            evenings=plan.evenings,
        )
        self.cast.accounts.append(account)
        for campaign in plan.campaigns:
            self._campaign(account, plan, campaign)
        return account

    def _campaign(self, account: Account, prices: AccountPlan, plan: CampaignPlan) -> None:
        born = self.start - _BORN
        campaign = Campaign(
            self._serial("12021", 2),
            plan.key,
            account,
            plan.name,
            "OUTCOME_SALES",
            plan.budget_minor,
            born,
        )
        self.cast.campaigns.append(campaign)
        for adset in plan.adsets:
            self._adset(campaign, prices, plan, adset)

    def _adset(self, campaign: Campaign, prices: AccountPlan, plan: CampaignPlan, part: SetPlan) -> None:
        key = f"{plan.key}.{part.key}"
        adset = AdSet(
            id=self._serial("12021", 3),
            key=key,
            campaign=campaign,
            name=part.name,
            daily_budget_minor=0 if plan.budget_minor else 900_000,
            # A campaign with its own store has its own pixel: this is what lets tracking break for it alone.
            pixel_id=self.number(4, len(plan.link), digits=15, prefix="5"),
            created_at=self._born(key),
            click_days=part.click_days,
            view_days=1 if part.click_days > 1 else 0,
        )
        self.cast.adsets.append(adset)
        for ad in part.ads:
            self._ad(adset, prices, (plan, part), ad)

    def _ad(
        self, adset: AdSet, prices: AccountPlan, plans: tuple[CampaignPlan, SetPlan], part: AdPlan
    ) -> None:
        plan, parent = plans
        key = f"{adset.key}.{part.key}"
        born = self._born(key)
        creative = Creative(
            id=self._serial("12022", 5),
            key=key,
            account=adset.account,
            name=part.name,
            title=part.title,
            body=f"{part.title}. Order today on {plan.link.split('/')[2]}.",
            link=plan.link,
            video=part.video,
            created_at=born,
            form=part.form or ("carousel" if part.name.startswith("Carousel") else "single"),
        )
        index = len(self.cast.ads)
        profile = profile_of(prices, index, self.seed, crowd=plan.crowd).busy(parent.volume)
        self.cast.creatives.append(creative)
        self.cast.ads.append(
            Ad(self._serial("12021", 6), key, index, adset, creative, part.name, profile, born)
        )

    def _serial(self, prefix: str, kind: int) -> str:
        count = len(self.cast.everything())
        return self.number(kind, count, digits=14, prefix=prefix) + str(count).zfill(4)

    def _born(self, key: str) -> datetime:
        for known, days in _LATE_BORN.items():
            if key == known or key.startswith(known + "."):
                return self.start - timedelta(days=days)
        return self.start - _BORN


def profile_of(prices: AccountPlan, index: int, seed: int, *, crowd: tuple[float, float]) -> Profile:
    """An ordinary ad of an account with these prices."""

    def draw(which: int, bounds: tuple[float, float]) -> float:
        return between(*bounds, seed, Stream.PROFILE, index, which)

    impressions, cpm, ctr = draw(0, prices.impressions), draw(1, prices.cpm), draw(2, prices.link_ctr)
    cost_per_click = cpm / 1000 / ctr
    return Profile(
        impressions=impressions,
        cpm_minor=cpm,
        link_ctr=ctr,
        conversion_rate=cost_per_click / draw(3, prices.cost_per_purchase),
        order_minor=draw(4, prices.order_value),
        audience=impressions * draw(5, crowd),
    )


def past_changes(cast: Cast, start: datetime, log: StatusLog) -> None:
    """Write into the log what happened before the start."""
    things: list[Campaign | AdSet | Ad] = [*cast.campaigns, *cast.adsets, *cast.ads]
    keys = {thing.key: thing for thing in things}
    for key, days, status in _PAST:
        thing = keys.get(key)
        if thing is not None:
            at = (start + timedelta(days=days)).timestamp()
            log.add(thing.id, Change(at, "status", status))
