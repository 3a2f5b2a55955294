"""Write a result that is too large to hold: to stdout, or whole to a file that did not exist."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lightleak.cli._output import refuse_existing
from lightleak.errors import FileError


@contextlib.contextmanager
def stream(output: Path | None, *, force: bool = False) -> Iterator[BinaryIO]:
    """Open stdout, or a draft of mode 0600 that gets the name ``output`` when all is written. Errors: FileError."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    refuse_existing(output, force=force)
    draft = output.with_name(f".{output.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if force:
            draft.replace(output)
        else:
            os.link(draft, output)  # fails where somebody else wrote the name meanwhile
            draft.unlink()
    except OSError as problem:
        raise FileError(f"{output} cannot be written ({problem.strerror})", hint="choose another place") from problem
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
