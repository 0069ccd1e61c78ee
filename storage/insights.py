"""Figures by ad and day, the same as they looked when read, and when purchases last grew."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Integer,
    LargeBinary,
    String,
    Text,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.ids import AccountId, Level, ObjectId, WorkspaceId
from bot.domain.insights import AdDay, AdReach, AdWindow, DayFigures, Figures
from storage.base import Base, WorkspaceOwned, demand_own, upsert

_KEY = ("workspace_id", "account_id", "day", "ad_id")
FIGURES = ("impressions", "clicks", "link_clicks", "spend_minor", "purchases", "purchase_value_minor")


class Counted(WorkspaceOwned):
    account_id: Mapped[str] = mapped_column(String(32), primary_key=True, sort_order=-9)
    impressions: Mapped[int] = mapped_column(BigInteger)
    clicks: Mapped[int] = mapped_column(BigInteger)
    link_clicks: Mapped[int] = mapped_column(BigInteger)
    spend_minor: Mapped[int] = mapped_column(BigInteger)
    purchases: Mapped[int] = mapped_column(BigInteger)
    purchase_value_minor: Mapped[int] = mapped_column(BigInteger)


class AdDayRow(Counted, Base):
    """An ad's day as last read."""

    __tablename__ = "ad_days"
    __table_args__ = ({"sqlite_with_rowid": False},)  # one tree instead of two: a third smaller

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    ad_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    adset_id: Mapped[str] = mapped_column(String(32))
    campaign_id: Mapped[str] = mapped_column(String(32))
    reach: Mapped[int | None] = mapped_column(BigInteger)
    # Of the 7 days that end with this one; people do not add up, so Meta is asked for the window.
    impressions_7d: Mapped[int | None] = mapped_column(BigInteger)
    reach_7d: Mapped[int | None] = mapped_column(BigInteger)
    engagement: Mapped[int] = mapped_column(BigInteger, server_default="0")  # inline_post_engagement
    video_plays: Mapped[int] = mapped_column(BigInteger, server_default="0")  # of 3 seconds
    creative_id: Mapped[str | None] = mapped_column(String(32))  # what the ad showed on that day
    attribution_setting: Mapped[str | None] = mapped_column(String(64))
    read_at: Mapped[datetime]


class DayBlockRow(WorkspaceOwned, Base):
    """A day of `ad_days`, packed by bot.domain.fatigue_blocks; removed when a row of the day is written."""

    __tablename__ = "ad_day_blocks"

    account_id: Mapped[str] = mapped_column(String(32), primary_key=True, sort_order=-9)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    ads: Mapped[str] = mapped_column(Text)
    creatives: Mapped[str] = mapped_column(Text)
    width: Mapped[int] = mapped_column(Integer)  # bytes for a figure
    figures: Mapped[bytes] = mapped_column(LargeBinary)


