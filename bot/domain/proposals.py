"""A proposal: variations of a tired ad, shown to people, waiting for their decision.

An approval is bound to a digest of exactly what was shown and of the ad as it was then; anything that
changed since voids it. Nothing is ever approved by the clock.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from bot.domain.creatives import Copy, CreativeContent, canonical
from bot.domain.ids import AccountId, AlertId, ChannelId, ObjectId, UserId, WorkspaceId
from bot.domain.structure import EntityRef
from bot.domain.variations import Variation
from bot.errors import BadInput, Stale

MOST_ROUNDS = 3  # regenerations after the first writing
_MOST_EARLIER = 12


class ProposalState(StrEnum):
    """writing -> waiting -> approved | rejected | expired | void; writing -> failed."""

    WRITING = "writing"
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    VOID = "void"  # what was shown is not so any more
    FAILED = "failed"  # nothing could be written

    @property
    def final(self) -> bool:
        """Whether nobody can decide any more."""
        return self not in (ProposalState.WRITING, ProposalState.WAITING)


class Mode(StrEnum):
    """How the new creative gets live."""

    BESIDE = "beside"  # a new ad beside the old one, which is paused last
    IN_PLACE = "in_place"  # the same ad shows the new creative
    TEST = "test"  # a new ad beside the old one, in a Meta split test that decides


@dataclass(frozen=True, slots=True)
class AdSeen:
    """The ad as it was when the proposal was made; a different one voids approvals."""

    ad_id: ObjectId
    adset_id: ObjectId
    creative_id: ObjectId
    configured_status: str
    adset_status: str
    campaign_status: str
    name: str


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's yes to one variation, by the digest they saw."""

    user_id: UserId
    n: int
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """One tired ad's variations and where their decision stands. `version` grows with what is shown."""

    id: str
    workspace_id: WorkspaceId
    account_id: AccountId
    alert_id: AlertId
    entity: EntityRef
    state: ProposalState
    version: int
    round: int  # 0 for the first writing, then one for each regeneration
    mode: Mode
    requested_by: UserId
    requested_at: datetime
    expires_at: datetime | None = None
    original: CreativeContent | None = None  # None until it was read
    seen: AdSeen | None = None
    variations: tuple[Variation, ...] = ()
    earlier: tuple[Copy, ...] = ()  # shown in rounds before this one
    picture_url: str = ""
    placements: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()  # special ad categories that the campaign declares
    writer: str = ""
    model: str = ""
    offline: bool = False
    direction: str = ""
    spend_7d_minor: int = 0
    approvals_needed: int = 1
    approvals: tuple[Approval, ...] = ()
    decided_by: UserId | None = None
    decided_at: datetime | None = None
    chosen: int | None = None
    reason: str = ""  # why rejected, void or failed, for people
    channel_id: ChannelId | None = None
    message_ts: str | None = None
    lease_token: int = 0

    def variation(self, n: int) -> Variation:
        """One of the variations by its number; raises BadInput."""
        for one in self.variations:
            if one.n == n:
                return one
        known = ", ".join(str(one.n) for one in self.variations) or "none"
        raise BadInput(f"There is no variation {n}. Choose one of: {known}.", field="variation")


@dataclass(frozen=True, slots=True)
class Decision:
    """What an approval came to: the proposal now, and whether it has all the approvals it needs."""

    proposal: Proposal
    complete: bool


