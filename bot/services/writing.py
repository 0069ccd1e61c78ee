"""Variations of a tired ad: asked for by a person, written by a writer, checked, shown."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.ai.base import Writer
from bot.clock import Clock
from bot.domain.access import Person
from bot.domain.alerts import Alert, State
from bot.domain.ids import AlertId, Level
from bot.domain.money import minor_factor
from bot.domain.proposals import Mode, Proposal, ProposalState
from bot.domain.refreshes import Event
from bot.domain.variations import Brief, Written
from bot.errors import (
    AiError,
    BadInput,
    NotFound,
    OutcomeUnknown,
    Refused,
    SpruceError,
    Stale,
    Throttled,
    Transient,
)
from bot.metrics import Metrics
from bot.services.alerts import current
from bot.services.connections import ConnectionService
from bot.services.drafting import brief_of, checked
from bot.services.messages import card, edit, story
from bot.services.spending import Purse
from bot.services.subjects import look_at
from storage.accounts import WatchedAccount
from storage.db import Database
from storage.repositories import Repositories

RULE = "creative_fatigue"
_STUCK = timedelta(minutes=5)  # longer than reading and two answers of a writer may take
_RETRY = timedelta(seconds=30)
_GIVE_UP = timedelta(minutes=30)
_TIMEOUT = 60.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Terms:
    """How proposals are made where an account's policy says nothing."""

    mode: Mode
    approval_time: timedelta
    two_approvers_above: Mapping[str, int]  # major units by currency
    pictures: bool = False  # whether the writer makes pictures too

    def approvals_needed(self, spend_7d_minor: int, currency: str) -> int:
        """Two people above the currency's threshold, else one."""
        above = self.two_approvers_above.get(currency)
        return 2 if above is not None and spend_7d_minor >= above * minor_factor(currency) else 1


