"""The name of a file in results: without the folders above what was given, which may name a person.

So the same input gives the same bytes from any folder. Messages to the person at the terminal keep the path as it was typed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def base_name(path: str | Path) -> str:
    """Return the last part of a path as text; ``.`` and ``..`` have the name of the folder that they mean."""
    name = os.path.basename(os.path.abspath(path))  # noqa: PTH100, PTH119  resolve() would follow links
    return as_text(name or "/")


def as_text(name: str) -> str:
    """Return a file's name as text: it may hold bytes that are none, and messages about it must be text."""
    return name.encode(errors="backslashreplace").decode()


def distinct_names(paths: Iterable[str | Path]) -> list[str]:
    """Return the base name of each path, in order; what repeats a name gets a number: ``a.ndjson``, ``a.ndjson (2)``."""
    found: list[str] = []
    taken: set[str] = set()
    for path in paths:
        base = name = base_name(path)
        number = 1
        while name in taken:
            number += 1
            name = f"{base} ({number})"
        taken.add(name)
        found.append(name)
    return found
