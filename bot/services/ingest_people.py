"""Read how many people each ad reached, and what Meta says of ads; both seldom, for they are slow to ask."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.ids import AccountId, ObjectId, WorkspaceId
from bot.domain.insights import AdWindow
from bot.domain.signals import MetaSignal, SignalSource, signal
from bot.meta import insights
from bot.meta import signals as meta_signals
from bot.meta.client import GraphClient
from storage.repositories import Repositories

_DAY = timedelta(days=1)
_RANKED = (SignalSource.QUALITY, SignalSource.ENGAGEMENT, SignalSource.CONVERSION)
_NOT_RANKED = ("", "UNKNOWN")

Keep = Callable[[Callable[[Repositories], None]], None]


@dataclass(frozen=True, slots=True)
class People:
    """One account in one cycle; `keep` runs a write in a short transaction of its own."""

    client: GraphClient
    owner: WorkspaceId
    account_id: AccountId
    read_at: datetime
    keep: Keep

    def days(self, wanted: Sequence[date], done: Callable[[date], None]) -> None:
        """Read people by day, and over the seven days that end with each; `done` hears of every whole day.

        Days in a row are one question; a window of days is one of its own, for people do not add up. How
        Meta ranks the ads is taken from the newest window.
        """
        for since, until in _runs(wanted):
            for page in insights.ad_reach(self.client, self.account_id, since=since, until=until):
                self.keep(lambda tx, page=page: tx.insights.save_reach(self.owner, self.account_id, page))  # type: ignore[misc]
        for day in sorted(wanted, reverse=True):
            self._window(day, ranked=day == max(wanted))
            done(day)

    def _window(self, day: date, *, ranked: bool) -> None:
        for page in insights.ad_windows(self.client, self.account_id, day):
            said = list(_rankings(page, self.read_at)) if ranked else []

            def write(
                tx: Repositories,
                page: list[AdWindow] = page,
                said: list[tuple[ObjectId, MetaSignal]] = said,
            ) -> None:
                tx.insights.save_windows(self.owner, self.account_id, page)
                tx.signals.save(self.owner, self.account_id, said)

            self.keep(write)
        if ranked:
            self._withdraw(_RANKED)

    def words(self) -> None:
        """Read what Meta recommends and which ad sets still learn; what it does not say any more is over."""
        recommended = meta_signals.recommendations(self.client, self.account_id, self.read_at)
        learning = meta_signals.learning(self.client, self.account_id, self.read_at)
        said = [*(recommended or ()), *learning]
        self.keep(lambda tx: tx.signals.save(self.owner, self.account_id, said))
        self._withdraw((SignalSource.RECOMMENDATION, SignalSource.LEARNING))

    def _withdraw(self, sources: Sequence[SignalSource]) -> None:
        self.keep(lambda tx: tx.signals.withdraw(self.account_id, sources, self.read_at))


def _rankings(page: Iterable[AdWindow], at: datetime) -> Iterator[tuple[ObjectId, MetaSignal]]:
    for one in page:
        for source, word in zip(_RANKED, one.rankings, strict=True):
            if word not in _NOT_RANKED:
                yield one.ad_id, signal(source, word, "", at)


def _runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days in a row, as their first and last."""
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][1] == _DAY:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
