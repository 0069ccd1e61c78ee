"""What a writer of variations is, and which one the settings choose."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

from bot.clock import Clock
from bot.config import Settings
from bot.domain.variations import Brief, Tokens, Written
from bot.errors import ConfigurationFault
from bot.registry import discover

# What lives beside the providers without being one.
BESIDE = ("asking", "base", "bounds", "faults", "prompts", "schema", "sentences")
AUTO = "google-generativeai"


class Writer(Protocol):
    """Writes variations; every text it gives is untrusted."""

    @property
    def name(self) -> str:
        """The provider's name, as SPRUCE_AI_WRITER has it."""
        ...

    @property
    def model(self) -> str:
        """The model that writes the words: what prices go by."""
        ...

    def most(self, brief: Brief) -> Tokens:
        """An upper bound of what `write` can use for this brief: to set money aside before asking."""
        ...

    def write(self, brief: Brief, *, timeout: float) -> Written:
        """Write up to `brief.count` variations within `timeout` seconds, all tries together.

        Raises AiThrottled, AiUnavailable, AiRefused, AiMisconfigured or AiUnreadable; each says in
        `tokens` what was used.
        """
        ...


@dataclass(frozen=True, slots=True)
class Provider:
    """One way to write: its name, the fields of Settings it needs, the package it needs, how to build it."""

    name: str
    needs: tuple[str, ...]
    package: str  # "" where nothing has to be installed
    remedy: str  # what to do where the package is missing
    build: Callable[[Settings, Clock], Writer]


def providers() -> dict[str, Provider]:
    """Every provider by its name."""
    return {one.name: one for one in discover("bot.ai", "PROVIDER", skip=BESIDE)}


def choose(settings: Settings, clock: Clock) -> Writer:
    """The writer of SPRUCE_AI_WRITER; auto is Google's where a key is set, else the offline writer.

    Raises ConfigurationFault where a setting or a package is missing. Loads no SDK.
    """
    name = settings.ai_writer
    if name == "auto":
        name = AUTO if settings.gemini_api_key else "offline"
    provider = providers()[name]
    faults = _missing(provider, settings)
    if faults:
        raise ConfigurationFault(faults)
    return provider.build(settings, clock)


def _missing(provider: Provider, settings: Settings) -> list[str]:
    chosen = f"SPRUCE_AI_WRITER chooses {provider.name}"
    faults = [
        f"{chosen}, which needs {_env(field)}." for field in provider.needs if not getattr(settings, field)
    ]
    if provider.package and not _installed(provider.package):
        faults.append(f"{chosen}, which is not installed. {provider.remedy}")
    return faults


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # not even the namespace it would be in
        return False


def _env(field: str) -> str:
    return str(Settings.__dataclass_fields__[field].metadata["env"])
