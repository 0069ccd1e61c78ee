"""Cards, reports and pages that the tests of views share: an account in rupees, another in dollars."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.actions import ActionKind, ActionState, ObjectAction
from bot.domain.alerts import Alert, Ending, State
from bot.domain.findings import Contributor, Finding, Quantity, Remark, Severity, Unit
from bot.domain.ids import AccountId, AlertId, ChannelId, Level, ObjectId, UserId, WorkspaceId
from bot.domain.insights import Figures
from bot.domain.report import (
    AccountStatus,
    AlertCard,
    Blindness,
    HomePage,
    Line,
    Mover,
    Report,
    Sight,
    Status,
)
from bot.domain.structure import Account, EntityRef, Issue

# 22 Nov 2026, 10:42 in India and 00:12 in New York.
NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OWNER, TEAMMATE = UserId("U0OWNER001"), UserId("U0TEAMMATE")
RUPEES = Account(AccountId("act_1001"), "Cedar India", "INR", "Asia/Kolkata")
DOLLARS = Account(AccountId("act_2002"), "Willow US", "USD", "America/New_York")
ACCOUNTS = {"inr": RUPEES, "usd": DOLLARS}
SEES = Sight(read_at=NOW - timedelta(minutes=12))
BLIND = Sight(
    read_at=NOW - timedelta(hours=3),
    blind_since=NOW - timedelta(hours=2),
    blindness=Blindness.THROTTLED,
    detail="The limit of this ad account for reading is used up.",
    next_try_at=NOW + timedelta(minutes=23),
)
# Spaces out a link click in Slack's own syntax, formatting, a mention and a direction override.
ATTACK = "<!channel> <@U1> <https://evil.example|Ads> *bold* `code` &amp; \u202egnp.exe\u200b " + "A" * 20_000


def ad(name: str = "Monsoon video 3") -> EntityRef:
    """An ad with its ad set and campaign."""
    return EntityRef(
        Level.AD,
        ObjectId("3001"),
        name,
        campaign_id=ObjectId("1001"),
        campaign_name="IN_Prospecting_Broad",
        adset_id=ObjectId("2001"),
        adset_name="Broad 25-44",
    )


def campaign(name: str = "IN_Prospecting_Broad") -> EntityRef:
    """A campaign."""
    return EntityRef(Level.CAMPAIGN, ObjectId("1001"), name, ObjectId("1001"), name)


def costly(entity: EntityRef | None = None, severity: Severity = Severity.CRITICAL) -> Finding:
    """Field practice's example: CPA 62 % above, and the sums agree (31 x 486 - 31 x 300 = 5,766)."""
    return Finding(
        rule_id="cost_per_purchase_above",
        entity=entity or ad(),
        severity=severity,
        what="Cost per purchase above target",
        value=Quantity(Unit.MONEY, 48_600),
        threshold=Quantity(Unit.MONEY, 30_000),
        threshold_from="your target",
        window="today",
        since=NOW - timedelta(hours=1, minutes=27),
        figures=Figures(1_23_400, 1_300, 1_148, 15_06_600, 31, 48_21_120),
        cost_minor=5_76_600,
        cost_meaning="above target so far",
        remarks=(
            Remark("Link CTR {0} against {1}: 85% of the rise.", (_percent(0.0093), _percent(0.014))),
            Remark("Not a tracking break: purchases keep coming in."),
        ),
        advice="Pause the ad if the next two hours stay above the target.",
    )


def silent() -> Finding:
    """Spend without a purchase: there is no cost per purchase to print."""
    return replace(
        costly(),
        rule_id="spend_without_purchases",
        what="Spend without purchases",
        value=Quantity(Unit.COUNT, 0),
        threshold=Quantity(Unit.COUNT, 4.2),
        threshold_from="expected for this spend",
        window="since the last purchase",
        figures=Figures(41_000, 420, 377, 93_450, 0, 0),
        cost_minor=93_450,
        cost_meaning="spent without a purchase",
        remarks=(),
    )


def rejected() -> Finding:
    """An ad that review refused: no number, Meta's own words."""
    return replace(
        costly(),
        rule_id="ad_rejected",
        what="Ad rejected",
        value=None,
        threshold=None,
        threshold_from="",
        window="now",
        cost_minor=2_40_000,
        cost_meaning="a day, its average over its last delivering days",
        figures=Figures(41_000, 420, 377, 7_20_000, 14, 12_60_000),
        remarks=(),
        advice="Edit the ad or ask Meta for another review in Ads Manager.",
        issues=(
            Issue("PERSONAL_ATTRIBUTES", "Personal attributes", "The ad implies something about health."),
        ),
    )


def spread(parts: int = 7) -> Finding:
    """A campaign whose excess comes from several ads."""
    shares = [0.4, 0.25, 0.15, 0.1, 0.05, 0.03, 0.02][:parts]
    found = tuple(
        Contributor(
            ObjectId(f"30{index}"), f"Ad {index}", share, Figures(9_000, 90, 80, 50_000, index % 3, 90_000)
        )
        for index, share in enumerate(shares)
    )
    return replace(costly(campaign()), contributors=found)


def weak(rule_id: str = "ctr_below") -> Finding:
    """A campaign most of whose ads are clicked too seldom."""
    return replace(
        spread(2),
        rule_id=rule_id,
        severity=Severity.WARNING,
        what="CTR (link) below threshold for most ads",
        value=_percent(0.0063),
        threshold=_percent(0.0098),
        threshold_from="0.7 times its own previous 14 days",
        window="yesterday and today",
        cost_meaning="spent for clicks that did not come",
    )


