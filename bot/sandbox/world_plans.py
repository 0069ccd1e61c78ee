"""How an account is planned before it is built."""

from typing import NamedTuple


class AdPlan(NamedTuple):
    """An ad to be: its key, its name, what people read, whether it plays, an unusual creative's form."""

    key: str
    name: str
    title: str
    video: bool = False
    form: str = ""


class SetPlan(NamedTuple):
    """An ad set to be; `click_days` is its click attribution window, `volume` its share of the usual."""

    key: str
    name: str
    ads: tuple[AdPlan, ...]
    click_days: int = 7
    volume: float = 1.0


class CampaignPlan(NamedTuple):
    """A campaign to be; `crowd` is the audience in days of its own impressions."""

    key: str
    name: str
    link: str
    budget_minor: int
    adsets: tuple[SetPlan, ...]
    crowd: tuple[float, float] = (7.0, 10.0)


class AccountPlan(NamedTuple):
    """An account to be; money in minor units of its currency."""

    key: str
    number: int
    name: str
    business: str
    currency: str
    zone: str
    evenings: bool
    cpm: tuple[float, float]
    link_ctr: tuple[float, float]
    cost_per_purchase: tuple[float, float]
    order_value: tuple[float, float]
    impressions: tuple[float, float]
    campaigns: tuple[CampaignPlan, ...]
