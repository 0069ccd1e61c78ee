"""The notice that Spruce cannot see an account, and the all-clear when it can again."""

from datetime import datetime

from bot.domain.report import Blindness, Sight
from bot.domain.structure import Account
from bot.views import kit, sights
from bot.views.figures import Notation, duration
from bot.views.markup import Mrkdwn, join, mrk, name, plain_name, said

_WHAT_TO_DO = {
    Blindness.TOKEN_DEAD: "Make a new access token, best a system user's, and connect the account again.",
    Blindness.PERMISSION: (
        "In Business settings, assign the ad account to the owner of the token, and see that the token has "
        "`ads_read` (and `ads_management` for pausing)."
    ),
    Blindness.THROTTLED: "Nothing: Spruce waits as long as Meta asks and then reads again by itself.",
    Blindness.STALE: "Nothing yet: Spruce keeps reading. If it lasts, `/spruce status` shows more.",
    Blindness.FAILING: "Nothing yet: Spruce keeps trying. If it lasts, look at Meta's status page.",
    Blindness.NEVER_READ: "Nothing yet: the first reading of a large account takes a few minutes.",
}
_WHAT_IT_MEANS = (
    "Until this is over there are no new alarms for this account and no all-clears either. "
    "Open alerts stay as they were last seen."
)


def blind(account: Account, sight: Sight, *, now: datetime) -> kit.Message:
    """What Spruce cannot see, why, what that means and what to do."""
    kind = sight.blindness or Blindness.NEVER_READ
    title = f"Spruce cannot see {plain_name(account.name, 60)}"
    why = mrk("{}{}.", _capitalised(sights.REASONS[kind]), _since(account, sight, now))
    detail = said(sight.detail) if sight.detail else None
    blocks = [
        kit.header(title),
        kit.section(join([why, detail])),
        kit.section(mrk("*What it means*\n{}", _WHAT_IT_MEANS)),
        kit.section(mrk("*What to do*\n{}", Mrkdwn(_WHAT_TO_DO[kind]))),
        kit.context(_footer(account, sight, now)),
    ]
    return kit.message(mrk("{}. {} No alarms and no all-clears meanwhile.", title, why), blocks)


def sees_again(account: Account, sight: Sight, *, since: datetime, now: datetime) -> kit.Message:
    """The same notice once the account is seen again; `since` is when Spruce went blind."""
    written = Notation.of(account)
    title = f"Spruce sees {plain_name(account.name, 60)} again"
    began, lasted = written.moment(since, seen_on=since), duration(now - since)
    ended = written.moment(now, seen_on=since)
    sentence = (
        f"It could not be seen from {began} to {ended} ({lasted}). New figures are in, and alerts are judged "
        "by them again."
    )
    blocks = [kit.header(title), kit.section(sentence), kit.context(_footer(account, sight, now))]
    return kit.message(mrk("{}. {}", title, sentence), blocks)


def _since(account: Account, sight: Sight, now: datetime) -> str:
    if sight.blind_since is None:
        return ""
    began = Notation.of(account).moment(sight.blind_since, seen_on=now)
    return f", since {began} ({duration(now - sight.blind_since)})"


def _footer(account: Account, sight: Sight, now: datetime) -> Mrkdwn:
    written = Notation.of(account)
    next_try = sight.next_try_at if sight.blindness else None
    parts = [
        _capitalised(sights.age(account, sight, now)),
        f"Next try at {written.moment(next_try, seen_on=now)}" if next_try else None,
        f"Times in {written.zone_label(now)}",
        mrk("Account: {}", name(account.name, 60)),
    ]
    return join(parts, " · ")


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
