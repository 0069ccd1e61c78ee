"""Every button and every modal there is, found in their packages."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from bot.errors import ConfigurationFault
from bot.registry import module_names
from handlers.base import ActionSpec, ModalSpec


def actions() -> Mapping[str, ActionSpec]:
    """Every button there is, by its id; two that share an id are a fault."""
    return unique(_exported("handlers.actions", "ACTIONS"), "action_id", "button")


def modals() -> list[ModalSpec]:
    """Every modal there is; two that share a callback id are a fault."""
    return list(unique(_exported("handlers.modals", "MODALS"), "callback_id", "modal").values())


def unique(exported: Iterable[tuple[str, Any]], name: str, noun: str) -> dict[str, Any]:
    """Specs by their id, each with the module that exports it; raises ConfigurationFault for a doubled id."""
    found: dict[str, Any] = {}
    for module, spec in exported:
        own = getattr(spec, name)
        if own in found:
            raise ConfigurationFault([f"{module} claims the {noun} {own!r} a second time."])
        found[own] = spec
    return found


def _exported(package: str, name: str) -> Iterable[tuple[str, Any]]:
    for module in module_names(package):
        for spec in getattr(import_module(module), name):
            yield module, spec
