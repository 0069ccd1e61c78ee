"""Things to keep, for the tests of storage; two workspaces that watch ad accounts of the same ids."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

from bot.domain.access import Role, Roles
from bot.domain.actions import ActionKind, ActionState, ObjectAction
from bot.domain.alerts import Alert, State
from bot.domain.findings import Finding, Quantity, Severity, Unit
from bot.domain.ids import AccountId, AlertId, ChannelId, Level, ObjectId, UserId, WorkspaceId
from bot.domain.insights import AdDay, Figures
from bot.domain.structure import Account, Ad, AdSet, Campaign, Creative, EntityRef, Issue
from bot.domain.targets import Targets
from storage.db import Database
from storage.inbox import Request
from storage.outbox import Delivery, Kind, Sending
from storage.repositories import Repositories
from storage.workspaces import Workspace

NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
OURS, THEIRS = WorkspaceId("T0OURS"), WorkspaceId("T0THEIRS")
ACCOUNT = AccountId("act_1001")
CHANNEL = ChannelId("C0ALERTS")
PERSON = UserId("U0TEAMMATE")
AD, ADSET, CAMPAIGN = ObjectId("3001"), ObjectId("2001"), ObjectId("1001")
Result = TypeVar("Result")


def together(count: int, act: Callable[[int], Result]) -> list[Result]:
    """What so many threads get that do the same at the same moment."""
    ready = Barrier(count)

    def run(number: int) -> Result:
        ready.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def workspace(owner: WorkspaceId = OURS) -> Workspace:
    """An installation."""
    return Workspace(
        id=owner,
        name=f"Workspace {owner}",
        bot_user_id="U0SPRUCE",
        roles=Roles(owners=frozenset({UserId("U0OWNER")}), everyone=Role.VIEWER),
        installed_at=NOW,
        suspended_at=None,
        suspended_reason="",
    )


def account(account_id: AccountId = ACCOUNT, name: str = "Cedar India") -> Account:
    """An ad account in rupees."""
    return Account(account_id, name, "INR", "Asia/Kolkata")


def connect(
    database: Database, owner: WorkspaceId = OURS, *, name: str = "Cedar India", due_at: datetime = NOW
) -> None:
    """Watch the account in a workspace."""
    with database.workspace(owner) as tx:
        tx.accounts.connect(
            owner,
            account(name=name),
            connection_id="settings",
            channel_id=CHANNEL,
            targets=Targets(ctr=0.009),
            due_at=due_at,
        )


def campaign(name: str = "IN_Prospecting") -> Campaign:
    """A campaign."""
    return Campaign(CAMPAIGN, name, "OUTCOME_SALES", "ACTIVE", "ACTIVE", 500_000, NOW)


def adset(name: str = "Broad") -> AdSet:
    """An ad set of that campaign."""
    return AdSet(ADSET, CAMPAIGN, name, "OFFSITE_CONVERSIONS", "ACTIVE", "ACTIVE", None, NOW)


def ad(name: str = "Monsoon video", status: str = "ACTIVE") -> Ad:
    """An ad of that ad set."""
    issue = Issue("1815869", "Cannot be shown", "Its page is not published.")
    return Ad(AD, ADSET, CAMPAIGN, name, ObjectId("4001"), "ACTIVE", status, NOW, (issue,))


def creative(picture: str = "https://example.com/a.jpg") -> Creative:
    """What that ad shows."""
    return Creative(ObjectId("4001"), "Monsoon", "Stay dry", None, picture, "VIDEO", "SHOP_NOW")


def save_structure(tx: Repositories, owner: WorkspaceId, name: str) -> None:
    """A campaign, an ad set and an ad of that name."""
    tx.structures.save_campaigns(owner, ACCOUNT, [campaign(name)])
    tx.structures.save_adsets(owner, ACCOUNT, [adset(name)])
    tx.structures.save_ads(owner, ACCOUNT, [ad(name)])
    tx.structures.save_creatives(owner, ACCOUNT, [creative(f"https://example.com/{name}.jpg")])


def ad_day(number: int = 1, day: date = TODAY, *, reach: int | None = None, **figures: int) -> AdDay:
    """A day of the ad of that number; three ads to an ad set, two ad sets to a campaign."""
    counted = {"impressions": 1000, "clicks": 20, "link_clicks": 15, "spend_minor": 12_345} | figures
    return AdDay(
        ad_id=ObjectId(f"ad{number}"),
        adset_id=ObjectId(f"adset{number // 3}"),
        campaign_id=ObjectId(f"campaign{number // 6}"),
        day=day,
        impressions=counted["impressions"],
        clicks=counted["clicks"],
        link_clicks=counted["link_clicks"],
        spend_minor=counted["spend_minor"],
        purchases=counted.get("purchases", 2),
        purchase_value_minor=counted.get("purchase_value_minor", 99_900),
        reach=reach,
        attribution_setting="7d_click_1d_view",
    )


def entity(object_id: ObjectId = AD) -> EntityRef:
    """Points at the ad."""
    return EntityRef(Level.AD, object_id, "Monsoon video", CAMPAIGN, "IN_Prospecting", ADSET, "Broad")


def finding(severity: Severity = Severity.WARNING, what: str = "CTR below threshold") -> Finding:
    """A rule's verdict on the ad."""
    return Finding(
        rule_id="ctr_below",
        entity=entity(),
        severity=severity,
        what=what,
        value=Quantity(Unit.PERCENT, 0.004),
        threshold=Quantity(Unit.PERCENT, 0.009),
        threshold_from="your target",
        window="today",
        since=NOW - HOUR,
        figures=Figures(impressions=10_000, link_clicks=40, spend_minor=98_765),
        cost_minor=54_321,
        cost_meaning="spent",
    )


