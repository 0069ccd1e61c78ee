"""What the rules look at, put together from sums that the database made."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.domain.days import local_day
from bot.domain.ids import Level, ObjectId
from bot.domain.insights import DayFigures, total
from bot.domain.quiet import Watch, spell
from bot.domain.structure import EntityRef
from bot.domain.targets import thresholds
from bot.rules.base import EntitySeries, Snapshot
from bot.services.fatigue import readings
from storage.accounts import WatchedAccount
from storage.db import Database
from storage.repositories import Repositories
from storage.structure import KnownObject

_HISTORY_DAYS = 28
_LATELY = timedelta(days=2)
_AD_DAYS = 18  # rules judge ads over up to 3 days, and compare with the 14 before them
_AT_FAULT = frozenset({"DISAPPROVED", "WITH_ISSUES"})
# Ad Set, `optimization_goal`: what is bought so that people purchase.
_BUYS_PURCHASES = frozenset({"OFFSITE_CONVERSIONS", "VALUE", "ONSITE_CONVERSIONS"})

Days = dict[ObjectId, tuple[DayFigures, ...]]


def load(db: Database, watched: WatchedAccount, now: datetime, data_as_of: datetime) -> Snapshot:
    """The account as its rules see it at this moment."""
    account = watched.account
    today = local_day(now, account.timezone_name)
    with db.read(watched.workspace_id) as tx:
        live = tx.alerts.live(account.id)
        recent = tx.alerts.resolved_since(account.id, now - _LATELY)
        days = {level: _days(tx, watched, level, today) for level in Level}
        objects = _objects(tx, watched)
        watches = tx.readings.watches(account.id)
        tired = readings(tx, account.id)
    history = total(
        day.figures for day in days[Level.ACCOUNT].get(ObjectId(account.id), ()) if day.day < today
    )
    return Snapshot(
        account=account,
        thresholds=thresholds(watched.targets, history),
        now=now,
        data_as_of=data_as_of,
        today=today,
        series=tuple(_series(objects, days, watches)),
        open_alerts=frozenset((alert.rule_id, alert.finding.entity.id) for alert in live.values()),
        recent_alerts=frozenset((alert.rule_id, alert.finding.entity.id) for alert in recent.values()),
        fatigue=tired,
    )


def _days(tx: Repositories, watched: WatchedAccount, level: Level, today: date) -> Days:
    back = _AD_DAYS if level is Level.AD else _HISTORY_DAYS
    return tx.insights.series(watched.account.id, level, today - timedelta(days=back), today)


def _objects(tx: Repositories, watched: WatchedAccount) -> list[KnownObject]:
    account = watched.account
    adsets = tx.structures.adsets(account.id)
    buying = {one.entity.campaign_id for one in adsets if one.optimization_goal in _BUYS_PURCHASES}
    whole = EntityRef(level=Level.ACCOUNT, id=ObjectId(account.id), name=account.name)
    bought = next(iter(_BUYS_PURCHASES))
    return [
        KnownObject(whole, bought),
        *(
            KnownObject(one, bought if one.id in buying else "")
            for one in tx.structures.campaigns(account.id)
        ),
        *adsets,
        *tx.structures.ads(account.id),
    ]


def _series(
    objects: Iterable[KnownObject],
    days: dict[Level, Days],
    watches: dict[tuple[Level, ObjectId], Watch],
) -> Iterable[EntitySeries]:
    for one in objects:
        entity = one.entity
        own = days[entity.level].get(entity.id, ())
        wrong = one.issues or entity.effective_status in _AT_FAULT
        if not own and not wrong and entity.level is not Level.ACCOUNT:
            continue  # nothing delivered and nothing wrong: no rule has anything to say
        watch = watches.get((entity.level, entity.id))
        yield EntitySeries(
            entity=entity,
            days=own,
            quiet=spell(watch, own) if watch else None,
            issues=one.issues,
            seeks_purchases=one.optimization_goal in _BUYS_PURCHASES,
            updated_at=one.updated_at,
        )
