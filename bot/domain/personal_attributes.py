"""Whether words tell or ask the reader about a personal attribute: the person is meant, not the topic.

"Are you diabetic?" and "Your depression" are; "Diabetes care plans" and "Foods for people with
diabetes" are not. Frames around the terms of `personal_terms` make the difference.
"""

from collections.abc import Iterator
from functools import cache

import regex

from bot.domain.personal_terms import SOFT, TERMS
from bot.domain.policy_text import any_of, pattern, term_key, words
from bot.domain.variations import Gravity

_START = r"(?:^|(?<=[.!?।\n:;,\"'(]))\s*"
_FILL = (
    r"(?:(?:a|an|also|still|always|often|feeling|getting|really|so|too|secretly|newly|living"
    r"|being|bhi|ek|भी|एक) )"
)
_MUCH = (
    r"(?:(?:a|an|any|the|your|my|severe|chronic|constant|bad|stubborn|type \d|some|so much|heavy"
    r"|high|this|that|own|extra) )"
)
_HAVE = (
    r"(?:have|had|got|get|suffer from|suffering from|struggle with|struggling with|live with"
    r"|living with|battle"
    r"|battling|experience|deal with|dealing with|face|facing|been diagnosed with|need help with"
    r"|troubled by|hate)"
)
_BEAR = (
    r"(?:suffering from|struggling with|living with|dealing with|coping with|battling|fighting"
    r"|tired of|sick of"
    r"|fed up with|fed up of|fed up|worried about|troubled by|diagnosed with|trapped in|drowning in|stuck in)"
)
_YOU, _OF_YOU = (
    r"(?:aap|ap|tum|tu|आप|तुम)",
    (
        r"(?:aapka|aapki|aapke|apka|apki|apke|tumhara|tumhari|tumhare|tera|teri|tere|apna|apni|apne"
        r"|आपका|आपकी|आपके|तुम्हारा|तुम्हारी|तुम्हारे|अपना|अपनी|अपने)"
    ),
)
_TO_YOU = r"(?:aapko|apko|aap ko|tumhe|tumhein|tumko|आपको|तुम्हें|तुमको)"
_HURT = (
    r"(?:pareshan|pareshaan|peedit|pidit|tang|dukhi|jujh|joojh|grast|mareez|mariz|shikar"
    r"|परेशान|पीड़ित|पीडित|तंग|दुखी|जूझ|ग्रस्त|मरीज|मरीज़|रोगी|शिकार)"
)
_IS = r"(?:hai|hain|ho|h|है|हैं|हो)"
_TRADE = (
    r"(?! ?(?:friendly|care|specialist|doctor|nurse|educator|coach|researcher|friday|belt"
    r"|or white|coffee|tea|forest))"
)
_THING = r"(?P<term>{has})"
_KIND = rf"(?P<term>{{is}})s?{_TRADE}"
_ASKED = r"(?=[^.!?।\n]{0,80}\?)"
_IF = r"(?<!\b(?:if|whether|when) )"

# Frame and whether it only warns. `{has}` and `{is}` are filled with the terms.
_FRAMES = (
    (words(rf"(?:are|r) (?:you|u|ya) {_FILL}{{0,3}}{_KIND}"), False),
    (words(rf"(?:are|r) (?:you|u|ya) {_FILL}{{0,2}}{_BEAR} {_MUCH}{{0,2}}{_THING}"), False),
    (words(rf"(?:is|isn't) (?:your|ur) {_THING}"), False),
    (
        words(
            rf"{_IF}(?:you|you've) (?:(?:also|still|really|often|ever|always|already|may"
            rf"|might) )?{_HAVE} {_MUCH}{{0,2}}{_THING}"
        ),
        False,
    ),
    (words(rf"(?:if|whether|when) (?:you|you've) {_HAVE} {_MUCH}{{0,2}}{_THING}"), True),
    (words(rf"{_IF}(?:you're|you are|u r|you r) {_FILL}{{0,2}}{_KIND}"), False),
    (words(rf"(?:if|whether|when) (?:you're|you are) {_FILL}{{0,2}}{_KIND}"), True),
    (words(rf"(?:your|ur) {_MUCH}{{0,2}}{_THING}"), False),
    (_START + words(rf"{_FILL}{{0,2}}{_BEAR} {_MUCH}{{0,2}}{_THING}{_ASKED}"), False),
    (_START + words(rf"{_FILL}{{0,2}}{_KIND}\s*\?"), False),
    (_START + words(_THING) + r"\s*\?", True),
    (
        words(
            rf"{_THING} (?:is )?(?:getting you down|ruining your|holding you back|controlling your"
            rf"|taking over your|affecting your)"
        ),
        False,
    ),
    (
        words(
            rf"(?:other|fellow) (?:(?:local|single|young|proud) )?{_KIND} (?:singles|people|men|women"
            rf"|professionals|moms|dads)"
        ),
        False,
    ),
    (
        words(
            rf"{_KIND} (?:people|women|men|singles|folks|moms|professionals) (?:like you|near you"
            rf"|in your area)"
        ),
        False,
    ),
    (words(rf"(?:as|like) an? {_KIND}") + r"[^.!?\n]{0,40}\b(?:you|your|you're)\b", False),
    (words(rf"{_YOU} (?:[^\s-]+ )?{_THING} (?:se|ke|ki|से|के|की) {_HURT}"), False),
    (words(rf"{_YOU} {_FILL}{{0,2}}{_KIND} {_IS}"), False),
    (words(rf"{_YOU} {_FILL}{{0,1}}(?P<term>{{is}}) (?:doobe|dube|phase|phanse|डूबे|फंसे)"), False),
    (words(rf"{_TO_YOU} (?:bhi )?(?:भी )?{_THING} (?:{_IS}|ki|ka|की|का)"), False),
    (words(rf"{_OF_YOU} (?:[^\s-]+ )?{_THING}"), False),
    (words(rf"{_THING} (?:se|से) {_HURT}(?: {_IS})?") + r"\s*\?", False),
)

