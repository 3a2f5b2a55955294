"""Source to sinks: the one way that events take, live or replayed.

A source is any iterable of batches; a sink is any function of a batch. A sink that raises stops the pipeline: whoever
shows events must not go on when they are no longer written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from lightleak.events import Event
from lightleak.trace.line import decode_events


class Batch:
    """Events that came together, as lines of the file and as objects; ``events`` where somebody has them already."""

    def __init__(self, lines: Sequence[bytes], events: list[Event] | None = None) -> None:
        self.lines = lines
        """As they stand in the file, without newlines."""
        self._events = events

    @property
    def events(self) -> list[Event]:
        """The same as objects. Errors: TraceError for a line that is not an event."""
        if self._events is None:
            self._events = list(decode_events(self.lines))
        return self._events


Sink = Callable[[Batch], object]


class Pipeline:
    """Hand every batch to every sink, in the order in which the sinks are named."""

    def __init__(self, *sinks: Sink) -> None:
        self._sinks = sinks

    def feed(self, batch: Batch) -> None:
        """Take one batch. Errors: those of the sinks."""
        for sink in self._sinks:
            sink(batch)

    def run(self, source: Iterable[Batch]) -> None:
        """Take all that a source gives. Errors: those of the source and of the sinks."""
        for batch in source:
            self.feed(batch)


def to_lines(write: Callable[[Sequence[bytes]], object]) -> Sink:
    """Make a sink of what takes lines, such as ``Writer.write``."""
    return lambda batch: write(batch.lines)


def to_events(feed: Callable[[list[Event]], object]) -> Sink:
    """Make a sink of what takes events, such as ``LiveView.feed``."""
    return lambda batch: feed(batch.events)
