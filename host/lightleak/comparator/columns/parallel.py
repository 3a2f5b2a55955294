"""Decode a large session in two processes: reading JSON is what a comparison waits for, and it needs the interpreter."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection

from lightleak.comparator.columns.event_columns import EventColumns, Piece, decoded
from lightleak.trace import Session

WORTH_BYTES = 2 << 20
"""From this size of the files on, a second process saves more time than it costs."""


def load_columns(session: Session, *, worth_bytes: int = WORTH_BYTES) -> EventColumns:
    """Read a session into columns: in two processes where that is safe and worth it, else in one. Errors: TraceError."""
    lengths = [frame.length for part in session.parts for frame in part.frames]
    if sum(lengths) < worth_bytes or len(lengths) < 2 or not _may_fork():
        return EventColumns.decode(session.blocks())
    cut = _half(lengths)
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_decode_there, args=(sender, session, cut, len(lengths)), daemon=True)
    child.start()
    sender.close()
    try:
        first = decoded(_blocks(session, 0, cut))
        second = _received(receiver) or decoded(_blocks(session, cut, len(lengths)))
    finally:
        receiver.close()
        child.terminate()
        child.join()
    return EventColumns.of([first, second])


def _may_fork() -> bool:
    """Tell whether another process helps and does no harm: a fork among threads can keep a lock that nobody opens."""
    return (
        sys.platform == "linux"
        and threading.active_count() == 1
        and not multiprocessing.current_process().daemon
        and len(os.sched_getaffinity(0)) > 1
    )


def _half(lengths: list[int]) -> int:
    behind, at = 0, 0
    while behind + lengths[at] <= sum(lengths) // 2:
        behind += lengths[at]
        at += 1
    return max(at, 1)


def _blocks(session: Session, start: int, stop: int) -> Iterator[bytes]:
    """Read the event lines of some of a session's frames, counted over all its files."""
    at = 0
    for part in session.parts:
        wanted = part.frames[max(start - at, 0) : max(stop - at, 0)]
        at += len(part.frames)
        for _, block in part.blocks(wanted):
            yield block


def _decode_there(sender: Connection, session: Session, start: int, stop: int) -> None:
    # What goes wrong here goes wrong again in the parent, which then tells it.
    with contextlib.suppress(Exception, KeyboardInterrupt):
        sender.send(decoded(_blocks(session, start, stop)))


def _received(receiver: Connection) -> Piece | None:
    """Take what the other process made; None where it died."""
    try:
        piece = receiver.recv()
    except (EOFError, OSError):
        return None
    assert isinstance(piece, Piece)
    return piece