class WritingService:
    """From a wish to variations that people can decide on."""

    def __init__(  # noqa: PLR0913 - what writing needs
        self,
        db: Database,
        clock: Clock,
        *,
        connections: ConnectionService,
        writer: Writer,
        offline: Writer,
        purse: Purse,
        terms: Terms,
        new_id: Callable[[], str],
        metrics: Metrics,
    ) -> None:
        self._db = db
        self._clock = clock
        self._connections = connections
        self._writer = writer
        self._offline = offline
        self._purse = purse
        self._terms = terms
        self._new_id = new_id
        self._metrics = metrics

    def request(self, person: Person, alert_id: AlertId, seen_version: int) -> Proposal:
        """Record that a person wants variations; they are written in a moment."""
        now = self._clock.now()
        with self._db.workspace(person.workspace_id) as tx:
            alert = current(tx, alert_id, seen_version)
            proposal = self._wish(tx, alert, person, now)
            if not tx.proposals.add(proposal):
                raise Stale("Variations of this ad are waiting already; look in this warning's thread.")
            edit(tx, alert, self._new_id(), now)
            tx.audit.add(
                person.workspace_id,
                now,
                person.user_id,
                "proposal.requested",
                object_id=proposal.id,
                details={"alert": alert_id, "ad": proposal.entity.id},
            )
        return proposal

    def carry_out(self, limit: int = 3) -> int:
        """Write what was asked for; says how many proposals were looked at."""
        now = self._clock.now()
        with self._db.system_read() as tx:
            asked = tx.proposals.to_write(now, now - _STUCK, limit)
        for proposal in asked:
            self._carry(proposal)
        return len(asked)

    def _wish(self, tx: Repositories, alert: Alert, person: Person, now: datetime) -> Proposal:
        entity = alert.finding.entity
        if alert.rule_id != RULE or entity.level is not Level.AD:
            raise BadInput("Variations are written for a tired ad.")
        if alert.state is State.RESOLVED:
            raise Stale("This warning is over; nothing needs to be replaced.")
        moving = [one for one in tx.replacements.of_alert(alert.id) if one.state.moving]
        if moving:
            raise Stale("A replacement of this ad is under way already; the thread shows how it goes.")
        kept = tx.structures.ad(alert.account_id, entity.id)
        if kept is None:
            raise NotFound("This ad is not known any more; it may have been deleted in Ads Manager.")
        policy = tx.policies.get(alert.account_id)
        return Proposal(
            id=self._new_id(),
            workspace_id=person.workspace_id,
            account_id=alert.account_id,
            alert_id=alert.id,
            entity=kept[0],
            state=ProposalState.WRITING,
            version=1,
            round=0,
            mode=policy.mode or self._terms.mode,
            requested_by=person.user_id,
            requested_at=now,
        )

    def _carry(self, proposal: Proposal) -> None:
        now = self._clock.now()
        with self._db.workspace(proposal.workspace_id) as tx:
            lease_token = tx.proposals.claim(proposal, now)
            watched = tx.accounts.get(proposal.account_id)
        if lease_token is None or watched is None:
            return
        try:
            self._write(proposal, lease_token, watched)
        except (Throttled, Transient, OutcomeUnknown) as fault:
            self._later(proposal, lease_token, fault)
        except SpruceError as fault:
            self._give_up(proposal, lease_token, fault.sentence)
        except Exception:
            self._give_up(proposal, lease_token, SpruceError().sentence)
            raise

    def _write(self, proposal: Proposal, lease_token: int, watched: WatchedAccount) -> None:
        with self._connections.client(proposal.workspace_id, watched.connection_id) as client:
            subject = look_at(self._db, client, watched, proposal, self._clock.now())
        brief = brief_of(subject, proposal, pictures=self._terms.pictures)
        written, remark = self._ask(proposal, brief)
        variations, pictures = checked(written, subject, proposal)
        if not variations:
            raise Refused("No variation came out that differs enough from the ad as it is.")
        now = self._clock.now()
        spend = subject.spend_7d_minor
        moved = replace(
            proposal,
            state=ProposalState.WAITING,
            version=proposal.version + 1,
            original=subject.original,
            seen=subject.seen,
            picture_url=subject.original.picture_url,
            placements=subject.placements,
            categories=subject.categories,
            variations=variations,
            writer=written.writer,
            model=written.model,
            offline=written.offline,
            reason=remark,
            spend_7d_minor=spend,
            approvals=(),
            approvals_needed=self._terms.approvals_needed(spend, watched.account.currency),
            expires_at=now + self._terms.approval_time,
        )
        with self._db.workspace(proposal.workspace_id) as tx:
            for picture in pictures:
                tx.pictures.put(
                    picture.sha256, picture.data, picture.mime, picture.width, picture.height, now
                )
            if tx.proposals.written(moved, lease_token):
                self._tell(tx, moved, Event.PROPOSED)

    def _ask(self, proposal: Proposal, brief: Brief) -> tuple[Written, str]:
        """The writer's answer; where it cannot be had, the offline writer's, and why."""
        writer = self._writer
        if writer.name == self._offline.name:
            return self._offline.write(brief, timeout=_TIMEOUT), ""
        allowance = self._purse.open(proposal, writer, brief)
        if allowance is None:
            return self._offline.write(brief, timeout=_TIMEOUT), self._purse.empty(proposal.workspace_id)
        try:
            written = writer.write(brief, timeout=_TIMEOUT)
        except AiError as fault:
            self._purse.close(allowance, getattr(fault, "tokens", None), fault.reason)
            self._metrics.count("spruce_ai_requests_total", writer=writer.name, outcome=fault.reason)
            if not fault.retryable:
                raise
            return self._offline.write(brief, timeout=_TIMEOUT), fault.sentence
        self._purse.close(allowance, written.tokens, "ok")
        self._metrics.count("spruce_ai_requests_total", writer=writer.name, outcome="ok")
        return written, ""

    def _later(self, proposal: Proposal, lease_token: int, fault: SpruceError) -> None:
        now = self._clock.now()
        # In a later round the earlier variations stay, so it gives up at the first fault.
        if now - proposal.requested_at > _GIVE_UP:
            self._give_up(proposal, lease_token, fault.sentence)
            return
        at = fault.until if isinstance(fault, Throttled) else now + _RETRY
        with self._db.workspace(proposal.workspace_id) as tx:
            tx.proposals.retry(proposal, lease_token, at, fault.sentence)

    def _give_up(self, proposal: Proposal, lease_token: int, why: str) -> None:
        """Say why; where earlier variations exist they stay to be decided on."""
        state = ProposalState.WAITING if proposal.variations else ProposalState.FAILED
        moved = replace(proposal, state=state, version=proposal.version + 1, reason=why[:500])
        with self._db.workspace(proposal.workspace_id) as tx:
            if tx.proposals.written(moved, lease_token):
                self._tell(tx, moved, Event.NOT_WRITTEN)
        _log.warning("not written", extra={"action": "proposal.failed", "proposal": proposal.id})

    def _tell(self, tx: Repositories, proposal: Proposal, event: Event) -> None:
        now = self._clock.now()
        what = f"proposal.{event.value}"
        details = {"writer": proposal.writer, "round": proposal.round}
        tx.audit.add(proposal.workspace_id, now, "spruce", what, object_id=proposal.id, details=details)
        self._metrics.count("spruce_proposals_total", event=event.value)
        alert = tx.alerts.get(proposal.alert_id)
        if alert is None:
            return
        edit(tx, alert, self._new_id(), now)
        if proposal.variations:
            card(tx, proposal, alert, self._new_id(), now)
        if event is Event.NOT_WRITTEN:
            key = f"{proposal.id}:{proposal.version}"
            story(tx, event, proposal, alert, key=key, new_id=self._new_id(), now=now)