def alert(finding: Finding | None = None, state: State = State.OPEN, number: int = 1) -> Alert:
    """An alert opened an hour ago, in the state asked for."""
    finding = finding or costly()
    base = Alert(
        id=AlertId(f"alert-{number:03}"),
        workspace_id=WorkspaceId("T0CEDAR001"),
        account_id=RUPEES.id,
        fingerprint=f"f{number}",
        rule_id=finding.rule_id,
        state=state,
        severity=finding.severity,
        finding=finding,
        opened_at=NOW - timedelta(hours=1),
        last_seen_at=NOW - timedelta(minutes=12),
        good_polls=0,
        version=3,
        channel_id=ChannelId("C0ADSALERT"),
        message_ts=f"1795324320.{number:06}",
        permalink="https://cedar-store.slack.com/archives/C0ADSALERT/p1795324320000001"
        if number == 1
        else "",
    )
    acted = {"acted_by": OWNER, "acted_at": NOW - timedelta(minutes=5)}
    match state:
        case State.OPEN:
            return base
        case State.ACKNOWLEDGED:
            return replace(base, **acted)
        case State.SNOOZED:
            return replace(base, **acted, snoozed_until=NOW + timedelta(hours=4))
        case State.RESOLVED:
            return replace(base, resolved_at=NOW, resolution=Ending.RECOVERED)


def card(
    of: Alert | None = None, account: Account = RUPEES, *actions: ObjectAction, sight: Sight = SEES
) -> AlertCard:
    """An alert with its account, as the message shows it."""
    return AlertCard(
        alert=of or alert(),
        account=account,
        sight=sight,
        entity_status="ACTIVE",
        thumbnail_url="https://scontent.example.com/monsoon.jpg",
        attribution_setting="7d_click_1d_view",
        actions=actions,
        now=NOW,
    )


def action(
    kind: ActionKind = ActionKind.PAUSE, state: ActionState = ActionState.DONE, error: str = ""
) -> ObjectAction:
    """A change asked for two minutes ago."""
    finished = NOW - timedelta(minutes=1) if state.final else None
    return ObjectAction(
        id="action-1",
        workspace_id=WorkspaceId("T0CEDAR001"),
        account_id=RUPEES.id,
        alert_id=AlertId("alert-001"),
        entity=ad(),
        kind=kind,
        state=state,
        seen_status="ACTIVE" if kind is ActionKind.PAUSE else "PAUSED",
        requested_by=TEAMMATE,
        requested_at=NOW - timedelta(minutes=2),
        finished_at=finished,
        error=error,
    )


def line(name: str, spend_minor: int, purchases: int, before_minor: int, before_purchases: int) -> Line:
    """A campaign's figures, with round volumes."""
    now = Figures(
        spend_minor // 15,
        spend_minor // 900,
        spend_minor // 1_000,
        spend_minor,
        purchases,
        purchases * 90_000,
    )
    before = Figures(
        before_minor // 14,
        before_minor // 900,
        before_minor // 1_000,
        before_minor,
        before_purchases,
        before_purchases * 90_000,
    )
    return Line(campaign(name), now, before, frequency=1.84)


def report(account: Account = RUPEES, period: str = "today", lines: tuple[Line, ...] | None = None) -> Report:
    """Three campaigns, one without a purchase."""
    shown = (
        lines
        if lines is not None
        else (
            line("IN_Prospecting_Broad", 42_50_000, 88, 38_00_000, 95),
            line("IN_Retargeting_30d", 12_34_500, 61, 12_00_000, 55),
            line("IN_Test_Reels", 93_450, 0, 0, 0),
        )
    )
    today = period == "today"
    return Report(
        account=account,
        period=period,
        first_day=date(2026, 11, 22) if today else date(2026, 11, 15),
        last_day=date(2026, 11, 22) if today else date(2026, 11, 21),
        compared_with="yesterday up to the same time" if today else "the 7 days before",
        lines=shown,
        total=line("All", sum(one.now.spend_minor for one in shown), 149, 50_00_000, 150),
        movers=(
            Mover(campaign("IN_Prospecting_Broad"), "cost per purchase", 48_295.45, 40_000, "money"),
            Mover(campaign("IN_Retargeting_30d"), "ROAS", 4.44, 4.12, "multiple"),
        ),
        sight=SEES,
        attribution_settings=("7d_click_1d_view",),
    )


def account_status(account: Account = RUPEES, sight: Sight = SEES) -> AccountStatus:
    """A connected account."""
    return AccountStatus(account, ChannelId("C0ADSALERT"), sight, 38, 2, NOW + timedelta(minutes=3), 11)


def status(*accounts: AccountStatus) -> Status:
    """A workspace with these accounts and an empty outbox."""
    return Status(accounts, 0, None, "0.1.0", NOW)


def home(
    *cards: AlertCard, snoozed: tuple[AlertCard, ...] = (), deciding: tuple[AlertCard, ...] = ()
) -> HomePage:
    """A person's Home with these open alerts."""
    return HomePage((account_status(), account_status(DOLLARS, BLIND)), cards, snoozed, deciding, NOW)


def _percent(fraction: float) -> Quantity:
    return Quantity(Unit.PERCENT, fraction)
