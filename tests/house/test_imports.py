"""Asking for help loads nothing heavy, and importing anything does nothing."""

import json
import subprocess
import sys

from tests.house.tree import ROOT, modules, name

HEAVY = ("alembic", "apscheduler", "facebook_business", "flask", "slack_bolt", "slack_sdk", "sqlalchemy")

ASK_FOR_HELP = """
import json, sys
from bot.cli import main
sys.argv = ["spruce", "--help"]
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
print(json.dumps(sorted({module.partition(".")[0] for module in sys.modules})))
"""
IMPORT_ALL = """
import json, logging, os, socket, sys, threading
from importlib import import_module

reached = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.bind", "subprocess.Popen", "sqlite3.connect"):
        reached.append(event)
sys.addaudithook(watch)
for module in json.loads(sys.argv[1]):
    import_module(module)
left = [type(handler).__name__ for handler in logging.getLogger().handlers]
print(json.dumps({"reached": reached, "threads": threading.active_count(), "handlers": left}))
"""


def run(code, *arguments):
    """The last line that a fresh Python prints, in an environment without settings."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_asking_for_help_loads_no_heavy_library():
    loaded = run(ASK_FOR_HELP)
    assert [library for library in HEAVY if library in loaded] == []


def test_importing_every_module_starts_nothing():
    # Alembic runs the files under migrations itself; they are not modules to import.
    everything = [
        name(path) for path in modules() if "migrations" not in path.parts and path.stem != "__main__"
    ]
    dotted = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in everything]
    assert run(IMPORT_ALL, json.dumps(dotted)) == {"reached": [], "threads": 1, "handlers": []}
