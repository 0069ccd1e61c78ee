"""From the bytes of an Insights page to the figures of ads' days.

Marketing API, Insights: every metric is a string, metrics that are zero are left out, `actions` is a
list that counts the same sale under several names. Reading is the hot path of every poll, so a page
is decoded into typed rows in C, and the two action lists stay bytes until a purchase is seen in them.
A page with a row of another shape is read again row by row, and that row alone is left out.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import msgspec

from bot.domain.ids import Level, ObjectId
from bot.domain.insights import AdDay, AdReach, AdWindow, ReachWindow
from bot.domain.money import minor_factor
from bot.meta.faults import GraphError
from bot.meta.paging import Paging

# These count the same sale; the first that a row has is taken, and they are never added up.
PURCHASES = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase", "onsite_web_purchase")

# Meta counts a play of three seconds as a view (Ads Action Stats, `action_type`).
VIDEO_PLAY = "video_view"

_NOTHING = msgspec.Raw()
_new = tuple.__new__


class Row(msgspec.Struct, gc=False):
    """One row as Meta writes it, numbers read from their strings."""

    account_id: str = ""
    ad_id: str = ""
    adset_id: str = ""
    campaign_id: str = ""
    date_start: date | None = None
    impressions: int = 0
    clicks: int = 0
    inline_link_clicks: int = 0
    inline_post_engagement: int = 0
    spend: float = 0.0
    reach: int | None = None
    frequency: float = 0.0
    attribution_setting: str | None = None
    quality_ranking: str | None = None
    engagement_rate_ranking: str | None = None
    conversion_rate_ranking: str | None = None
    actions: msgspec.Raw = _NOTHING
    action_values: msgspec.Raw = _NOTHING


class Page(msgspec.Struct):
    """A page of figures."""

    data: list[Row]
    paging: Paging | None = None
    error: GraphError | None = None
    escaped: bool = True  # ours: whether any text in it is written with escapes


class _AnyRows(msgspec.Struct):
    data: list[msgspec.Raw]
    paging: Paging | None = None
    error: GraphError | None = None


class _Action(msgspec.Struct, gc=False):
    action_type: str
    value: float = 0.0


_PAGE = msgspec.json.Decoder(Page, strict=False)
_ANY_ROWS = msgspec.json.Decoder(_AnyRows, strict=False)
_ACTIONS = msgspec.json.Decoder(list[_Action] | None, strict=False)
_ROW_FIELDS = frozenset(Row.__struct_fields__)
_KEY_LENGTH = len('"action_type" : ')
_IDS = ("account_id", "ad_id", "adset_id", "campaign_id")


class _Kind:
    """One action type, and how to find its amount in a list of actions without decoding all of them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._quoted = msgspec.json.encode(name)
        key, colon, comma = rb'"action_type"', rb"\s*:\s*", rb"\s*,\s*"
        number = rb'"?(\d+(?:\.\d+)?)"?\s*[,}]'
        self._entry = re.compile(key + colon + re.escape(self._quoted) + comma + rb'"value"' + colon + number)

    def amount(self, actions: bytes) -> float | None:
        """The amount, or None when the list has no such entry; raises msgspec's errors on a bad list."""
        place = actions.find(self._quoted)
        if place < 0 and b"\\" not in actions:
            return None
        found = self._entry.search(actions, max(place - _KEY_LENGTH, 0))
        return float(found[1]) if found else self._decoded(actions)

    def _decoded(self, actions: bytes) -> float | None:
        listed = _ACTIONS.decode(actions) if actions else None
        return next((action.value for action in listed or () if action.action_type == self._name), None)


