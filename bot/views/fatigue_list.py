"""The answers to `/spruce fatigue`: which ads are tired by which rule, and which rule counts."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.fatigue import Status
from bot.domain.policy import RefreshPolicy
from bot.domain.refreshes import TiredAd
from bot.domain.structure import Account
from bot.views import fatigue_words as told
from bot.views import kit
from bot.views.alert_words import plural
from bot.views.figures import Notation, whole_percent
from bot.views.markup import Mrkdwn, join, mrk, name, plain_name

_MOST = 8
_SWITCH = Mrkdwn(
    "`/spruce fatigue rule classic` or `rule evidence` switches the rule, "
    "`rule classic ctr=25 frequency=20` the limits of the classic one (percent)."
)
_EVIDENCE = (
    "evidence: warns where at least 50% sure that repetition costs 15% of the clicks, "
    "with an estimate of 20% or more"
)


def tired(found: Sequence[TiredAd], account: Account, policy: RefreshPolicy, now: datetime) -> kit.Message:
    """Tired ads first, then those to watch; each with both verdicts."""
    written = Notation.of(account)
    worst = [one for one in found if one.reading.status is Status.FATIGUED]
    others = [one for one in found if one.reading.status is not Status.FATIGUED]
    title = f"{plain_name(account.name, 60)}: {len(worst)} tired {plural(len(worst), 'ad')}"
    if not found:
        sentence = mrk("No ad of {} is tired or to be watched by either rule.", name(account.name, 60))
        return kit.message(sentence, [kit.section(sentence), kit.context(*_rules(policy))])
    blocks = [
        kit.header(title),
        *_group("Tired by this account's rule", worst, policy, written),
        *_group("To watch, or tired by the other rule only", others, policy, written),
        kit.context(*_rules(policy)),
    ]
    return kit.message(f"{title}, {len(others)} to watch.", blocks)


def rule_set(account: Account, policy: RefreshPolicy) -> kit.Message:
    """That the rule was switched, and what it wants."""
    sentence = mrk("{} goes by the {} rule now.", name(account.name, 60), told.RULE_WORDS[policy.rule])
    return kit.message(sentence, [kit.section(sentence), kit.context(*_rules(policy))])


def _rules(policy: RefreshPolicy) -> list[str | None]:
    goes_by = mrk("This account goes by the *{}* rule.", told.RULE_WORDS[policy.rule])
    return [goes_by, f"{_classic(policy)}; {_EVIDENCE}.", _SWITCH]


def _classic(policy: RefreshPolicy) -> str:
    return (
        f"classic: warns where CTR (link) falls by more than {whole_percent(policy.ctr_fall)} and frequency "
        f"rises by more than {whole_percent(policy.frequency_rise)} within 7 days"
    )


def _group(
    heading: str, found: list[TiredAd], policy: RefreshPolicy, written: Notation
) -> list[kit.Block | None]:
    if not found:
        return []
    left = len(found) - _MOST
    more = f"and {left} more" if left > 0 else None
    shown = [kit.section(_ad(one, policy, written)) for one in found[:_MOST]]
    return [kit.divider(), kit.context(mrk("*{}*", heading)), *shown, kit.context(more)]


def _ad(one: TiredAd, policy: RefreshPolicy, written: Notation) -> Mrkdwn:
    reading = one.reading
    return join(
        [
            mrk("*“{}”*", name(one.entity.name)),
            told.fall(reading),
            told.at_risk(reading, written),
            told.verdicts(reading, policy),
        ]
    )
