"""The small language in which Block Kit's rules are written: checks, shapes, pointers, faults."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.sandbox.slack_spec import Json


@dataclass(frozen=True)
class BlockFault:
    """One broken rule, as `blocks.validate` and `errors` report it."""

    code: str
    message: str
    pointer: str
    constraint: object = None

    def line(self) -> str:
        """The form used in `errors` and `response_metadata.messages`."""
        return f"{self.message} [json-pointer:{self.pointer}]"

    def as_json(self) -> Json:
        """The form used by `blocks.validate`."""
        body: Json = {"code": self.code, "message": self.message, "pointer": self.pointer}
        if self.constraint is not None:
            body["constraint"] = self.constraint
        return body


FileLookup = Callable[[Json], str | None]


@dataclass
class Report:
    """What is being checked and what was found wrong."""

    surface: str
    file_problem: FileLookup
    faults: list[BlockFault] = field(default_factory=list)
    focused: int = 0


@dataclass(frozen=True)
class At:
    """A place in the payload."""

    pointer: str
    report: Report

    def down(self, key: str | int) -> "At":
        """The place one step below."""
        return At(f"{self.pointer}/{key}", self.report)

    def fault(self, code: str, message: str, constraint: object = None) -> None:
        """Note a broken rule here."""
        self.report.faults.append(BlockFault(code, message, self.pointer, constraint))


Check = Callable[[object, At], None]
Rule = Callable[[Json, At], None]


def string(high: int = 10**6, low: int = 1, *, pattern: str | None = None) -> Check:
    """A string whose length lies within limits."""

    def check(value: object, at: At) -> None:
        if not isinstance(value, str):
            at.fault("wrong_type", "must provide a string", "string")
        elif len(value) > high:
            at.fault("too_long", f"must be less than {high + 1} characters", high)
        elif len(value) < low:
            at.fault("too_short", f"must be more than {low - 1} characters", low)
        elif pattern and not re.fullmatch(pattern, value):
            at.fault("bad_format", "must match the expected pattern", pattern)

    return check


def choice(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: object, at: At) -> None:
        if value not in allowed:
            at.fault("not_allowed", f"must be one of: {', '.join(allowed)}", list(allowed))

    return check


def boolean(value: object, at: At) -> None:
    """true or false."""
    if not isinstance(value, bool):
        at.fault("wrong_type", "must provide a boolean", "boolean")


def integer(low: int, high: int) -> Check:
    """A whole number within limits."""

    def check(value: object, at: At) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            at.fault("wrong_type", "must provide an integer", "integer")
        elif not low <= value <= high:
            at.fault("out_of_range", f"must be between {low} and {high}", [low, high])

    return check


def number(value: object, at: At) -> None:
    """Any number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        at.fault("wrong_type", "must provide a number", "number")


def array(item: Check, low: int = 0, high: int = 10**6) -> Check:
    """A list whose items all pass a check."""

    def check(value: object, at: At) -> None:
        if not isinstance(value, list):
            at.fault("wrong_type", "must provide an array", "array")
            return
        if len(value) > high:
            at.fault("too_many", f"no more than {high} items allowed", high)
        if len(value) < low:
            at.fault("too_few", f"must provide at least {low} item(s)", low)
        for index, entry in enumerate(value[: high + 1]):
            item(entry, at.down(index))

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Rule) -> Check:
    """An object with exactly these keys; rules look at several keys together."""
    known = {**required, **(optional or {})}

    def check(value: object, at: At) -> None:
        if not isinstance(value, dict):
            at.fault("wrong_type", "must provide an object", "object")
            return
        for name in required:
            if name not in value:
                at.fault("missing", f"missing required field: {name}", name)
        for key, entry in value.items():
            if key in known:
                known[key](entry, at.down(key))
            else:
                at.fault("unknown_key", f"invalid additional property: {key}", key)
        for rule in rules:
            rule(value, at)

    return check


def by_type(table: Mapping[str, Check], allowed: Callable[[str, At], bool] | None = None) -> Check:
    """An object whose `type` selects its check; `allowed` may refuse a known type here."""

    def check(value: object, at: At) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict):
            at.fault("wrong_type", "must provide an object", "object")
        elif not isinstance(kind, str) or kind not in table:
            at.down("type").fault("unsupported_type", f"unsupported type: {kind}", sorted(table))
        elif allowed and not allowed(kind, at):
            at.down("type").fault("unsupported_type", f"unsupported type: {kind} cannot be used here")
        else:
            table[kind](value, at)

    return check


def exactly(kind: str) -> Check:
    """The `type` key of an object that was already selected by it."""
    return choice(kind)


def exactly_one(*keys: str) -> Rule:
    """One of these keys, not several and not none."""

    def rule(value: Json, at: At) -> None:
        if sum(key in value for key in keys) != 1:
            at.fault("one_of", f"must provide exactly one of: {', '.join(keys)}", list(keys))

    return rule


def at_least_one(*keys: str) -> Rule:
    """One or more of these keys."""

    def rule(value: Json, at: At) -> None:
        if not any(key in value for key in keys):
            at.fault("one_of", f"must provide at least one of: {', '.join(keys)}", list(keys))

    return rule
