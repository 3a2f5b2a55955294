"""One definition of coverage and gaps (contract, section 3): recording, live view, ``verify`` and ``compare`` agree."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tracekit
from lightleak.arrays import Intervals
from lightleak.comparator.columns.event_columns import EventColumns
from lightleak.comparator.timeline.segments import segments_of
from lightleak.comparator.timeline.watched_time import gaps_of
from lightleak.coverage import Coverage
from lightleak.device.recorder.statistics import RecordingStats
from lightleak.events import Event
from lightleak.trace.verify import Continuity, SequenceFields
from lightleak.views.live.state import LiveState

APP = "a.b"


def at(wall_ns: int, segment: int, seq: int, kind: str = "access", **keys: object) -> Event:
    return Event({"kind": kind, "segment": segment, "seq": seq, "wall_ns": wall_ns, "mono_ns": wall_ns, **keys})


def process(wall_ns: int, segment: int, seq: int, phase: str, **keys: object) -> Event:
    return at(wall_ns, segment, seq, "process", phase=phase, **{"identifier": APP, "name": "App", **keys})


def counts(events: list[Event]) -> dict[str, int]:
    statistics, live, numbers = RecordingStats(), LiveState(), Continuity()
    for event in events:
        statistics.feed([event])
        live.feed([event])
        numbers.feed(as_row(event))
    numbers.finish()
    return {"record": statistics.gaps, "live": live.gaps, "verify": len(numbers.gaps), "compare": len(compared(events))}


def as_row(event: Event) -> SequenceFields:
    keys = ("kind", "segment", "seq", "wall_ns", "mono_ns", "count", "reason", "phase", "identifier")
    return SequenceFields(*(event.get(key) for key in keys))


def compared(events: list[Event]) -> list:
    return list(gaps_of(segments_of(EventColumns.decode([json.dumps(event).encode() + b"\n" for event in events]), 1)))


def same(number: int) -> dict[str, int]:
    return dict.fromkeys(("record", "live", "verify", "compare"), number)


def test_two_segments_at_once_leave_no_gap():
    events = [
        process(100, 1, 1, "ready"),
        process(200, 2, 1, "ready"),
        process(300, 1, 2, "exited"),
        process(400, 2, 2, "exited"),
    ]
    assert counts(events) == same(0)


def test_a_segment_that_goes_on_after_another_began_leaves_no_gap():
    events = [process(100, 1, 1, "ready"), process(200, 2, 1, "ready"), at(300, 1, 2), at(310, 2, 2)]
    assert counts(events) == same(0)


def test_the_time_between_two_launches_is_a_gap():
    events = [process(100, 1, 1, "ready"), process(200, 1, 2, "exited"), process(500, 2, 1, "ready")]
    assert counts(events) == same(1)


def test_a_segment_without_an_end_is_covered_until_its_last_event():
    assert counts([process(100, 1, 1, "ready"), at(150, 1, 2), process(500, 2, 1, "ready")]) == same(1)


def test_what_sleeps_is_covered():
    events = [process(100, 1, 1, "ready"), process(150, 1, 2, "suspended"), process(900, 1, 3, "resumed")]
    assert counts(events) == same(0)


@pytest.mark.parametrize("hole", [at(200, 1, 2, "lost", count=3, reason="full"), at(200, 1, 5)])
def test_a_loss_or_a_hole_in_the_numbers_is_a_gap(hole):
    events = [process(100, 1, 1, "ready"), hole, at(300, 1, hole.seq + 1)]
    assert counts(events) == same(1)


def test_what_a_loss_accounts_for_is_not_counted_again():
    events = [process(100, 1, 1, "ready"), at(200, 1, 2, "lost", count=3, reason="full"), at(300, 1, 6)]
    assert counts(events) == same(1)


def test_different_apps_leave_no_gap():
    assert counts([process(100, 1, 1, "ready"), process(500, 2, 1, "ready", identifier="c.d")]) == same(0)


def test_a_segment_has_the_identifier_that_it_names_last():
    events = [
        process(100, 1, 1, "ready", identifier="c.d"),
        process(110, 1, 2, "attached"),
        process(200, 1, 3, "exited"),
        process(500, 2, 1, "ready"),
    ]
    assert counts(events) == same(1)


def test_the_first_end_ends_it():
    events = [
        process(100, 1, 1, "ready"),
        process(200, 1, 2, "detached"),
        process(400, 1, 3, "exited"),
        process(400, 2, 1, "ready"),
    ]
    assert counts(events) == same(1)


def test_where_a_filter_took_events_out_numbers_may_be_missing():
    coverage = Coverage(is_filtered=True)
    for event in (process(100, 1, 1, "ready"), at(200, 1, 9), at(300, 1, 12, "lost", count=1, reason="full")):
        coverage.feed_event(event)
    assert coverage.gap_count == 1


def test_a_filtered_replay_counts_no_holes(tmp_path, capsys):
    from lightleak.cli import main

    lines = [tracekit.line(1, kind="process", phase="ready", name="App", identifier=APP), *tracekit.lines(9)[1:]]
    path = tracekit.session(tmp_path / "s.lightleak", lines)
    with pytest.raises(SystemExit):
        main(["replay", str(path), "--filter", "seq = 5", "--speed", "max"])
    assert "gap" not in capsys.readouterr().out


LIVES = st.lists(
    st.lists(st.tuples(st.sampled_from(["event", "lost", "hole", "back"]), st.integers(1, 30)), max_size=8), max_size=5
)
"""Of each segment its events: what they are, and how long after the one before."""


@settings(max_examples=300, deadline=None)
@given(LIVES, st.lists(st.integers(0, 150), min_size=5, max_size=5), st.lists(st.booleans(), min_size=5, max_size=5))
def test_streaming_and_columns_leave_the_same_time_uncovered(lives, starts, ended):
    events = []
    for segment, (life, start, has_end) in enumerate(zip(lives, starts, ended, strict=False), 1):
        events += told(life, start, segment, has_end=has_end)
    # Any order of segments in the file gives the same, as long as each one's own events are in order.
    coverage = Coverage()
    for event in events:
        coverage.feed_event(event)
    streamed = Intervals.union((gap.from_ns, gap.to_ns) for gap in coverage.gaps() if gap.to_ns > gap.from_ns)
    columnar = Intervals.union((gap.from_ns, gap.to_ns) for gap in compared(events) if gap.to_ns > gap.from_ns)
    assert streamed.pairs() == columnar.pairs()


@settings(max_examples=200, deadline=None)
@given(LIVES, st.lists(st.integers(0, 150), min_size=5, max_size=5), st.integers(1, 9))
def test_batches_of_any_size_give_the_coverage_of_single_events(lives, starts, size):
    events = []
    for segment, (life, start) in enumerate(zip(lives, starts, strict=False), 1):
        events += told(life, start, segment, has_end=True)
    events.sort(key=lambda event: event["wall_ns"])
    single, batched = Coverage(), Coverage()
    for event in events:
        single.feed_event(event)
    for start in range(0, len(events), size):
        batched.feed_events(events[start : start + size])
    assert batched == single


def told(life: list[tuple[str, int]], start: int, segment: int, *, has_end: bool) -> list[Event]:
    """Make a segment's events. No clock is set back within a loss: there both forms go by the stamps on either side."""
    wall, seq, mono = start, 1, start
    events = [process(wall, segment, seq, "ready")]
    for (before, _), (kind, after) in pairwise([("", 0), *life]):
        goes_back = kind == "back" and before != "lost"
        wall += -after if goes_back else after
        mono += after
        seq += 3 if kind == "hole" else 1
        keys = {"kind": "lost", "count": 2, "reason": "full"} if kind == "lost" else {}
        events.append(Event({**at(wall, segment, seq), "mono_ns": mono, **keys}))
    if has_end:
        events.append(process(wall + 1, segment, seq + 1, "exited"))
    return events
