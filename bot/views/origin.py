"""What a modal carries until it is submitted: what it is about, and where its answer belongs."""

import re
from dataclasses import dataclass
from typing import Final

from bot.errors import BadInput
from bot.views.actions import ButtonValue, decode, encode

# Only ids: whatever they name is read again in the workspace that submits, so nothing is won by changing
# them. The button's value, then channel, message and thread, each of the last three perhaps empty.
_FORMAT: Final = re.compile(
    r"([^|]{1,75})\|([CDG][A-Z0-9]{1,20})?\|(\d{1,12}\.\d{1,9})?\|(\d{1,12}\.\d{1,9})?"
)
_DAMAGED = "This dialog was not made by this version of Spruce. Open it again."


@dataclass(frozen=True, slots=True)
class Origin:
    """The thing a modal is about and the place it was opened from; on the Home tab there is no place."""

    value: ButtonValue
    channel_id: str = ""
    message_ts: str = ""
    thread_ts: str = ""


def pack(origin: Origin) -> str:
    """A modal's `private_metadata`; an origin that does not fit is a fault of the caller."""
    value = origin.value
    about = encode(value.kind, value.id, value.version, choice=value.choice)
    packed = f"{about}|{origin.channel_id}|{origin.message_ts}|{origin.thread_ts}"
    if not _FORMAT.fullmatch(packed):
        raise ValueError(f"{packed!r} does not fit a modal.")
    return packed


def unpack(metadata: str) -> Origin:
    """What a modal carried; anything else than what `pack` gives is refused."""
    match = _FORMAT.fullmatch(metadata)
    if match is None:
        raise BadInput(_DAMAGED, field="private_metadata")
    about, *places = match.groups(default="")
    return Origin(decode(about), *places)
