"""Save what was recorded into a file that somebody has removed from under the recorder."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from lightleak.trace.publish import create

_CHUNK_BYTES = 1 << 20


def rescue(descriptor: int, path: Path, size: int) -> Path | None:
    """Copy the first ``size`` bytes of an open file beside its old name, mode 0600; None where that cannot be done.

    As long as the file is open its bytes are there, whatever became of its name.
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
