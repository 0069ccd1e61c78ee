"""Did it work: after 1, 3 and 7 complete days, the new creative against the old one, told in the thread."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.domain.comparing import compare
from bot.domain.days import day_start, local_day
from bot.domain.ids import ObjectId
from bot.domain.insights import Figures, total
from bot.domain.proposals import Mode
from bot.domain.refreshes import Event
from bot.domain.replacement import Replacement, ReplacementState
from bot.domain.verdicts import CHECK_DAYS, Arm, Comparison, Verdict
from bot.metrics import Metrics
from bot.services.messages import card, edit, story
from storage.db import Database
from storage.repositories import Repositories

# Meta's figures of a day are nearly whole three hours after it ended (docs/explain/fatigue.md).
_SETTLES = timedelta(hours=3)
_BEFORE = 7  # days of the old creative to compare with

Days = Mapping[ObjectId, Mapping[date, Figures]]


class FollowUpService:
    """Verdicts about replacements that are live."""

    def __init__(self, db: Database, clock: Clock, *, new_id: Callable[[], str], metrics: Metrics) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._metrics = metrics

    def judge(self) -> int:
        """Give every verdict that is due; says how many were given."""
        now = self._clock.now()
        with self._db.system_read() as tx:
            followed = tx.replacements.followed(now)
        return sum(self._judge(one, now) for one in followed)

    def _judge(self, replacement: Replacement, now: datetime) -> int:
        with self._db.read(replacement.workspace_id) as tx:
            watched = tx.accounts.get(replacement.account_id)
            given = {one.after_days for one in tx.verdicts.of(replacement.id)}
            read_at = watched.sight.read_at if watched else None
        if watched is None or read_at is None or replacement.live_at is None:
            return 0
        live_day = local_day(replacement.live_at, watched.account.timezone_name)
        due = [days for days in CHECK_DAYS if days not in given]
        told = 0
        for days in due:
            last = live_day + timedelta(days=days)
            ready_at = day_start(last + timedelta(days=1), watched.account.timezone_name) + _SETTLES
            # Figures that were read before the day was whole would make a verdict of half a day.
            if now >= ready_at and read_at >= ready_at and not _undone_by(replacement, ready_at - _SETTLES):
                told += self._give(replacement, live_day, days, now)
        return told

    def _give(self, replacement: Replacement, live_day: date, days: int, now: datetime) -> int:
        with self._db.workspace(replacement.workspace_id) as tx:
            first, last = live_day + timedelta(days=1), live_day + timedelta(days=days)
            found = compare(comparison(tx, replacement, live_day, last), days, first, last)
            if not tx.verdicts.add(replacement.id, found, now):
                return 0
            self._tell(tx, replacement, found, now)
        self._metrics.count("spruce_verdicts_total", call=found.call.value)
        return 1

    def _tell(self, tx: Repositories, replacement: Replacement, found: Verdict, now: datetime) -> None:
        tx.audit.add(
            replacement.workspace_id,
            now,
            "spruce",
            f"replacement.verdict.{found.call.value}",
            object_id=replacement.id,
            details={"after_days": found.after_days, "lift": found.lift},
        )
        proposal, alert = tx.proposals.get(replacement.proposal_id), tx.alerts.get(replacement.alert_id)
        if proposal is None or alert is None:
            return
        edit(tx, alert, self._new_id(), now)
        card(tx, proposal, alert, self._new_id(), now)
        story(
            tx,
            Event.VERDICT,
            proposal,
            alert,
            key=f"{replacement.id}:{found.after_days}",
            new_id=self._new_id(),
            # Several may be due at once, after a pause; messages go out in the order of their moments.
            now=now - timedelta(microseconds=max(CHECK_DAYS) - found.after_days),
            after_days=found.after_days,
        )


def _undone_by(replacement: Replacement, end: datetime) -> bool:
    """Whether it was put back before the days of a verdict were over: there is nothing to compare."""
    undone = replacement.state is ReplacementState.UNDONE
    return undone and replacement.finished_at is not None and replacement.finished_at < end


def comparison(tx: Repositories, replacement: Replacement, live_day: date, last: date) -> Comparison:
    """New and old over their days, and the other ads of the ad set over the same days.

    The day of the change belongs to neither side: both creatives were shown on it.
    """
    before = [live_day - timedelta(days=back) for back in range(_BEFORE, 0, -1)]
    after = [live_day + timedelta(days=on) for on in range(1, (last - live_day).days + 1)]
    adset_id = replacement.seen.adset_id
    days = tx.adsets.days(replacement.account_id, adset_id, before[0], last)
    old = ObjectId(replacement.seen.ad_id)
    new = old if replacement.mode is Mode.IN_PLACE else replacement.new_ad_id or old
    others = [ad for ad in days if ad not in (old, new)]
    controls = [ad for ad in others if _delivers(days, ad, before) and _delivers(days, ad, after)]
    nothing = Arm(Figures(), 0)
    return Comparison(
        new=_arm(days, [new], after),
        old_before=_arm(days, [old], before),
        old_after=nothing if old == new else _arm(days, [old], after),
        control_before=_arm(days, controls, before),
        control_after=_arm(days, controls, after),
        controls=len(controls),
    )


def _arm(days: Days, ads: list[ObjectId], wanted: list[date]) -> Arm:
    found = [days[ad][day] for ad in ads if ad in days for day in wanted if day in days[ad]]
    shown = {day for ad in ads if ad in days for day in wanted if day in days[ad]}
    return Arm(total(found), len(shown))


def _delivers(days: Days, ad: ObjectId, wanted: list[date]) -> bool:
    return any(day in days[ad] and days[ad][day].impressions for day in wanted)
