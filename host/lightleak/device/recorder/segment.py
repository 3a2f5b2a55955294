"""One segment while it is recorded: the agent's events and the host's own, in one sequence. No frida, no waiting.

``now_ns`` is always the host's monotonic clock.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from lightleak.device.clocks import ClockOffset, DeviceClocks
from lightleak.device.placed_batch import PlacedBatch
from lightleak.device.protocol import AgentBatch, Beat, Description, to_ns
from lightleak.device.recorder.event_codec import wire_clocks
from lightleak.device.recorder.sequencer import Sequencer
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.events import LAUNCHED, NS_PER_S, Event
from lightleak.losses import CUT_SHORT

BEAT_NS = NS_PER_S
"""Time between two beats of the agent (protocol, version 1)."""
SILENCE_NS = int(2.5 * NS_PER_S)
"""Two missing beats, and half a second for the transport."""


class Heartbeat:
    """When the process last gave a sign of life, on the host's clock and on its own."""

    def __init__(self, clocks: tuple[int, int], host_ns: int) -> None:
        self.suspended_at: tuple[int, int] | None = None
        """(wall_ns, mono_ns) from which the process counts as suspended; None while it runs."""
        self._heard_ns = host_ns
        self._clocks = clocks

    def silent(self, host_ns: int) -> bool:
        """Return whether beats are missing."""
        return host_ns - self._heard_ns > SILENCE_NS

    def expect(self, host_ns: int) -> None:
        """Start to wait for beats now: before, none could arrive."""
        self._heard_ns = host_ns

    def suspend(self) -> tuple[int, int]:
        """Treat the process as suspended; return since when: the time at which its first missing beat was due."""
        self.suspended_at = (self._clocks[0] + BEAT_NS, self._clocks[1] + BEAT_NS)
        return self.suspended_at

    def heard(self, clocks: tuple[int, int], host_ns: int) -> tuple[int, int] | None:
        """Note a sign of life stamped ``clocks``; return since when a suspended process runs again, else None."""
        self._heard_ns = host_ns
        if clocks[1] > self._clocks[1]:
            self._clocks = clocks
        # An event from before the silence that arrives late does not show when the process woke.
        if self.suspended_at is None or clocks[1] < self.suspended_at[1]:
            return None
        self.suspended_at = None
        return clocks


@dataclass(slots=True)
class Acknowledgements:
    """What was handed to the file and not yet acknowledged to the agent."""

    _pending: deque[tuple[int, int]] = field(default_factory=deque)
    _acknowledged: int = 0

    def handed_over(self, written: int, number: int) -> None:
        """Note that all events up to transport number ``number`` are among the first ``written`` lines of the file."""
        if number > (self._pending[-1][1] if self._pending else self._acknowledged):
            self._pending.append((written, number))

    def due(self, durable: int) -> int | None:
        """Return the last transport number that the agent can forget, or None when that has not changed."""
        number = None
        while self._pending and self._pending[0][0] <= durable:
            number = self._pending.popleft()[1]
        self._acknowledged = number or self._acknowledged
        return number


_NO_OFFSET = ClockOffset(host_offset_ns=0, error_ns=0, clocks=(0, 0), host_ns=2**63)
"""Earlier than every reading, so that the first event's clocks replace it; never carried forward."""


