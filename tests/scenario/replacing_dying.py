"""A process of the bot that carries replacements out and dies at one call, as if the plug had been pulled.

`python -m tests.scenario.replacing_dying` reads {"settings", "now", "match", "params", "skip", "after"} as
JSON from its input.
"""

import json
import os
import sys
from datetime import datetime
from typing import Any, NoReturn

from bot.app import build
from bot.clock import SettableClock
from bot.config import Settings
from bot.domain.guardrails import Limits
from bot.services.replacements import ReplacementService
from tests.scenario.replacing_faults import Point, Strike

STATUS = 137


def die() -> NoReturn:
    """End at once: nothing is flushed, closed, rolled back or told."""
    os._exit(STATUS)


def main(given: dict[str, Any]) -> None:
    """Carry out what is due, and die on the way."""
    clock = SettableClock(datetime.fromisoformat(given["now"]))
    application = build(Settings.from_env(given["settings"]), clock, sleep=lambda _: None, pace=0.0)
    services = application.services
    point = Point("", given["match"], given["params"], given["skip"])
    ReplacementService(
        application.db,
        clock,
        connections=Strike(point, die, after=given["after"]).client(services.connections),
        new_id=lambda: "",
        metrics=services.metrics,
        limits=Limits(),
        changed=lambda *_: None,
    ).carry_out()


if __name__ == "__main__":
    main(json.load(sys.stdin))
    os._exit(0)  # it was to die on the way
