"""Read a file's lines with a second process ahead, which unpacks them and looks whether they are ordinary.

Separate because both readers of a session use it: the one of lines as recorded, and the one of events.
"""

from __future__ import annotations

import struct
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from typing import NamedTuple

from lightleak.second_process import Done, WorkAhead, can_fork
from lightleak.trace.clean_lines import CleanRun, run_of_all
from lightleak.trace.frames import ByteRange
from lightleak.trace.pieces import LineRange
from lightleak.trace.session_file import STRETCH_BYTES, SessionFile

WORTH_BYTES = 512 << 10
"""From this size on disk on, a second process saves more time than it costs."""

_RUN = struct.Struct("<qqq")


class Stretch(NamedTuple):
    """The event lines of some frames that follow each other, and their run where it is known. They hold until the next ones are read."""

    lines: LineRange
    run: CleanRun | None

    def kept(self) -> Stretch:
        """Return the same, to be kept."""
        if self.lines.buffer.__class__ is bytes and self.lines.end - self.lines.start == len(self.lines.buffer):
            return self
        whole = self.lines.all()
        return Stretch(LineRange(whole, 0, len(whole)), self.run)


def read_stretches(
    file: SessionFile, stretches: Sequence[list[ByteRange]], *, checks: bool = False, is_helped: bool = True
) -> Generator[Stretch, None, None]:
    """Yield the event lines of stretches, in their order. Raises: TraceError.

    checks: let the second process look for runs. is_helped: start one where that is worth it.
    """
    with ExitStack() as open_things:
        ahead: WorkAhead | None = None
        if is_helped and sum(frame.length for frames in stretches for frame in frames) >= WORTH_BYTES and can_fork():
            work = _Ahead(file, stretches, checks=checks)
            ahead = open_things.enter_context(WorkAhead(work, len(stretches), slot_bytes=STRETCH_BYTES))
        wanted: list[ByteRange] = []
        # One file that is opened once: it gives the frames that are put on the list.
        contents = open_things.enter_context(closing(file.contents(iter(lambda: wanted.pop(0), None))))
        for number, frames in enumerate(stretches):
            done = ahead.take(number) if ahead is not None else None
            if done is not None:
                yield _brought(done)
            else:
                wanted[:] = frames
                yield Stretch(file.lines_of(next(contents) for _ in frames), None)


class _Ahead:
    """What the second process does."""

    def __init__(self, file: SessionFile, stretches: Sequence[list[ByteRange]], *, checks: bool) -> None:
        self._file, self._stretches, self._checks = file, stretches, checks

    def __call__(self, number: int) -> tuple[bytes, bytes] | None:
        lines = self._file.lines_of(self._file.contents(self._stretches[number]))
        run = run_of_all(lines.pieces()) if self._checks else None
        return lines.all(), b"" if run is None else _RUN.pack(*run)


def _brought(done: Done) -> Stretch:
    run = None if not any(done.note) else CleanRun(*_RUN.unpack_from(done.note))
    return Stretch(LineRange(done.room, done.start, done.stop), run)
