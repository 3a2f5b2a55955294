"""Each view has the function that ``lightleak.views`` promises, prints nothing and opens no file."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import lightleak.views
from lightleak.views.export.formats import FORMATS

VIEWS = Path(lightleak.views.__file__).parent
HELPERS = {"__init__", "layout"}


def test_each_terminal_view_renders() -> None:
    names = {path.stem for path in (VIEWS / "terminal").glob("*.py")} - HELPERS
    modules = [importlib.import_module(f"lightleak.views.terminal.{name}") for name in sorted(names)]

    assert [module.__name__ for module in modules if not callable(getattr(module, "render", None))] == []


@pytest.mark.parametrize("name", ["page.build", "export.junit", "export.report_json"])
def test_each_view_of_a_result_renders_a_file(name: str) -> None:
    assert callable(importlib.import_module(f"lightleak.views.{name}").render)


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_of_a_session_exports(name: str) -> None:
    module = "perfetto.write" if name == "perfetto" else f"export.{name}"

    assert callable(importlib.import_module(f"lightleak.views.{module}").export)


def test_views_print_nothing_and_open_no_file() -> None:
    found = [
        f"{path.relative_to(VIEWS)}:{node.lineno}"
        for path in sorted(VIEWS.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _name(node.func) in ("print", "open", "open_session")
    ]

    assert [place for place in found if not place.startswith("live/view.py")] == []


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
