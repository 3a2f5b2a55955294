"""The messages of the tool's errors, as they stand in its source: what varies is ``…``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import lightleak.errors

HOST = Path(lightleak.errors.__file__).parent
ERRORS = {name for name, kind in vars(lightleak.errors).items() if isinstance(kind, type)}
TABLES = {("device/frida_errors.py", "_KNOWN"): 2}
"""Messages that stand in a table: file and name → which column."""


def messages() -> dict[str, set[str]]:
    """Collect message → the files that have it. A message without a word of its own only passes another one on."""
    found: dict[str, set[str]] = {}
    for path in sorted(HOST.rglob("*.py")):
        place = path.relative_to(HOST).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for message in (*_raised(tree, place), *_tabled(tree, place)):
            if re.search(r"[A-Za-z]{3}", message):
                found.setdefault(message, set()).add(place)
    return found


def _raised(tree: ast.Module, place: str) -> Iterator[str]:
    for function in [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))]:
        texts = _assigned(function)
        for call in _own_calls(function):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name in ERRORS and call.args:
                yield from _texts(call.args[0], texts, f"{place}:{call.lineno}")


def _own_calls(function: ast.AST) -> Iterator[ast.Call]:
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting += ast.iter_child_nodes(node)


def _assigned(function: ast.AST) -> dict[str, list[ast.expr]]:
    texts: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            texts.setdefault(node.targets[0].id, []).append(node.value)
    return texts


def _texts(node: ast.expr, names: dict[str, list[ast.expr]], place: str) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield re.sub("…+", "…", "".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in parts))
        case ast.BinOp(left=left, op=ast.Add()):
            for text in _texts(left, names, place):
                yield f"{text}…"
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body, names, place)
            yield from _texts(other, names, place)
        case ast.Name(id=name) if name in names:
            for value in names[name]:
                yield from _texts(value, {}, place)
        case ast.Attribute(attr="message") | ast.Call():
            pass  # another error's message, or an answer from outside
        case _:
            raise AssertionError(f"{place}: the message of this error cannot be told: {ast.unparse(node)}")


def _tabled(tree: ast.Module, place: str) -> Iterator[str]:
    for node in tree.body:
        target = node.target if isinstance(node, ast.AnnAssign) else None
        column = TABLES.get((place, target.id)) if isinstance(target, ast.Name) else None
        if column is not None and isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Tuple):
            rows = [row for row in node.value.elts if isinstance(row, ast.Tuple)]
            yield from (str(row.elts[column].value) for row in rows if isinstance(row.elts[column], ast.Constant))
