"""People decide on variations: approve, edit, ask again, reject; and what nobody decided expires."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock
from bot.domain import proposals as life
from bot.domain.access import Person
from bot.domain.copy_check import Against, check_edited
from bot.domain.creatives import Copy
from bot.domain.days import local_day
from bot.domain.ids import AccountId, ObjectId, WorkspaceId
from bot.domain.proposals import Decision, Proposal, ProposalState, digest
from bot.domain.refreshes import Event, ProposalCard, Waiting
from bot.domain.replacement import Replacement, ReplacementState, new_name, plan
from bot.errors import BadInput, NotFound, Stale
from bot.metrics import Metrics
from bot.services.messages import card, edit, story
from bot.services.refresh_cards import proposal_card, undecided
from bot.services.stops import demand_no_stop
from storage.db import Database
from storage.repositories import Repositories

# What the thread tells beside the card, which is edited in any case.
_TOLD = frozenset({Event.APPROVED, Event.HALF_APPROVED, Event.REJECTED_BY_PERSON, Event.EXPIRED, Event.VOID})


class ApprovalService:
    """Decisions about proposals. Every one is decided by the row and its version, not by what was shown."""

    def __init__(self, db: Database, clock: Clock, *, new_id: Callable[[], str], metrics: Metrics) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._metrics = metrics

    def approve(self, person: Person, proposal_id: str, n: int, seen_version: int) -> ProposalCard:
        """One yes to exactly what was shown; with the last one needed, the replacement is queued."""
        now = self._clock.now()
        with self._db.workspace(person.workspace_id) as tx:
            proposal = self._current(tx, proposal_id, seen_version)
            demand_no_stop(tx)
            decision = life.approve(proposal, n, person.user_id, now)
            changed = _changed(tx, proposal)
            if not changed:
                return self._decide(tx, decision, person, seen_version)
            self._void(tx, proposal, changed, seen_version)
        raise Stale(f"{changed} These variations are void.")

    def edit(self, person: Person, proposal_id: str, n: int, copy: Copy, seen_version: int) -> ProposalCard:
        """A person's own words for one variation; checked again, and earlier approvals are void."""
        now = self._clock.now()
        with self._db.workspace(person.workspace_id) as tx:
            proposal = self._current(tx, proposal_id, seen_version)
            before = proposal.variation(n)
            if proposal.original is None:
                raise Stale("The variations are not written yet.")
            brand = tx.policies.get(proposal.account_id).brand
            others = tuple(one.copy for one in proposal.variations if one.n != n)
            against = Against(
                brand=brand,
                placements=proposal.placements,
                others=others,
                earlier=proposal.earlier,
                categories=proposal.categories,
            )
            notes = check_edited(copy, proposal.original, against, picture_made=bool(before.picture))
            edited = replace(before, copy=copy, changed=None, notes=notes, edited_by=person.user_id)
            moved = life.edit(proposal, edited, now)
            self._save(tx, moved, seen_version)
            self._tell(tx, moved, Event.EDITED, person, {"n": n})
            return proposal_card(tx, moved, now)

    def again(self, person: Person, proposal_id: str, direction: str, seen_version: int) -> ProposalCard:
        """New variations, with a sentence of direction; at most three times."""
        now = self._clock.now()
        with self._db.workspace(person.workspace_id) as tx:
            proposal = self._current(tx, proposal_id, seen_version)
            moved = life.write_again(proposal, direction, now)
            self._save(tx, moved, seen_version)
            self._tell(tx, moved, Event.REQUESTED, person, {"round": moved.round})
            return proposal_card(tx, moved, now)

    def reject(self, person: Person, proposal_id: str, reason: str, seen_version: int) -> ProposalCard:
        """Nothing of it goes live."""
        now = self._clock.now()
        with self._db.workspace(person.workspace_id) as tx:
            proposal = self._current(tx, proposal_id, seen_version)
            moved = life.reject(proposal, person.user_id, reason, now)
            self._save(tx, moved, seen_version)
            self._tell(tx, moved, Event.REJECTED_BY_PERSON, person, {})
            return proposal_card(tx, moved, now)

    def expire(self, limit: int = 50) -> int:
        """End what nobody decided in time; nothing is ever approved this way."""
        now = self._clock.now()
        with self._db.system_read() as tx:
            overdue = tx.proposals.overdue(now, limit)
        for proposal in overdue:
            moved = life.expire(proposal, now)
            if moved is None:
                continue
            with self._db.workspace(proposal.workspace_id) as tx:
                if tx.proposals.save(moved, seen_version=proposal.version):
                    self._tell(tx, moved, Event.EXPIRED, None, {})
        return len(overdue)

    def waiting(self, workspace_id: WorkspaceId, account: AccountId | None = None) -> Waiting:
        """What waits for a decision, and what is under way."""
        with self._db.read(workspace_id) as tx:
            return undecided(tx, self._clock.now(), account)

    def named(self, workspace_id: WorkspaceId, short: str) -> Proposal:
        """The proposal that a person means by its short id."""
        with self._db.read(workspace_id) as tx:
            found = tx.proposals.by_short(short.lower())
        if found is None:
            raise NotFound(f"No variations “{short[:20]}” are here. /spruce approvals lists what waits.")
        return found

    def replacement(self, workspace_id: WorkspaceId, replacement_id: str) -> Replacement:
        """One replacement as it stands."""
        with self._db.read(workspace_id) as tx:
            found = tx.replacements.get(replacement_id)
        if found is None:
            raise NotFound("There is no such replacement in this workspace.")
        return found

    def replacement_of(self, workspace_id: WorkspaceId, proposal_id: str) -> Replacement:
        """What became of approved variations."""
        with self._db.read(workspace_id) as tx:
            found = tx.replacements.of_proposal(proposal_id)
        if found is None:
            raise NotFound("Nothing was replaced from these variations.")
        return found

    def shown(self, workspace_id: WorkspaceId, proposal_id: str, seen_version: int) -> ProposalCard:
        """The card for a dialog, if it still is what the person saw."""
        with self._db.read(workspace_id) as tx:
            return proposal_card(tx, self._current(tx, proposal_id, seen_version), self._clock.now())

    def _decide(
        self, tx: Repositories, decision: Decision, person: Person, seen_version: int
    ) -> ProposalCard:
        now, moved = self._clock.now(), decision.proposal
        self._save(tx, moved, seen_version)
        if decision.complete:
            self._queue(tx, moved, now)
        mine = moved.approvals[-1]
        event = Event.APPROVED if decision.complete else Event.HALF_APPROVED
        self._tell(tx, moved, event, person, {"n": mine.n, "digest": mine.digest})
        return proposal_card(tx, moved, now)

    def _void(self, tx: Repositories, proposal: Proposal, changed: str, seen_version: int) -> None:
        moved = life.void(proposal, changed)
        self._save(tx, moved, seen_version)
        self._tell(tx, moved, Event.VOID, None, {"changed": changed})

    def _current(self, tx: Repositories, proposal_id: str, seen_version: int) -> Proposal:
        proposal = tx.proposals.get(proposal_id)
        if proposal is None:
            raise NotFound("There are no such variations in this workspace.")
        if proposal.version != seen_version:
            raise Stale(_truth(proposal))
        return proposal

    def _save(self, tx: Repositories, moved: Proposal, seen_version: int) -> None:
        if not tx.proposals.save(moved, seen_version=seen_version):
            raise Stale("Somebody decided at the same moment; look at the variations again.")

    def _queue(self, tx: Repositories, proposal: Proposal, now: datetime) -> None:
        replacement = self._replacement(tx, proposal, now)
        if not tx.replacements.add(replacement):
            raise Stale("Another replacement of this ad is under way; wait for its end or undo it.")

    def _replacement(self, tx: Repositories, proposal: Proposal, now: datetime) -> Replacement:
        original, seen = proposal.original, proposal.seen
        watched = tx.accounts.get(proposal.account_id)
        if original is None or seen is None or proposal.chosen is None or watched is None:
            raise NotFound("The ad account of these variations is not connected any more.")
        chosen, new_id = proposal.variation(proposal.chosen), self._new_id()
        day = local_day(now, watched.account.timezone_name).strftime("%Y%m%d")
        agreed = digest(proposal, chosen)
        return Replacement(
            id=new_id,
            workspace_id=proposal.workspace_id,
            account_id=proposal.account_id,
            proposal_id=proposal.id,
            alert_id=proposal.alert_id,
            entity=proposal.entity,
            mode=proposal.mode,
            state=ReplacementState.QUEUED,
            version=1,
            digest=agreed,
            seen=seen,
            original=original,
            copy=chosen.copy,
            picture=chosen.picture,
            angle=chosen.angle,
            name=new_name(seen.name, chosen.angle, day, new_id, ObjectId(seen.ad_id)),
            approved_by=tuple(one.user_id for one in proposal.approvals if one.digest == agreed),
            approved_at=now,
            steps=plan(proposal.mode, picture=bool(chosen.picture)),
            next_at=now,
        )

    def _tell(
        self,
        tx: Repositories,
        proposal: Proposal,
        event: Event,
        person: Person | None,
        details: Mapping[str, object],
    ) -> None:
        now = self._clock.now()
        who = person.user_id if person else "spruce"
        what = f"proposal.{event.value}"
        tx.audit.add(proposal.workspace_id, now, who, what, object_id=proposal.id, details=details)
        self._metrics.count("spruce_proposals_total", event=event.value)
        alert = tx.alerts.get(proposal.alert_id)
        if alert is None:
            return
        edit(tx, alert, self._new_id(), now)
        card(tx, proposal, alert, self._new_id(), now)
        if event in _TOLD:
            key = f"{proposal.id}:{proposal.version}"
            story(tx, event, proposal, alert, key=key, new_id=self._new_id(), now=now)


