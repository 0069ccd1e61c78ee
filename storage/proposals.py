"""Variations of tired ads that people decide on: one row each, written by one writer at a time."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Index, Integer, String, Text, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.creatives import Copy, CreativeContent
from bot.domain.ids import AccountId, AlertId, ChannelId, ObjectId, UserId, WorkspaceId
from bot.domain.proposals import AdSeen, Approval, Mode, Proposal, ProposalState
from bot.domain.structure import EntityRef
from bot.domain.variations import Variation
from storage.base import Base, WorkspaceOwned, rowcount
from storage.own import plain, short_id

OPEN = (ProposalState.WRITING.value, ProposalState.WAITING.value)


class ProposalRow(WorkspaceOwned, Base):
    """One ad's variations and where their decision stands."""

    __tablename__ = "proposals"
    __table_args__ = (
        # Whoever asks wherever: an ad has one set of variations to decide on.
        Index(
            "uq_proposals_live",
            "workspace_id",
            "account_id",
            "ad_id",
            unique=True,
            sqlite_where=text("state in ('writing', 'waiting')"),
            postgresql_where=text("state in ('writing', 'waiting')"),
        ),
        Index("ix_proposals_alert", "workspace_id", "alert_id"),
        Index("ix_proposals_state", "state", "next_at"),
        Index("ix_proposals_age", "workspace_id", "requested_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(32))
    alert_id: Mapped[str] = mapped_column(String(36))
    ad_id: Mapped[str] = mapped_column(String(32))
    entity: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer)
    round: Mapped[int] = mapped_column(Integer)
    mode: Mapped[str] = mapped_column(String(16))
    requested_by: Mapped[str] = mapped_column(String(32))
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    shown: Mapped[str] = mapped_column(Text)  # what people see and approve
    approvals: Mapped[str] = mapped_column(Text)
    approvals_needed: Mapped[int] = mapped_column(Integer)
    spend_7d_minor: Mapped[int] = mapped_column(BigInteger)
    decided_by: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None]
    chosen: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    channel_id: Mapped[str | None] = mapped_column(String(32))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    next_at: Mapped[datetime]
    lease_token: Mapped[int] = mapped_column(Integer)
    claimed_at: Mapped[datetime | None]


class _Shown(msgspec.Struct):
    """The part of a proposal that is kept as JSON."""

    original: CreativeContent | None
    seen: AdSeen | None
    variations: tuple[Variation, ...]
    picture_url: str
    placements: tuple[str, ...]
    writer: str
    model: str
    offline: bool
    direction: str
    earlier: tuple[Copy, ...] = ()
    categories: tuple[str, ...] = ()


