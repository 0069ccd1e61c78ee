"""The answer to `/spruce alerts`: what is open, who has what, what is snoozed."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.alerts import State
from bot.domain.report import AccountStatus, AlertCard
from bot.views import alert_words as words
from bot.views import kit, sights
from bot.views.markup import Mrkdwn, join, link, mrk, name, person

_GROUPS = (
    (State.OPEN, "Open"),
    (State.ACKNOWLEDGED, "Acknowledged"),
    (State.SNOOZED, "Snoozed"),
)
_ORDER = [state for state, _ in _GROUPS]
MOST = 10


def alert_list(
    cards: Sequence[AlertCard],
    accounts: Sequence[AccountStatus],
    *,
    now: datetime,
    limit: int = MOST,
) -> kit.Message:
    """Alerts that are not resolved, most pressing first, at most `limit`; then how well Spruce sees."""
    live = sorted((card for card in cards if card.alert.state in _ORDER), key=_pressing)
    if not live:
        return _quiet(accounts, now)
    shown, left = live[: min(limit, MOST)], len(live) - min(limit, MOST)
    blocks: list[kit.Block | None] = [kit.header(f"{len(live)} {words.plural(len(live), 'alert')}")]
    for state, title in _GROUPS:
        blocks += _group(title, [card for card in shown if card.alert.state is state])
    more = f"and {left} more" if left > 0 else None
    blocks.append(kit.context(more, sights.summary(accounts, now)))
    return kit.message(_sentence(live), blocks)


def line(card: AlertCard) -> Mrkdwn:
    """One alert in a list."""
    what = mrk("*{}: {}*", words.SEVERITY_WORDS[card.alert.severity], name(card.alert.finding.what))
    where = words.subject(card.alert.finding.entity)
    account = mrk("{} · {}", name(card.account.name, 60), words.since(card))
    opened = link(card.alert.permalink, "Open the message") if card.alert.permalink else None
    measured = join([words.how_much(card), words.cost(card)], " · ")
    return join([what, where, measured, join([account, opened], " · "), _holder(card)])


def _holder(card: AlertCard) -> Mrkdwn | None:
    alert = card.alert
    if alert.state is State.OPEN or not alert.acted_by:
        return None
    return words.standing(card) if alert.state is State.SNOOZED else mrk("{} has it", person(alert.acted_by))


def _group(title: str, cards: list[AlertCard]) -> list[kit.Block | None]:
    if not cards:
        return []
    lines = [kit.section(line(card)) for card in cards]
    return [kit.divider(), kit.context(mrk("*{}*", title)), *lines]


def _pressing(card: AlertCard) -> tuple[int, int, float]:
    alert = card.alert
    return _ORDER.index(alert.state), -alert.severity.rank, -alert.opened_at.timestamp()


def _sentence(live: list[AlertCard]) -> str:
    counts = [
        f"{number} {title.lower()}"
        for state, title in _GROUPS
        if (number := sum(card.alert.state is state for card in live))
    ]
    return f"Alerts: {', '.join(counts)}."


def _quiet(accounts: Sequence[AccountStatus], now: datetime) -> kit.Message:
    if not accounts:
        return kit.message(sights.NOTHING_CONNECTED, [kit.section(sights.NOTHING_CONNECTED)])
    blind = any(status.sight.blindness or status.sight.read_at is None for status in accounts)
    sentence = (
        "No open alerts, but that says nothing about the accounts Spruce cannot see."
        if blind
        else "All quiet: no open alerts."
    )
    return kit.message(sentence, [kit.section(sentence), kit.context(sights.summary(accounts, now))])
