"""Where a session's own files are damaged, cut or unfinished: when any event can be missing, of any process.

Separate because it reads frames, which everything else about a timeline has no need to know of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.columns.event_columns import decoded
from lightleak.trace.file_status import FileNotice, damage, unfinished
from lightleak.trace.frames import ByteRange
from lightleak.trace.session import Session
from lightleak.trace.session_file import SessionFile

_Piece = tuple[SessionFile, ByteRange]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A time in which any event of a session can be missing; wall clock, ns."""

    session: int
    """Which session it belongs to, from 1."""
    from_ns: int
    to_ns: int | None
    """None where nothing comes after it that could be read."""
    notice: FileNotice
    """What is wrong with the file."""


def doubts_of(session: Session, number: int) -> Iterator[Doubt]:
    """Yield where events of a session can be missing. Raises: TraceError when a frame cannot be unpacked.

    Between the readable frames on both sides of what is damaged; after the last one, where the file is cut or has no closing
    seal. Of each process the last event before counts, and the first one after: frames hold what came in, process by process.
    """
    pieces = [(part, byte_range) for part in session.parts for byte_range in part.ranges]
    for at, (part, byte_range) in enumerate(pieces):
        if not byte_range.whole:
            yield _doubt(number, pieces[:at], pieces[at + 1 :], damage(part, part.ranges.index(byte_range)))
        if byte_range is part.ranges[-1] and not part.last_seal.final:
            yield _doubt(number, pieces[: at + 1], pieces[at + 1 :], unfinished(part))


def _doubt(number: int, before: list[_Piece], after: list[_Piece], notice: FileNotice) -> Doubt:
    last = _times(reversed(before), is_last=True)
    first = _times(after, is_last=False)
    # Where nothing can be read before, everything is in doubt; nor is there an end where nothing can be read after.
    return Doubt(number, int(last.min()) if len(last) else 0, int(first.max()) if len(first) else None, notice)


def _times(pieces: Iterable[_Piece], *, is_last: bool) -> Ints:
    """Return the wall time of each process's last, or first, event in the first frame that has events."""
    for part, frame in pieces:
        if not frame.whole:
            continue
        piece = decoded(block for _, block in part.blocks([frame]))
        segment, _, wall_ns, *_ = piece.columns
        if len(segment):
            order = segment[::-1] if is_last else segment
            _, places = np.unique(order, return_index=True)
            found: Ints = wall_ns[len(segment) - 1 - places if is_last else places]
            return found
    return np.zeros(0, np.int64)
