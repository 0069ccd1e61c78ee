"""The buttons under variations: approve or edit one, have others written, reject all."""

from bot.domain.proposals import MOST_ROUNDS, Mode
from bot.domain.refreshes import ProposalCard
from bot.domain.variations import Variation
from bot.views import actions, kit
from bot.views.alert_words import plural

_DOES = {
    Mode.BESIDE: (
        "A new ad with exactly these words is made beside the old one; once Meta's review let it pass and it "
        "delivers, the old ad is paused."
    ),
    Mode.IN_PLACE: "This ad itself will show exactly these words and go back to Meta's review.",
    Mode.TEST: (
        "A new ad with exactly these words runs against the old one in a Meta split test; the loser is "
        "paused after a week."
    ),
}
_COSTS = " Learning may restart. Undo stays possible."


def of_variation(card: ProposalCard, variation: Variation) -> kit.Block | None:
    """Approve and Edit; a blocked variation can only be edited."""
    proposal = card.proposal
    value = actions.encode("proposal", proposal.id, proposal.version, choice=str(variation.n))
    edit = kit.button(f"Edit {variation.n}", actions.PROPOSAL_EDIT, value)
    approve = None if variation.blocked or card.stop else _approve(card, variation, value)
    block_id = f"variation.{proposal.id}.{proposal.version}.{variation.n}"
    return kit.actions([approve, edit], block_id=block_id)


def of_all(card: ProposalCard) -> kit.Block | None:
    """Regenerate, as long as there are rounds left, and Reject."""
    proposal = card.proposal
    value = actions.encode("proposal", proposal.id, proposal.version)
    left = MOST_ROUNDS - proposal.round
    again = kit.button(f"Regenerate ({left} left)", actions.PROPOSAL_AGAIN, value) if left > 0 else None
    reject = kit.button("Reject", actions.PROPOSAL_REJECT, value, style="danger")
    return kit.actions([again, reject], block_id=f"proposal.{proposal.id}.{proposal.version}")


def _approve(card: ProposalCard, variation: Variation, value: str) -> kit.Element:
    missing = card.proposal.approvals_needed - 1
    others = f" {missing} more {plural(missing, 'approval')} by others needed." if missing > 0 else ""
    text = f"{_DOES[card.proposal.mode]}{_COSTS}{others}"
    dialog = kit.confirm(f"Approve variation {variation.n}?", text, f"Approve {variation.n}")
    label = f"Approve {variation.n}"
    return kit.button(label, actions.PROPOSAL_APPROVE, value, style="primary", confirm=dialog)
