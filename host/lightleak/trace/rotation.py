"""Write a long session to several files, each of which says what it continues."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lightleak.trace.frame_writer import FrameWriter
from lightleak.trace.header import encode_header


class Rotation(NamedTuple):
    """When to start the next file; None for no limit."""

    size_bytes: int | None = None
    seconds: float | None = None


def part_path(first: Path, part: int) -> Path:
    """Return the name of a part: ``week.lightleak``, ``week.2.lightleak``, ``week.3.lightleak``, …"""
    return first if part == 1 else first.with_name(f"{first.stem}.{part}{first.suffix}")


class RotatingWriter:
    """Append frames to the files of one session. All methods raise FileError when a file cannot be written."""

    def __init__(self, path: Path, header: dict[str, Any], *, force: bool, rotation: Rotation | None) -> None:
        self.paths = [path]
        self._header = header
        self._rotation = rotation or Rotation()
        self._earlier_bytes = 0
        self._writer = self._start(path, header, force=force)

    @property
    def path(self) -> Path:
        """The file that is written now."""
        return self.paths[-1]

    @property
    def head(self) -> str:
        """The last seal's hash."""
        return self._writer.head

    @property
    def size(self) -> int:
        """Size of all files, bytes."""
        return self._earlier_bytes + self._writer.size

    def append(self, lines: Sequence[bytes]) -> None:
        """Write one frame, into the next file when the rotation is due."""
        if self._due():
            self._rotate()
        self._writer.append(lines)

    def sync(self) -> None:
        """Wait until all frames are on the disk."""
        self._writer.sync()

    def check_name(self) -> None:
        """Check that the last file is still the one under its name."""
        self._writer.check_name()

    def close(self) -> None:
        """Seal and close the last file."""
        self._writer.close()

    def abandon(self) -> None:
        """Close without a closing seal."""
        self._writer.abandon()

    def _start(self, path: Path, header: dict[str, Any], *, force: bool) -> FrameWriter:
        writer = FrameWriter(path, encode_header(header))
        try:
            writer.publish(force=force)
        except BaseException:
            writer.abandon()
            raise
        self._started_s = time.monotonic()
        return writer

    def _due(self) -> bool:
        size_bytes, seconds = self._rotation
        if not self._writer.events:
            return False
        full = size_bytes is not None and self._writer.size >= size_bytes
        return full or (seconds is not None and time.monotonic() >= self._started_s + seconds)

    def _rotate(self) -> None:
        part = len(self.paths) + 1
        path = _unused(part_path(self.paths[0], part))
        head = self._writer.close(next_part=path.name)
        self._earlier_bytes += self._writer.size
        continues = {"part": part, "file": self.path.name, "head": head}
        self._writer = self._start(path, {**self._header, "continues": continues}, force=False)
        self.paths.append(path)


def _unused(path: Path) -> Path:
    """Return a name that no file has: days into a recording, no one is there to ask."""
    names = (path, *(path.with_name(f"{path.stem}-{number}{path.suffix}") for number in range(1, 10_000)))
    return next((name for name in names if not name.exists()), path)
