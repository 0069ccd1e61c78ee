"""Dialogs about variations and the brand; block ids are the names under which answers come back."""

from typing import Any, Final

from bot.domain.creatives import Copy, Part
from bot.domain.placements import HARD_LIMITS
from bot.domain.policy import RefreshPolicy
from bot.domain.proposals import MOST_ROUNDS
from bot.domain.refreshes import ProposalCard
from bot.domain.structure import Account
from bot.views import actions, kit
from bot.views.brand import CATEGORY_WORDS
from bot.views.markup import mrk, name, said
from bot.views.proposal_parts import shown_lengths
from bot.views.text import width

# Block ids.
PRIMARY_TEXT: Final = "primary_text"
HEADLINE: Final = "headline"
DESCRIPTION: Final = "description"
DIRECTION: Final = "direction"
REASON: Final = "reason"
REASON_WORDS: Final = "reason_words"
VOICE: Final = "voice"
BANNED: Final = "banned_words"
CATEGORY: Final = "special_category"
AI_LABEL: Final = "ai_label"

REASONS: Final = {
    "brand": "Not how our brand speaks",
    "untrue": "Says something that is not true",
    "weak": "Not better than the present ad",
    "policy": "May break a policy or the law",
    "not_tired": "The ad is not tired",
    "later": "Not now",
}
NO_CATEGORY: Final = "NONE"  # Meta's own word; Slack takes no option without a value
YES, NO = "yes", "no"
LONGEST_DIRECTION: Final = 300
LONGEST_REASON: Final = 400
LONGEST_VOICE: Final = 600
LONGEST_BANNED: Final = 2_200  # 50 words of 40 characters with what separates them
_LONGEST = {
    # Typed characters; people count fewer in many scripts, and the checks count as people do.
    Part.PRIMARY_TEXT: kit.TYPED,
    Part.HEADLINE: 1_000,
    Part.DESCRIPTION: 1_000,
}


def edit_modal(card: ProposalCard, n: int, metadata: str) -> dict[str, Any]:
    """Other words for one variation; raises BadInput for a number that there is not."""
    variation = card.proposal.variation(n)
    placements = card.proposal.placements
    intro = mrk(
        "Variation {} “{}” of ad “{}”. Your words are checked again, and approvals given so far are void.",
        n,
        said(variation.angle, 60),
        name(card.proposal.entity.name, 60),
    )
    blocks = [
        kit.section(intro),
        _words(PRIMARY_TEXT, Part.PRIMARY_TEXT, variation.copy, placements),
        _words(HEADLINE, Part.HEADLINE, variation.copy, placements),
        _words(DESCRIPTION, Part.DESCRIPTION, variation.copy, placements),
    ]
    return kit.modal(
        f"Edit variation {n}",
        blocks,
        callback_id=actions.EDIT_VARIATION,
        submit="Save",
        private_metadata=metadata,
    )


def _words(block_id: str, part: Part, copy: Copy, placements: tuple[str, ...]) -> kit.Block:
    text = copy.text_of(part)
    field = kit.text_input(
        block_id,
        multiline=part is Part.PRIMARY_TEXT,
        initial_value=text,
        max_length=max(_LONGEST[part], width(text)),
    )
    hint = f"{shown_lengths(part, placements)} Meta takes {HARD_LIMITS[part]:,} characters."
    label = part.value.replace("_", " ").capitalize()
    return kit.input_block(label, field, block_id=block_id, hint=hint, optional=part is not Part.PRIMARY_TEXT)


def direction_modal(card: ProposalCard, metadata: str) -> dict[str, Any]:
    """A wish for the next variations."""
    after = MOST_ROUNDS - card.proposal.round - 1
    left = f"After this you can ask {after} more {'time' if after == 1 else 'times'}."
    intro = mrk(
        "These variations of “{}” are replaced by new ones, and approvals given so far are void. {}",
        name(card.proposal.entity.name, 60),
        left,
    )
    field = kit.text_input(
        DIRECTION,
        "Shorter, price first, no questions",
        multiline=True,
        max_length=LONGEST_DIRECTION,
    )
    asked = kit.input_block("What should be different?", field, block_id=DIRECTION, optional=True)
    return kit.modal(
        "Write others",
        [kit.section(intro), asked],
        callback_id=actions.DIRECT_WRITING,
        submit="Write others",
        private_metadata=metadata,
    )


def reject_modal(card: ProposalCard, metadata: str) -> dict[str, Any]:
    """Why none of them goes live: a common reason, words of one's own, or both."""
    intro = mrk(
        "None of the variations of “{}” goes live, and nothing is changed at Meta. The reason is kept and "
        "shown in the thread.",
        name(card.proposal.entity.name, 60),
    )
    reasons = [kit.option(words, value) for value, words in REASONS.items()]
    words = kit.text_input(REASON_WORDS, multiline=True, max_length=LONGEST_REASON)
    blocks = [
        kit.section(intro),
        kit.input_block("Reason", kit.radio(REASON, reasons), block_id=REASON, optional=True),
        kit.input_block("In your own words", words, block_id=REASON_WORDS, optional=True),
    ]
    return kit.modal(
        "Reject variations",
        blocks,
        callback_id=actions.REJECT_PROPOSAL,
        submit="Reject",
        private_metadata=metadata,
    )


def brand_modal(account: Account, policy: RefreshPolicy, metadata: str) -> dict[str, Any]:
    """How the account speaks and what it never says."""
    brand = policy.brand
    voice = kit.text_input(
        VOICE,
        "Warm and plain, speaks to one person, never shouts",
        multiline=True,
        initial_value=brand.voice,
        max_length=max(LONGEST_VOICE, width(brand.voice)),
    )
    words = ", ".join(brand.banned_words)
    banned = kit.text_input(
        BANNED, multiline=True, initial_value=words, max_length=max(LONGEST_BANNED, width(words))
    )
    blocks = [
        kit.section(mrk("Variations for {} keep to this from the next writing on.", name(account.name, 60))),
        kit.input_block("Voice", voice, block_id=VOICE, optional=True),
        kit.input_block(
            "Words it never uses",
            banned,
            block_id=BANNED,
            hint="Between commas or on lines of their own; at most 50 words of 40 characters.",
            optional=True,
        ),
        kit.input_block(
            "Special ad category",
            _categories(brand.special_category),
            block_id=CATEGORY,
            hint="What Meta knows the campaigns of this account as; variations keep to its rules.",
        ),
        kit.input_block(
            "AI label on pictures that AI made",
            _label(ai_label=brand.ai_label),
            block_id=AI_LABEL,
            hint="The Indian advertising code asks for one on pictures that could be taken for real.",
        ),
    ]
    return kit.modal(
        "Brand",
        blocks,
        callback_id=actions.SET_BRAND,
        submit="Save",
        private_metadata=metadata,
    )


def _categories(present: str) -> kit.Element:
    none = kit.option("None", NO_CATEGORY)
    options = [none, *(kit.option(words, value) for value, words in CATEGORY_WORDS.items())]
    return kit.select(CATEGORY, "Choose one", options, initial=present or NO_CATEGORY)


def _label(*, ai_label: bool) -> kit.Element:
    options = [kit.option("Yes, show it", YES), kit.option("No", NO)]
    return kit.radio(AI_LABEL, options, initial=YES if ai_label else NO)
