"""A workspace's transaction neither sees nor touches another's rows, in any table, whatever is asked."""

from datetime import date, datetime

import pytest
from sqlalchemy import (
    BigInteger,
    Date,
    Float,
    Integer,
    LargeBinary,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased

from bot.domain.ids import Level, ObjectId
from bot.domain.quiet import Watch
from bot.domain.report import Sight
from storage.base import Base, UTCDateTime, WorkspaceOwned, insert_new, upsert
from storage.leases import LeaseRow
from storage.outbox import Kind
from storage.polls import Poll
from tests.storage.samples import (
    ACCOUNT,
    AD,
    CAMPAIGN,
    CHANNEL,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    OURS,
    PERSON,
    THEIRS,
    TODAY,
    action,
    ad,
    ad_day,
    adset,
    alert,
    campaign,
    connect,
    creative,
    delivery,
    request,
    save_structure,
    workspace,
)

MAPPERS = sorted(
    (mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, WorkspaceOwned)),
    key=lambda mapper: mapper.local_table.name,
)
TABLES = pytest.mark.parametrize(
    "row", [mapper.class_ for mapper in MAPPERS], ids=[mapper.local_table.name for mapper in MAPPERS]
)


def test_every_table_belongs_to_workspaces_but_the_one_for_ticks():
    others = {mapper.class_ for mapper in Base.registry.mappers} - {mapper.class_ for mapper in MAPPERS}
    assert others == {LeaseRow}


@TABLES
def test_a_workspace_sees_its_own_row_only(database, row):
    _one_row_each(database, row)
    with database.workspace(OURS) as tx:
        session = tx._session
        assert [one.workspace_id for one in session.scalars(select(row))] == [OURS]
        assert session.scalar(select(func.count()).select_from(row)) == 1
        assert [one.workspace_id for one in session.scalars(select(aliased(row)))] == [OURS]
        assert session.scalar(select(select(func.count()).select_from(row).scalar_subquery())) == 1
        assert session.scalar(select(func.count()).select_from(select(row).subquery())) == 1
        # Not even when it is asked for by name.
        assert session.scalars(select(row).where(row.workspace_id == THEIRS)).all() == []
        assert session.get(row, _key_of(database, row, THEIRS)) is None
        assert session.get(row, _key_of(database, row, OURS)) is not None
    with database.system_read() as tx:
        assert {one.workspace_id for one in tx._session.scalars(select(row))} == {OURS, THEIRS}


@TABLES
def test_a_workspace_changes_its_own_row_only(database, row):
    _one_row_each(database, row)
    name = next(column.name for column in inspect(row).local_table.columns if not column.primary_key)
    value = _value(inspect(row).local_table.c[name], other=True)
    if name == "workspace_id":
        name, value = "what", "changed"
    change = update(row).values({name: value})
    with database.workspace(OURS) as tx:
        assert tx._session.execute(change).rowcount == 1
        assert tx._session.execute(change.where(row.workspace_id == THEIRS)).rowcount == 0
    with database.system_read() as tx:
        changed = {one.workspace_id: getattr(one, name) == value for one in tx._session.scalars(select(row))}
        assert changed == {OURS: True, THEIRS: False}


@TABLES
def test_a_workspace_removes_its_own_row_only(database, row):
    _one_row_each(database, row)
    key = inspect(row).primary_key
    with database.workspace(OURS) as tx:
        every = tuple_(*key).in_(select(*key))
        assert tx._session.execute(delete(row).where(row.workspace_id == THEIRS)).rowcount == 0
        assert tx._session.execute(delete(row).where(every)).rowcount == 1
    with database.system_read() as tx:
        assert [one.workspace_id for one in tx._session.scalars(select(row))] == [THEIRS]


