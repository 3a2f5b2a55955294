"""Spread a long session over several files, each of which says what it continues."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lightleak.trace.frame_writer import FrameWriter
from lightleak.trace.header import encode_header


class Rotation(NamedTuple):
    """When to begin the next file; None where that does not matter."""

    size_bytes: int | None = None
    seconds: float | None = None


def part_path(first: Path, part: int) -> Path:
    """Name a part: ``week.lightleak``, ``week.2.lightleak``, ``week.3.lightleak``, …"""
    return first if part == 1 else first.with_name(f"{first.stem}.{part}{first.suffix}")


class Parts:
    """The files of one session under way. Errors of all methods: FileError."""

    def __init__(self, path: Path, header: dict[str, Any], *, force: bool, rotation: Rotation | None) -> None:
        self.paths = [path]
        self._header = header
        self._rotation = rotation or Rotation()
        self._earlier_bytes = 0
        self._journal = self._begin(path, header, force=force)

    @property
    def path(self) -> Path:
        """The file written to now."""
        return self.paths[-1]

    @property
    def head(self) -> str:
        """The last seal's hash."""
        return self._journal.head

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return self._earlier_bytes + self._journal.size

    def append(self, lines: Sequence[bytes]) -> None:
        """Write one frame, into the next file where the rotation is due."""
        if self._due():
            self._rotate()
        self._journal.append(lines)

    def sync(self) -> None:
        """Wait until all frames are on the disk."""
        self._journal.sync()

    def look(self) -> None:
        """See that the last file is still the one that has the name."""
        self._journal.look()

    def close(self) -> None:
        """Seal and close the last file."""
        self._journal.close()

    def abandon(self) -> None:
        """Close without a closing seal."""
        self._journal.abandon()

    def _begin(self, path: Path, header: dict[str, Any], *, force: bool) -> FrameWriter:
        journal = FrameWriter(path, encode_header(header))
        try:
            journal.publish(force=force)
        except BaseException:
            journal.abandon()
            raise
        self._began_s = time.monotonic()
        return journal

    def _due(self) -> bool:
        size_bytes, seconds = self._rotation
        if not self._journal.events:
            return False
        full = size_bytes is not None and self._journal.size >= size_bytes
        return full or (seconds is not None and time.monotonic() >= self._began_s + seconds)

    def _rotate(self) -> None:
        part = len(self.paths) + 1
        path = _free(part_path(self.paths[0], part))
        head = self._journal.close(next_part=path.name)
        self._earlier_bytes += self._journal.size
        continues = {"part": part, "file": self.path.name, "head": head}
        self._journal = self._begin(path, {**self._header, "continues": continues}, force=False)
        self.paths.append(path)


def _free(path: Path) -> Path:
    """Give a name that nobody has: nobody is there to ask when the next part begins, days into a recording."""
    names = (path, *(path.with_name(f"{path.stem}-{number}{path.suffix}") for number in range(1, 10_000)))
    return next((name for name in names if not name.exists()), path)
