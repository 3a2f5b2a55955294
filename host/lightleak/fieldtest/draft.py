"""What a field test has found so far, on disk, so that an interrupted one can continue.

A draft holds identifiers of entries and times of day, which the result does not; it is deleted once the result is written.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from lightleak.errors import FileError
from lightleak.events import DeviceKind
from lightleak.files import replace_when_whole

VERSION = 1


class Phone(Struct):
    """Which phone, without its name."""

    model: str | None = None
    os_version: str | None = None
    platform: str = ""
    arch: str = ""
    frida: str = ""
    kind: DeviceKind | None = None
    """None: not known."""

    @property
    def is_no_phone(self) -> bool:
        """Whether it is known that what runs iOS here is not a phone: nothing that it does confirms or refutes anything of phones."""
        return self.kind in ("virtual", "simulator")


class StepFindings(Struct):
    """What one step found; times are Unix ns of the device."""

    began_ns: int = 0
    ended_ns: int = 0
    skipped: str = ""
    """Why the step was skipped; empty when it was done."""
    accounted: list[tuple[str, int]] = []
    """Identifiers that the app's own accounting logged during the step, and when it first did."""
    queries_ns: list[int] = []
    """The queries in the app, including those of the field test."""
    marks_ns: dict[str, list[int]] = {}
    """Named moments: deliveries, details, reads, suspended, resumed, task ends."""
    observations: dict[str, Any] = field(default_factory=dict, name="told")
    """Other findings, by name."""


class Draft(Struct):
    """A field test so far."""

    version: int = VERSION
    target: str = ""
    """The app's bundle identifier; not in the result."""
    idle_s: float = 0.0
    phone: Phone = field(default_factory=Phone)
    steps: dict[str, StepFindings] = {}


def draft_path(output: Path) -> Path:
    """Return the path of the draft of a result."""
    return output.with_name(f".{output.name}.draft")


def read_draft(output: Path) -> Draft | None:
    """Return the draft of an interrupted field test, or None when there is none. Raises: FileError when it cannot be used."""
    path = draft_path(output)
    try:
        draft = msgspec.json.decode(path.read_bytes(), type=Draft)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, RecursionError) as problem:
        raise FileError(f"{path} cannot be read ({problem})", hint="delete it and start over") from problem
    if draft.version != VERSION:
        raise FileError(f"{path} was written by a different version of lightleak", hint="delete it and start over")
    return draft


def write_draft(output: Path, draft: Draft) -> None:
    """Write the draft, mode 0600, completely or not at all. Raises: FileError."""
    with replace_when_whole(draft_path(output), force=True, hint="name another place with -o") as file:
        file.write(msgspec.json.encode(draft))


def remove_draft(output: Path) -> None:
    """Delete the draft: the result holds everything."""
    with contextlib.suppress(OSError):
        draft_path(output).unlink()
