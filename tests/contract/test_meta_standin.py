"""The adapter against the stand-in Graph API, which refuses what Meta would refuse."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SettableClock
from bot.domain.days import local_day
from bot.domain.ids import AccountId, Level
from bot.domain.insights import AdDay
from bot.domain.structure import Account
from bot.errors import MissingPermission, OutcomeUnknown, Throttled, TokenDead, Transient
from bot.meta import ads, insights, tokens
from bot.meta.client import GraphClient
from bot.sandbox import graph_faults as faults
from bot.sandbox.graph_access import READ, Access
from bot.sandbox.graph_api import GraphStandIn, Manners
from bot.sandbox.world import World

NOW = datetime(2026, 11, 22, 9, 7, tzinfo=UTC)
APP, SECRET = "1000000000000001", "app-secret"
OWNER, OTHER, READER = "EAAowner", "EAAother", "EAAreader"


@dataclass
class Meta:
    """A running stand-in and the ways into it."""

    standin: GraphStandIn
    clock: SettableClock
    url: str
    naps: list[float]

    def client(self, token: str = OWNER) -> GraphClient:
        return GraphClient(
            token,
            graph_url=self.url,
            app_id=APP,
            app_secret=SECRET,
            clock=self.clock,
            sleep=self.naps.append,
        )


@pytest.fixture
def meta() -> Iterator[Meta]:
    clock = SettableClock(NOW)
    world = World.demo(NOW)
    mine, theirs = (frozenset([account.id]) for account in world.accounts)
    tokens = {
        OWNER: Access("owner", mine),
        OTHER: Access("other", theirs),
        READER: Access("reader", mine, scopes=frozenset({READ})),
    }
    manners = Manners(require_proof=True, empty_pages=True)
    standin = GraphStandIn(world, clock, app_id=APP, app_secret=SECRET, tokens=tokens, manners=manners)
    yield Meta(standin, clock, standin.start(), [])
    standin.stop()


@pytest.fixture
def client(meta: Meta) -> Iterator[GraphClient]:
    with meta.client() as client:
        yield client


@pytest.fixture
def account(client: GraphClient) -> Account:
    (account,) = ads.accounts(client)
    return account


def week(client: GraphClient, account: Account) -> list[AdDay]:
    last = local_day(NOW, account.timezone_name)
    since = last - timedelta(days=6)
    pages = insights.ad_days(client, account.id, currency=account.currency, since=since, until=last)
    return [day for page in pages for day in page]


def test_each_token_sees_its_own_account_only(meta: Meta, account: Account) -> None:
    with meta.client(OTHER) as other:
        (theirs,) = ads.accounts(other)
        assert theirs.id != account.id
        assert theirs.currency != account.currency
        with pytest.raises(MissingPermission) as raised:
            ads.account(other, account.id)
    assert raised.value.reason == "meta_not_visible"


def test_a_whole_account_is_read(client: GraphClient, account: Account) -> None:
    assert ads.account(client, account.id) == account
    campaigns = {campaign.id for page in ads.campaigns(client, account.id) for campaign in page}
    adsets = [adset for page in ads.adsets(client, account.id) for adset in page]
    found = [pair for page in ads.ads(client, account.id) for pair in page]
    assert {adset.campaign_id for adset in adsets} == campaigns
    assert {ad.adset_id for ad, _ in found} <= {adset.id for adset in adsets}
    assert all(creative and creative.id == ad.creative_id for ad, creative in found)
    assert all(ad.updated_at.year == 2026 for ad, _ in found)
    rejected = [ad for ad, _ in found if ad.effective_status == "DISAPPROVED"]
    assert all(ad.issues and ad.issues[0].message for ad in rejected)
    assert client.warnings == []


def test_a_week_of_figures_agrees_with_today_and_with_a_report(client: GraphClient, account: Account) -> None:
    days = week(client, account)
    now = {
        day.ad_id: day
        for page in insights.today(client, account.id, currency=account.currency)
        for day in page
    }
    last = local_day(NOW, account.timezone_name)
    assert {day.ad_id: day for day in days if day.day == last} == now
    assert len({(day.ad_id, day.day) for day in days}) == len(days) > 100
    assert sum(day.purchases for day in days) > 0
    assert all(day.purchase_value_minor > day.purchases for day in days if day.purchases)
    report = insights.report(
        client, account.id, currency=account.currency, since=last - timedelta(days=6), until=last
    )
    assert sorted(day for page in report for day in page) == sorted(days)


@pytest.mark.parametrize("level", list(Level))
def test_reach_is_read_at_every_level(client: GraphClient, account: Account, level: Level) -> None:
    last = local_day(NOW, account.timezone_name)
    pages = insights.reach(client, account.id, last - timedelta(days=6), last, level=level)
    found = [window for page in pages for window in page]
    assert found
    assert all(0 < window.reach <= window.impressions for window in found)
    if level is Level.ACCOUNT:
        assert [window.object_id for window in found] == [account.id]


def test_a_pause_is_made_and_shows_up_among_what_changed(
    meta: Meta, client: GraphClient, account: Account
) -> None:
    found = [ad for page in ads.ads(client, account.id) for ad, _ in page]
    chosen = next(ad.id for ad in found if ad.effective_status == "ACTIVE")
    meta.clock.advance(timedelta(minutes=5))
    since = meta.clock.now() - timedelta(minutes=1)
    ads.set_status(client, chosen, "PAUSED")
    assert ads.object_status(client, chosen).effective_status == "PAUSED"
    changed = [ad.id for page in ads.ads(client, account.id, updated_since=since) for ad, _ in page]
    assert changed == [chosen]
    assert list(ads.campaigns(client, account.id, updated_since=since)) in ([], [[]])
    assert list(ads.adsets(client, account.id, updated_since=since)) in ([], [[]])
    ads.set_status(client, chosen, "ACTIVE")
    assert ads.object_status(client, chosen).configured_status == "ACTIVE"


@pytest.mark.parametrize("applied", [True, False])
def test_a_pause_without_an_answer_is_unknown_and_looking_tells(
    meta: Meta, client: GraphClient, account: Account, applied: bool
) -> None:
    chosen = next(
        ad.id for page in ads.ads(client, account.id) for ad, _ in page if ad.effective_status == "ACTIVE"
    )
    meta.standin.faults.add("POST", faults.eof(applied=applied))
    with pytest.raises(OutcomeUnknown):
        ads.set_status(client, chosen, "PAUSED")
    assert ads.object_status(client, chosen).effective_status == ("PAUSED" if applied else "ACTIVE")
    assert len(meta.standin.calls("POST")) == 1


def test_a_reading_token_may_not_pause(meta: Meta, client: GraphClient, account: Account) -> None:
    chosen = next(ad.id for page in ads.ads(client, account.id) for ad, _ in page)
    with meta.client(READER) as reader, pytest.raises(MissingPermission):
        ads.set_status(reader, chosen, "PAUSED")


def test_passing_faults_are_read_through(meta: Meta, client: GraphClient, account: Account) -> None:
    expected = week(client, account)
    for fault in (faults.transient(2), faults.transient(1), faults.eof(), faults.cut_json()):
        meta.standin.faults.add("GET /insights", fault)
        assert week(client, account) == expected
    meta.standin.faults.add("GET /insights", faults.wrong_content_type())
    assert week(client, account) == expected


def test_too_much_data_gives_the_same_rows_in_more_calls(
    meta: Meta, client: GraphClient, account: Account
) -> None:
    expected = week(client, account)
    meta.standin.faults.add("GET /insights", faults.too_much(), times=2)
    assert sorted(week(client, account)) == sorted(expected)


def test_answers_that_stay_cut_or_are_pages_of_a_proxy_give_nothing(
    meta: Meta, client: GraphClient, account: Account
) -> None:
    for fault in (faults.cut_json(), faults.html()):
        meta.standin.faults.clear()
        meta.standin.faults.add("GET /insights", fault, times=9)
        got: list[AdDay] = []
        with pytest.raises(Transient):
            got.extend(day for page in insights.today(client, account.id, currency="INR") for day in page)
        assert got == []


def test_a_throttle_and_a_dead_token_are_told_apart(
    meta: Meta, client: GraphClient, account: Account
) -> None:
    meta.standin.faults.add("GET /insights", faults.throttled(80000, 2446079, regain_minutes=9))
    with pytest.raises(Throttled) as raised:
        week(client, account)
    assert raised.value.until == NOW + timedelta(minutes=9)
    assert any(usage.regain_minutes == 9 for usage in client.usages)
    meta.standin.gate.revoke(OWNER, 460)
    with pytest.raises(TokenDead, match="password"):
        week(client, account)


def test_tokens_are_described(meta: Meta) -> None:
    def look(token: str) -> tokens.TokenInfo:
        return tokens.debug_token(token, graph_url=meta.url, app_id=APP, app_secret=SECRET, clock=meta.clock)

    assert look(OWNER).may_change()
    assert (look(READER).may_read(), look(READER).may_change()) == (True, False)
    assert not look("EAAnobody").valid
    with meta.client() as client:
        assert tokens.own_permissions(client).valid
    with meta.client("EAAnobody") as client:
        assert not tokens.own_permissions(client).valid


def test_a_large_account_on_the_limited_tier_is_read_at_a_pace_that_is_never_blocked() -> None:
    clock = SettableClock(NOW)
    world = World.large(NOW, campaigns=20, ads=200, adsets=40)
    account = AccountId(world.accounts[0].node_id)
    access = {OWNER: Access("owner", frozenset([world.accounts[0].id]))}
    standin = GraphStandIn(
        world,
        clock,
        app_id=APP,
        app_secret=SECRET,
        tokens=access,
        manners=Manners(tier="development_access"),
    )
    try:
        with GraphClient(
            OWNER,
            graph_url=standin.start(),
            app_id=None,
            app_secret=None,
            clock=clock,
            sleep=lambda seconds: clock.advance(timedelta(seconds=seconds)),
        ) as client:
            for _ in range(100):
                ads.account(client, account)
    finally:
        standin.stop()
    assert timedelta(minutes=3) < clock.now() - NOW < timedelta(minutes=8)
