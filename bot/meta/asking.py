"""Questions to Insights that are made smaller when Meta finds them too large."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from bot.domain.ids import AccountId, ObjectId
from bot.errors import TooMuchData
from bot.meta.ads import campaigns
from bot.meta.client import GraphClient
from bot.meta.rows import Page, Reader

_T = TypeVar("_T")
_MOST_IDS = 50  # in one `IN` filter


@dataclass(frozen=True, slots=True)
class Question(Generic[_T]):
    """One account, how its pages are read, and what is wanted of each page."""

    client: GraphClient
    account_id: AccountId
    reader: Reader
    shape: Callable[[Page], list[_T]]

    def pages(self, params: Mapping[str, object]) -> Iterator[list[_T]]:
        """The answer page by page."""
        path = f"{self.account_id}/insights"
        # Not a loop: its variable would keep one page in memory while the next one is read.
        yield from map(self.shape, self.client.pages(path, params, self.reader.decode))

    def whole(self, params: Mapping[str, object]) -> Iterator[list[_T]]:
        """The answer, campaigns by campaigns where that is too much; rows may then come again."""
        try:
            yield from self.pages(params)
        except TooMuchData:
            yield from self._by_campaigns(params)

    def days(self, params: Mapping[str, object], since: date, until: date) -> Iterator[list[_T]]:
        """The answer day by day; the range is halved where it is too much, and rows may then come again."""
        asked = {**params, "time_range": time_range(since, until), "time_increment": 1}
        try:
            yield from self.pages(asked)
        except TooMuchData:
            if since >= until:
                yield from self._by_campaigns(asked)
                return
            middle = since + (until - since) // 2
            yield from self.days(params, since, middle)
            yield from self.days(params, middle + timedelta(days=1), until)

    def _by_campaigns(self, params: Mapping[str, object]) -> Iterator[list[_T]]:
        everything = [one.id for page in campaigns(self.client, self.account_id) for one in page]
        waiting = [everything[place : place + _MOST_IDS] for place in range(0, len(everything), _MOST_IDS)]
        while waiting:
            some = waiting.pop()
            only = {"field": "campaign.id", "operator": "IN", "value": some}
            try:
                yield from self.pages({**params, "filtering": [*_filters(params), only]})
            except TooMuchData:
                if len(some) == 1:
                    raise
                waiting.extend(_halves(some))


def time_range(since: date, until: date) -> dict[str, str]:
    """Both days are included."""
    return {"since": since.isoformat(), "until": until.isoformat()}


def _filters(params: Mapping[str, object]) -> list[object]:
    given = params.get("filtering")
    return list(given) if isinstance(given, list) else []


def _halves(ids: list[ObjectId]) -> list[list[ObjectId]]:
    middle = (len(ids) + 1) // 2
    return [half for half in (ids[:middle], ids[middle:]) if half]
