"""What a Web API method is: a function, the scopes it needs, its rate tier and its kind of token."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_wire import Call


@dataclass(frozen=True)
class Method:
    """One Web API method."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    tier: int = 3
    token: str = "bot"  # noqa: S105
