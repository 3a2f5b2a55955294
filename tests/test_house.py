"""One name for one thing, and a reason for each file: what a newcomer may rely on when looking for a room."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

HOST = Path(__file__).parent.parent / "host" / "lightleak"
REASON = "Separate because "
"""How a docstring begins the sentence that says why a module with a single importer is a file of its own."""


def modules() -> dict[str, Path]:
    """Return each module of the host by its dotted name."""
    return {_name(path): path for path in sorted(HOST.rglob("*.py"))}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(HOST.parent).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module imports, those inside functions included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield node.module


def importers() -> dict[str, set[str]]:
    """Return module → the modules that import it."""
    known = modules()
    found: dict[str, set[str]] = {name: set() for name in known}
    for name, path in known.items():
        for other in imported(path):
            if other in known and other != name:
                found[other].add(name)
    return found


def test_no_two_classes_share_a_name():
    places = defaultdict(list)
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_a_module_with_a_single_importer_says_why_it_is_a_file():
    """Commands are exempt, for the command line finds each by its name, and so are packages."""
    unexplained = [
        name
        for name, users in importers().items()
        if len(users) == 1
        and modules()[name].name != "__init__.py"
        and not (name.startswith("lightleak.cli.") and not name.startswith("lightleak.cli._"))
        and REASON
        not in " ".join((ast.get_docstring(ast.parse(modules()[name].read_text(encoding="utf-8"))) or "").split())
    ]
    assert unexplained == []


def test_a_module_that_nothing_imports_is_an_entry_point():
    unused = [
        name
        for name, users in importers().items()
        if not users
        and modules()[name].name not in {"__init__.py", "__main__.py"}
        and not name.startswith("lightleak.cli.")
    ]
    # The exports of other tools' formats are loaded by the name of the format.
    assert [
        name for name in unused if not name.startswith(("lightleak.views.export.", "lightleak.views.perfetto."))
    ] == []
