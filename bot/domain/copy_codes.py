"""Every code a check of ad copy may give, with what it looks for and the sentence people read."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.domain.creatives import Part
from bot.domain.variations import Gravity, Note

QUOTE: Final = 80  # characters of a quote
PART_NAMES: Final = MappingProxyType(
    {
        Part.PRIMARY_TEXT: "primary text",
        Part.HEADLINE: "headline",
        Part.DESCRIPTION: "description",
        Part.PICTURE: "picture",
    }
)
BLOCK, WARN, INFO = (Gravity.BLOCK,), (Gravity.WARN,), (Gravity.INFO,)
EITHER = (Gravity.BLOCK, Gravity.WARN)


@dataclass(frozen=True, slots=True)
class Code:
    """One check: the gravities it may have (the first is the usual one), what it looks for, what it says."""

    gravities: tuple[Gravity, ...]
    finds: str
    sentence: str  # with {names} for what `note` is given


CODES: Final[Mapping[str, Code]] = MappingProxyType(
    {
        "empty": Code(
            BLOCK,
            "The primary text or headline has words now and would have none.",
            "The {part} is empty; write something or keep the present words.",
        ),
        "unchanged": Code(
            BLOCK,
            "The words, or the part that should differ, are those of the present ad.",
            "Nothing is different from the present ad; change the {part}.",
        ),
        "more_than_one_change": Code(
            BLOCK,
            "A writer's draft differs in another part than the one it names.",
            "The {part} differs as well; with two changes nobody can tell which one worked, so change "
            "one part.",
        ),
        "too_long": Code(
            BLOCK,
            "More characters than Meta takes: 2,200 in the primary text, 255 in the headline and in the "
            "description.",
            "The {part} has {length} characters and Meta takes {limit}; shorten it.",
        ),
        "cut": Code(
            WARN,
            "More characters than some of the ad's placements show.",
            "{places} the first {limit} of {length} characters of the {part}; say what matters before "
            "that, or shorten it.",
        ),
        "near_duplicate": Code(
            EITHER,
            "The changed words are nearly those of the present ad, of a variation that was not wanted, "
            "of another variation, or of an ad that runs beside it: block above 0.85, warn above 0.6.",
            "The {part} is {share} like that of {whom}; {verdict}.",
        ),
        "copied": Code(
            EITHER,
            "The changed words repeat a run of words of a winner that was shown as an example.",
            "The {part} repeats {count} words in a row of the winner {ad}; say it differently, or run "
            "that ad.",
        ),
        "language_changed": Code(
            WARN,
            "Most letters are of another script than the present ad's.",
            "The {part} is in another script ({new}) than the present ad ({old}); keep the audience's "
            "language.",
        ),
        "hidden_characters": Code(
            BLOCK,
            "Control, zero-width, direction and filler characters that nobody sees.",
            "The {part} has a character that nobody sees; type the words again without it.",
        ),
        "mixed_script_word": Code(
            BLOCK,
            "A word of Latin and Cyrillic letters that look alike.",
            "A word mixes letters of two alphabets that look alike; type it again.",
        ),
        "banned_word": Code(
            BLOCK, "A word that the brand never uses.", "The brand never says this word; say it differently."
        ),
        "personal_attribute": Code(
            EITHER,
            "The reader is told or asked about race, religion, age, orientation, disability, health, "
            "money trouble, a criminal record or a name: block; warn for looks (hair fall, acne) and for "
            "soft forms.",
            "Meta does not allow an ad to imply that it knows the reader's {what}; speak of the product, "
            "or of people in general.",
        ),
        "before_after": Code(
            BLOCK,
            "Before and after.",
            "Meta does not allow before-and-after; describe what the product does.",
        ),
        "unlikely_result": Code(
            EITHER,
            "Results that hardly anybody gets: so many kilos in so many days, overnight, permanent, "
            "doubled money.",
            "This promises a result that few people get, which Meta and the Indian advertising code "
            "forbid; say what the product does.",
        ),
        "negative_self_image": Code(
            BLOCK,
            "Shame about body, looks or skin as a reason to buy.",
            "Meta does not allow an ad to make people feel bad about themselves; say what they gain.",
        ),
        "skin_colour": Code(
            WARN,
            "Fairer skin as a benefit.",
            "The Indian advertising code forbids to show darker skin as worse; speak of care or glow "
            "instead.",
        ),
        "profanity": Code(
            BLOCK,
            "Swear words, in English, Hindi and Hinglish, also with a letter masked.",
            "Meta does not allow swear words, also not masked; leave it out.",
        ),
        "fake_interface": Code(
            BLOCK,
            "Words that pretend to be a button, a notification, a system warning or a prize.",
            "Meta does not allow an ad to look like a button, a message or a warning of the device; say "
            "it as an advertiser.",
        ),
        "meta_brand": Code(
            EITHER,
            "A claim that Meta's brands approve or stand behind something: block. A first mention of "
            "them: warn.",
            "Meta's brand rules do not allow a claim or a play on its names; leave the name out.",
        ),
        "testimonial": Code(
            EITHER,
            "A quotation with a name, or words as if a customer spoke, that the present ad does not "
            "have: block. Reworded where it has one: warn.",
            "Nobody said these words; a made-up testimonial is forbidden. Use a real customer's own "
            "words, or speak as the brand.",
        ),
        "endorsement": Code(
            BLOCK,
            "Doctors, experts, celebrities or media as supporters, which the present ad does not have.",
            "The present ad names no such supporter; an endorsement needs a real one. Leave it out.",
        ),
        "superlative": Code(
            BLOCK,
            "Number one, best in a place, guaranteed, proven, cure, cheapest, unless the present ad has "
            "the very same claim.",
            "The present ad does not claim this and nothing here proves it; leave it out or say it plainly.",
        ),
        "new_claim": Code(
            BLOCK,
            "Qualities of the product that the present ad does not name: organic, -free, tested, "
            "certified, bestseller, warranty.",
            "The present ad does not say this of the product; leave it out, or have it confirmed and put "
            "it into an ad first.",
        ),
        "new_number": Code(
            BLOCK,
            "A number that the present ad does not have in this sense.",
            "The present ad does not have this number; use one that it has, or none.",
        ),
        "new_price": Code(
            BLOCK,
            "An amount of money that the present ad does not have.",
            "The present ad does not name this amount; use one that it has, or none.",
        ),
        "new_percentage": Code(
            BLOCK,
            "A percentage that the present ad does not have.",
            "The present ad does not have this percentage; use one that it has, or none.",
        ),
        "new_offer": Code(
            BLOCK,
            "A discount, gift, free delivery, cashback, code, instalments or way of paying that the "
            "present ad does not offer.",
            "The present ad does not offer this, and the shop may not either; leave it out.",
        ),
        "new_date": Code(
            BLOCK,
            "A date or a day that the present ad does not have.",
            "The present ad does not name this day; leave it out.",
        ),
        "new_urgency": Code(
            BLOCK,
            "Time running out or stock running low that the present ad does not speak of.",
            "The present ad does not say that time or stock runs out; leave it out unless it is true.",
        ),
        "new_occasion": Code(
            WARN,
            "A festival or season that the present ad does not speak of.",
            "The present ad does not speak of this occasion; be sure that offer and date fit.",
        ),
        "new_link": Code(
            BLOCK,
            "A web or mail address that the present ad's words do not have.",
            "The present ad's words do not have this address; the button already leads to the page.",
        ),
        "new_phone": Code(
            BLOCK,
            "A phone number that the present ad does not have.",
            "The present ad does not have this phone number; leave it out.",
        ),
        "new_handle": Code(
            BLOCK,
            "An @name that the present ad does not have.",
            "The present ad does not name this account; leave it out.",
        ),
        "mention": Code(
            BLOCK,
            "Syntax that mentions a person, page or channel.",
            "This is the syntax of a mention and would be shown or acted on; write plain words.",
        ),
        "placeholder": Code(
            BLOCK,
            "A blank to be filled in, markup, or a writer's remark about its own text.",
            "This is a blank, markup or a remark and no ad copy; write the words that people should read.",
        ),
        "special_category": Code(
            EITHER,
            "Words of a special ad category (credit, employment, housing, politics, gambling) that the "
            "campaign has not declared: block. Warn where the present ad has such words too.",
            "These words belong to Meta's special ad category for {category}, which this campaign does "
            "not declare; leave them out, or declare it on the campaign first.",
        ),
        "special_category_limits": Code(
            WARN,
            "Words of the special ad category that the campaign has declared.",
            "This is in the special ad category for {category}: nobody may be left out by age, gender or "
            "place, in words or in targeting.",
        ),
        "excessive_capitals": Code(
            WARN,
            "More capitals than the present ad: two long words in a row, or a third of all letters.",
            "Long stretches of capitals read as shouting and Meta may reject them; write them small.",
        ),
        "excessive_punctuation": Code(
            WARN,
            "More repeated or exclamation marks than the present ad.",
            "Repeated marks read as shouting and Meta may reject them; one is enough.",
        ),
        "excessive_emoji": Code(
            WARN,
            "More emoji than the present ad: over five, over two in a headline, or three alike in a row.",
            "This many emoji distract and some screens read each one out; keep one or two.",
        ),
        "bad_picture": Code(
            BLOCK,
            "A picture that a writer made and that cannot be used: no PNG or JPEG, damaged, or too large.",
            "{why}",
        ),
        "ai_label": Code(
            (Gravity.WARN, Gravity.INFO),
            "The picture was made by a model: the account shows the label (info) or does not (warn).",
            "The picture was made by a model. {duty}",
        ),
    }
)


def note(
    code: str, gravity: Gravity | None = None, /, part: Part | None = None, quote: str = "", **said: object
) -> Note:
    """A note; without a gravity it is the code's usual one."""
    known = CODES[code]
    name = PART_NAMES[part] if part else "text"
    sentence = known.sentence.format(part=name, **said)
    short = " ".join(quote.split())[:QUOTE]
    return Note(gravity or known.gravities[0], code, sentence, part, short)
