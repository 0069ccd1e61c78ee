"""A database of many ads for `bench/fatigue_scale.py`: written in bulk, with one ad of fifty that tires."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert

from bot.clock import SettableClock
from bot.domain.access import Role, Roles
from bot.domain.days import day_range
from bot.domain.ids import AccountId, ObjectId, UserId, WorkspaceId
from bot.domain.structure import Account, Ad
from bot.services.fatigue_day import DAYS
from storage.db import Database
from storage.insights import AdDayRow
from storage.migrate import upgrade
from storage.workspaces import Workspace

OWNER = WorkspaceId("T0BENCH")
DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
_ADS_PER_SET = 5
_TIRED = 50  # one of so many
_FALL, _RISE = 0.55, 1.6


def account_id(number: int) -> AccountId:
    """The id of the account of that number."""
    return AccountId(f"act_{7_000_000_000 + number}")


def build(db: Database, accounts: int, ads: int) -> SettableClock:
    """Make the schema, one workspace and its accounts with their ads and four weeks of figures."""
    upgrade(db.engine)
    with db.system() as tx:
        roles = Roles(owners=frozenset({UserId("U0OWNER")}), everyone=Role.VIEWER)
        tx.workspaces.save(Workspace(OWNER, "Bench", "U0SPRUCE", roles, NOW, None, ""), None)
    for number in range(accounts):
        _account(db, number, ads)
    return SettableClock(NOW)


def _account(db: Database, number: int, ads: int) -> None:
    one, ids = account_id(number), [f"12{number:02d}{ad:012d}" for ad in range(ads)]
    with db.workspace(OWNER, fast=True) as tx:
        account = Account(one, f"Account {number}", "INR", "Asia/Kolkata")
        tx.accounts.connect(
            OWNER, account, connection_id="settings", channel_id=None, targets=None, due_at=NOW
        )
        for place in range(0, ads, 500):
            tx.structures.save_ads(OWNER, one, list(_ads(ids, place, min(place + 500, ads))))
    table: Any = AdDayRow.__table__
    with db.engine.begin() as connection:
        for day, rows in _days(number, one, ids):
            assert len(rows) == ads, day
            connection.execute(insert(table), rows)


def _ads(ids: list[str], first: int, last: int) -> Iterator[Ad]:
    old = NOW - timedelta(days=90)
    for place in range(first, last):
        adset = ObjectId(f"22{place // _ADS_PER_SET:08d}")
        ad = ObjectId(ids[place])
        yield Ad(
            ad, adset, ObjectId("3201"), f"Ad {place}", ObjectId(f"4{ids[place]}"), "ACTIVE", "ACTIVE", old
        )


def _days(number: int, account: AccountId, ids: list[str]) -> Iterator[tuple[date, list[dict[str, Any]]]]:
    chance = np.random.default_rng(number)
    count = len(ids)
    size = np.exp(chance.normal(8.0, 0.8, count))
    rate = np.exp(chance.normal(np.log(0.012), 0.4, count))
    tired = np.arange(count) % _TIRED == 0
    for place, day in enumerate(day_range(DAY, DAYS)):
        late = max(0.0, (place - 20) / 7) * tired
        shown = chance.poisson(size)
        clicks = chance.poisson(shown * rate * np.exp(chance.normal(0, 0.1, count)) * _FALL**late)
        week, times = shown * 7, 1.6 * _RISE**late
        columns = {
            "impressions": shown,
            "clicks": clicks + chance.poisson(5, count),
            "link_clicks": clicks,
            "spend_minor": shown * 18,
            "purchases": chance.binomial(clicks, 0.04),
            "engagement": clicks * 2,
            "video_plays": shown // 5,
            "reach": (shown / (1.1 * _RISE**late)).astype(np.int64),
            "impressions_7d": week,
            "reach_7d": (week / times).astype(np.int64),
        }
        lists = {name: values.tolist() for name, values in columns.items()}
        yield day, [_row(account, day, place, ids, lists) for place in range(count)]


def _row(
    account: AccountId, day: date, place: int, ids: list[str], lists: dict[str, list[int]]
) -> dict[str, Any]:
    return {
        "workspace_id": OWNER,
        "account_id": account,
        "day": day,
        "ad_id": ids[place],
        "adset_id": f"22{place // _ADS_PER_SET:08d}",
        "campaign_id": "3201",
        "purchase_value_minor": 0,
        "creative_id": f"4{ids[place]}",
        "attribution_setting": "7d_click_1d_view",
        "read_at": NOW,
        **{name: values[place] for name, values in lists.items()},
    }
