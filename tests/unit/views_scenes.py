"""Every message in every state, by name. `python -m tests.unit.views_scenes` stores them anew."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot import errors
from bot.domain.actions import ActionKind, ActionState
from bot.domain.alerts import Ending, Reason, State
from bot.domain.report import Blindness, Sight
from bot.domain.structure import Account
from bot.views.alert import alert, reply
from bot.views.alerts import alert_list
from bot.views.blind import blind, sees_again
from bot.views.help import help_message, unknown
from bot.views.home import home
from bot.views.kit import Message
from bot.views.problem import problem
from bot.views.report import report
from bot.views.status import status
from tests.unit import views_cast as cast
from tests.unit import views_refresh_scenes as refresh

FOLDER = Path(__file__).parent / "snapshots"
Shown = Message | dict[str, Any]
Scene = Callable[[Account], Shown]


@dataclass(frozen=True)
class Entry:
    """A subcommand as help sees it."""

    name: str
    usage: str
    summary: str


COMMANDS = (
    Entry("alerts", "alerts", "What is open, who has it and what is snoozed."),
    Entry("help", "help", "What Spruce answers to."),
    Entry("report", "report [today|7d]", "Spend, purchases, cost per purchase and ROAS by campaign."),
    Entry("status", "status", "Whether Spruce sees every account and how old its figures are."),
)


def _state(state: State) -> Scene:
    return lambda account: alert(cast.card(cast.alert(state=state), account))


def _acted(kind: ActionKind, state: ActionState, error: str = "") -> Scene:
    return lambda account: alert(cast.card(cast.alert(), account, cast.action(kind, state, error)))


def _reply(reason: Reason, state: State = State.OPEN) -> Scene:
    def scene(account: Account) -> Shown:
        of = cast.alert(state=state)
        note = reply(cast.card(replace(of, acted_by=cast.OWNER), account), reason)
        assert note is not None
        return note

    return scene


def _not_delivering(account: Account) -> Shown:
    resolved = replace(cast.alert(state=State.RESOLVED), resolution=Ending.NOT_DELIVERING)
    return alert(cast.card(resolved, account, cast.action()))


def _overnight(account: Account) -> Shown:
    card = cast.card(cast.alert(state=State.SNOOZED), account)
    return alert(replace(card, now=cast.NOW + cast.DAY, sight=Sight(cast.NOW + cast.DAY)))


def _listed(account: Account) -> Shown:
    states = enumerate([State.OPEN, State.OPEN, State.ACKNOWLEDGED, State.SNOOZED], 1)
    cards = [cast.card(cast.alert(state=state, number=number), account) for number, state in states]
    return alert_list(cards, [cast.account_status(account)], now=cast.NOW)


def _list_of_none(*sights: Sight) -> Scene:
    return lambda account: alert_list(
        [], [cast.account_status(account, sight) for sight in sights], now=cast.NOW
    )


def _busy_home(account: Account) -> Shown:
    taken = cast.card(cast.alert(cast.silent(), State.ACKNOWLEDGED, 2), account)
    sleeping = cast.card(cast.alert(cast.spread(), State.SNOOZED, 3), account)
    failed = cast.card(cast.alert(), account, cast.action(state=ActionState.FAILED, error="No permission."))
    return home(cast.home(failed, taken, snoozed=(sleeping,), deciding=(failed,)))


def _blind(kind: Blindness) -> Scene:
    return lambda account: blind(account, replace(cast.BLIND, blindness=kind), now=cast.NOW)


def _problem(error: errors.SpruceError) -> Scene:
    return lambda _: problem(error, now=cast.NOW)


SCENES: dict[str, Scene] = {
    "alert-open": _state(State.OPEN),
    "alert-acknowledged": _state(State.ACKNOWLEDGED),
    "alert-snoozed": _state(State.SNOOZED),
    "alert-snoozed-overnight": _overnight,
    "alert-resolved": _state(State.RESOLVED),
    "alert-resolved-not-delivering": _not_delivering,
    "alert-without-purchases": lambda account: alert(cast.card(cast.alert(cast.silent()), account)),
    "alert-rejected": lambda account: alert(cast.card(cast.alert(cast.rejected()), account)),
    "alert-clicks": lambda account: alert(cast.card(cast.alert(cast.weak()), account)),
    "alert-campaign": lambda account: alert(cast.card(cast.alert(cast.spread()), account)),
    "alert-blind": lambda account: alert(cast.card(cast.alert(), account, sight=cast.BLIND)),
    "alert-attack": lambda account: alert(cast.card(cast.alert(cast.costly(cast.ad(cast.ATTACK))), account)),
    "alert-pausing": _acted(ActionKind.PAUSE, ActionState.DOING),
    "alert-paused": _acted(ActionKind.PAUSE, ActionState.DONE),
    "alert-pause-failed": _acted(ActionKind.PAUSE, ActionState.FAILED, "The token may not change this ad"),
    "alert-pause-conflict": _acted(ActionKind.PAUSE, ActionState.CONFLICT),
    "alert-resuming": _acted(ActionKind.RESUME, ActionState.REQUESTED),
    "alert-resumed": _acted(ActionKind.RESUME, ActionState.DONE),
    "reply-worse": _reply(Reason.WORSE),
    "reply-reopened": _reply(Reason.REOPENED),
    "reply-snooze-over": _reply(Reason.SNOOZE_OVER),
    "reply-resolved": _reply(Reason.RESOLVED, State.RESOLVED),
    "alerts-listed": _listed,
    "alerts-quiet": _list_of_none(cast.SEES),
    "alerts-quiet-but-blind": _list_of_none(cast.BLIND),
    "alerts-not-connected": _list_of_none(),
    "report-today": lambda account: report(cast.report(account), now=cast.NOW),
    "report-7d": lambda account: report(cast.report(account, "7d"), now=cast.NOW),
    "report-empty": lambda account: report(cast.report(account, lines=()), now=cast.NOW),
    "status": lambda account: status(cast.status(cast.account_status(account))),
    "status-blind": lambda account: status(cast.status(cast.account_status(account, cast.BLIND))),
    "status-not-connected": lambda _: status(cast.status()),
    "home-busy": _busy_home,
    "home-quiet": lambda _: home(cast.home()),
    **{f"blind-{kind.value.replace('_', '-')}": _blind(kind) for kind in Blindness},
    "sees-again": lambda account: sees_again(account, cast.SEES, since=cast.NOW - cast.DAY, now=cast.NOW),
    "help": lambda _: help_message(COMMANDS),
    "help-unknown": lambda _: unknown("reprot", COMMANDS),
    "problem-bad-input": _problem(errors.BadInput("'22-13' is not a date; write YYYY-MM-DD.")),
    "problem-not-allowed": _problem(errors.NotAllowed("This can be done by <@U0OWNER001>.")),
    "problem-stale": _problem(errors.Stale("This alert was resolved at 10:40 IST.")),
    "problem-throttled": _problem(errors.Throttled(until=cast.NOW)),
    "problem-token-dead": _problem(errors.TokenDead(code=190, subcode=463, trace_id="AbC123")),
    "problem-internal": _problem(errors.SpruceError()),
    **refresh.SCENES,
}
# What looks the same whatever the account is stored once.
WITHOUT_ACCOUNT = (
    "help",
    "problem",
    "status-not-connected",
    "home-quiet",
    "alerts-not-connected",
    *refresh.WITHOUT_ACCOUNT,
)


def everything() -> dict[str, Shown]:
    """Each scene for each account, by the name of its file."""
    shown: dict[str, Shown] = {}
    for scene, show in SCENES.items():
        if scene.startswith(WITHOUT_ACCOUNT):
            shown[scene] = show(cast.RUPEES)
        else:
            shown |= {f"{scene}.{key}": show(account) for key, account in cast.ACCOUNTS.items()}
    return shown


def payload(shown: Shown) -> dict[str, Any]:
    """What Slack is sent."""
    return shown.as_payload() if isinstance(shown, Message) else shown


def stored(shown: Shown) -> str:
    """What the file holds."""
    return json.dumps(payload(shown), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write every file, and remove those of scenes that are gone."""
    FOLDER.mkdir(exist_ok=True)
    files = {f"{key}.json": stored(shown) for key, shown in everything().items()}
    for path in FOLDER.glob("*.json"):
        if path.name not in files:
            path.unlink()
    for file, text in files.items():
        (FOLDER / file).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
