"""Read a small text file that the person names: a policy, a field test's answers."""

from __future__ import annotations

from pathlib import Path

from lightleak.errors import FileError

_MAX_BYTES = 1 << 22


def read_text(path: Path, hint: str) -> str:
    """Return the text, its first 4 MB at most. Errors: FileError, with ``hint`` as the remedy."""
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES + 1).decode()
    except OSError as problem:
        raise FileError(f"{path} cannot be read ({problem.strerror})", hint=hint) from problem
    except UnicodeDecodeError as problem:
        raise FileError(f"{path} is no text in UTF-8", hint=hint) from problem
