"""Write under a hidden name, and give a file that is whole its own: nothing half-written is ever seen under that."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from lightleak.errors import FileError

OPEN = os.O_RDWR | getattr(os, "O_BINARY", 0)
"""How files are opened: Windows would change line ends in what it takes for text."""


def draft_of(path: Path) -> Path:
    """Choose the hidden name, in the same folder, under which a file is written."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def create(path: Path) -> int:
    """Create a file of mode 0600 that did not exist, in a folder where others may write too. Errors: OSError."""
    return os.open(path, OPEN | os.O_CREAT | os.O_EXCL, 0o600)


def replace_when_whole(draft: Path, path: Path, *, force: bool) -> None:
    """Rename a draft in the same folder; an existing ``path`` is refused unless ``force``. Errors: FileError."""
    try:
        if force:
            draft.replace(path)
        else:
            _link(draft, path)
    except FileExistsError as problem:
        raise FileError(f"{path} exists and is not overwritten", hint="name another file, or add --force") from problem
    except OSError as problem:
        raise unwritable(path, problem) from problem
    _sync_folder(path.parent)


def unwritable(path: Path, problem: OSError) -> FileError:
    """Say that a file cannot be written."""
    reason = problem.strerror or "unknown reason"
    return FileError(f"{path} cannot be written ({reason})", hint="make room, or name another place")


def _link(draft: Path, path: Path) -> None:
    """Rename without ever overwriting."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        # FAT and some network file systems have no links.
        if path.exists():
            raise FileExistsError from None
        draft.rename(path)
    else:
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    # Windows cannot open folders; there the name is on the disk with the file.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
