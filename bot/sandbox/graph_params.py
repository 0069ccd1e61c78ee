"""Checks a request's parameters against the endpoint's table and turns text into values."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from bot.sandbox.graph_errors import GraphError, bad_param
from bot.sandbox.graph_schema import Call, fields_of_type

# Accepted everywhere and without effect here; `pretty` and `debug` have none at Meta either since v26.
_IGNORED = frozenset({"access_token", "appsecret_proof", "locale", "pretty", "debug", "format", "method"})
_INTEGERS = frozenset({"int", "unsigned int"})
_COLLECTIONS = ("map", "Object", "list")


def checked(raw: Mapping[str, str], call: Call) -> dict[str, Any]:
    """The parameters as values; anything the endpoint does not know is refused."""
    if "date_format" in raw:
        raise bad_param("The date_format parameter is deprecated in v26.0+")
    values: dict[str, Any] = {}
    for name, text in raw.items():
        if name in _IGNORED:
            continue
        if name not in call.params:
            raise bad_param(f"Unknown parameter: {name}. Known: {', '.join(sorted(call.params))}")
        values[name] = _value(name, text, call.params[name], call.enums)
    return values


def _value(name: str, text: str, kind: str, enums: Mapping[str, frozenset[str]]) -> Any:
    if name == "fields":
        return text
    if kind in enums:
        return _member(name, text, enums[kind])
    if kind.startswith("list"):
        return _list(name, text, kind.removeprefix("list<").removesuffix(">"), enums)
    if kind in {"map", "Object"} or kind.startswith("map<") or fields_of_type(kind) is not None:
        return _object(name, text)
    return _scalar(name, text, kind)


def _scalar(name: str, text: str, kind: str) -> Any:
    if kind in _INTEGERS:
        try:
            return int(text)
        except ValueError:
            raise bad_param(f"Param {name} must be an integer") from None
    if kind == "float":
        try:
            return float(text)
        except ValueError:
            raise bad_param(f"Param {name} must be a number") from None
    if kind == "bool":
        if text.lower() not in {"true", "false", "1", "0"}:
            raise bad_param(f"Param {name} must be a boolean")
        return text.lower() in {"true", "1"}
    return text


def _member(name: str, text: str, allowed: Iterable[str]) -> str:
    if text not in allowed:
        raise bad_param(f"{name} must be one of the following values: {', '.join(sorted(allowed))}")
    return text


def _list(name: str, text: str, inner: str, enums: Mapping[str, frozenset[str]]) -> list[Any]:
    items = _items(name, text, plain=inner not in _COLLECTIONS)
    if inner in enums:
        return [_member(f"{name}[{place}]", str(item), enums[inner]) for place, item in enumerate(items)]
    if inner in {"map", "Object"} and not all(isinstance(item, dict) for item in items):
        raise bad_param(f"param {name} must be an array of objects.")
    return [str(item) if inner == "string" else item for item in items]


def _items(name: str, text: str, *, plain: bool) -> list[Any]:
    if plain and not text.startswith("["):
        return [item.strip() for item in text.split(",") if item.strip()]
    items = _decoded(text)
    if not isinstance(items, list):
        raise bad_param(f"param {name} must be an array.")
    return items


def _object(name: str, text: str) -> Any:
    value = _decoded(text)
    if name == "tracking_specs" and isinstance(value, list):
        return value  # the SDK calls it an object, the reference and every answer show a list
    if not isinstance(value, dict):
        raise bad_param(f"param {name} must be an object.")
    return value


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None


def page_size(params: Mapping[str, Any], *, default: int, largest: int) -> int:
    """`limit` within bounds; Meta quietly gives less than a very large limit asks for."""
    limit = int(params.get("limit", default))
    if limit < 1:
        raise GraphError(100, "(#100) Param limit must be a positive integer")
    return min(limit, largest)
