"""Examples in the documentation run and print what they say, and what is named in it exists."""

import json
import re
import subprocess
import sys
from dataclasses import fields

import pytest

from bot.clock import SystemClock
from bot.config import Settings
from bot.domain.targets import read_targets
from bot.metrics import CATALOGUE
from bot.operations import RUN
from bot.registry import discover
from bot.sandbox.graph_access import Access
from bot.sandbox.graph_api import GraphStandIn
from bot.sandbox.slack_api import SlackStandIn
from bot.sandbox.slack_spec import demo_workspaces
from bot.sandbox.world import World
from tests.house.tree import ROOT, modules, texts

PAGES = {path: text for path, text in texts() if path.endswith(".md") and not path.startswith("tests/")}
MAKE = (ROOT / "Makefile").read_text("utf-8")
# What stands in the place of a command in prose: the package, the branch of a sentence.
NO_COMMANDS = {"COMMAND"}


def page(name):
    """A document's text."""
    return PAGES[name]


def answer(text, command):
    """The lines that a page shows under a command."""
    lines = [line.strip() for line in text.splitlines()]
    start = lines.index(f"$ {command}") + 1
    end = next(index for index in range(start, len(lines)) if lines[index].startswith(("$ ", "```")))
    return lines[start:end]


def run(*words, env, cwd):
    """What a command prints, and its exit status."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "NO_PROXY": "*", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return [line.strip() for line in done.stdout.splitlines()], done.returncode


@pytest.fixture
def connected():
    """Settings as the documentation's examples had them: one workspace, one account, both stand-ins."""
    clock, spec = SystemClock(), demo_workspaces()[0]
    world = World.demo(clock.now())
    access = Access("docs", frozenset([world.accounts[0].id]))
    graph = GraphStandIn(world, clock, app_id="1", app_secret="s" * 12, tokens={"EAAdocs00001": access})
    slack = SlackStandIn(clock, [spec])
    try:
        slack.start()
        yield {
            "META_GRAPH_URL": graph.start(),
            "META_ACCESS_TOKEN": "EAAdocs00001",
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": spec.bot_token,
            "SLACK_APP_TOKEN": spec.app_token,
            "SPRUCE_CHANNEL": spec.channels[0].id,
        }
    finally:
        slack.stop()
        graph.stop()


def test_the_quickstart_goes_as_it_says(connected, tmp_path):
    quickstart = page("docs/quickstart.md")
    migrated, status = run("migrate", env=connected, cwd=tmp_path)
    assert (migrated, status) == (answer(quickstart, ".venv/bin/spruce migrate"), 0)
    checked, status = run("check", env=connected, cwd=tmp_path)
    assert (checked, status) == (answer(quickstart, ".venv/bin/spruce check"), 0)
    assert checked == answer(page("docs/reference/cli.md"), "spruce check")


def test_the_first_cycle_and_the_next_cost_what_the_page_says(connected, tmp_path):
    text = page("docs/reference/cli.md")
    shown = [json.loads(line) for line in re.findall(r"^\{.*\}$", text, re.MULTILINE)]
    account = shown[0]["account"]
    for expected in shown:
        lines, status = run("poll", "--once", "--account", account, env=connected, cwd=tmp_path)
        assert status == 0
        got = json.loads(lines[0])
        assert list(got) == list(expected)
        same = ("account", "graph_calls", "ads", "warnings", "outcome")
        assert [got[name] for name in same] == [expected[name] for name in same]


def test_an_account_that_the_token_does_not_open_is_told_as_the_page_says(connected, tmp_path):
    text = page("docs/how-to/watch-another-account.md")
    told = re.search(r"FAULT   accounts: (.*?open (act_\d+)\.)\n +(.*)", text)
    run("migrate", env=connected, cwd=tmp_path)
    lines, status = run("check", env={**connected, "SPRUCE_ACCOUNTS": told[2]}, cwd=tmp_path)
    assert status == 1
    assert lines[-2:] == [f"FAULT   accounts: {told[1]}", told[3]]


