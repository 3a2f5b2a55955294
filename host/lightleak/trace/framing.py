"""Gather lines to frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lightleak.trace.format import FRAME_BYTES


def framed(lines: Iterable[bytes]) -> Iterator[tuple[list[bytes], int]]:
    """Gather lines to what one frame holds, with the bytes of each; the last one is as short as it comes."""
    frame: list[bytes] = []
    size = 0
    for line in lines:
        frame.append(line)
        size += len(line)
        if size >= FRAME_BYTES:
            yield frame, size
            frame, size = [], 0
    if frame:
        yield frame, size
