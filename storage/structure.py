"""Campaigns, ad sets, ads and creatives as last read."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.ids import AccountId, Level, ObjectId, WorkspaceId
from bot.domain.structure import DELIVERING, Ad, AdSet, Campaign, Creative, EntityRef, Issue
from storage.base import Base, WorkspaceOwned, upsert

_KEY = ["workspace_id", "account_id", "id"]


class _Object(WorkspaceOwned):
    account_id: Mapped[str] = mapped_column(String(32), primary_key=True, sort_order=-9)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, sort_order=-8)
    name: Mapped[str] = mapped_column(Text)


class CampaignRow(_Object, Base):
    """A campaign."""

    __tablename__ = "campaigns"

    objective: Mapped[str] = mapped_column(String(64))
    configured_status: Mapped[str] = mapped_column(String(32))
    effective_status: Mapped[str] = mapped_column(String(32))
    daily_budget_minor: Mapped[int | None] = mapped_column(BigInteger)
    updated_at: Mapped[datetime]


class AdSetRow(_Object, Base):
    """An ad set."""

    __tablename__ = "adsets"

    campaign_id: Mapped[str] = mapped_column(String(32))
    optimization_goal: Mapped[str] = mapped_column(String(64))
    configured_status: Mapped[str] = mapped_column(String(32))
    effective_status: Mapped[str] = mapped_column(String(32))
    daily_budget_minor: Mapped[int | None] = mapped_column(BigInteger)
    updated_at: Mapped[datetime]


class AdRow(_Object, Base):
    """An ad."""

    __tablename__ = "ads"
    __table_args__ = (Index("ix_ads_status", "workspace_id", "account_id", "effective_status"),)

    campaign_id: Mapped[str] = mapped_column(String(32))
    adset_id: Mapped[str] = mapped_column(String(32))
    creative_id: Mapped[str | None] = mapped_column(String(32))
    configured_status: Mapped[str] = mapped_column(String(32))
    effective_status: Mapped[str] = mapped_column(String(32))
    issues: Mapped[str] = mapped_column(Text, default="[]")
    updated_at: Mapped[datetime]
    created_at: Mapped[datetime | None]


class CreativeRow(_Object, Base):
    """A creative."""

    __tablename__ = "creatives"

    title: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    thumbnail_url: Mapped[str | None] = mapped_column(Text)
    object_type: Mapped[str | None] = mapped_column(String(32))
    call_to_action: Mapped[str | None] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class KnownObject:
    """An object, what its ad set is bought for, and for ads what stands in their way."""

    entity: EntityRef
    optimization_goal: str
    issues: tuple[Issue, ...] = ()
    updated_at: datetime | None = None


_TABLES: dict[Level, type[AdRow] | type[AdSetRow] | type[CampaignRow]] = {
    Level.AD: AdRow,
    Level.ADSET: AdSetRow,
    Level.CAMPAIGN: CampaignRow,
}


class Structures:
    """What the account is made of."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save_campaigns(self, owner: WorkspaceId, account: AccountId, campaigns: Sequence[Campaign]) -> None:
        """Keep campaigns as read."""
        fields = ("id", "name", "objective", "configured_status", "effective_status",
                  "daily_budget_minor", "updated_at")  # fmt: skip
        upsert(self._session, CampaignRow, _rows(owner, account, campaigns, fields), key=_KEY)

    def save_adsets(self, owner: WorkspaceId, account: AccountId, adsets: Sequence[AdSet]) -> None:
        """Keep ad sets as read."""
        fields = ("id", "name", "campaign_id", "optimization_goal", "configured_status",
                  "effective_status", "daily_budget_minor", "updated_at")  # fmt: skip
        upsert(self._session, AdSetRow, _rows(owner, account, adsets, fields), key=_KEY)

    def save_ads(self, owner: WorkspaceId, account: AccountId, ads: Sequence[Ad]) -> None:
        """Keep ads as read."""
        fields = ("id", "name", "campaign_id", "adset_id", "creative_id", "configured_status",
                  "effective_status", "updated_at", "created_at")  # fmt: skip
        rows = _rows(owner, account, ads, fields)
        for row, ad in zip(rows, ads, strict=True):
            row["issues"] = json.dumps([[one.code, one.summary, one.message] for one in ad.issues])
        upsert(self._session, AdRow, rows, key=_KEY)

    def save_creatives(self, owner: WorkspaceId, account: AccountId, creatives: Iterable[Creative]) -> None:
        """Keep creatives as read; several ads may share one."""
        unique = list({creative.id: creative for creative in creatives}.values())
        fields = ("id", "name", "title", "body", "thumbnail_url", "object_type", "call_to_action")
        upsert(self._session, CreativeRow, _rows(owner, account, unique, fields), key=_KEY)

    def note_status(
        self, account: AccountId, level: Level, object_id: ObjectId, *, configured: str, effective: str
    ) -> None:
        """Remember a status that was just read or set."""
        table = _TABLES[level]
        self._session.execute(
            update(table)
            .where(table.account_id == account, table.id == object_id)
            .values(configured_status=configured, effective_status=effective)
        )

    def find(self, account: AccountId, level: Level, object_id: ObjectId) -> EntityRef | None:
        """One ad, ad set or campaign as last read."""
        if level is Level.AD:
            found = self.ad(account, object_id)
            return found[0] if found else None
        if level is Level.ADSET:
            return next((one.entity for one in self.adsets(account, object_id)), None)
        return next(iter(self.campaigns(account, object_id)), None)

    def ads(self, account: AccountId) -> list[KnownObject]:
        """Every ad with its names, and what stands in its way."""
        return [
            KnownObject(_entity(row), row.optimization_goal or "", _issues(row.AdRow), row.AdRow.updated_at)
            for row in self._session.execute(_ads(account))
        ]

    def adsets(self, account: AccountId, only: ObjectId | None = None) -> list[KnownObject]:
        """Every ad set, or only that one, with its campaign's name."""
        rows = self._session.execute(
            select(AdSetRow, CampaignRow.name)
            .join(CampaignRow, _same(AdSetRow, CampaignRow, AdSetRow.campaign_id), isouter=True)
            .where(AdSetRow.account_id == account, *([AdSetRow.id == only] if only else []))
        )
        return [
            KnownObject(
                EntityRef(
                    level=Level.ADSET,
                    id=ObjectId(row.id),
                    name=row.name,
                    campaign_id=ObjectId(row.campaign_id),
                    campaign_name=campaign,
                    effective_status=row.effective_status,
                    configured_status=row.configured_status,
                ),
                row.optimization_goal,
            )
            for row, campaign in rows
        ]

    def campaigns(self, account: AccountId, only: ObjectId | None = None) -> list[EntityRef]:
        """Every campaign, or only that one."""
        rows = self._session.scalars(
            select(CampaignRow).where(
                CampaignRow.account_id == account, *([CampaignRow.id == only] if only else [])
            )
        )
        return [
            EntityRef(
                level=Level.CAMPAIGN,
                id=ObjectId(row.id),
                name=row.name,
                effective_status=row.effective_status,
                configured_status=row.configured_status,
            )
            for row in rows
        ]

    def ad(self, account: AccountId, ad: ObjectId) -> tuple[EntityRef, Creative | None] | None:
        """One ad and what it shows."""
        row = self._session.execute(_ads(account).where(AdRow.id == ad)).first()
        if row is None:
            return None
        creative = self._session.scalar(
            select(CreativeRow).where(
                CreativeRow.account_id == account, CreativeRow.id == row.AdRow.creative_id
            )
        )
        return _entity(row), None if creative is None else creative_of(creative)

    def thumbnail(self, account: AccountId, ad: ObjectId) -> str | None:
        """The picture people know an ad by."""
        found = self.ad(account, ad)
        return found[1].thumbnail_url if found and found[1] else None

    def count_delivering(self, account: AccountId) -> int:
        """How many ads may be shown right now."""
        statement = (
            select(func.count())
            .select_from(AdRow)
            .where(AdRow.account_id == account, AdRow.effective_status.in_(sorted(DELIVERING)))
        )
        return self._session.scalar(statement) or 0

    def count_ads(self, account: AccountId) -> int:
        """How many ads are known."""
        statement = select(func.count()).select_from(AdRow).where(AdRow.account_id == account)
        return self._session.scalar(statement) or 0


