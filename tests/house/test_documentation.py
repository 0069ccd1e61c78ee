"""The reference pages list exactly what there is, and links in the documentation lead somewhere."""

import re
from dataclasses import fields

import pytest

from bot.config import Settings
from bot.manifest import EVENTS, SCOPES, build, to_yaml
from bot.metrics import CATALOGUE
from bot.registry import discover, identity
from tests.house.tree import ROOT, first_table, modules, texts

REFERENCE = ROOT / "docs" / "reference"
SETTINGS = [setting.metadata["env"] for setting in fields(Settings)]
LISTED = {
    "rules.md": lambda: [identity(rule) for rule in discover("bot.rules", "RULE")],
    "commands.md": lambda: [
        f"/spruce {identity(command)}" for command in discover("handlers.commands", "COMMAND")
    ],
    "settings.md": lambda: SETTINGS,
    "jobs.md": lambda: [identity(job) for job in discover("jobs", "JOB")],
    "metrics.md": lambda: list(CATALOGUE),
    "permissions.md": lambda: list(SCOPES),
}


@pytest.mark.parametrize("page", LISTED)
def test_the_first_table_of_the_page_lists_exactly_what_there_is(page):
    path = REFERENCE / page
    listed = first_table(path.read_text("utf-8")) if path.exists() else []
    expected = LISTED[page]()
    # Each name alone in the first cell, without its arguments, so that a page cannot go stale unseen.
    assert {"missing": set(expected) - set(listed), "stale": set(listed) - set(expected)} == {
        "missing": set(),
        "stale": set(),
    }
    assert len(listed) == len(set(listed))


def test_the_page_gives_the_same_reason_for_each_scope_and_event_as_the_manifest():
    page = (REFERENCE / "permissions.md").read_text("utf-8")
    reasons = {**SCOPES, **EVENTS}
    assert [name for name, reason in reasons.items() if f"| `{name}` | {reason} |" not in page] == []


def test_every_metric_of_the_catalogue_is_counted_somewhere():
    code = "".join(path.read_text("utf-8") for path in modules() if path.name != "metrics.py")
    assert [metric for metric in CATALOGUE if f'"{metric}"' not in code] == []


def test_the_example_settings_are_all_the_settings_with_their_defaults():
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert sorted(given) == sorted(SETTINGS)
    assert Settings.from_env(given) == Settings()


def test_the_manifest_in_the_documentation_is_what_the_command_prints():
    current = to_yaml(build(None, discover("handlers.commands", "COMMAND")))
    assert (ROOT / "docs" / "slack-manifest.yaml").read_text("utf-8") == current


def test_links_between_documents_lead_to_files():
    broken = []
    for path, text in texts():
        if not path.endswith(".md"):
            continue
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if "://" not in target and not (ROOT / path).parent.joinpath(target).exists():
                broken.append(f"{path}: {target}")
    assert broken == []
