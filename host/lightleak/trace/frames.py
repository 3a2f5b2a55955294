"""Cut a session file into frames, and recognise a damaged one without unpacking it.

A frame on disk is a *prelude* and a zstd frame. The prelude is a zstd skippable frame, so that ``zstdcat`` passes over it:

    bytes 0..3    0x184D2A5A, little endian: a skippable frame of this format
    bytes 4..7    8: the length of what follows in the prelude
    bytes 8..11   the length of the zstd frame in bytes
    bytes 12..15  CRC-32 of the zstd frame

zstd's own checksum covers the content only: one in some 300 flipped bits of a small frame leaves the content as it was
and would go unseen (ADR 0030).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import zstandard

from lightleak.errors import TraceError
from lightleak.trace.format import FRAME_BYTES

LEVEL = 1
"""zstd level: on events, levels up to 6 are slower and not smaller (tests/bench/trace.py)."""

CONTENT_BYTES_MAX = 32 << 20
"""Longest content of one frame: a line of 16 MiB and the lines with it."""

_PRELUDE = struct.Struct("<IIII")
_MARK = struct.pack("<II", 0x184D2A5A, 8)
_WINDOW_BYTES = 1 << 20
_NOT_OURS = "the file was changed, or was not written by lightleak; use another copy"


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A run of bytes of a file: one whole zstd frame, or bytes between frames that are damaged or cut."""

    offset: int
    length: int
    whole: bool


def pack(content: bytes, compressor: zstandard.ZstdCompressor) -> bytes:
    """Return the bytes on disk of one frame: prelude and zstd frame."""
    packed = compressor.compress(content)
    return _MARK + struct.pack("<II", len(packed), zlib.crc32(packed)) + packed


def compressor() -> zstandard.ZstdCompressor:
    """Return a compressor for ``pack``; each thread needs its own."""
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True, write_content_size=True)


def walk(file: BinaryIO, size: int) -> Iterator[ByteRange]:
    """Yield the frames of a file in order, and the ranges between them that are damaged or cut."""
    offset = 0
    budget = _SearchBudget(4 * size)
    while offset < size:
        frame = _frame_at(file, offset, size)
        if frame is None:
            following = _next_whole(file, offset + 1, size, budget)
            yield ByteRange(offset, following - offset, whole=False)
            offset = following
        else:
            yield frame
            offset = frame.offset + frame.length


def unpack(packed: bytes, unpacker: zstandard.ZstdDecompressor) -> bytes:
    """Return a frame's content. Raises: TraceError when it cannot be unpacked or claims more than a frame holds."""
    try:
        size = zstandard.get_frame_parameters(packed).content_size
        if not 0 < size <= CONTENT_BYTES_MAX:
            raise TraceError(f"a frame claims {size} bytes of content", hint=_NOT_OURS)
        # Stock tools would show data after the frame, which no seal covers.
        return unpacker.decompress(packed, allow_extra_data=False)
    except (zstandard.ZstdError, MemoryError) as problem:
        raise TraceError(f"a frame cannot be unpacked ({problem})", hint=_NOT_OURS) from problem


def starts_like_session_file(start: bytes) -> bool:
    """Return whether these are the first bytes of a session file; a start that is cut counts."""
    return start[: len(_MARK)] == _MARK[: len(start)]


def _frame_at(file: BinaryIO, offset: int, size: int) -> ByteRange | None:
    file.seek(offset)
    prelude = file.read(_PRELUDE.size)
    if len(prelude) < _PRELUDE.size or not prelude.startswith(_MARK):
        return None
    _, _, length, checksum = _PRELUDE.unpack(prelude)
    start = offset + _PRELUDE.size
    if not 0 < length <= min(size - start, CONTENT_BYTES_MAX) or zlib.crc32(file.read(length)) != checksum:
        return None
    return ByteRange(start, length, whole=True)


@dataclass(slots=True)
class _SearchBudget:
    """How many bytes may still be read in vain: in a hostile file every few bytes can claim to start a long frame."""

    bytes_left: int


def _next_whole(file: BinaryIO, offset: int, size: int, budget: _SearchBudget) -> int:
    """Return where the next whole frame starts, or ``size`` when there is none."""
    while offset < size:
        file.seek(offset)
        window = file.read(_WINDOW_BYTES + len(_MARK) - 1)
        at = window.find(_MARK)
        while at >= 0 and budget.bytes_left > 0:
            if _frame_at(file, offset + at, size) is not None:
                return offset + at
            budget.bytes_left -= file.tell() - offset - at
            at = window.find(_MARK, at + 1)
        offset += _WINDOW_BYTES
    return size


def framed(lines: Iterable[bytes]) -> Iterator[tuple[list[bytes], int]]:
    """Group lines into frames: yield the lines of each and their size in bytes; the last one may be short."""
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
