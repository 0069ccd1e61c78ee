"""What an account aims for, and the thresholds that follow from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.insights import Figures
from bot.domain.money import parse_major
from bot.errors import BadInput

# Where no target is set, the account's own last 28 days stand in for it, with this much room.
ROOM_BELOW = 0.70
ROOM_ABOVE = 1.50


@dataclass(frozen=True, slots=True)
class Targets:
    """What a person set for an account; None where nobody has decided yet. Money in minor units."""

    cost_per_purchase_minor: int | None = None
    purchase_roas: float | None = None
    ctr: float | None = None  # a fraction: 0.009 is 0.9 %
    cpc_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The levels alerts are judged by. `None` means there is nothing to judge by yet."""

    cost_per_purchase_minor: float | None
    purchase_roas: float | None
    ctr: float | None
    cpc_minor: float | None
    derived: frozenset[str]  # the names above that come from the account's own history


def read_targets(words: Mapping[str, str], currency: str) -> Targets:
    """Targets as an installer writes them: money in major units (450), CTR in percent (0.9 or 0.9%).

    Raises BadInput that names the target and what is understood.
    """
    return Targets(
        cost_per_purchase_minor=_money(words, "cost_per_purchase", currency),
        purchase_roas=_positive(words, "purchase_roas"),
        ctr=None if (percent := _positive(words, "ctr")) is None else percent / 100,
        cpc_minor=_money(words, "cpc", currency),
    )


def _money(words: Mapping[str, str], name: str, currency: str) -> int | None:
    if name not in words:
        return None
    amount = parse_major(words[name], currency)
    if amount.minor <= 0:
        raise BadInput(f"The target {name} is more than nothing, such as {name}=450.", field=name)
    return amount.minor


def _positive(words: Mapping[str, str], name: str) -> float | None:
    if name not in words:
        return None
    text = words[name].removesuffix("%")
    if not re.fullmatch(r"\d{1,6}(\.\d{1,4})?", text) or float(text) <= 0:
        raise BadInput(f"The target {name} is a positive number, such as {name}=2.5.", field=name)
    return float(text)


def thresholds(targets: Targets, history: Figures) -> Thresholds:
    """Take each target as set, else derive one from the account's own history (28 complete days).

    Derived levels scale with the account: cost per purchase and CPC at 1.5 times its own average,
    CTR and ROAS at 0.7 times. Nothing is a fixed sum of money, so one default serves every currency.
    """
    own = {
        "cost_per_purchase_minor": _scaled(history.cost_per_purchase_minor, ROOM_ABOVE),
        "purchase_roas": _scaled(history.purchase_roas or None, ROOM_BELOW),
        "ctr": _scaled(history.ctr or None, ROOM_BELOW),
        "cpc_minor": _scaled(history.cpc_minor, ROOM_ABOVE),
    }
    chosen = {name: getattr(targets, name) for name in own}
    derived = frozenset(name for name, value in chosen.items() if value is None and own[name] is not None)
    levels = {name: own[name] if value is None else float(value) for name, value in chosen.items()}
    return Thresholds(**levels, derived=derived)


def _scaled(value: float | None, room: float) -> float | None:
    return None if value is None else value * room
