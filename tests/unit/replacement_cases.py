"""Replacements of any kind and in any state, for properties that must hold of all of them."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.domain.creatives import Copy, CreativeContent, Format, canonical
from bot.domain.ids import AccountId, AlertId, Level, ObjectId, UserId, WorkspaceId
from bot.domain.proposals import AdSeen, Mode, fingerprint
from bot.domain.replacement import Replacement, ReplacementState, Step, StepKind, StepState, plan
from bot.domain.structure import EntityRef

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OLD, NEW = ObjectId("120210000000001"), ObjectId("120310000000002")
SHOWN, FRESH = ObjectId("120220000000003"), ObjectId("120320000000004")
SPEC = {"page_id": "1", "link_data": {"link": "https://a.example", "message": "Old", "image_hash": "h"}}
ORIGINAL = CreativeContent(
    id=SHOWN,
    format=Format.IMAGE,
    copy=Copy("Old", "Head"),
    page_id="1",
    link="https://a.example",
    call_to_action="SHOP_NOW",
    url_tags="utm_source=meta",
    story_spec=canonical(SPEC),
)
SEEN = AdSeen(OLD, ObjectId("7"), SHOWN, "ACTIVE", "ACTIVE", "ACTIVE", "Serum | Glow")


def replacement(mode: Mode = Mode.BESIDE, *, picture: bool = False) -> Replacement:
    """One that has just been approved."""
    made = Replacement(
        id="6f9619ff-8b86-4d01-b42d-00c04fc964ff",
        workspace_id=WorkspaceId("T1"),
        account_id=AccountId("act_1"),
        proposal_id="p1",
        alert_id=AlertId("a1"),
        entity=EntityRef(Level.AD, OLD, "Serum | Glow"),
        mode=mode,
        state=ReplacementState.APPLYING,
        version=1,
        digest="",
        seen=SEEN,
        original=ORIGINAL,
        copy=Copy("New", "Head"),
        picture="f" * 64 if picture else "",
        angle="Result first",
        name="n",
        approved_by=(UserId("U1"),),
        approved_at=NOW,
        steps=plan(mode, picture=picture),
        new_ad_id=None if mode is Mode.IN_PLACE else NEW,
        new_creative_id=FRESH,
    )
    return replace(made, digest=fingerprint(made))


def values_of(step: Step) -> tuple[str, str]:
    """What a step sets, from and to; nothing for those that set nothing."""
    return {
        StepKind.SWAP: (str(SHOWN), str(FRESH)),
        StepKind.ACTIVATE: ("PAUSED", "ACTIVE"),
        StepKind.PAUSE_OLD: ("ACTIVE", "PAUSED"),
        StepKind.PAUSE_LOSER: ("ACTIVE", "PAUSED"),
    }.get(step.kind, ("", ""))


@st.composite
def replacements(draw: st.DrawFn) -> Replacement:
    """Any mode, done up to any step, the one after it in any state."""
    made = replacement(draw(st.sampled_from(Mode)), picture=draw(st.booleans()))
    done = draw(st.integers(0, len(made.steps)))
    edge = draw(st.sampled_from(StepState))
    loser = draw(st.sampled_from([OLD, NEW]))
    steps = []
    for step in made.steps:
        state = StepState.DONE if step.n <= done else edge if step.n == done + 1 else StepState.PENDING
        touched = state not in (StepState.PENDING,)
        before, after = values_of(step) if touched else ("", "")
        result = loser if step.kind is StepKind.PAUSE_LOSER and touched else ""
        steps.append(replace(step, state=state, before=before, after=after, result_id=result))
    return replace(made, steps=tuple(steps))
