"""Do half of some work in a second process, forked here, and get its result: Python objects hold the interpreter.

Only where that does no harm. What the second process does not bring, its caller does itself.
"""

from __future__ import annotations

import contextlib
import mmap
import multiprocessing
import os
import pickle
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Generic, TypeVar

Result = TypeVar("Result")

_ROOM_BYTES_MAX = 1 << 30
_ALIGNMENT = 64
"""Where an array may start in the shared memory."""


def can_fork() -> bool:
    """Return whether a second process helps and does no harm: a fork among threads can copy a lock that stays locked."""
    return (
        sys.platform == "linux"
        and threading.active_count() == 1
        and not multiprocessing.current_process().daemon
        and len(os.sched_getaffinity(0)) > 1
    )


class SecondProcess(Generic[Result]):
    """Runs a function in a fork of this process; a context, at whose end the fork is gone.

    room_bytes: how much of arrays and buffers the result may have; it takes no memory before it is written. What does not fit
    goes through a pipe, which costs more.
    """

    def __init__(self, work: Callable[[], Result], *, room_bytes: int) -> None:
        self._child: multiprocessing.process.BaseProcess | None = None
        try:
            self._room = mmap.mmap(-1, min(max(room_bytes, 1), _ROOM_BYTES_MAX))
            context = multiprocessing.get_context("fork")
            self._receiver, sender = context.Pipe(duplex=False)
            child = context.Process(target=_send, args=(work, sender, self._room), daemon=True)
            child.start()
        except OSError:  # no memory, no more processes, no more files
            return
        sender.close()
        self._child = child

    def __enter__(self) -> SecondProcess[Result]:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if self._child is not None:
            self._receiver.close()
            self._child.terminate()
            self._child.join()

    def result(self) -> Result | None:
        """Wait for the result and return it; its arrays are in shared memory. None where there is none: it could not start, died or failed."""
        if self._child is None:
            return None
        try:
            pickled, places = self._receiver.recv()
        except (EOFError, OSError):
            return None
        room = memoryview(self._room)
        found: Result = pickle.loads(pickled, buffers=[room[start:stop] for start, stop in places])  # noqa: S301  from our own fork
        return found


def _send(work: Callable[[], object], sender: Connection, room: mmap.mmap) -> None:
    # What goes wrong here goes wrong again in the parent, which then raises it.
    with contextlib.suppress(Exception, KeyboardInterrupt):
        sender.send(_written(work(), room))


def _written(result: object, room: mmap.mmap) -> tuple[bytes, list[tuple[int, int]]]:
    """Put a result's arrays and buffers into the room, as far as they fit; return the rest pickled, and where they are."""
    places: list[tuple[int, int]] = []

    def keep_in_band(buffer: pickle.PickleBuffer) -> bool:
        raw = buffer.raw()
        start = -(-places[-1][1] // _ALIGNMENT) * _ALIGNMENT if places else 0
        if start + raw.nbytes > len(room):
            return True
        room[start : start + raw.nbytes] = raw
        places.append((start, start + raw.nbytes))
        return False

    return pickle.dumps(result, protocol=5, buffer_callback=keep_in_band), places
