"""The single plug-in mechanism: a file in the right folder adds a rule, a command, a job or a provider."""

from collections.abc import Collection, Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from bot.errors import ConfigurationFault

# What lives beside the plug-ins without being one: their contract, their words, and what runs them.
NOT_PLUGINS = ("base", "prompts", "scheduler", "runner_local", "runner_procrastinate")


def discover(package: str, name: str, *, skip: Collection[str] = NOT_PLUGINS) -> tuple[Any, ...]:
    """The object called `name` of every module in `package`, in the order of their ids."""
    found: dict[str, Any] = {}
    faults: list[str] = []
    for module_name in module_names(package, skip=skip):
        _collect(module_name, name, found, faults)
    if faults:
        raise ConfigurationFault(faults)
    plugins = {identity(plugin): plugin for plugin in found.values()}
    return tuple(plugins[key] for key in sorted(plugins))


def module_names(package: str, *, skip: Collection[str] = NOT_PLUGINS) -> list[str]:
    """The full names of the modules that `discover` expects to export something."""
    paths: Iterable[str] = import_module(package).__path__
    names = sorted(entry.name for entry in iter_modules(paths) if not entry.ispkg)
    return [f"{package}.{name}" for name in names if name not in skip and not name.startswith("_")]


def identity(plugin: Any) -> str:
    """What tells one plug-in from another: its `id`, or its `name` where people type it."""
    return str(getattr(plugin, "id", None) or getattr(plugin, "name", ""))


def _collect(module_name: str, name: str, found: dict[str, Any], faults: list[str]) -> None:
    plugin = getattr(import_module(module_name), name, None)
    if plugin is None:
        faults.append(f"{module_name} does not export {name}.")
        return
    if not identity(plugin):
        faults.append(f"{module_name}.{name} has neither an id nor a name.")
        return
    for other, rival in found.items():
        if identity(rival) == identity(plugin):
            faults.append(f"{other} and {module_name} both call themselves {identity(plugin)!r}.")
    found[module_name] = plugin