def test_the_targets_are_understood():
    written = re.search(
        r'^(SPRUCE_TARGETS)="(.*)"$', page("docs/how-to/watch-another-account.md"), re.MULTILINE
    )
    targets = Settings.from_env({written[1]: written[2]}).targets
    shown = {word for account in targets.values() for word in account}
    assert set(targets) == {"act_111", "act_222"}
    assert shown == {"cost_per_purchase", "purchase_roas", "ctr", "cpc"}
    for words in targets.values():
        read_targets(words, "INR")


def test_the_copy_of_the_database_is_whole(tmp_path):
    run("migrate", env={}, cwd=tmp_path)
    code = re.search(r'python -c "(.*)"$', page("docs/how-to/run-in-production.md"), re.MULTILINE)[1]
    code = code.replace('\\"', '"').replace("sqlite3.connect('spruce.db').execute", "run") + "; c.close()"
    code = code.replace(
        "import sqlite3;", "import sqlite3; c = sqlite3.connect('spruce.db'); run = c.execute;"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    checked, _status = run("check", env={"DATABASE_URL": "sqlite:///backup.db"}, cwd=tmp_path)
    assert checked[0] == "OK      database: It answers and is up to date."


def test_the_lines_for_hosting_platforms_are_those_of_the_file():
    assert (ROOT / "Procfile").read_text("utf-8") in page("docs/how-to/run-in-production.md")


def test_what_make_is_said_to_print_is_in_the_makefile():
    printed = re.findall(
        r"`?(spruce: [^`\n]+)", page("docs/quickstart.md") + page("docs/how-to/troubleshoot.md")
    )
    began = [re.split(r" with Python|`", line)[0] for line in printed]
    assert len(began) > 4
    assert [line for line in began if line not in MAKE.replace("$(VENV)", ".venv")] == []


def test_every_command_that_is_named_exists():
    named = {
        (path, word)
        for path, text in PAGES.items()
        for code in re.findall(r"`([^`\n]+)`|^\$ (.+)$", text, re.MULTILINE)
        for word in re.findall(r"(?:^|bin/| |-m bot )(?<!/)spruce ([a-z]+(?:-[a-z]+)*)\b", " ".join(code))
    }
    assert named
    assert [one for one in sorted(named) if one[1] not in {*RUN, *NO_COMMANDS}] == []


def test_every_subcommand_that_is_named_exists():
    known = {one.name for one in discover("handlers.commands", "COMMAND")}
    named = {(path, word) for path, text in PAGES.items() for word in re.findall(r"`/spruce ([a-z]+)", text)}
    assert [one for one in sorted(named) if one[1] not in known] == []


def test_every_setting_and_metric_that_is_named_exists():
    known = {one.metadata["env"] for one in fields(Settings)} | set(CATALOGUE)
    known |= set(re.findall(r"SPRUCE_(?:TEST|REQUIRE)_\w+", page("CONTRIBUTING.md")))
    pattern = r"\b(?:SPRUCE|SLACK|META|GEMINI)_[A-Z_]+[A-Z]\b|\bspruce_[a-z_]+[a-z]\b"
    named = {(path, word) for path, text in PAGES.items() for word in re.findall(pattern, text)}
    assert [one for one in sorted(named) if one[1] not in known] == []


def test_every_target_of_make_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", MAKE, re.MULTILINE))
    named = {(path, word) for path, text in PAGES.items() for word in re.findall(r"`make ([a-z]+)", text)}
    assert [one for one in sorted(named) if one[1] not in targets] == []


def test_what_troubleshooting_quotes_is_what_the_program_says():
    said = MAKE + "".join(path.read_text("utf-8") for path in modules())
    said = said.replace("`", "")
    said = re.sub(r'"\s*\n\s*f?"', "", said)  # a sentence over several lines of code
    quoted = re.findall(r"`([A-Z][^`]* [^`]*)`", page("docs/how-to/troubleshoot.md"))
    pieces = [piece.strip() for quote in quoted for piece in re.split(r"…|\(…\)|\(E-…\)", quote)]
    missing = [piece for piece in pieces if len(piece) > 8 and piece.rstrip(" (") not in said]
    assert len(pieces) > 8
    assert missing == []