@TABLES
def test_a_workspace_adds_its_own_row_only(sqlite_database, row):
    values = _values(row, THEIRS)
    key = [column.name for column in inspect(row).primary_key]
    for add in (
        lambda session: session.add(row(**values)),
        lambda session: session.merge(row(**values)),
        lambda session: session.execute(insert(row).values(**values)),
        lambda session: session.execute(insert(row), [values]),
        lambda session: session.execute(insert(row.__table__), [values]),
        lambda session: session.execute(text("SELECT 1")),
        lambda session: session.execute(select(row.__table__)),
        lambda session: upsert(session, row, [_values(row, OURS), values], key=key),
        lambda session: insert_new(session, row, values, key=key),
    ):
        with pytest.raises(RuntimeError, match="workspace"), sqlite_database.workspace(OURS) as tx:
            add(tx._session)  # what was only added is written, or refused, at the end
    with sqlite_database.system_read() as tx:
        assert tx._session.scalars(select(row)).all() == []


def test_no_repository_writes_a_row_of_another_workspace(sqlite_database):
    watch = {(Level.CAMPAIGN, CAMPAIGN): Watch(NOW, TODAY, 1, 1, ())}
    reach = [(Level.CAMPAIGN, CAMPAIGN, 10, 1.5)]
    for write in (
        lambda tx: tx.workspaces.save(workspace(THEIRS), None),
        lambda tx: tx.workspaces.connect(THEIRS, "settings", None, NOW),
        lambda tx: tx.structures.save_campaigns(THEIRS, ACCOUNT, [campaign()]),
        lambda tx: tx.structures.save_adsets(THEIRS, ACCOUNT, [adset()]),
        lambda tx: tx.structures.save_ads(THEIRS, ACCOUNT, [ad()]),
        lambda tx: tx.structures.save_creatives(THEIRS, ACCOUNT, [creative()]),
        lambda tx: tx.insights.save(THEIRS, ACCOUNT, [ad_day()], NOW),
        lambda tx: tx.readings.remember(THEIRS, ACCOUNT, Level.AD, [TODAY], NOW),
        lambda tx: tx.readings.save_watches(THEIRS, ACCOUNT, watch),
        lambda tx: tx.readings.save_reach(THEIRS, ACCOUNT, reach, window=(7, TODAY), read_at=NOW),
        lambda tx: tx.polls.start(THEIRS, ACCOUNT, NOW, NOW),
        lambda tx: tx.inbox.add(request(owner=THEIRS)),
        lambda tx: tx.outbox.put(delivery(owner=THEIRS), "key", NOW),
        lambda tx: tx.outbox.put_latest(delivery(owner=THEIRS, kind=Kind.ALERT_EDIT), "key", NOW),
        lambda tx: tx.alerts.add(alert(owner=THEIRS)),
        lambda tx: tx.actions.add(action(owner=THEIRS)),
        lambda tx: tx.audit.add(THEIRS, NOW, PERSON, "ad.paused", object_id=AD),
    ):
        with pytest.raises(RuntimeError, match="no other workspace"), sqlite_database.workspace(OURS) as tx:
            write(tx)


@pytest.fixture
def neighbours(database):
    """Two workspaces that watch accounts, ads and campaigns of the very same ids; only ours is read now."""
    for owner, later in ((OURS, DAY * 0), (THEIRS, MINUTE)):
        connect(database, owner, name=f"Account {owner}", due_at=NOW - later)
        with database.workspace(owner) as tx:
            _fill(tx, owner, 1 if owner == OURS else 1000)
            tx.readings.remember(owner, ACCOUNT, Level.CAMPAIGN, [TODAY], NOW + later)
    return database


