"""What a button or a modal must carry for what it asks."""

from bot.domain.ids import AccountId, AlertId
from bot.errors import BadInput
from bot.views.actions import ButtonValue
from handlers.base import Click, Submission

_UNREADABLE = "This button carries nothing that Spruce can read. Use the newest message."


def alert_of(click: Click) -> tuple[AlertId, int]:
    """The alert and the version of it that the person saw."""
    value = _of_kind(click.value, "alert")
    return AlertId(value.id), value.version


def proposal_of(asked: Click | Submission) -> tuple[str, int]:
    """The proposal and the version of it that the person saw."""
    value = _of_kind(_carried(asked), "proposal")
    return value.id, value.version


def variation_of(asked: Click | Submission) -> int:
    """Which of the proposal's variations."""
    value = _of_kind(_carried(asked), "proposal")
    if not value.choice.isdigit():
        raise BadInput(_UNREADABLE, field="value")
    return int(value.choice)


def change_of(click: Click) -> tuple[str, int]:
    """The replacement and the version of it that the person saw."""
    value = _of_kind(click.value, "change")
    return value.id, value.version


def account_of(asked: Click | Submission) -> AccountId:
    """The ad account."""
    return AccountId(_of_kind(_carried(asked), "account").id)


def _carried(asked: Click | Submission) -> ButtonValue | None:
    return asked.value if isinstance(asked, Click) else asked.metadata


def _of_kind(value: ButtonValue | None, kind: str) -> ButtonValue:
    if value is None or value.kind != kind:
        raise BadInput(_UNREADABLE, field="value")
    return value
