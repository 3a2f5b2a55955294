"""Append frames to one session file, in the caller's thread: what a frame holds is on disk whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

from lightleak.errors import FileError
from lightleak.trace import frames
from lightleak.trace.seal import seal

_BINARY = getattr(os, "O_BINARY", 0)


class Journal:
    """One session file that grows. It lies under a hidden name until ``publish``. Errors of all methods: FileError."""

    def __init__(self, path: Path, header: bytes) -> None:
        self.path = path
        self.events = 0
        """Events written so far."""
        self.size = 0
        """Bytes of whole frames on the file."""
        self.head = ""
        """The last seal's hash."""
        self._frame = 0
        self._compressor = frames.compressor()
        self._published = False
        self._draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY
            self._descriptor = os.open(self._draft, flags, stat.S_IRUSR | stat.S_IWUSR)
        except OSError as problem:
            raise self._unwritable(problem) from problem
        self._append(header + b"\n", 0)
        self.sync()

    def publish(self, *, force: bool = False) -> None:
        """Put the file under its name. An existing file is refused unless ``force``."""
        try:
            if force:
                self._draft.replace(self.path)
            else:
                _link(self._draft, self.path)
        except FileExistsError as problem:
            raise FileError(
                f"{self.path} exists and is not overwritten", hint="name another file, or add --force"
            ) from problem
        except OSError as problem:
            raise self._unwritable(problem) from problem
        self._published = True
        _sync_folder(self.path.parent)

    def append(self, lines: Sequence[bytes]) -> None:
        """Write one frame of event lines (no newlines in them)."""
        self._append(b"\n".join(lines) + b"\n", len(lines))

    def sync(self) -> None:
        """Wait until all frames are on the disk, and see that the file is still the one that has the name."""
        try:
            os.fsync(self._descriptor)
        except OSError as problem:
            raise self._unwritable(problem) from problem
        if self._published:
            self._check_place()

    def close(self, *, next_part: str = "") -> str:
        """Write the closing seal, sync and close; return the head hash."""
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

    def _release(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _append(self, body: bytes, events: int, *, final: bool = False, next_part: str = "") -> None:
        content, digest = seal(
            body, self.head, frame=self._frame + 1, events=self.events + events, final=final, next_part=next_part
        )
        packed = frames.pack(content, self._compressor)
        try:
            _write_all(self._descriptor, packed)
        except OSError as problem:
            # What is there stays whole: half a frame would only take the room of the message.
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self.size)
            raise self._unwritable(problem) from problem
        self._frame += 1
        self.events += events
        self.size += len(packed)
        self.head = digest

    def _check_place(self) -> None:
        mine = os.fstat(self._descriptor)
        try:
            named = self.path.stat()
        except OSError:
            named = None
        if named is None or (named.st_dev, named.st_ino) != (mine.st_dev, mine.st_ino):
            raise FileError(f"{self.path} was moved, removed or replaced while it was written", hint="record again")
        if mine.st_size != self.size:
            raise FileError(f"{self.path} was changed by somebody else while it was written", hint="record again")

    def _unwritable(self, problem: OSError) -> FileError:
        reason = problem.strerror or "unknown reason"
        return FileError(f"{self.path} cannot be written ({reason})", hint="make room, or name another place")


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _link(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        # FAT and some network file systems have no links.
        if path.exists():
            raise FileExistsError from None
        draft.rename(path)
    else:
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    # Windows cannot open folders; there the name is durable with the file.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
