"""`/spruce report`: figures by campaign beside the like period before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.domain.access import Permission
from bot.domain.report import Report
from bot.errors import BadInput
from bot.services.bundle import Services
from bot.views import kit, sights
from bot.views.kit import Message
from bot.views.report import report
from bot.views.text import clip, one_line
from handlers.accounts import named, typed
from handlers.base import Command, CommandSpec, Reply

PERIODS = ("today", "7d")
# One answer is kept for the sentence on what was left out: Slack takes five at one address.
_MOST = 4
# What people write for a period elsewhere. Account ids have nine digits and more, dates at most eight.
_LIKE_A_PERIOD = re.compile(
    r"\d{1,8}|\d{1,3}\s?(?:d|w|m|y|h|days?|weeks?|months?|hours?)|\d{1,4}[-./]\d{1,2}(?:[-./]\d{1,4})?"
)
_PERIOD_WORDS = ("today", "yesterday", "tomorrow", "week", "month", "quarter", "year", "lifetime", "last")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which period and which account; no account means all of them."""

    period: str
    account: str


def understand(args: Sequence[str]) -> Wanted:
    """What was typed behind `report`: a period (today unless given) and an account, in any order."""
    words = list(args)
    for index in (0, -1):
        if words and words[index].lower() in PERIODS:
            period = words.pop(index).lower()
            break
    else:
        period = "today"
    if words and _looks_like_a_period(words[0]):
        told = clip(one_line(words[0]), 40)
        raise BadInput(
            f"The period “{told}” is not understood. Type today, or 7d for the last 7 whole days, "
            "then, if you like, an account: /spruce report 7d act_123.",
            field="period",
        )
    return Wanted(period, typed(words))


def run(services: Services, command: Command) -> Reply:
    """One report for each account, or for the one that was named."""
    wanted = understand(command.args)
    account = wanted.account or None
    if account:
        connected = [one.account for one in services.reports.status(command.workspace_id).accounts]
        account = named(account, connected)[0].id
    reports = services.reports.report(command.workspace_id, wanted.period, account)
    if not reports:
        return Reply((kit.message(sights.NOTHING_CONNECTED, [kit.section(sights.NOTHING_CONNECTED)]),))
    now = services.clock.now()
    return Reply((*(report(one, now=now) for one in reports[:_MOST]), *_left_out(reports, wanted.period)))


def _left_out(reports: Sequence[Report], period: str) -> tuple[Message, ...]:
    rest = reports[_MOST:]
    if not rest:
        return ()
    names = ", ".join(clip(one_line(one.account.name), 40) for one in rest[:10])
    sentence = (
        f"And {len(rest)} more: {names}. Name one to see it: /spruce report {period} {rest[0].account.id}"
    )
    return (kit.message(sentence, [kit.section(sentence)]),)


def _looks_like_a_period(word: str) -> bool:
    text = word.lower()
    return bool(_LIKE_A_PERIOD.fullmatch(text) or get_close_matches(text, _PERIOD_WORDS, n=1, cutoff=0.75))


COMMAND = CommandSpec(
    name="report",
    usage="report [today|7d] [account]",
    summary="Shows spend, purchases, cost, ROAS, CTR and frequency by campaign, and what moved most.",
    permission=Permission.READ,
    run=run,
)
