"""One account's day packed into a few long values, and a panel made of such days.

A month of a large account is hundreds of thousands of rows, and reading them one by one takes longer than
judging them. So each complete day is kept packed beside its rows, and unpacked without touching an ad.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.domain.fatigue_panel import Floats, Ints, Panel

# What a packed day holds of each ad, in this order.
COLUMNS = (
    "impressions",
    "reach",
    "impressions_7d",
    "reach_7d",
    "link_clicks",
    "engagement",
    "spend_minor",
    "video_plays",
    "purchases",
)
_NARROW = 2**31
_BETWEEN = "\n"


class Block(NamedTuple):
    """A day: ids of ads and of what they showed, one to a line, and their figures column after column.

    `width` is how many bytes a figure takes, 4 or 8, little-endian; an empty creative is not known.
    """

    ads: str
    creatives: str
    width: int
    figures: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """An account's panel, and its ads' purchases on the same days (ads x days)."""

    panel: Panel
    purchases: Floats


def pack(rows: Sequence[Sequence[object]]) -> Block:
    """Pack rows of one day: ad id, creative id or None, then the figures in the order of COLUMNS."""
    if not rows:
        return Block("", "", 4, b"")
    ads, creatives, *figures = zip(*rows, strict=True)
    table = np.array(figures, dtype=np.int64)
    width = 4 if table.min() >= 0 and table.max() < _NARROW else 8
    written = table.astype(f"<i{width}").tobytes()
    return Block(_BETWEEN.join(ads), _BETWEEN.join(one or "" for one in creatives), width, written)


def unpack(blocks: Mapping[date, Block], first_day: date, days: int, born: Mapping[str, date]) -> Days:
    """Put packed days together; days without a block are empty.

    `born` holds when ads were created, for those that are young; all others are taken as old.
    """
    dates = (first_day + timedelta(days=number) for number in range(days))
    known = [blocks[day] if day in blocks and blocks[day].ads else None for day in dates]
    places = _Places()
    rows = [None if block is None else places.of(block.ads) for block in known]
    figures = np.zeros((len(COLUMNS), len(places.ids), days))
    creative: Ints = np.zeros((len(places.ids), days), dtype=np.int64)
    codes = _Codes()
    for day, (block, where) in enumerate(zip(known, rows, strict=True)):
        if block is not None and where is not None:
            figures[:, where, day] = np.frombuffer(block.figures, f"<i{block.width}").reshape(
                len(COLUMNS), -1
            )
            creative[where, day] = codes.of(block.creatives)
    own = dict(zip(COLUMNS, figures, strict=True))
    panel = Panel(
        ad_ids=tuple(places.ids),
        first_day=first_day,
        impressions=own["impressions"],
        reach=own["reach"],
        impressions_7d=own["impressions_7d"],
        reach_7d=own["reach_7d"],
        clicks=own["link_clicks"],
        engagement=own["engagement"],
        spend=own["spend_minor"],
        creative=_without_gaps(creative),
        delivered=own["impressions"] > 0,
        age_days=_ages(places.ids, first_day, days, born),
        hooks=own["video_plays"] if own["video_plays"].any() else None,
    )
    return Days(panel, own["purchases"])


class _Places:
    """Each ad's row, in the order in which ads are first met; neighbouring days mostly hold the same ads."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._last: tuple[str, NDArray[np.intp]] = ("", np.zeros(0, dtype=np.intp))

    def of(self, text: str) -> NDArray[np.intp]:
        """The rows of a day's ads."""
        if text != self._last[0]:
            found = text.split(_BETWEEN)
            rows = (self.ids.setdefault(one, len(self.ids)) for one in found)
            self._last = (text, np.fromiter(rows, dtype=np.intp, count=len(found)))
        return self._last[1]


class _Codes:
    """A number for every creative; 0 is not known."""

    def __init__(self) -> None:
        self._codes = {"": 0}
        self._last: tuple[str, Ints] = ("", np.zeros(1, dtype=np.int64))

    def of(self, text: str) -> Ints:
        """The numbers of a day's creatives."""
        if text != self._last[0]:
            found = text.split(_BETWEEN)
            codes = (self._codes.setdefault(one, len(self._codes)) for one in found)
            self._last = (text, np.fromiter(codes, dtype=np.int64, count=len(found)))
        return self._last[1]


def _without_gaps(creative: Ints) -> Ints:
    """What is not known is taken to be as on the next known day, else as on the one before."""
    if creative.all():
        return creative
    last = creative.shape[1] - 1
    for days in (range(last - 1, -1, -1), range(1, last + 1)):
        step = 1 if days.step < 0 else -1
        for day in days:
            gap = creative[:, day] == 0
            creative[gap, day] = creative[gap, day + step]
    return creative


def _ages(ids: Iterable[str], first_day: date, days: int, born: Mapping[str, date]) -> Ints:
    ids = list(ids)
    ages: Ints = np.full((len(ids), days), -1, dtype=np.int64)
    for row, one in enumerate(ids):
        if one in born:
            ages[row] = np.maximum(np.arange(days) + (first_day - born[one]).days, 0)
    return ages