class Insights:
    """Figures of delivery and results."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(
        self,
        owner: WorkspaceId,
        account: AccountId,
        rows: Sequence[AdDay],
        read_at: datetime,
        *,
        shown: Mapping[ObjectId, ObjectId] | None = None,
        today: date | None = None,
    ) -> None:
        """Keep a page of Insights; what was there for the same ad and day is brought up to date.

        `shown` is what each ad shows now: that is kept for `today`, and for an earlier day only where the day
        is new. People are another question's answer (`save_reach`), and stay as they are.
        """
        shown = shown or {}
        values = [
            {
                "workspace_id": owner,
                "account_id": account,
                "day": row.day,
                "ad_id": row.ad_id,
                "adset_id": row.adset_id,
                "campaign_id": row.campaign_id,
                "impressions": row.impressions,
                "clicks": row.clicks,
                "link_clicks": row.link_clicks,
                "spend_minor": row.spend_minor,
                "purchases": row.purchases,
                "purchase_value_minor": row.purchase_value_minor,
                "engagement": row.engagement,
                "video_plays": row.video_plays,
                "creative_id": shown.get(row.ad_id),
                "attribution_setting": row.attribution_setting,
                "read_at": read_at,
            }
            for row in rows
        ]
        now = [one for one in values if one["day"] == today and one["creative_id"] is not None]
        past = [one for one in values if one["day"] != today or one["creative_id"] is None]
        upsert(self._session, AdDayRow, now, key=_KEY)
        upsert(self._session, AdDayRow, past, key=_KEY, keep=["creative_id"])
        self._unpack(owner, account, {row.day for row in rows})

    def save_reach(self, owner: WorkspaceId, account: AccountId, rows: Sequence[AdReach]) -> None:
        """Keep how many people ads reached on single days; days without figures are passed over."""
        found = [{**_of(account, row.ad_id, row.day), "b_reach": row.reach} for row in rows]
        self._change(owner, found, {"reach": bindparam("b_reach")})
        self._unpack(owner, account, {row.day for row in rows})

    def save_windows(self, owner: WorkspaceId, account: AccountId, rows: Sequence[AdWindow]) -> None:
        """Keep impressions and people of the seven days that end with a day, on that day's row."""
        found = [
            {
                **_of(account, row.ad_id, row.last_day),
                "b_impressions": row.impressions,
                "b_reach": row.reach,
            }
            for row in rows
        ]
        new: dict[str, Any] = {"impressions_7d": bindparam("b_impressions"), "reach_7d": bindparam("b_reach")}
        self._change(owner, found, new)
        self._unpack(owner, account, {row.last_day for row in rows})

    def _change(self, owner: WorkspaceId, rows: Sequence[Mapping[str, Any]], new: Mapping[str, Any]) -> None:
        """Change many rows of this workspace at once, each found by its key."""
        demand_own(self._session, owner)
        if not rows:
            return
        table: Any = AdDayRow.__table__
        statement = (
            update(table)
            # The criteria of a workspace transaction do not reach a plain table: this one is ours to name.
            .where(
                table.c.workspace_id == owner,
                table.c.account_id == bindparam("b_account"),
                table.c.day == bindparam("b_day"),
                table.c.ad_id == bindparam("b_ad"),
            )
            .values(**new)
        )
        self._session.execute(statement, list(rows), execution_options={"spruce_checked": True})

    def _unpack(self, owner: WorkspaceId, account: AccountId, days: Iterable[date]) -> None:
        """What was packed of those days is not true any more."""
        wanted = list(days)
        if wanted:
            self._session.execute(
                delete(DayBlockRow).where(
                    DayBlockRow.workspace_id == owner,
                    DayBlockRow.account_id == account,
                    DayBlockRow.day.in_(wanted),
                ),
                execution_options={"synchronize_session": False},
            )

    def series(
        self, account: AccountId, level: Level, first: date, last: date
    ) -> dict[ObjectId, tuple[DayFigures, ...]]:
        """Daily figures of every object of a level, summed by the database, oldest day first."""
        column = object_column(level)
        statement = (
            select(column, AdDayRow.day, *figure_sums())
            .where(AdDayRow.account_id == account, AdDayRow.day.between(first, last))
            .group_by(column, AdDayRow.day)
            .order_by(AdDayRow.day)
        )
        found: dict[ObjectId, list[DayFigures]] = defaultdict(list)
        for object_id, day, *sums in self._session.execute(statement):
            found[ObjectId(object_id)].append(DayFigures(day, Figures(*map(int, sums))))
        return {object_id: tuple(days) for object_id, days in found.items()}

    def totals(self, account: AccountId, level: Level, first: date, last: date) -> dict[ObjectId, Figures]:
        """The figures of every object of a level over those days."""
        column = object_column(level)
        statement = (
            select(column, *figure_sums())
            .where(AdDayRow.account_id == account, AdDayRow.day.between(first, last))
            .group_by(column)
        )
        return {
            ObjectId(object_id): Figures(*map(int, sums))
            for object_id, *sums in self._session.execute(statement)
        }

    def attribution_settings(self, account: AccountId, first: date, last: date) -> tuple[str, ...]:
        """The attribution settings that figures of those days follow."""
        statement = (
            select(AdDayRow.attribution_setting)
            .where(
                AdDayRow.account_id == account,
                AdDayRow.day.between(first, last),
                AdDayRow.attribution_setting.is_not(None),
            )
            .distinct()
        )
        return tuple(sorted(setting for (setting,) in self._session.execute(statement) if setting))


def _of(account: AccountId, ad: ObjectId, day: date) -> dict[str, Any]:
    return {"b_account": account, "b_day": day, "b_ad": ad}


def object_column(level: Level) -> Any:
    return {
        Level.ACCOUNT: AdDayRow.account_id,
        Level.CAMPAIGN: AdDayRow.campaign_id,
        Level.ADSET: AdDayRow.adset_id,
        Level.AD: AdDayRow.ad_id,
    }[level]


def figure_sums() -> list[Any]:
    return [func.sum(getattr(AdDayRow, name)) for name in FIGURES]
