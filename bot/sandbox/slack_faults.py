"""Faults to order: what a Web API call meets instead of its normal answer."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What happens to a call. `applied` says whether the call took effect all the same."""

    kind: str
    applied: bool = False
    status: int = 200
    error: str = ""
    seconds: float = 0.0


def ratelimited(retry_after: int = 1) -> Fault:
    """HTTP 429 with Retry-After; never applied."""
    return Fault("ratelimited", seconds=retry_after)


def http_error(status: int = 503, *, applied: bool = False) -> Fault:
    """An HTTP 5xx page instead of JSON."""
    return Fault("http", applied=applied, status=status)


def eof(*, applied: bool = True) -> Fault:
    """The connection closes after the request was read, without one byte of answer."""
    return Fault("eof", applied=applied)


def slow(seconds: float) -> Fault:
    """The normal answer, late."""
    return Fault("slow", applied=True, seconds=seconds)


def refused(error: str) -> Fault:
    """`ok: false` with this error, such as `fatal_error` or `internal_error`; not applied."""
    return Fault("error", error=error)


def token_revoked() -> Fault:
    """`ok: false`, `token_revoked`, for this call only."""
    return refused("token_revoked")


def truncated(*, applied: bool = True) -> Fault:
    """HTTP 200 whose JSON stops in the middle."""
    return Fault("truncated", applied=applied)


@dataclass
class _Order:
    method: str
    channel: str | None
    outcome: Fault
    times: int


class Faults:
    """Orders are used up in the sequence they were given."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []
        self._lock = threading.Lock()

    def add(self, match: str, outcome: Fault, *, channel: str | None = None, times: int = 1) -> None:
        """The next `times` calls of a method (`*` for any), in a channel if given, meet this outcome."""
        with self._lock:
            self._orders.append(_Order(match, channel, outcome, times))

    def clear(self) -> None:
        """Forget every order that is left."""
        with self._lock:
            self._orders.clear()

    def take(self, method: str, channel: str | None) -> Fault | None:
        """The outcome ordered for this call, if any; counts it as used."""
        with self._lock:
            for order in self._orders:
                if order.method in {method, "*"} and order.channel in {None, channel} and order.times > 0:
                    order.times -= 1
                    return order.outcome
        return None
