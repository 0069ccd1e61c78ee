"""An alert's one message, edited in place through its life, and the short notes in its thread."""

from bot.domain.alerts import Reason, State
from bot.domain.report import AlertCard
from bot.views import alert_buttons, kit
from bot.views import alert_parts as parts
from bot.views import alert_words as words
from bot.views.markup import Mrkdwn, join, mrk, name, person, said


def alert(card: AlertCard) -> kit.Message:
    """The message as it stands now: what, how much, since when, at what cost, why, what to do."""
    done = card.alert.state is State.RESOLVED
    blocks = [
        kit.header(words.headline(card)),
        kit.section(_facts(card), accessory=_thumbnail(card)),
        *(() if done else _evidence(card)),
        alert_buttons.row(card),
        kit.context(words.standing(card), *words.deeds(card)),
        kit.context(words.blind_warning(card), words.provenance(card)),
    ]
    return kit.message(fallback(card), blocks)


def fallback(card: AlertCard) -> Mrkdwn:
    """The alert in one line for notifications and screen readers."""
    finding = card.alert.finding
    level = words.LEVEL_WORDS[finding.entity.level]
    what = mrk(
        "{}, {} “{}” in {}",
        words.headline(card),
        level,
        name(finding.entity.name),
        name(card.account.name, 60),
    )
    if card.alert.state is State.RESOLVED:
        return mrk("{}. {}.", what, words.resolved(card))
    told = [words.how_much(card, "{}"), words.since(card), words.cost(card)]
    return mrk("{}. {}.", what, join(told, ". "))


def reply(card: AlertCard, reason: Reason) -> kit.Message | None:
    """The note that a change of state leaves in the thread; None where an edit says enough."""
    note = _note(card, reason)
    return kit.message(note, [kit.section(note)]) if note else None


def _note(card: AlertCard, reason: Reason) -> Mrkdwn | None:
    now = join([words.how_much(card), words.since(card), words.cost(card)], ". ")
    severity = words.SEVERITY_WORDS[card.alert.severity].lower()
    match reason:
        case Reason.REOPENED:
            return mrk("It is back. {}.", now)
        case Reason.WORSE:
            return mrk("It got worse and is now {}. {}.", severity, now)
        case Reason.SNOOZE_OVER:
            who = card.alert.acted_by
            ended = mrk("The snooze by {} is over", person(who)) if who else mrk("The snooze is over")
            return mrk("{} and this is still there. {}.", ended, now)
        case Reason.RESOLVED:
            return mrk("{}.", words.resolved(card))
        case _:
            return None


def _facts(card: AlertCard) -> Mrkdwn:
    finding = card.alert.finding
    measured = words.how_much(card)
    if card.alert.state is State.RESOLVED:
        last = join([measured, words.cost(card)], " · ")
        return join([words.subject(finding.entity), mrk("At the last count: {}", last) if last else None])
    volumes = parts.volumes(finding, words.notation(card))
    costs = mrk("*{}*", said(text)) if (text := words.cost(card)) else None
    return join([words.subject(finding.entity), measured, words.since(card), costs, volumes])


def _evidence(card: AlertCard) -> list[kit.Block | None]:
    finding = card.alert.finding
    return [
        _titled("What Meta says", words.issues(finding.issues)),
        _titled("Likely why", words.why(card)),
        _titled("Where it comes from", parts.contributors(card)),
        _titled("What to do", said(finding.advice, 400)),
    ]


def _titled(title: str, body: Mrkdwn) -> kit.Block | None:
    return kit.section(mrk("*{}*\n{}", title, body)) if body else None


def _thumbnail(card: AlertCard) -> kit.Element | None:
    if not kit.is_public_image(card.thumbnail_url):
        return None
    return kit.image(str(card.thumbnail_url), f"What the ad “{card.alert.finding.entity.name}” shows")
