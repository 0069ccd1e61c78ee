"""The steps that make things: checked, validated, looked for, made, read back, set.

Whatever a step makes is looked up by its marker every time before it is made, on the first attempt too:
Meta has no idempotency key, and an answer that was lost says nothing about what was done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from bot.clock import Clock
from bot.domain.creatives import revised_spec
from bot.domain.ids import ObjectId
from bot.domain.proposals import differences, fingerprint
from bot.domain.replacement import Replacement, ReplacementState, Step, StepKind, StepState
from bot.domain.structure import Account
from bot.domain.undoing import CREATIVE, STATUS, Place
from bot.errors import OutcomeUnknown, SpruceError
from bot.meta import ads, creatives, labels, new_ads, pictures
from bot.meta.client import GraphClient
from bot.services.replacing_record import Claim, Done, Ended, Failed, Later, Outcome
from storage.db import Database

# Meta may carry a change out after the client gave up on it: nothing is made again before this.
GRACE = timedelta(seconds=180)
LOOK_AGAIN = timedelta(seconds=60)
_START_WITHIN = timedelta(seconds=5)
_T = TypeVar("_T")


class TooLateError(Exception):
    """This process slept between its record and its call; another one may have taken over."""


@dataclass(frozen=True, slots=True)
class Run:
    """One replacement being carried on, with a connection to Meta."""

    claim: Claim
    client: GraphClient
    account: Account
    clock: Clock
    db: Database

    @property
    def replacement(self) -> Replacement:
        """The replacement as it stands now."""
        return self.claim.replacement

    @property
    def label_id(self) -> str:
        """The label that everything of this replacement carries."""
        return self.claim.step(StepKind.LABEL).result_id

    @property
    def shown_ad(self) -> ObjectId:
        """The ad that shows the new creative: the new one, or in place the old one."""
        return self.replacement.new_ad_id or self.replacement.seen.ad_id

    def act(
        self,
        kind: StepKind,
        call: Callable[[], _T],
        *,
        before: str = "",
        after: str = "",
        result_id: str = "",
    ) -> _T:
        """Record that a step is about to be done, then do it; a definite refusal puts the step back."""
        began = self.claim.begin(kind, before, after, result_id)
        if not self.in_time(began):
            self.claim.mark(kind, StepState.PENDING)
            raise TooLateError
        try:
            return call()
        except OutcomeUnknown:
            raise
        except SpruceError:
            self.claim.mark(kind, StepState.PENDING)
            raise

    def in_time(self, recorded_at: datetime) -> bool:
        """Whether a call still follows closely on its record; a process may sleep in between."""
        return self.clock.now() - recorded_at < _START_WITHIN


def check(run: Run, _step: Step) -> Outcome:
    """The ad is still what was approved, and so is what is about to be made."""
    mine = run.replacement
    if fingerprint(mine) != mine.digest:
        sentence = "What is stored is not what was approved. Nothing was changed; ask for new variations."
        return Ended(ReplacementState.VOID, sentence, "void")
    found = differences(mine.seen, new_ads.ad_state(run.client, mine.seen.ad_id).seen)
    if found:
        sentence = f"{' '.join(found)} Nothing was changed; ask for new variations."
        return Ended(ReplacementState.VOID, sentence, "void")
    return Done(note="The ad is as it was approved.")


def validate(run: Run, _step: Step) -> Outcome:
    """Meta would take the creative; with a new picture still to come, the old one stands in."""
    mine = run.replacement
    spec = revised_spec(mine.original, mine.copy)
    creatives.validate(run.client, mine.account_id, spec, mine.name, mine.original.url_tags)
    return Done(note="Meta accepts the creative.")


def upload(run: Run, _step: Step) -> Outcome:
    """The new picture; the same bytes again give the same hash, so nothing has to be looked up."""
    mine = run.replacement
    with run.db.read(mine.workspace_id) as tx:
        found = tx.pictures.get(mine.picture)
    if found is None or sha256(found[0]).hexdigest() != mine.picture:
        return Failed("The picture that was approved is not stored any more.")
    data = found[0]
    image_hash = run.act(StepKind.UPLOAD, lambda: pictures.upload_picture(run.client, mine.account_id, data))
    return Done(result_id=image_hash, note="The new picture is in the account's library.")


def label(run: Run, step: Step) -> Outcome:
    """The label by which the rest is found again."""
    mine = run.replacement
    return _made(
        run,
        step,
        lambda: labels.find_label(run.client, mine.account_id, mine.marker),
        lambda: labels.create_label(run.client, mine.account_id, mine.marker),
    )


def creative(run: Run, step: Step) -> Outcome:
    """The new creative."""
    mine = run.replacement
    uploaded = mine.step(StepKind.UPLOAD)
    spec = revised_spec(mine.original, mine.copy, uploaded.result_id if uploaded else "")
    return _made(
        run,
        step,
        lambda: creatives.find_by_marker(run.client, mine.account_id, run.label_id, mine.marker),
        lambda: creatives.create(
            run.client,
            mine.account_id,
            spec,
            name=mine.name,
            url_tags=mine.original.url_tags,
            label_id=run.label_id,
        ),
        field="new_creative_id",
    )


def verify(run: Run, _step: Step) -> Outcome:
    """What Meta holds is what was approved, and nothing may change it on the way to people."""
    mine = run.replacement
    if mine.new_creative_id is None:
        return Failed("The new creative is not known.")
    held = creatives.read_back(run.client, mine.new_creative_id)
    if held.status == "IN_PROCESS":
        return Later(run.clock.now() + LOOK_AGAIN, "Meta is still preparing the new creative.")
    wrong = _wrong(mine, held)
    if wrong:
        return Failed(f"Meta made another creative than was approved: {'; '.join(wrong)}.")
    return Done(note="Meta holds exactly what was approved, with every Advantage+ feature off.")


def ad(run: Run, step: Step) -> Outcome:
    """The new ad, paused, beside the old one."""
    mine = run.replacement
    creative_id = mine.new_creative_id
    if creative_id is None:
        return Failed("The new creative is not known.")
    tracked = new_ads.tracking(run.client, mine.seen.ad_id)
    return _made(
        run,
        step,
        lambda: new_ads.find_ad_by_marker(run.client, mine.account_id, run.label_id, mine.marker),
        lambda: new_ads.create_ad(
            run.client,
            mine.account_id,
            adset_id=mine.seen.adset_id,
            creative_id=creative_id,
            name=mine.name,
            label_id=run.label_id,
            tracked=tracked,
        ),
        field="new_ad_id",
        event="created",
    )


def swap(run: Run, step: Step) -> Outcome:
    """In place: the ad shows the new creative."""
    mine = run.replacement
    place = Place(mine.seen.ad_id, CREATIVE)
    return set_value(
        run, step, place, before=mine.seen.creative_id, after=str(mine.new_creative_id), event="created"
    )


def activate(run: Run, step: Step) -> Outcome:
    """The new ad is switched on, unless somebody changed the old one meanwhile."""
    mine = run.replacement
    found = differences(mine.seen, new_ads.ad_state(run.client, mine.seen.ad_id).seen)
    if found:
        sentence = f"{' '.join(found)} The new ad stays paused; nothing else was changed."
        return Ended(ReplacementState.CONFLICT, sentence, "conflict")
    return set_value(
        run, step, Place(run.shown_ad, STATUS), before="PAUSED", after="ACTIVE", event="activated"
    )


def set_value(run: Run, step: Step, place: Place, *, before: str, after: str, event: str = "") -> Outcome:
    """Set one setting of an ad, unless it is neither what it was nor what it is to be."""
    now = value_of(run.client, place)
    if now == after:
        return Done(before=now, after=after, result_id=str(place.ad_id), event=event)
    if now != before:
        sentence = f"Somebody changed the ad meanwhile: its {place.field} is {now}. Nothing was overwritten."
        return Ended(ReplacementState.CONFLICT, sentence, "conflict")
    run.act(
        step.kind,
        lambda: put_value(run.client, place, after),
        before=before,
        after=after,
        result_id=str(place.ad_id),
    )
    if value_of(run.client, place) != after:
        return Later(run.clock.now() + LOOK_AGAIN, "Meta has not carried a change out yet.")
    return Done(event=event)


def value_of(client: GraphClient, place: Place) -> str:
    """The setting as it is right now."""
    seen = new_ads.ad_state(client, place.ad_id).seen
    return str(seen.creative_id) if place.field == CREATIVE else seen.configured_status


def put_value(client: GraphClient, place: Place, value: str) -> None:
    """Set it, once."""
    if place.field == CREATIVE:
        new_ads.swap_creative(client, place.ad_id, ObjectId(value))
    else:
        ads.set_status(client, place.ad_id, "ACTIVE" if value == "ACTIVE" else "PAUSED")


def unknown_until(step: Step, now: datetime) -> datetime | None:
    """Until when an attempt whose end is unknown may still be carried out; None once it cannot be."""
    if step.state is not StepState.DOING or step.started_at is None:
        return None
    over = step.started_at + GRACE
    return over if now < over else None


def _made(
    run: Run,
    step: Step,
    look: Callable[[], str | None],
    make: Callable[[], str],
    *,
    field: str = "",
    event: str = "",
) -> Outcome:
    """What a step makes: found by its marker, waited for, or made."""
    found = look()
    if found is None:
        until = unknown_until(step, run.clock.now())
        if until is not None:
            return Later(until, "Meta did not say whether it made what was asked; Spruce looks again.")
        found = run.act(step.kind, make)
    changes: dict[str, Any] = {field: ObjectId(found)} if field else {}
    return Done(result_id=found, event=event, changes=changes)


def _wrong(mine: Replacement, held: creatives.Held) -> list[str]:
    """What Meta holds otherwise than it was approved, in words."""
    uploaded = mine.step(StepKind.UPLOAD)
    image_hash = uploaded.result_id if uploaded else mine.original.image_hash or held.image_hash
    pairs = {
        "the words": (held.copy, mine.copy),
        "the tracking (url_tags)": (held.url_tags, mine.original.url_tags),
        "the link": (held.link, mine.original.link),
        "the page": (held.page_id, mine.original.page_id),
        "the picture": (held.image_hash, image_hash),
    }
    wrong = [f"{name} differ{'' if name == 'the words' else 's'}" for name, (a, b) in pairs.items() if a != b]
    if held.opted_in:
        wrong.append(f"Advantage+ features are on: {', '.join(held.opted_in)}")
    return wrong
