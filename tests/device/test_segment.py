"""One segment: what the host adds to the agent's events, and when it says that it happened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from device.rig import Heard, Memory
from device.scripted import AGENT, M0_S, T0_S, at, batch, beat, describe, wall_ns
from lightleak.arrays import Intervals
from lightleak.device.clocks import ClockOffset
from lightleak.device.protocol import AgentBatch
from lightleak.device.recorder.segment import SegmentRecorder
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.events import NS_PER_S, Event

OFFSET = ClockOffset(host_offset_ns=0, error_ns=0, clocks=(T0_S * NS_PER_S, M0_S * NS_PER_S), host_ns=0)


def begun(*, earlier: bool = False, **description: Any) -> tuple[SegmentRecorder, Memory]:
    memory = Memory()
    recording = SessionRecorder(memory.create, Heard())
    recording.begin({})
    return SegmentRecorder(recording, describe(**description), None if earlier else OFFSET), memory


def gaps(events: list[Event]) -> Intervals:
    """Return the gaps as section 3 of the contract has them: from the event before a ``lost`` to the one after it."""
    last = len(events) - 1
    lost = [n for n, event in enumerate(events) if event.kind == "lost"]
    return Intervals.union((events[n - 1].wall_ns, events[min(n + 1, last)].wall_ns) for n in lost)


def holds(spans: Intervals, s: float) -> bool:
    return bool(spans.contains(np.array([wall_ns(s)]))[0])


def test_a_process_that_was_held_at_its_launch_started_in_this_segment() -> None:
    def process(seq: int, phase: str) -> dict[str, Any]:
        keys = {"pid": 7, "name": "App", "identifier": "org.app", "role": "app"}
        return {"kind": "process", "at": list(at(seq)), "tid": None, "phase": phase, **keys}

    said = []
    for held in (True, False):
        memory = Memory()
        recording = SessionRecorder(memory.create, Heard())
        recording.begin({})
        segment = SegmentRecorder(recording, describe(), OFFSET, held=held)
        events = [process(1, "attached"), process(2, "ready"), process(3, "attached")]
        segment.take_batch(AgentBatch(AGENT, 1, events), NS_PER_S)
        said.append([event.get("reason") for event in memory.of("process")])
    assert said == [["launch", None, None], [None, None, None]]


def test_a_mark_made_during_silence_does_not_shorten_the_gap_at_the_end() -> None:
    segment, memory = begun()
    segment.take_batch(batch(1, 1), NS_PER_S)
    segment.take_beat(beat(2, 2), 2 * NS_PER_S)
    segment.mark("an hour later", 3_600 * NS_PER_S)
    segment.finish("exited", "not there", 7_200 * NS_PER_S, whole=False)

    assert gaps(memory.events).pairs() == [(wall_ns(2), wall_ns(7_200))]
    assert [e.wall_ns for e in memory.of("mark")] == [wall_ns(3_600)]


def test_a_mark_made_during_silence_does_not_hide_what_was_lost_then() -> None:
    segment, memory = begun()
    segment.take_batch(batch(1, 1), NS_PER_S)
    segment.mark("while the link was down", 300 * NS_PER_S)
    segment.take_batch(batch(100, 240), 600 * NS_PER_S)
    segment.give_up(600 * NS_PER_S)

    assert [holds(gaps(memory.events), s) for s in (0.9, 2, 239, 241)] == [False, True, True, False]


def test_a_process_that_sent_its_final_beat_ended_then_and_not_when_the_host_noticed() -> None:
    segment, memory = begun()
    segment.take_batch(batch(1, 1), NS_PER_S)
    segment.take_beat(beat(2, 2, final=True), 2 * NS_PER_S)
    segment.finish("exited", "the device does not list it any more", 3_600 * NS_PER_S, whole=False)

    assert (memory.events[-1]["phase"], memory.events[-1].wall_ns) == ("exited", wall_ns(2))
    assert not memory.of("lost")


def test_a_final_beat_behind_a_hole_does_not_count() -> None:
    segment, memory = begun()
    segment.take_batch(batch(1, 1), NS_PER_S)
    segment.take_beat(beat(5, 2, final=True), 2 * NS_PER_S)
    segment.finish("exited", "gone", 9 * NS_PER_S, whole=False)

    assert [e["count"] for e in memory.of("lost")] == [3]
    assert memory.events[-1].wall_ns == wall_ns(9)


def test_a_hole_that_is_given_up_at_the_end_is_not_all_that_may_be_missing() -> None:
    segment, memory = begun()
    segment.take_batch(batch(1, 1), NS_PER_S)
    segment.take_batch(batch(3, 3), 3 * NS_PER_S)
    segment.finish("exited", "gone", 9 * NS_PER_S, whole=False)

    assert [e["count"] for e in memory.of("lost")] == [1, 0]
    assert [holds(gaps(memory.events), s) for s in (2, 3, 4, 8)] == [True, True, True, True]


def test_a_sleep_ends_with_the_first_event_after_it_though_one_from_before_came_with_it() -> None:
    segment, memory = begun()
    segment.take_beat(beat(1, 10), 10 * NS_PER_S)
    segment.suspend("stopped")
    segment.take_batch(batch(1, 10.2), 600 * NS_PER_S)
    assert not memory.of("process", phase="resumed")
    segment.take_batch(batch(2, 10.3, 599.9), 600 * NS_PER_S)

    [asleep], [awake] = memory.of("process", phase="suspended"), memory.of("process", phase="resumed")
    assert (asleep.wall_ns, awake.wall_ns) == (wall_ns(11), wall_ns(599.9))


def test_events_kept_from_the_start_say_themselves_when_coverage_began() -> None:
    segment, memory = begun(following=3)
    attached = {"kind": "process", "at": list(at(1)), "tid": None, "phase": "attached", "pid": 9, "role": "extension"}
    segment.take_batch(AgentBatch(AGENT, 1, [attached, {**attached, "phase": "ready", "at": list(at(2))}]), NS_PER_S)
    segment.finish("detached", "taken over", 9 * NS_PER_S, whole=True)

    assert [e["phase"] for e in memory.of("process")] == ["attached", "ready", "detached"]
    assert (memory.events[-1]["pid"], memory.events[-1]["role"]) == (9, "extension")


@pytest.mark.parametrize("came", [True, False])
def test_an_earlier_process_ends_with_its_last_event(came: bool) -> None:
    segment, memory = begun(earlier=True, first=5, following=8, at=(T0_S + 9_000, 0, M0_S + 9_000, 0))
    segment.sequencer.announce(8)
    if came:
        segment.take_batch(batch(5, 1, 2), NS_PER_S)
    segment.finish("exited", "ended without a recorder", NS_PER_S, whole=False)

    assert {e.wall_ns for e in memory.events[-2:]} == {wall_ns(2 if came else 9_000)}
    assert not memory.of("clock")
