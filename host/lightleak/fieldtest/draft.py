"""What a field test has found so far, on disk: an interrupted one goes on where it was.

A draft holds identifiers of entries and times of day, which the finished file does not; it is removed with it.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from lightleak.errors import FileError
from lightleak.files import replace_when_whole

VERSION = 1


class Phone(Struct):
    """Which phone, without its name."""

    model: str | None = None
    os_version: str | None = None
    platform: str = ""
    arch: str = ""
    frida: str = ""


class StepFindings(Struct):
    """What one step has seen; times are Unix ns of the device."""

    began_ns: int = 0
    ended_ns: int = 0
    skipped: str = ""
    """Why the step shows nothing; empty where it was done."""
    accounted: list[tuple[str, int]] = []
    """Identifiers that the app's own accounting logged meanwhile, and when it first did."""
    queries_ns: list[int] = []
    """The app's own queries, those of the field kit too."""
    marks_ns: dict[str, list[int]] = {}
    """Named moments: deliveries, details, reads, suspended, resumed, task ends."""
    told: dict[str, Any] = {}
    """What else is to be judged, by name."""


class Draft(Struct):
    """A field test so far."""

    version: int = VERSION
    target: str = ""
    """The app's bundle identifier; not in the finished file."""
    idle_s: float = 0.0
    phone: Phone = field(default_factory=Phone)
    steps: dict[str, StepFindings] = {}


def draft_path(output: Path) -> Path:
    """Return where the draft of a result lies."""
    return output.with_name(f".{output.name}.draft")


def read_draft(output: Path) -> Draft | None:
    """Read the draft of an interrupted field test; None where there is none. Raises: FileError."""
    path = draft_path(output)
    try:
        draft = msgspec.json.decode(path.read_bytes(), type=Draft)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, RecursionError) as problem:
        raise FileError(f"{path} cannot be read ({problem})", hint="remove it, and begin again") from problem
    if draft.version != VERSION:
        raise FileError(f"{path} is of another lightleak", hint="remove it, and begin again")
    return draft


def write_draft(output: Path, draft: Draft) -> None:
    """Write the draft, mode 0600, whole or not at all. Raises: FileError."""
    with replace_when_whole(draft_path(output), force=True, hint="name another place with -o") as file:
        file.write(msgspec.json.encode(draft))


def remove_draft(output: Path) -> None:
    """Remove the draft: all is in the result."""
    with contextlib.suppress(OSError):
        draft_path(output).unlink()
