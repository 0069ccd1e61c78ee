"""How an account speaks and what it never says, with a button to change it."""

from bot.domain.policy import RefreshPolicy
from bot.domain.structure import Account
from bot.views import actions, kit
from bot.views.markup import Mrkdwn, join, mrk, name, plain_name, said

# Meta's special ad categories (Marketing API, Campaign: special_ad_categories); empty stands for none.
CATEGORY_WORDS = {
    "EMPLOYMENT": "Employment",
    "FINANCIAL_PRODUCTS_SERVICES": "Financial products and services",
    "HOUSING": "Housing",
    "ISSUES_ELECTIONS_POLITICS": "Social issues, elections or politics",
    "ONLINE_GAMBLING_AND_GAMING": "Online gambling and gaming",
}
_VOICE = 1_000


def brand(account: Account, policy: RefreshPolicy) -> kit.Message:
    """What variations for this account keep to."""
    kept = policy.brand
    voice = mrk("*Voice*\n{}", said(kept.voice, _VOICE)) if kept.voice else _NO_VOICE
    words = mrk("*Never says*\n{}", _words(kept.banned_words)) if kept.banned_words else _NO_WORDS
    category = CATEGORY_WORDS.get(kept.special_category) or said(kept.special_category, 60) or "none"
    label = "shown on pictures that AI made" if kept.ai_label else "not shown"
    blocks = [
        kit.header(f"Brand of {plain_name(account.name, 60)}"),
        kit.section(voice),
        kit.section(words),
        kit.fields([("Special ad category", category), ("AI label", label)]),
        kit.actions(
            [kit.button("Edit", actions.BRAND_EDIT, actions.encode("account", account.id, 0))],
            block_id=f"brand.{account.id}",
        ),
    ]
    return kit.message(mrk("What variations for {} keep to.", name(account.name, 60)), blocks)


_NO_VOICE = Mrkdwn("*Voice*\nNot set: variations keep the tone of the present ad.")
_NO_WORDS = Mrkdwn("*Never says*\nNo banned words.")


def _words(banned: tuple[str, ...]) -> Mrkdwn:
    return join([said(word, 40) for word in banned], ", ")
