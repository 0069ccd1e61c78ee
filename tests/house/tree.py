"""What the house tests look at: the files of the project, wherever it was cloned to."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "jobs", "storage")
NOT_OURS = {".git", ".venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}
NOT_OURS |= {".import_linter_cache", "build", "dist"}


def modules() -> list[Path]:
    """Every Python file of the four packages."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the project, as its path from the root and its contents."""
    for path in _files(ROOT):
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def name(path: Path) -> str:
    """The path from the root, for messages."""
    return path.relative_to(ROOT).as_posix()


def first_table(page: str) -> list[str]:
    """What the first table of a documentation page lists: its first column, where each cell is code."""
    rows = [line for line in page.splitlines() if line.startswith("|")]
    start = next((index for index, row in enumerate(rows) if set(row) <= set("|-: ")), len(rows))
    table = _until_gap(page, rows[start]) if start < len(rows) else []
    return [cell for row in table if (cell := row.split("|")[1].strip().removeprefix("`").removesuffix("`"))]


def _until_gap(page: str, rule: str) -> list[str]:
    lines = page.splitlines()
    body = lines[lines.index(rule) + 1 :]
    end = next((index for index, line in enumerate(body) if not line.startswith("|")), len(body))
    return body[:end]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix not in {".db", ".db-wal", ".db-shm"} and path.name != ".env":
            yield path
