"""One ad set's ads: how many there are, what they show, and their figures by day."""

from collections import defaultdict
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.ids import AccountId, ObjectId
from bot.domain.insights import Figures
from bot.domain.structure import Creative
from storage.insights import FIGURES, AdDayRow
from storage.structure import AdRow, CreativeRow, creative_of

_GONE = ("ARCHIVED", "DELETED")


class AdSets:
    """Ads by the ad set they belong to."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def days(
        self, account: AccountId, adset: ObjectId, first: date, last: date
    ) -> dict[ObjectId, dict[date, Figures]]:
        """The figures of every ad that delivered on those days."""
        columns = [getattr(AdDayRow, name) for name in FIGURES]
        rows = self._session.execute(
            select(AdDayRow.ad_id, AdDayRow.day, *columns).where(
                AdDayRow.account_id == account,
                AdDayRow.adset_id == adset,
                AdDayRow.day.between(first, last),
            )
        )
        found: dict[ObjectId, dict[date, Figures]] = defaultdict(dict)
        for ad_id, day, *counts in rows:
            found[ObjectId(ad_id)][day] = Figures(*map(int, counts))
        return dict(found)

    def count(self, account: AccountId, adset: ObjectId) -> int:
        """How many ads it has that are not archived or deleted; Meta allows 50."""
        statement = select(func.count(AdRow.id)).where(
            AdRow.account_id == account, AdRow.adset_id == adset, AdRow.configured_status.not_in(_GONE)
        )
        return self._session.scalar(statement) or 0

    def shown(self, account: AccountId, adset: ObjectId) -> dict[ObjectId, Creative]:
        """What its ads show, those that are not archived or deleted."""
        rows = self._session.execute(
            select(AdRow.id, CreativeRow)
            .join(
                CreativeRow,
                (CreativeRow.workspace_id == AdRow.workspace_id)
                & (CreativeRow.account_id == AdRow.account_id)
                & (CreativeRow.id == AdRow.creative_id),
            )
            .where(
                AdRow.account_id == account, AdRow.adset_id == adset, AdRow.configured_status.not_in(_GONE)
            )
        )
        return {ObjectId(ad_id): creative_of(creative) for ad_id, creative in rows}
