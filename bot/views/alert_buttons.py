"""An alert's buttons: only those that do something in its present state."""

from datetime import datetime

from bot.domain.actions import ActionKind, ActionState, ObjectAction
from bot.domain.alerts import State
from bot.domain.days import zone
from bot.domain.ids import Level
from bot.domain.report import AlertCard
from bot.views import actions, kit, links
from bot.views.figures import zone_name
from bot.views.markup import plain_name

# What can be paused, and what goes on meanwhile.
_NOUNS = {
    Level.AD: ("ad", "the rest of its ad set keeps running"),
    Level.ADSET: ("ad set", "the rest of its campaign keeps running"),
    Level.CAMPAIGN: ("campaign", "other campaigns keep running"),
}


def row(card: AlertCard) -> kit.Block | None:
    """The buttons for where the alert stands; its block id changes with every version."""
    alert = card.alert
    elements = [_acknowledge(card), _quiet(card), _pause(card), _resume(card), _open(card)]
    return kit.actions(elements, block_id=f"alert.{alert.id}.{alert.version}")


def configured_status(card: AlertCard) -> str:
    """The object's configured status: as last read, unless Spruce changed it after that reading."""
    done = next((action for action in card.actions if action.state is ActionState.DONE), None)
    if done and done.finished_at and _unread_since(card, done.finished_at):
        return done.kind.status
    return card.entity_status


def _unread_since(card: AlertCard, moment: datetime) -> bool:
    return card.sight.read_at is None or card.sight.read_at <= moment


def pending(card: AlertCard) -> ObjectAction | None:
    """A change that Meta has been asked for and that has not ended."""
    return next((action for action in card.actions if not action.state.final), None)


def _paused_by_us(card: AlertCard) -> bool:
    done = next((action for action in card.actions if action.state is ActionState.DONE), None)
    return done is not None and done.kind is ActionKind.PAUSE and configured_status(card) == "PAUSED"


def _value(card: AlertCard, choice: str = "") -> str:
    return actions.encode("alert", card.alert.id, card.alert.version, choice=choice)


def _acknowledge(card: AlertCard) -> kit.Element | None:
    if card.alert.state is not State.OPEN:
        return None
    return kit.button("Acknowledge", actions.ALERT_ACKNOWLEDGE, _value(card), style="primary")


def _quiet(card: AlertCard) -> kit.Element | None:
    if card.alert.state is State.RESOLVED:
        return None
    if card.alert.state is State.SNOOZED:
        return kit.button("Unsnooze", actions.ALERT_UNSNOOZE, _value(card))
    there = zone_name(card.now.astimezone(zone(card.account.timezone_name)))
    options = [
        kit.option(choice.label if choice.lasts else f"{choice.label} {there}", _value(card, choice.key))
        for choice in actions.SNOOZE_CHOICES
    ]
    return kit.select(actions.ALERT_SNOOZE, "Snooze", options)


def _pause(card: AlertCard) -> kit.Element | None:
    entity = card.alert.finding.entity
    noun, rest = _NOUNS.get(entity.level, ("", ""))
    possible = noun and configured_status(card) == "ACTIVE" and not pending(card)
    if not possible or card.alert.state is State.RESOLVED:
        return None
    text = (
        f"“{plain_name(entity.name)}” stops spending within minutes. Nothing is deleted, {rest}, "
        f"and Resume {noun} on this message turns it on again."
    )
    dialog = kit.confirm(f"Pause this {noun}?", text, f"Pause {noun}", style="danger")
    return kit.button(f"Pause {noun}", actions.ALERT_PAUSE, _value(card), style="danger", confirm=dialog)


def _resume(card: AlertCard) -> kit.Element | None:
    entity = card.alert.finding.entity
    noun, _rest = _NOUNS.get(entity.level, ("", ""))
    if not noun or not _paused_by_us(card) or pending(card):
        return None
    text = (
        f"“{plain_name(entity.name)}” may spend again at once, from the budget it has, "
        "unless something above it is paused itself."
    )
    dialog = kit.confirm(f"Resume this {noun}?", text, f"Resume {noun}")
    return kit.button(f"Resume {noun}", actions.ALERT_RESUME, _value(card), confirm=dialog)


def _open(card: AlertCard) -> kit.Element:
    url = links.ads_manager(card.account.id, card.alert.finding.entity)
    return kit.link_button("Open in Ads Manager", actions.ALERT_OPEN_ADS_MANAGER, url)
