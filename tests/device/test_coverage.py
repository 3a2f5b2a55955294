"""Whatever the way loses, delays or doubles, and whatever the host adds meanwhile: no event that is missing was covered."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from device.rig import Heard, Memory, is_gapless
from device.scripted import AGENT, M0_S, T0_S, at, describe, wall_ns
from lightleak.arrays import Intervals
from lightleak.device.clocks import ClockOffset
from lightleak.device.protocol import AgentBatch, Beat, Dropped
from lightleak.device.recorder.segment import SegmentRecorder
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.events import NS_PER_S, Event


class World:
    """An agent and its recorder, second by second on one clock; ``kept`` is what the agent can still send."""

    def __init__(self) -> None:
        self.memory = Memory()
        recording = SessionRecorder(self.memory.create, Heard())
        recording.begin({})
        clocks = (T0_S * NS_PER_S, M0_S * NS_PER_S)
        self.segment = SegmentRecorder(recording, describe(started=False), ClockOffset(0, 0, clocks, 0))
        self.s = 0.0
        self.made: list[float] = []
        self.kept: dict[int, dict[str, Any]] = {}
        self.on_the_way: list[AgentBatch | Beat] = []
        for phase in ("attached", "ready"):
            self.emit("process", phase=phase)
            self.send()
        self.arrive()

    @property
    def now_ns(self) -> int:
        return round(self.s * NS_PER_S)

    def emit(self, kind: str = "access", **more: Any) -> None:
        self.s += 1
        self.made.append(self.s)
        self.kept[len(self.made)] = {"kind": kind, "at": list(at(self.s)), "tid": 1, "number": len(self.made), **more}

    def send(self) -> None:
        """Send what was not sent yet: the last event alone, so that orders can be mixed."""
        if self.made and len(self.made) in self.kept:
            self.on_the_way.append(AgentBatch(AGENT, len(self.made), [self.kept[len(self.made)]]))

    def beat(self) -> None:
        self.on_the_way.append(Beat(AGENT, at(self.s), len(self.made) + 1, Dropped()))

    def arrive(self) -> None:
        """Have what is on its way arrive."""
        for item in self.on_the_way:
            if isinstance(item, AgentBatch):
                self.segment.take_batch(item, self.now_ns)
            else:
                self.segment.take_beat(item, self.now_ns)
        self.on_the_way.clear()

    def vanish(self) -> None:
        """Lose what is on its way."""
        self.on_the_way.clear()

    def wait(self) -> None:
        self.s += 10

    def mark(self) -> None:
        self.segment.mark("", self.now_ns)

    def measure(self) -> None:
        self.segment.measured(
            ClockOffset(0, 0, (wall_ns(self.s), (M0_S * NS_PER_S) + self.now_ns), self.now_ns), self.now_ns
        )

    def doze(self) -> None:
        if not self.segment.suspended and self.segment.heartbeat.silent(self.now_ns):
            self.segment.suspend("no sign of life")

    def forget(self) -> None:
        """Drop the older half of what the agent keeps."""
        for number in sorted(self.kept)[: len(self.kept) // 2]:
            del self.kept[number]

    def resend(self) -> None:
        """Send again what is kept and was not delivered, and give up the rest."""
        self.arrive()
        self.on_the_way += [
            AgentBatch(AGENT, number, [event])
            for number, event in self.kept.items()
            if number > self.segment.sequencer.delivered
        ]
        self.arrive()
        self.segment.give_up(self.now_ns)


STEPS = ("emit", "send", "beat", "arrive", "vanish", "wait", "mark", "measure", "doze", "forget", "resend")


def covered(events: list[Event]) -> Intervals:
    """Return what section 3 of the contract calls covered: runs of the wall clock from ``ready`` on, without the gaps."""
    walls = [event.wall_ns for event in events]
    ready = next(n for n, event in enumerate(events) if event.get("phase") == "ready")
    starts = [ready, *(n for n in range(ready + 1, len(events)) if walls[n] < walls[n - 1])]
    runs = zip(starts, [*starts[1:], len(events)], strict=True)
    last = len(events) - 1
    gaps = ((walls[n - 1], walls[min(n + 1, last)]) for n, event in enumerate(events) if event.kind == "lost")
    return Intervals.union((walls[start], walls[stop - 1]) for start, stop in runs).minus(Intervals.union(gaps))


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=40))
def test_no_event_that_is_missing_was_covered(steps: list[str]) -> None:
    world = World()
    for step in steps:
        getattr(world, step)()
    world.arrive()
    world.segment.finish("exited", "", world.now_ns, whole=False)

    events = world.memory.events
    assert is_gapless(events)
    told = {event["number"] for event in events if "number" in event}
    missing = [wall_ns(s) for number, s in enumerate(world.made, 1) if number not in told]
    seen = covered(events)
    # The ends of a gap stay covered: what is missing lies inside.
    ends = {*seen.start.tolist(), *seen.stop.tolist()}
    assert not [ns for ns in missing if seen.contains(np.array([ns]))[0] and ns not in ends]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=40))
def test_each_event_is_told_once_in_order_or_counted(steps: list[str]) -> None:
    world = World()
    for step in (*steps, "resend"):
        getattr(world, step)()
    world.segment.finish("exited", "", world.now_ns, whole=False)

    told = [event["number"] for event in world.memory.events if "number" in event]
    counted = sum(event["count"] for event in world.memory.of("lost"))
    assert told == sorted(set(told))
    assert max(told) - len(told) <= counted <= len(world.made) - len(told)
