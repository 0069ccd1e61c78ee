"""Every write but report runs: what may be changed on which object, and what is made under an account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox.graph_errors import GraphError, bad_param, refused, unknown_object
from bot.sandbox.graph_images import Images, answered, uploads
from bot.sandbox.graph_making import Write, check_ad, creative_meant, labels_meant, new_creative
from bot.sandbox.graph_nodes import MIN_BUDGET
from bot.sandbox.graph_studies import end_study, new_study
from bot.sandbox.world_book import Book
from bot.sandbox.world_objects import Account, Ad, AdSet, Business, Campaign, Creative, Study, Thing

_SAID: dict[str, Any] = {"success": True}
_SHARED = frozenset({"status", "name", "adlabels", "execution_options"})
_CHANGEABLE: Mapping[type, frozenset[str]] = {
    Campaign: _SHARED | {"daily_budget"},
    AdSet: _SHARED | {"daily_budget"},
    Ad: _SHARED | {"creative"},
    Creative: frozenset({"name", "status", "adlabels", "account_id"}),
}
_BUDGET_EDITS_AN_HOUR = 4


@dataclass(frozen=True, slots=True)
class Done:
    """A write's answer and the id of what it made, empty when it made nothing."""

    answer: dict[str, Any]
    made: str = ""


@dataclass(frozen=True, slots=True)
class Writer:
    """Carries writes out on a world; each holds the world's lock from its checks to its end."""

    world: Book
    images: Images
    base: str = ""

    def apply(self, thing: Thing, edge: str, write: Write, files: Mapping[str, tuple[str, bytes]]) -> Done:
        """Do it, or only check it."""
        with self.world.lock:
            if edge == "adimages" and isinstance(thing, Account):
                return self._upload(thing, write, files)
            if edge and isinstance(thing, Account):
                makers = {"adcreatives": self._creative, "ads": self._ad, "adlabels": self._label}
                return makers[edge](thing, write)
            if isinstance(thing, Business):
                study = new_study(self.world, thing, write)
                self.world.add_study(study)
                return Done({"id": study.id}, study.id)
            return self._change(thing, write)

    def delete(self, thing: Thing, write: Write) -> Done:
        """Delete an object; it stays readable as deleted."""
        return self.apply(thing, "", replace(write, params={"status": "DELETED"}), {})

    def _upload(self, account: Account, write: Write, files: Mapping[str, tuple[str, bytes]]) -> Done:
        found = {}
        before = len(self.images)
        for name, data in uploads(write.params, files).items():
            picture = self.images.keep(account, data, name, write.at)
            found[name] = answered(picture, self.base)
        made = next(iter(found.values()))["hash"] if len(self.images) > before else ""
        return Done({"images": found}, made)

    def _creative(self, account: Account, write: Write) -> Done:
        creative, is_new = new_creative(self.world, self.images, account, write)
        if write.only_checked:
            return Done(_SAID)
        if not is_new:
            return Done({"id": creative.id})
        made = replace(creative, id=self.world.new_id("12032"))
        made = replace(made, key=made.id)
        self.world.add_creative(made)
        self._hang(made, write)
        return Done({"id": made.id}, made.id)

    def _ad(self, account: Account, write: Write) -> Done:
        adset, creative = check_ad(self.world, account, write)
        if write.only_checked:
            return Done(_SAID)
        status = write.params.get("status", "ACTIVE")
        extras = {name: write.params[name] for name in _ECHOED if name in write.params}
        ad = self.world.add_ad(adset, creative, write.params["name"], status, write.at)
        self.world.extras[ad.id] = extras
        self._hang(ad, write)
        return Done({"id": ad.id}, ad.id)

    def _label(self, account: Account, write: Write) -> Done:
        label = self.world.add_label(account, str(write.needed("name")), write.at)
        return Done({"id": label.id}, label.id if label.created_at == write.at else "")

    def _hang(self, thing: Ad | Creative, write: Write) -> None:
        if write.params.get("adlabels"):
            labels = labels_meant(self.world, thing.account, write.params["adlabels"], write.at)
            self.world.set_labels(thing, labels, write.at, write.actor)

    def _change(self, thing: Thing, write: Write) -> Done:
        if isinstance(thing, Study):
            end_study(self.world, thing, write)
            return Done(_SAID)
        allowed = _CHANGEABLE.get(type(thing))
        if allowed is None:
            raise unknown_object(thing.id, "POST")
        self._check(thing, write, allowed)
        steps = [step for name, step in _STEPS.items() if name in write.params]
        planned = [step(self.world, thing, write) for step in steps]
        if not write.only_checked:
            for act in planned:
                act()
        return Done(_SAID)

    def _check(self, thing: Thing, write: Write, allowed: frozenset[str]) -> None:
        if isinstance(thing, Creative) and set(write.params) - allowed:
            message = "Only the name, the status and the labels of a creative can be changed."
            raise refused(1815573, "The creative cannot be edited", message)
        write.only(allowed)
        if not set(write.params) - {"execution_options", "account_id"}:
            raise bad_param("nothing to change: not modelled by the stand-in")
        status = self.world.log.configured(thing, write.at.timestamp())
        again = set(write.params) <= {"status"} and write.params.get("status") == status
        if status == "DELETED" and not again:
            raise bad_param("You can't edit a deleted object", subcode=1487566)
        kept = set(write.params) <= {"name", "status"} and write.params.get("status", "DELETED") == "DELETED"
        if status == "ARCHIVED" and not kept:
            raise bad_param("An archived object can only be renamed or deleted", subcode=1487566)


