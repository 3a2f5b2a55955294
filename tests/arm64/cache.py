"""What is made once and kept in build/arm64: each thing with the hash of what it was made from."""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
KEPT = TOP / "build" / "arm64"


class CannotRunError(Exception):
    """The machine cannot be made or started here. The message is one sentence that says what to do."""


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"test-arm64: {text}", file=sys.stderr, flush=True)


def digest(*parts: str | Path) -> str:
    """Return a hash of texts and of files' contents, in this order."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        whole.update(b"\0")
    return whole.hexdigest()


def files_of(folder: Path) -> list[Path]:
    """Return the files in a folder, sorted, without what Python compiled."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def kept(name: str, doing: str, made_from: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of build/arm64, made by ``make`` if it was made from something else or was not finished.

    ``make`` gets a new folder. It takes the place of the old one only when it is whole.
    """
    folder, marker = KEPT / name, KEPT / f"{name}.made-from"
    if folder.is_dir() and marker.is_file() and marker.read_text(encoding="utf-8") == made_from:
        return folder
    say(f"{doing} …")
    began_s = time.monotonic()
    marker.unlink(missing_ok=True)
    new = KEPT / f"{name}.new"
    _remove(new, folder)
    new.mkdir(parents=True)
    make(new)
    new.rename(folder)
    marker.write_text(made_from, encoding="utf-8")
    say(f"{doing}: {time.monotonic() - began_s:.0f} s")
    return folder


def _remove(*folders: Path) -> None:
    _each(folders, lambda folder: shutil.rmtree(folder) if folder.exists() else None)


def _each(folders: Iterable[Path], do: Callable[[Path], None]) -> None:
    for folder in folders:
        do(folder)