def _changed(tx: Repositories, proposal: Proposal) -> str:
    """How the ad, as far as is known, differs from what was shown; Meta is asked before the first write."""
    seen = proposal.seen
    known = tx.structures.ad(proposal.account_id, ObjectId(proposal.entity.id))
    if seen is None or known is None:
        return "The ad is not known any more; it may have been deleted in Ads Manager."
    entity, creative = known
    if creative is not None and creative.id != seen.creative_id:
        return "The ad shows another creative since these were written. Ask for new variations."
    if entity.configured_status != seen.configured_status:
        return (
            f"The ad was set from {seen.configured_status} to {entity.configured_status} since these were "
            "written. Ask for new variations."
        )
    return ""


def _truth(proposal: Proposal) -> str:
    by = f" by <@{proposal.decided_by}>" if proposal.decided_by else ""
    if proposal.state is ProposalState.APPROVED:
        return f"Variation {proposal.chosen} was approved{by} already; the thread shows how it goes."
    if proposal.state is ProposalState.REJECTED:
        return f"These were rejected{by} already."
    if proposal.state.final:
        return f"These variations are {proposal.state.value}; the card says why. Nothing was changed."
    if proposal.state is ProposalState.WRITING:
        return "New variations are being written; wait for them."
    waiting = ", ".join(f"<@{one.user_id}> approved {one.n}" for one in proposal.approvals)
    return (
        f"These variations changed since this was shown{f' ({waiting})' if waiting else ''}. "
        "Look at the card as it is now, then decide."
    )


def variation_number(text: str, proposal: Proposal) -> int:
    """Which variation a person means; one alone needs no number."""
    if not text and len(proposal.variations) == 1:
        return proposal.variations[0].n
    if not text.isdecimal():  # isdigit would take "²", which is no number to int
        raise BadInput("Say which variation: /spruce approve ID 1, 2 or 3.", field="variation")
    return int(text)
