"""Nested objects checked against the SDK's own classes: every key, every type, as deep as they go."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from bot.sandbox.graph_errors import bad_param
from bot.sandbox.graph_schema import enum_of, fields_of_type, sdk_class

_SIMPLE: Mapping[str, Callable[[Any], bool]] = {
    # Ids arrive as numbers or as text; everything else that is text must be text.
    "string": lambda value: (
        isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    ),
    "datetime": lambda value: isinstance(value, (str, int)),
    "int": lambda value: _whole(value),
    "unsigned int": lambda value: _whole(value) and int(value) >= 0,
    "float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "Object": lambda value: isinstance(value, (dict, list)),
    "map": lambda value: isinstance(value, dict),
}


def conforms(path: str, value: Any, kind: str, owner: str = "") -> None:
    """Refuse a value that is not of this SDK type; `owner` is the class whose enums a name may mean."""
    if kind.startswith("list<"):
        _list(path, value, kind.removeprefix("list<").removesuffix(">"), owner)
    elif kind in _SIMPLE or kind.startswith("map<"):
        _simple(path, value, kind)
    elif fields_of_type(kind) is not None:
        _object(path, value, kind)
    elif value not in _enum(owner, kind):
        raise bad_param(
            f"{path} must be one of the following values: {', '.join(sorted(_enum(owner, kind)))}"
        )


def _list(path: str, value: Any, inner: str, owner: str) -> None:
    if not isinstance(value, list):
        raise bad_param(f"param {path} must be an array.")
    for place, item in enumerate(value):
        conforms(f"{path}[{place}]", item, inner, owner)


def _simple(path: str, value: Any, kind: str) -> None:
    if not _SIMPLE["map" if kind.startswith("map") else kind](value):
        raise bad_param(f"Param {path} must be of type {kind}")


def _object(path: str, value: Any, kind: str) -> None:
    if not isinstance(value, dict):
        raise bad_param(f"param {path} must be an object.")
    types = _types(kind)
    for name, item in value.items():
        if name not in types:
            raise bad_param(f'Invalid keys "{name}" were found in param "{path}".')
        conforms(f"{path}[{name}]", item, types[name], kind)


@cache
def _types(kind: str) -> Mapping[str, str]:
    return dict(sdk_class(kind)._field_types)


@cache
def _enum(owner: str, name: str) -> frozenset[str]:
    try:
        return enum_of(owner, name)
    except (AttributeError, ModuleNotFoundError, ValueError):
        return frozenset()


def _whole(value: Any) -> bool:
    return not isinstance(value, bool) and str(value).lstrip("-").isdigit()
