"""One way for every event: file, summary and views get the same."""

from __future__ import annotations

import pytest

from device.rig import Heard, Memory
from lightleak.device.recorder.event_codec import LINE_BYTES_MAX
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.events import Event
from lightleak.pipeline import to_events
from lightleak.trace.line import decode_event


def event(seq: int, **fields: object) -> Event:
    return Event(kind="access", segment=1, seq=seq, wall_ns=seq, mono_ns=seq, **fields)


def test_whoever_looks_on_sees_what_stands_in_the_file_also_where_it_had_to_be_changed() -> None:
    memory, seen, lines = Memory(), [], []
    recording = SessionRecorder(
        memory.create, Heard(), views=[to_events(seen.extend), lambda batch: lines.extend(batch.lines)]
    )
    recording.begin({})
    recording.feed([event(1), event(2)])
    recording.feed([event(3), event(4, symbol="a\ud800b"), event(5, symbol="x" * LINE_BYTES_MAX)])

    assert seen == memory.events == [decode_event(line) for line in lines]
    assert [(e.kind, e.get("symbol"), e.get("count")) for e in seen[3:]] == [("access", "a�b", None), ("lost", None, 1)]
    assert (recording.written, recording.statistics.events, recording.statistics.losses.events) == (5, 5, 1)


def test_a_view_costs_no_second_decoding() -> None:
    seen: list[Event] = []
    recording = SessionRecorder(Memory().create, Heard(), views=[to_events(seen.extend)])
    recording.begin({})
    made = [event(1)]
    recording.feed(made)

    assert seen[0] is made[0]


def test_what_the_disk_does_not_take_nobody_sees() -> None:
    class Full(Memory):
        def write(self, _lines: object) -> int:
            raise OSError("full")

    seen: list[Event] = []
    recording = SessionRecorder(Full().create, Heard(), views=[to_events(seen.extend)])
    recording.begin({})
    with pytest.raises(OSError, match="full"):
        recording.feed([event(1)])

    assert (seen, recording.statistics.events) == ([], 0)