class Proposals:
    """Variations and their decisions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, proposal: Proposal) -> bool:
        """Record a wish for variations; False when the ad has some that are not decided."""
        row = ProposalRow(
            workspace_id=proposal.workspace_id,
            id=proposal.id,
            **_values(proposal),
            channel_id=proposal.channel_id,
            message_ts=proposal.message_ts,
            next_at=proposal.requested_at,
            lease_token=0,
        )
        try:
            with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:
            return False
        return True

    def get(self, proposal_id: str) -> Proposal | None:
        """One of this workspace."""
        row = self._session.scalar(select(ProposalRow).where(ProposalRow.id == proposal_id))
        return None if row is None else _proposal(row)

    def by_short(self, short: str) -> Proposal | None:
        """The one whose id begins with these 8 characters or more; None when there is not exactly one."""
        wanted = short_id(short)
        if wanted is None:
            return None
        found = self._session.scalars(
            select(ProposalRow).where(ProposalRow.id.startswith(wanted)).limit(2)
        ).all()
        return _proposal(found[0]) if len(found) == 1 else None

    def save(self, proposal: Proposal, *, seen_version: int) -> bool:
        """Write it unless somebody moved it since that version; leaves claims and the message alone."""
        result = self._session.execute(
            update(ProposalRow)
            .where(ProposalRow.id == proposal.id, ProposalRow.version == seen_version)
            .values(**_values(proposal))
        )
        return rowcount(result) == 1

    def note_message(self, proposal_id: str, channel_id: ChannelId, ts: str) -> None:
        """Remember the message that shows the variations."""
        self._session.execute(
            update(ProposalRow)
            .where(ProposalRow.id == proposal_id)
            .values(channel_id=channel_id, message_ts=ts)
        )

    def waiting(self) -> list[Proposal]:
        """What is not decided, oldest first."""
        rows = self._session.scalars(
            select(ProposalRow)
            .where(ProposalRow.state.in_(OPEN))
            .order_by(ProposalRow.requested_at, ProposalRow.id)
        )
        return [_proposal(row) for row in rows]

    def of_alert(self, alert_id: AlertId) -> tuple[Proposal, ...]:
        """Everything proposed because of an alert, newest first."""
        rows = self._session.scalars(
            select(ProposalRow)
            .where(ProposalRow.alert_id == alert_id)
            .order_by(ProposalRow.requested_at.desc(), ProposalRow.id)
        )
        return tuple(_proposal(row) for row in rows)

    def live_of_ad(self, account_id: AccountId, ad_id: ObjectId) -> Proposal | None:
        """The variations of an ad that are not decided."""
        row = self._session.scalar(
            select(ProposalRow).where(
                ProposalRow.account_id == account_id,
                ProposalRow.ad_id == ad_id,
                ProposalRow.state.in_(OPEN),
            )
        )
        return None if row is None else _proposal(row)

    def since(self, since: datetime, account_id: AccountId | None = None) -> list[Proposal]:
        """What was asked for since then, in one account or all, oldest first."""
        statement = select(ProposalRow).where(ProposalRow.requested_at >= since)
        if account_id is not None:
            statement = statement.where(ProposalRow.account_id == account_id)
        rows = self._session.scalars(statement.order_by(ProposalRow.requested_at, ProposalRow.id))
        return [_proposal(row) for row in rows]

    def overdue(self, now: datetime, limit: int) -> list[Proposal]:
        """What nobody decided in time."""
        rows = self._session.scalars(
            select(ProposalRow)
            .where(ProposalRow.state == ProposalState.WAITING.value, ProposalRow.expires_at <= now)
            .order_by(ProposalRow.expires_at)
            .limit(limit)
        )
        return [_proposal(row) for row in rows]

    def to_write(self, now: datetime, stuck_before: datetime, limit: int) -> list[Proposal]:
        """What has to be written, and what a writer took before then and never gave back."""
        rows = self._session.scalars(
            select(ProposalRow)
            .where(
                ProposalRow.state == ProposalState.WRITING.value,
                ProposalRow.next_at <= now,
                or_(ProposalRow.claimed_at.is_(None), ProposalRow.claimed_at < stuck_before),
            )
            .order_by(ProposalRow.next_at, ProposalRow.id)
            .limit(limit)
        )
        return [_proposal(row) for row in rows]

    def claim(self, proposal: Proposal, now: datetime) -> int | None:
        """Take the right to write it; None when somebody else took it or it is not to be written."""
        token: int | None = self._session.scalar(
            update(ProposalRow)
            .where(*_held(proposal, proposal.lease_token))
            .values(lease_token=ProposalRow.lease_token + 1, claimed_at=now)
            .returning(ProposalRow.lease_token)
            .execution_options(synchronize_session=False)
        )
        return token

    def retry(self, proposal: Proposal, lease_token: int, at: datetime, reason: str) -> bool:
        """Nothing was written: try again at that time."""
        return self._end(proposal, lease_token, next_at=at, reason=plain(reason))

    def written(self, proposal: Proposal, lease_token: int) -> bool:
        """Keep what was written and where that leads, unless somebody else writes it by now."""
        return self._end(proposal, lease_token, **_values(proposal))

    def _end(self, proposal: Proposal, lease_token: int, **values: Any) -> bool:
        result = self._session.execute(
            update(ProposalRow).where(*_held(proposal, lease_token)).values(**values, claimed_at=None)
        )
        return rowcount(result) == 1


def _held(proposal: Proposal, lease_token: int) -> tuple[Any, ...]:
    """Only while it is to be written, in the same round, and by the holder of that token."""
    return (
        ProposalRow.id == proposal.id,
        ProposalRow.state == ProposalState.WRITING.value,
        ProposalRow.round == proposal.round,
        ProposalRow.lease_token == lease_token,
    )


def _values(proposal: Proposal) -> dict[str, Any]:
    return {
        "account_id": proposal.account_id,
        "alert_id": proposal.alert_id,
        "ad_id": proposal.entity.id,
        "entity": msgspec.json.encode(proposal.entity).decode(),
        "state": proposal.state.value,
        "version": proposal.version,
        "round": proposal.round,
        "mode": proposal.mode.value,
        "requested_by": proposal.requested_by,
        "requested_at": proposal.requested_at,
        "expires_at": proposal.expires_at,
        "shown": _shown(proposal),
        "approvals": msgspec.json.encode(proposal.approvals).decode(),
        "approvals_needed": proposal.approvals_needed,
        "spend_7d_minor": proposal.spend_7d_minor,
        "decided_by": proposal.decided_by,
        "decided_at": proposal.decided_at,
        "chosen": proposal.chosen,
        "reason": plain(proposal.reason),
    }


def _shown(proposal: Proposal) -> str:
    kept = {name: getattr(proposal, name) for name in _Shown.__struct_fields__}
    return msgspec.json.encode(_Shown(**kept)).decode()


def _proposal(row: ProposalRow) -> Proposal:
    shown = msgspec.json.decode(row.shown, type=_Shown)
    return Proposal(
        id=row.id,
        workspace_id=WorkspaceId(row.workspace_id),
        account_id=AccountId(row.account_id),
        alert_id=AlertId(row.alert_id),
        entity=msgspec.json.decode(row.entity, type=EntityRef),
        state=ProposalState(row.state),
        version=row.version,
        round=row.round,
        mode=Mode(row.mode),
        requested_by=UserId(row.requested_by),
        requested_at=row.requested_at,
        expires_at=row.expires_at,
        **{name: getattr(shown, name) for name in _Shown.__struct_fields__},
        spend_7d_minor=row.spend_7d_minor,
        approvals_needed=row.approvals_needed,
        approvals=msgspec.json.decode(row.approvals, type=tuple[Approval, ...]),
        decided_by=None if row.decided_by is None else UserId(row.decided_by),
        decided_at=row.decided_at,
        chosen=row.chosen,
        reason=row.reason,
        channel_id=None if row.channel_id is None else ChannelId(row.channel_id),
        message_ts=row.message_ts,
        lease_token=row.lease_token,
    )
