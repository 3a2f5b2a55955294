"""A session as an export reads it: the events that a filter keeps, each with the state in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lightleak.events import Event
from lightleak.filter import Filter
from lightleak.replay_state import ReplayState, SegmentState
from lightleak.trace.line import decode_event
from lightleak.trace.session import Session

_EVERY = 1_000
"""Events between two calls of ``progress``."""


class ExportSource:
    """One session to be exported. Nothing of it is kept: each method reads the file again.

    progress: called with how many events were read since its last call. Raises: TraceError when the session is damaged.
    """

    def __init__(
        self, session: Session, keep: Filter | None = None, progress: Callable[[int], object] | None = None
    ) -> None:
        self.session = session
        self.keep = keep
        self._progress = progress

    @property
    def header(self) -> dict[str, Any]:
        """The session's header."""
        return self.session.header

    def events(self) -> Iterator[tuple[Event, SegmentState]]:
        """Yield the kept events by (segment, seq), each with its state, which is valid until the next event."""
        keep, replay = self.keep, ReplayState()
        for event in self._counted(self.session.events()):
            state = replay.at(event)
            if keep is None or keep.test(event, state):
                yield event, state

    def everything(self) -> Iterator[tuple[Event, SegmentState, bool]]:
        """Yield all events by (segment, seq), and whether each is kept: for views that also draw their surroundings."""
        keep, replay = self.keep, ReplayState()
        for event in self._counted(self.session.events()):
            state = replay.at(event)
            yield event, state, keep is None or keep.test(event, state)

    def blocks(self) -> Iterator[bytes]:
        """Yield the kept events' lines in large pieces, byte for byte as recorded and in that order."""
        if self.keep is None:
            yield from self.session.blocks()
            return
        for block in self.session.blocks():
            lines = block.split(b"\n")[:-1]
            kept = [line for line in lines if self.keep.keeps(decode_event(line))]
            self._report(len(lines))
            if kept:
                yield b"\n".join(kept) + b"\n"

    def _counted(self, events: Iterator[Event]) -> Iterator[Event]:
        number = 0
        for number, event in enumerate(events, 1):
            if not number % _EVERY:
                self._report(_EVERY)
            yield event
        self._report(number % _EVERY)

    def _report(self, count: int) -> None:
        if self._progress is not None:
            self._progress(count)
