"""What `bench/poll.py` measures, each part a function that can be run alone in a process of its own.

A part gets the stand-in's address and returns what it counted; `measured` adds wall and CPU time of the
reading process. The parts share nothing, so more can be added beside them.
"""

import json
import resource
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.clock import SystemClock, cpu_seconds, stopwatch
from bot.domain.days import local_day
from bot.domain.ids import AccountId
from bot.meta import ads, insights
from bot.meta.client import GraphClient

DAYS = 7
CYCLE = timedelta(minutes=15)
REPEATS = 3  # of what takes seconds; the least CPU counts, for the machine may be busy with other things


@dataclass(frozen=True)
class Place:
    """Where to read: a running Graph API, a token and its account."""

    url: str
    token: str
    account: AccountId
    sample: int | None = None  # naive loop: so many ads instead of all

    def client(self) -> GraphClient:
        """A client of its own for whoever asks."""
        return GraphClient(self.token, graph_url=self.url, app_id=None, app_secret=None, clock=SystemClock())

    def sdk(self) -> Any:
        """The SDK's own account object, for comparison."""
        from facebook_business.adobjects.adaccount import AdAccount
        from facebook_business.api import FacebookAdsApi
        from facebook_business.session import FacebookSession

        session = FacebookSession(None, None, self.token, timeout=(5, 60))
        session.GRAPH = self.url
        return AdAccount(self.account, api=FacebookAdsApi(session))


def first_load(place: Place) -> dict[str, float]:
    """A week by day and all metadata."""
    with place.client() as client:
        account = ads.account(client, place.account)
        objects = sum(len(page) for page in ads.campaigns(client, account.id))
        objects += sum(len(page) for page in ads.adsets(client, account.id))
        objects += sum(len(page) for page in ads.ads(client, account.id))
        rows = sum(len(page) for page in _week(place, client))
        return {"calls": client.calls, "rows": rows, "objects": objects}


def steady_cycle(place: Place) -> dict[str, float]:
    """Today's figures, the ads that changed, and one of the rarer lists."""
    with place.client() as client:
        rows = sum(len(page) for page in insights.today(client, place.account, currency="INR"))
        since = client.clock.now() - CYCLE
        changed = sum(len(page) for page in ads.ads(client, place.account, updated_since=since))
        changed += sum(len(page) for page in ads.campaigns(client, place.account, updated_since=since))
        return {"calls": client.calls, "rows": rows, "objects": changed}


def naive_loop(place: Place) -> dict[str, float]:
    """The tutorial's way: lists in the SDK's default pages, then one Insights call for every ad."""
    account = place.sdk()
    api = account.get_api_assured()
    wall, cpu = stopwatch(), cpu_seconds()
    objects = sum(1 for _ in account.get_campaigns(fields=ads.CAMPAIGN_FIELDS.split(",")))
    objects += sum(1 for _ in account.get_ad_sets(fields=ads.ADSET_FIELDS.split(",")))
    objects += sum(1 for _ in account.get_ad_creatives(fields=["name", "title", "body", "thumbnail_url"]))
    found = list(account.get_ads(fields=["name", "adset_id", "campaign_id", "effective_status"]))
    listing = {"listing_wall": stopwatch() - wall, "listing_cpu": cpu_seconds() - cpu}
    listed = api._num_requests_attempted
    params = {"time_range": _week_span(), "time_increment": 1}
    asked = found[: place.sample] if place.sample else found
    rows = sum(len(list(ad.get_insights(fields=insights.FIELDS.split(","), params=params))) for ad in asked)
    counted = {"calls": api._num_requests_attempted, "rows": rows, "objects": objects + len(found)}
    share = len(asked) / len(found)
    return {**counted, **listing, "would_be_calls": listed + len(found), "share": share}


def our_reading(place: Place) -> dict[str, float]:
    """The same pages as `sdk_reading`, as rows of ours."""
    with place.client() as client:
        rows = sum(len(page) for page in _week(place, client))
        return {"calls": client.calls, "rows": rows}


def sdk_reading(place: Place) -> dict[str, float]:
    """The same requests as `our_reading`, each row wrapped in the SDK's objects."""
    account = place.sdk()
    params = {"level": "ad", "time_increment": 1, "limit": insights.PAGE, "time_range": _week_span()}
    rows = sum(1 for _ in account.get_insights(fields=insights.FIELDS.split(","), params=params))
    return {"calls": account.get_api_assured()._num_requests_attempted, "rows": rows}