class SegmentRecorder:
    """Feed a recording with the events of one attachment.

    ``offset`` is the first measurement of the device's clocks; None for the events of an earlier process, which has only
    the clocks of its own events. ``held``: whether the process is held at its launch, so that it starts in this segment.
    """

    def __init__(
        self, recording: SessionRecorder, description: Description, offset: ClockOffset | None, *, held: bool = False
    ) -> None:
        start = _NO_OFFSET if offset is None else offset
        clocks = DeviceClocks(start.clocks, start.host_ns)
        self.sequencer = Sequencer(recording.next_segment(), clocks, first=description.first)
        self.heartbeat = Heartbeat(start.clocks, start.host_ns)
        self.acknowledgements = Acknowledgements()
        self._recording = recording
        self._description = description
        self._offset = start
        self._measured = offset is None
        self._role = description.role
        self._pid = description.pid
        self._taken_over = description.orphaned
        self._held = held
        self._final_beat_seen = False

    @property
    def suspended(self) -> bool:
        """Whether the process counts as suspended."""
        return self.heartbeat.suspended_at is not None

    def take_batch(self, batch: AgentBatch, now_ns: int) -> None:
        """Record events of the agent."""
        if self._taken_over:
            self._take_over(batch)
        for clocks in filter(None, map(wire_clocks, batch.events)):
            self._heard(clocks, now_ns)
            if not self.suspended:
                break
        self._feed(self.sequencer.add(batch, now_ns))
        self._handed_over()
        if not self._measured:
            self.measured(self._offset, now_ns)

    def append(self, batch: PlacedBatch, now_ns: int) -> bool:
        """Record a batch as the lines that came; return False where its events must be decoded instead."""
        if self._taken_over or self._held or self.suspended or not self._measured:
            return False
        lines = self.sequencer.append(batch, now_ns)
        if lines is None:
            return False
        self._heard(lines.run.clocks[0], now_ns)
        self._recording.append(lines)
        self._handed_over()
        return True

    def take_beat(self, beat: Beat, now_ns: int) -> int:
        """Take a sign of life; return by how much the device's wall clock has stepped, ns."""
        self._heard(to_ns(beat.at), now_ns)
        step_ns = self.sequencer.beat(beat, now_ns)
        self._final_beat_seen = beat.final
        return step_ns

    def give_up(self, now_ns: int) -> None:
        """Stop waiting for missing events: they are lost."""
        self._feed(self.sequencer.settle(now_ns))
        self._handed_over()

    def measured(self, offset: ClockOffset, now_ns: int, *, step_ns: int = 0) -> None:
        """Record how far the device's wall clock is from the host's, and the step that caused the measurement, if one did."""
        self._measured = True
        self._offset = offset
        self.sequencer.offset = (offset.host_offset_ns, offset.error_ns)
        self.sequencer.clocks.note(offset.clocks, offset.host_ns)
        step = {"step_ns": step_ns} if step_ns else {}
        self._feed([self.sequencer.clock(self.sequencer.clocks.at(now_ns), **step)])

    def mark(self, label: str, now_ns: int, detail: dict[str, Any] | None = None) -> Event:
        """Record a mark, of the user or of the recorder itself; ``detail``: the same for programs."""
        more = {} if detail is None else {"detail": detail}
        event = self.sequencer.make("mark", now_ns, label=label, **more)
        self._feed([event])
        return event

    def mark_end(self, label: str, detail: dict[str, Any], now_ns: int) -> None:
        """Record a mark of the recorder itself before ``finish``, not later than the end of the process."""
        clocks = self.sequencer.known if self._final_beat_seen else None
        self._feed(
            [self.sequencer.make_at("mark", clocks or self.sequencer.clocks.at(now_ns), label=label, detail=detail)]
        )

    def suspend(self, reason: str) -> None:
        """Record that the process sleeps, since its first missing beat."""
        self._feed([self.sequencer.make_at("process", self.heartbeat.suspend(), **self._process("suspended", reason))])

    def finish(self, phase: str, reason: str, now_ns: int, *, whole: bool) -> None:
        """Record the end; ``whole`` when the hooks were in until now and nothing is left to send.

        An agent that sent its final beat was whole too, but only until that beat: the process ended then, however much
        later the host noticed.
        """
        if self.sequencer.known is None:
            # There is no event whose clocks could be used.
            self.sequencer.clocks.read(to_ns(self._description.at), now_ns)
        lost = self.sequencer.settle(now_ns, final=True)
        self._feed(lost)
        if not whole and not self._final_beat_seen:
            self._feed(self.sequencer.doubt(now_ns, CUT_SHORT))
        known = self.sequencer.known if self._final_beat_seen and not lost else None
        self._feed(
            [
                self.sequencer.make_at(
                    "process", known or self.sequencer.clocks.at(now_ns), **self._process(phase, reason)
                )
            ]
        )

    def _handed_over(self) -> None:
        self.acknowledgements.handed_over(self._recording.written, self.sequencer.delivered)
        self._recording.delivered[self._description.agent] = self.sequencer.delivered

    def _take_over(self, batch: AgentBatch) -> None:
        fresh = batch.events[max(0, self.sequencer.delivered + 1 - batch.first) :]
        clocks = next(filter(None, map(wire_clocks, fresh)), None)
        if clocks is None:
            return
        self._taken_over = False
        if isinstance(fresh[0], dict) and fresh[0].get("phase") == "attached":
            return
        # The hooks were in before the first event that was kept: coverage starts with that event.
        for phase in ("attached", "ready"):
            self._feed(
                [self.sequencer.make_at("process", clocks, **self._process(phase, "kept by the agent without a host"))]
            )

    def _heard(self, clocks: tuple[int, int], now_ns: int) -> None:
        since = self.heartbeat.heard(clocks, now_ns)
        if since is not None:
            self._feed([self.sequencer.make_at("process", since, **self._process("resumed", "heard again"))])

    def _process(self, phase: str, reason: str) -> dict[str, Any]:
        who = self._description
        return {
            "phase": phase,
            "pid": self._pid,
            "name": who.process,
            "identifier": who.identifier,
            "role": self._role,
            "reason": reason,
        }

    def _say_launch(self, events: list[Event]) -> None:
        """Say in the first event of the process that it started in this segment: the agent cannot know."""
        for event in events:
            if event["kind"] == "process" and event.get("phase") == "attached":
                event["reason"] = LAUNCHED
                self._held = False
                return

    def _feed(self, events: list[Event]) -> None:
        if not events:
            return
        if self._held:
            self._say_launch(events)
        self._recording.feed(events)
        for event in events:
            if event["kind"] == "process":
                self._role = str(event.get("role") or self._role)
                self._pid = event.get("pid")
