"""Write a session on its own thread: handing over events never waits for the disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lightleak.errors import FileError
from lightleak.trace.format import FRAME_BYTES, FRAME_S, NAME_CHECK_S, SYNC_BYTES, SYNC_S
from lightleak.trace.frame_writer import RotatingWriter, Rotation
from lightleak.trace.frames import framed
from lightleak.trace.joined_lines import JoinedLines, joined

FOREVER = float("inf")


@dataclass(slots=True)
class Schedule:
    """When to write, sync and check the name: what waits to be written, and what is written and not synced."""

    pending_bytes: int = 0
    pending_since_s: float = FOREVER
    unsynced_bytes: int = 0
    unsynced_since_s: float = FOREVER
    checked_s: float = FOREVER

    def handed_over(self, size: int, now_s: float) -> bool:
        """Note new lines; return whether the thread must be woken."""
        first = not self.pending_bytes
        if first:
            self.pending_since_s = now_s
        self.pending_bytes += size
        return first or self.pending_bytes >= FRAME_BYTES

    def taken(self) -> None:
        """Note that all waiting lines are being written."""
        self.pending_bytes = 0
        self.pending_since_s = FOREVER

    def wrote(self, size: int, now_s: float) -> None:
        """Note lines that were written."""
        if not self.unsynced_bytes:
            self.unsynced_since_s = now_s
        self.unsynced_bytes += size

    def synced(self, now_s: float) -> None:
        """Note that all that was written is on the disk; syncing also checked the name."""
        self.unsynced_bytes = 0
        self.unsynced_since_s = FOREVER
        self.name_checked(now_s)

    def name_checked(self, now_s: float) -> None:
        """Note that the file was found under its name."""
        self.checked_s = now_s

    def idle_s(self, now_s: float) -> float:
        """Return for how long there is nothing to do, s; 0 or less when there is."""
        if self.pending_bytes >= FRAME_BYTES:
            return 0.0
        return (
            min(self.pending_since_s + FRAME_S, self.unsynced_since_s + SYNC_S, self.checked_s + NAME_CHECK_S) - now_s
        )

    def sync_due(self, now_s: float) -> bool:
        """Return whether what is written must be synced now."""
        return self.unsynced_bytes >= SYNC_BYTES or now_s >= self.unsynced_since_s + SYNC_S

    def name_check_due(self, now_s: float) -> bool:
        """Return whether the name must be checked now."""
        return now_s >= self.checked_s + NAME_CHECK_S


class Writer:
    """A session file that is being written, or several with ``rotation``.

    ``on_durable(n)`` is called from the writer's thread whenever more lines are on the disk: the first ``n``.
    ``on_error(problem)`` is called once, from the same thread, when writing has failed for good; every later call
    raises that FileError. What was durable stays readable.

    Raises: FileError when the file exists (without ``force``) or cannot be written.
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
        self._files = RotatingWriter(path, header, force=force, rotation=rotation)
        self._on_durable = on_durable
        self._on_error = on_error
        self._changed = threading.Condition()
        self._schedule = Schedule(checked_s=time.monotonic())
        self._pending: list[JoinedLines] = []
        self._handed_over = self._written = self._durable = self._wanted = 0
        self._closing = False
        self._problem: FileError | None = None
        self._thread = threading.Thread(target=self._run, name="lightleak-writer", daemon=True)
        self._thread.start()

    @property
    def path(self) -> Path:
        """The file that is written now; another one after each rotation."""
        return self._files.path

    @property
    def paths(self) -> list[Path]:
        """All files of this session so far, in order."""
        return list(self._files.paths)

    @property
    def head_hash(self) -> str:
        """The hash of the last seal; after ``close`` that of the whole session."""
        return self._files.head

    @property
    def handed_over(self) -> int:
        """How many lines were handed over so far."""
        return self._handed_over

    @property
    def durable(self) -> int:
        """How many of the lines handed over are on the disk."""
        return self._durable

    @property
    def size_bytes(self) -> int:
        """Size of all files, bytes."""
        return self._files.size

    def write(self, lines: Iterable[bytes]) -> None:
        """Hand over event lines: JSON without newline, in order of seq in each segment. Never waits for the disk.

        Raises: FileError once writing has failed, TraceError when a line is not a valid event line; then no line of the
        call is taken.
        """
        batch = joined(lines)
        if not batch:
            return
        with self._changed:
            self._raise_problem()
            if self._closing:
                raise FileError(f"{self.path} is closed", hint="write before closing")
            self._pending.append(batch)
            self._handed_over += len(batch)
            if self._schedule.handed_over(len(batch.text), time.monotonic()):
                self._changed.notify_all()

    def check(self) -> None:
        """Check that writing goes on. Raises: FileError once it has failed."""
        with self._changed:
            self._raise_problem()

    def flush(self) -> None:
        """Wait until all lines handed over are on the disk. Raises: FileError."""
        with self._changed:
            self._wanted = target = self._handed_over
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._durable >= target or self._problem is not None)
            self._raise_problem()

    def close(self) -> str:
        """Write what is left and the closing seal; return the head hash. Raises: FileError."""
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
        except Exception as problem:  # noqa: BLE001  a thread that dies silently would lose all later events
            self._fail(FileError(f"{self.path} cannot be written ({problem!r})", hint="report this"))

    def _step(self) -> bool:
        """Wait for work and do it; return whether there will be more."""
        with self._changed:
            while not (self._closing or self._wanted > self._durable):
                idle_s = self._schedule.idle_s(time.monotonic())
                if idle_s <= 0:
                    break
                self._changed.wait(None if idle_s == FOREVER else idle_s)
            batches, self._pending = self._pending, []
            self._schedule.taken()
            closing, wanted = self._closing, self._wanted
        for frame in framed(batches):
            self._files.append(frame)
            self._written += frame.events
            self._schedule.wrote(len(frame.text), time.monotonic())
            self._sync_if(self._schedule.sync_due(time.monotonic()))
        if closing:
            self._files.close()
            self._now_durable()
            return False
        self._sync_if(wanted > self._durable or self._schedule.sync_due(time.monotonic()))
        self._check_name_if(self._schedule.name_check_due(time.monotonic()))
        return True

    def _sync_if(self, due: bool) -> None:
        if due:
            self._files.sync()
            self._now_durable()

    def _check_name_if(self, due: bool) -> None:
        if due:
            self._files.check_name()
            self._schedule.name_checked(time.monotonic())

    def _now_durable(self) -> None:
        self._schedule.synced(time.monotonic())
        with self._changed:
            more = self._written > self._durable
            self._durable = self._written
            self._changed.notify_all()
        if more and self._on_durable is not None:
            self._on_durable(self._durable)

    def _fail(self, problem: FileError) -> None:
        self._files.abandon()
        with self._changed:
            self._problem = problem
            self._pending.clear()
            self._changed.notify_all()
        if self._on_error is not None:
            self._on_error(problem)
