"""Any error as a message: what happened, the way out, and the slug to quote."""

from datetime import datetime

from bot.errors import (
    AiMisconfigured,
    AiRefused,
    BadInput,
    ChannelUnavailable,
    ConfigurationFault,
    MetaError,
    MissingPermission,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    SpruceError,
    Stale,
    Throttled,
    TokenDead,
)
from bot.views import kit
from bot.views.figures import Notation
from bot.views.markup import Mrkdwn, join, mrk, said, said_with_people

# First match wins, so narrower classes stand before wider ones.
_WAYS_OUT: tuple[tuple[type[SpruceError], str], ...] = (
    (NotAllowed, "Nothing was changed."),
    (Stale, "Nothing was changed. Look at the newest state of the message and decide again."),
    (NotFound, "Nothing was changed. `/spruce alerts` lists what is open."),
    (BadInput, "Nothing was changed. `/spruce help` shows what can be typed."),
    (Throttled, "Nothing was changed. Spruce tries again by itself."),
    (
        TokenDead,
        "Connect the account with a new access token; `/spruce status` shows when it is seen again.",
    ),
    (MissingPermission, "Ask an admin of the business to give the token's owner access to this ad account."),
    (OutcomeUnknown, "Look in Ads Manager before you try again: the change may have been made."),
    (AiMisconfigured, "Whoever runs Spruce changes that setting; `spruce check` looks at all of them."),
    (AiRefused, "Nothing was changed. Write the words yourself with Edit, or ask again with a direction."),
    (ChannelUnavailable, "Invite Spruce to the channel with `/invite`, then try again."),
    (ConfigurationFault, "Whoever runs Spruce finds every fault with `spruce check`."),
)
_TRY_AGAIN = "Try again in a minute. `/spruce status` shows whether something is wrong."
_TELL_SOMEBODY = "Try again; if it stays, tell whoever runs Spruce and quote the reason below."
_UTC = Notation("USD", "UTC")


def problem(error: SpruceError, *, now: datetime | None = None) -> kit.Message:
    """A person's answer to an error; `now` lets a moment of the same day go without its date."""
    sentence, way_out = _sentence(error), Mrkdwn(_until(error, now) + _way_out(error))
    blocks = [kit.section(join([sentence, way_out])), kit.context(_reference(error))]
    return kit.message(join([sentence, way_out], " "), blocks)


def _sentence(error: SpruceError) -> Mrkdwn:
    # These two name people, and Spruce wrote all of them; other sentences may quote what was typed.
    named = isinstance(error, NotAllowed | Stale)
    return said_with_people(error.sentence) if named else said(error.sentence, 600)


def _way_out(error: SpruceError) -> str:
    for kind, way_out in _WAYS_OUT:
        if isinstance(error, kind):
            return way_out
    return _TRY_AGAIN if error.retryable else _TELL_SOMEBODY


def _until(error: SpruceError, now: datetime | None) -> str:
    if not isinstance(error, Throttled):
        return ""
    return f"Meta asks for a pause until {_UTC.moment(error.until, seen_on=now or error.until)}. "


def _reference(error: SpruceError) -> Mrkdwn:
    parts: list[str | None] = [mrk("Reason: `{}`", error.reason)]
    if isinstance(error, MetaError):
        named = {"code": error.code, "subcode": error.subcode, "trace": error.trace_id}
        parts += [f"Meta {key} {said(str(value), 60)}" for key, value in named.items() if value]
    return join(parts, " · ")
