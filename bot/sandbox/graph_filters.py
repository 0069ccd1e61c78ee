"""`filtering` applied for real: conditions on objects and on the figures of a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.graph_errors import bad_param
from bot.sandbox.graph_schema import operators

Test = Callable[[Any, Any], bool]
LEVELS = ("ad", "adset", "campaign")

# The number an operator compares with, or the list it looks in, comes second.
_TESTS: dict[str, Test] = {
    "EQUAL": lambda have, want: _same(have, want),
    "NOT_EQUAL": lambda have, want: not _same(have, want),
    "GREATER_THAN": lambda have, want: _number(have) > _number(want),
    "GREATER_THAN_OR_EQUAL": lambda have, want: _number(have) >= _number(want),
    "LESS_THAN": lambda have, want: _number(have) < _number(want),
    "LESS_THAN_OR_EQUAL": lambda have, want: _number(have) <= _number(want),
    "IN": lambda have, want: any(_same(have, item) for item in want),
    "NOT_IN": lambda have, want: not any(_same(have, item) for item in want),
    "IN_RANGE": lambda have, want: _number(want[0]) <= _number(have) <= _number(want[1]),
    "NOT_IN_RANGE": lambda have, want: not _number(want[0]) <= _number(have) <= _number(want[1]),
    "CONTAIN": lambda have, want: str(want).lower() in str(have).lower(),
    "NOT_CONTAIN": lambda have, want: str(want).lower() not in str(have).lower(),
    "ANY": lambda have, want: any(_same(have, item) for item in want),
    "ALL": lambda have, want: all(_same(have, item) for item in want),
    "NONE": lambda have, want: not any(_same(have, item) for item in want),
}
_LISTS = frozenset({"IN", "NOT_IN", "IN_RANGE", "NOT_IN_RANGE", "ANY", "ALL", "NONE"})
# The `ids` replacement: id IN takes at most 50.
_MOST_IDS = 50


@dataclass(frozen=True, slots=True)
class Condition:
    """One entry of `filtering`; `level` is the prefix before the dot, empty without one."""

    level: str
    name: str
    operator: str
    value: Any

    def holds(self, have: Any) -> bool:
        """Whether a value satisfies it; what is absent counts as zero or empty."""
        return _TESTS[self.operator](have, self.value)


def conditions(entries: list[dict[str, Any]]) -> tuple[Condition, ...]:
    """The checked conditions of a request."""
    return tuple(_condition(place, entry) for place, entry in enumerate(entries))


def _condition(place: int, entry: Mapping[str, Any]) -> Condition:
    for needed in ("field", "operator", "value"):
        if needed not in entry:
            raise bad_param(f"The parameter filtering[{place}][{needed}] is required")
    operator = str(entry["operator"])
    if operator not in operators():
        allowed = ", ".join(sorted(operators()))
        raise bad_param(f"filtering[{place}][operator] must be one of the following values: {allowed}")
    _check_value(place, operator, entry["value"])
    level, _, name = str(entry["field"]).rpartition(".")
    if level and level not in LEVELS:
        raise unsupported(str(entry["field"]), operator)
    _refuse_old_names(name, level)
    return Condition(level, name, operator, entry["value"])


def _check_value(place: int, operator: str, value: Any) -> None:
    if operator in _LISTS and not isinstance(value, list):
        raise bad_param(f"param filtering[{place}][value] must be an array.")
    if operator == "IN" and len(value) > _MOST_IDS:
        raise bad_param(f"filtering[{place}][value] may hold at most {_MOST_IDS} values")


def _refuse_old_names(name: str, level: str) -> None:
    for known in LEVELS:
        if not level and name.startswith(f"{known}_"):
            rest = name.removeprefix(f"{known}_")
            raise bad_param(f"Filter {name} is not valid any more, please use {known}.{rest} instead")


def unsupported(field: str, operator: str) -> Exception:
    """What Meta says when a field cannot be filtered on."""
    return bad_param(f'Filtering field "{field}" with operation "{operator.lower()}" is not supported')


def _same(have: Any, want: Any) -> bool:
    try:
        return float(have) == float(want)
    except (TypeError, ValueError):
        return str(have) == str(want)


def _number(value: Any) -> float:
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        raise bad_param("Filter value must be a number") from None
