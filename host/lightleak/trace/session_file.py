"""Read one session file: its frames, its header, its last seal."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import zstandard

from lightleak.errors import TraceError
from lightleak.file_names import base_name
from lightleak.trace import frames
from lightleak.trace.frames import ByteRange, Seal, find_seal, split
from lightleak.trace.header import decode_header
from lightleak.trace.migrate import migrated, migrated_lines, steps_from
from lightleak.trace.pieces import LineRange
from lightleak.trace.schema import readable_header

STRETCH_BYTES = 512 << 10
"""How much is read at once: some frames of a busy app, or a hundred of one that does little."""

_LOOK_BYTES = 2_000
"""How much of another kind of file is read to recognise it."""


class SessionFile:
    """One session file as it was when it was opened. All methods raise TraceError when it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = base_name(path)
        """How results call it; another one where another file of a comparison has the same name."""
        with _opened(path) as file:
            self.size = file.seek(0, 2)
            self.ranges = list(frames.walk(file, self.size))
            """The whole file: frames, and what is damaged or cut between them."""
            self.frames = [byte_range for byte_range in self.ranges if byte_range.whole]
            _refuse_other_file(file, self.ranges)
            first = self._first_line(file)
        with naming(path):
            header = decode_header(first)
            steps = steps_from(header["version"])
        as_written = migrated(header, [step.header for step in steps])
        self.header_line = msgspec.json.encode(as_written) if steps else first
        self.odd_in_header: Counter[str] = Counter()
        """How many values of the header were read as absent, by key: they are of another type than their key has."""
        self.header: dict[str, Any] = readable_header(as_written, self.odd_in_header)
        self._first_bytes = len(first) + 1
        self._steps = steps
        self.last_seal = self.seal_of(self.frames[-1])[0]

    @property
    def closed(self) -> bool:
        """Whether the writer finished and nothing follows its last frame."""
        return self.last_seal.final and self.ranges[-1].whole

    @property
    def number(self) -> int:
        """The number of this file in its session, from 1."""
        continues = self.header.get("continues")
        return (continues or {}).get("part") or 1

    def contents(self, only: Iterable[ByteRange] | None = None) -> Generator[tuple[ByteRange, bytes], None, None]:
        """Yield the content of all frames or of some, seal included."""
        unpacker = zstandard.ZstdDecompressor()
        with _opened(self.path) as file, naming(self.path):
            for frame in self.frames if only is None else only:
                file.seek(frame.offset)
                yield frame, frames.unpack(file.read(frame.length), unpacker)

    def blocks(self, only: list[ByteRange] | None = None) -> Iterator[tuple[ByteRange, bytes]]:
        """Yield the event lines of all frames or of some, each with its newline, in today's format version."""
        for frame, content in self.contents(only):
            body = self.body(frame, content)
            if body:
                yield frame, self._migrated(body)

    @cached_property
    def stretches(self) -> list[list[ByteRange]]:
        """The frames, each with those after it as far as they are short: what a reader of many events takes at once."""
        found: list[list[ByteRange]] = []
        room = 0
        for frame in self.frames:
            if frame.content_bytes > room or frame.content_bytes <= 0:
                found.append([])
                room = STRETCH_BYTES
            found[-1].append(frame)
            room -= frame.content_bytes if frame.content_bytes > 0 else room
        return found

    def lines_of(self, contents: Iterable[tuple[ByteRange, bytes]]) -> LineRange:
        """Return the event lines of some frames, in today's format version."""
        several = [(content, *self._span(frame, content)) for frame, content in contents]
        if len(several) == 1 and not self._steps:
            return LineRange(*several[0])
        joined = b"".join(self._migrated(content[start:end]) for content, start, end in several)
        return LineRange(joined, 0, len(joined))

    def body(self, frame: ByteRange, content: bytes) -> bytes:
        """Return a frame's content without header and seal."""
        start, end = self._span(frame, content)
        return content[start:end]

    def _span(self, frame: ByteRange, content: bytes) -> tuple[int, int]:
        with naming(self.path):
            end, _ = find_seal(content)
        # A first frame can be its header alone.
        return (min(self._first_bytes, end) if frame is self.frames[0] else 0), end

    def seal_of(self, frame: ByteRange) -> tuple[Seal, int]:
        """Return one frame's seal and its number of events."""
        ((_, content),) = self.contents([frame])
        with naming(self.path):
            _, found = split(content)
        return found, self.body(frame, content).count(b"\n")

    def _first_line(self, file: BinaryIO) -> bytes:
        frame = self.frames[0]
        file.seek(frame.offset)
        with naming(self.path):
            lines, _ = split(frames.unpack(file.read(frame.length), zstandard.ZstdDecompressor()))
        return lines.partition(b"\n")[0]

    def _migrated(self, body: bytes) -> bytes:
        return migrated_lines(body, self._steps) if self._steps else body


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Put the file's name before the message of a TraceError."""
    try:
        yield
    except TraceError as problem:
        raise TraceError(f"{path}: {problem.message}", hint=problem.hint) from problem


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as problem:
        reason = problem.strerror or "unknown reason"
        raise TraceError(f"{path} cannot be read ({reason})", hint="name a session file") from problem


def _remedy(name: str, start: bytes) -> str:
    """Return the hint for another kind of file, by its first bytes."""
    if not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "name a session file"
    # Source: the keys of an App_Privacy_Report line, iOS 15.2 and later; no event of a trace has them.
    if b'"type"' in start and (b'"accessor"' in start or b'"bundleID"' in start):
        return "it is a privacy report: lightleak inspect reads it, lightleak compare SESSION REPORT explains it"
    return f"lightleak import {name} -o FILE makes a session of a trace"


def _refuse_other_file(file: BinaryIO, ranges: list[ByteRange]) -> None:
    name = file.name
    if not ranges:
        raise TraceError(
            f"{name} is empty", hint="the recorder was killed before writing, or this is not a session file"
        )
    file.seek(0)
    start = file.read(8)
    if not frames.starts_like_session_file(start):
        raise TraceError(f"{name} is not a session file", hint=_remedy(str(name), start + file.read(_LOOK_BYTES)))
    if not ranges[0].whole:
        raise TraceError(
            f"the first frame of {name} is damaged or cut, and the header with it", hint="use another copy"
        )
