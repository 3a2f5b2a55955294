"""Cut a session file into frames, recognise a damaged one without unpacking it, and chain them by seals.

A frame on disk is a *prelude* and a zstd frame. The prelude is a zstd skippable frame, so that ``zstdcat`` passes over it:

    bytes 0..3    0x184D2A5A, little endian: a skippable frame of this format
    bytes 4..7    8: the length of what follows in the prelude
    bytes 8..11   the length of the zstd frame in bytes
    bytes 12..15  CRC-32 of the zstd frame

zstd's own checksum covers the content only: one in some 300 flipped bits of a small frame leaves the content as it was
and would go unseen (ADR 0030).

The last line of each frame's content is its seal:

    {"kind":"seal","frame":7,"events":3021,"hash":"…64 hex digits…"}

``frame`` counts from 1; ``events`` is the number of events in the file so far. The closing seal also says
``"final":true``, and names the ``next`` file when the session continues in another one. ``hash`` is SHA-256 over the hash
of the seal before (its 64 digits; nothing in the first frame) and everything in this frame before ``,"hash"``, which is
all but the frame's last 76 bytes.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

import msgspec
import zstandard

from lightleak.errors import TraceError
from lightleak.trace.format import FRAME_BYTES
from lightleak.trace.joined_lines import JoinedLines, line_count

LEVEL = 1
"""zstd level: on events, levels up to 6 are slower and not smaller (tests/bench/trace.py)."""

CONTENT_BYTES_MAX = 32 << 20
"""Longest content of one frame: a line of 16 MiB and the lines with it."""

_PRELUDE = struct.Struct("<IIII")
_MARK = struct.pack("<II", 0x184D2A5A, 8)
_WINDOW_BYTES = 1 << 20
_ZSTD_HEADER_BYTES = 18
_NOT_OURS = "the file was changed, or was not written by lightleak; use another copy"


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A run of bytes of a file: one whole zstd frame, or bytes between frames that are damaged or cut."""

    offset: int
    length: int
    whole: bool
    content_bytes: int = 0
    """How long a frame's content is, as the frame says: unpacking checks it. 0 where it does not say."""


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
    if not 0 < length <= min(size - start, CONTENT_BYTES_MAX):
        return None
    packed = file.read(length)
    return (
        ByteRange(start, length, whole=True, content_bytes=_claimed(packed)) if zlib.crc32(packed) == checksum else None
    )


def _claimed(packed: bytes) -> int:
    try:
        return int(zstandard.frame_content_size(packed[:_ZSTD_HEADER_BYTES]))
    except zstandard.ZstdError:
        return 0


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


class Body(NamedTuple):
    """The lines of one frame, each with its newline."""

    text: bytes
    events: int

    @classmethod
    def of(cls, lines: Sequence[bytes]) -> Body:
        """Return the body of lines without newlines."""
        return cls(b"\n".join([*lines, b""]), len(lines))


def framed(lines: Iterable[JoinedLines]) -> Iterator[Body]:
    """Cut lines into frames: each closes with the line in which it reaches ``FRAME_BYTES``; the last one may be short."""
    parts: list[bytes | memoryview] = []
    count = size = 0
    for block in lines:
        text, at, left = block.text, 0, len(block)
        while left and size + len(text) - at >= FRAME_BYTES:
            end = text.find(b"\n", at + FRAME_BYTES - size)
            end = len(text) if end < 0 else end
            part = memoryview(text)[at:end]
            taken = left if end == len(text) else line_count(part)
            # The empty part gives the last line its newline.
            yield Body(b"\n".join([*parts, part, b""]), count + taken)
            parts, count, size = [], 0, 0
            at, left = end + 1, left - taken
        if left:
            parts.append(memoryview(text)[at:] if at else text)
            count += left
            size += len(text) - at + 1
    if parts:
        yield Body(b"\n".join([*parts, b""]), count)


TAIL_BYTES = len(',"hash":""}\n') + 64
"""How much of a frame's end is not hashed: the hash itself and the characters around it."""


class Seal(msgspec.Struct, frozen=True, tag_field="kind", tag="seal"):
    """The last line of a frame."""

    frame: int
    events: int
    hash: str
    final: bool = False
    next: str | None = None


_DECODER = msgspec.json.Decoder(Seal)


def seal(
    body: bytes, previous: str, *, frame: int, events: int, final: bool = False, next_part: str = ""
) -> tuple[bytes, str]:
    """Return a frame's content, seal included, and its hash. ``body``: its lines; ends with a newline or is empty."""
    sealed = f'{{"kind":"seal","frame":{frame},"events":{events}'
    if final:
        sealed += ',"final":true'
    if next_part:
        sealed += f',"next":{json.dumps(next_part)}'
    digest = chained(previous, body, sealed.encode())
    # One copy of the lines, because a large one costs as much as a part of the packing.
    return b"".join((body, sealed.encode(), f',"hash":"{digest}"}}\n'.encode())), digest


def chained(previous: str, *hashed: bytes) -> str:
    """Return the hash of a seal over the seal before and what it covers."""
    digest = hashlib.sha256(previous.encode())
    for part in hashed:
        digest.update(part)
    return digest.hexdigest()


def split(content: bytes) -> tuple[bytes, Seal]:
    """Split a frame's content into its lines and its seal. Raises: TraceError when it does not end with a seal."""
    start, found = find_seal(content)
    return content[:start], found


def find_seal(content: bytes) -> tuple[int, Seal]:
    """Return where a frame's lines end, and its seal. Raises: TraceError when it does not end with a seal."""
    start = content.rfind(b"\n", 0, len(content) - 1) + 1
    try:
        found = _DECODER.decode(content[start:])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise TraceError("a frame has no seal", hint="the file was not written by lightleak") from problem
    return start, found


def holds(content: bytes, found: Seal, previous: str) -> bool:
    """Return whether a frame's seal fits its content and the seal before."""
    enclosed = content.endswith(f',"hash":"{found.hash}"}}\n'.encode())
    return enclosed and chained(previous, content[:-TAIL_BYTES]) == found.hash


class Chain:
    """Check the seals of a file: feed it the frames in order."""

    def __init__(self) -> None:
        self._previous: Seal | None = None
        self._unknown = False

    def skip(self) -> None:
        """Note that frames that cannot be read are missing here."""
        self._unknown = True

    def feed(self, content: bytes, seal: Seal, events: int) -> list[str]:
        """Take the next frame and its number of events; return what is wrong, a sentence each."""
        previous, self._previous = self._previous, seal
        unknown, self._unknown = self._unknown, False
        if unknown:
            # The hash that its seal continues is gone. The frames after it can be checked again.
            return []
        if previous is not None and previous.final:
            return [f"frame {seal.frame} follows the closing seal"]
        expected = previous.frame + 1 if previous else 1
        if seal.frame != expected:
            return [f"frame {expected} is missing: frame {seal.frame} is in its place"]
        problems = []
        if not holds(content, seal, previous.hash if previous else ""):
            problems.append(f"the seal of frame {seal.frame} does not fit: it or a frame before it was changed")
        if seal.events != (previous.events if previous else 0) + events:
            problems.append(f"frame {seal.frame} does not have as many events as its seal says")
        return problems
