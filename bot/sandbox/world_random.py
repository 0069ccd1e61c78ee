"""Numbers that look random and depend on nothing but their keys.

Every figure of the world is a function of (seed, stream, object, day), so time can jump ahead and any
moment can be asked for again with the same answer. `random.Random` would have to be replayed in order.
"""

from enum import IntEnum
from math import exp

_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15
_SHORT = 0xFFFF


class Stream(IntEnum):
    """One independent source of numbers for each thing that varies."""

    OBJECT_ID = 1
    PROFILE = 2
    VOLUME = 3
    CLICK_RATE = 4
    PRICE = 5
    ROUNDING = 6
    PURCHASE_GAP = 7
    PURCHASE_KEPT = 8
    PURCHASE_KIND = 9
    PURCHASE_VALUE = 10
    PURCHASE_DELAY = 11
    CURVE = 12
    VARIANT = 13
    PURCHASE_SHARE = 14
    CREATIVE_EFFECT = 15


def bits(*keys: int) -> int:
    """64 well-mixed bits for these keys (SplitMix64's finaliser, once per key)."""
    state = 0
    for key in keys:
        state = (state ^ (key & _MASK)) + _STEP & _MASK
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB & _MASK
        state ^= state >> 31
    return state


def unit(*keys: int) -> float:
    """A number in [0, 1)."""
    return (bits(*keys) >> 11) / (1 << 53)


def between(low: float, high: float, *keys: int) -> float:
    """A number in [low, high)."""
    return low + (high - low) * unit(*keys)


def noise(spread: float, *keys: int) -> float:
    """A factor around 1 with this relative spread, never zero or negative."""
    word = bits(*keys)
    total = (word & _SHORT) + (word >> 16 & _SHORT) + (word >> 32 & _SHORT) + (word >> 48 & _SHORT)
    # Four uniforms summed are near enough to a bell; their standard deviation is 1/sqrt(3).
    return exp(spread * (total / 65536 - 2.0) * 1.7320508)
