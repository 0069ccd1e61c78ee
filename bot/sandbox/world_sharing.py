"""Who gets which part of an ad set's delivery once ads are added, budgets move or a split test runs.

An untouched ad set keeps its plan: each ad has its own pace. From the moment an ad is added, the ad set
hands out what its ads had together: by weight among those that run, by the cells' shares while a study runs.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from bot.sandbox.world_objects import Ad, AdSet, Campaign, Creative, Study
from bot.sandbox.world_status import FOREVER, ON, StatusLog


class Stretch(NamedTuple):
    """A time in which an ad delivers at this multiple of its own pace, in epoch seconds."""

    begins: float
    ends: float
    weight: float


class Delivery:
    """What the figures need to know of the changes made in a world."""

    def __init__(self, log: StatusLog) -> None:
        self.log = log
        self.effects: dict[str, float] = {}
        self.creatives: dict[str, Creative] = {}
        self._teams: dict[str, tuple[Ad, ...]] = {}
        self._pools: dict[str, tuple[float, float]] = {}
        self._studies: dict[str, tuple[Study, ...]] = {}
        self._known: tuple[int, dict[str, list[Stretch]]] = (-1, {})

    def joined(self, ad: Ad, siblings: Iterable[Ad]) -> None:
        """An ad was added beside these; what they deliver together is from now on shared."""
        team = tuple(siblings)
        born = ad.created_at.timestamp()
        if ad.adset.id not in self._pools:
            running = (other.profile.impressions for other in team if self._runs(other, born))
            self._pools[ad.adset.id] = (born, sum(running))
        self._teams[ad.adset.id] = (*team, ad)
        self._known = (-1, {})

    def shown(self, creative: Creative, effect: float) -> None:
        """A creative was made; `effect` multiplies the click rate of the ads that carry it."""
        self.creatives[creative.id] = creative
        self.effects[creative.id] = effect

    def studied(self, study: Study) -> None:
        """A study was planned."""
        for cell in study.cells:
            for ad in cell.ads:
                self._studies[ad.id] = (*self._studies.get(ad.id, ()), study)
        self._known = (-1, {})

    def creative(self, ad: Ad, at: float) -> Creative:
        """What the ad shows at that moment."""
        change = self.log.latest(ad.id, "creative", at)
        return self.creatives[change.value] if change else ad.creative

    def ends(self, study: Study, at: float) -> float:
        """When a study ends, as known at that moment."""
        change = self.log.latest(study.id, "ends", at)
        return min(float(change.value), study.ends) if change else study.ends

    def stretches(self, ad: Ad) -> list[Stretch]:
        """When the ad could deliver and how much of its own pace, as far as the log knows."""
        version, found = self._known
        if version != self.log.version:
            self._known = version, found = (self.log.version, {})
        if ad.id not in found:
            found[ad.id] = list(self._find(ad))
        return found[ad.id]

    def _find(self, ad: Ad) -> Iterator[Stretch]:
        if not self._touched(ad):
            yield from (Stretch(begins, ends, 1.0) for begins, ends in self.log.running(ad))
            return
        born = ad.created_at.timestamp()
        moments = sorted({born, FOREVER, *(edge for edge in self._edges(ad) if edge >= born)})
        for begins, ends in pairwise(moments):
            if self._runs(ad, begins):
                yield Stretch(begins, ends, self._weight(ad, begins))

    def _touched(self, ad: Ad) -> bool:
        if ad.adset.id in self._teams or ad.id in self._studies:
            return True
        owners: tuple[AdSet | Campaign, ...] = (ad.adset, ad.campaign)
        return any(self.log.latest(owner.id, "budget", FOREVER) for owner in owners)

    def _edges(self, ad: Ad) -> Iterator[float]:
        studies = self._studies.get(ad.id, ())
        crew = {other for study in studies for cell in study.cells for other in cell.ads} | {ad}
        for study in studies:
            yield from (study.begins, study.ends, *self.log.moments(study.id))
        for member in crew:
            for other in self._teams.get(member.adset.id, (member,)):
                yield other.created_at.timestamp()
                for thing in (other, other.adset, other.campaign):
                    yield from self.log.moments(thing.id)

    def _runs(self, ad: Ad, at: float) -> bool:
        return ad.created_at.timestamp() <= at and self.log.effective(ad, at) == ON

    def _weight(self, ad: Ad, at: float) -> float:
        for study in self._studies.get(ad.id, ()):
            if study.begins <= at < self.ends(study, at):
                return self._in_study(ad, study, at)
        return self._unstudied(ad, at)

    def _in_study(self, ad: Ad, study: Study, at: float) -> float:
        shares = {
            other: cell.percentage / len(cell.ads)
            for cell in study.cells
            for other in cell.ads
            if self._runs(other, at)
        }
        whole = sum(other.profile.impressions * self._unstudied(other, at) for other in shares)
        return whole * shares[ad] / sum(shares.values()) / ad.profile.impressions

    def _unstudied(self, ad: Ad, at: float) -> float:
        return self._budget(ad.adset, at) * self._budget(ad.campaign, at) * self._pool(ad.adset, at)

    def _budget(self, owner: AdSet | Campaign, at: float) -> float:
        change = self.log.latest(owner.id, "budget", at)
        return int(change.value) / owner.daily_budget_minor if change else 1.0

    def _pool(self, adset: AdSet, at: float) -> float:
        begins, whole = self._pools.get(adset.id, (FOREVER, 0.0))
        if at < begins or not whole:
            return 1.0
        running = sum(ad.profile.impressions for ad in self._teams[adset.id] if self._runs(ad, at))
        return whole / running if running else 1.0
