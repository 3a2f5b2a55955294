"""Append frames to one session file, in the caller's thread: a frame is on disk whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from lightleak.errors import FileError
from lightleak.files import OPEN, create, draft_of, publish, rescue_unlinked, unwritable
from lightleak.trace import frames
from lightleak.trace.seal import seal

_NAMES_OPEN_FILES = os.name != "nt"
"""Windows neither renames nor removes a file that is open."""


class FrameWriter:
    """One session file that grows, under a hidden name until ``publish``. All methods raise FileError when it cannot be written."""

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
            self._append(header + b"\n", 0)
            self.sync()
        except BaseException:
            self.abandon()
            raise

    def publish(self, *, force: bool = False) -> None:
        """Give the file its name. An existing file is refused unless ``force``."""
        if not _NAMES_OPEN_FILES:
            self._release()
        publish(self._draft, self.path, force=force)
        self._published = True
        if not _NAMES_OPEN_FILES:
            self._reopen()

    def append(self, lines: Sequence[bytes]) -> None:
        """Write one frame of event lines, which have no newlines."""
        self._append(b"\n".join(lines) + b"\n", len(lines))

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
        self._append(b"", 0, final=True, next_part=next_part)
        self.sync()
        self._release()
        return self.head

    def abandon(self) -> None:
        """Close without a closing seal; a file that was never published is removed."""
        self._release()
        if not self._published:
            with contextlib.suppress(OSError):
                self._draft.unlink()

    def _append(self, body: bytes, events: int, *, final: bool = False, next_part: str = "") -> None:
        total = self.events + events
        content, head = seal(body, self.head, frame=self._frame + 1, events=total, final=final, next_part=next_part)
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


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
