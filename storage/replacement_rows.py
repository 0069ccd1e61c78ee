"""The row of an approved change, and the change as a value: what the approval fixed is kept as JSON."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.creatives import Copy, CreativeContent
from bot.domain.ids import AccountId, AlertId, ObjectId, UserId, WorkspaceId
from bot.domain.proposals import AdSeen, Mode
from bot.domain.replacement import Replacement, ReplacementState, Step
from bot.domain.structure import EntityRef
from storage.base import Base, WorkspaceOwned
from storage.own import plain


class ReplacementRow(WorkspaceOwned, Base):
    """One approved change of one ad."""

    __tablename__ = "replacements"
    __table_args__ = (
        # Whatever was approved wherever: an ad is changed by one replacement at a time.
        Index(
            "uq_replacements_moving",
            "workspace_id",
            "account_id",
            "ad_id",
            unique=True,
            sqlite_where=text("state in ('queued', 'applying', 'testing', 'undoing')"),
            postgresql_where=text("state in ('queued', 'applying', 'testing', 'undoing')"),
        ),
        Index("uq_replacements_proposal", "workspace_id", "proposal_id", unique=True),
        Index("ix_replacements_alert", "workspace_id", "alert_id"),
        Index("ix_replacements_state", "state", "next_at"),
        Index("ix_replacements_age", "workspace_id", "account_id", "approved_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(32))
    proposal_id: Mapped[str] = mapped_column(String(36))
    alert_id: Mapped[str] = mapped_column(String(36))
    ad_id: Mapped[str] = mapped_column(String(32))
    adset_id: Mapped[str] = mapped_column(String(32))
    mode: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    agreed: Mapped[str] = mapped_column(Text)  # what was approved; never changes
    picture: Mapped[str] = mapped_column(String(64))
    approved_at: Mapped[datetime]
    steps: Mapped[str] = mapped_column(Text)
    undo_by: Mapped[str | None] = mapped_column(String(32))
    undo_forced: Mapped[str] = mapped_column(String(64))
    new_creative_id: Mapped[str | None] = mapped_column(String(32))
    new_ad_id: Mapped[str | None] = mapped_column(String(32))
    study_id: Mapped[str] = mapped_column(String(32))
    begun_at: Mapped[datetime | None]  # when the first step that writes began
    live_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    lease_token: Mapped[int] = mapped_column(Integer)
    claimed_at: Mapped[datetime | None]


class _Agreed(msgspec.Struct):
    """The part of a replacement that its approval fixed, kept as JSON."""

    entity: EntityRef
    seen: AdSeen
    original: CreativeContent
    copy: Copy
    angle: str
    name: str
    approved_by: tuple[UserId, ...]


def fixed(replacement: Replacement) -> dict[str, Any]:
    """The columns that never change."""
    kept = {name: getattr(replacement, name) for name in _Agreed.__struct_fields__}
    return {
        "workspace_id": replacement.workspace_id,
        "id": replacement.id,
        "account_id": replacement.account_id,
        "proposal_id": replacement.proposal_id,
        "alert_id": replacement.alert_id,
        "ad_id": replacement.entity.id,
        "adset_id": replacement.seen.adset_id,
        "mode": replacement.mode.value,
        "digest": replacement.digest,
        "agreed": msgspec.json.encode(_Agreed(**kept)).decode(),
        "picture": replacement.picture,
        "approved_at": replacement.approved_at,
    }


def changing(replacement: Replacement) -> dict[str, Any]:
    """The columns that tell how far it is; the claim is given back."""
    return {
        "state": replacement.state.value,
        "version": replacement.version,
        "steps": msgspec.json.encode(replacement.steps).decode(),
        "undo_by": replacement.undo_by,
        "undo_forced": replacement.undo_forced,
        "new_creative_id": replacement.new_creative_id,
        "new_ad_id": replacement.new_ad_id,
        "study_id": replacement.study_id,
        "begun_at": replacement.begun_at,
        "live_at": replacement.live_at,
        "finished_at": replacement.finished_at,
        "next_at": replacement.next_at,
        "reason": plain(replacement.reason),
        "claimed_at": None,
    }


def value_of(row: ReplacementRow) -> Replacement:
    """The change that a row keeps."""
    agreed = msgspec.json.decode(row.agreed, type=_Agreed)
    return Replacement(
        id=row.id,
        workspace_id=WorkspaceId(row.workspace_id),
        account_id=AccountId(row.account_id),
        proposal_id=row.proposal_id,
        alert_id=AlertId(row.alert_id),
        mode=Mode(row.mode),
        state=ReplacementState(row.state),
        version=row.version,
        digest=row.digest,
        **{name: getattr(agreed, name) for name in _Agreed.__struct_fields__},
        picture=row.picture,
        approved_at=row.approved_at,
        steps=msgspec.json.decode(row.steps, type=tuple[Step, ...]),
        undo_by=None if row.undo_by is None else UserId(row.undo_by),
        undo_forced=row.undo_forced,
        new_creative_id=None if row.new_creative_id is None else ObjectId(row.new_creative_id),
        new_ad_id=None if row.new_ad_id is None else ObjectId(row.new_ad_id),
        study_id=row.study_id,
        live_at=row.live_at,
        finished_at=row.finished_at,
        next_at=row.next_at,
        reason=row.reason,
        lease_token=row.lease_token,
        claimed_at=row.claimed_at,
    )
