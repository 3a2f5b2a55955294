"""Hold a part of a session against the part before it, where that lies beside it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from lightleak.errors import TraceError
from lightleak.trace.part import Part


class Neighbours(NamedTuple):
    """What was found, a sentence each."""

    problems: list[str]
    notes: list[str]


def check_neighbours(part: Part) -> Neighbours:
    """Follow the chain to the file that this one continues, and name the one that continues it."""
    found = Neighbours([], [])
    if part.last_seal.next is not None and not _beside(part, part.last_seal.next):
        found.notes.append(f"the session goes on in {part.last_seal.next}, which does not lie beside {part.path}")
    if part.number > 1:
        _check_before(part, found)
    return found


def _check_before(part: Part, found: Neighbours) -> None:
    continues = part.header["continues"]
    name, head = continues.get("file"), continues.get("head")
    before = _beside(part, name)
    if before is None:
        found.notes.append(f"{part.path} continues {name}, which does not lie beside it: that link was not checked")
        return
    try:
        other = Part(before)
    except TraceError as problem:
        found.notes.append(f"{part.path} continues {name}, which cannot be read: {problem.message}")
        return
    same_session = other.header.get("session") == part.header.get("session")
    if other.last_seal.hash != head or other.number != part.number - 1 or not same_session:
        found.problems.append(f"{part.path} says that it continues {name}, but not as that file is now")


def _beside(part: Part, name: object) -> Path | None:
    # The name comes from the file: it must not lead anywhere else.
    if not isinstance(name, str) or not name or Path(name).name != name or "\0" in name:
        return None
    path = part.path.with_name(name)
    return path if path.is_file() else None
