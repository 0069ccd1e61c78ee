"""What Meta's usage headers say about how much of each limit is spent.

Shapes: Marketing API, Rate Limiting (headers X-Business-Use-Case-Usage, X-Ad-Account-Usage,
X-FB-Ads-Insights-Throttle, X-App-Usage). Any header may be missing, cut or of another shape, so
nothing here raises; the figures are a hint and the error code decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

BUSINESS = "X-Business-Use-Case-Usage"
ACCOUNT = "X-Ad-Account-Usage"
INSIGHTS = "X-FB-Ads-Insights-Throttle"
APP = "X-App-Usage"
HEADERS = (BUSINESS, ACCOUNT, INSIGHTS, APP)


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of one limit is spent, in percent; above 100 the limit has been passed."""

    account: str | None  # digits without act_; None where the header does not say whose limit it is
    type: str  # "ads_insights", "ads_management", "custom_audience", "account", "insights", "app"
    call_count: float = 0.0
    cpu_time: float = 0.0
    total_time: float = 0.0
    regain_minutes: float = 0.0
    acc_id_util_pct: float = 0.0
    app_id_util_pct: float = 0.0
    reset_seconds: float = 0.0
    tier: str | None = None  # "development_access" (limited) or "standard_access" (full)

    @property
    def percent(self) -> float:
        """The fullest of its meters."""
        meters = (self.call_count, self.cpu_time, self.total_time, self.acc_id_util_pct, self.app_id_util_pct)
        return max(meters)


def read_usage(headers: Mapping[str, str]) -> list[Usage]:
    """Every limit that these response headers speak of."""
    found = list(_business(_parse(headers.get(BUSINESS))))
    for header, kind in ((ACCOUNT, "account"), (INSIGHTS, "insights"), (APP, "app")):
        entry = _parse(headers.get(header))
        if isinstance(entry, dict) and entry:
            found.append(_usage(None, kind, entry))
    return found


def regain_minutes(usages: Iterable[Usage], kind: str | None) -> float:
    """The longest wait among the limits of that type, or among all when the type is not known."""
    return max((usage.regain_minutes for usage in usages if kind is None or usage.type == kind), default=0.0)


def limited_score(usage: Usage) -> float:
    """How much of the account's points is spent, where that limit is tight: on the limited tier."""
    tight = usage.type == "account" and usage.tier == "development_access"
    return usage.acc_id_util_pct if tight else 0.0


def _business(entries: Any) -> Iterable[Usage]:
    for account, limits in entries.items() if isinstance(entries, dict) else ():
        for limit in limits if isinstance(limits, list) else ():
            if isinstance(limit, dict):
                yield _usage(str(account), str(limit.get("type") or "unknown"), limit)


def _usage(account: str | None, kind: str, entry: Mapping[str, Any]) -> Usage:
    tier = entry.get("ads_api_access_tier")
    return Usage(
        account=account,
        type=kind,
        call_count=_number(entry.get("call_count")),
        cpu_time=_number(entry.get("total_cputime")),
        total_time=_number(entry.get("total_time")),
        regain_minutes=_number(entry.get("estimated_time_to_regain_access")),
        acc_id_util_pct=_number(entry.get("acc_id_util_pct")),
        app_id_util_pct=_number(entry.get("app_id_util_pct")),
        reset_seconds=_number(entry.get("reset_time_duration")),
        tier=tier if isinstance(tier, str) else None,
    )


def _parse(text: str | None) -> Any:
    if not text:
        return None
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _number(value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 0.0
    # Not-a-number and infinity would make a wait without an end; a day is longer than any limit's window.
    return number if 0 <= number < 1e9 else 0.0
