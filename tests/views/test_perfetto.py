"""Perfetto: packets that its schema reads back, tracks on which slices nest."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.views.perfetto import write
from lightleak.views.perfetto.tracks import OPEN, TrackGroup
from tracekit import event
from views.exports import each_kind, hostile, origins_and_acts, source_of, written

pb = pytest.importorskip("perfetto.protos.perfetto.trace.perfetto_trace_pb2")
BEGIN, END, INSTANT = (getattr(pb.TrackEvent, f"TYPE_{name}") for name in ("SLICE_BEGIN", "SLICE_END", "INSTANT"))
PROCESSOR = os.environ.get("TRACE_PROCESSOR") or shutil.which("trace_processor_shell")


class Trace:
    """A trace as a reader of the format sees it. Every rule that it breaks is an assertion."""

    def __init__(self, raw: bytes) -> None:
        self.names: dict[int, str] = {}
        self.parents: dict[int, int] = {}
        self.slices: list[tuple[str, str, int, int, int]] = []
        """Track, name, begin, end, how deep it stands in others."""
        self.instants: list[tuple[str, str, int]] = []
        self.notes: dict[str, dict] = {}
        self.counters: dict[str, tuple[int, list[tuple[int, int]]]] = {}
        """Name → unit, and (time, value)."""
        self.arrows: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
        """Number → time, track and name of the slices and instants at its ends."""
        self._interned: dict[int, str] = {}
        self._keys: dict[int, str] = {}
        stacks = defaultdict(list)
        last = defaultdict(int)
        for packet in pb.Trace.FromString(raw).packet:
            assert packet.trusted_packet_sequence_id == 1
            self._interned |= {one.iid: one.name for one in packet.interned_data.event_names}
            self._keys |= {one.iid: one.name for one in packet.interned_data.debug_annotation_names}
            if packet.HasField("track_descriptor"):
                track = packet.track_descriptor
                assert track.uuid not in self.names
                assert not track.HasField("parent_uuid") or track.parent_uuid in self.names
                self.names[track.uuid], self.parents[track.uuid] = track.name, track.parent_uuid
                if track.HasField("counter"):
                    self.counters[track.name] = track.counter.unit or track.counter.unit_name, []
            if packet.HasField("track_event"):
                told_event = packet.track_event
                uuid, at = told_event.track_uuid, packet.timestamp
                assert uuid in self.names
                assert at >= last[uuid], "a track goes forward"
                last[uuid] = at
                self._take(told_event, uuid, at, stacks[uuid])
        assert all(not stack for stack in stacks.values()), "what begins ends"

    def _take(self, told_event, uuid, at, stack):
        if told_event.type == END:
            name, start = stack.pop()
            self.slices.append((self.names[uuid], name, start, at, len(stack)))
            return
        if told_event.type == pb.TrackEvent.TYPE_COUNTER:
            self.counters[self.names[uuid]][1].append((at, told_event.counter_value))
            return
        name = told_event.name or self._interned[told_event.name_iid]
        assert name.isprintable()
        self.notes[name] = {
            self._keys[note.name_iid]: getattr(note, note.WhichOneof("value")) for note in told_event.debug_annotations
        }
        for number in told_event.flow_ids:
            self.arrows[number].append((at, self.names[uuid], name))
        if told_event.type == BEGIN:
            stack.append((name, at))
        else:
            assert told_event.type == INSTANT
            self.instants.append((self.names[uuid], name, at))

    def on(self, track: str) -> list[tuple[str, int, int, int]]:
        return [rest for name, *rest in self.slices if name == track]


def exported(path, *events, **options) -> Trace:
    return Trace(written(write, source_of(path, *events), **options))


WALL, MS = 1_790_000_000_000_000_000, 1_000_000


def test_each_kind_stands_on_its_lane_with_the_devices_times(tmp_path):
    trace = exported(tmp_path, *each_kind())
    assert trace.names[1] == "com.example.app (pid 77, segment 1)"
    assert set(trace.names.values()) >= {"watched", "app state", "thread 259", "deliveries", "accounting"}
    image, notified = trace.on("thread 259")
    assert notified == ["photoLibraryDidChange: Watcher", WALL + 70 * MS, WALL + 100 * MS, 0]
    assert image == ["-[PHImageManager requestImageDataForAsset:]", WALL + 80 * MS, WALL + 85 * MS, 1]
    assert trace.notes[image[0]] == {
        "seq": 8, "depth": "data", "asset": "a1b2", "cause": 7, "caller": "Example + 0x1000", "detail": "version=0",
        "because of": "notification",
    }  # fmt: skip
    assert trace.on("deliveries") == [[f"until delivered: {image[0]}", WALL + 80 * MS, WALL + 120 * MS, 0]]
    assert trace.on("accounting") == [["A0B1", WALL + 130 * MS, WALL + 140 * MS, 0]]
    assert trace.on("app state") == [["background", WALL + 40 * MS, WALL + 180 * MS, 0]], "to the loss"
    assert trace.on("watched") == [["watched", WALL + 30 * MS, WALL + 200 * MS, 0]]
    assert {name for _, name, _ in trace.instants} >= {"3 events lost", "mark: locked", "delivery", "detached"}


def test_an_arrow_leads_from_each_origin_on_its_own_lane_to_each_of_its_acts(tmp_path):
    trace = exported(tmp_path, *origins_and_acts())
    found = {tuple((track, name) for _, track, name in sorted(ends)) for ends in trace.arrows.values()}
    assert found == {
        (("origins", "change for Watcher"), ("thread 259", "of the change")),
        (("origins", "input: touch"), ("thread 300", "of the touch")),
        (("origins", "silent-push"), ("thread 259", "of the push")),
        (("origins", "state inactive"), ("thread 259", "of the launch")),
        (("origins", "change for Watcher"), ("thread 259", "-[PHAsset location]")),
    }
    assert trace.on("origins") == [["change for Watcher", WALL + 60 * MS, WALL + 260 * MS, 0]]
    lane = [(name, at - WALL) for track, name, at in trace.instants if track == "origins"]
    assert lane == [
        ("state inactive", 30 * MS), ("state active", 40 * MS), ("input: touch", 70 * MS), ("silent-push", 80 * MS),
    ]  # fmt: skip
    assert trace.notes["of the touch"]["because of"] == "input"
    assert trace.notes["of the touch"]["resumed_by"] == 6
    assert "because of" not in trace.notes["of nothing"]
    assert trace.notes["of what was lost"]["cause_lost"] is True


def test_a_filter_keeps_the_origins_of_what_it_chooses(tmp_path):
    trace = exported(tmp_path, *origins_and_acts(), expression="trigger = change")
    assert [name for name, *_ in trace.on("origins")] == ["change for Watcher"]
    assert {name for track, name, _ in trace.instants if track.startswith("thread")} == {
        "of the change",
        "-[PHAsset location]",
    }


def test_an_origin_with_more_acts_than_arrows_is_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr("lightleak.views.perfetto.segment._MOST_ARROWS", 2)
    acts = [event(n, depth="data", symbol=f"s{n}", cause=1) for n in range(2, 8)]
    trace = exported(tmp_path, event(1, kind="input", type="touch"), *acts)
    assert sorted(ends[-1][2] for ends in trace.arrows.values()) == ["s2", "s3"]
    assert all(len(ends) == 2 for ends in trace.arrows.values())


def test_a_cause_after_its_act_or_in_no_origin_makes_no_arrow(tmp_path):
    acts = [event(n, depth="data", symbol=f"s{n}", cause=cause) for n, cause in ((1, 4), (2, 1), (3, 3), (5, 99))]
    trace = exported(tmp_path, *acts[:3], event(4, kind="input", type="touch"), acts[3])
    assert trace.arrows == {}
    assert len(trace.instants) == 5


def test_usage_is_a_track_of_numbers_and_what_was_not_measured_is_no_zero(tmp_path):
    trace = exported(tmp_path, *origins_and_acts())
    unit = pb.CounterDescriptor
    assert trace.counters == {
        "CPU time so far": (unit.UNIT_TIME_NS, [(WALL + 50 * MS, 1_500_000_000), (WALL + 180 * MS, 1_900_000_000)]),
        "memory footprint": (unit.UNIT_SIZE_BYTES, [(WALL + 50 * MS, 34_500_000), (WALL + 180 * MS, 34_500_000)]),
        "wake-ups so far": (unit.UNIT_COUNT, [(WALL + 50 * MS, 12), (WALL + 180 * MS, 12)]),
        "disk reads so far": (unit.UNIT_SIZE_BYTES, [(WALL + 50 * MS, 2_000_000)]),
    }


def test_times_follow_the_steady_clock_when_the_wall_clock_is_set(tmp_path):
    steady = event(2, depth="open", symbol="b", wall_ns=5)
    trace = exported(tmp_path, event(1, depth="open", symbol="a"), steady)
    assert [at for *_, at in trace.instants] == [WALL + 10 * MS, WALL + 20 * MS]


def test_threads_whose_calls_overlap_have_a_track_each(tmp_path):
    told_events = [
        event(1, depth="data", symbol="a", tid=1), event(2, depth="data", symbol="b", tid=2),
        event(3, kind="return", of=1, duration_ns=15 * MS), event(4, kind="return", of=2, duration_ns=25 * MS),
    ]  # fmt: skip
    trace = exported(tmp_path, *told_events)
    assert trace.on("thread 1") == [["a", WALL + 10 * MS, WALL + 25 * MS, 0]]
    assert trace.on("thread 2") == [["b", WALL + 20 * MS, WALL + 45 * MS, 0]]


def test_events_that_were_handed_over_late_stand_where_they_happened(tmp_path):
    late = event(3, depth="data", symbol="inner", mono_ns=12 * MS)
    trace = exported(
        tmp_path, event(1, depth="data", symbol="outer"), event(2, kind="return", of=1, duration_ns=9 * MS), late
    )
    assert [(name, at) for _, name, at in trace.instants] == [("inner", WALL + 12 * MS)]
    assert trace.on("thread 259") == [["outer", WALL + 10 * MS, WALL + 19 * MS, 0]]


def test_an_app_that_was_asleep_is_shown_asleep_inside_of_what_was_watched(tmp_path):
    phases = ["ready", "suspended", "resumed", "suspended", "exited"]
    trace = exported(tmp_path, *(event(n, kind="process", phase=phase) for n, phase in enumerate(phases, 1)))
    assert trace.on("watched") == [
        ["suspended", WALL + 20 * MS, WALL + 30 * MS, 1],
        ["suspended", WALL + 40 * MS, WALL + 50 * MS, 1],
        ["watched", WALL + 10 * MS, WALL + 50 * MS, 0],
    ]


def test_a_sleep_ends_with_what_only_a_running_process_makes(tmp_path):
    """The end of a sleep was lost: the app was drawn asleep to the end of the recording, with its reads in it."""
    trace = exported(
        tmp_path,
        event(1, kind="process", phase="ready"),
        event(2, kind="process", phase="suspended"),
        event(3, kind="mark", label="of the host"),
        event(4, depth="data", symbol="late", mono_ns=15 * MS),
        event(5, depth="data", symbol="a framework's own", internal=True),
        event(6, depth="data", symbol="awake"),
        event(7, kind="mark", label="end"),
    )
    assert trace.on("watched") == [
        ["suspended", WALL + 20 * MS, WALL + 60 * MS, 1],
        ["watched", WALL + 10 * MS, WALL + 70 * MS, 0],
    ]


def test_a_filter_chooses_calls_and_keeps_what_frames_them(tmp_path):
    trace = exported(tmp_path, *each_kind(), expression="depth = data")
    assert [name for name, *_ in trace.on("thread 259")] == ["-[PHImageManager requestImageDataForAsset:]"]
    assert trace.on("app state")
    assert trace.on("accounting") == []


def test_a_hostile_trace_becomes_a_trace_that_keeps_the_rules(tmp_path):
    assert Trace(written(write, source_of(tmp_path, *hostile()))).instants


def test_a_session_without_events_is_an_empty_trace(tmp_path):
    assert written(write, source_of(tmp_path)) == b""


def test_names_beyond_the_bound_are_told_each_time(tmp_path, monkeypatch):
    monkeypatch.setattr("lightleak.views.perfetto.packets._NAMES_MAX", 2)
    trace = exported(tmp_path, *(event(n, depth="open", symbol=f"s{n}") for n in range(1, 6)))
    assert [name for _, name, _ in trace.instants] == ["s1", "s2", "s3", "s4", "s5"]


class Recorder:
    """A sink that keeps what it is given, in order."""

    def __init__(self) -> None:
        self.tracks = 0
        self.log = defaultdict(list)

    def track(self, name, parent=None, rank=0):
        self.tracks += 1
        return self.tracks

    def begin(self, track, at_ns, name, *_rest):
        self.log[track].append(("begin", at_ns, name))

    def end(self, track, at_ns):
        self.log[track].append(("end", at_ns, None))

    def instant(self, track, at_ns, name, *_rest):
        self.log[track].append(("instant", at_ns, name))


@given(
    st.lists(st.tuples(st.integers(0, 50), st.one_of(st.integers(0, 30), st.just(OPEN))), max_size=40),
    st.booleans(),
    st.booleans(),
)
def test_slices_in_any_order_nest_on_every_track_and_keep_their_times(spans, inside, in_order):
    sink = Recorder()
    lane = TrackGroup(sink, "lane", 0, 0, inside=inside)
    spans = sorted(spans) if in_order else spans
    for n, (start, length) in enumerate(spans):
        lane.begin(start, start + length, str(n), "c")
    lane.finish(100)
    found = {}
    for log in sink.log.values():
        stack, last = [], 0
        for what, at, name in log:
            assert at >= last
            last = at
            if what == "begin":
                assert inside or not stack
                stack.append((name, at))
            else:
                began = stack.pop()
                found[int(began[0])] = (began[1], at)
        assert not stack
    assert found == {n: (start, min(start + length, 100)) for n, (start, length) in enumerate(spans)}


@pytest.mark.skipif(not PROCESSOR, reason="needs trace_processor_shell in the path or in TRACE_PROCESSOR")
def test_the_trace_processor_reads_it_without_a_complaint(tmp_path):
    (tmp_path / "t.pftrace").write_bytes(written(write, source_of(tmp_path, *each_kind())))
    query = "select sum(value) as n from stats where severity in ('error', 'data_loss'); select count(*) as slices from slice;"
    (tmp_path / "q.sql").write_text(query)
    done = subprocess.run(
        [PROCESSOR, "-q", tmp_path / "q.sql", tmp_path / "t.pftrace"], capture_output=True, text=True, check=True
    )
    errors, slices = (block.split("\n")[1] for block in done.stdout.strip().split("\n\n"))
    assert (errors, int(slices) > 5) == ("0", True)
