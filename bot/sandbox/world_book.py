"""The objects of a world and every change made to them; each change is dated and none is undone."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.sandbox.world_build import Cast
from bot.sandbox.world_objects import (
    Account,
    Ad,
    AdSet,
    Business,
    Campaign,
    Creative,
    Label,
    Profile,
    Study,
    Thing,
)
from bot.sandbox.world_random import Stream, between, bits
from bot.sandbox.world_review import Feedback, Reviews
from bot.sandbox.world_sharing import Delivery
from bot.sandbox.world_status import Change

_FIRST_ADDED = 100_000
SYSTEM_USER, SYSTEM_USER_ID = "Spruce system user", "122100000000001"


class Book:
    """Objects by id and by place; `lock` is to be held by whoever changes several things at once."""

    def __init__(self, cast: Cast, delivery: Delivery) -> None:
        self.accounts = tuple(cast.accounts)
        self.campaigns = tuple(cast.campaigns)
        self.adsets = tuple(cast.adsets)
        self.ads = tuple(cast.ads)
        self.creatives = tuple(cast.creatives)
        self.labels: tuple[Label, ...] = ()
        self.studies: tuple[Study, ...] = ()
        self.delivery = delivery
        self.log = delivery.log
        self.reviews = Reviews()
        # What an ad was created with and only has to be shown again, by its id.
        self.extras: dict[str, Mapping[str, Any]] = {}
        self.revision = 0
        self.lock = threading.RLock()
        delivery.creatives |= {creative.id: creative for creative in cast.creatives}
        businesses = (Business(a.business_id, a, a.business_name, a.created_at) for a in cast.accounts)
        self._by_id: dict[str, Thing] = {thing.id: thing for thing in (*cast.everything(), *businesses)}
        self._members: dict[str, tuple[Ad, ...]] = _members(self.ads)
        self._names: dict[str, str] = {}
        self._effects: list[float] = []
        self._serial = 0

    def find(self, object_id: str) -> Thing | None:
        """The object with this id; an account also under its number without `act_`."""
        return self._by_id.get(object_id.removeprefix("act_"))

    def by_key(self, key: str) -> Thing:
        """The campaign, ad set or ad with this key of the plan (`in.serum.broad.glow`)."""
        things: Iterable[Thing] = (*self.accounts, *self.campaigns, *self.adsets, *self.ads)
        return next(thing for thing in things if getattr(thing, "key", "") == key)

    def ads_of(self, thing: Thing) -> tuple[Ad, ...]:
        """The ads in an account, campaign or ad set, or the ad itself."""
        return self._members.get(thing.id, ())

    def adsets_of(self, thing: Thing) -> list[AdSet]:
        """The ad sets in an account or campaign."""
        return [adset for adset in self.adsets if thing is adset.campaign or thing is adset.account]

    def campaigns_of(self, account: Account) -> list[Campaign]:
        """The campaigns in an account."""
        return [campaign for campaign in self.campaigns if campaign.account is account]

    def creatives_of(self, account: Account) -> list[Creative]:
        """The creatives in an account."""
        return [creative for creative in self.creatives if creative.account is account]

    def creative(self, ad: Ad, at: datetime) -> Creative:
        """What the ad shows at that moment."""
        return self.delivery.creative(ad, at.timestamp())

    def name(self, thing: Thing) -> str:
        """Its present name."""
        return self._names.get(thing.id, thing.name)

    def budget_minor(self, thing: Campaign | AdSet, at: datetime) -> int:
        """The daily budget at that moment, 0 where the other level holds it."""
        change = self.log.latest(thing.id, "budget", at.timestamp())
        return int(change.value) if change else thing.daily_budget_minor

    def labels_on(self, thing: Thing, at: datetime) -> list[Label]:
        """The labels an object carries."""
        change = self.log.latest(thing.id, "labels", at.timestamp())
        ids = change.value.split(",") if change and change.value else []
        return [label for label in self.labels if label.id in ids]

    def new_id(self, prefix: str) -> str:
        """An id nothing else has; the same in every world for the same number of objects before it."""
        with self.lock:
            self._serial += 1
            return f"{prefix}{bits(Stream.OBJECT_ID, self._serial) % 10**9:09d}{self._serial:04d}"

    def set_status(self, thing: Thing, status: str, at: datetime, actor: str) -> None:
        """Switch an object from that moment on."""
        self._change(thing, Change(at.timestamp(), "status", status, actor))

    def rename(self, thing: Thing, name: str, at: datetime, actor: str) -> None:
        """Give it another name."""
        self._names[thing.id] = name
        self._change(thing, Change(at.timestamp(), "name", name, actor))

    def set_budget(self, thing: Campaign | AdSet, minor: int, at: datetime, actor: str) -> None:
        """Another daily budget in minor units; delivery follows in proportion."""
        self._change(thing, Change(at.timestamp(), "budget", str(minor), actor))

    def set_labels(self, thing: Thing, labels: Sequence[Label], at: datetime, actor: str) -> None:
        """Put these labels in place of the ones it carries."""
        text = ",".join(label.id for label in labels)
        self._change(thing, Change(at.timestamp(), "labels", text, actor))

    def swap(self, ad: Ad, creative: Creative, at: datetime, actor: str) -> None:
        """Let the ad show something else; it goes back to review."""
        self._change(ad, Change(at.timestamp(), "creative", creative.id, actor))
        self._submit(ad, creative, at)

    def decide(self, ad: Ad, status: str, at: datetime, feedback: Feedback = ()) -> None:
        """Meta's review comes to this status now, whatever it was going to say."""
        change = Change(at.timestamp(), "review", status, "review", feedback)
        with self.lock:
            self.log.schedule(ad.id, "review", [change])
            self.revision += 1

    def reject_next(self, reason: str = "", text: str = "", *, match: str = "") -> None:
        """Let the review reject the next ad that is submitted (whose name contains `match`)."""
        words = [word for word in (reason, text) if word]
        self.reviews.reject_next(*words, match=match)

    def effect_next(self, factor: float) -> None:
        """The next creative that is made gets this multiple of the fresh click rate."""
        self._effects.append(factor)

    def add_label(self, account: Account, name: str, at: datetime) -> Label:
        """The label with this name; made when there is none."""
        with self.lock:
            for label in self.labels:
                if label.account is account and label.name == name:
                    return label
            label = Label(self.new_id("23"), account, name, at)
            self.labels = (*self.labels, label)
            self._by_id[label.id] = label
            self.revision += 1
            return label

    def add_creative(self, creative: Creative) -> None:
        """Take in a creative that was made through the API."""
        with self.lock:
            usual = between(1.0, 1.2, Stream.CREATIVE_EFFECT, int(creative.id))
            self.delivery.shown(creative, self._effects.pop(0) if self._effects else usual)
            self.creatives = (*self.creatives, creative)
            self._by_id[creative.id] = creative
            self.revision += 1

    def add_ad(self, adset: AdSet, creative: Creative, name: str, status: str, at: datetime) -> Ad:
        """A new ad; it is submitted for review at once, paused or not."""
        with self.lock:
            siblings = self.ads_of(adset)
            number = len(self.ads)
            ad = Ad(
                self.new_id("12031"),
                f"{adset.key}.new{number}",
                _FIRST_ADDED + number,
                adset,
                creative,
                name,
                self._profile(siblings),
                at,
            )
            self.ads = (*self.ads, ad)
            self._by_id[ad.id] = ad
            for key in (ad.id, adset.id, ad.campaign.id, ad.account.id):
                self._members[key] = (*self._members.get(key, ()), ad)
            self.delivery.joined(ad, siblings)
            self._change(ad, Change(at.timestamp(), "created", name, SYSTEM_USER))
            if status != "ACTIVE":
                self._change(ad, Change(at.timestamp(), "status", status, SYSTEM_USER))
            self._submit(ad, creative, at)
            return ad

    def add_study(self, study: Study) -> None:
        """Plan a split test."""
        with self.lock:
            self.studies = (*self.studies, study)
            self._by_id[study.id] = study
            self.delivery.studied(study)
            self.revision += 1

    def end_study(self, study: Study, ends: float, at: datetime, actor: str) -> None:
        """Bring a study's end forward."""
        self._change(study, Change(at.timestamp(), "ends", str(ends), actor))

    def _change(self, thing: Thing, change: Change) -> None:
        with self.lock:
            self.log.add(thing.id, change)
            self.revision += 1

    def _submit(self, ad: Ad, creative: Creative, at: datetime) -> None:
        status, feedback = self.reviews.verdict(self.name(ad), creative)
        begins = at.timestamp()
        done = begins + self.reviews.minutes * 60
        waiting = Change(begins, "review", "PENDING_REVIEW", "review")
        with self.lock:
            self.log.schedule(ad.id, "review", [waiting, Change(done, "review", status, "review", feedback)])
            self.revision += 1

    def _profile(self, siblings: Sequence[Ad]) -> Profile:
        """An added ad is what the ad set's busiest one was when it was fresh."""
        planned = [ad for ad in siblings if ad.index < _FIRST_ADDED]
        return max(planned, key=lambda ad: ad.profile.impressions).profile


def _members(ads: Iterable[Ad]) -> dict[str, tuple[Ad, ...]]:
    found: dict[str, list[Ad]] = {}
    parents: tuple[Callable[[Ad], Thing], ...] = (
        lambda ad: ad,
        lambda ad: ad.adset,
        lambda ad: ad.campaign,
        lambda ad: ad.account,
    )
    for ad in ads:
        for parent in parents:
            found.setdefault(parent(ad).id, []).append(ad)
    return {key: tuple(value) for key, value in found.items()}
