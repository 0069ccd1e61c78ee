"""The dialog about how an account speaks and what it never says."""

import re
from collections.abc import Mapping

from bot.domain.access import Permission
from bot.domain.variations import Brand
from bot.services.bundle import Services
from bot.views import actions
from bot.views import proposal_modals as dialogs
from bot.views.brand import brand as brand_view
from handlers.accounts import account_with_id
from handlers.base import ModalSpec, Reply, Submission
from handlers.values import account_of


def check(_services: Services, submission: Submission) -> Mapping[str, str]:
    """No more words than can be looked for."""
    words = _words(submission)
    if len(words) > 50:
        return {dialogs.BANNED: f"At most 50 words; these are {len(words)}."}
    long = next((word for word in words if len(word) > 40), None)
    return {dialogs.BANNED: f"“{long[:40]}…” is longer than 40 characters."} if long else {}


def keep(services: Services, submission: Submission) -> Reply:
    """Keep it for the next writing."""
    account = account_with_id(services, submission.workspace_id, account_of(submission))
    answers = submission.values
    brand = Brand(
        voice=answers.get(dialogs.VOICE, "").strip(),
        banned_words=tuple(_words(submission)),
        special_category=_category(answers.get(dialogs.CATEGORY, "")),
        ai_label=answers.get(dialogs.AI_LABEL, "") == "yes",
    )
    policy = services.policies.set_brand(submission.person, account.id, brand)
    return Reply((brand_view(account, policy),))


def _category(chosen: str) -> str:
    return "" if chosen == dialogs.NO_CATEGORY else chosen


def _words(submission: Submission) -> list[str]:
    pieces = re.split(r"[,\n]+", submission.values.get(dialogs.BANNED, ""))
    return list(dict.fromkeys(word for piece in pieces if (word := " ".join(piece.split()))))


MODALS = (ModalSpec(actions.SET_BRAND, Permission.CHANGE_ADS, check, keep),)
