"""Dialogs about variations: other words for one, a direction for new ones, a reason against all."""

from collections.abc import Mapping

from bot.domain.access import Permission
from bot.domain.creatives import Copy
from bot.services.bundle import Services
from bot.views import actions
from bot.views import proposal_modals as dialogs
from handlers.base import ModalSpec, Reply, Submission
from handlers.values import proposal_of, variation_of

_SAY_SOMETHING = "Write a few words."


def check_edit(_services: Services, submission: Submission) -> Mapping[str, str]:
    """An ad without words cannot be shown."""
    if not submission.values.get(dialogs.PRIMARY_TEXT, "").strip():
        return {dialogs.PRIMARY_TEXT: "The primary text cannot be empty."}
    return {}


def edit(services: Services, submission: Submission) -> Reply:
    """Keep the words; they are checked again, and the card shows what came of it."""
    proposal_id, version = proposal_of(submission)
    answers = submission.values
    copy = Copy(
        primary_text=answers.get(dialogs.PRIMARY_TEXT, "").strip(),
        headline=answers.get(dialogs.HEADLINE, "").strip(),
        description=answers.get(dialogs.DESCRIPTION, "").strip(),
    )
    services.approvals.edit(submission.person, proposal_id, variation_of(submission), copy, version)
    return Reply()


def no_check(_services: Services, _submission: Submission) -> Mapping[str, str]:
    """Everything may be left open."""
    return {}


def direct(services: Services, submission: Submission) -> Reply:
    """Have others written."""
    proposal_id, version = proposal_of(submission)
    direction = submission.values.get(dialogs.DIRECTION, "")
    services.approvals.again(submission.person, proposal_id, direction, version)
    return Reply()


def check_reason(_services: Services, submission: Submission) -> Mapping[str, str]:
    """A choice or a few words of one's own."""
    answers = submission.values
    if answers.get(dialogs.REASON) or answers.get(dialogs.REASON_WORDS, "").strip():
        return {}
    return {dialogs.REASON_WORDS: _SAY_SOMETHING}


def reject(services: Services, submission: Submission) -> Reply:
    """None of them goes live."""
    proposal_id, version = proposal_of(submission)
    chosen = dialogs.REASONS.get(submission.values.get(dialogs.REASON, ""), "")
    words = submission.values.get(dialogs.REASON_WORDS, "").strip()
    reason = ": ".join(part for part in (chosen, words) if part)
    services.approvals.reject(submission.person, proposal_id, reason, version)
    return Reply()


MODALS = (
    ModalSpec(actions.EDIT_VARIATION, Permission.TRIAGE, check_edit, edit),
    ModalSpec(actions.DIRECT_WRITING, Permission.TRIAGE, no_check, direct),
    ModalSpec(actions.REJECT_PROPOSAL, Permission.CHANGE_ADS, check_reason, reject),
)
