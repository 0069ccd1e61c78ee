"""Read-only answers: the report by campaign, how Spruce is doing, and the Home tab."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import bot
from bot.clock import Clock
from bot.domain.actions import ActionState
from bot.domain.alerts import State
from bot.domain.days import local_day
from bot.domain.findings import Severity, Unit
from bot.domain.ids import AccountId, Level, ObjectId, UserId, WorkspaceId
from bot.domain.insights import Figures, total
from bot.domain.report import AccountStatus, HomePage, Line, Mover, Report, Status
from bot.domain.structure import EntityRef
from bot.errors import BadInput, NotFound
from bot.services.cards import cards
from storage.accounts import WatchedAccount
from storage.db import Database
from storage.repositories import Repositories

PERIODS = ("today", "7d")
_MOVERS = 3
_NEWS = 0.05
_NO_FREQUENCY = "Frequency is read once an hour; it is not there yet for this period."


class ReportService:
    """Answers that change nothing."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def report(
        self, workspace_id: WorkspaceId, period: str, account: AccountId | None = None
    ) -> list[Report]:
        """One report per wanted account; raises BadInput or NotFound with the way out."""
        if period not in PERIODS:
            raise BadInput(f"The period {period!r} is not understood. Write today or 7d.", field="period")
        now = self._clock.now()
        with self._db.read(workspace_id) as tx:
            wanted = _wanted(tx.accounts.all(), account)
            return [_report(tx, watched, period, now) for watched in wanted]

    def status(self, workspace_id: WorkspaceId) -> Status:
        """How the workspace's accounts are seen, and what waits to be posted."""
        now = self._clock.now()
        with self._db.read(workspace_id) as tx:
            waiting, oldest = tx.outbox.waiting()
            failed, failure = tx.outbox.failed_since(now - timedelta(days=1))
            return Status(
                accounts=tuple(_account_status(tx, watched, now) for watched in tx.accounts.all()),
                messages_waiting=waiting,
                oldest_waiting_at=oldest,
                version=bot.__version__,
                now=now,
                messages_failed=failed,
                failure=failure,
            )

    def home(self, workspace_id: WorkspaceId, user_id: UserId) -> HomePage:
        """Accounts, alerts, and what needs a decision."""
        now = self._clock.now()
        with self._db.read(workspace_id) as tx:
            shown = cards(tx, tx.alerts.unresolved(), now)
            accounts = tuple(_account_status(tx, watched, now) for watched in tx.accounts.all())
        shown.sort(key=lambda one: -one.alert.severity.rank)
        deciding = [
            one
            for one in shown
            if (one.alert.state is State.OPEN and one.alert.severity is Severity.CRITICAL)
            or (one.actions and one.actions[0].state in (ActionState.FAILED, ActionState.CONFLICT))
        ]
        rest = [one for one in shown if one not in deciding]
        return HomePage(
            accounts=accounts,
            alerts=tuple(one for one in rest if one.alert.state is not State.SNOOZED),
            snoozed=tuple(one for one in rest if one.alert.state is State.SNOOZED),
            deciding=tuple(deciding),
            now=now,
        )


def _wanted(connected: list[WatchedAccount], account: AccountId | None) -> list[WatchedAccount]:
    found = [one for one in connected if account in (None, one.account.id)]
    if account is not None and not found:
        raise NotFound(f"{account} is not connected to this workspace.")
    return found


def _account_status(tx: Repositories, watched: WatchedAccount, now: datetime) -> AccountStatus:
    account_id = watched.account.id
    return AccountStatus(
        account=watched.account,
        channel_id=watched.channel_id,
        sight=watched.sight,
        active_ads=tx.structures.count_delivering(account_id),
        open_alerts=tx.alerts.count_unresolved(account_id),
        next_poll_at=watched.next_due_at,
        calls_last_hour=tx.polls.calls_since(account_id, now - timedelta(hours=1)),
    )


def _report(tx: Repositories, watched: WatchedAccount, period: str, now: datetime) -> Report:
    account = watched.account
    today = local_day(now, account.timezone_name)
    first, last = (
        (today, today) if period == "today" else (today - timedelta(days=7), today - timedelta(days=1))
    )
    current = tx.insights.totals(account.id, Level.CAMPAIGN, first, last)
    before, compared_with = _before(tx, account.id, period, today, now)
    frequencies = tx.readings.frequencies(account.id, Level.CAMPAIGN, (last - first).days + 1, last)
    overall = tx.readings.frequencies(account.id, Level.ACCOUNT, (last - first).days + 1, last)
    entities = {one.id: one for one in tx.structures.campaigns(account.id)}
    lines = sorted(
        (
            Line(_entity(entities, one), figures, before.get(one, Figures()), frequencies.get(one))
            for one, figures in current.items()
        ),
        key=lambda line: -line.now.spend_minor,
    )
    whole = EntityRef(level=Level.ACCOUNT, id=ObjectId(account.id), name=account.name)
    return Report(
        account=account,
        period=period,
        first_day=first,
        last_day=last,
        compared_with=compared_with,
        lines=tuple(lines),
        total=Line(whole, total(current.values()), total(before.values()), overall.get(whole.id)),
        movers=_movers(lines) if compared_with else (),
        sight=watched.sight,
        attribution_settings=tx.insights.attribution_settings(account.id, first, last),
        frequency_note="" if frequencies or not lines else _NO_FREQUENCY,
    )


def _before(
    tx: Repositories, account_id: AccountId, period: str, today: date, now: datetime
) -> tuple[dict[ObjectId, Figures], str]:
    """The like period before: whole days for 7d; for today, yesterday as it looked at this time."""
    if period == "7d":
        first = today - timedelta(days=14)
        figures = tx.insights.totals(account_id, Level.CAMPAIGN, first, today - timedelta(days=8))
        return figures, "the 7 days before" if figures else ""
    yesterday = today - timedelta(days=1)
    figures = tx.readings.as_read(account_id, Level.CAMPAIGN, yesterday, now - timedelta(days=1))
    return figures, "yesterday as read at this time" if figures else ""


def _entity(entities: dict[ObjectId, EntityRef], campaign: ObjectId) -> EntityRef:
    return entities.get(campaign) or EntityRef(level=Level.CAMPAIGN, id=campaign, name=campaign)


def _movers(lines: list[Line]) -> tuple[Mover, ...]:
    """What moved most, by the money it moved; a change of less than 5 % is no news."""
    moved = sorted((one for line in lines for one in _moves(line)), key=lambda one: -one[0])
    return tuple(mover for _money, mover in moved[:_MOVERS])


def _moves(line: Line) -> Iterator[tuple[float, Mover]]:
    """A campaign's changes, each with the money it stands for."""
    now, before = line.now.cost_per_purchase_minor, line.before.cost_per_purchase_minor
    if now is not None and before is not None and abs(now / before - 1) >= _NEWS:
        mover = Mover(line.entity, "cost per purchase", now, before, Unit.MONEY.value)
        yield abs(now - before) * line.now.purchases, mover
    spend, earlier = float(line.now.spend_minor), float(line.before.spend_minor)
    if earlier and abs(spend / earlier - 1) >= _NEWS:
        yield abs(spend - earlier), Mover(line.entity, "spend", spend, earlier, Unit.MONEY.value)
