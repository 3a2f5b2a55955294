"""A session as an export reads it: events that a filter chose, with what holds at each, counted as they go by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lightleak.events import Event
from lightleak.filter import Filter
from lightleak.replay_state import ReplayState, SegmentState
from lightleak.trace.line import decode_event
from lightleak.trace.session import Session


class ExportSource:
    """One session on its way out. Nothing of it is kept; each method reads the file anew. Errors: TraceError.

    progress: called with how many events were read since it was called last.
    """

    def __init__(
        self, session: Session, chosen: Filter | None = None, progress: Callable[[int], object] | None = None
    ) -> None:
        self.session = session
        self.chosen = chosen
        self._progress = progress

    @property
    def header(self) -> dict[str, Any]:
        """The session's header."""
        return self.session.header

    def events(self) -> Iterator[tuple[Event, SegmentState]]:
        """Give the chosen events by (segment, seq), each with what holds at it, which is true until the next is asked."""
        chosen, context = self.chosen, ReplayState()
        for event in self._counted(self.session.events()):
            here = context.at(event)
            if chosen is None or chosen.test(event, here):
                yield event, here

    def everything(self) -> Iterator[tuple[Event, SegmentState, bool]]:
        """Give all events by (segment, seq), and whether each is chosen: for views that draw what frames the chosen."""
        chosen, context = self.chosen, ReplayState()
        for event in self._counted(self.session.events()):
            here = context.at(event)
            yield event, here, chosen is None or chosen.test(event, here)

    def blocks(self) -> Iterator[bytes]:
        """Give the chosen events' lines in large pieces, byte for byte as recorded and in that order."""
        if self.chosen is None:
            yield from self.session.blocks()
            return
        for block in self.session.blocks():
            lines = block.split(b"\n")[:-1]
            kept = [line for line in lines if self.chosen.keeps(decode_event(line))]
            self._tell(len(lines))
            if kept:
                yield b"\n".join(kept) + b"\n"

    def _counted(self, events: Iterator[Event]) -> Iterator[Event]:
        number = 0
        for number, event in enumerate(events, 1):
            if not number % _EVERY:
                self._tell(_EVERY)
            yield event
        self._tell(number % _EVERY)

    def _tell(self, count: int) -> None:
        if self._progress is not None:
            self._progress(count)


_EVERY = 1_000
"""Events between two words of progress."""
