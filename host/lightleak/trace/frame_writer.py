"""Append frames to the files of a session, in the caller's thread: a frame is on disk whole or not at all.

``FrameWriter`` writes one file; ``RotatingWriter`` several, each of which says which one it continues.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lightleak.errors import FileError
from lightleak.files import OPEN, create, draft_of, publish, rescue_unlinked, unwritable
from lightleak.trace import frames
from lightleak.trace.frames import Body, seal
from lightleak.trace.header import encode_header

_CAN_RENAME_OPEN_FILES = os.name != "nt"
"""Windows neither renames nor removes a file that is open."""


class FrameWriter:
    """One session file that grows, under a hidden name until ``publish``.

    All methods raise FileError when it cannot be written.
    """

    def __init__(self, path: Path, header: bytes) -> None:
        self.path = path
        self.events = 0
        """Events written so far."""
        self.size = 0
        """Bytes of whole frames in the file."""
        self.head = ""
        """The hash of the last seal."""
        self._frame = 0
        self._compressor = frames.compressor()
        self._published = False
        self._draft = draft_of(path)
        try:
            self._descriptor = create(self._draft)
        except OSError as problem:
            raise unwritable(path, problem) from problem
        try:
            self._append(Body(header + b"\n", 0))
            self.sync()
        except BaseException:
            self.abandon()
            raise

    def publish(self, *, force: bool = False) -> None:
        """Give the file its name. An existing file is refused unless ``force``."""
        if not _CAN_RENAME_OPEN_FILES:
            self._release()
        publish(self._draft, self.path, force=force)
        self._published = True
        if not _CAN_RENAME_OPEN_FILES:
            self._reopen()

    def append(self, lines: Body | Sequence[bytes]) -> None:
        """Write one frame of event lines; in a sequence they have no newlines."""
        self._append(lines if isinstance(lines, Body) else Body.of(lines))

    def sync(self) -> None:
        """Wait until all frames are on the disk, and ``check_name``."""
        try:
            os.fsync(self._descriptor)
        except OSError as problem:
            raise unwritable(self.path, problem) from problem
        self.check_name()

    def check_name(self) -> None:
        """Check that the file is still the one under its name."""
        try:
            mine = os.fstat(self._descriptor)
        except OSError as problem:
            raise unwritable(self.path, problem) from problem
        if self._published:
            self._check_same_file(mine)

    def close(self, *, next_part: str = "") -> str:
        """Write the closing seal, sync and close; return the head hash. ``next_part``: the file that continues it."""
        self._append(Body(b"", 0), final=True, next_part=next_part)
        self.sync()
        self._release()
        return self.head

    def abandon(self) -> None:
        """Close without a closing seal; a file that was never published is removed."""
        self._release()
        if not self._published:
            with contextlib.suppress(OSError):
                self._draft.unlink()

    def _append(self, body: Body, *, final: bool = False, next_part: str = "") -> None:
        total = self.events + body.events
        content, head = seal(
            body.text, self.head, frame=self._frame + 1, events=total, final=final, next_part=next_part
        )
        packed = frames.pack(content, self._compressor)
        try:
            _write_all(self._descriptor, packed)
        except OSError as problem:
            # Half a frame is useless and takes room that may be needed to save the rest.
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self.size)
            raise unwritable(self.path, problem) from problem
        self._frame += 1
        self.events = total
        self.size += len(packed)
        self.head = head

    def _check_same_file(self, mine: os.stat_result) -> None:
        try:
            named = self.path.stat()
        except OSError:
            named = None
        # Some network file systems renumber files. Another file would not have grown with this one.
        if named is None or (not os.path.samestat(named, mine) and named.st_size != mine.st_size):
            raise self._displaced(mine)
        if mine.st_size != self.size:
            raise FileError(f"{self.path} was changed by another program while it was written", hint="record again")

    def _displaced(self, mine: os.stat_result) -> FileError:
        what = f"{self.path} was moved, removed or replaced while it was written"
        if mine.st_nlink:
            return FileError(what, hint="the recording is complete at the new place of the file")
        saved = rescue_unlinked(self._descriptor, self.path, self.size)
        return FileError(what, hint=f"the recording was saved as {saved}" if saved else "the recording is lost")

    def _reopen(self) -> None:
        try:
            self._descriptor = os.open(self.path, OPEN | os.O_APPEND)
        except OSError as problem:
            raise unwritable(self.path, problem) from problem

    def _release(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)


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

    def append(self, lines: Body | Sequence[bytes]) -> None:
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


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _unused(path: Path) -> Path:
    """Return a name that no file has: days into a recording, no one is there to ask."""
    names = (path, *(path.with_name(f"{path.stem}-{number}{path.suffix}") for number in range(1, 10_000)))
    return next((name for name in names if not name.exists()), path)
