"""The buttons of a fatigue warning and of the change that came of it: only those that can be used now."""

from bot.domain.alerts import State
from bot.domain.policy import FatigueRule
from bot.domain.proposals import Mode
from bot.domain.refreshes import FatigueCard
from bot.domain.replacement import UNDOABLE, Replacement, ReplacementState
from bot.views import actions, alert_buttons, kit
from bot.views.refresh_words import undo_plan

# The alert's own elements that a fatigue warning has as well.
_SHARED = frozenset({actions.ALERT_SNOOZE, actions.ALERT_UNSNOOZE, actions.ALERT_OPEN_ADS_MANAGER})
# What leaves the old ad as it was: other variations can be asked for.
_OVER = frozenset(
    {
        ReplacementState.FAILED,
        ReplacementState.VOID,
        ReplacementState.CONFLICT,
        ReplacementState.UNDONE,
    }
)


def row(card: FatigueCard) -> kit.Block | None:
    """The warning's own buttons; its block id changes with every version."""
    alert = card.card.alert
    kept = (alert_buttons.row(card.card) or {}).get("elements", [])
    shared = [element for element in kept if element["action_id"] in _SHARED]
    block_id = f"fatigue.{alert.id}.{alert.version}"
    return kit.actions([_suggest(card), _not_tired(card), *shared], block_id=block_id)


def undo_row(replacement: Replacement | None) -> kit.Block | None:
    """Undo of a change, as long as there is something to undo; stays after the warning is over."""
    if replacement is None:
        return None
    block_id = f"change.{replacement.id}.{replacement.version}"
    return kit.actions([_undo(replacement), _undo_anyway(replacement)], block_id=block_id)


def idle(card: FatigueCard) -> bool:
    """Whether nothing waits for a person or for Spruce, so that variations can be asked for."""
    proposal, replacement = card.proposal, card.replacement
    waits = proposal is not None and not proposal.state.final
    return not waits and (replacement is None or replacement.state in _OVER)


def _value(card: FatigueCard) -> str:
    return actions.encode("alert", card.card.alert.id, card.card.alert.version)


def _suggest(card: FatigueCard) -> kit.Element | None:
    if card.card.alert.state is State.RESOLVED or not idle(card):
        return None
    return kit.button("Suggest variations", actions.FATIGUE_SUGGEST, _value(card), style="primary")


def _not_tired(card: FatigueCard) -> kit.Element | None:
    if card.card.alert.state is State.RESOLVED or not idle(card):
        return None
    rule = card.reading.rule if card.reading else FatigueRule.CLASSIC
    text = (
        f"It is recorded as feedback and counted against the {rule.value} rule, and this warning stays quiet "
        "for 7 days. Nothing is changed at Meta."
    )
    dialog = kit.confirm("Is this ad not tired?", text, "Not tired")
    return kit.button("Not tired", actions.FATIGUE_NOT_TIRED, _value(card), confirm=dialog)


def _undo(replacement: Replacement) -> kit.Element | None:
    state = replacement.state
    value = actions.encode("change", replacement.id, replacement.version)
    if state is ReplacementState.QUEUED:
        text = "Nothing was changed at Meta yet, and nothing will be. The old ad runs as before."
        dialog = kit.confirm("Cancel this replacement?", text, "Cancel replacement")
        return kit.button("Cancel replacement", actions.REPLACEMENT_UNDO, value, confirm=dialog)
    if state not in UNDOABLE or state is ReplacementState.UNDO_ASKS:
        return None
    text = (
        f"{undo_plan(replacement)} If somebody changed {_whose(replacement)} since, Spruce shows the "
        "difference and asks first."
    )
    dialog = kit.confirm("Undo this replacement?", text, "Undo", style="danger")
    return kit.button("Undo", actions.REPLACEMENT_UNDO, value, style="danger", confirm=dialog)


def _undo_anyway(replacement: Replacement) -> kit.Element | None:
    if replacement.state is not ReplacementState.UNDO_ASKS:
        return None
    text = f"This overwrites what was changed since, as shown above. {undo_plan(replacement)}"
    dialog = kit.confirm("Undo in spite of the changes?", text, "Undo anyway", style="danger")
    value = actions.encode("change", replacement.id, replacement.version)
    return kit.button("Undo anyway", actions.REPLACEMENT_UNDO_ANYWAY, value, style="danger", confirm=dialog)


def _whose(replacement: Replacement) -> str:
    return "the ad" if replacement.mode is Mode.IN_PLACE else "one of the ads"
