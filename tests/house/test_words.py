"""Nothing unfinished, nothing patched, and nothing of the machine that a file was written on."""

import re
from pathlib import Path

from tests.house.tree import PACKAGES, ROOT, texts

# Put together here, since this file is looked at as well.
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error", "pytest.mark." + "xfail"]
UNFINISHED += ["pytest.mark." + "skip"]
PATCHED = ["unittest" + r"\.mock", "Magic" + "Mock", r"monkeypatch\." + "setattr", r"mocker\." + "patch"]
CODE = (*(f"{package}/" for package in PACKAGES), "tests/", "bench/")


def found(patterns, *, under=("",), flags=0):
    """Where one of the patterns stands, as path and line number."""
    pattern = re.compile("|".join(patterns), flags)
    return [
        f"{path}:{number}"
        for path, text in texts()
        if path.startswith(under)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_nothing_is_left_unfinished():
    assert found([rf"\b{word}\b" for word in UNFINISHED], under=CODE) == []


def test_nothing_is_patched():
    assert found(PATCHED, under=("tests/",)) == []


def test_no_path_of_a_machine_is_written_down():
    homes = [re.escape(f"{Path.home()}/"), re.escape(f"{ROOT}/"), "/ho" + r"me/\w+/", "/Us" + r"ers/\w+/"]
    assert found(homes) == []


def test_no_assistant_is_named():
    words = ["edualc", "ciporhtna", "tpgtahc", "tolipoc", "rosruc ia", "noisses siht"]
    assert found([rf"\b{word[::-1]}\b" for word in words], flags=re.IGNORECASE) == []


def test_only_names_that_say_something():
    vague = re.compile(r"(^|/)(utils?|helpers?|common|managers?|misc)(\.py|/)")
    assert [path for path, _ in texts() if vague.search(path)] == []
