"""How tired ads are: both rules' verdicts of those that are or were raised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Date, Index, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.fatigue import ClassicVerdict, EvidenceVerdict, Status
from bot.domain.fatigue_memory import Memory
from bot.domain.fatigue_reading import AdFacts, ChartDay, FatigueReading, reading_of
from bot.domain.ids import AccountId, ObjectId, WorkspaceId
from bot.domain.lookalikes import Lookalike
from bot.domain.policy import FatigueRule
from bot.domain.signals import MetaSignal
from storage.base import Base, WorkspaceOwned, rowcount, upsert
from storage.insights import AdDayRow
from storage.signals import Signals

_RAISED = [one.value for one in Status if one.raised]
_KEY = ("workspace_id", "account_id", "ad_id")


class FatigueRow(WorkspaceOwned, Base):
    """An ad that is or was raised by either rule, as last assessed."""

    __tablename__ = "fatigue_readings"
    __table_args__ = (Index("ix_fatigue_readings_age", "day"),)

    account_id: Mapped[str] = mapped_column(String(32), primary_key=True, sort_order=-9)
    ad_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    adset_id: Mapped[str] = mapped_column(String(32))
    day: Mapped[date] = mapped_column(Date)
    classic_status: Mapped[str] = mapped_column(String(24))
    evidence_status: Mapped[str] = mapped_column(String(24))
    classic: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    memory: Mapped[str] = mapped_column(Text)
    earlier: Mapped[str | None] = mapped_column(Text)  # the memory before that day, to judge the day again
    facts: Mapped[str] = mapped_column(Text)
    lookalikes: Mapped[str] = mapped_column(Text)
    assessed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Assessed:
    """One ad as it is kept after a day: verdicts, memory and what explains or does not explain them."""

    ad_id: ObjectId
    adset_id: ObjectId
    classic: ClassicVerdict
    evidence: EvidenceVerdict
    memory: Memory
    earlier: Memory | None
    facts: AdFacts
    lookalikes: tuple[Lookalike, ...] = ()


class Fatigue:
    """Tired ads."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._signals = Signals(session)

    def save(
        self, owner: WorkspaceId, account: AccountId, assessed: Iterable[Assessed], at: datetime
    ) -> None:
        """Keep what was assessed, in place of what was known of the same ads."""
        upsert(self._session, FatigueRow, [_row(owner, account, one, at) for one in assessed], key=_KEY)

    def rest(self, account: AccountId, before: date) -> None:
        """Ads that were not assessed on that day have not delivered for weeks: nothing is told of them."""
        nothing = Status.INSUFFICIENT_DATA.value
        self._session.execute(
            update(FatigueRow)
            .where(FatigueRow.account_id == account, FatigueRow.day < before)
            .values(classic_status=nothing, evidence_status=nothing),
            execution_options={"synchronize_session": False},
        )

    def memories(self, account: AccountId) -> dict[ObjectId, tuple[Memory, Memory | None]]:
        """How ads stood when they were last assessed, and before that day."""
        rows = self._session.execute(
            select(FatigueRow.ad_id, FatigueRow.memory, FatigueRow.earlier).where(
                FatigueRow.account_id == account
            )
        )
        return {
            ObjectId(ad): (_decoded(memory, Memory), _decoded(earlier, Memory) if earlier else None)
            for ad, memory, earlier in rows
        }

    def raised(self, account: AccountId, rule: FatigueRule) -> dict[ObjectId, FatigueReading]:
        """Every ad that the rule watches or calls tired, without its days."""
        chosen = FatigueRow.classic_status if rule is FatigueRule.CLASSIC else FatigueRow.evidence_status
        rows = self._session.scalars(
            select(FatigueRow).where(FatigueRow.account_id == account, chosen.in_(_RAISED))
        ).all()
        spoken = self._signals.of(account, {one for row in rows for one in (row.ad_id, row.adset_id)})
        return {ObjectId(row.ad_id): _reading(row, rule, spoken) for row in rows}

    def reading(
        self, account: AccountId, ad: ObjectId, rule: FatigueRule, *, series: Sequence[date] = ()
    ) -> FatigueReading | None:
        """One ad as last assessed, with its figures of those days; None when no rule ever raised it."""
        row = self._session.scalar(
            select(FatigueRow).where(FatigueRow.account_id == account, FatigueRow.ad_id == ad)
        )
        if row is None:
            return None
        spoken = self._signals.of(account, {row.ad_id, row.adset_id})
        return _reading(row, rule, spoken, self.series(account, ad, series) if series else ())

    def series(self, account: AccountId, ad: ObjectId, days: Sequence[date]) -> tuple[ChartDay, ...]:
        """An ad's delivering days among those, oldest first."""
        rows = self._session.execute(
            select(
                AdDayRow.day,
                AdDayRow.impressions,
                AdDayRow.link_clicks,
                AdDayRow.impressions_7d,
                AdDayRow.reach_7d,
            )
            # Each day named: the key begins with the day, so a range would read every ad of the account.
            .where(AdDayRow.account_id == account, AdDayRow.day.in_(days), AdDayRow.ad_id == ad)
            .order_by(AdDayRow.day)
        )
        return tuple(
            ChartDay(day, shown, clicks, week / people if week and people else None)
            for day, shown, clicks, week, people in rows
            if shown
        )

    def forget(self, before: datetime) -> int:
        """Remove readings of days before that; says how many."""
        statement = delete(FatigueRow).where(FatigueRow.day < before.date())
        done = self._session.execute(statement, execution_options={"synchronize_session": False})
        return rowcount(done)


def _row(owner: WorkspaceId, account: AccountId, one: Assessed, at: datetime) -> dict[str, Any]:
    return {
        "workspace_id": owner,
        "account_id": account,
        "ad_id": one.ad_id,
        "adset_id": one.adset_id,
        "day": one.memory.day,
        "classic_status": one.memory.classic.status.value,
        "evidence_status": one.memory.evidence.status.value,
        "classic": _encoded(one.classic),
        "evidence": _encoded(one.evidence),
        "memory": _encoded(one.memory),
        "earlier": None if one.earlier is None else _encoded(one.earlier),
        "facts": _encoded(one.facts),
        "lookalikes": _encoded(one.lookalikes),
        "assessed_at": at,
    }


def _reading(
    row: FatigueRow,
    rule: FatigueRule,
    signals: Mapping[ObjectId, tuple[MetaSignal, ...]],
    series: tuple[ChartDay, ...] = (),
) -> FatigueReading:
    ad, adset = ObjectId(row.ad_id), ObjectId(row.adset_id)
    return reading_of(
        (AccountId(row.account_id), ad, adset),
        rule,
        classic=_decoded(row.classic, ClassicVerdict),
        evidence=_decoded(row.evidence, EvidenceVerdict),
        memory=_decoded(row.memory, Memory),
        facts=_decoded(row.facts, AdFacts),
        lookalikes=_decoded(row.lookalikes, tuple[Lookalike, ...]),
        signals=(*signals.get(ad, ()), *signals.get(adset, ())),
        series=series,
    )


def _encoded(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _decoded(text: str, kind: Any) -> Any:
    return msgspec.json.decode(text, type=kind)
