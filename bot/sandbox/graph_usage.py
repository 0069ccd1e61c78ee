"""Rate limits and the headers that tell of them.

Two mechanisms: the account's score (a read costs 1 point, a write 3, points fade over 300 s) and the
business use case counters (calls per account and type in an hour). Source: Marketing API, Rate Limiting.
"""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

import msgspec

from bot.clock import Clock
from bot.sandbox.graph_errors import GraphError, throttled

DEVELOPMENT, STANDARD = "development_access", "standard_access"
_FADE_SECONDS = 300
_HOUR_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Tier:
    """What an app of this tier may do; the header still uses the names from before May 2026."""

    name: str
    most_points: int
    block_seconds: int
    insights_base: int
    management_base: int


TIERS = {
    DEVELOPMENT: Tier(DEVELOPMENT, 60, 300, 600, 300),
    STANDARD: Tier(STANDARD, 9000, 60, 190_000, 100_000),
}


@dataclass(slots=True)
class _Account:
    """One account's use of the app's allowance."""

    score: float = 0.0
    scored_at: float = 0.0
    blocked_until: float = 0.0
    errors: int = 0
    calls: Counter[tuple[str, int]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Hint:
    """What a forced throttle shows in the headers of its answer."""

    regain_minutes: int = 0
    type: str = ""
    account_full: bool = False
    app_full: bool = False


class Limits:
    """Counts every call and refuses those above the limit."""

    def __init__(self, clock: Clock, tier: str) -> None:
        self.clock = clock
        self.tier = TIERS[tier]
        self._accounts: dict[str, _Account] = {}
        self._app_calls: Counter[int] = Counter()
        self._lock = Lock()

    def charge(self, account_id: str, kind: str, points: int, ads: int) -> None:
        """Count one call of an account; raises the throttle that it runs into."""
        now = self.clock.now().timestamp()
        with self._lock:
            account = self._accounts.setdefault(account_id, _Account(scored_at=now))
            self._app_calls[int(now // 60)] += 1
            account.calls[kind, int(now // 60)] += 1
            if self._used(account, kind, now) > self._quota(account, kind, ads):
                raise throttled(80000 if kind == "ads_insights" else 80004)
            self._score(account, points, now)

    def _score(self, account: _Account, points: int, now: float) -> None:
        fading = self.tier.most_points * (now - account.scored_at) / _FADE_SECONDS
        account.score = max(0.0, account.score - fading)
        account.scored_at = now
        if now < account.blocked_until:
            raise throttled(17)
        if account.score + points > self.tier.most_points:
            account.blocked_until = now + self.tier.block_seconds
            raise throttled(17)
        account.score += points

    def failed(self, account_id: str, error: GraphError) -> None:
        """A user error shrinks the insights quota a little."""
        with self._lock:
            if account_id in self._accounts and error.code == 100:
                self._accounts[account_id].errors += 1

    def _used(self, account: _Account, kind: str, now: float) -> int:
        first = int(now // 60) - _HOUR_MINUTES + 1
        return sum(
            count for (type_, minute), count in account.calls.items() if type_ == kind and minute >= first
        )

    def _quota(self, account: _Account, kind: str, ads: int) -> float:
        if kind == "ads_insights":
            return self.tier.insights_base + 400 * ads - 0.001 * account.errors
        return self.tier.management_base + 40 * ads

    def headers(self, account_id: str | None, kind: str, ads: int, hint: Hint | None) -> dict[str, str]:
        """The usage headers of an answer, failed ones included."""
        hint = hint or Hint()
        now = self.clock.now().timestamp()
        with self._lock:
            app = sum(
                count for minute, count in self._app_calls.items() if minute > now // 60 - _HOUR_MINUTES
            )
            found = {"X-App-Usage": _json(_app_usage(100 if hint.app_full else app // 2000))}
            if account_id is not None:
                account = self._accounts.setdefault(account_id, _Account(scored_at=now))
                found |= self._account_headers(account_id, account, (kind, ads), hint, now)
        return found

    def _account_headers(
        self, account_id: str, account: _Account, use: tuple[str, int], hint: Hint, now: float
    ) -> dict[str, str]:
        kind, ads = use
        share = (
            100 if hint.type else _percent(self._used(account, kind, now), self._quota(account, kind, ads))
        )
        score = 100.0 if hint.account_full else round(100 * account.score / self.tier.most_points, 2)
        case = {
            "type": hint.type or kind,
            "call_count": share,
            "total_cputime": share // 2,
            "total_time": share // 2,
            "estimated_time_to_regain_access": hint.regain_minutes,
            "ads_api_access_tier": self.tier.name,
        }
        load = {
            "app_id_util_pct": 100 if hint.app_full else 0,
            "acc_id_util_pct": score,
            "ads_api_access_tier": self.tier.name,
        }
        waiting = max(0, round(account.blocked_until - now)) or (_FADE_SECONDS if hint.account_full else 0)
        usage = {
            "acc_id_util_pct": score,
            "reset_time_duration": waiting,
            "ads_api_access_tier": self.tier.name,
        }
        return {
            "X-Business-Use-Case-Usage": _json({account_id: [case]}),
            "X-FB-Ads-Insights-Throttle": _json(load),
            "X-Ad-Account-Usage": _json(usage),
        }


def _percent(used: int, quota: float) -> int:
    return int(100 * used / quota) if quota > 0 else 100


def _app_usage(share: int) -> dict[str, int]:
    return {"call_count": share, "total_time": share, "total_cputime": share}


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
