"""Cut a stream into blocks of whole lines with their numbers, in bounded memory whatever the stream holds."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from lightleak.errors import ReportError
from lightleak.report.fast_lines import add_plain
from lightleak.report.line_schema import read_line
from lightleak.report.raw_rows import FROM_EXPORT, RawRows

BLOCK_BYTES = 1 << 19
MAX_LINE_BYTES = 1 << 20
"""A line of a report has some 250 bytes; one beyond this bound is named and skipped."""


class Block(NamedTuple):
    """Whole lines, or the notice that one was too long."""

    first_line: int
    data: bytes
    """The lines with their ends; empty where the line was too long."""
    too_long: bool = False


def blocks(stream: BinaryIO) -> Iterator[Block]:
    """Yield the stream's lines, some thousand at a time. Holds at most ``MAX_LINE_BYTES`` and one chunk.

    Errors: what reading the stream raises, after the whole lines that came before.
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
            # One read at a time: what a longer one gathered would be lost where it runs into damage.
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
"""NULs are what a phone that lost power leaves behind, CR what passing through Windows adds."""


def read_export(stream: BinaryIO, name: str, collected: RawRows) -> None:
    """Add an export's lines; what could not be read is among the problems. Errors: what the stream raises."""
    file = collected.add_file(name, FROM_EXPORT)
    for block in blocks(stream):
        if block.first_line == 1 and block.data.startswith(_UTF16_MARKS):
            collected.problems.add(name, 1, "UTF-16, where a report is UTF-8")
            return
        if block.too_long:
            collected.problems.add(name, block.first_line, f"a line of more than {MAX_LINE_BYTES} bytes, skipped")
            continue
        if block.first_line == 1:
            block = block._replace(data=block.data.removeprefix(_UTF8_MARK))  # noqa: PLW2901
        plain = add_plain(collected, file, block.first_line, block.data)
        collected.recognised += plain
        if not plain:
            _add_singly(collected, file, block)


def _add_singly(collected: RawRows, file: int, block: Block) -> None:
    for number, raw in enumerate(block.data.split(b"\n"), block.first_line):
        line = raw.strip(_FILLERS)
        if not line:
            continue
        try:
            collected.add(file, number, read_line(line))
            collected.recognised += 1
        except ReportError as problem:
            collected.problems.add(collected.files[file], number, problem.message)
