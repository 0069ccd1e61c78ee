"""Every message about tired ads, variations and replacements in every state, by name."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.domain.alerts import Reason, State
from bot.domain.fatigue import Standing, Status
from bot.domain.policy import FatigueRule, RefreshPolicy
from bot.domain.proposals import Mode, Proposal, ProposalState
from bot.domain.refreshes import Event, StoryNote, TiredAd, Waiting
from bot.domain.replacement import Replacement, ReplacementState
from bot.domain.structure import Account
from bot.domain.variations import Brand
from bot.domain.verdicts import Call, Verdict
from bot.views import fatigue_list, proposal_modals, refresh_story, stop
from bot.views.approvals import approvals
from bot.views.brand import brand
from bot.views.fatigue import fatigue, reply
from bot.views.kit import Message
from bot.views.proposal import proposal, taken_down
from bot.views.refreshes import refreshes
from tests.unit import views_cast as cast
from tests.unit import views_fatigue_cast as tired
from tests.unit import views_refresh_cast as made

Shown = Message | dict[str, Any]
Scene = Callable[[Account], Shown]
POLICY = RefreshPolicy(
    brand=Brand(
        "Warm and plain, one person to another.",
        ("cheap", "anti-ageing"),
        "FINANCIAL_PRODUCTS_SERVICES",
        True,
    )
)
META_REFUSED = "Meta's review refused the new creative. Meta says: Personal attributes: It implies age."
REVIEWING = "Meta reviews the new creative; the old ad keeps running."
PAUSED = "Somebody set the ad to PAUSED."
CHANGED = "The old ad was set to ACTIVE; Spruce left it PAUSED."
_EDITED = made.variations()[0]


def warning(**changes: Any) -> Scene:
    """The fatigue warning."""
    return lambda account: fatigue(tired.fatigue_card(account, **changes), POLICY)


def story(of: Replacement | None = None, state: State = State.OPEN, **changes: Any) -> Scene:
    """The warning with what became of it."""
    asked = changes.pop("proposal", made.proposal(ProposalState.APPROVED))
    return warning(state=state, proposal=asked, replacement=of, **changes)


def noted(reason: Reason) -> Scene:
    """A note about the alert itself."""

    def scene(account: Account) -> Shown:
        told = reply(tired.fatigue_card(account), reason)
        assert told is not None
        return told

    return scene


def card(of: Proposal | None = None, **changes: Any) -> Scene:
    """Variations in the thread."""
    return lambda account: proposal(made.proposal_card(of, account, **changes))


def going(of: Replacement, *verdicts: Verdict) -> Scene:
    """The card of approved variations, with how their replacement goes."""
    approved = made.proposal(ProposalState.APPROVED, mode=of.mode)
    return card(approved, replacement=of, verdicts=verdicts)


def told(
    event: Event, of: Replacement | None = None, verdict: Verdict | None = None, **changes: Any
) -> Scene:
    """A note in the thread."""
    asked = changes.pop("proposal", None) or made.proposal(ProposalState.APPROVED)

    def scene(account: Account) -> Shown:
        shown = made.proposal_card(asked, account, replacement=of)
        found = refresh_story.note(StoryNote(event, shown, cast.NOW, verdict))
        assert found is not None
        return found

    return scene


def _listed(account: Account) -> Shown:
    watch = tired.reading(
        classic_standing=Standing(Status.HEALTHY),
        evidence_standing=Standing(Status.WATCH),
        rule=FatigueRule.EVIDENCE,
    )
    found = [TiredAd(cast.ad(), tired.reading()), TiredAd(cast.ad("Diwali carousel 1"), watch)]
    return fatigue_list.tired(found, account, POLICY, cast.NOW)


def _waiting(account: Account) -> Shown:
    half = made.proposal(approvals_needed=2, approvals=(made.approval(),))
    cards = (
        made.proposal_card(half, account),
        made.proposal_card(made.proposal(ProposalState.WRITING), account),
    )
    approved = made.proposal(ProposalState.APPROVED)
    moving = made.proposal_card(approved, account, replacement=made.change(done=6, reason=REVIEWING))
    return approvals(Waiting(cards, (moving,), made.stop(), cast.NOW))


def _modal(open_it: Callable[..., dict[str, Any]], *between: object) -> Scene:
    return lambda account: open_it(made.proposal_card(account=account), *between, "1:proposal:p-1:2|||")


SCENES: dict[str, Scene] = {
    "fatigue-open": warning(),
    "fatigue-evidence": warning(reading=tired.reading(FatigueRule.EVIDENCE)),
    "fatigue-no-pictures": warning(chart_file=None, picture_file=None, not_tired=2),
    "fatigue-pruned": warning(reading=None),
    "fatigue-snoozed": warning(state=State.SNOOZED),
    "fatigue-resolved": warning(state=State.RESOLVED),
    "fatigue-attack": warning(name=cast.ATTACK),
    "fatigue-writing": story(proposal=made.proposal(ProposalState.WRITING)),
    "fatigue-waiting": story(
        proposal=made.proposal(approvals_needed=2, approvals=(made.approval(),)),
    ),
    "fatigue-rejected": story(proposal=made.proposal(ProposalState.REJECTED)),
    "fatigue-queued": story(
        made.change(
            ReplacementState.QUEUED,
            done=0,
            reason="Its ad set was edited lately, and each edit restarts learning.",
            next_at=cast.NOW + made.HOUR,
        )
    ),
    "fatigue-applying": story(made.change(done=6, reason=REVIEWING, next_at=cast.NOW + made.HOUR)),
    "fatigue-live": story(made.live(), verdicts=(made.verdict(1, Call.TOO_EARLY), made.verdict())),
    "fatigue-live-resolved": story(made.live(), State.RESOLVED, verdicts=(made.verdict(3, Call.WON),)),
    "fatigue-refused": story(
        made.change(ReplacementState.FAILED, done=6, failed=META_REFUSED, reason=META_REFUSED)
    ),
    "fatigue-conflict": story(made.change(ReplacementState.CONFLICT, done=8, reason=PAUSED)),
    "fatigue-undo-asks": story(
        replace(made.live(), state=ReplacementState.UNDO_ASKS, reason=CHANGED, undo_by=cast.TEAMMATE)
    ),
    "fatigue-undone": story(made.undone()),
    "fatigue-reply-worse": noted(Reason.WORSE),
    "fatigue-reply-reopened": noted(Reason.REOPENED),
    "fatigue-reply-resolved": lambda account: _reply_resolved(account),
    "proposal-writing": card(made.proposal(ProposalState.WRITING, round=1, direction="Shorter")),
    "proposal-waiting": card(),
    "proposal-half-approved": card(made.proposal(approvals_needed=2, approvals=(made.approval(),))),
    "proposal-edited-in-place": card(
        made.proposal(
            mode=Mode.IN_PLACE,
            round=3,
            direction="Price first",
            variations=(replace(_EDITED, edited_by=cast.OWNER, changed=None, picture="ab" * 32),),
        ),
        variation_files={1: "F0NEWPICT1"},
    ),
    "proposal-offline-stopped": card(
        made.proposal(
            mode=Mode.TEST,
            offline=True,
            writer="offline",
            model="offline",
            reason="Google AI could not be reached.",
        ),
        stop=made.stop(),
        cost=None,
    ),
    "proposal-longest": card(made.longest()),
    "proposal-attack": card(made.attack()),
    "proposal-rejected": card(made.proposal(ProposalState.REJECTED)),
    "proposal-expired": card(made.proposal(ProposalState.EXPIRED)),
    "proposal-void": card(made.proposal(ProposalState.VOID, reason="The ad shows another creative now.")),
    "proposal-failed": card(made.proposal(ProposalState.FAILED, reason="The creative is a carousel.")),
    "proposal-applying": going(made.change(done=6, reason=REVIEWING)),
    "proposal-live": going(made.live(), made.verdict(1, Call.TOO_EARLY), made.verdict(3, Call.LOST)),
    "proposal-in-place-live": going(made.live(Mode.IN_PLACE)),
    "proposal-testing": going(made.change(ReplacementState.TESTING, Mode.TEST, 9)),
    "proposal-refused": going(
        made.change(ReplacementState.FAILED, done=6, failed=META_REFUSED, reason=META_REFUSED)
    ),
    "proposal-taken-down": lambda account: taken_down(
        made.proposal_card(made.proposal(ProposalState.APPROVED), account, replacement=made.change(done=0))
    ),
    "proposal-taken-down-half": lambda account: taken_down(
        made.proposal_card(made.proposal(approvals_needed=2, approvals=(made.approval(),)), account)
    ),
    "modal-edit": _modal(proposal_modals.edit_modal, 2),
    "modal-direction": _modal(proposal_modals.direction_modal),
    "modal-reject": _modal(proposal_modals.reject_modal),
    "story-not-written": told(
        Event.NOT_WRITTEN, proposal=made.proposal(ProposalState.FAILED, reason="The creative is a carousel.")
    ),
    "story-approved": told(Event.APPROVED, made.change(done=0)),
    "story-half-approved": told(
        Event.HALF_APPROVED, proposal=made.proposal(approvals_needed=2, approvals=(made.approval(),))
    ),
    "story-rejected-by-person": told(
        Event.REJECTED_BY_PERSON, proposal=made.proposal(ProposalState.REJECTED)
    ),
    "story-expired": told(Event.EXPIRED, proposal=made.proposal(ProposalState.EXPIRED)),
    "story-rejected": told(Event.REJECTED, made.change(done=6, failed=META_REFUSED, reason=META_REFUSED)),
    "story-rejected-in-place": told(
        Event.REJECTED, made.change(mode=Mode.IN_PLACE, done=6, failed=META_REFUSED, reason=META_REFUSED)
    ),
    "story-live": told(Event.LIVE, made.live()),
    "story-live-in-place": told(Event.LIVE, made.live(Mode.IN_PLACE)),
    "story-failed": told(
        Event.FAILED, made.change(ReplacementState.FAILED, done=3, reason="Meta refused the creative.")
    ),
    "story-void": told(
        Event.VOID,
        made.change(ReplacementState.VOID, done=0, reason="The ad shows another creative now."),
        proposal=made.proposal(ProposalState.APPROVED, approvals=(made.approval(),)),
    ),
    "story-void-undecided": told(
        Event.VOID, proposal=made.proposal(ProposalState.VOID, reason="The ad shows another creative now.")
    ),
    "story-conflict": told(
        Event.CONFLICT,
        made.change(ReplacementState.CONFLICT, done=8, reason=PAUSED),
    ),
    "story-waiting": told(
        Event.WAITING, made.change(reason="Meta's limit is used up.", next_at=cast.NOW + made.HOUR)
    ),
    "story-undo-asks": told(
        Event.UNDO_ASKS,
        replace(made.live(), state=ReplacementState.UNDO_ASKS, reason=CHANGED, undo_by=cast.TEAMMATE),
    ),
    "story-undone": told(Event.UNDONE, made.undone()),
    "story-test-started": told(Event.TEST_STARTED, made.change(ReplacementState.TESTING, Mode.TEST, 9)),
    "story-test-decided": told(
        Event.TEST_DECIDED,
        made.live(Mode.TEST, reason="The new creative won the split test: CTR (link) 1.31% against 1.02%."),
    ),
    "story-undo-begun": lambda _: refresh_story.undo_begun(
        replace(made.live(), state=ReplacementState.UNDOING)
    ),
    **{
        f"story-verdict-{call.value.replace('_', '-')}": told(
            Event.VERDICT, made.live(), made.verdict(7 if call is Call.WON else 3, call)
        )
        for call in Call
    },
    "story-verdict-with-cost": told(
        Event.VERDICT,
        made.live(),
        made.verdict(cost_lift=-0.09, cost_low=-0.31, cost_high=0.2),
    ),
    "approvals-waiting": _waiting,
    "approvals-none": lambda _: approvals(Waiting((), (), None, cast.NOW)),
    "refreshes-month": lambda _: refreshes(made.summary()),
    "refreshes-none": lambda _: refreshes(made.nothing()),
    "stop-stopped": lambda _: stop.stopped(made.stop(), cast.NOW),
    "stop-resumed": lambda _: stop.resumed(made.stop(), cast.TEAMMATE, cast.NOW),
    "stop-notice-stopped": lambda account: stop.notice(
        "stopped", cast.OWNER, "Checking the budget", at=cast.NOW, account=account
    ),
    "stop-notice-breaker": lambda account: stop.notice(
        "stopped", None, "3 replacements in a row failed.", at=cast.NOW, account=account
    ),
    "stop-notice-resumed": lambda account: stop.notice(
        "resumed", cast.OWNER, "", at=cast.NOW, account=account
    ),
    "tired-listed": _listed,
    "tired-none": lambda account: fatigue_list.tired([], account, RefreshPolicy(), cast.NOW),
    "tired-rule-set": lambda account: fatigue_list.rule_set(
        account, RefreshPolicy(FatigueRule.EVIDENCE, 0.25, 0.2)
    ),
    "brand-set": lambda account: brand(account, POLICY),
    "brand-unset": lambda account: brand(account, RefreshPolicy()),
    "modal-brand": lambda account: proposal_modals.brand_modal(account, POLICY, "1:account:act_1001:0|||"),
}
# What looks the same whatever the account is stored once.
WITHOUT_ACCOUNT = (
    "modal-direction",
    "modal-edit",
    "modal-reject",
    "refreshes",
    "stop-stopped",
    "stop-resumed",
    "approvals-none",
    "story-undo-begun",
    "story-expired",
)


def _reply_resolved(account: Account) -> Shown:
    found = reply(tired.fatigue_card(account, State.RESOLVED), Reason.RESOLVED)
    assert found is not None
    return found
