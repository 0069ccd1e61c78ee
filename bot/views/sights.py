"""How well an account is seen, in words: the age of its figures and what is in the way."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.report import AccountStatus, Blindness, Sight
from bot.domain.structure import Account
from bot.views.figures import Notation, duration
from bot.views.markup import Mrkdwn, join, mrk, name

NOTHING_CONNECTED = (
    "No ad account is connected to this workspace yet. Whoever runs Spruce connects one; "
    "spruce check says what is missing."
)
REASONS = {
    Blindness.TOKEN_DEAD: "Meta no longer accepts the access token",
    Blindness.PERMISSION: "the access token may not read this account",
    Blindness.THROTTLED: "Meta's limit on reading is used up for now",
    Blindness.STALE: "the newest figures are too old to judge by",
    Blindness.FAILING: "reading from Meta keeps failing",
    Blindness.NEVER_READ: "it has not been read yet",
}
_MOST = 10


def age(account: Account, sight: Sight, now: datetime) -> str:
    """How old the figures are, and as of when."""
    if sight.read_at is None:
        return "no figures yet"
    as_of = Notation.of(account).moment(sight.read_at, seen_on=now)
    return f"data {duration(now - sight.read_at)} old ({as_of})"


def obstacle(account: Account, sight: Sight, now: datetime) -> str | None:
    """Why the account cannot be seen, and since when; None while it can."""
    kind = sight.blindness or (Blindness.NEVER_READ if sight.read_at is None else None)
    if kind is None:
        return None
    since = Notation.of(account).moment(sight.blind_since, seen_on=now) if sight.blind_since else None
    return f"cannot be seen{f' since {since}' if since else ''}: {REASONS[kind]}"


def summary(accounts: Sequence[AccountStatus], now: datetime) -> Mrkdwn:
    """One line for each account."""
    lines = [_line(status.account, status.sight, now) for status in accounts[:_MOST]]
    left = len(accounts) - _MOST
    return join([*lines, f"and {left} more accounts" if left > 0 else None])


def _line(account: Account, sight: Sight, now: datetime) -> Mrkdwn:
    blocked = obstacle(account, sight, now)
    known = age(account, sight, now) if sight.read_at else None
    return mrk("{}: {}", name(account.name, 60), join([blocked, known], " · "))