def _ads(account: AccountId) -> Any:
    return (
        select(
            AdRow,
            AdSetRow.name.label("adset_name"),
            AdSetRow.optimization_goal,
            CampaignRow.name.label("campaign_name"),
        )
        .join(AdSetRow, _same(AdRow, AdSetRow, AdRow.adset_id), isouter=True)
        .join(CampaignRow, _same(AdRow, CampaignRow, AdRow.campaign_id), isouter=True)
        .where(AdRow.account_id == account)
    )


def _same(child: Any, parent: Any, link: Any) -> Any:
    return (
        (child.workspace_id == parent.workspace_id)
        & (child.account_id == parent.account_id)
        & (link == parent.id)
    )


def _entity(row: Any) -> EntityRef:
    ad = row.AdRow
    return EntityRef(
        level=Level.AD,
        id=ObjectId(ad.id),
        name=ad.name,
        campaign_id=ObjectId(ad.campaign_id),
        campaign_name=row.campaign_name,
        adset_id=ObjectId(ad.adset_id),
        adset_name=row.adset_name,
        effective_status=ad.effective_status,
        configured_status=ad.configured_status,
    )


def creative_of(row: CreativeRow) -> Creative:
    return Creative(
        id=ObjectId(row.id),
        name=row.name,
        title=row.title,
        body=row.body,
        thumbnail_url=row.thumbnail_url,
        object_type=row.object_type,
        call_to_action=row.call_to_action,
    )


def _issues(row: AdRow) -> tuple[Issue, ...]:
    return tuple(Issue(*issue) for issue in json.loads(row.issues))


def _rows(
    owner: WorkspaceId, account: AccountId, objects: Sequence[Any], fields: Sequence[str]
) -> list[dict[str, Any]]:
    common = {"workspace_id": owner, "account_id": account}
    return [{**common, **{name: getattr(one, name) for name in fields}} for one in objects]
