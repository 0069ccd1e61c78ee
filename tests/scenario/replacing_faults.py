"""Where a replacement can be struck, what can strike it there, and what must be true in the end."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from bot.domain.proposals import Mode
from bot.meta.client import GraphClient
from bot.sandbox.graph_faults import Outcome, eof, slow, throttled, token_dead, transient
from bot.sandbox.world_objects import Ad
from tests.scenario.replacing_stage import Lab

# A client that gives up this soon lets a timeout after success cost little of the tests' time.
IMPATIENT = (1.0, 0.15)
_LATE = 0.3


class KilledError(BaseException):
    """The process is gone: nothing may catch this, nothing is cleaned up."""


@dataclass(frozen=True)
class Point:
    """One call of a replacement: the n-th (`skip` before it) that has this method, path and parameters."""

    name: str
    match: str
    params: Mapping[str, str] = field(default_factory=dict)
    skip: int = 0

    @property
    def method(self) -> str:
        """GET or POST."""
        return self.match.partition(" ")[0]

    @property
    def writes(self) -> bool:
        """Whether it is a change."""
        return self.method == "POST"

    def fits(self, method: str, path: str, params: Mapping[str, object]) -> bool:
        """Whether a call is one of these."""
        wanted = self.match.partition(" ")[2]
        given = {name: one if isinstance(one, str) else json.dumps(one) for name, one in params.items()}
        there = all(part in given.get(name, "") for name, part in self.params.items())
        return method == self.method and fnmatchcase(path, f"*{wanted}") and there


class Watching:
    """A client as the services use it; something happens at one of its calls."""

    def __init__(self, real: GraphClient, strike: "Strike") -> None:
        self._real, self._strike = real, strike

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __enter__(self) -> "Watching":
        self._real.__enter__()
        return self

    def __exit__(self, *what: Any) -> None:
        self._real.__exit__(*what)

    def get(self, path: str, params: Mapping[str, object] | None = None) -> bytes:
        """A read."""
        return self._strike.around("GET", path, params or {}, lambda: self._real.get(path, params))

    def post(self, path: str, params: Mapping[str, object]) -> bytes:
        """A change."""
        return self._strike.around("POST", path, params, lambda: self._real.post(path, params))

    def pages(self, path: str, params: Mapping[str, object], decode: Any) -> Any:
        """A list."""
        pages = self._strike.around("GET", path, params, lambda: list(self._real.pages(path, params, decode)))
        return iter(pages)


class Strike:
    """Does something before or after one call, once."""

    def __init__(self, point: Point, act: Callable[[], None], *, after: bool = False) -> None:
        self._point, self._act, self._after = point, act, after
        self._left = point.skip
        self.struck = False

    def client(self, real: Any) -> Any:
        """Connections whose clients are watched; they give up soon."""
        return _Connections(real, self)

    def around(self, method: str, path: str, params: Mapping[str, object], call: Callable[[], Any]) -> Any:
        """Make the call, struck if it is the one."""
        hit = not self.struck and self._point.fits(method, path, params)
        if hit and self._left:
            self._left -= 1
            hit = False
        if not hit:
            return call()
        self.struck = True
        if not self._after:
            self._act()
            return call()
        answer = call()
        self._act()
        return answer


class Forgetful(Strike):
    """A Meta that never finds what was made: things must be made twice with it, or the oracle is blind."""

    def __init__(self) -> None:
        super().__init__(Point("nothing", "GET nothing"), lambda: None)

    def around(self, method: str, path: str, params: Mapping[str, object], call: Callable[[], Any]) -> Any:
        """Lists of what was made are empty."""
        lists = path.endswith(("bylabels", "/ads"))
        return [] if method == "GET" and lists else call()


class _Connections:
    def __init__(self, real: Any, strike: Strike) -> None:
        self._real, self._strike = real, strike

    def client(self, *arguments: Any) -> Watching:
        return Watching(self._real.client(*arguments), self._strike)


class Impatient:
    """Connections whose clients wait for an answer for a moment only."""

    def __init__(self, lab: Lab, real: Any) -> None:
        self._lab, self._real = lab, real

    def client(self, *arguments: Any) -> GraphClient:
        """A client of its own making."""
        known = self._real.client(*arguments)
        token = known._wire.secrets[0]
        known.close()
        settings = self._lab.settings
        assert settings.meta_app_secret is not None
        return GraphClient(
            token,
            graph_url=self._lab.url,
            app_id=settings.meta_app_id,
            app_secret=settings.meta_app_secret.reveal(),
            clock=self._lab.clock,
            timeout=IMPATIENT,
            sleep=lambda _: None,
        )


Prepare = Callable[[Lab, Point], Callable[[], bool]]


def killed(*, after: bool) -> Prepare:
    """The process ends at the call."""

    def prepare(lab: Lab, point: Point) -> Callable[[], bool]:
        def die() -> None:
            raise KilledError

        return _strikes(lab, Strike(point, die, after=after))

    return prepare


def rejects(lab: Lab, point: Point) -> Callable[[], bool]:
    """Review refuses the new ad at the moment of the call, or as soon as there is one."""

    def reject() -> None:
        ad = lab.new_ad() or (lab.ad() if lab.replacement().mode is Mode.IN_PLACE and _swapped(lab) else None)
        if ad is None:
            lab.world.reject_next("Claims", "Nobody can promise that.")
        else:
            why = (("Claims", "Nobody can promise that."),)
            lab.world.decide(ad, "DISAPPROVED", lab.clock.now(), why)

    return _strikes(lab, Strike(point, reject))


def answers(outcome: Outcome, times: int = 1, reads: int = 0) -> Prepare:
    """Meta answers the call like this; a read is repeated at once, so `reads` times."""

    def prepare(lab: Lab, point: Point) -> Callable[[], bool]:
        count = reads if reads and not point.writes else times
        lab.graph.faults.add(point.match, outcome, times=count, params=point.params, skip=point.skip)
        if outcome.delay:
            lab.restarts(connections=lambda real: Impatient(lab, real))
        return lambda: _used_up(lab, point)

    return prepare


FAULTS: dict[str, Prepare] = {
    "killed before": killed(after=False),
    "killed after": killed(after=True),
    "answer lost, done": answers(eof(applied=True), reads=3),
    "answer lost, not done": answers(eof(), reads=3),
    "timeout, done": answers(slow(_LATE)),
    "throttled": answers(throttled(80004, regain_minutes=7)),
    "5xx, done": answers(transient(2, applied=True), reads=5),
    "5xx, not done": answers(transient(2), reads=5),
    "token dead": answers(token_dead(463)),
    "rejected": rejects,
}


def _swapped(lab: Lab) -> bool:
    return lab.world.creative(lab.ad(), lab.clock.now()) is not lab.ad().creative


def _strikes(lab: Lab, strike: Strike) -> Callable[[], bool]:
    lab.restarts(connections=strike.client)
    return lambda: strike.struck


def _used_up(lab: Lab, point: Point) -> bool:
    """Whether nothing is left to be done wrong: a fault that never came proves nothing."""
    path = point.match.partition(" ")[2].replace("*", "1")
    return all(lab.graph.faults.take(point.method, path, point.params) is None for _ in range(point.skip + 1))


def settles(lab: Lab) -> None:
    """Everything that is due is done; a process that is killed is followed by another one."""
    while lab.replacement().state.moving:
        try:
            lab.carries_on()
        except KilledError:
            lab.restarts()


def never_off(lab: Lab, old: Ad, new: Ad | None) -> list[str]:
    """The moments at which neither ad was shown, by the world's own book."""
    log, moments = lab.world.log, set[float]()
    for ad in (old, new):
        moments |= log.moments(ad.id) if ad else set()
    now = lab.clock.now().timestamp()
    ads = [ad for ad in (old, new) if ad]
    return [
        f"{moment}: {[log.effective(ad, moment) for ad in ads]}"
        for moment in sorted(moments | {now})
        if moment <= now and not any(log.effective(ad, moment) == "ACTIVE" for ad in ads)
    ]
