"""Write a session on a thread of its own: whoever hands over events never waits for the disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lightleak.errors import FileError, TraceError
from lightleak.trace.format import FRAME_BYTES, FRAME_S, LINE_BYTES_MAX, LOOK_S, SYNC_BYTES, SYNC_S
from lightleak.trace.frames import framed
from lightleak.trace.rotation import Parts, Rotation

FOREVER = float("inf")


@dataclass(slots=True)
class Schedule:
    """What waits to be written, and what is written and waits to be synced."""

    pending_bytes: int = 0
    pending_since_s: float = FOREVER
    unsynced_bytes: int = 0
    unsynced_since_s: float = FOREVER
    looked_s: float = FOREVER

    def handed_over(self, size: int, now_s: float) -> bool:
        """Note lines that came; returns whether whoever waits has to look again."""
        first = not self.pending_bytes
        if first:
            self.pending_since_s = now_s
        self.pending_bytes += size
        return first or self.pending_bytes >= FRAME_BYTES

    def taken(self) -> None:
        """Note that all that waited is being written."""
        self.pending_bytes = 0
        self.pending_since_s = FOREVER

    def wrote(self, size: int, now_s: float) -> None:
        """Note lines that were written."""
        if not self.unsynced_bytes:
            self.unsynced_since_s = now_s
        self.unsynced_bytes += size

    def synced(self, now_s: float) -> None:
        """Note that all that was written is on the disk, which was a look at the file too."""
        self.unsynced_bytes = 0
        self.unsynced_since_s = FOREVER
        self.looked(now_s)

    def looked(self, now_s: float) -> None:
        """Note that the file was seen to be the right one."""
        self.looked_s = now_s

    def idle_s(self, now_s: float) -> float:
        """Tell how long there is nothing to do; 0 or less where there is."""
        if self.pending_bytes >= FRAME_BYTES:
            return 0.0
        return min(self.pending_since_s + FRAME_S, self.unsynced_since_s + SYNC_S, self.looked_s + LOOK_S) - now_s

    def sync_due(self, now_s: float) -> bool:
        """Tell whether what is written must go to the disk now."""
        return self.unsynced_bytes >= SYNC_BYTES or now_s >= self.unsynced_since_s + SYNC_S

    def look_due(self, now_s: float) -> bool:
        """Tell whether the file must be looked at now."""
        return now_s >= self.looked_s + LOOK_S


class Writer:
    """A session file under way, or several where ``rotation`` asks for it.

    ``on_durable(n)`` is called from the writer's thread whenever more of the lines handed over are on the disk: the
    first ``n`` are. ``on_error(problem)`` is called once, from the same thread, when writing has ended for good; every
    call after that raises that FileError. What was durable stays readable in each case.

    Errors: FileError where the file exists (without ``force``) or cannot be written.
    """

    def __init__(
        self,
        path: Path,
        header: dict[str, Any],
        *,
        force: bool = False,
        rotation: Rotation | None = None,
        on_durable: Callable[[int], None] | None = None,
        on_error: Callable[[FileError], None] | None = None,
    ) -> None:
        self._parts = Parts(path, header, force=force, rotation=rotation)
        self._on_durable = on_durable
        self._on_error = on_error
        self._changed = threading.Condition()
        self._schedule = Schedule(looked_s=time.monotonic())
        self._pending: list[list[bytes]] = []
        self._handed_over = self._written = self._durable = self._wanted = 0
        self._closing = False
        self._problem: FileError | None = None
        self._thread = threading.Thread(target=self._run, name="lightleak-writer", daemon=True)
        self._thread.start()

    @property
    def path(self) -> Path:
        """The file written to now; another one after each rotation."""
        return self._parts.path

    @property
    def paths(self) -> list[Path]:
        """All files of this session so far, in order."""
        return list(self._parts.paths)

    @property
    def head_hash(self) -> str:
        """The hash of the last seal; after ``close`` that of the whole session."""
        return self._parts.head

    @property
    def handed_over(self) -> int:
        """How many lines were handed over."""
        return self._handed_over

    @property
    def durable(self) -> int:
        """How many of the lines handed over are on the disk."""
        return self._durable

    @property
    def size_bytes(self) -> int:
        """Bytes written, all files together."""
        return self._parts.size

    def write(self, lines: Iterable[bytes]) -> None:
        """Hand event lines over: JSON, no newline, in order of seq in each segment. Never waits for the disk.

        Errors: FileError once writing has failed, TraceError for a line that cannot stand in a trace; nothing of the
        call is taken then.
        """
        batch = list(lines)
        if any(not line or len(line) > LINE_BYTES_MAX or b"\n" in line for line in batch):
            raise TraceError("an event is not one line of at most 16 MiB", hint="leave it out, or cut what is too long")
        if not batch:
            return
        size = sum(map(len, batch))
        with self._changed:
            self._raise_problem()
            if self._closing:
                raise FileError(f"{self.path} is closed", hint="write before closing")
            self._pending.append(batch)
            self._handed_over += len(batch)
            if self._schedule.handed_over(size, time.monotonic()):
                self._changed.notify_all()

    def check(self) -> None:
        """See that writing goes on. Errors: FileError once it has failed."""
        with self._changed:
            self._raise_problem()

    def flush(self) -> None:
        """Wait until everything handed over is on the disk. Errors: FileError."""
        with self._changed:
            self._wanted = target = self._handed_over
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._durable >= target or self._problem is not None)
            self._raise_problem()

    def close(self) -> str:
        """Write what is left and the closing seal; return the head hash. Errors: FileError."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        self._raise_problem()
        return self.head_hash

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _raise_problem(self) -> None:
        if self._problem is not None:
            raise FileError(self._problem.message, hint=self._problem.hint)

    def _run(self) -> None:
        try:
            while self._step():
                pass
        except FileError as problem:
            self._fail(problem)
        except Exception as problem:  # noqa: BLE001  a writer that dies unheard would lose all that follows
            self._fail(FileError(f"{self.path} cannot be written ({problem!r})", hint="report this"))

    def _step(self) -> bool:
        """Wait for work, do it, tell whether there will be more."""
        with self._changed:
            while not (self._closing or self._wanted > self._durable):
                idle_s = self._schedule.idle_s(time.monotonic())
                if idle_s <= 0:
                    break
                self._changed.wait(None if idle_s == FOREVER else idle_s)
            batches, self._pending = self._pending, []
            self._schedule.taken()
            closing, wanted = self._closing, self._wanted
        for lines, size in framed(chain.from_iterable(batches)):
            self._parts.append(lines)
            self._written += len(lines)
            self._schedule.wrote(size, time.monotonic())
            self._sync_if(self._schedule.sync_due(time.monotonic()))
        if closing:
            self._parts.close()
            self._now_durable()
            return False
        self._sync_if(wanted > self._durable or self._schedule.sync_due(time.monotonic()))
        self._look_if(self._schedule.look_due(time.monotonic()))
        return True

    def _sync_if(self, due: bool) -> None:
        if due:
            self._parts.sync()
            self._now_durable()

    def _look_if(self, due: bool) -> None:
        if due:
            self._parts.look()
            self._schedule.looked(time.monotonic())

    def _now_durable(self) -> None:
        self._schedule.synced(time.monotonic())
        with self._changed:
            more = self._written > self._durable
            self._durable = self._written
            self._changed.notify_all()
        if more and self._on_durable is not None:
            self._on_durable(self._durable)

    def _fail(self, problem: FileError) -> None:
        self._parts.abandon()
        with self._changed:
            self._problem = problem
            self._pending.clear()
            self._changed.notify_all()
        if self._on_error is not None:
            self._on_error(problem)
