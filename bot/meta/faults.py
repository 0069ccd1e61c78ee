"""Meta's error codes and what each one means for us, as one table.

Sources: Marketing API, Rate Limiting and Error Codes; Insights error codes; Graph API v26 changes.
A verdict comes from `code` and `error_subcode` alone: messages are prose that Meta rewrites, and the
HTTP status lies both ways (throttles arrive as 400, "ids is deprecated" as 500).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from bot.errors import BadRequest, MetaError, MissingPermission, Throttled, TokenDead, TooMuchData, Transient
from bot.meta.usage import Usage, regain_minutes


class Kind(StrEnum):
    """The classes of failure that callers tell apart."""

    THROTTLED = "throttled"
    TOKEN = "token"  # noqa: S105 (a kind of failure)
    PERMISSION = "permission"
    TOO_MUCH = "too_much"
    TRANSIENT = "transient"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a code means: its class, what a person reads, and how to go on."""

    kind: Kind
    sentence: str
    reason: str | None = None
    retries: int = 0  # of a read, by the client itself
    wait: timedelta = timedelta()  # how long a throttle blocks when no header says
    longest: timedelta = timedelta()  # throttles in a row double the wait up to this
    scope: str = "account"
    limit: str | None = None  # the `type` in the usage headers whose regain time counts


def _wait(
    sentence: str, minutes: float, longest: float | None = None, *, scope: str = "account", limit: str = ""
) -> Verdict:
    return Verdict(
        Kind.THROTTLED,
        sentence,
        wait=timedelta(minutes=minutes),
        longest=timedelta(minutes=longest or minutes),
        scope=scope,
        limit=limit or None,
    )


_APP = _wait("Meta is limiting the whole app", 1, 15, scope="app", limit="app")
_SCORE = _wait("Meta is limiting this ad account for a few minutes", 5, limit="account")
_HOURLY = "Meta's hourly limit for this ad account is spent"
_TIMED_OUT = Verdict(Kind.TOO_MUCH, "Meta ran out of time for that much data", "meta_timed_out")
_TOO_MUCH = Verdict(Kind.TOO_MUCH, "Meta refuses to return that much data at once")
_REPORT_FAILED = Verdict(Kind.TRANSIENT, "Meta failed to prepare the report", "meta_report_failed")
_PERMISSION = Verdict(Kind.PERMISSION, "The access token may not do that")
_TOKEN = "Meta no longer accepts the access token"  # noqa: S105 (a sentence)
_DISGUISED = Verdict(
    Kind.PERMISSION, "The app's access tier does not allow that", wait=timedelta(minutes=5), limit="account"
)

# By code and subcode; what is not here is looked up by code alone.
EXACT: dict[tuple[int, int], Verdict] = {
    (2, 1504038): _TIMED_OUT,
    (100, 1504018): _TIMED_OUT,
    (2, 1504041): Verdict(Kind.BAD, "Meta does not allow that combination of breakdowns"),
    (2, 1504042): Verdict(Kind.BAD, "Meta does not know that custom metric"),
    (2, 1504044): Verdict(Kind.TRANSIENT, "Meta could not compute the figures", retries=1),
    (-2, 2490547): _REPORT_FAILED,
    (-3, 1504045): _TOO_MUCH,
    (100, 1487534): _TOO_MUCH,
    (100, 33): Verdict(
        Kind.PERMISSION,
        "The object does not exist or the access token cannot see it; check that the account is assigned",
        "meta_not_visible",
    ),
    (100, 3191001): Verdict(Kind.PERMISSION, "The access token may not read this account's figures"),
    (17, 1885172): _wait("The account's spending limit was changed ten times today", 24 * 60),
    (200, 1870034): Verdict(Kind.PERMISSION, "Meta's Custom Audience terms must be accepted first"),
    (200, 4841013): _DISGUISED,
    (613, 4841018): _DISGUISED,
    (613, 1487742): _SCORE,
    (613, 5044001): _wait("Too many changes at once in this ad account", 1, 5),
    (613, 1996): _wait("Meta finds the calls to this ad account too uneven", 5, 60),
    (613, 1487632): _wait("The ad set's budget was changed four times this hour", 60),
    (613, 1487225): _wait("Meta limits new ads by the account's daily spend", 24 * 60),
    (190, 458): Verdict(Kind.TOKEN, f"{_TOKEN}: the app was removed"),
    (190, 459): Verdict(Kind.TOKEN, f"{_TOKEN}: its owner must confirm their identity at facebook.com"),
    (190, 460): Verdict(Kind.TOKEN, f"{_TOKEN}: its owner changed their password"),
    (190, 463): Verdict(Kind.TOKEN, f"{_TOKEN}: it has expired"),
    (190, 464): Verdict(Kind.TOKEN, f"{_TOKEN}: its owner's account is not confirmed"),
    (190, 467): Verdict(Kind.TOKEN, f"{_TOKEN}: it was invalidated"),
    (190, 492): Verdict(Kind.TOKEN, f"{_TOKEN}: its owner has no role on the page"),
}

