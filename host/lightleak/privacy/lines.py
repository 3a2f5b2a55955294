"""Cut a stream into blocks of whole lines with their numbers, in bounded memory whatever the stream holds."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from lightleak.errors import ReportError

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
