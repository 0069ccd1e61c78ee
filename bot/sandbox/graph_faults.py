"""Faults on request: what the stand-in should do wrong, to which calls, how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from threading import Lock

from bot.sandbox.graph_errors import GraphError, dead_token, missing_write, too_much_data
from bot.sandbox.graph_errors import throttled as throttled_error
from bot.sandbox.graph_errors import transient as transient_error
from bot.sandbox.graph_usage import Hint

_TYPES = {80000: "ads_insights", 80003: "custom_audience", 80004: "ads_management"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happens to a call; `applied` says whether it is carried out before that."""

    name: str
    error: GraphError | None = None
    applied: bool = False
    hint: Hint | None = None
    delay: float = 0.0
    closes: bool = False
    cuts: bool = False
    html: bool = False
    content_type: str | None = None

    @property
    def serves(self) -> bool:
        """Whether the call is really carried out."""
        return self.applied or not (self.error or self.closes or self.html)


def throttled(code: int, subcode: int | None = None, *, regain_minutes: int = 0) -> Outcome:
    """A limit was reached: 4, 17, 613 or 8000x; the headers say so too."""
    full = code in {17, 613}
    hint = Hint(regain_minutes, _TYPES.get(code, ""), account_full=full, app_full=code == 4)
    return Outcome("throttled", throttled_error(code, subcode), hint=hint)


def token_dead(subcode: int = 463) -> Outcome:
    """190: expired (463), password changed (460), app removed (458), …"""
    return Outcome("token_dead", dead_token(subcode))


def permission(code: int = 294) -> Outcome:
    """A missing permission: 294 by default, or 10, 200, …"""
    if code == 294:
        return Outcome("permission", missing_write())
    error = GraphError(code, f"(#{code}) Permissions error", status=403)
    return Outcome("permission", error)


def transient(code: int = 2, *, applied: bool = False) -> Outcome:
    """A 5xx with code 1 or 2; `applied` writes happened all the same."""
    return Outcome("transient", transient_error(code), applied=applied)


def eof(*, applied: bool = False) -> Outcome:
    """The connection closes without an answer."""
    return Outcome("eof", closes=True, applied=applied)


def slow(seconds: float) -> Outcome:
    """The right answer, late: with more seconds than a client waits, a timeout after it was carried out."""
    return Outcome("slow", delay=seconds)


def stalled(seconds: float) -> Outcome:
    """Nothing is carried out and the connection closes after so many seconds: a timeout before anything."""
    return Outcome("stalled", closes=True, delay=seconds)


def cut_json() -> Outcome:
    """The answer breaks off in the middle although its Content-Length fits."""
    return Outcome("cut_json", cuts=True)


def too_much() -> Outcome:
    """100/1487534: ask for less."""
    return Outcome("too_much_data", too_much_data())


def html() -> Outcome:
    """A page from some proxy, with status 200."""
    return Outcome("html", html=True)


def wrong_content_type(content_type: str = "text/plain") -> Outcome:
    """The right answer under a wrong name."""
    return Outcome("wrong_content_type", content_type=content_type)


@dataclass(slots=True)
class _Rule:
    method: str
    path: str
    params: Mapping[str, str]
    outcome: Outcome
    left: int
    skip: int = 0

    def fits(self, method: str, path: str, params: Mapping[str, str]) -> bool:
        """Whether this call is meant, were it not for those to be skipped."""
        if self.left <= 0 or (self.method and self.method != method) or not self._on(path):
            return False
        return all(part in params.get(name, "") for name, part in self.params.items())

    def _on(self, path: str) -> bool:
        return fnmatchcase(path, f"*{self.path}") if "*" in self.path else self.path in path


class Faults:
    """The faults still to come; the first that fits is used up first."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._lock = Lock()

    def add(
        self,
        match: str,
        outcome: Outcome,
        *,
        times: int = 1,
        params: Mapping[str, str] | None = None,
        skip: int = 0,
    ) -> None:
        """Do this to the next calls that match, as in `"GET /insights"`, `"POST"` or `"/ads"`.

        A path with a `*` is a pattern for the path's end: `"POST /act_*/ads"` means ads and no ad sets.
        `params` limits it further to calls whose parameters contain these texts. The first `skip` calls
        that match pass untouched, so `skip=1` means the second one.
        """
        method, _, path = match.rpartition(" ") if " " in match else _guess(match)
        with self._lock:
            self._rules.append(_Rule(method, path, dict(params or {}), outcome, times, skip))

    def take(self, method: str, path: str, params: Mapping[str, str]) -> Outcome | None:
        """The outcome for this call, used up by asking."""
        with self._lock:
            for rule in self._rules:
                if not rule.fits(method, path, params):
                    continue
                if rule.skip > 0:
                    rule.skip -= 1
                else:
                    rule.left -= 1
                    return rule.outcome
        return None

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._rules.clear()


def _guess(match: str) -> tuple[str, str, str]:
    return (match, "", "") if match.isupper() and "/" not in match else ("", "", match)
