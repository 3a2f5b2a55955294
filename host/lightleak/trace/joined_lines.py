"""Lines of a file as one text: what comes together is checked, framed and written in one piece, not line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import numpy as np

from lightleak.arrays import Bools
from lightleak.errors import TraceError
from lightleak.trace.format import LINE_BYTES_MAX

_NEWLINE = ord(b"\n")


class JoinedLines(Sequence[bytes]):
    """``length`` lines joined by newlines, none of them empty; each is cut out only when it is asked for.

    What is said here is not checked: ``joined`` makes one of any lines.
    """

    __slots__ = ("_ends", "_length", "text")

    def __init__(self, text: bytes, length: int) -> None:
        self.text = text
        self._length = length
        self._ends: list[int] | None = None

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> list[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | list[bytes]:
        if isinstance(at, slice):
            return list(self)[at]
        if self._ends is None:
            self._ends = [-1, *np.flatnonzero(_newlines(self.text)).tolist(), len(self.text)]
        place = range(self._length)[at]
        return self.text[self._ends[place] + 1 : self._ends[place + 1]]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.text.split(b"\n") if self._length else ())


def joined(lines: Iterable[bytes]) -> JoinedLines:
    """Return lines as one text. Raises: TraceError when one is empty, too long, or has a newline."""
    if isinstance(lines, JoinedLines):
        return lines
    batch = list(lines)
    if not batch:
        return JoinedLines(b"", 0)
    text = b"\n".join(batch)
    sizes = list(map(len, batch))
    if not min(sizes) or max(sizes) > LINE_BYTES_MAX or line_count(text) != len(batch):
        raise TraceError("an event is not one line of at most 16 MiB", hint="leave it out, or cut what is too long")
    return JoinedLines(text, len(batch))


def line_count(text: bytes | memoryview) -> int:
    """Return how many lines joined by newlines a text has, at least one. Several times quicker than ``bytes.count``."""
    return int(np.count_nonzero(_newlines(text))) + 1


def _newlines(text: bytes | memoryview) -> Bools:
    found: Bools = np.frombuffer(text, np.uint8) == _NEWLINE
    return found
