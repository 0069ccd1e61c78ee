"""The insights edge: rows as bytes, pages of them, and the summary line."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any

import msgspec

from bot.sandbox.graph_metrics import AD_ONLY, Row, measured
from bot.sandbox.graph_paging import Link, paging, sliced
from bot.sandbox.graph_params import page_size
from bot.sandbox.graph_query import Query, read_query
from bot.sandbox.graph_rows import Entry, Rows, action_types
from bot.sandbox.graph_times import stamp
from bot.sandbox.world import World, refreshed
from bot.sandbox.world_objects import Account, Ad, AdSet, Campaign, Creative, Thing

DEFAULT_LIMIT = 25
LARGEST_PAGE = 500
_REMEMBERED = 6


class Insights:
    """Reads insights of one world; remembers the rows of recent queries so that paging is cheap."""

    def __init__(self, world: World, *, empty_pages: bool = False) -> None:
        self.world = world
        self.empty_pages = empty_pages
        self._recent: OrderedDict[Any, tuple[Query, list[Entry]]] = OrderedDict()
        self._lock = Lock()

    def page(self, scope: Thing, params: Mapping[str, Any], at: datetime, link: Link) -> dict[str, Any]:
        """One page of rows; `data` is already JSON."""
        query, entries = self._entries(scope, params, at)
        size = page_size(params, default=DEFAULT_LIMIT, largest=LARGEST_PAGE)
        hollow = self.empty_pages and bool(query.filters)
        part = sliced(len(entries), params.get("after"), size, hollow=hollow)
        rows = Rows(self.world, at)
        shown = [self._row(rows, query, entry) for entry in entries[part.begin : part.end]]
        answer: dict[str, Any] = {"data": msgspec.Raw(b"[" + b",".join(shown) + b"]")}
        rest = paging(part, len(entries), link)
        if rest:
            answer["paging"] = rest
        if query.summary:
            answer["summary"] = msgspec.Raw(self._summary(rows, query, scope, entries))
        return answer

    def query(self, scope: Thing, params: Mapping[str, Any], at: datetime) -> Query:
        """The checked query, without its rows."""
        account = account_of(scope)
        return read_query(params, scope, self.world.today(account, at), self.world.first_day(account))

    def _entries(self, scope: Thing, params: Mapping[str, Any], at: datetime) -> tuple[Query, list[Entry]]:
        asked = {name: value for name, value in params.items() if name not in {"after", "before", "limit"}}
        key = (scope.id, msgspec.json.encode(asked), refreshed(at), self.world.revision)
        with self._lock:
            if key in self._recent:
                return self._recent[key]
        query = self.query(scope, params, at)
        found = (query, Rows(self.world, at).entries(query, scope))
        with self._lock:
            self._recent[key] = found
            while len(self._recent) > _REMEMBERED:
                self._recent.popitem(last=False)
        return found

    def _row(self, rows: Rows, query: Query, entry: Entry) -> bytes:
        who = _identity(self.world, entry.thing, query.fields, rows.moment)
        dates = {"date_start": entry.period.since.isoformat(), "date_stop": entry.period.until.isoformat()}
        head = msgspec.json.encode({**who, **dates, **dict(entry.labels)})
        return _joined(head, _metrics(rows.row(entry, query), _columns(query), action_types(query)))

    def _summary(self, rows: Rows, query: Query, scope: Thing, entries: list[Entry]) -> bytes:
        since, until = query.dates
        parts = tuple(part for entry in entries for part in entry.parts)
        ads = tuple({ad.id: ad for entry in entries for ad in entry.ads}.values())
        impressions = sum(figures.impressions for _, figures in parts)
        days = query.periods[0].days()
        row = Row(parts, self.world.reach(ads, days, impressions) if ads else 0, query.windows)
        head = msgspec.json.encode({"date_start": since.isoformat(), "date_stop": until.isoformat()})
        return _joined(head, _metrics(row, query.summary, action_types(query)))


def account_of(thing: Thing) -> Account:
    """The account an object belongs to, or the account itself."""
    return thing if isinstance(thing, Account) else thing.account


def _columns(query: Query) -> tuple[str, ...]:
    if query.level == "ad":
        return query.fields
    return tuple(name for name in query.fields if name not in AD_ONLY)


@lru_cache(maxsize=16_384)
def _metrics(row: Row, fields: tuple[str, ...], types: frozenset[str]) -> bytes:
    """A row's metrics as JSON; equal figures are rendered once, which makes large pages cheap."""
    return msgspec.json.encode(measured(row, fields, types))


def _joined(head: bytes, tail: bytes) -> bytes:
    """Two JSON objects as one."""
    return head if tail == b"{}" else head[:-1] + b"," + tail[1:]


def _identity(world: World, thing: Thing, fields: tuple[str, ...], at: float) -> dict[str, str]:
    """The columns that say whose row it is; those below the row's level are not there."""
    known = _names(world, thing)
    if "updated_time" in fields and not isinstance(thing, (Account, Creative)):
        account = thing.account
        known["created_time"] = stamp(thing.created_at.timestamp(), account.zone)
        known["updated_time"] = stamp(world.log.updated_at(thing, at), account.zone)
    return {name: known[name] for name in fields if name in known}


def _names(world: World, thing: Thing) -> dict[str, str]:
    account = account_of(thing)
    known = {
        "account_id": account.id,
        "account_name": account.name,
        "account_currency": account.currency,
    }
    if isinstance(thing, (Campaign, AdSet, Ad)):
        campaign = thing if isinstance(thing, Campaign) else thing.campaign
        known |= {"campaign_id": campaign.id, "campaign_name": world.name(campaign)}
        known |= {"objective": campaign.objective, "buying_type": "AUCTION"}
    if isinstance(thing, (AdSet, Ad)):
        adset = thing if isinstance(thing, AdSet) else thing.adset
        known |= {"adset_id": adset.id, "adset_name": world.name(adset)}
        known |= {"optimization_goal": "OFFSITE_CONVERSIONS"}
    if isinstance(thing, Ad):
        known |= {"ad_id": thing.id, "ad_name": world.name(thing)}
    return known
