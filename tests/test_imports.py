"""Imports point one way, and what belongs to one house stays in it (design.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOST = Path(__file__).parent.parent / "host" / "lightleak"

FLOORS = [
    {
        "errors",
        "file_names",
        "events",
        "event_head",
        "app_names",
        "arrays",
        "built_assets",
        "costs",
        "coverage",
        "dataframes",
        "defaults",
        "files",
        "known_apps",
        "notebook_html",
        "output_formats",
        "losses",
        "origins",
        "replay_state",
        "second_process",
        "statements",
        "text",
        "timezones",
        "wording",
        "_version",
    },
    {"trace", "report", "filter"},
    {"comparator", "redact"},
    {"fleet"},
    {"views"},
    {"pipeline", "device", "fieldtest", "library"},
    {"cli", "__main__"},
]
"""A part may import from its own floor and from those before it."""

COMPARATOR_FLOORS = [
    {"assumptions", "columns"},
    {"timeline"},
    {"rules"},
    {"explain", "summary", "dataframe"},
    {"comparison"},
    {"api"},
    {"policy", "diff", "quotable", "entry_filter", "selection"},
]
"""The same inside the comparator: from events to sentences."""

ONLY_IN = {
    "frida": ("device/",),
    "click": ("cli/",),
    "duckdb": ("fleet/",),
    "distributed": ("fleet/",),
    "dask": ("fleet/",),
    "fsspec": ("fleet/",),
    "scipy": ("fleet/",),
    "rich": ("views/live", "views/terminal", "cli/_console", "cli/_progress"),
}
"""Library → where it may be imported."""


def modules() -> list[Path]:
    return sorted(HOST.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor_of(part: str, floors: list[set[str]] = FLOORS) -> int:
    return next((n for n, floor in enumerate(floors) if part in floor), -1)


def upwards(path: Path, within: str, floors: list[set[str]]) -> list[str]:
    """Return what a module of the package ``within`` imports from a floor above its own."""
    own = path.relative_to(HOST.parent / within.replace(".", "/")).with_suffix("").parts[0]
    names = (name for name in imported(path) if name.startswith(f"{within}."))
    return [
        name
        for name in names
        if floor_of(name.removeprefix(f"{within}.").split(".")[0], floors) > floor_of(own, floors) >= 0
    ]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HOST)))
def test_imports_point_one_way(path):
    assert upwards(path, "lightleak", FLOORS) == []


@pytest.mark.parametrize(
    "path", sorted((HOST / "comparator").rglob("*.py")), ids=lambda path: str(path.relative_to(HOST))
)
def test_imports_inside_the_comparator_point_one_way(path):
    assert upwards(path, "lightleak.comparator", COMPARATOR_FLOORS) == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_where_it_belongs(library):
    users = {
        str(path.relative_to(HOST))
        for path in modules()
        if any(name == library or name.startswith(f"{library}.") for name in imported(path))
    }
    assert [user for user in users if not user.startswith(ONLY_IN[library])] == []


def test_every_part_has_its_floor():
    parts = {path.relative_to(HOST).with_suffix("").parts[0] for path in modules()} - {"__init__", "assets"}
    assert {part for part in parts if floor_of(part) < 0} == set()
    inside = {
        path.relative_to(HOST / "comparator").with_suffix("").parts[0] for path in (HOST / "comparator").rglob("*.py")
    }
    assert {part for part in inside - {"__init__"} if floor_of(part, COMPARATOR_FLOORS) < 0} == set()
