"""Our names are ours alone, and the locks say what and not from where."""

import re
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.house.tree import PACKAGES, ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pins(lock):
    """What a lock holds: each name with its versions and conditions."""
    found = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
    return {(name, version) for name, version in found}


def names(requirements):
    """The distributions that a list of requirements names."""
    return {re.split(r"[\[<>=;~! ]", entry)[0].lower() for entry in requirements if isinstance(entry, str)}


def test_no_other_distribution_claims_one_of_our_packages():
    claims = packages_distributions()
    others = {package: set(claims.get(package, [])) - {"spruce"} for package in PACKAGES}
    assert {package: names for package, names in others.items() if names} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"\w+://\S+|^--(?!hash).*", text, re.MULTILINE) == []


def test_developing_has_everything_that_running_has_in_the_same_versions():
    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()


def test_the_locks_hold_every_requirement_of_the_project():
    groups = PROJECT["dependency-groups"]
    running = names(PROJECT["project"]["dependencies"]) | names(groups["build"])
    locked = {name for name, _ in pins("requirements.txt")}
    assert running - locked == set()
    assert names(groups["dev"]) - {name for name, _ in pins("requirements-dev.txt")} == set()


def test_the_project_cannot_be_published_by_mistake():
    assert "Private :: Do Not Upload" in PROJECT["project"]["classifiers"]
