"""What the reference pages say of each thing is what the code says of it, not only its name."""

import argparse
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields

import pytest

from bot.cli import _parser
from bot.config import Settings
from bot.domain.access import Permission, Person, Role, Roles, demand
from bot.domain.ids import UserId, WorkspaceId
from bot.errors import NotAllowed
from bot.manifest import SCOPES
from bot.metrics import CATALOGUE
from bot.operations import _pace
from bot.registry import discover
from tests.house.tree import ROOT

REFERENCE = ROOT / "docs" / "reference"


def rows(page, heading=""):
    """The cells of the first table of a page, or of the first one behind a heading."""
    lines = page[page.index(heading) :].splitlines()
    rule = next(
        index for index, line in enumerate(lines) if line.startswith("|") and set(line) <= set("|-: ")
    )
    table = []
    for line in lines[rule + 1 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return table


def read(name):
    """A reference page."""
    return (REFERENCE / name).read_text("utf-8")


def commands():
    """Each command's parser, by name."""
    actions = _parser()._actions
    return next(one for one in actions if isinstance(one, argparse._SubParsersAction)).choices


def test_the_commands_are_described_as_in_their_help():
    listed = {row[0].strip("`"): row[1] for row in rows(read("cli.md"))}
    assert listed == {name: parser.description for name, parser in commands().items()}


def test_the_options_are_described_as_in_their_help():
    listed = {row[0].strip("`"): row[1] for row in rows(read("cli.md"), "## Options")}
    there = {
        f"{name} {option.option_strings[-1]}": option.help
        for name, parser in commands().items()
        for option in parser._actions
        if option.dest != "help"
    }
    assert listed == there


def test_the_defaults_are_those_of_the_settings():
    written = {row[0].strip("`"): row[1].strip("`") for row in rows(read("settings.md"))}
    assert written == {
        one.metadata["env"]: _default(getattr(Settings(), one.name)) for one in fields(Settings)
    }


def test_the_jobs_are_described_as_by_the_command():
    written = [[row[0].strip("`"), *row[1:]] for row in rows(read("jobs.md"))]
    jobs = discover("jobs", "JOB")
    assert written == [[job.id, _pace(job.every.total_seconds()), job.summary] for job in jobs]


def test_the_metrics_have_their_kinds_and_labels():
    written = {
        row[0].strip("`"): (row[1], tuple(re.findall(r"`(\w+)`", row[2]))) for row in rows(read("metrics.md"))
    }
    assert written == {name: (metric.kind, metric.labels) for name, metric in CATALOGUE.items()}


@pytest.mark.parametrize("row", rows(read("roles.md")), ids=lambda row: row[0].strip("`"))
def test_each_role_may_do_what_the_page_says(row):
    role = Role(row[0].strip("`"))
    person = Person(WorkspaceId("T1"), UserId("U1"), role)
    assert [cell == "yes" for cell in row[1:]] == [_may(person, permission) for permission in Permission]


def test_every_role_is_on_the_page():
    assert {row[0].strip("`") for row in rows(read("roles.md"))} == {role.value for role in Role}


def test_the_first_page_names_every_scope_that_the_app_asks_for():
    readme = (ROOT / "README.md").read_text("utf-8")
    bot = next(row for row in rows(readme, "## What each token may do") if "SLACK_BOT_TOKEN" in row[0])
    assert sorted(re.findall(r"`([\w:]+)`", bot[1])) == sorted(SCOPES)


def test_the_first_page_lists_every_subcommand():
    readme = (ROOT / "README.md").read_text("utf-8")
    listed = {row[0].strip("`").replace("\\|", "|") for row in rows(readme, "## In Slack")}
    assert listed == {f"/spruce {one.usage}" for one in discover("handlers.commands", "COMMAND")}


def test_the_order_of_imports_is_the_one_that_is_checked():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    written = (
        (ROOT / "docs" / "decisions" / "0001-house-and-import-contracts.md")
        .read_text("utf-8")
        .split("```")[1]
    )
    assert written.split("\n")[1:-1] == [re.sub(r"[()]", "", layer) for layer in layers]


def test_every_document_is_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert [page for page in sorted(pages - {"README.md"}) if f"({page})" not in index] == []


def _default(value):
    if value is None:
        return "none"
    if isinstance(value, Mapping) and value:
        return ",".join(f"{name}:{amount}" for name, amount in value.items())
    return str(value) if isinstance(value, int | str) else "empty"


def _may(person, permission):
    try:
        demand(person, permission, Roles())
    except NotAllowed:
        return False
    return True
