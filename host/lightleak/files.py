"""Write files and folders whole or not at all: under a hidden name first, which is replaced when all is written.

Readers never see anything half-written under the final name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lightleak.errors import FileError

OPEN = os.O_RDWR | getattr(os, "O_BINARY", 0)
"""Flags for opening: without O_BINARY, Windows changes line ends."""

_CHUNK_BYTES = 1 << 20
_MAX_TEXT_BYTES = 1 << 22


@contextlib.contextmanager
def replace_when_whole(path: Path, *, force: bool, hint: str = "choose another place") -> Iterator[BinaryIO]:
    """Open a new file of mode 0600 that gets the name ``path`` when all is written.

    An existing ``path`` is refused unless ``force``. A failure leaves nothing. Raises: FileError.
    """
    draft = draft_of(path)
    try:
        with os.fdopen(create(draft), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        publish(draft, path, force=force)
    except OSError as problem:
        raise FileError(f"{path} cannot be written ({problem.strerror})", hint=hint) from problem
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


@contextlib.contextmanager
def replace_folder_when_whole(output: Path, *, force: bool) -> Iterator[Path]:
    """Make an empty folder of mode 0700 that gets the name ``output`` when all is written. Raises: FileError.

    With ``force`` an existing folder is kept, and files of the same names in it are replaced.
    """
    if output.exists() and not (force and output.is_dir()):
        raise FileError(f"{output} exists and is not overwritten", hint="name another folder, or add --force")
    if not output.parent.is_dir():
        raise FileError(f"the folder {output.parent} does not exist", hint="create it first")
    draft = draft_of(output)
    try:
        draft.mkdir(mode=0o700)
        yield draft
        if output.exists():
            _merge(draft, output)
        else:
            draft.rename(output)
    except OSError as problem:
        raise FileError(f"{output} cannot be written ({problem.strerror})", hint="choose another place") from problem
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def sha256_of(path: Path) -> str | None:
    """Return the SHA-256 of a file as hex digits; None when it cannot be read as one, such as a folder."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def refuse_existing(path: Path, *, force: bool) -> None:
    """Check an output before any work is done. Raises: FileError when it exists or its folder does not."""
    if path.is_dir():
        raise FileError(f"{path} is a folder", hint="name a file to write")
    if path.exists() and not force:
        raise FileError(f"{path} exists and is not overwritten", hint="name another file, or add --force")
    if not path.parent.is_dir():
        raise FileError(f"the folder {path.parent} does not exist", hint="create it first")


def read_text(path: Path, hint: str) -> str:
    """Return the text of a file, its first 4 MB at most. Raises: FileError with ``hint`` as the remedy."""
    try:
        with path.open("rb") as file:
            return file.read(_MAX_TEXT_BYTES + 1).decode()
    except OSError as problem:
        raise FileError(f"{path} cannot be read ({problem.strerror})", hint=hint) from problem
    except UnicodeDecodeError as problem:
        raise FileError(f"{path} is not valid UTF-8", hint=hint) from problem


def draft_of(path: Path) -> Path:
    """Return the hidden name in the same folder under which a file is written."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def create(path: Path) -> int:
    """Create a new file of mode 0600, safe in a folder where others may write too. Raises: OSError."""
    return os.open(path, OPEN | os.O_CREAT | os.O_EXCL, 0o600)


def publish(draft: Path, path: Path, *, force: bool) -> None:
    """Rename a draft in the same folder; an existing ``path`` is refused unless ``force``. Raises: FileError."""
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
    """Return the error that a file cannot be written."""
    reason = problem.strerror or "unknown reason"
    return FileError(f"{path} cannot be written ({reason})", hint="make room, or name another place")


def rescue_unlinked(descriptor: int, path: Path, size: int) -> Path | None:
    """Save the first ``size`` bytes of an open file that was removed, next to its old name, mode 0600.

    While the file is open its bytes exist, even without a name. Return None when they cannot be saved.
    """
    saved = path.with_name(f"{path.stem}.rescued-{secrets.token_hex(4)}{path.suffix}")
    try:
        with os.fdopen(create(saved), "wb") as file:
            os.lseek(descriptor, 0, os.SEEK_SET)
            while size > 0 and (chunk := os.read(descriptor, min(size, _CHUNK_BYTES))):
                file.write(chunk)
                size -= len(chunk)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            saved.unlink()
        return None
    return saved


def _merge(draft: Path, output: Path) -> None:
    for path in sorted(draft.rglob("*")):
        place = output / path.relative_to(draft)
        if path.is_dir():
            place.mkdir(mode=0o700, exist_ok=True)
        else:
            path.replace(place)


def _link(draft: Path, path: Path) -> None:
    """Rename without overwriting."""
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
    # Windows cannot open folders; there, the name is synced with the file.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