Act = Callable[[], None]
_ECHOED = ("tracking_specs", "conversion_domain")


def _nothing() -> None:
    """What is as it was asked to be is no change."""


def _status(world: Book, thing: Thing, write: Write) -> Act:
    wanted = write.params["status"]
    if isinstance(thing, Creative) and wanted not in {"ACTIVE", "DELETED"}:
        raise bad_param("status must be one of the following values: ACTIVE, DELETED")
    if wanted == world.log.configured(thing, write.at.timestamp()):
        return _nothing
    return lambda: world.set_status(thing, wanted, write.at, write.actor)


def _name(world: Book, thing: Thing, write: Write) -> Act:
    wanted = write.params["name"]
    if not wanted or (isinstance(thing, Creative) and len(wanted) > 100):
        raise bad_param("Param name must not be empty nor too long")
    if wanted == world.name(thing):
        return _nothing
    return lambda: world.rename(thing, wanted, write.at, write.actor)


def _labels(world: Book, thing: Thing, write: Write) -> Act:
    account = thing if isinstance(thing, Account) else thing.account
    labels = labels_meant(world, account, write.params["adlabels"], write.at)
    return lambda: world.set_labels(thing, labels, write.at, write.actor)


def _budget(world: Book, thing: Thing, write: Write) -> Act:
    if not isinstance(thing, (Campaign, AdSet)):
        raise bad_param("daily_budget: not a parameter of this object")
    wanted, now = write.params["daily_budget"], world.budget_minor(thing, write.at)
    if not now:
        raise refused(
            1885621, "Budget is set elsewhere", "The budget of this object is held by another level."
        )
    if wanted < MIN_BUDGET.get(thing.account.currency, 100):
        raise refused(1885272, "Budget is too low", "The budget is below the account's minimum.")
    recent = [
        change
        for change in world.log.changes(thing.id, write.at.timestamp())
        if change.what == "budget" and change.at > write.at.timestamp() - 3600
    ]
    if len(recent) >= _BUDGET_EDITS_AN_HOUR:
        raise GraphError(613, "(#613) Calls to this api have exceeded the rate limit.", subcode=1487632)
    return _nothing if wanted == now else lambda: world.set_budget(thing, wanted, write.at, write.actor)


def _swap(world: Book, thing: Thing, write: Write) -> Act:
    if not isinstance(thing, Ad):
        raise bad_param("creative: not a parameter of this object")
    creative = creative_meant(world, thing.account, write)
    if creative is world.creative(thing, write.at):
        return _nothing
    return lambda: world.swap(thing, creative, write.at, write.actor)


_STEPS: Mapping[str, Callable[[Book, Thing, Write], Act]] = {
    "creative": _swap,
    "adlabels": _labels,
    "daily_budget": _budget,
    "name": _name,
    "status": _status,
}
