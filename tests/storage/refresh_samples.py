"""Things about refreshing ads to keep, with every field filled, for the tests of storage."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from bot.domain.creatives import Copy, CreativeContent, Format, Part
from bot.domain.guardrails import Stop
from bot.domain.ids import AlertId, ChannelId, ObjectId, UserId, WorkspaceId
from bot.domain.insights import Figures
from bot.domain.money import Money
from bot.domain.policy import FatigueRule, RefreshPolicy
from bot.domain.proposals import AdSeen, Approval, Mode, Proposal, ProposalState
from bot.domain.replacement import Replacement, ReplacementState, Step, StepKind, StepState, plan
from bot.domain.variations import Brand, Cost, Gravity, Note, Tokens, Variation
from bot.domain.verdicts import Arm, Call, Comparison, Verdict
from storage.ai_usage import AiRequest
from storage.db import Database
from tests.storage.samples import ACCOUNT, AD, ADSET, DAY, HOUR, MINUTE, NOW, OURS, PERSON, entity

OWNER = UserId("U0OWNER")
# What any script, emoji or control character does to the columns: JSON keeps it byte for byte.
WORDS = 'बारिश में भी सूखा 🌧️ — "50 %" \\ \u202e<@U0>\n\x00end'
PICTURE = b"\x89PNG\x00 picture"
SHA = sha256(PICTURE).hexdigest()


def ident(number: int) -> str:
    """An id; its first eight characters are the number."""
    return f"{number:08x}-0000-4000-8000-000000000001"


def content() -> CreativeContent:
    """A creative."""
    return CreativeContent(
        id=ObjectId("4001"),
        format=Format.VIDEO,
        copy=Copy(WORDS, "Headline", "Description"),
        page_id="5001",
        link="https://example.com/?a=1&b=2",
        call_to_action="SHOP_NOW",
        url_tags="utm_source=fb&utm_content={{ad.id}}",
        story_spec='{"video_data":{"message":"बारिश"}}',
        image_hash="a" * 32,
        picture_url="https://example.com/a.jpg",
        video_id="6001",
        instagram_user_id="7001",
        post_id="5001_9001",
    )


def seen() -> AdSeen:
    """The ad at that time."""
    return AdSeen(AD, ADSET, ObjectId("4001"), "ACTIVE", "ACTIVE", "PAUSED", WORDS)


def variation(n: int) -> Variation:
    """One alternative."""
    note = Note(Gravity.WARN, "too_long", "Too long for Stories.", Part.HEADLINE, WORDS)
    return Variation(n, "Result first", Part.HEADLINE, Copy(WORDS, f"Headline {n}"), SHA, (note,), PERSON)


def asked(number: int = 1, owner: WorkspaceId = OURS, **changes: Any) -> Proposal:
    """A wish for variations, nothing written yet; each number's is another ad's."""
    values: dict[str, Any] = {
        "id": ident(number),
        "workspace_id": owner,
        "account_id": ACCOUNT,
        "alert_id": AlertId("alert1"),
        "entity": entity(ObjectId(f"300{number}")),
        "state": ProposalState.WRITING,
        "version": 1,
        "round": 0,
        "mode": Mode.BESIDE,
        "requested_by": PERSON,
        "requested_at": NOW,
    }
    return Proposal(**(values | changes))


def proposal(number: int = 1, owner: WorkspaceId = OURS, **changes: Any) -> Proposal:
    """The same with every field filled."""
    values: dict[str, Any] = {
        "state": ProposalState.WAITING,
        "version": 7,
        "round": 2,
        "mode": Mode.TEST,
        "expires_at": NOW + DAY,
        "original": content(),
        "seen": seen(),
        "variations": (variation(1), replace(variation(2), changed=None, edited_by=None, notes=())),
        "picture_url": "https://example.com/b.jpg",
        "placements": ("facebook.feed", "instagram.story"),
        "writer": "google-generativeai",
        "model": "gemini-3.5-flash",
        "offline": True,
        "direction": WORDS,
        "spend_7d_minor": 9_999_999_999,
        "approvals_needed": 2,
        "approvals": (Approval(PERSON, 2, "d" * 64, NOW + MINUTE),),
        "decided_by": OWNER,
        "decided_at": NOW + HOUR,
        "chosen": 2,
        "reason": "दाम ज़्यादा है — too pricey",
        "channel_id": ChannelId("C0OTHER"),
        "message_ts": "1763788320.000100",
    }
    return asked(number, owner, **(values | changes))


def replacement(number: int = 1, owner: WorkspaceId = OURS, **changes: Any) -> Replacement:
    """An approved change that is queued; each number's is of another proposal and ad."""
    values: dict[str, Any] = {
        "id": ident(number + 100),
        "workspace_id": owner,
        "account_id": ACCOUNT,
        "proposal_id": ident(number),
        "alert_id": AlertId("alert1"),
        "entity": entity(ObjectId(f"300{number}")),
        "mode": Mode.BESIDE,
        "state": ReplacementState.QUEUED,
        "version": 1,
        "digest": "e" * 64,
        "seen": seen(),
        "original": content(),
        "copy": Copy(WORDS, "Headline 2"),
        "picture": SHA,
        "angle": "Result first",
        "name": f"{WORDS} [sp:000000650000]",
        "approved_by": (PERSON, OWNER),
        "approved_at": NOW,
        "steps": plan(Mode.BESIDE, picture=True),
        "next_at": NOW,
    }
    return Replacement(**(values | changes))


