"""What the messages about tired ads and their replacements show, put together before they are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.fatigue_reading import FatigueReading
from bot.domain.guardrails import Stop
from bot.domain.proposals import Proposal
from bot.domain.replacement import Replacement
from bot.domain.report import AlertCard
from bot.domain.structure import Account, EntityRef
from bot.domain.variations import Cost
from bot.domain.verdicts import Verdict


class Event(StrEnum):
    """What happened, as the thread tells it. The first group is about proposals, the second about changes."""

    REQUESTED = "requested"
    PROPOSED = "proposed"
    NOT_WRITTEN = "not_written"
    EDITED = "edited"
    APPROVED = "approved"
    HALF_APPROVED = "half_approved"
    REJECTED_BY_PERSON = "rejected_by_person"
    EXPIRED = "expired"
    NOT_TIRED = "not_tired"

    BEGUN = "begun"
    CREATED = "created"
    IN_REVIEW = "in_review"
    REJECTED = "rejected"  # by Meta's review
    ACTIVATED = "activated"
    LIVE = "live"
    FAILED = "failed"
    VOID = "void"
    CONFLICT = "conflict"
    WAITING = "waiting"
    UNDOING = "undoing"
    UNDO_ASKS = "undo_asks"
    UNDONE = "undone"
    TEST_STARTED = "test_started"
    TEST_DECIDED = "test_decided"
    VERDICT = "verdict"


@dataclass(frozen=True, slots=True)
class FatigueCard:
    """A fatigue warning and the story that grew from it."""

    card: AlertCard
    reading: FatigueReading | None  # None once its figures were pruned
    chart_file: str | None = None  # Slack file ids; None where Slack took none
    picture_file: str | None = None
    proposal: Proposal | None = None  # the newest
    replacement: Replacement | None = None  # the newest
    verdicts: tuple[Verdict, ...] = ()
    not_tired: int = 0  # how many people said so


@dataclass(frozen=True, slots=True)
class TiredAd:
    """One ad that a rule watches or calls tired."""

    entity: EntityRef
    reading: FatigueReading


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """Variations as people decide on them."""

    proposal: Proposal
    account: Account
    approvers: str  # who may approve, as Slack mentions
    picture_file: str | None
    variation_files: Mapping[int, str]  # by the variation's number
    digests: Mapping[int, str]
    now: datetime
    replacement: Replacement | None = None
    verdicts: tuple[Verdict, ...] = ()
    cost: Cost | None = None  # of writing these
    stop: Stop | None = None
    ads_in_adset: int = 0
    page_url: str = ""


@dataclass(frozen=True, slots=True)
class StoryNote:
    """One note in the warning's thread."""

    event: Event
    card: ProposalCard
    at: datetime
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What `/spruce approvals` lists, and what is under way."""

    cards: tuple[ProposalCard, ...]
    under_way: tuple[ProposalCard, ...]
    stop: Stop | None
    now: datetime


@dataclass(frozen=True, slots=True)
class RefreshSummary:
    """What `/spruce refreshes` sums up."""

    since: datetime
    now: datetime
    proposed: int
    approved: int
    rejected: int
    expired: int
    live: int
    won: int
    lost: int
    no_difference: int
    too_early: int
    undone: int
    failed: int
    ai_requests: int
    ai_tokens: int
    ai_cost: Cost
    ai_cap_minor: int
    not_tired: Mapping[str, int] = field(default_factory=dict)  # by rule
    latest: tuple[ProposalCard, ...] = ()
    stop: Stop | None = None
