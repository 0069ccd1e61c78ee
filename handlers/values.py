"""What a button must carry for what it asks."""

from bot.domain.ids import AlertId
from bot.errors import BadInput
from handlers.base import Click


def alert_of(click: Click) -> tuple[AlertId, int]:
    """The alert and the version of it that the person saw."""
    value = click.value
    if value is None or value.kind != "alert":
        raise BadInput(
            "This button carries nothing that Spruce can read. Use the newest message.", field="value"
        )
    return AlertId(value.id), value.version