BY_CODE: dict[int, Verdict] = {
    1: Verdict(Kind.TRANSIENT, "Meta had an unknown fault", retries=1),
    2: Verdict(Kind.TRANSIENT, "Meta is temporarily unavailable", retries=4),
    -2: _REPORT_FAILED,
    -3: _TOO_MUCH,
    3: _PERMISSION,
    10: _PERMISSION,
    4: _APP,
    341: _APP,
    17: _SCORE,
    32: _wait("Meta is limiting calls for this page", 5, 60),
    102: Verdict(Kind.TOKEN, _TOKEN),
    190: Verdict(Kind.TOKEN, _TOKEN),
    368: _wait("Meta has blocked this for suspected abuse; a person must look", 240),
    500: Verdict(Kind.BAD, "Meta does not allow that content"),
    613: _wait("Meta suspects abuse and limits this ad account; a person should look", 15, 60),
    80000: _wait(_HOURLY, 5, 60, limit="ads_insights"),
    80001: _wait("Meta is limiting calls for this page", 5, 60),
    80003: _wait(_HOURLY, 5, 60, limit="custom_audience"),
    80004: _wait(_HOURLY, 5, 60, limit="ads_management"),
    80014: _wait(_HOURLY, 5, 60),
    2642: Verdict(Kind.BAD, "Meta no longer knows that place in the list", "meta_bad_cursor"),
    3018: Verdict(Kind.BAD, "Meta keeps figures for 37 months only"),
    1487809: Verdict(Kind.BAD, "The account holds as many ads as Meta allows"),
    3253001: Verdict(Kind.BAD, "The page runs as many ads as Meta allows"),
    1815869: Verdict(Kind.BAD, "The post is not available"),
    **dict.fromkeys(range(200, 300), _PERMISSION),
    270: Verdict(Kind.PERMISSION, "The app's access tier covers its own ad accounts only"),
    294: Verdict(Kind.PERMISSION, "The access token lacks ads_management"),
}

_UNLISTED = Verdict(Kind.BAD, "Meta does not accept that request")
_PASSING = Verdict(Kind.TRANSIENT, "Meta had a passing fault", retries=1)
_FULL_ACCESS_BLOCK = timedelta(seconds=60)
_DAY = timedelta(days=1)  # longer than any limit's window: a header that says more is broken


class GraphError(msgspec.Struct):
    """The `error` object of a Graph answer."""

    code: int | None = None
    error_subcode: int | None = None
    message: str | None = None
    error_user_msg: str | None = None
    is_transient: bool | None = None
    fbtrace_id: str | None = None


def verdict(error: GraphError) -> Verdict:
    """What this error means; `is_transient` is believed only for codes that are not in the table."""
    code, subcode = error.code or 0, error.error_subcode or 0
    listed = EXACT.get((code, subcode)) or BY_CODE.get(code)
    if listed:
        return listed
    # 100 is a fault of ours whatever the flag says: v26 answers "ids is deprecated" as a server fault.
    return _PASSING if error.is_transient and code != 100 else _UNLISTED


def is_listed(error: GraphError) -> bool:
    """Whether the table knows this code, as opposed to guessing."""
    code = error.code or 0
    return code == 100 or (code, error.error_subcode or 0) in EXACT or code in BY_CODE


def may_be_throttle(found: Verdict) -> bool:
    """Whether this refusal has been seen as a throttle in disguise on the limited tier."""
    return found is _DISGUISED


def as_exception(found: Verdict, error: GraphError, sentence: str) -> MetaError:
    """The exception for every verdict but a throttle's."""
    classes: dict[Kind, type[MetaError]] = {
        Kind.TOKEN: TokenDead,
        Kind.PERMISSION: MissingPermission,
        Kind.TOO_MUCH: TooMuchData,
        Kind.TRANSIENT: Transient,
        Kind.BAD: BadRequest,
    }
    return classes[found.kind](
        sentence,
        reason=found.reason,
        code=error.code,
        subcode=error.error_subcode,
        trace_id=error.fbtrace_id,
    )


def as_throttle(
    found: Verdict, error: GraphError, sentence: str, *, now: datetime, block: timedelta
) -> Throttled:
    """The exception for a throttle that blocks for so long."""
    return Throttled(
        sentence, until=now + block, scope=found.scope, code=error.code, subcode=error.error_subcode
    )


def block_time(found: Verdict, usages: Sequence[Usage], strikes: int) -> timedelta:
    """How long to wait: what this answer's headers say, else the table, doubled for each strike before."""
    minutes = regain_minutes(usages, None if found.limit == "account" else found.limit)
    if minutes:
        return min(timedelta(minutes=minutes), _DAY)
    if found.limit == "account":
        return _score_block(found, usages)
    doubled: timedelta = found.wait * 2 ** min(strikes, 10)
    return min(doubled, max(found.longest, found.wait))


def _score_block(found: Verdict, usages: Sequence[Usage]) -> timedelta:
    reset = max((usage.reset_seconds for usage in usages if usage.type == "account"), default=0.0)
    if reset:
        return min(timedelta(seconds=reset), _DAY)
    # The limited tier blocks for 300 s, the full one for 60 s.
    full = any(usage.tier == "standard_access" for usage in usages)
    return _FULL_ACCESS_BLOCK if full else found.wait
