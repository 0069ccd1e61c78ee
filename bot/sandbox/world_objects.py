"""What the sandbox's Meta holds: accounts, campaigns, ad sets, creatives, ads, and one day's figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import add
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """An ad account; `id` is the bare number, without `act_`."""

    id: str
    key: str
    name: str
    currency: str
    zone: ZoneInfo
    business_id: str
    business_name: str
    created_at: datetime
    evenings: bool = True  # delivery peaks late in the evening, as in India

    @property
    def node_id(self) -> str:
        """The id as the Graph API writes it."""
        return f"act_{self.id}"


@dataclass(frozen=True, slots=True, eq=False)
class Campaign:
    """A campaign; a budget of 0 means that the ad sets hold it."""

    id: str
    key: str
    account: Account
    name: str
    objective: str
    daily_budget_minor: int
    created_at: datetime


@dataclass(frozen=True, slots=True, eq=False)
class AdSet:
    """An ad set with its attribution setting and the pixel it optimises for."""

    id: str
    key: str
    campaign: Campaign
    name: str
    daily_budget_minor: int
    pixel_id: str
    created_at: datetime
    click_days: int = 7
    view_days: int = 1

    @property
    def account(self) -> Account:
        """The account this belongs to."""
        return self.campaign.account


@dataclass(frozen=True, slots=True, eq=False)
class Creative:
    """What people see; `video` says whether it plays.

    `form` is single, carousel, template (a catalogue's) or feed (an asset feed). `content` holds what it
    was created with through the API; it is empty for what was there before.
    """

    id: str
    key: str
    account: Account
    name: str
    title: str
    body: str
    link: str
    video: bool
    created_at: datetime
    form: str = "single"
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """What an ordinary day of an ad looks like."""

    impressions: float
    cpm_minor: float
    link_ctr: float
    conversion_rate: float
    order_minor: float
    audience: float

    def busy(self, by: float) -> "Profile":
        """The same ad with more or less delivery."""
        return replace(self, impressions=self.impressions * by, audience=self.audience * by)


@dataclass(frozen=True, slots=True, eq=False)
class Ad:
    """An ad; `index` keys its random streams."""

    id: str
    key: str
    index: int
    adset: AdSet
    creative: Creative
    name: str
    profile: Profile
    created_at: datetime

    @property
    def campaign(self) -> Campaign:
        """The campaign this belongs to."""
        return self.adset.campaign

    @property
    def account(self) -> Account:
        """The account this belongs to."""
        return self.adset.campaign.account


@dataclass(frozen=True, slots=True, eq=False)
class Business:
    """The business behind an account."""

    id: str
    account: Account
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """A word that people and programs hang on objects of an account."""

    id: str
    account: Account
    name: str
    created_at: datetime


class Cell(NamedTuple):
    """One side of a study: its share in per cent and the ads it shows."""

    id: str
    name: str
    percentage: float
    ads: tuple[Ad, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """A split test between ads; the end it was given first, which may be brought forward."""

    id: str
    account: Account
    name: str
    type: str
    begins: float
    ends: float
    cells: tuple[Cell, ...]
    created_at: datetime
    content: Mapping[str, Any] = field(default_factory=dict)


Thing = Account | Campaign | AdSet | Ad | Creative | Business | Label | Study


class Figures(NamedTuple):
    """What was counted in some time; purchases and their value by how they are attributed.

    The five kinds are: click on the same day, click within 7 days, click within 28 days, view within a
    day, engaged view within a day. Each purchase is in exactly one of them.
    """

    impressions: int = 0
    spend_minor: int = 0
    clicks: int = 0
    link_clicks: int = 0
    landing_views: int = 0
    carts: int = 0
    checkouts: int = 0
    reactions: int = 0
    comments: int = 0
    shares: int = 0
    video_starts: int = 0
    video_3s: int = 0
    thruplays: int = 0
    buy_click_1d: int = 0
    buy_click_7d: int = 0
    buy_click_28d: int = 0
    buy_view_1d: int = 0
    buy_engaged_1d: int = 0
    value_click_1d: int = 0
    value_click_7d: int = 0
    value_click_28d: int = 0
    value_view_1d: int = 0
    value_engaged_1d: int = 0

    def plus(self, other: "Figures") -> "Figures":
        """Both together; reach is not among the figures because it does not add up."""
        return Figures(*map(add, self, other))

    def scaled(self, by: float) -> "Figures":
        """The same mixture with every count multiplied and rounded down."""
        return Figures(*(int(count * by) for count in self))


NOTHING = Figures()
