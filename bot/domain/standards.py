"""What an object is held to: a person's target, or its own past where nobody has set one."""

from dataclasses import dataclass

from bot.domain.targets import ROOM_ABOVE, ROOM_BELOW

YOUR_TARGET = "your target"
_CLEARLY = 1.15
_CONFIRMED = 0.15


@dataclass(frozen=True, slots=True)
class Standard:
    """A level to compare with, what would be normal, and where both come from."""

    level: float  # beyond it the object is at fault
    normal: float  # what to expect when nothing is wrong; surprise is measured from here
    source: str
    from_person: bool
    missed_before: bool = False  # a person's target that its own past had missed clearly as well

    def chance(self, strict: float) -> float:
        """How unlikely a shortfall must be: less so where the fortnight before tells the same."""
        return max(strict, _CONFIRMED) if self.missed_before else strict


def at_most(level: float, *, derived: bool, own: float | None) -> Standard:
    """A standard for figures where more is worse (costs).

    A person's target holds for everything. A level from the account's history would blame the
    campaign that always was dearer than the rest, so without a target an object is held to its own past
    wherever it has one, and to the account only where it lies far outside.
    """
    if not derived:
        missed = own is not None and own > level * _CLEARLY
        return _target(level, level if own is None else min(level, own), missed)
    if own is None:
        return _account(level, level / ROOM_ABOVE, ROOM_ABOVE)
    if own > level:
        return _account(level * ROOM_ABOVE, level, ROOM_ABOVE**2)
    return _own(own * ROOM_ABOVE, own, ROOM_ABOVE)


def at_least(level: float, *, derived: bool, own: float | None) -> Standard:
    """A standard for figures where less is worse (CTR, ROAS); the same reasoning as `at_most`."""
    if not derived:
        missed = own is not None and own < level / _CLEARLY
        return _target(level, level if own is None else max(level, own), missed)
    if own is None:
        return _account(level, level / ROOM_BELOW, ROOM_BELOW)
    if own < level:
        return _account(level * ROOM_BELOW, level, ROOM_BELOW**2)
    return _own(own * ROOM_BELOW, own, ROOM_BELOW)


def _target(level: float, normal: float, missed_before: bool) -> Standard:
    return Standard(level, normal, YOUR_TARGET, from_person=True, missed_before=missed_before)


def _account(level: float, normal: float, times: float) -> Standard:
    return Standard(level, normal, f"{times:.3g} times the account's last 28 days", from_person=False)


def _own(level: float, normal: float, times: float) -> Standard:
    return Standard(level, normal, f"{times:.3g} times its own previous 14 days", from_person=False)
