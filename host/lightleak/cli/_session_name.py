"""The name of a session file that was given no name: what is recorded, and when, in this machine's local time.

Separate because record and watch share it, and it needs no device.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import count
from pathlib import Path

from lightleak.device.targets import Frontmost, Pid, SpawnFile, Target

SUFFIX = ".lightleak"
_LETTERS_MAX = 60
"""File systems take 255 bytes, and a letter may have four."""


def default_session_name(target: Target, now: dt.datetime, folder: Path) -> Path:
    """Return a name in ``folder`` that is not taken, such as ``com.example.app-2026-11-28T1521.lightleak``.

    A name that is taken gets ``-2``, ``-3``, …
    """
    stem = f"{_safe(_name(target))}-{now:%Y-%m-%dT%H%M}"
    names = (folder / f"{stem}{'' if number == 1 else f'-{number}'}{SUFFIX}" for number in count(1))
    return next(name for name in names if not name.exists() and not name.is_symlink())


def _name(target: Target) -> str:
    match target:
        case SpawnFile():
            return re.split(r"[/\\]", str(target).rstrip("/\\"))[-1]
        case Frontmost():
            return "frontmost"
        case Pid():
            return f"pid-{target.pid}"
    return str(target)


def _safe(name: str) -> str:
    """Return a name that every file system and shell takes as it is: letters of any script, digits, ``.``, ``_``, ``-``."""
    kept = re.sub(r"[^\w.-]+", "-", name)
    # A leading dot hides the file, and a leading dash makes it an option.
    return kept[:_LETTERS_MAX].strip(".-") or "session"