def test_structure_is_read_from_ones_own_workspace(neighbours):
    with neighbours.read(OURS) as tx:
        (one,) = tx.structures.ads(ACCOUNT)
        assert (one.entity.name, one.entity.adset_name, one.entity.campaign_name) == (OURS, OURS, OURS)
        (one,) = tx.structures.adsets(ACCOUNT)
        assert (one.entity.name, one.entity.campaign_name) == (OURS, OURS)
        assert [one.name for one in tx.structures.campaigns(ACCOUNT)] == [OURS]
        assert tx.structures.ad(ACCOUNT, AD)[0].name == OURS
        assert tx.structures.thumbnail(ACCOUNT, AD) == f"https://example.com/{OURS}.jpg"
        assert (tx.structures.count_ads(ACCOUNT), tx.structures.count_delivering(ACCOUNT)) == (1, 1)


def test_figures_are_summed_over_ones_own_workspace(neighbours):
    with neighbours.read(OURS) as tx:
        for level in Level:
            (days,) = tx.insights.series(ACCOUNT, level, TODAY, TODAY).values()
            (total,) = tx.insights.totals(ACCOUNT, level, TODAY, TODAY).values()
            assert [day.figures for day in days] == [total]
            assert total.purchases == 1
        ((_, looked),) = tx.readings.as_read(ACCOUNT, Level.CAMPAIGN, TODAY, NOW + HOUR).items()
        assert looked.purchases == 1
        (reading,) = tx.readings.of_day(ACCOUNT, Level.CAMPAIGN, ObjectId("campaign0"), TODAY)
        assert (reading.read_at, reading.figures.purchases) == (NOW, 1)
        (watch,) = tx.readings.watches(ACCOUNT).values()
        assert watch.spend_minor == 1
        assert tx.readings.frequencies(ACCOUNT, Level.CAMPAIGN, 7, TODAY) == {CAMPAIGN: 1.0}


def test_alerts_actions_messages_and_requests_are_ones_own(neighbours):
    with neighbours.read(OURS) as tx:
        assert [one.account.name for one in tx.accounts.all()] == [f"Account {OURS}"]
        assert [one.workspace_id for one in tx.accounts.due(NOW + DAY, 10)] == [OURS]
        assert [one.workspace_id for one in tx.alerts.unresolved()] == [OURS]
        assert [one.workspace_id for one in tx.alerts.live(ACCOUNT).values()] == [OURS]
        assert tx.alerts.count_unresolved(ACCOUNT) == 1
        assert [one.workspace_id for one in tx.actions.due(NOW, NOW, 10)] == [OURS]
        assert [one.workspace_id for one in tx.outbox.due(NOW, 10)] == [OURS]
        assert tx.outbox.waiting() == (1, NOW)
        assert [one.workspace_id for one in tx.inbox.left_over(NOW + DAY, NOW, 10)] == [OURS]
        assert tx.inbox.outcome_of(THEIRS, "key1") is None
        assert tx.audit.of(THEIRS, AD) == []
        assert len(tx.audit.of(OURS, AD)) == 1
        assert [one.calls for one in tx.polls.of(ACCOUNT)] == [1]
        assert tx.polls.calls_since(ACCOUNT, NOW - DAY) == 1
        assert [one.id for one in tx.workspaces.all()] == [OURS]
        assert tx.workspaces.get(THEIRS) is None
        assert tx.workspaces.bot_token(THEIRS) is None
        assert tx.workspaces.meta_token(THEIRS, "settings") is None


