"""Putting a new creative live, step by step, each recorded before and after and each with its undo.

The order never leaves a hole: the old ad is paused last, once the new one delivers. Every create is
looked up by its marker before it is tried, because Meta has no idempotency key.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.creatives import Copy, CreativeContent
from bot.domain.ids import AccountId, AlertId, ObjectId, UserId, WorkspaceId
from bot.domain.proposals import AdSeen, Mode
from bot.domain.structure import EntityRef

_LONGEST_NAME = 100  # characters of a creative's name (Marketing API, Ad Creative)


class StepKind(StrEnum):
    """One thing that is done at Meta, or waited for."""

    CHECK = "check"  # the ad is still what was approved
    VALIDATE = "validate"  # Meta says it would accept the creative (validate_only)
    UPLOAD = "upload"  # the new picture, where there is one
    LABEL = "label"  # an ad label that marks what this replacement made
    CREATIVE = "creative"
    VERIFY = "verify"  # read it back: words, tracking, Advantage+ features opted out
    AD = "ad"  # a new ad, PAUSED
    SWAP = "swap"  # in place: the ad shows the new creative
    REVIEW = "review"  # Meta's review
    ACTIVATE = "activate"
    STUDY = "study"  # the split test
    CONFIRM = "confirm"  # it delivers
    AWAIT = "await"  # the split test's stop rule
    PAUSE_OLD = "pause_old"
    PAUSE_LOSER = "pause_loser"


_BEGIN = (StepKind.CHECK, StepKind.VALIDATE)
_MAKE = (StepKind.LABEL, StepKind.CREATIVE, StepKind.VERIFY)
_LIVE = (StepKind.AD, StepKind.REVIEW, StepKind.ACTIVATE)
_PLANS = {
    Mode.BESIDE: (*_MAKE, *_LIVE, StepKind.CONFIRM, StepKind.PAUSE_OLD),
    Mode.IN_PLACE: (*_MAKE, StepKind.SWAP, StepKind.REVIEW, StepKind.CONFIRM),
    Mode.TEST: (*_MAKE, *_LIVE, StepKind.STUDY, StepKind.AWAIT, StepKind.PAUSE_LOSER),
}
# Steps that change nothing at Meta.
LOOKS = frozenset(
    {StepKind.CHECK, StepKind.VALIDATE, StepKind.VERIFY, StepKind.REVIEW, StepKind.CONFIRM, StepKind.AWAIT}
)
# What undoes a step, in words for the card; steps that are not here leave nothing to undo.
UNDO = {
    StepKind.CREATIVE: "delete the new creative if no ad uses it",
    StepKind.AD: "leave the new ad paused",
    StepKind.SWAP: "show the old creative again",
    StepKind.ACTIVATE: "pause the new ad",
    StepKind.STUDY: "end the split test",
    StepKind.PAUSE_OLD: "turn the old ad on again",
    StepKind.PAUSE_LOSER: "turn the paused ad on again",
}


class StepState(StrEnum):
    """pending -> doing -> done | failed; done -> undoing -> undone. `doing` found later means unknown."""

    PENDING = "pending"
    DOING = "doing"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Step:
    """One step and what is known of it. `before` and `after` are what the object was set from and to."""

    n: int
    kind: StepKind
    state: StepState = StepState.PENDING
    before: str = ""
    after: str = ""
    result_id: str = ""  # the id that Meta gave
    attempts: int = 0
    note: str = ""  # a sentence for people
    started_at: datetime | None = None
    finished_at: datetime | None = None


class ReplacementState(StrEnum):
    """queued -> applying -> live; side ends; live -> undoing -> undone."""

    QUEUED = "queued"  # approved, and waits for its turn (cool-down, limits, stop)
    APPLYING = "applying"
    TESTING = "testing"  # a split test runs
    LIVE = "live"
    FAILED = "failed"  # the old ad runs as before
    VOID = "void"  # something changed before the first write
    CONFLICT = "conflict"  # a person changed something on the way; nothing was overwritten
    UNDOING = "undoing"
    UNDO_ASKS = "undo_asks"  # a person changed something since: shows what, and asks
    UNDONE = "undone"

    @property
    def moving(self) -> bool:
        """Whether Spruce itself has something to do next."""
        return self in _MOVING


_MOVING = frozenset(
    {
        ReplacementState.QUEUED,
        ReplacementState.APPLYING,
        ReplacementState.TESTING,
        ReplacementState.UNDOING,
    }
)
# What still can be undone by a person.
UNDOABLE = frozenset(
    {
        ReplacementState.LIVE,
        ReplacementState.TESTING,
        ReplacementState.APPLYING,
        ReplacementState.UNDO_ASKS,
        ReplacementState.CONFLICT,
    }
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """One approved change of one ad, bound to the digest that was approved."""

    id: str
    workspace_id: WorkspaceId
    account_id: AccountId
    proposal_id: str
    alert_id: AlertId
    entity: EntityRef  # the old ad
    mode: Mode
    state: ReplacementState
    version: int
    digest: str
    seen: AdSeen
    original: CreativeContent
    copy: Copy
    picture: str  # SHA-256 of the new picture's bytes, or empty
    angle: str
    name: str  # of the new ad and creative, ending in the marker
    approved_by: tuple[UserId, ...]
    approved_at: datetime
    steps: tuple[Step, ...]
    undo_by: UserId | None = None
    undo_forced: str = ""  # digest of the differences that a person saw and undid all the same
    new_creative_id: ObjectId | None = None
    new_ad_id: ObjectId | None = None
    study_id: str = ""
    live_at: datetime | None = None
    finished_at: datetime | None = None
    next_at: datetime | None = None
    reason: str = ""  # a sentence for people: why failed, void, in conflict, or waiting
    lease_token: int = 0
    claimed_at: datetime | None = None

    def step(self, kind: StepKind) -> Step | None:
        """The step of that kind, if the plan has it."""
        return next((one for one in self.steps if one.kind is kind), None)

    @property
    def current(self) -> Step | None:
        """The first step that is not done."""
        return next((one for one in self.steps if one.state is not StepState.DONE), None)

    @property
    def begun_at(self) -> datetime | None:
        """When its first step that changes something began."""
        wrote = [one.started_at for one in self.steps if one.kind not in LOOKS and one.started_at]
        return min(wrote, default=None)

    @property
    def marker(self) -> str:
        """What every name and label of this replacement ends in."""
        return marker(self.id)


def plan(mode: Mode, *, picture: bool) -> tuple[Step, ...]:
    """The steps, in order."""
    upload = (StepKind.UPLOAD,) if picture else ()
    return tuple(Step(n, kind) for n, kind in enumerate((*_BEGIN, *upload, *_PLANS[mode]), 1))


def to_undo(replacement: Replacement) -> tuple[Step, ...]:
    """The done steps that have an undo, the last one first."""
    undoable = (StepState.DONE, StepState.DOING, StepState.UNDOING)
    return tuple(step for step in reversed(replacement.steps) if step.state in undoable and step.kind in UNDO)


def marker(replacement_id: str) -> str:
    """A short text by which everything that one replacement made is found again."""
    return f"[sp:{replacement_id.replace('-', '')[:12]}]"


def new_name(old_name: str, angle: str, day: str, replacement_id: str, ad_id: ObjectId) -> str:
    """A deterministic name: `YYYYMMDD_Angle_v.._src<ad>`; the marker always fits."""
    slug = "-".join("".join(c if c.isalnum() else " " for c in angle).split())[:24]
    tail = f"_{day}_{slug}_src{ad_id[-6:]} {marker(replacement_id)}"
    return old_name[: _LONGEST_NAME - len(tail)].rstrip() + tail
