"""Read an export: cut it into blocks of whole numbered lines in bounded memory, and add those to the raw rows.

Separate because the bounds on memory and on damaged files are its concern, not what a line says.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from lightleak.errors import ReportError
from lightleak.report.fast_lines import add_ordinary
from lightleak.report.line_schema import read_line
from lightleak.report.raw_rows import FROM_EXPORT, RawRows

BLOCK_BYTES = 1 << 19
MAX_LINE_BYTES = 1 << 20
"""A line of a report has some 250 bytes. A longer one than this is skipped and noted as a problem."""


class Block(NamedTuple):
    """Whole lines, or the fact that one was too long."""

    first_line: int
    data: bytes
    """The lines with their line ends; empty when the line was too long."""
    too_long: bool = False


def blocks(stream: BinaryIO) -> Iterator[Block]:
    """Yield the stream's lines, some thousand at a time. Keeps at most ``MAX_LINE_BYTES`` and one chunk in memory.

    Raises: what the stream raises, after the whole lines before it.
    """
    line, rest, skipping = 1, b"", False
    for chunk in _chunks(stream):
        first_end, start = chunk.find(b"\n"), 0
        if skipping or len(rest) + (first_end if first_end >= 0 else len(chunk)) > MAX_LINE_BYTES:
            rest, skipping = b"", first_end < 0
            if skipping:
                continue
            yield Block(line, b"", too_long=True)
            line, start = line + 1, first_end + 1
        cut = chunk.rfind(b"\n") + 1
        if cut > start:
            data = rest + chunk[start:cut]
            yield Block(line, data)
            line, rest = line + data.count(b"\n"), chunk[cut:]
        else:
            rest += chunk[start:]
    if skipping:
        yield Block(line, b"", too_long=True)
    elif rest:
        yield Block(line, rest)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    parts: list[bytes] = []
    size = 0
    while True:
        try:
            # One read at a time: a longer one would lose what it has gathered when it meets damage.
            part = cast("io.BufferedReader", stream).read1(BLOCK_BYTES)
        except (OSError, ReportError):
            yield b"".join(parts)
            raise
        parts.append(part)
        size += len(part)
        if not part or size >= BLOCK_BYTES:
            yield b"".join(parts)
            parts, size = [], 0
        if not part:
            return


_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FILLERS = b"\0 \t\r"
"""A phone that lost power leaves NULs behind; Windows adds CR."""


def read_export(stream: BinaryIO, name: str, raw: RawRows) -> None:
    """Add an export's lines; what could not be read is noted as a problem. Raises: what the stream raises."""
    file = raw.add_file(name, FROM_EXPORT)
    for block in blocks(stream):
        if block.first_line == 1 and block.data.startswith(_UTF16_MARKS):
            raw.problems.add(name, 1, "UTF-16, but a report is UTF-8")
            return
        if block.too_long:
            raw.problems.add(name, block.first_line, f"a line of more than {MAX_LINE_BYTES} bytes, skipped")
            continue
        if block.first_line == 1:
            block = block._replace(data=block.data.removeprefix(_UTF8_MARK))  # noqa: PLW2901
        added = add_ordinary(raw, file, block.first_line, block.data)
        raw.recognised += added
        if not added:
            _add_singly(raw, file, block)


def _add_singly(raw: RawRows, file: int, block: Block) -> None:
    for number, text in enumerate(block.data.split(b"\n"), block.first_line):
        line = text.strip(_FILLERS)
        if not line:
            continue
        try:
            raw.add(file, number, read_line(line))
            raw.recognised += 1
        except ReportError as problem:
            raw.problems.add(raw.files[file], number, problem.message)
