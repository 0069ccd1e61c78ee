"""The stop switch in words: halted, resumed, and what every channel is told."""

from datetime import datetime

from bot.domain.guardrails import Stop
from bot.domain.structure import Account
from bot.views import kit
from bot.views.figures import Notation, duration
from bot.views.markup import Mrkdwn, join, mrk, person
from bot.views.refresh_words import moment, sentence, who_stopped

_STOPPED = "stopped"
_MEANING = (
    "Nothing is written at Meta: no replacement, no undo. What is under way stays exactly where it is, and "
    "nobody can approve. Reading, warnings and verdicts go on."
)
_WAY_ON = Mrkdwn("`/spruce resume` lets changes go on.")
_GOES_ON = "What was approved and waits goes on now, in its order and within its limits."


def stopped(stop: Stop, now: datetime) -> kit.Message:
    """To the person who stopped everything."""
    since = duration(now - stop.since)
    told = mrk("Changes at Meta are stopped in this workspace by {}, {} ago.", who_stopped(stop.by), since)
    blocks = [
        kit.header("Changes are stopped"),
        kit.section(join([told, _reason(stop.reason)])),
        kit.section(_MEANING),
        kit.context(_WAY_ON),
    ]
    return kit.message(told, blocks)


def resumed(lifted: Stop | None, user_id: str, now: datetime) -> kit.Message:
    """To the person who lets changes go on; `lifted` is None where nothing was stopped."""
    if lifted is None:
        told = mrk("Changes were not stopped in this workspace; nothing was lifted.")
        return kit.message(told, [kit.section(told)])
    lasted = duration(now - lifted.since)
    told = mrk("Changes at Meta go on again: {} lifted a stop of {}.", person(user_id), lasted)
    return kit.message(told, [kit.header("Changes go on"), kit.section(told), kit.section(_GOES_ON)])


def notice(word: str, by: str | None, reason: str, *, at: datetime, account: Account) -> kit.Message:
    """To a channel: `word` is "stopped" or "resumed"; `by` is None for the circuit breaker."""
    when = moment(Notation.of(account), at)
    if word == _STOPPED:
        told = mrk("Every change that Spruce makes at Meta is stopped by {} · {}.", who_stopped(by), when)
        blocks = [
            kit.header("Changes are stopped"),
            kit.section(join([told, _reason(reason)])),
            kit.section(_MEANING),
            kit.context(_WAY_ON),
        ]
        return kit.message(told, blocks)
    told = mrk("Changes at Meta go on again: {} lifted the stop · {}.", who_stopped(by), when)
    return kit.message(told, [kit.header("Changes go on"), kit.section(told), kit.section(_GOES_ON)])


def _reason(reason: str) -> Mrkdwn | None:
    return mrk("Reason: {}", sentence(reason, 300)) if reason else None
