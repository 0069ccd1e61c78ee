"""Words that all messages about tired ads share: steps, ways of replacing, short ids, moments, shares."""

from collections.abc import Iterable
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.domain.creatives import Part
from bot.domain.guardrails import Stop
from bot.domain.proposals import Mode
from bot.domain.refreshes import ProposalCard
from bot.domain.replacement import UNDO, Replacement, Step, StepKind, StepState, to_undo
from bot.domain.variations import Cost, Variation
from bot.views.figures import Notation, day, zone_name
from bot.views.markup import Mrkdwn, escape, join, mrk, person, said

PART_WORDS: Final = MappingProxyType(
    {
        Part.PRIMARY_TEXT: "primary text",
        Part.HEADLINE: "headline",
        Part.DESCRIPTION: "description",
        Part.PICTURE: "picture",
    }
)
MODE_WORDS: Final = MappingProxyType(
    {
        Mode.BESIDE: "a new ad beside the old one, which is paused last",
        Mode.IN_PLACE: "the same ad shows the new creative, in place",
        Mode.TEST: "a Meta split test of a new ad against the old one",
    }
)
# What a step is to do, and what it is called once it is done.
_STEPS: Final = MappingProxyType(
    {
        StepKind.CHECK: ("check that the ad still is what is shown here", "checked"),
        StepKind.VALIDATE: ("ask Meta whether it would take the creative", "accepted by Meta"),
        StepKind.UPLOAD: ("upload the new picture", "picture uploaded"),
        StepKind.LABEL: ("make a label by which all of this is found again", "labelled"),
        StepKind.CREATIVE: ("make the new creative; link, button and tracking stay", "creative made"),
        StepKind.VERIFY: ("read it back, every Advantage+ feature opted out", "read back"),
        StepKind.AD: ("make the new ad, paused, in the same ad set", "new ad made (paused)"),
        StepKind.SWAP: ("let the ad show the new creative", "creative swapped"),
        StepKind.REVIEW: ("wait for Meta's review", "review passed"),
        StepKind.ACTIVATE: ("turn the new ad on", "new ad on"),
        StepKind.STUDY: ("begin the split test", "split test begun"),
        StepKind.CONFIRM: ("wait until the new creative delivers", "it delivers"),
        StepKind.AWAIT: ("wait for the end of the split test", "split test over"),
        StepKind.PAUSE_OLD: ("pause the old ad, last", "old ad paused"),
        StepKind.PAUSE_LOSER: ("pause the ad that lost", "losing ad paused"),
    }
)
# What is so once a step is undone.
_UNDONE: Final = MappingProxyType(
    {
        StepKind.CREATIVE: "the new creative is deleted if no ad uses it",
        StepKind.AD: "the new ad stays paused",
        StepKind.SWAP: "the old creative is shown again",
        StepKind.ACTIVATE: "the new ad is paused",
        StepKind.STUDY: "the split test is ended",
        StepKind.PAUSE_OLD: "the old ad is on again",
        StepKind.PAUSE_LOSER: "the paused ad is on again",
    }
)
SHORT: Final = 8  # characters of an id that people type


def short(identifier: str) -> str:
    """The part of an id that slash commands take."""
    return identifier.replace("-", "")[:SHORT]


def points(fraction: float) -> str:
    """A signed change with one decimal: "-27.7%", "+20.5%"."""
    told = f"{fraction * 100:+.1f}%"
    return "0.0%" if told in ("-0.0%", "+0.0%") else told


def share(fraction: float) -> str:
    """An unsigned share with one decimal: "76.8%"."""
    return f"{abs(fraction) * 100:.1f}%"


def moment(written: Notation, at: datetime) -> str:
    """A day and a time, clear on whatever day the message is read."""
    return written.moment(at, seen_on=at, named=True)


def in_utc(at: datetime) -> str:
    """The same where no account says which zone its people live in."""
    return f"{day(at.date())}, {at:%H:%M} {zone_name(at)}"


def people(users: Iterable[str]) -> Mrkdwn:
    """Mentions, with "and" before the last."""
    named = [person(user) for user in users]
    return join([join(named[:-1], ", "), *named[-1:]], " and ")


def title(variation: Variation) -> Mrkdwn:
    """A variation as people call it: its number and what it tries."""
    return mrk("variation {} “{}”", variation.n, said(variation.angle, 60))


def chosen(card: ProposalCard) -> Mrkdwn:
    """The variation that was approved, as people call it."""
    proposal = card.proposal
    found = next((one for one in proposal.variations if one.n == proposal.chosen), None)
    return title(found) if found else Mrkdwn("a variation")


def capital(text: str) -> Mrkdwn:
    """The text as a sentence begins; markup stays markup."""
    told = text if isinstance(text, Mrkdwn) else escape(text)
    return Mrkdwn(told[:1].upper() + told[1:])


def todo(kind: StepKind) -> str:
    """What a step is to do."""
    return _STEPS[kind][0]


def done(kind: StepKind) -> str:
    """A step that is done, in as few words as can be."""
    return _STEPS[kind][1]


def steps_done(replacement: Replacement) -> str:
    """The steps done so far in a line; empty before the first."""
    return ", ".join(done(step.kind) for step in replacement.steps if step.state is StepState.DONE)


def undoing(steps: Iterable[Step]) -> str:
    """What undoes these steps, in the given order; empty where nothing is to be undone."""
    deeds = [UNDO[kind] for kind in _telling(step.kind for step in steps if step.kind in UNDO)]
    return " and ".join([", ".join(deeds[:-1]), deeds[-1]]) if len(deeds) > 1 else "".join(deeds)


def undone(steps: Iterable[Step]) -> str:
    """What is so after an undo, the last step first; empty where nothing had to be undone."""
    kinds = [step.kind for step in steps if step.state is StepState.UNDONE and step.kind in _UNDONE]
    return ", ".join(_UNDONE[kind] for kind in _telling(reversed(kinds)))


def _telling(kinds: Iterable[StepKind]) -> list[StepKind]:
    """Without what goes without saying: pausing the new ad says already that it is left paused."""
    listed = list(kinds)
    return [kind for kind in listed if kind is not StepKind.AD or StepKind.ACTIVATE not in listed]


def undo_plan(replacement: Replacement) -> str:
    """What an undo will do, in its order; a sentence."""
    deeds = undoing(to_undo(replacement))
    return f"Spruce will {deeds}." if deeds else "Nothing was changed at Meta yet, and nothing will be."


def cost(cost: Cost) -> str:
    """What AI requests cost; fractions of a rupee stay visible."""
    written = Notation(cost.money.currency, "UTC").money(cost.money.minor, fine=True)
    return f"{written} ({cost.usd_rate})" if cost.usd_rate else written


def stop_warning(stop: Stop | None) -> Mrkdwn | None:
    """That changes are halted, by whom and why; None while they are not."""
    if stop is None:
        return None
    reason = mrk(" ({})", said(stop.reason, 200)) if stop.reason else ""
    return mrk(
        "*Changes are stopped* by {}{}: nothing is written at Meta until somebody types `/spruce resume`.",
        who_stopped(stop.by),
        reason,
    )


def who_stopped(by: str | None) -> Mrkdwn:
    """A person, or the circuit breaker."""
    return person(by) if by else Mrkdwn("Spruce itself, because replacements failed")


def sentence(text: str, limit: int = 500) -> Mrkdwn:
    """Somebody's words, ended like a sentence."""
    told = said(text, limit)
    return told if not told or told.endswith((".", "!", "?", "…")) else mrk("{}.", told)
