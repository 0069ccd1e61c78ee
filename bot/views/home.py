"""App Home: what needs a decision, what is open or snoozed, and how well every account is seen."""

from collections.abc import Sequence
from typing import Any

from bot.domain.actions import ActionState
from bot.domain.alerts import State
from bot.domain.findings import Severity
from bot.domain.refreshes import Waiting
from bot.domain.report import AlertCard, HomePage
from bot.views import actions, alert_buttons, alerts, approvals, kit, sights
from bot.views import alert_words as words
from bot.views.markup import Mrkdwn, join, mrk

_MOST = 10
_TOTAL = 60_000  # a view may have 250 KB; this leaves room for the JSON around the text
_HELP = (
    "Type `/spruce help` in any channel for everything Spruce answers to. Buttons here do the same as those "
    "on the messages, and the messages follow."
)


def home(page: HomePage, waiting: Waiting | None = None) -> dict[str, Any]:
    """The Home view for one person."""
    deciding = {card.alert.id for card in page.deciding}
    open_cards = [card for card in page.alerts if card.alert.id not in deciding]
    snoozed = [card for card in page.snoozed if card.alert.id not in deciding]
    blocks = [
        kit.header(_headline(page)),
        *_cards("Needs a decision", page.deciding),
        *(approvals.for_home(waiting) if waiting else []),
        *_cards("Open alerts", open_cards),
        *_cards("Snoozed", snoozed),
        *_accounts(page),
        kit.divider(),
        kit.section(Mrkdwn(_HELP)),
        _refresh(page),
    ]
    fitting = kit.fit([block for block in blocks if block], kit.HOME_BLOCKS, _TOTAL)
    return {"type": "home", "blocks": fitting}


def _headline(page: HomePage) -> str:
    if page.deciding:
        return f"{len(page.deciding)} {words.plural(len(page.deciding), 'alert')} to decide on"
    if page.alerts:
        free = sum(card.alert.state is State.OPEN for card in page.alerts)
        taken = f"{free} not taken yet" if free else "all taken"
        return f"{len(page.alerts)} {words.plural(len(page.alerts), 'alert')}, {taken}"
    if any(sights.obstacle(one.account, one.sight, page.now) for one in page.accounts):
        return "No open alerts, but Spruce cannot see everything"
    return "All quiet" if page.accounts else "No ad account connected yet"


def _cards(title: str, cards: Sequence[AlertCard]) -> list[kit.Block | None]:
    if not cards:
        return []
    blocks: list[kit.Block | None] = [kit.divider(), kit.section(mrk("*{}* ({})", title, len(cards)))]
    for card in cards[:_MOST]:
        blocks += [kit.section(_card(card)), alert_buttons.row(card)]
    left = len(cards) - _MOST
    return [*blocks, kit.context(f"and {left} more: /spruce alerts") if left > 0 else None]


def _card(card: AlertCard) -> Mrkdwn:
    return join([alerts.line(card), _question(card)])


def _question(card: AlertCard) -> Mrkdwn | None:
    """Why a person has to decide."""
    latest = card.actions[0] if card.actions else None
    if latest and latest.state in (ActionState.FAILED, ActionState.CONFLICT):
        return words.deeds(card)[0]
    if card.alert.state is State.OPEN and card.alert.severity is Severity.CRITICAL:
        return words.standing(card)
    return None


def _accounts(page: HomePage) -> list[kit.Block | None]:
    text = sights.summary(page.accounts, page.now) if page.accounts else sights.NOTHING_CONNECTED
    return [kit.divider(), kit.section(mrk("*Accounts*\n{}", text))]


def _refresh(page: HomePage) -> kit.Block | None:
    value = actions.encode("home", "refresh", 0)
    return kit.actions([kit.button("Refresh", actions.HOME_REFRESH, value)], block_id="home.refresh")
