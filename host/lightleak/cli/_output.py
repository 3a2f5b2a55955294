"""Write results: to stdout, or whole to a file that did not exist."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from pathlib import Path

from lightleak.errors import FileError


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
    raw = data.encode() if isinstance(data, str) else data
    if output is None:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        return
    refuse_existing(output, force=force)
    draft = output.with_name(f".{output.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        if force:
            draft.replace(output)
        else:
            os.link(draft, output)  # fails where somebody else wrote the name meanwhile
            draft.unlink()
    except OSError as problem:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise FileError(f"{output} cannot be written ({problem.strerror})", hint="choose another place") from problem
