"""Read what was packed, up to a bound: an archive that unpacks to far more than it weighs is refused."""

from __future__ import annotations

import contextlib
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from lightleak.errors import ReportError

if TYPE_CHECKING:
    from typing_extensions import Buffer

MAX_UNPACKED_BYTES = 4 << 30
"""No report and no segment of a store comes near it."""
FREE_BYTES = 64 << 20
MAX_RATIO = 200
"""Beyond ``FREE_BYTES``; reports pack to a fifteenth or so, zeros to a thousandth."""

DAMAGE = (
    *(OSError, EOFError, ValueError, OverflowError, RuntimeError, NotImplementedError, struct.error),
    *(zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError),
)
"""What the readers of archives raise where one is damaged, encrypted, of a kind they do not know, or made to hurt."""

GZIP_MAGIC = b"\x1f\x8b"


class Counted(io.RawIOBase):
    """Pass a stream on and count; with ``packed_bytes`` raise ReportError once it has grown out of proportion."""

    def __init__(self, stream: BinaryIO, packed_bytes: Callable[[], int] | None = None) -> None:
        self._stream = stream
        self._packed_bytes = packed_bytes
        self.passed = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        """Fill the buffer from the stream. Errors: ReportError where it is damaged or a bomb."""
        view = memoryview(buffer).cast("B")
        try:
            data = cast("io.BufferedReader", self._stream).read1(len(view))
        except DAMAGE as problem:
            raise ReportError(f"damaged ({problem})") from problem
        view[: len(data)] = data
        self.passed += len(data)
        if self._packed_bytes and self.passed > FREE_BYTES:
            limit = min(MAX_UNPACKED_BYTES, MAX_RATIO * max(self._packed_bytes(), 1))
            if self.passed > limit:
                raise ReportError(f"unpacks to more than {self.passed >> 20} MB, out of all proportion: a bomb")
        return len(data)


def bounded(stream: BinaryIO, packed_bytes: Callable[[], int]) -> BinaryIO:
    """Return a stream that can be peeked into; reading it raises ReportError where it is a bomb."""
    return cast("BinaryIO", io.BufferedReader(Counted(stream, packed_bytes), 1 << 16))


@contextlib.contextmanager
def plain(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Give the stream itself, or what it holds where it is gzipped."""
    if not peek(stream, 2).startswith(GZIP_MAGIC):
        yield stream
        return
    packed = Counted(stream)
    with gzip.GzipFile(fileobj=io.BufferedReader(packed, 1 << 16)) as unpacked:
        yield bounded(cast("BinaryIO", unpacked), lambda: packed.passed)


def peek(stream: BinaryIO, count: int) -> bytes:
    """Return the first bytes without reading them: ``count`` of them, where there are so many."""
    return cast("io.BufferedReader", stream).peek(count)[:count]
