"""Cut a stream into blocks of whole lines with their numbers, in bounded memory whatever the stream holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

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
    """Yield the stream's lines, some thousand at a time. Holds at most ``MAX_LINE_BYTES`` and one chunk."""
    line, rest, skipping = 1, b"", False
    while chunk := stream.read(BLOCK_BYTES):
        first_end = chunk.find(b"\n")
        if skipping or len(rest) + (first_end if first_end >= 0 else len(chunk)) > MAX_LINE_BYTES:
            rest, skipping = b"", first_end < 0
            if skipping:
                continue
            yield Block(line, b"", too_long=True)
            line, chunk = line + 1, chunk[first_end + 1 :]
        cut = chunk.rfind(b"\n") + 1
        if cut:
            data = rest + chunk[:cut]
            yield Block(line, data)
            line, rest = line + data.count(b"\n"), chunk[cut:]
        else:
            rest += chunk
    if skipping:
        yield Block(line, b"", too_long=True)
    elif rest:
        yield Block(line, rest)
