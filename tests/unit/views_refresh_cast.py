"""Variations of a tired ad and their replacement, that the tests of views share."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.domain.creatives import Copy, CreativeContent, Format, Part, canonical
from bot.domain.guardrails import Stop
from bot.domain.ids import AlertId, ObjectId
from bot.domain.insights import Figures
from bot.domain.money import Money
from bot.domain.proposals import AdSeen, Approval, Mode, Proposal, ProposalState, digest
from bot.domain.refreshes import ProposalCard, RefreshSummary
from bot.domain.replacement import (
    Replacement,
    ReplacementState,
    Step,
    StepKind,
    StepState,
    new_name,
    plan,
)
from bot.domain.structure import Account
from bot.domain.variations import Cost, Gravity, Note, Variation
from bot.domain.verdicts import Arm, Call, Comparison, Verdict
from tests.unit import views_cast as cast

NOW, HOUR, OWNER, TEAMMATE = cast.NOW, timedelta(hours=1), cast.OWNER, cast.TEAMMATE
PROPOSAL_ID = "1f4e6a90-0000-4000-8000-000000000001"
CHANGE_ID = "7c2d91b3-0000-4000-8000-000000000002"
APPROVERS = f"<@{OWNER}>, <@{TEAMMATE}>"
PRESENT = Copy(
    "Monsoon skin needs light care. Our vitamin C serum sinks in within seconds and leaves no shine.\n"
    "10 ml, made in Pune, for every day of the wet months.",
    "Light care for wet months",
    "10 ml for ₹349",
)
# What a person may see of an ad whose words are as long as Meta takes them.
LONGEST = Copy(("Light as rain, made for wet months. " * 62)[:2_200], "H" * 255, "D" * 255)


def original(copy: Copy = PRESENT) -> CreativeContent:
    """The present creative."""
    link = {"message": copy.primary_text, "name": copy.headline, "link": "https://shop.example.com/serum"}
    return CreativeContent(
        id=ObjectId("4001"),
        format=Format.IMAGE,
        copy=copy,
        page_id="5001",
        link="https://shop.example.com/serum",
        call_to_action="SHOP_NOW",
        url_tags="utm_source=fb",
        story_spec=canonical({"link_data": link, "page_id": "5001"}),
        image_hash="abc",
        picture_url="https://scontent.example.com/monsoon.jpg",
    )


def seen() -> AdSeen:
    """The ad as it was when they were written."""
    ids = (ObjectId("3001"), ObjectId("2001"), ObjectId("4001"))
    return AdSeen(*ids, "ACTIVE", "ACTIVE", "ACTIVE", "Monsoon video 3")


def variations() -> tuple[Variation, ...]:
    """Three: another headline, another text, one that is blocked."""
    return (
        Variation(
            1,
            "Texture first",
            Part.HEADLINE,
            replace(PRESENT, headline="Sinks in within seconds, leaves no shine"),
            notes=(Note(Gravity.WARN, "cut", "Reels show the first 10 of 40 characters.", Part.HEADLINE),),
        ),
        Variation(
            2,
            "Place of origin",
            Part.PRIMARY_TEXT,
            replace(
                PRESENT,
                primary_text="Made in Pune for the wet months. A vitamin C serum that sinks in within "
                "seconds and leaves no shine, whatever the weather does outside.\n10 ml, for every day.",
            ),
            notes=(
                Note(
                    Gravity.INFO,
                    "new_occasion",
                    "The present ad does not speak of this occasion.",
                    None,
                    "wet",
                ),
            ),
        ),
        Variation(
            3,
            "Price up front",
            Part.HEADLINE,
            replace(PRESENT, headline="Glow guaranteed for ₹349"),
            notes=(
                Note(
                    Gravity.BLOCK,
                    "superlative",
                    "The present ad does not claim this and nothing here proves it; leave it out.",
                    Part.HEADLINE,
                    "guaranteed",
                ),
            ),
        ),
    )


def proposal(state: ProposalState = ProposalState.WAITING, **changes: Any) -> Proposal:
    """Variations in the state asked for."""
    decided = state in (ProposalState.APPROVED, ProposalState.REJECTED)
    values: dict[str, Any] = {
        "id": PROPOSAL_ID,
        "workspace_id": cast.alert().workspace_id,
        "account_id": cast.RUPEES.id,
        "alert_id": AlertId("alert-001"),
        "entity": cast.ad(),
        "state": state,
        "version": 2,
        "round": 0,
        "mode": Mode.BESIDE,
        "requested_by": TEAMMATE,
        "requested_at": NOW - 2 * HOUR,
        "expires_at": NOW + 46 * HOUR,
        "original": original(),
        "seen": AdSeen(
            ObjectId("3001"),
            ObjectId("2001"),
            ObjectId("4001"),
            "ACTIVE",
            "ACTIVE",
            "ACTIVE",
            "Monsoon video 3",
        ),
        "variations": variations(),
        "picture_url": "https://scontent.example.com/monsoon.jpg",
        "placements": ("facebook_feed", "instagram_feed", "facebook_reels", "instagram_reels"),
        "writer": "google-generativeai",
        "model": "gemini-2.5-flash",
        "spend_7d_minor": 15_06_600,
        "decided_by": OWNER if decided else None,
        "decided_at": NOW - HOUR if decided else None,
        "chosen": 2 if state is ProposalState.APPROVED else None,
        "reason": "Too loud for our brand" if state is ProposalState.REJECTED else "",
    }
    return Proposal(**(values | changes))


def proposal_card(of: Proposal | None = None, account: Account = cast.RUPEES, **changes: Any) -> ProposalCard:
    """Variations as people decide on them."""
    found = of or proposal()
    values: dict[str, Any] = {
        "proposal": found,
        "account": account,
        "approvers": APPROVERS,
        "picture_file": "F0PICTURE1",
        "variation_files": {},
        "now": NOW,
        "cost": Cost(Money(42, "INR"), "1 USD = ₹85.00"),
        "ads_in_adset": 6,
    }
    if "digests" not in changes:
        values["digests"] = {one.n: digest(found, one) for one in found.variations}
    return ProposalCard(**(values | changes))


def approval(n: int = 2, by: str = TEAMMATE) -> Approval:
    """One yes."""
    return Approval(by, n, digest(proposal(), proposal().variation(n)), NOW - HOUR)


def steps(mode: Mode, done: int, failed: str = "") -> tuple[Step, ...]:
    """The plan with the first steps done and the next one under way, or failed."""
    found = []
    for step in plan(mode, picture=False):
        if step.n <= done:
            at = NOW - timedelta(minutes=50 - 2 * step.n)
            found.append(replace(step, state=StepState.DONE, finished_at=at, started_at=at))
        elif step.n == done + 1:
            state = StepState.FAILED if failed else StepState.DOING
            found.append(replace(step, state=state, note=failed, started_at=NOW))
        else:
            found.append(step)
    return tuple(found)


def change(
    state: ReplacementState = ReplacementState.APPLYING,
    mode: Mode = Mode.BESIDE,
    done: int = 6,
    failed: str = "",
    **changes: Any,
) -> Replacement:
    """The replacement that came of the second variation."""
    of = proposal(ProposalState.APPROVED, mode=mode)
    chosen = of.variation(2)
    values: dict[str, Any] = {
        "id": CHANGE_ID,
        "workspace_id": of.workspace_id,
        "account_id": of.account_id,
        "proposal_id": of.id,
        "alert_id": of.alert_id,
        "entity": of.entity,
        "mode": mode,
        "state": state,
        "version": 5,
        "digest": digest(of, chosen),
        "seen": seen(),
        "original": original(),
        "copy": chosen.copy,
        "picture": "",
        "angle": chosen.angle,
        "name": new_name("Monsoon video 3", chosen.angle, "20261122", CHANGE_ID, ObjectId("3001")),
        "approved_by": (TEAMMATE, OWNER),
        "approved_at": NOW - HOUR,
        "steps": steps(mode, done, failed),
        "new_creative_id": ObjectId("4002") if done >= 4 else None,
        "new_ad_id": ObjectId("3002") if done >= 6 and mode is not Mode.IN_PLACE else None,
    }
    return Replacement(**(values | changes))


def live(mode: Mode = Mode.BESIDE, **changes: Any) -> Replacement:
    """All steps done."""
    every = len(plan(mode, picture=False))
    times = {"approved_at": NOW - 96 * HOUR, "live_at": NOW - 90 * HOUR, "finished_at": NOW - 90 * HOUR}
    values = times | changes
    return change(ReplacementState.LIVE, mode, every, **values)


def undone(**changes: Any) -> Replacement:
    """Everything that can be taken back is."""
    back = {StepKind.AD, StepKind.ACTIVATE, StepKind.PAUSE_OLD, StepKind.CREATIVE}
    kept = tuple(
        replace(step, state=StepState.UNDONE) if step.kind in back else step for step in live().steps
    )
    values = {"steps": kept, "undo_by": TEAMMATE, "state": ReplacementState.UNDONE} | changes
    return replace(live(), **values)


def verdict(after_days: int = 3, call: Call = Call.NO_DIFFERENCE, **changes: Any) -> Verdict:
    """New against old, with control ads."""
    known = {
        Call.NO_DIFFERENCE: (0.12, -0.01, 0.27),
        Call.WON: (0.21, 0.06, 0.38),
        Call.LOST: (-0.18, -0.29, -0.05),
        Call.TOO_EARLY: (None, None, None),
    }[call]
    reasons = {Call.TOO_EARLY: "The new creative has 14 link clicks; a verdict needs 20."}
    values: dict[str, Any] = {
        "after_days": after_days,
        "first_day": date(2026, 11, 18),
        "last_day": date(2026, 11, 17) + timedelta(days=after_days),
        "call": call,
        "lift": known[0],
        "low": known[1],
        "high": known[2],
        "comparison": comparison(14 if call is Call.TOO_EARLY else 690, after_days),
        "reason": reasons.get(call, ""),
    }
    return Verdict(**(values | changes))


def comparison(new_clicks: int = 690, days: int = 3, controls: int = 4) -> Comparison:
    """Three days of the new creative against a week of the old one."""
    return Comparison(
        new=Arm(Figures(new_clicks * 79, new_clicks * 2, new_clicks, 6_20_000, 14, 20_00_000), days),
        old_before=Arm(Figures(123_400, 1_650, 1_401, 15_06_600, 31, 48_21_120), 7),
        old_after=Arm(Figures(), 0),
        control_before=Arm(Figures(301_000, 4_100, 3_300, 38_00_000, 80, 99_00_000), 7),
        control_after=Arm(Figures(140_000, 1_900, 1_540, 17_00_000, 37, 44_00_000), days),
        controls=controls,
    )


def stop(by: str | None = OWNER) -> Stop:
    """Changes are halted."""
    return Stop(NOW - timedelta(minutes=25), by, "Checking the budget of the sale")


def summary(**changes: Any) -> RefreshSummary:
    """A month of refreshes."""
    values: dict[str, Any] = {
        "since": NOW - timedelta(days=30),
        "now": NOW,
        "proposed": 9,
        "approved": 5,
        "rejected": 2,
        "expired": 1,
        "live": 4,
        "won": 2,
        "lost": 1,
        "no_difference": 1,
        "too_early": 0,
        "undone": 1,
        "failed": 1,
        "ai_requests": 11,
        "ai_tokens": 48_200,
        "ai_cost": Cost(Money(512, "INR"), "1 USD = ₹85.00"),
        "ai_cap_minor": 5_000_00,
        "not_tired": {"classic": 3, "evidence": 0},
        "latest": (
            proposal_card(
                proposal(ProposalState.APPROVED), replacement=live(), verdicts=(verdict(3, Call.WON),)
            ),
            proposal_card(proposal(ProposalState.REJECTED)),
        ),
    }
    return RefreshSummary(**(values | changes))


def nothing() -> RefreshSummary:
    """A month without a refresh."""
    numbers = dict.fromkeys(("proposed", "approved", "rejected", "expired", "live", "won", "lost"), 0)
    others = dict.fromkeys(("no_difference", "undone", "failed", "ai_requests", "ai_tokens"), 0)
    return summary(**numbers, **others, ai_cost=Cost(Money(0, "INR")), latest=(), not_tired={})


def _long(n: int) -> str:
    return f"{n} {LONGEST.primary_text}"[:2_200]


def longest() -> Proposal:
    """Three variations with as many words as Meta takes, and notes on each."""
    notes = (Note(Gravity.WARN, "excessive_capitals", "N" * 240, Part.HEADLINE, "Q" * 80),) * 9
    found = tuple(
        Variation(
            n,
            "A" * 200,
            Part.PRIMARY_TEXT,
            replace(LONGEST, primary_text=_long(n)),
            notes=notes,
        )
        for n in (1, 2, 3)
    )
    return proposal(variations=found, original=original(LONGEST), placements=(), direction="W" * 300)


def attack() -> Proposal:
    """Everything that others wrote is hostile."""
    hostile = cast.ATTACK[:5_000]
    copy = Copy(hostile, hostile, hostile)
    notes = (Note(Gravity.WARN, "mention", "This is the syntax of a mention.", Part.PRIMARY_TEXT, hostile),)
    found = tuple(Variation(n, hostile, Part.HEADLINE, copy, notes=notes) for n in (1, 2, 3))
    return proposal(
        variations=found, entity=cast.ad(hostile), direction=hostile, reason=hostile, model=hostile
    )
