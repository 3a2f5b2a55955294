"""Recognise lines that fit the schema, many at once: of them nothing has to be taken out, and their keys need no further look.

The decoder checks types while it reads, which takes less than half of the time that looking at each value of a dictionary takes. What it does not
take is not always wrong: such lines are looked at one by one (``lightleak.trace.line``), and that decides.

Separate because the schema says what fits, and this only how ordinary lines are recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
import numpy as np

from lightleak.trace import schema

_COMMON = ("tid", "of", "duration_ns", "cpu_ns", "depth", "symbol", "detail", "asset", "cause", "caller", "stack")
"""Keys of most lines, in their order there: keys that come in the order of the fields are found faster."""


class _Object(msgspec.Struct, gc=False):
    """Any JSON object."""


_TYPE_OF: Mapping[type, Any] = {str: str, int: schema.Whole, bool: bool, dict: _Object, list: list[_Object]}


def _type_of(types: tuple[type, ...]) -> Any:
    found = _TYPE_OF[types[0]]
    for more in types[1:]:
        found = found | _TYPE_OF[more]
    return found


def _optional(types_of: Mapping[str, tuple[type, ...]]) -> list[tuple[str, Any, Any]]:
    # "class" is no name for a field.
    return [
        (f"{key}_", _type_of(types) | None, msgspec.field(name=key, default=None)) for key, types in types_of.items()
    ]


def _rows() -> type[msgspec.Struct]:
    inside = {key: msgspec.defstruct(f"_{key}", _optional(known), gc=False) for key, known in schema.INSIDE.items()}
    types = {key: list[inside[key]] if schema.OPTIONAL[key] == (list,) else inside[key] for key in inside}  # type: ignore[valid-type]
    ordered = [*_COMMON, *(key for key in schema.OPTIONAL if key not in _COMMON)]
    optional = _optional({key: schema.OPTIONAL[key] for key in ordered})
    return msgspec.defstruct(
        "_Row",
        [
            *((key, _type_of(kinds)) for key, kinds in schema.REQUIRED.items()),
            *(
                (name, types[key] | None if key in types else kind, default)
                for key, (name, kind, default) in zip(ordered, optional, strict=True)
            ),
        ],
        gc=False,
    )


_decode_rows = msgspec.json.Decoder(_rows()).decode_lines
_segment, _seq = attrgetter("segment"), attrgetter("seq")
_NEWLINE, _OPEN, _CLOSE = b"\n{}"
_SHORT_BYTES = 16 << 10
"""From this length on, comparing all characters at once is faster than two searches."""


class CleanRun(NamedTuple):
    """The numbers of clean lines: all of one segment, each number higher than the one before."""

    segment: int
    first: int
    last: int

    def follows(self, segment: int, seq: int) -> bool:
        """Return whether the lines are of a segment, and all after a number."""
        return self.segment == segment and self.first > seq


def run_of(lines: bytes) -> CleanRun | None:
    """Return the numbers of lines when each is one event that fits the schema and they are a run; None when that is not certain.

    A value that no reader asks for may still be no text: the decoder of dictionaries finds that.
    """
    try:
        rows = _decode_rows(lines)
    except schema.UNREADABLE:
        return None
    if not rows or not _are_one_a_line(lines, len(rows)):
        return None
    seqs = list(map(_seq, rows))
    segments = set(map(_segment, rows))
    return CleanRun(segments.pop(), seqs[0], seqs[-1]) if len(segments) == 1 and _ascending(seqs) else None


def run_of_all(pieces: Iterable[bytes]) -> CleanRun | None:
    """Do the same for lines in pieces."""
    found: CleanRun | None = None
    for piece in pieces:
        run = run_of(piece)
        if run is None or (found is not None and not run.follows(found.segment, found.last)):
            return None
        found = run if found is None else CleanRun(found.segment, found.first, run.last)
    return found


def _are_one_a_line(lines: bytes, count: int) -> bool:
    """Return whether so many JSON objects are one a line, each from the first to the last character of it.

    The decoder of many lines also takes an object that is broken over two, and two in one line. But no newline between } and { is
    inside of an object, so that where all are, the lines begin and end where objects do.
    """
    if not (lines.startswith(b"{") and lines.endswith(b"}\n")):
        return False
    if len(lines) < _SHORT_BYTES:
        return lines.count(b"\n") == count and lines.count(b"}\n{") == count - 1
    characters = np.frombuffer(lines, np.uint8)
    ends = np.flatnonzero(characters == _NEWLINE)
    if len(ends) != count:
        return False
    return bool((characters[ends - 1] == _CLOSE).all() and (characters[ends[:-1] + 1] == _OPEN).all())


def _ascending(seqs: list[int]) -> bool:
    # Most runs have no hole, and comparing two lists is faster than each pair.
    return seqs == list(range(seqs[0], seqs[0] + len(seqs))) or all(map(int.__lt__, seqs, seqs[1:]))
