"""Write results: to stdout, or whole to a file that did not exist."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lightleak.errors import FileError
from lightleak.trace.publish import create, draft_of, replace_when_whole


def refuse_existing(path: Path, *, force: bool) -> None:
    """Refuse an output that exists, before any work is done. Errors: FileError."""
    if path.is_dir():
        raise FileError(f"{path} is a folder", hint="name a file to write")
    if path.exists() and not force:
        raise FileError(f"{path} exists and is not overwritten", hint="name another file, or add --force")
    if not path.parent.is_dir():
        raise FileError(f"the folder {path.parent} does not exist", hint="create it first")


def emit(data: str | bytes, output: Path | None, *, force: bool = False) -> None:
    """Write to stdout, or to ``output`` with mode 0600, whole or not at all. Errors: FileError."""
    with stream(output, force=force) as file:
        file.write(data.encode() if isinstance(data, str) else data)


@contextlib.contextmanager
def stream(output: Path | None, *, force: bool = False) -> Iterator[BinaryIO]:
    """Open stdout, or a draft of mode 0600 that gets the name ``output`` when all is written. Errors: FileError."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    refuse_existing(output, force=force)
    draft = draft_of(output)
    try:
        with os.fdopen(create(draft), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        replace_when_whole(draft, output, force=force)
    except OSError as problem:
        raise FileError(f"{output} cannot be written ({problem.strerror})", hint="choose another place") from problem
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


@contextlib.contextmanager
def draft_folder(output: Path, *, force: bool) -> Iterator[Path]:
    """Give an empty folder of mode 0700 that gets the name ``output`` when all is written. Errors: FileError.

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


def _merge(draft: Path, output: Path) -> None:
    for path in sorted(draft.rglob("*")):
        place = output / path.relative_to(draft)
        if path.is_dir():
            place.mkdir(mode=0o700, exist_ok=True)
        else:
            path.replace(place)
