"""Write results: to stdout, or to a new file that is written completely or not at all."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from lightleak import files
from lightleak.errors import UsageError
from lightleak.files import replace_when_whole

STDOUT = Path("-")
"""The name after ``-o`` that is stdout."""


def is_stdout(output: Path | None) -> bool:
    """Return whether a result goes to stdout, without ``-o`` or with ``-o -``."""
    return output is None or output == STDOUT


def refuse_binary_on_terminal(form: str, output: Path | None) -> None:
    """Check the output of a binary format. Raises: UsageError for a terminal that ``-o -`` did not ask for."""
    if output is None and sys.stdout.isatty():
        raise UsageError(
            f"{form} is binary and is not written to a terminal", hint="name a file with -o FILE; -o - forces it"
        )


def refuse_existing(path: Path, *, force: bool) -> None:
    """Check an output before any work is done; stdout always passes. Raises: FileError when it exists or its folder does not."""
    if path != STDOUT:
        files.refuse_existing(path, force=force)


def emit(data: str | bytes, output: Path | None, *, force: bool = False) -> None:
    """Write to stdout (None or ``-``), or to ``output`` with mode 0600. Raises: FileError when it cannot be written."""
    with stream(output, force=force) as file:
        file.write(data.encode() if isinstance(data, str) else data)


def emit_json(content: Any) -> None:
    """Write a result as JSON to stdout."""
    emit(json.dumps(content, ensure_ascii=False, indent=2) + "\n", None)


@contextlib.contextmanager
def stream(output: Path | None, *, force: bool = False) -> Iterator[BinaryIO]:
    """Open stdout, or a draft of mode 0600 that gets the name ``output`` when all is written.

    Raises: FileError when the file exists or cannot be written.
    """
    if output is None or is_stdout(output):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    refuse_existing(output, force=force)
    with replace_when_whole(output, force=force) as file:
        yield file
