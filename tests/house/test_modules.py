"""Modules stay small, packages hold no code, and every module has its place among the layers."""

import ast
import tomllib

import pytest

from tests.house.tree import ROOT, modules, name

LONGEST = 300
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = next(contract["layers"] for contract in CONTRACTS if contract["type"] == "layers")


def test_no_module_is_longer_than_a_few_screens():
    # A migration is written once, by Alembic, and never edited.
    edited = [path for path in modules() if path.parent.name != "versions"]
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in edited}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("path", [path for path in modules() if path.name == "__init__.py"], ids=name)
def test_a_package_file_holds_a_docstring_and_nothing_else(path):
    first, *rest = ast.parse(path.read_text("utf-8")).body
    assert isinstance(first, ast.Expr)
    assert isinstance(first.value, ast.Constant)
    allowed = 1 if name(path) == "bot/__init__.py" else 0  # its version
    assert len(rest) == allowed


def test_every_module_begins_by_saying_what_it_is_for():
    silent = [name(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def test_every_module_of_the_bot_has_its_layer():
    layered = {part.strip(" ()") for layer in LAYERS for part in layer.split("|")}
    there = {f"bot.{path.stem}" for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert there - layered - {"bot.__init__", "bot.__pycache__"} == set()


def test_the_top_level_stays_as_it_is():
    packages = {path.parent.name for path in ROOT.glob("*/*.py")}
    assert packages <= {"bot", "handlers", "jobs", "storage", "tests", "bench"}