def alert(number: int = 1, owner: WorkspaceId = OURS, **changes: Any) -> Alert:
    """An open alert; its fingerprint follows its number."""
    values: dict[str, Any] = {
        "id": AlertId(f"alert{number}"),
        "workspace_id": owner,
        "account_id": ACCOUNT,
        "fingerprint": f"{ACCOUNT}|ctr_below|ad:{number}",
        "rule_id": "ctr_below",
        "state": State.OPEN,
        "severity": Severity.WARNING,
        "finding": finding(),
        "opened_at": NOW,
        "last_seen_at": NOW,
        "good_polls": 0,
        "version": 1,
    }
    return Alert(**(values | changes))


def action(number: int = 1, owner: WorkspaceId = OURS, *, object_id: ObjectId = AD) -> ObjectAction:
    """A wish to pause the ad."""
    return ObjectAction(
        id=f"action{number}",
        workspace_id=owner,
        account_id=ACCOUNT,
        alert_id=AlertId("alert1"),
        entity=entity(object_id),
        kind=ActionKind.PAUSE,
        state=ActionState.REQUESTED,
        seen_status="ACTIVE",
        requested_by=PERSON,
        requested_at=NOW,
    )


def delivery(
    number: int = 1,
    owner: WorkspaceId = OURS,
    *,
    kind: Kind = Kind.ALERT,
    channel: ChannelId = CHANNEL,
    payload: str = "",
) -> Delivery:
    """A message to the channel."""
    return Delivery(
        id=f"delivery{number}",
        workspace_id=owner,
        channel_id=channel,
        kind=kind,
        subject_id="alert1",
        payload=payload,
        state=Sending.PENDING,
        attempt=0,
        body_version=1,
        lease_token=0,
        first_at=NOW,
        claimed_at=None,
    )


def request(number: int = 1, owner: WorkspaceId = OURS, *, at: datetime = NOW) -> Request:
    """A click as it was received."""
    return Request(owner, f"key{number}", "action", PERSON, '{"payload": true}', at)


def queued(database: Database, deliveries: Sequence[Delivery]) -> None:
    """Put messages into the outbox, each under its own id."""
    for one in deliveries:
        with database.workspace(one.workspace_id) as tx:
            assert tx.outbox.put(one, one.id, NOW)