class Bound(Protocol):
    """What an approval is bound to, wherever it is kept: a proposal's variation or a replacement."""

    @property
    def workspace_id(self) -> WorkspaceId: ...
    @property
    def account_id(self) -> AccountId: ...
    @property
    def mode(self) -> Mode: ...
    @property
    def seen(self) -> AdSeen: ...
    @property
    def original(self) -> CreativeContent: ...
    @property
    def copy(self) -> Copy: ...
    @property
    def picture(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Shown:
    workspace_id: WorkspaceId
    account_id: AccountId
    mode: Mode
    seen: AdSeen
    original: CreativeContent
    copy: Copy
    picture: str


def digest(proposal: Proposal, variation: Variation) -> str:
    """SHA-256 (hex) of all that an approval of this variation covers."""
    original, seen = proposal.original, proposal.seen
    if original is None or seen is None:
        raise Stale("The variations are not written yet.")
    return fingerprint(
        _Shown(
            proposal.workspace_id,
            proposal.account_id,
            proposal.mode,
            seen,
            original,
            variation.copy,
            variation.picture,
        )
    )


def fingerprint(bound: Bound) -> str:
    """The same for whatever holds what was approved: a replacement's must be its approval's digest."""
    shown = {
        "workspace": bound.workspace_id,
        "account": bound.account_id,
        "mode": bound.mode.value,
        "ad": [
            bound.seen.ad_id,
            bound.seen.adset_id,
            bound.seen.creative_id,
            bound.seen.configured_status,
        ],
        "story": bound.original.story_spec,
        "url_tags": bound.original.url_tags,
        "words": [bound.copy.primary_text, bound.copy.headline, bound.copy.description],
        "picture": bound.picture,
    }
    return sha256(canonical(shown).encode()).hexdigest()


def approve(proposal: Proposal, n: int, by: UserId, now: datetime) -> Decision:
    """One person approves one variation. Refuses what cannot be approved, and says why."""
    _demand_open(proposal, now)
    variation = proposal.variation(n)
    if variation.blocked:
        reasons = " ".join(note.sentence for note in variation.notes if note.gravity.value == "block")
        raise BadInput(f"Variation {n} cannot go live as it is: {reasons} Edit it first.", field="variation")
    others = [one for one in proposal.approvals if one.user_id != by]
    if any(one.n == n and one.user_id == by for one in proposal.approvals):
        raise Stale(f"You approved variation {n} already; it waits for a second person.")
    mine = Approval(by, n, digest(proposal, variation), now)
    approvals = (*others, mine)
    agreeing = [one for one in approvals if one.digest == mine.digest]
    complete = len({one.user_id for one in agreeing}) >= proposal.approvals_needed
    moved = replace(proposal, approvals=approvals, version=proposal.version + 1)
    if complete:
        moved = replace(moved, state=ProposalState.APPROVED, decided_by=by, decided_at=now, chosen=n)
    return Decision(moved, complete)


def reject(proposal: Proposal, by: UserId, reason: str, now: datetime) -> Proposal:
    """Nothing of it goes live; the reason is kept."""
    _demand_open(proposal, now)
    if not reason.strip():
        raise BadInput("Say in a few words why, so that the next ones get better.", field="reason")
    return replace(
        proposal,
        state=ProposalState.REJECTED,
        decided_by=by,
        decided_at=now,
        reason=reason.strip()[:500],
        version=proposal.version + 1,
    )


def edit(proposal: Proposal, edited: Variation, now: datetime) -> Proposal:
    """A person changed a variation's words; approvals of anything shown before are void."""
    _demand_open(proposal, now)
    proposal.variation(edited.n)
    kept = tuple(edited if one.n == edited.n else one for one in proposal.variations)
    return replace(proposal, variations=kept, approvals=(), version=proposal.version + 1)


def write_again(proposal: Proposal, direction: str, now: datetime) -> Proposal:
    """Ask for new variations; at most MOST_ROUNDS times."""
    _demand_open(proposal, now)
    if proposal.round >= MOST_ROUNDS:
        raise Stale(
            f"These were written anew {MOST_ROUNDS} times already. Edit one of them, or reject them and "
            "start again from the warning."
        )
    return replace(
        proposal,
        state=ProposalState.WRITING,
        round=proposal.round + 1,
        earlier=(*(one.copy for one in proposal.variations), *proposal.earlier)[:_MOST_EARLIER],
        direction=direction.strip()[:300],
        approvals=(),
        version=proposal.version + 1,
    )


def expire(proposal: Proposal, now: datetime) -> Proposal | None:
    """The proposal once its time is over; None while it is not."""
    if (
        proposal.state is not ProposalState.WAITING
        or proposal.expires_at is None
        or now < proposal.expires_at
    ):
        return None
    return replace(proposal, state=ProposalState.EXPIRED, version=proposal.version + 1)


def void(proposal: Proposal, what_changed: str) -> Proposal:
    """What was shown is not so any more."""
    return replace(
        proposal, state=ProposalState.VOID, reason=what_changed[:500], version=proposal.version + 1
    )


def differences(seen: AdSeen, now: AdSeen) -> tuple[str, ...]:
    """What changed at the ad since it was shown, one sentence each; empty when nothing did."""
    found = []
    if now.creative_id != seen.creative_id:
        found.append("The ad shows another creative now.")
    if now.configured_status != seen.configured_status:
        found.append(f"The ad was set from {seen.configured_status} to {now.configured_status}.")
    if now.adset_id != seen.adset_id:
        found.append("The ad belongs to another ad set now.")
    if now.adset_status != seen.adset_status:
        found.append(f"Its ad set was set from {seen.adset_status} to {now.adset_status}.")
    if now.campaign_status != seen.campaign_status:
        found.append(f"Its campaign was set from {seen.campaign_status} to {now.campaign_status}.")
    return tuple(found)


def _demand_open(proposal: Proposal, now: datetime) -> None:
    if proposal.state is ProposalState.WRITING:
        raise Stale("New variations are being written; wait for them.")
    if proposal.state is not ProposalState.WAITING:
        raise Stale(f"This was decided already: {proposal.state.value}. Nothing was changed.")
    if proposal.expires_at is not None and now >= proposal.expires_at:
        raise Stale("The time to decide is over. Press Suggest variations on the warning for new ones.")
