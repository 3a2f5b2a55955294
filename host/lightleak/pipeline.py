"""From a source to sinks: the path of all events, live or replayed.

A source is any iterable of batches; a sink is any function of a batch. A sink that raises stops the pipeline, so that
no view shows events that are no longer written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from lightleak.event_head import HeadRun
from lightleak.events import Event
from lightleak.trace.line import decode_events


class Batch:
    """Events that arrived together, as lines of the file and as objects; pass ``events`` when they are decoded already."""

    def __init__(
        self,
        lines: Sequence[bytes],
        events: list[Event] | None = None,
        *,
        odd: Counter[str] | None = None,
        run: HeadRun | None = None,
    ) -> None:
        self.lines = lines
        """The lines of the file, without newlines."""
        self.run = run
        """The heads of the events, where only these were read."""
        self._events = events
        self._odd = odd
        """Counts, by key, the values that are read as absent."""

    @property
    def events(self) -> list[Event]:
        """The same as objects. Raises: TraceError when a line is not an event."""
        if self._events is None:
            self._events = list(decode_events(self.lines, self._odd))
        return self._events


Sink = Callable[[Batch], object]


class Pipeline:
    """Hand every batch to every sink, in the order of the sinks."""

    def __init__(self, *sinks: Sink) -> None:
        self._sinks = sinks

    def feed(self, batch: Batch) -> None:
        """Take one batch. Raises: what a sink raises."""
        for sink in self._sinks:
            sink(batch)

    def run(self, source: Iterable[Batch]) -> None:
        """Take all batches of a source. Raises: what the source or a sink raises."""
        for batch in source:
            self.feed(batch)


def to_lines(write: Callable[[Sequence[bytes]], object]) -> Sink:
    """Return a sink for a function of lines, such as ``Writer.write``."""
    return lambda batch: write(batch.lines)


def to_events(feed: Callable[[list[Event]], object]) -> Sink:
    """Return a sink for a function of events, such as ``LiveView.feed``."""
    return lambda batch: feed(batch.events)
