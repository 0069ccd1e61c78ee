"""A change at Meta that a person asked for: pause or resume an ad, once, recorded, undoable."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import AccountId, AlertId, UserId, WorkspaceId
from bot.domain.structure import EntityRef


class ActionKind(StrEnum):
    """What is to be done to the object."""

    PAUSE = "pause"
    RESUME = "resume"

    @property
    def status(self) -> str:
        """The `configured_status` that the object has afterwards."""
        return "PAUSED" if self is ActionKind.PAUSE else "ACTIVE"


class ActionState(StrEnum):
    """requested -> doing -> done | failed | conflict; `doing` after a crash or a timeout means unknown."""

    REQUESTED = "requested"
    DOING = "doing"
    DONE = "done"
    FAILED = "failed"
    CONFLICT = "conflict"  # somebody changed the object since the person saw it

    @property
    def final(self) -> bool:
        """Whether nothing more will happen."""
        return self in (ActionState.DONE, ActionState.FAILED, ActionState.CONFLICT)


@dataclass(frozen=True, slots=True)
class ObjectAction:
    """One change of one object's status, bound to the status the person saw."""

    id: str
    workspace_id: WorkspaceId
    account_id: AccountId
    alert_id: AlertId
    entity: EntityRef
    kind: ActionKind
    state: ActionState
    seen_status: str  # configured_status shown when the person clicked; anything else is a conflict
    requested_by: UserId
    requested_at: datetime
    lease_token: int = 0
    claimed_at: datetime | None = None
    finished_at: datetime | None = None
    error: str = ""  # a sentence for the person


class Step(StrEnum):
    """What to do next after looking at the object."""

    WRITE = "write"
    ALREADY = "already"  # it is as wished: an earlier attempt got through, or somebody did it
    CONFLICT = "conflict"


def next_step(action: ObjectAction, configured_status: str) -> Step:
    """Compare before setting: never overwrite what a person did since."""
    if configured_status == action.kind.status:
        return Step.ALREADY
    return Step.WRITE if configured_status == action.seen_status else Step.CONFLICT
