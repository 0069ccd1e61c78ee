"""A user's own export, one row per ad and day, read into one panel per account; nothing is guessed."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite

import numpy as np

from bot.domain.fatigue_panel import Panel
from bot.errors import BadInput

COLUMNS = (
    *("account_id", "ad_id", "date", "impressions", "reach", "impressions_7d", "reach_7d", "clicks"),
    *("engagement", "spend", "purchases", "purchases_d1", "value", "creative_id", "daily_budget", "age_days"),
)
MOST_DAYS = 1_100  # three years; a mistyped year would otherwise become an endless table
_NUMBERS = ("impressions", "reach", "impressions_7d", "reach_7d", "clicks", "engagement", "spend")
_NOT_USED = (
    "purchases",
    "purchases_d1",
    "value",
    "daily_budget",
)  # checked: a shifted row is noticed
_NEEDED = {"impressions", "clicks"}
_UNKNOWN_AGE = -1


@dataclass(frozen=True, slots=True)
class Row:
    """One ad on one day; `line` is where it stands in the file."""

    line: int
    account: str
    ad: str
    day: date
    numbers: Mapping[str, float]
    creative: str
    age_days: int


def panels(lines: Iterable[str]) -> Iterator[Panel]:
    """One panel per account, ordered by account and ad, whatever the order of the rows.

    Raises `BadInput` naming row and column; the header is row 1.
    """
    accounts: dict[str, dict[tuple[str, date], Row]] = {}
    owners: dict[str, str] = {}
    for row in rows(lines):
        known = accounts.setdefault(row.account, {})
        twice = known.setdefault((row.ad, row.day), row)
        if twice is not row:
            raise BadInput(
                f"Rows {twice.line} and {row.line} are both about ad {_cut(row.ad)} on {row.day}.",
                field="date",
            )
        if owners.setdefault(row.ad, row.account) != row.account:
            raise BadInput(
                f"Row {row.line}, ad_id: {_cut(row.ad)} belongs to another account above.", field="ad_id"
            )
    if not accounts:
        raise BadInput("There are no rows under the header.")
    for _, known in sorted(accounts.items()):
        yield _panel(list(known.values()))


def rows(lines: Iterable[str]) -> Iterator[Row]:
    """Every row, checked."""
    reader = csv.reader(lines)
    try:
        header = [name.strip() for name in next(reader, [])]
        missing = [name for name in COLUMNS if header.count(name) != 1]
        if missing:
            raise BadInput(f"Row 1: the column {missing[0]} is missing or there twice.", field=missing[0])
        for cells in reader:
            if cells:
                yield _row(reader.line_num, header, cells)
    except csv.Error as fault:
        raise BadInput(f"Row {reader.line_num}: {fault}.") from None


def _row(line: int, header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        raise BadInput(f"Row {line} has {len(cells)} columns, the header {len(header)}.")
    given = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    for name in ("account_id", "ad_id"):
        if not given[name]:
            raise BadInput(f"Row {line}, {name}: empty.", field=name)
    for name in _NOT_USED:
        _number(line, name, given[name])
    numbers = {name: _number(line, name, given[name]) for name in _NUMBERS}
    age = int(_number(line, "age_days", given["age_days"])) if given["age_days"] else _UNKNOWN_AGE
    day = _day(line, given["date"])
    return Row(line, given["account_id"], given["ad_id"], day, numbers, given["creative_id"], age)


def _number(line: int, name: str, text: str) -> float:
    if not text and name not in _NEEDED:
        return 0.0
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or value < 0 or value > 1e15:
        raise BadInput(f"Row {line}, {name}: {_cut(text)!r} is not a number of 0 or more.", field=name)
    return value


def _day(line: int, text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadInput(f"Row {line}, date: {_cut(text)!r} is not a date like 2026-03-02.", field="date")


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _panel(known: list[Row]) -> Panel:
    first, last = min(row.day for row in known), max(row.day for row in known)
    days = (last - first).days + 1
    if days > MOST_DAYS:
        raise BadInput(
            f"The rows span {days} days, from {first} to {last}; {MOST_DAYS} is the most.", field="date"
        )
    ad_ids = sorted({row.ad for row in known})
    shape = (len(ad_ids), days)
    place = {ad: index for index, ad in enumerate(ad_ids)}
    codes = {name: code for code, name in enumerate(sorted({row.creative for row in known}))}
    at = (
        np.array([place[row.ad] for row in known]),
        np.array([(row.day - first).days for row in known]),
    )
    tables = {name: np.zeros(shape) for name in _NUMBERS}
    for name, table in tables.items():
        table[at] = [row.numbers[name] for row in known]
    creative, age = np.zeros(shape, dtype=np.int64), np.full(shape, _UNKNOWN_AGE, dtype=np.int64)
    creative[at] = [codes[row.creative] for row in known]
    age[at] = [row.age_days for row in known]
    delivered = tables["impressions"] > 0
    return Panel(
        ad_ids=tuple(ad_ids), first_day=first, creative=creative, delivered=delivered, age_days=age, **tables
    )