_NUMBER = r"(?:[2-9]\d|twenty|thirty|forty|fifty|sixty|seventy)"
_AGE = (
    (
        words(
            rf"(?:are|r) (?:you|u) (?:over|under|above|below|past|older than|younger than|turning|around"
            rf"|nearly|almost|between|in your) {_NUMBER}s?"
        ),
        False,
    ),
    (words(rf"(?:are|r) (?:you|u) {_NUMBER}(?: years old| yrs old|\+|s)?"), False),
    (
        words(
            r"(?:are|r) (?:you|u) (?:a |an )?(?:old(?! enough)|elderly|senior citizen|senior|teenager"
            r"|teen|middle aged|retired|getting old)"
        ),
        False,
    ),
    (
        words(
            rf"{_IF}you(?:'re| are) (?:over|under|past|above|in your|getting old|too old|already|now"
            rf"|turning) ?{_NUMBER}?s?(?<=\d|s|old|y)"
        ),
        False,
    ),
    (
        words(
            rf"(?:if|whether|when|once) you(?:'re| are) (?:over|under|past|above|in your|turning) {_NUMBER}s?"
        ),
        True,
    ),
    (words(rf"in your {_NUMBER}s"), False),
    (words(r"(?:at|for) your age|(?:people|women|men|someone|others) (?:of )?your age"), False),
    (_START + words(rf"(?:over|past|above|under|turning|crossed) {_NUMBER}") + r"\s*\?", False),
    (words(r"(?:aapki|apki|tumhari|आपकी|तुम्हारी) (?:umar|umr|age|उम्र|आयु)"), False),
    (
        words(
            rf"(?:aap|ap|tum|आप|तुम) {_NUMBER} (?:ke|ki|के|की|साल|saal) (?:paar|upar|umar|पार|ऊपर|उम्र|से"
            rf"|ke|के)"
        ),
        False,
    ),
)
_NAME = (
    (
        words(
            r"is your (?:first |last |sur)?name|your name is|(?:aapka|apka|tumhara|आपका|तुम्हारा) (?:naam"
            r"|नाम)"
        ),
        False,
    ),
    (
        words(
            r"(?:hi|hey|hello|dear|namaste|नमस्ते) (?:\{\{?|\[|%)\s*(?:first|user|customer|full)?[\s_.]*name"
        ),
        False,
    ),
    (
        r"(?:^|\n)\s*(?:Hi|Hey|Hello|Dear|Namaste|Happy birthday),?\s+"
        r"(?!(?-i:There|Everyone|All|Friends?|Ladies|Moms?|Mamas?|India|Mumbai|Delhi|Bengaluru|Guys"
        r"|Folks|Team|Beautiful|Gorgeous|You|Foodies)\b)"
        r"(?-i:\p{Lu}\p{Ll}{2,})\s*[,!](?!\s*(?:I|we)\b)",
        True,
    ),
)


def find(text: str) -> Iterator[tuple[str, Gravity, str]]:
    """Each attribute that `plain` text speaks of: what it is, how grave, and the words."""
    for frame, soft in _filled():
        for found in frame.finditer(text):
            what = _category(found["term"])
            gravity = Gravity.WARN if soft or what in SOFT else Gravity.BLOCK
            yield what, gravity, found.group().strip()
    for what, frames in (("age", _AGE), ("name", _NAME)):
        for source, soft in frames:
            if found := pattern(source).search(text):
                yield what, Gravity.WARN if soft else Gravity.BLOCK, found.group().strip()


@cache
def _filled() -> tuple[tuple[regex.Pattern[str], bool], ...]:
    has = any_of(term for having, _ in TERMS.values() for term in having)
    kind = any_of(term for _, being in TERMS.values() for term in being)
    return tuple(
        (pattern(source.replace("{has}", has).replace("{is}", kind)), soft) for source, soft in _FRAMES
    )


@cache
def _categories() -> dict[str, str]:
    return {term_key(term): what for what, kinds in TERMS.items() for terms in kinds for term in terms}


def _category(term: str) -> str:
    return _categories().get(term_key(term), "situation")