def parsing(place: Place) -> dict[str, float]:
    """The baseline: orjson over the bytes of those pages, once each, network apart."""
    import orjson

    bodies = list(_bodies(place))

    def parse() -> None:
        for body in bodies:
            orjson.loads(body)  # dropped at once: keeping 35,000 rows would cost more than parsing them

    best = min(_cpu(parse) for _ in range(REPEATS))
    rows = sum(len(orjson.loads(body)["data"]) for body in bodies)
    return {"calls": len(bodies), "rows": rows, "bytes": sum(map(len, bodies)), "parsing_cpu": best}


def memory_of_a_day(place: Place) -> dict[str, float]:
    """Peak of Python's memory while a seventh of the pages is read."""
    return _memory(place, 1)  # yesterday: today's pages are smaller while it lasts


def memory_of_a_week(place: Place) -> dict[str, float]:
    """Peak of Python's memory while all pages are read."""
    return _memory(place, DAYS)


PARTS: dict[str, Callable[[Place], dict[str, float]]] = {
    part.__name__: part
    for part in (
        first_load,
        steady_cycle,
        naive_loop,
        our_reading,
        sdk_reading,
        parsing,
        memory_of_a_day,
        memory_of_a_week,
    )
}
REPEATED = frozenset({"first_load", "steady_cycle", "our_reading", "sdk_reading"})


def measured(name: str, place: Place) -> dict[str, float]:
    """Run a part in this process and say what it took; the best of a few runs where it is short."""
    _warm_up(place)
    runs = [_run(PARTS[name], place) for _ in range(REPEATS if name in REPEATED else 1)]
    best = min(runs, key=lambda run: run["cpu"])
    return {**best, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _run(part: Callable[[Place], dict[str, float]], place: Place) -> dict[str, float]:
    wall, cpu = stopwatch(), cpu_seconds()
    counted = part(place)
    return {**counted, "wall": stopwatch() - wall, "cpu": cpu_seconds() - cpu}


def _warm_up(place: Place) -> None:
    """Imports, and the stand-in's first look at its own data, are nobody's cost."""
    with place.client() as client:
        client.get(place.account, {"fields": "id"})
    place.sdk()


def _days_until(place: Place, client: GraphClient, last: date, days: int) -> Iterator[list[Any]]:
    since = last - timedelta(days=days - 1)
    return insights.ad_days(client, place.account, currency="INR", since=since, until=last)


def _week(place: Place, client: GraphClient) -> Iterator[list[Any]]:
    return _days_until(place, client, _today(), DAYS)


def _week_span() -> dict[str, str]:
    return {"since": (_today() - timedelta(days=DAYS - 1)).isoformat(), "until": _today().isoformat()}


def _today() -> date:
    return local_day(SystemClock().now(), "Asia/Kolkata")


def _bodies(place: Place) -> Iterator[bytes]:
    kept: list[bytes] = []
    params = {"level": "ad", "time_increment": 1, "limit": insights.PAGE, "fields": insights.FIELDS}
    with place.client() as client:
        reader = insights.Reader("INR", None, client.warn)

        def keep(body: bytes) -> Any:
            kept.append(body)
            return reader.decode(body)

        for _ in client.pages(f"{place.account}/insights", {**params, "time_range": _week_span()}, keep):
            yield kept.pop()


def _cpu(work: Callable[[], object]) -> float:
    start = cpu_seconds()
    work()
    return cpu_seconds() - start


def _memory(place: Place, days: int) -> dict[str, float]:
    with place.client() as client:
        tracemalloc.start()
        pages = sum(1 for _ in _days_until(place, client, _today() - timedelta(days=1), days))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return {"calls": pages, "rows": 0, "traced_mb": peak / 2**20}


def serve(campaigns: int, ads_count: int) -> None:
    """Run the stand-in of that size until standard input ends; prints where it is."""
    import sys

    from bot.sandbox.graph_access import Access
    from bot.sandbox.graph_api import BENCH_TOKEN, GraphStandIn
    from bot.sandbox.world import World

    clock = SystemClock()
    world = World.large(clock.now(), campaigns=campaigns, ads=ads_count, adsets=campaigns * 2)
    access = Access("bench", frozenset(account.id for account in world.accounts))
    tokens = {BENCH_TOKEN: access}
    standin = GraphStandIn(world, clock, app_id="1", app_secret="s", tokens=tokens)  # noqa: S106
    account = world.accounts[0].node_id
    print(json.dumps({"url": standin.start(), "token": BENCH_TOKEN, "account": account}), flush=True)
    sys.stdin.read()
    standin.stop()
