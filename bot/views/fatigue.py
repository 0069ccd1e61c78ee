"""A fatigue warning's one message: what fell and why, edited into the story of what was done about it."""

from bot.domain.alerts import Reason, State
from bot.domain.fatigue_reading import FatigueReading
from bot.domain.policy import RefreshPolicy
from bot.domain.refreshes import FatigueCard
from bot.views import alert, charts, fatigue_buttons, fatigue_story, kit
from bot.views import alert_words as words
from bot.views import fatigue_words as told
from bot.views.markup import Mrkdwn, join, mrk, name, plain_name


def fatigue(card: FatigueCard, policy: RefreshPolicy | None = None) -> kit.Message:
    """The message as it stands now; with the account's `policy` the classic rule's limits are told."""
    shown = card.card
    done = shown.alert.state is State.RESOLVED
    blocks = [
        kit.header(_headline(card)),
        kit.section(_facts(card), accessory=_picture(card)),
        _story(card),
        *([] if done else _evidence(card, policy)),
        fatigue_buttons.undo_row(card.replacement),
        fatigue_buttons.row(card),
        kit.context(_standing(card), *words.deeds(shown)),
        kit.context(words.blind_warning(shown), words.provenance(shown)),
    ]
    return kit.message(fallback(card), blocks)


def fallback(card: FatigueCard) -> Mrkdwn:
    """The warning in a line for notifications and screen readers."""
    shown, reading = card.card, card.reading
    entity = shown.alert.finding.entity
    what = mrk("{}, ad “{}” in {}", _headline(card), name(entity.name), name(shown.account.name, 60))
    if card.replacement is not None:
        latest = fatigue_story.latest(card.replacement, words.notation(shown))
        return mrk("{}. {}", what, Mrkdwn(latest.replace("*", "")))
    if shown.alert.state is State.RESOLVED:
        return mrk("{}. {}.", what, words.resolved(shown))
    if reading is None:
        return alert.fallback(shown)
    found = join([told.fall(reading), told.at_risk(reading, words.notation(shown))], ". ")
    return mrk("{}. {}.", what, found)


def reply(card: FatigueCard, reason: Reason) -> kit.Message | None:
    """The note that a change of state leaves in the thread; None where an edit says enough."""
    beginnings = {
        Reason.REOPENED: Mrkdwn("It is back."),
        Reason.WORSE: mrk(
            "It got worse and is now {}.", words.SEVERITY_WORDS[card.card.alert.severity].lower()
        ),
    }
    reading, beginning = card.reading, beginnings.get(reason)
    if beginning is None or reading is None:
        return alert.reply(card.card, reason)
    found = join([told.fall(reading), told.at_risk(reading, words.notation(card.card))], ". ")
    note = mrk("{} {}.", beginning, found)
    return kit.message(note, [kit.section(note), kit.context(told.verdicts(reading))])


def _headline(card: FatigueCard) -> str:
    heading = fatigue_story.heading(card)
    if heading is None:
        return words.headline(card.card)
    resolved = " (resolved)" if card.card.alert.state is State.RESOLVED else ""
    return f"{heading}{resolved}: {plain_name(card.card.alert.finding.what, 100)}"


def _facts(card: FatigueCard) -> Mrkdwn:
    shown, reading = card.card, card.reading
    subject = words.subject(shown.alert.finding.entity)
    if reading is None:
        return join([subject, words.how_much(shown), words.since(shown), words.cost(shown)])
    written = words.notation(shown)
    risk = told.at_risk(reading, written)
    if shown.alert.state is State.RESOLVED:
        return join([subject, f"At the last reading: {told.fall(reading)}"])
    return join(
        [
            subject,
            mrk("*{}*", told.fall(reading)),
            mrk("*{}*", risk) if risk else None,
            told.further(reading, written),
            told.volume(reading, written),
        ]
    )


def _evidence(card: FatigueCard, policy: RefreshPolicy | None) -> list[kit.Block | None]:
    reading, written = card.reading, words.notation(card.card)
    if reading is None:
        return [_titled("Likely why", words.why(card.card))]
    return [
        _titled("Something else may explain it", told.present(reading, written)),
        _titled("Both rules", told.verdicts(reading, policy)),
        kit.context(told.ruled_out(reading, written), told.unknown(reading, written)),
        _titled("What Meta itself says", told.signals(reading.signals, written)),
        _chart(card, reading),
    ]


def _standing(card: FatigueCard) -> Mrkdwn | None:
    """Where the alert stands; that nobody took it is not said while the story tells who did."""
    told_already = card.proposal is not None and card.card.alert.state is State.OPEN
    return None if told_already else words.standing(card.card)


def _chart(card: FatigueCard, reading: FatigueReading) -> kit.Block | None:
    if card.chart_file is None:
        return None
    return kit.image_block(charts.alt(reading, words.notation(card.card)), file_id=card.chart_file)


def _story(card: FatigueCard) -> kit.Block | None:
    lines = fatigue_story.lines(card)
    return _titled("What happened", join(mrk("• {}", line) for line in lines)) if lines else None


def _titled(title: str, body: Mrkdwn | None) -> kit.Block | None:
    return kit.section(mrk("*{}*\n{}", title, body)) if body else None


def _picture(card: FatigueCard) -> kit.Element | None:
    alt = f"What the ad “{plain_name(card.card.alert.finding.entity.name)}” shows"
    if card.picture_file is not None:
        return kit.image(None, alt, file_id=card.picture_file)
    url = card.card.thumbnail_url
    return kit.image(url, alt) if kit.is_public_image(url) else None
