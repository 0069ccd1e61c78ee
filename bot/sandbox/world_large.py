"""An account of a given size for measuring; its objects are as rich as the demo's."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.world_build import Builder, Cast, profile_of
from bot.sandbox.world_names import INDIA
from bot.sandbox.world_objects import Account, Ad, AdSet, Campaign, Creative, Profile

_AGE = timedelta(days=60)
_AUDIENCE = 30_000.0


def build_large(start: datetime, *, campaigns: int, ads: int, adsets: int, seed: int) -> Cast:
    """So many campaigns, ad sets and ads, spread evenly."""
    builder = Builder(start, seed)
    cast = builder.cast
    cast.accounts.append(_account(builder))
    for number in range(campaigns):
        cast.campaigns.append(_campaign(builder, number))
    for number in range(adsets):
        cast.adsets.append(_adset(builder, number, cast.campaigns[number * campaigns // adsets]))
    profile = _profile(seed)
    for number in range(ads):
        cast.creatives.append(_creative(builder, number))
        adset = cast.adsets[number * adsets // ads]
        cast.ads.append(_ad(builder, number, adset, cast.creatives[-1], profile))
    return cast


def _account(builder: Builder) -> Account:
    return Account(
        id=builder.number(0, 9, digits=15, prefix="7"),
        key="large",
        name="Measuring account",
        currency="INR",
        zone=ZoneInfo("Asia/Kolkata"),
        business_id=builder.number(1, 9, digits=15, prefix="3"),
        business_name="Measuring business",
        created_at=builder.start - timedelta(days=700),
    )


def _id(prefix: str, number: int) -> str:
    return f"{prefix}{number:013d}"


def _campaign(builder: Builder, number: int) -> Campaign:
    return Campaign(
        _id("12021", number),
        f"large.c{number}",
        builder.cast.accounts[0],
        f"Sales | Prospecting | Line {number:03d} | CBO",
        "OUTCOME_SALES",
        500_000,
        builder.start - _AGE,
    )


def _adset(builder: Builder, number: int, campaign: Campaign) -> AdSet:
    return AdSet(
        id=_id("12022", number),
        key=f"{campaign.key}.s{number}",
        campaign=campaign,
        name=f"Broad 22-45 | Cell {number:04d}",
        daily_budget_minor=0,
        pixel_id=builder.number(4, 9, digits=15, prefix="5"),
        created_at=builder.start - _AGE,
    )


def _creative(builder: Builder, number: int) -> Creative:
    return Creative(
        id=_id("12023", number),
        key=f"creative{number}",
        account=builder.cast.accounts[0],
        name=f"Static | Idea {number:04d} | 4:5",
        title=f"Idea {number:04d}",
        body=f"Idea {number:04d} in two lines, so that the text is about as long as a real one.",
        link="https://shop.example/product",
        video=True,
        created_at=builder.start - _AGE,
    )


def _ad(builder: Builder, number: int, adset: AdSet, creative: Creative, profile: Profile) -> Ad:
    return Ad(
        id=_id("12024", number),
        key=f"{adset.key}.a{number}",
        index=number,
        adset=adset,
        creative=creative,
        name=creative.name,
        profile=profile,
        created_at=builder.start - _AGE,
    )


def _profile(seed: int) -> Profile:
    """One for all: with a common audience, equal figures give equal reach and rows can be shared."""
    ordinary = profile_of(INDIA, 0, seed, crowd=(7.0, 10.0))
    return Profile(
        ordinary.impressions,
        ordinary.cpm_minor,
        ordinary.link_ctr,
        ordinary.conversion_rate,
        ordinary.order_minor,
        _AUDIENCE,
    )
