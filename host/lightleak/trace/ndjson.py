"""Read a trace in the interchange format (NDJSON, contract section 3), and make a session file of it.

Such a file may be hostile: each line is decoded whole before anything is written. Only the places of the lines are kept
in memory.

Separate because it reads another file format: only ``lightleak import`` does.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from lightleak._version import __version__
from lightleak.errors import TraceError
from lightleak.trace.event_order import EventIndex, Place
from lightleak.trace.format import LINE_BYTES_MAX
from lightleak.trace.frame_writer import FrameWriter
from lightleak.trace.frames import framed
from lightleak.trace.header import decode_header
from lightleak.trace.joined_lines import JoinedLines
from lightleak.trace.line import KINDS, check_event, check_keys, same_event
from lightleak.trace.migrate import steps_from

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace that was read and checked."""

    path: Path
    header_line: bytes
    kinds: Counter[str]
    """How many lines there are of each kind."""
    offsets: list[int]
    """The places of the events: in order of seq in each segment, without repeats."""
    repeats: int
    """How many lines repeat another one and are left out."""

    @property
    def unknown_kinds(self) -> dict[str, int]:
        """The kinds that this version does not know, with their number of lines."""
        return {kind: count for kind, count in self.kinds.items() if kind not in KINDS}

    @property
    def events(self) -> int:
        """How many events there are."""
        return len(self.offsets)

    def lines(self) -> Iterator[bytes]:
        """Yield the event lines, without newlines. Raises: TraceError."""
        with _opened(self.path) as file:
            here = 0
            for offset in self.offsets:
                if offset != here:
                    file.seek(offset)
                text = file.readline(LINE_BYTES_MAX + 2)
                here = offset + len(text)
                yield text.strip()


class _TraceLine(NamedTuple):
    number: int
    offset: int
    text: bytes
    is_unended: bool
    """Whether no newline follows: the file can have been cut there."""


def read_trace(path: Path) -> Trace:
    """Read and check a whole trace. Raises: TraceError, which names file and line."""
    with _opened(path) as file:
        lines = _lines(path, file)
        first = next(lines, None)
        if first is None:
            raise TraceError(f"{path} is empty", hint="name a trace in the interchange format")
        try:
            steps_from(decode_header(first.text)["version"])
            check_keys(first.text)
        except TraceError as problem:
            raise _in_line(path, first.number, problem) from problem
        index, kinds = _read_events(path, lines)
        repeats = index.sort()
        for one, other in repeats:
            _check_repeat(path, file, one, other)
    return Trace(path, first.text, kinds, index.offsets, len(repeats))


def _read_events(path: Path, lines: Iterator[_TraceLine]) -> tuple[EventIndex, Counter[str]]:
    index = EventIndex()
    kinds: Counter[str] = Counter()
    for number, offset, text, is_unended in lines:
        try:
            event = check_event(text)
            check_keys(text)
        except TraceError as problem:
            raise _in_line(path, number, problem, is_cut=is_unended) from problem
        kinds[event.kind] += 1
        index.add(event.segment, event.seq, offset, number)
    return index, kinds


def _lines(path: Path, file: BinaryIO) -> Iterator[_TraceLine]:
    """Yield the lines that are not blank, with number and offset."""
    number = offset = 0
    while text := file.readline(LINE_BYTES_MAX + 2):
        number += 1
        if len(text.rstrip(b"\r\n")) > LINE_BYTES_MAX:
            raise TraceError(f"{path}, line {number} is longer than 16 MiB", hint="the file is not a trace")
        start = len(_BOM) if number == 1 and text.startswith(_BOM) else 0
        if stripped := text[start:].strip():
            yield _TraceLine(number, offset, stripped, not text.endswith(b"\n"))
        offset += len(text)


def _check_repeat(path: Path, file: BinaryIO, one: Place, other: Place) -> None:
    texts = []
    for place in (one, other):
        file.seek(place.offset)
        texts.append(file.readline(LINE_BYTES_MAX + 2).strip())
    if not same_event(*texts):
        raise TraceError(
            f"{path}, line {one.number} and line {other.number} have the same segment and seq and differ",
            hint="number the events of a segment from 1, one more for each",
        )


def _in_line(path: Path, number: int, problem: TraceError, *, is_cut: bool = False) -> TraceError:
    if is_cut and problem.message.startswith("not JSON"):
        return TraceError(
            f"{path}, line {number}: {problem.message}; the last line has no newline, so the trace was probably cut off there",
            hint="export it again, or replace that line by a lost event, so that the session says what is missing (docs/trace-format.md)",
        )
    return TraceError(f"{path}, line {number}: {problem.message}", hint=problem.hint)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise TraceError(f"{path} cannot be read ({reason})", hint="name a file that can be read") from problem


def _marked(header: bytes) -> bytes:
    """Return a header that says that the session was imported, and is otherwise as it was written.

    A trace is text that anyone can write, and nothing else shows that it was not recorded here. One that says so already is left as it is.
    """
    if "imported" in decode_header(header):
        return header
    said = {"tool": f"lightleak {__version__}", "date": dt.datetime.now(tz=dt.UTC).date().isoformat()}
    return header.rstrip()[:-1] + b',"imported":' + msgspec.json.encode(said) + b"}"


def import_trace(path: Path, output: Path, *, force: bool = False) -> Trace:
    """Make a session file of a trace, whole or not at all; return the trace. Raises: TraceError, FileError."""
    trace = read_trace(path)
    writer = FrameWriter(output, _marked(trace.header_line))
    try:
        for lines in framed(JoinedLines(line, 1) for line in trace.lines()):
            writer.append(lines)
        writer.close()
        writer.publish(force=force)
    except BaseException:
        writer.abandon()
        raise
    return trace
