"""An account's complete days, packed once and read back without touching single rows."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.domain.fatigue_blocks import COLUMNS, Block, pack
from bot.domain.ids import AccountId, ObjectId, WorkspaceId
from storage.base import demand_own, in_pages, rowcount, upsert
from storage.insights import AdDayRow, DayBlockRow
from storage.structure import AdRow, AdSetRow

_KEY = ("workspace_id", "account_id", "day")


class Kin(NamedTuple):
    """Where an ad belongs, and when it or its ad set last changed by Meta's `updated_time`."""

    adset_id: ObjectId
    campaign_id: ObjectId
    updated_at: datetime


class Panels:
    """Days as the fatigue rules read them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def unpacked(self, account: AccountId, days: Iterable[date]) -> list[date]:
        """Which of those days have to be packed first."""
        wanted = list(days)
        packed = set(
            self._session.scalars(
                select(DayBlockRow.day).where(DayBlockRow.account_id == account, DayBlockRow.day.in_(wanted))
            )
        )
        return [day for day in wanted if day not in packed]

    def pack(self, owner: WorkspaceId, account: AccountId, day: date) -> None:
        """Pack a day from its rows; a day without rows is kept as empty."""
        demand_own(self._session, owner)
        own: Any = AdDayRow.__table__.c
        columns = [func.coalesce(own[name], 0) for name in COLUMNS]
        # Straight from the cursor: the ORM would take as long again for every row of a large account. Its
        # criteria do not reach here, so the workspace is named.
        rows = self._session.connection().execute(
            select(own.ad_id, own.creative_id, *columns)
            .where(own.workspace_id == owner, own.account_id == account, own.day == day)
            .order_by(own.ad_id)
        )
        block = pack(rows.all())
        values = {"workspace_id": owner, "account_id": account, "day": day, **block._asdict()}
        upsert(self._session, DayBlockRow, [values], key=_KEY)

    def load(self, account: AccountId, first: date, last: date) -> dict[date, Block]:
        """The packed days between two days, both included."""
        rows = self._session.execute(
            select(
                DayBlockRow.day,
                DayBlockRow.ads,
                DayBlockRow.creatives,
                DayBlockRow.width,
                DayBlockRow.figures,
            ).where(DayBlockRow.account_id == account, DayBlockRow.day.between(first, last))
        )
        return {row.day: Block(row.ads, row.creatives, row.width, row.figures) for row in rows}

    def forget(self, before: datetime) -> int:
        """Remove packed days before that; says how many. Their rows stay."""
        done = self._session.execute(
            delete(DayBlockRow).where(DayBlockRow.day < before.date()),
            execution_options={"synchronize_session": False},
        )
        return rowcount(done)

    def shown(self, account: AccountId) -> dict[ObjectId, ObjectId]:
        """What each ad shows, as last read."""
        rows = self._session.execute(
            select(AdRow.id, AdRow.creative_id).where(
                AdRow.account_id == account, AdRow.creative_id.is_not(None)
            )
        )
        return {ObjectId(ad): ObjectId(creative) for ad, creative in rows if creative}

    def born_since(self, account: AccountId, since: datetime) -> dict[ObjectId, datetime]:
        """When ads were created that are not older than that."""
        rows = self._session.execute(
            select(AdRow.id, AdRow.created_at).where(AdRow.account_id == account, AdRow.created_at >= since)
        )
        return {ObjectId(ad): at for ad, at in rows if at}

    def kin(self, account: AccountId, ads: Sequence[ObjectId]) -> dict[ObjectId, Kin]:
        """Those ads and every other ad of their ad sets: where they belong and when they last changed."""
        adsets: set[str] = set()
        for some in in_pages(ads):
            own = AdRow.account_id == account, AdRow.id.in_(some)
            adsets.update(self._session.scalars(select(AdRow.adset_id).where(*own)))
        found: dict[ObjectId, Kin] = {}
        for some in in_pages(sorted(adsets)):
            rows = self._session.execute(
                select(AdRow.id, AdRow.adset_id, AdRow.campaign_id, AdRow.updated_at, AdSetRow.updated_at)
                .join(
                    AdSetRow,
                    (AdRow.workspace_id == AdSetRow.workspace_id)
                    & (AdRow.account_id == AdSetRow.account_id)
                    & (AdRow.adset_id == AdSetRow.id),
                    isouter=True,
                )
                .where(AdRow.account_id == account, AdRow.adset_id.in_(some))
            )
            found |= {
                ObjectId(ad): Kin(ObjectId(adset), ObjectId(campaign), max(own_at, above_at or own_at))
                for ad, adset, campaign, own_at, above_at in rows
            }
        return found
