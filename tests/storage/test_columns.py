"""Moments come back as the same moments, and rows that exist are brought up to date."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.exc import StatementError

from storage.base import upsert
from storage.leases import LeaseRow
from storage.structure import CampaignRow
from tests.storage.samples import ACCOUNT, HOUR, NOW, OURS

ZONES = st.sampled_from([UTC, ZoneInfo("Asia/Kolkata"), ZoneInfo("America/New_York"), timezone(-HOUR * 11)])
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001 - bounds
KEY = ["workspace_id", "account_id", "id"]


@pytest.fixture
def tx(database):
    with database.workspace(OURS) as opened:
        yield opened


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(MOMENTS)
def test_a_moment_comes_back_as_the_same_moment_in_utc(tx, moment):
    upsert(tx._session, LeaseRow, [_tick("same", moment)], key=["job_id", "slot"])
    kept = tx._session.scalar(select(LeaseRow.slot).where(LeaseRow.slot == moment))
    assert (kept, kept.tzinfo) == (moment.astimezone(UTC), UTC)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(MOMENTS, min_size=2, max_size=2))
def test_the_database_orders_moments_as_time_does(tx, moments):
    job = "".join(moment.astimezone(UTC).isoformat()[:30] for moment in moments)[:64]
    for moment in moments:
        upsert(tx._session, LeaseRow, [_tick(job, moment)], key=["job_id", "slot"])
    kept = tx._session.scalars(select(LeaseRow.slot).where(LeaseRow.job_id == job).order_by(LeaseRow.slot))
    assert kept.all() == sorted({moment.astimezone(UTC) for moment in moments})


def test_a_moment_without_a_zone_is_refused_wherever_it_is_written_or_asked_for(tx):
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="time zone"):
        tx.leases.take("job", naive, NOW)
    with pytest.raises(StatementError, match="time zone"):
        tx.accounts.due(naive, 10)


def test_an_upsert_brings_up_to_date_and_keeps_what_it_is_told_to_keep(tx):
    upsert(tx._session, CampaignRow, [_campaign("1", "old"), _campaign("2", "old")], key=KEY)
    changed = [_campaign("2", "new", budget=7), _campaign("3", "new")]
    upsert(tx._session, CampaignRow, changed, key=KEY, keep=["name"])
    rows = tx._session.execute(
        select(CampaignRow.id, CampaignRow.name, CampaignRow.daily_budget_minor).order_by(CampaignRow.id)
    )
    assert [tuple(row) for row in rows] == [("1", "old", None), ("2", "old", 7), ("3", "new", None)]


def test_an_upsert_writes_nothing_over_a_value(tx):
    for budget in (7, None):
        upsert(tx._session, CampaignRow, [_campaign("1", "one", budget=budget)], key=KEY)
    assert tx._session.scalar(select(CampaignRow.daily_budget_minor)) is None


def test_an_upsert_of_no_rows_does_nothing(tx):
    upsert(tx._session, CampaignRow, [], key=KEY)
    assert tx.structures.campaigns(ACCOUNT) == []


def test_a_large_page_is_kept_whole(tx):
    # More values than one statement may hold on either database.
    page = [_campaign(str(number), "same", budget=number % 2 or None) for number in range(3000)]
    for _ in range(2):
        upsert(tx._session, CampaignRow, page, key=KEY)
    assert len(tx.structures.campaigns(ACCOUNT)) == 3000


def test_a_page_is_one_statement_whatever_is_missing_in_its_rows(tx):
    page = [_campaign(str(number), "same", budget=number % 2 or None) for number in range(500)]
    statements = []
    event.listen(tx._session.connection(), "before_cursor_execute", lambda *told: statements.append(told[2]))
    upsert(tx._session, CampaignRow, page, key=KEY)
    assert len(statements) == 1


def _tick(job, slot):
    return {"job_id": job, "slot": slot, "taken_at": slot + timedelta(hours=1)}


def _campaign(number, name, *, budget=None):
    return {
        "workspace_id": OURS,
        "account_id": ACCOUNT,
        "id": number,
        "name": name,
        "objective": "OUTCOME_SALES",
        "configured_status": "ACTIVE",
        "effective_status": "ACTIVE",
        "daily_budget_minor": budget,
        "updated_at": NOW,
    }
