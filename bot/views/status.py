"""The answer to `/spruce status`: whether Spruce sees, speaks and is on time."""

from bot.domain.report import AccountStatus, Status
from bot.views import kit, sights
from bot.views.alert_words import plural
from bot.views.figures import Notation, duration
from bot.views.markup import Mrkdwn, channel, join, mrk, name, plain_name

_MOST = 15
# Reasons of bot.errors.ChannelUnavailable, as bot.slack_faults names them.
_CHANNEL = frozenset(
    {"slack_channel_unavailable", "slack_not_in_channel", "slack_channel_not_found", "slack_is_archived"}
)


def status(status: Status) -> kit.Message:
    """Each account's sight and numbers, then what waits to be posted."""
    blind = [one for one in status.accounts if sights.obstacle(one.account, one.sight, status.now)]
    headline = _headline(status, blind)
    shown = [kit.section(account(one, status)) for one in status.accounts[:_MOST]]
    left = len(status.accounts) - _MOST
    footer = [f"and {left} more accounts" if left > 0 else None, _outbox(status), f"Spruce {status.version}"]
    failed = _failed(status)
    blocks = [
        kit.header("Spruce's status"),
        kit.section(join([headline, failed])),
        *shown,
        kit.context(join(footer, " · ")),
    ]
    return kit.message(join([headline, failed, _outbox(status)], " "), blocks)


def account(one: AccountStatus, status: Status) -> Mrkdwn:
    """One account: how it is seen, where it speaks, how much goes on."""
    written = Notation.of(one.account)
    seen = sights.obstacle(one.account, one.sight, status.now)
    known = sights.age(one.account, one.sight, status.now)
    sight = join([seen, known], " · ")
    numbers = f"{written.count(one.active_ads)} active ads · {one.open_alerts} open alerts"
    next_at = one.next_poll_at
    polls = f"next reading {written.moment(next_at, seen_on=status.now)}" if next_at else None
    calls = f"{one.calls_last_hour} Graph calls in the last hour"
    where = mrk("alerts go to {}", channel(one.channel_id)) if one.channel_id else "no channel for alerts yet"
    title = mrk("*{}* ({}, {})", name(one.account.name), one.account.currency, one.account.timezone_name)
    return join([title, sight, join([numbers, where], " · "), join([polls, calls], " · ")])


def _headline(status: Status, blind: list[AccountStatus]) -> Mrkdwn:
    if not status.accounts:
        return join([sights.NOTHING_CONNECTED])
    if not blind:
        return join(["Spruce sees every connected account."])
    names = ", ".join(plain_name(one.account.name, 40) for one in blind[:5])
    return mrk("Spruce cannot see {} of {} accounts: {}.", len(blind), len(status.accounts), names)


def _failed(status: Status) -> str | None:
    if not status.messages_failed:
        return None
    way_out = (
        "Invite Spruce to the channel, or name another one; it tries again by itself."
        if status.failure in _CHANNEL
        else "Whoever runs Spruce finds more in its log."
    )
    count = f"{status.messages_failed} {plural(status.messages_failed, 'message')}"
    return f"{count} could not be posted ({status.failure}). {way_out}"


def _outbox(status: Status) -> str:
    if not status.messages_waiting:
        return "No message waits to be posted."
    oldest = status.oldest_waiting_at
    waited = f", the oldest for {duration(status.now - oldest)}" if oldest else ""
    return f"Messages waiting to be posted: {status.messages_waiting}{waited}."