def test_what_one_workspace_does_changes_nothing_in_the_other(neighbours):
    with neighbours.read(THEIRS) as tx:
        before = _picture(tx, THEIRS)
    with neighbours.workspace(OURS) as tx:
        (waiting,) = tx.outbox.due(NOW, 10)
        tx.accounts.claim(ACCOUNT, NOW, HOUR, due_only=True)
        tx.accounts.note_sight(ACCOUNT, Sight(read_at=NOW))
        tx.accounts.note_told(ACCOUNT, NOW)
        tx.accounts.note_progress(ACCOUNT, {"today": NOW.isoformat()})
        tx.structures.note_status(ACCOUNT, Level.AD, AD, configured="PAUSED", effective="PAUSED")
        tx.alerts.save(alert(good_polls=2), seen_version=1)
        tx.alerts.note_message(alert().id, CHANNEL, "1.1")
        tx.outbox.hold(THEIRS, CHANNEL, NOW + DAY)
        tx.outbox.claim(waiting, NOW)
        tx.inbox.claim(request(owner=THEIRS), NOW, NOW)
        tx.inbox.finish(request(owner=THEIRS), "ok")
        tx.actions.claim(action(), NOW)
        tx.polls.finish(ACCOUNT, NOW, Poll(NOW, NOW, NOW, 9, 9, "ok"))
        tx.workspaces.suspend(THEIRS, NOW, "removed", forget=True)
        tx.readings.forget(NOW + DAY, 100)
        tx.inbox.forget(NOW + DAY)
        tx.polls.forget(NOW + DAY)
    with neighbours.read(THEIRS) as tx:
        assert _picture(tx, THEIRS) == before


def _fill(tx, owner, number):
    save_structure(tx, owner, owner)
    tx.workspaces.save(workspace(owner), "xoxb-token")
    tx.workspaces.connect(owner, "settings", "EAAtoken", NOW)
    tx.insights.save(owner, ACCOUNT, [ad_day(purchases=number)], NOW)
    tx.readings.save_watches(owner, ACCOUNT, {(Level.CAMPAIGN, CAMPAIGN): Watch(NOW, TODAY, number, 1, ())})
    reach = [(Level.CAMPAIGN, CAMPAIGN, 10, float(number))]
    tx.readings.save_reach(owner, ACCOUNT, reach, window=(7, TODAY), read_at=NOW)
    tx.alerts.add(alert(owner=owner))
    tx.actions.add(action(owner=owner))
    tx.outbox.put(delivery(owner=owner), "key", NOW)
    tx.inbox.add(request(owner=owner))
    tx.audit.add(owner, NOW, PERSON, "ad.paused", object_id=AD)
    tx.polls.start(owner, ACCOUNT, NOW, NOW)
    tx.polls.finish(ACCOUNT, NOW, Poll(NOW, NOW, None, number, 5, ""))


def _picture(tx, owner):
    return [
        tx.accounts.all(),
        tx.structures.ads(ACCOUNT),
        tx.alerts.unresolved(),
        tx.actions.of_alert(alert().id),
        tx.outbox.due(NOW, 10),
        tx.inbox.left_over(NOW + DAY, NOW, 10),
        tx.inbox.outcome_of(owner, "key1"),
        tx.polls.of(ACCOUNT),
        tx.workspaces.get(owner),
        tx.workspaces.bot_token(owner),
        tx.workspaces.meta_token(owner, "settings"),
        tx.readings.as_read(ACCOUNT, Level.CAMPAIGN, TODAY, NOW + DAY),
    ]


def _one_row_each(database, row):
    for owner in (OURS, THEIRS):
        with database.workspace(owner) as tx:
            tx._session.add(row(**_values(row, owner)))


def _key_of(database, row, owner):
    with database.system_read() as tx:
        found = tx._session.scalar(select(row).where(row.workspace_id == owner))
        return inspect(row).primary_key_from_instance(found)


def _values(row, owner):
    """The same values for every workspace but its own id; a key that the database counts is left out."""
    columns = inspect(row).local_table.columns
    given = {column.name: _value(column) for column in columns if column.autoincrement is not True}
    return {**given, "workspace_id": owner}


def _value(column, *, other=False):
    kind = column.type
    if isinstance(kind, UTCDateTime):
        return datetime(2026, 1, 2 if other else 1, tzinfo=NOW.tzinfo)
    if isinstance(kind, Date):
        return date(2026, 1, 2 if other else 1)
    if isinstance(kind, LargeBinary):
        return b"b" if other else b"a"
    if isinstance(kind, Integer | BigInteger | Float):
        return 2 if other else 1
    return "b" if other else "a"