def applied(given: Replacement) -> Replacement:
    """The same with every changing field filled."""
    made = Step(
        n=1,
        kind=StepKind.CREATIVE,
        state=StepState.UNDOING,
        before='{"status":"ACTIVE"}',
        after=WORDS,
        result_id="4002",
        attempts=3,
        note=WORDS,
        started_at=NOW + MINUTE,
        finished_at=NOW + HOUR,
    )
    return replace(
        given,
        state=ReplacementState.UNDOING,
        version=9,
        steps=(made, Step(2, StepKind.AD)),
        undo_by=PERSON,
        undo_forced="f" * 64,
        new_creative_id=ObjectId("4002"),
        new_ad_id=ObjectId("3999"),
        study_id="8001",
        live_at=NOW + HOUR,
        finished_at=NOW + DAY,
        next_at=NOW + 2 * DAY,
        reason="Meta's review refused the new ad — नियम",
    )


def verdict(after_days: int = 3, call: Call = Call.WON) -> Verdict:
    """What was found."""
    figures = Figures(10_000, 200, 150, 123_456, 9, 9_876_543)
    arms = [Arm(figures, days) for days in range(1, 6)]
    return Verdict(
        after_days=after_days,
        first_day=date(2026, 11, 23),
        last_day=date(2026, 11, 25),
        call=call,
        lift=0.1 + 0.2,
        low=0.01,
        high=None,
        comparison=Comparison(*arms, controls=4),
        cost_lift=-0.2,
        cost_low=-0.3,
        cost_high=None,
        reason=WORDS,
    )


def ai_request(number: int = 1, **changes: Any) -> AiRequest:
    """A request to a writer."""
    values: dict[str, Any] = {
        "id": ident(number + 200),
        "at": NOW,
        "writer": "google-genai",
        "model": "gemini-3.5-flash",
        "proposal_id": ident(1),
        "tokens": Tokens(5_000_000_000, 300, 200, 3),
        "cost": Cost(Money(1_234, "INR"), "1 USD = ₹85.00"),
        "outcome": "ok",
        "purpose": "pictures",
    }
    return AiRequest(**(values | changes))


def policy() -> RefreshPolicy:
    """Choices that differ from the defaults in every field."""
    brand = Brand(WORDS, ("cheap", "सस्ता"), "HOUSING", ai_label=True)
    return RefreshPolicy(FatigueRule.EVIDENCE, 0.25, 0.3, Mode.IN_PLACE, brand)


def stop() -> Stop:
    """A halt."""
    return Stop(NOW, PERSON, "बहुत ज़्यादा changes")


def kept_replacement(database: Database, given: Replacement) -> Replacement:
    """Queue it, and read it back."""
    with database.workspace(given.workspace_id) as tx:
        assert tx.replacements.add(given)
        found = tx.replacements.get(given.id)
    assert found is not None
    return found
