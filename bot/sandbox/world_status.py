"""Who was on and off when: a log that is only added to, asked about any moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bot.sandbox.world_objects import Ad, AdSet, Thing

ON = "ACTIVE"
Span = tuple[float, float]
FOREVER = float("inf")
_GONE = frozenset({"DELETED", "ARCHIVED"})
# These two show whatever the ad was set to: a paused ad is reviewed too.
_REVIEW_FIRST = frozenset({"PENDING_REVIEW", "DISAPPROVED"})


@dataclass(frozen=True, slots=True)
class Change:
    """One dated change of an object: what the field `what` became, and through whom."""

    at: float
    what: str  # "status", "name", "review", "creative", "budget", "labels", "created" or "ends"
    value: str
    actor: str = "history"
    detail: tuple[tuple[str, str], ...] = ()


class StatusLog:
    """The dated changes of every object; the answer for a past moment never changes."""

    def __init__(self) -> None:
        self._changes: dict[str, list[Change]] = {}
        self._spans: dict[str, list[Span]] = {}
        self.version = 0

    def add(self, object_id: str, change: Change) -> None:
        """Record a change; history may be given in any order, later changes come at the end."""
        entries = [*self._changes.get(object_id, ()), change]
        # A new list is put in place of the old one, so readers in other threads never see half a change.
        self._changes[object_id] = sorted(entries, key=lambda entry: entry.at)
        self._spans = {}
        self.version += 1

    def schedule(self, object_id: str, what: str, changes: Iterable[Change]) -> None:
        """Put these in place of what was still to come of that kind; the past stays as it was."""
        coming = sorted(changes, key=lambda change: change.at)
        first = coming[0].at
        kept = [old for old in self._changes.get(object_id, ()) if old.what != what or old.at <= first]
        self._changes[object_id] = kept
        for change in coming:
            self.add(object_id, change)

    def moments(self, object_id: str) -> set[float]:
        """When the object changes, later than now included."""
        return {change.at for change in self._changes.get(object_id, ())}

    def changes(self, object_id: str, at: float) -> list[Change]:
        """The changes up to that moment, oldest first."""
        return [change for change in self._changes.get(object_id, ()) if change.at <= at]

    def latest(self, object_id: str, what: str, at: float) -> Change | None:
        """The last change of that kind."""
        for change in reversed(self._changes.get(object_id, ())):
            if change.what == what and change.at <= at:
                return change
        return None

    def configured(self, thing: Thing, at: float) -> str:
        """What its owner set."""
        change = self.latest(thing.id, "status", at)
        return change.value if change else ON

    def effective(self, thing: Thing, at: float) -> str:
        """What Meta makes of it: its own setting and the review's word on it, then its parents'."""
        own = self.configured(thing, at)
        if not isinstance(thing, (AdSet, Ad)) or own in _GONE:
            return own
        found = self.latest(thing.id, "review", at)
        review = found.value if found else ON
        if review in _REVIEW_FIRST:
            return review
        if own != ON:
            return own
        return review if review != ON else self._from_parents(thing, at)

    def _from_parents(self, thing: Ad | AdSet, at: float) -> str:
        if self.configured(thing.campaign, at) != ON:
            return "CAMPAIGN_PAUSED"
        if isinstance(thing, Ad) and self.configured(thing.adset, at) != ON:
            return "ADSET_PAUSED"
        return ON

    def updated_at(self, thing: Thing, at: float) -> float:
        """When it last changed itself; a parent's pause does not count."""
        changes = self.changes(thing.id, at)
        return changes[-1].at if changes else thing.created_at.timestamp()

    def running(self, ad: Ad) -> list[Span]:
        """When the ad could deliver, as far as the log knows."""
        spans = self._spans
        if ad.id not in spans:
            spans[ad.id] = list(self._running(ad))
        return spans[ad.id]

    def _running(self, ad: Ad) -> Iterable[Span]:
        chain: tuple[Thing, ...] = (ad, ad.adset, ad.campaign)
        born = ad.created_at.timestamp()
        edges = {born, FOREVER}
        edges.update(moment for thing in chain for moment in self.moments(thing.id))
        moments = sorted(edge for edge in edges if edge >= born)
        for begin, end in pairwise(moments):
            if self.effective(ad, begin) == ON:
                yield begin, end
