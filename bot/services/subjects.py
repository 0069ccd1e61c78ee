"""What variations are about: the ad as it is at Meta, how it did, and what does well beside it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.creatives import Copy, CreativeContent
from bot.domain.days import local_day
from bot.domain.fatigue_reading import FatigueReading
from bot.domain.ids import Level, ObjectId
from bot.domain.insights import Figures, total
from bot.domain.proposals import AdSeen, Proposal, ProposalState
from bot.domain.variations import Brand, Winner
from bot.errors import BadInput, MetaError
from bot.meta import adsets, creatives, new_ads
from bot.meta.client import GraphClient
from bot.services.fatigue import reading
from storage.accounts import WatchedAccount
from storage.db import Database
from storage.repositories import Repositories

_LOOK_BACK = 28
_MOST_WINNERS = 3
_ENOUGH = Figures(impressions=1_000, link_clicks=30)


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that was read before a writer is asked."""

    original: CreativeContent
    seen: AdSeen
    placements: tuple[str, ...]
    categories: tuple[str, ...]  # special ad categories that the campaign declares
    picture: bytes  # empty where it could not be had
    reading: FatigueReading | None
    figures_7d: Figures
    currency: str
    brand: Brand
    winners: tuple[Winner, ...]
    running: tuple[Copy, ...]  # of the other ads of the ad set
    earlier: tuple[Copy, ...]

    @property
    def spend_7d_minor(self) -> int:
        """What the ad spent over the last 7 complete days."""
        return self.figures_7d.spend_minor


def look_at(
    db: Database, client: GraphClient, watched: WatchedAccount, proposal: Proposal, now: datetime
) -> Subject:
    """Ask Meta how the ad is now, and the database how it did.

    Raises BadInput that says why a creative cannot be rewritten, and Meta's own faults.
    """
    ad_id = ObjectId(proposal.entity.id)
    state = new_ads.ad_state(client, ad_id)
    original = creatives.content(client, state.seen.creative_id)
    where = adsets.targeted(client, state.seen.adset_id)
    picture = _picture(client, original)
    today = local_day(now, watched.account.timezone_name)
    with db.read(watched.workspace_id) as tx:
        week = tx.adsets.days(
            watched.account.id, state.seen.adset_id, today - timedelta(days=7), today - timedelta(days=1)
        )
        return Subject(
            original=original,
            seen=state.seen,
            placements=where.placements,
            categories=where.categories,
            picture=picture,
            reading=reading(tx, watched.account.id, ad_id),
            figures_7d=total(week.get(ad_id, {}).values()),
            currency=watched.account.currency,
            brand=tx.policies.get(watched.account.id).brand,
            winners=_winners(tx, watched, now, besides=ad_id),
            running=_running(tx, watched, state.seen),
            earlier=_earlier(tx, proposal),
        )


def _picture(client: GraphClient, original: CreativeContent) -> bytes:
    try:
        return creatives.shown(client, original.id)
    except (MetaError, BadInput):
        return b""  # the words can be written without it


def _winners(
    tx: Repositories, watched: WatchedAccount, now: datetime, *, besides: ObjectId
) -> tuple[Winner, ...]:
    """The account's own ads with more clicks per impression than the account, the best first."""
    today = local_day(now, watched.account.timezone_name)
    first, last = today - timedelta(days=_LOOK_BACK), today - timedelta(days=1)
    whole = tx.insights.totals(watched.account.id, Level.ACCOUNT, first, last)
    usual = next(iter(whole.values()), Figures()).ctr or 0.0
    found = [
        (ad_id, figures)
        for ad_id, figures in tx.insights.totals(watched.account.id, Level.AD, first, last).items()
        if ad_id != besides and _does_well(figures, usual)
    ]
    found.sort(key=lambda one: (-(one[1].ctr or 0.0), one[0]))
    winners = (_winner(tx, watched, ad_id, figures) for ad_id, figures in found[: 2 * _MOST_WINNERS])
    return tuple(one for one in winners if one is not None)[:_MOST_WINNERS]


def _does_well(figures: Figures, usual: float) -> bool:
    enough = figures.impressions >= _ENOUGH.impressions and figures.link_clicks >= _ENOUGH.link_clicks
    return enough and (figures.ctr or 0.0) > usual


def _winner(tx: Repositories, watched: WatchedAccount, ad_id: ObjectId, figures: Figures) -> Winner | None:
    known = tx.structures.ad(watched.account.id, ad_id)
    entity, creative = known or (None, None)
    if entity is None or creative is None or not creative.body:
        return None
    copy = Copy(creative.body or "", creative.title or "")
    return Winner(ad_id, entity.name, copy, figures.ctr or 0.0, figures.purchase_roas)


def _running(tx: Repositories, watched: WatchedAccount, seen: AdSeen) -> tuple[Copy, ...]:
    others = tx.adsets.shown(watched.account.id, seen.adset_id)
    return tuple(
        Copy(one.body or "", one.title or "") for ad_id, one in others.items() if ad_id != seen.ad_id
    )


def _earlier(tx: Repositories, proposal: Proposal) -> tuple[Copy, ...]:
    """What people did not want or tried already; what merely ran out of time may be offered again."""
    old = [one for one in tx.proposals.of_alert(proposal.alert_id) if one.id != proposal.id]
    rejected = [one.variations for one in old if one.state is ProposalState.REJECTED]
    tried = [one.variation(one.chosen) for one in old if one.chosen is not None]
    others = (*tried, *(one for some in rejected for one in some))
    own = (*(one.copy for one in proposal.variations), *proposal.earlier)
    return (*own, *(variation.copy for variation in others))[:12]
