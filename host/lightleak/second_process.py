"""Do some of the work in a second process, forked here: Python objects hold the interpreter.

``SecondProcess`` does one half and brings a result at its end; ``WorkAhead`` does numbered items before they are asked for.
Only where that does no harm. What the second process does not bring, its caller does itself.
"""

from __future__ import annotations

import contextlib
import gc
import mmap
import multiprocessing
import os
import pickle
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Generic, NamedTuple, Self, TypeVar

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
            _start(child)
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


_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _start(child: multiprocessing.process.BaseProcess) -> None:
    """Fork, with signals held back: a handler that raises in the fork's first moments would have it go on as the parent."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        child.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _leave_the_end_to_the_parent() -> None:
    """In the fork: the parent ends it, also after Ctrl-C, which a terminal sends to both."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def _send(work: Callable[[], object], sender: Connection, room: mmap.mmap) -> None:
    _leave_the_end_to_the_parent()
    # What goes wrong here goes wrong again in the parent, which then raises it.
    with contextlib.suppress(Exception):
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


class Done(NamedTuple):
    """An item that the second process has done: ``room[start:stop]``, and what it notes of it."""

    room: mmap.mmap
    start: int
    stop: int
    note: bytes


_SLOTS = 8
_PAUSE_S = 0.001
_NICE = 10
_NUMBER = struct.Struct("<q")
_REPORT = struct.Struct("<qq32s")
"""The number of an item, the length of its content, and the note. Shorter than what a pipe takes at once."""
NOTE_BYTES = 32


class WorkAhead:
    """Does items 0, 1, 2, … in a fork of this process, a few ahead of the one that is asked for; a context, at whose end the fork is gone.

    work: the content of an item and a note of ``NOTE_BYTES``, or None for an item that the caller is to do. slot_bytes: how long a
    content may be, else the caller does it. Memory: eight slots. Nothing waits for the fork: what it has not done yet, the caller does.
    """

    def __init__(self, work: Callable[[int], tuple[bytes, bytes] | None], count: int, *, slot_bytes: int) -> None:
        self._child: multiprocessing.process.BaseProcess | None = None
        self._slot_bytes = slot_bytes
        self._done: dict[int, tuple[int, bytes]] = {}
        ends: list[int] = []
        try:
            self._room = mmap.mmap(-1, _SLOTS * slot_bytes)
            ends += os.pipe()
            ends += os.pipe()
            self._reports, report_to, asked_from, self._asked = ends
            os.set_blocking(self._reports, False)
            os.set_blocking(self._asked, False)
            pipes = _Pipes(asked_from, report_to, (self._reports, self._asked))
            context = multiprocessing.get_context("fork")
            child = context.Process(target=_work_ahead, args=(work, count, pipes, self._room, slot_bytes), daemon=True)
            _start(child)
        except OSError:  # no memory, no more processes, no more files
            for end in ends:
                os.close(end)
            return
        os.close(report_to)
        os.close(asked_from)
        self._child = child

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if self._child is not None:
            os.close(self._reports)
            os.close(self._asked)
            self._child.terminate()
            self._child.join()
            self._child = None

    def take(self, number: int) -> Done | None:
        """Return an item; None where the caller must do it. Numbers rise. The item holds until the next one is asked for."""
        if self._child is None:
            return None
        # A full pipe or a fork that is gone: then it does no more, and the caller all of it.
        with contextlib.suppress(OSError):
            os.write(self._asked, _NUMBER.pack(number))
        self._collect()
        found = self._done.pop(number, None)
        for passed in [each for each in self._done if each < number]:
            del self._done[passed]
        if found is None:
            return None
        start = number % _SLOTS * self._slot_bytes
        return Done(self._room, start, start + found[0], found[1])

    def _collect(self) -> None:
        with contextlib.suppress(OSError):
            for number, *rest in _REPORT.iter_unpack(os.read(self._reports, _SLOTS * _REPORT.size)):
                self._done[number] = (rest[0], rest[1])


class _Pipes(NamedTuple):
    """The ends of a fork that works ahead."""

    asked: int
    reports: int
    others: tuple[int, ...]
    """Those of its parent: closed here, so that the fork ends when the parent does."""


def _work_ahead(
    work: Callable[[int], tuple[bytes, bytes] | None], count: int, pipes: _Pipes, room: mmap.mmap, slot_bytes: int
) -> None:
    _leave_the_end_to_the_parent()
    # The parent's objects are not collected here: that could run what is theirs.
    gc.disable()
    # Where no core is free, the parent goes first: it does the work itself then.
    os.nice(_NICE)
    for end in pipes.others:
        os.close(end)
    os.set_blocking(pipes.asked, False)
    # What goes wrong here goes wrong again in the parent, which then raises it. EOFError: it has all it wants, or is gone.
    with contextlib.suppress(Exception):
        asked, number = 0, 1  # the parent does the first item itself
        while number < count:
            # The content of one that is asked for, and of those after it, is not written over. Waiting in the pipe itself would
            # have Linux wake this process on the core of the one that writes, and both share it.
            while number - (asked := _newest(pipes.asked, asked)) >= _SLOTS:
                time.sleep(_PAUSE_S)
            number = max(number, asked + 1)
            done = work(number) if number < count else None
            if done is not None and len(done[0]) <= slot_bytes:
                content, note = done
                start = number % _SLOTS * slot_bytes
                room[start : start + len(content)] = content
                os.write(pipes.reports, _REPORT.pack(number, len(content), note))
            number += 1


def _newest(pipe: int, before: int) -> int:
    """Return the last number in a pipe, or the one before where it is empty. Raises: EOFError when the other end is closed."""
    try:
        numbers = os.read(pipe, 1 << 16)
    except BlockingIOError:
        return before
    if not numbers:
        raise EOFError
    return int(_NUMBER.unpack(numbers[-_NUMBER.size :])[0])
