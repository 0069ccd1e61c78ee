"""Approved changes of ads, step by step: carried out by one process at a time, moved by people."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.domain.guardrails import Begun
from bot.domain.ids import AccountId, AlertId
from bot.domain.replacement import Replacement, ReplacementState
from bot.domain.verdicts import CHECK_DAYS
from bot.errors import Stale
from storage.base import rowcount
from storage.own import plain, short_id
from storage.replacement_rows import ReplacementRow, changing, fixed, value_of
from storage.verdicts import VerdictRow

_MOVING = tuple(state.value for state in ReplacementState if state.moving)
_FOLLOWED = tuple(
    state.value for state in (ReplacementState.LIVE, ReplacementState.TESTING, ReplacementState.UNDONE)
)
_FOLLOWED_FOR = timedelta(days=30)  # a verdict that could not be made until then is never made


class Replacements:
    """Approved changes and how far they are."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, replacement: Replacement) -> bool:
        """Queue a change; False when its proposal has one or another moves the same ad."""
        row = ReplacementRow(**fixed(replacement), **changing(replacement), lease_token=0)
        try:
            with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:
            return False
        return True

    def get(self, replacement_id: str) -> Replacement | None:
        """One of this workspace."""
        row = self._session.scalar(select(ReplacementRow).where(ReplacementRow.id == replacement_id))
        return None if row is None else value_of(row)

    def of_proposal(self, proposal_id: str) -> Replacement | None:
        """What became of an approved proposal."""
        row = self._session.scalar(select(ReplacementRow).where(ReplacementRow.proposal_id == proposal_id))
        return None if row is None else value_of(row)

    def of_alert(self, alert_id: AlertId) -> tuple[Replacement, ...]:
        """Changes that an alert led to, newest first."""
        rows = self._session.scalars(
            select(ReplacementRow)
            .where(ReplacementRow.alert_id == alert_id)
            .order_by(ReplacementRow.approved_at.desc(), ReplacementRow.id)
        )
        return tuple(value_of(row) for row in rows)

    def by_short(self, short: str) -> Replacement | None:
        """The one whose id begins with these 8 characters or more; None when there is not exactly one."""
        wanted = short_id(short)
        if wanted is None:
            return None
        found = self._session.scalars(
            select(ReplacementRow).where(ReplacementRow.id.startswith(wanted)).limit(2)
        ).all()
        return value_of(found[0]) if len(found) == 1 else None

    def moving(self) -> list[Replacement]:
        """What is under way, oldest first."""
        return self._listed(ReplacementRow.state.in_(_MOVING))

    def since(self, since: datetime, account_id: AccountId | None = None) -> list[Replacement]:
        """What was approved since then, in one account or all, oldest first."""
        conditions = [ReplacementRow.approved_at >= since]
        if account_id is not None:
            conditions.append(ReplacementRow.account_id == account_id)
        return self._listed(*conditions)

    def begun_since(self, account_id: AccountId, since: datetime) -> list[Begun]:
        """When replacements of an account first wrote at Meta, and to which ad set."""
        rows = self._session.execute(
            select(ReplacementRow.adset_id, ReplacementRow.begun_at)
            .where(ReplacementRow.account_id == account_id, ReplacementRow.begun_at >= since)
            .order_by(ReplacementRow.begun_at)
        )
        return [Begun(adset_id, begun_at) for adset_id, begun_at in rows if begun_at is not None]

    def outcomes_since(self, account_id: AccountId, since: datetime) -> tuple[list[datetime], list[datetime]]:
        """When replacements of an account failed, and when others went live; oldest first."""
        own = ReplacementRow.account_id == account_id
        failed = self._session.scalars(
            select(ReplacementRow.finished_at)
            .where(
                own,
                ReplacementRow.state == ReplacementState.FAILED.value,
                ReplacementRow.finished_at >= since,
            )
            .order_by(ReplacementRow.finished_at)
        )
        live = self._session.scalars(
            select(ReplacementRow.live_at)
            .where(own, ReplacementRow.live_at >= since)
            .order_by(ReplacementRow.live_at)
        )
        return [at for at in failed if at], [at for at in live if at]

    def followed(self, now: datetime) -> list[Replacement]:
        """Those that went live and lack a verdict whose day may have come, oldest first."""
        lacks = or_(*(_lacks(days, now) for days in CHECK_DAYS))
        since = ReplacementRow.live_at > now - _FOLLOWED_FOR
        return self._listed(ReplacementRow.state.in_(_FOLLOWED), since, lacks)

    def due(self, now: datetime, stuck_before: datetime, limit: int) -> list[Replacement]:
        """What has something to do now, and what a process took before then and never gave back."""
        rows = self._session.scalars(
            select(ReplacementRow)
            .where(
                ReplacementRow.state.in_(_MOVING),
                ReplacementRow.next_at <= now,
                or_(ReplacementRow.claimed_at.is_(None), ReplacementRow.claimed_at < stuck_before),
            )
            .order_by(ReplacementRow.next_at, ReplacementRow.id)
            .limit(limit)
        )
        return [value_of(row) for row in rows]

    def claim(self, replacement: Replacement, now: datetime) -> int | None:
        """Take the right to carry it on; None when somebody else took it or a person moved it since."""
        token: int | None = self._session.scalar(
            update(ReplacementRow)
            .where(
                ReplacementRow.id == replacement.id,
                ReplacementRow.state.in_(_MOVING),
                ReplacementRow.lease_token == replacement.lease_token,
            )
            .values(lease_token=ReplacementRow.lease_token + 1, claimed_at=now)
            .returning(ReplacementRow.lease_token)
            .execution_options(synchronize_session=False)
        )
        return token

    def save(self, replacement: Replacement, lease_token: int) -> bool:
        """Record how far it is; False when the claim was lost: then stop and touch nothing.

        What the approval fixed is never written again. A replacement that came to rest is nobody's any more.
        """
        values = changing(replacement)
        if replacement.state.moving:
            values.pop("claimed_at")
        if values["begun_at"] is None:
            values.pop("begun_at")
        else:
            values["begun_at"] = func.coalesce(ReplacementRow.begun_at, values["begun_at"])
        return self._write(replacement, ReplacementRow.lease_token == lease_token, **values)

    def release(self, replacement: Replacement, lease_token: int, next_at: datetime) -> bool:
        """Give it back until that time."""
        mine = ReplacementRow.lease_token == lease_token
        return self._write(replacement, mine, claimed_at=None, next_at=next_at)

    def move(self, replacement: Replacement, *, seen_version: int) -> bool:
        """A person's change, unless it moved since that version; says whether it was written.

        It writes nothing about steps, and takes the claim from whoever carries it out: their next record
        is refused. `claimed_at` stays, so that nobody else begins while their last call may be on its way.
        """
        try:
            with self._session.begin_nested():
                return self._write(
                    replacement,
                    ReplacementRow.version == seen_version,
                    state=replacement.state.value,
                    version=replacement.version,
                    undo_by=replacement.undo_by,
                    undo_forced=replacement.undo_forced,
                    next_at=replacement.next_at,
                    finished_at=replacement.finished_at,
                    reason=plain(replacement.reason),
                    lease_token=ReplacementRow.lease_token + 1,
                )
        except IntegrityError:
            raise Stale("Another replacement of this ad is under way; wait for its end or undo it.") from None

    def _write(self, replacement: Replacement, condition: ColumnElement[bool], **values: Any) -> bool:
        statement = update(ReplacementRow).where(ReplacementRow.id == replacement.id, condition)
        options = {"synchronize_session": False}
        return rowcount(self._session.execute(statement.values(**values), execution_options=options)) == 1

    def _listed(self, *conditions: ColumnElement[bool]) -> list[Replacement]:
        rows = self._session.scalars(
            select(ReplacementRow).where(*conditions).order_by(ReplacementRow.approved_at, ReplacementRow.id)
        )
        return [value_of(row) for row in rows]


def _lacks(days: int, now: datetime) -> ColumnElement[bool]:
    """So many days have passed since it went live, and there is no verdict on them."""
    made = exists().where(
        VerdictRow.workspace_id == ReplacementRow.workspace_id,
        VerdictRow.replacement_id == ReplacementRow.id,
        VerdictRow.after_days == days,
    )
    return and_(ReplacementRow.live_at <= now - timedelta(days=days), ~made)
