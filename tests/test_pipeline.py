"""One pipeline for what is live and what is replayed."""

from __future__ import annotations

import pytest

from lightleak.errors import FileError, TraceError
from lightleak.events import Event
from lightleak.pipeline import Batch, Pipeline, to_events, to_lines
from tracekit import event, line, lines


def test_every_sink_gets_every_batch_in_order():
    seen = []
    source = [Batch(lines(2)), Batch(lines(3)[2:])]
    Pipeline(
        to_lines(lambda it: seen.append(("lines", list(it)))), to_events(lambda it: seen.append(("events", len(it))))
    ).run(source)

    assert seen == [("lines", lines(2)), ("events", 2), ("lines", lines(3)[2:]), ("events", 1)]


def test_a_batch_is_lines_and_events_alike():
    batch = Batch([line(1, x=None)])

    assert batch.events == [Event(event(1, x=None))]
    assert batch.events is batch.events


def test_a_line_that_is_not_an_event_raises_the_one_error():
    with pytest.raises(TraceError, match="not an event"):
        _ = Batch([b"{}"]).events


def test_a_sink_that_cannot_go_on_stops_all():
    def full(_lines):
        raise FileError("the disk is full")

    later = []
    with pytest.raises(FileError):
        Pipeline(to_lines(full), to_events(later.append)).run([Batch(lines(1)), Batch(lines(2))])
    assert later == []