class Reader:
    """Reads pages of one account; `warn` hears of rows that had to be left out."""

    def __init__(self, currency: str, purchase_type: str | None, warn: Callable[[str], None]) -> None:
        self._factor = minor_factor(currency)
        self._kinds = [_Kind(name) for name in ((purchase_type,) if purchase_type else PURCHASES)]
        self._needle = msgspec.json.encode(purchase_type) if purchase_type else b"purchase"
        self._play = _Kind(VIDEO_PLAY)
        self._warn = warn

    def decode(self, body: bytes) -> Page:
        """The page with its rows; raises msgspec's errors when it is not a page at all."""
        try:
            page = _PAGE.decode(body)
            # A backslash may hide an action's name in escapes; then only decoding the list tells.
            page.escaped = b"\\" in body
            return page
        except msgspec.ValidationError:
            return self._tolerant(body)

    def days(self, page: Page) -> list[AdDay]:
        """The page's rows as figures of days."""
        escaped = page.escaped
        return [day for row in page.data if (day := self._day(row, escaped)) is not None]

    def _day(self, row: Row, escaped: bool) -> AdDay | None:
        if not row.ad_id or row.date_start is None:
            self._warn("A row of figures names no ad or no day.")
            return None
        purchases = value = plays = 0
        try:
            if row.actions or row.action_values:
                counts = bytes(row.actions)
                purchases, value = self._purchases(counts, bytes(row.action_values), escaped)
                plays = round(self._play.amount(counts) or 0)
            spend = to_minor(row.spend, self._factor)
        except (msgspec.MsgspecError, ValueError, OverflowError):
            self._warn(f"Figures of ad {row.ad_id} on {row.date_start} could not be read.")
            return None
        # Without AdDay.__new__ in between: this line runs once for every row of every poll.
        return _new(
            AdDay,
            (
                row.ad_id,
                row.adset_id,
                row.campaign_id,
                row.date_start,
                row.impressions,
                row.clicks,
                row.inline_link_clicks,
                spend,
                purchases,
                value,
                row.reach,
                row.attribution_setting,
                row.inline_post_engagement,
                plays,
            ),
        )

    def reached(self, page: Page) -> list[AdReach]:
        """The page's rows as people that ads reached, day by day."""
        found = []
        for row in page.data:
            if row.ad_id and row.date_start and row.reach is not None:
                found.append(AdReach(ObjectId(row.ad_id), row.date_start, row.reach))
        return found

    def windows(self, page: Page, last_day: date) -> list[AdWindow]:
        """The page's rows as ads over the days that end with `last_day`."""
        return [
            AdWindow(
                ObjectId(row.ad_id),
                last_day,
                row.impressions,
                row.reach,
                (
                    row.quality_ranking or "",
                    row.engagement_rate_ranking or "",
                    row.conversion_rate_ranking or "",
                ),
            )
            for row in page.data
            if row.ad_id and row.reach is not None
        ]

    def reach(self, page: Page, level: Level, since: date, until: date) -> list[ReachWindow]:
        """The page's rows as people reached over a window."""
        found = []
        for row in page.data:
            object_id = ObjectId(getattr(row, f"{level.value}_id"))
            if level is Level.ACCOUNT and object_id:
                object_id = ObjectId(f"act_{object_id.removeprefix('act_')}")  # rows write bare digits
            if not object_id:
                self._warn(f"A row of figures names no {level.value}.")
                continue
            found.append(
                ReachWindow(level, object_id, since, until, row.impressions, row.reach or 0, row.frequency)
            )
        return found

    def _purchases(self, counts: bytes, values: bytes, escaped: bool) -> tuple[int, int]:
        if not escaped and self._needle not in counts and self._needle not in values:
            return 0, 0
        for kind in self._kinds:
            count, value = kind.amount(counts), kind.amount(values)
            if count is not None or value is not None:
                return round(count or 0), to_minor(value or 0.0, self._factor)
        return 0, 0

    def _tolerant(self, body: bytes) -> Page:
        page, rows = _ANY_ROWS.decode(body), []
        for raw in page.data:
            try:
                rows.append(_row(msgspec.json.decode(raw)))
            except msgspec.MsgspecError:
                self._warn("A row of figures is not in the shape that Meta documents.")
        return Page(rows, page.paging, page.error)


def to_minor(major: float, factor: int) -> int:
    """Minor units of a decimal amount that came as a float; exact up to 15 digits, ties to even."""
    scaled = major * factor
    nearest = round(scaled)  # refuses what is not a finite number
    if abs(scaled - nearest) < 0.49:
        return nearest
    # Near a tie binary fractions would decide. repr gives the shortest decimal that reads back as this
    # float, which is the text Meta sent.
    return int((Decimal(repr(major)) * factor).to_integral_value(rounding=ROUND_HALF_EVEN))


def _row(given: Any) -> Row:
    if not isinstance(given, dict):
        raise msgspec.ValidationError("not a row")
    kept = {name: value for name, value in given.items() if name in _ROW_FIELDS and value not in (None, "")}
    for name in _IDS:
        if isinstance(kept.get(name), int):
            kept[name] = str(kept[name])
    for name in ("actions", "action_values"):
        if name in kept:
            kept[name] = msgspec.Raw(msgspec.json.encode(kept[name]))
    return msgspec.convert(kept, Row, strict=False)
