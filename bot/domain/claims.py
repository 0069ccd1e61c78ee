"""What ad copy claims: amounts, offers, days, urgency, qualities; and which of it an earlier text has.

A variation may say in other words what the ad says. It may not say more: nobody checked that a new
price, discount or promise is true.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

import regex

from bot.domain.claim_offers import DATES, OFFERS
from bot.domain.claim_qualities import NUMBER_ONE, QUALITIES
from bot.domain.claim_units import BEHIND_ONLY, CODES, CURRENCIES, NUMBER_WORDS, SCALES, UNITS
from bot.domain.policy_text import EDGE, END, any_of, pattern, term_key

_AMOUNT: Final = "amount:"
_WORD: Final = "word"  # in place of a unit, for a number word without one
_PRAISED = r"(?:(?:happy|satisfied|verified|real|loyal|proud|delighted|five star|indian|genuine|pleased) )?"
# Not in the middle of a number, and not a keycap emoji.
_DIGITS = r"(?P<digits>(?<![\p{N}]|\d[.,])\d{1,15}(?:,\d{2,3})*(?:\.\d{1,4})?)(?![\ufe0f\u20e3])"


class Claim(NamedTuple):
    """One thing that is said. Two claims are the same when their keys are."""

    code: str  # of bot.domain.copy_codes
    key: str
    quote: str


def claims(text: str) -> list[Claim]:
    """Everything that `plain` text claims."""
    dates = [
        Claim("new_date", f"date:{_day(found.group())}", found.group().strip())
        for found in pattern(DATES).finditer(text)
    ]
    rest = pattern(NUMBER_ONE).sub(" ", pattern(DATES).sub(" ", text))
    return [*dates, *_amounts(rest), *_phrases(text)]


def new_claims(text: str, known: list[Claim]) -> Iterator[Claim]:
    """The claims of a text that are not among the known ones."""
    keys = {claim.key for claim in known}
    values = {key.split(":")[1] for key in keys if key.startswith(_AMOUNT)}
    for claim in claims(text):
        if claim.key in keys:
            continue
        if claim.key.startswith(_AMOUNT):
            _, value, unit = claim.key.split(":")
            if unit == _WORD or (not unit and value in values):
                continue  # a number word alone counts nothing; the same figure without its unit is not new
        yield claim


def _amounts(text: str) -> Iterator[Claim]:
    for found in _amount().finditer(text):
        currency = _currency(found["before"]) or _currency(found["after"])
        unit = currency or _units().get(term_key(found["unit"] or found["star"] or ""), "")
        if found["word"]:
            value, unit = Decimal(NUMBER_WORDS[term_key(found["word"])]), unit or _WORD
        else:
            value = Decimal(found["digits"].replace(",", ""))
        value *= _scale(found["scale"])
        code = "new_price" if currency else CODES.get(unit, "new_number")
        yield Claim(code, f"{_AMOUNT}{value.normalize():f}:{unit}", found.group().strip())


def _phrases(text: str) -> Iterator[Claim]:
    for code, key, source in (*OFFERS, *QUALITIES):
        for found in pattern(source).finditer(text):
            what = found.groupdict().get("what")
            yield Claim(code, f"{key}:{term_key(what)}" if what else key, found.group().strip(" -"))


def _day(said: str) -> str:
    return str(regex.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", term_key(said)))


def _currency(said: str | None) -> str:
    return _currencies().get(term_key(said), "") if said else ""


def _scale(said: str | None) -> Decimal:
    return _scales()[term_key(said)] if said else Decimal(1)


@cache
def _currencies() -> dict[str, str]:
    return {term_key(word): currency for word, currency in CURRENCIES.items()}


@cache
def _scales() -> dict[str, Decimal]:
    return {term_key(word): scale for word, scale in SCALES.items()}


@cache
def _units() -> dict[str, str]:
    return {term_key(word): unit for word, unit in UNITS.items()}


@cache
def _amount() -> regex.Pattern[str]:
    before, after = any_of(set(CURRENCIES) - set(BEHIND_ONLY)), any_of(CURRENCIES)
    return pattern(
        rf"(?:(?<![\p{{L}}\p{{M}}\p{{N}}])(?P<before>{before})\.?\s*)?"
        rf"(?:{_DIGITS}|{EDGE}(?P<word>{any_of(NUMBER_WORDS)}){END})"
        rf"(?:[\s-]*(?P<scale>{any_of(SCALES)}){END})?(?:\s*\+)?"
        r"(?:\s*(?P<star>★|⭐|/ ?5\b| out of 5\b| on 5\b)"
        rf"|[\s-]*(?P<after>{after})(?!\p{{L}})"
        rf"|[\s-]*{_PRAISED}(?P<unit>{any_of(UNITS)})(?!\p{{L}}))?"
    )
