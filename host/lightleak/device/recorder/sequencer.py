"""Put what one agent sends, in whatever order it arrives, into one gapless sequence of events. Pure: no clock, no I/O.

Transport numbers go in, file events come out: ``seq`` rises by one, duplicates are dropped, and a batch behind a hole is
held until the hole is filled or given up; what was given up becomes a ``lost`` event. Events that the host makes get
their number here too, stamped with the last device clocks plus the time that has passed on the host since.

For a reader, a gap runs from the event before its ``lost`` to the event after it. The event before may be the host's own,
such as a mark that was made while nothing arrived. Then a ``clock`` event is put before the ``lost``, stamped with the last
moment up to which everything is known to have arrived.

Separate because the rule of the numbers is a pure one, and the tests try it with every order of arrival.
"""

from __future__ import annotations

from typing import Any

from lightleak.device.clocks import DeviceClocks
from lightleak.device.placed_batch import Lines, PlacedBatch, Placement
from lightleak.device.protocol import AgentBatch, Beat, to_ns
from lightleak.device.recorder.event_codec import SequenceMap, to_event, wire_clocks
from lightleak.events import Event

HOLD_EVENTS = 200_000
"""How many events are held behind a hole before it is given up: more than the agent's outbox can resend."""

_NOT_DELIVERED = "not delivered"
_UNREADABLE = "the agent sent an event that cannot be read"


class Sequencer:
    """Number the events of one segment; ``host_ns`` is always the host's monotonic clock, ns."""

    def __init__(self, segment: int, clocks: DeviceClocks, *, first: int) -> None:
        self.segment = segment
        self.clocks = clocks
        self.lost = 0
        """Events known to be lost, in total."""
        self.known: tuple[int, int] | None = None
        """(wall_ns, mono_ns) up to which everything is known to have arrived; None before the first event."""
        self.offset: tuple[int, int] | None = None
        """(host_offset_ns, error_ns) as last measured; None for the clocks of an earlier process."""
        self._last: tuple[int, int] | None = None
        self._in_gap = False
        self._seq = 0
        self._numbering = SequenceMap()
        self._expected = first
        self._announced = first
        self._due = first
        self._seen = first
        self._held: dict[int, list[Any]] = {}
        self._arrived = False
        self._dropped = 0
        self._reason = ""

    @property
    def delivered(self) -> int:
        """The last transport number before which nothing is missing; 0 before the first."""
        return self._expected - 1

    @property
    def missing(self) -> int | None:
        """The first transport number that should have arrived by now and has not, or None."""
        return self._expected if self._held or self._due > self._expected else None

    @property
    def complete(self) -> bool:
        """Whether everything that the agent has seen by its last sign of life has arrived."""
        return not self._held and max(self._announced, self._seen) <= self._expected

    def add(self, batch: AgentBatch, host_ns: int) -> list[Event]:
        """Take a batch; return the events that are now in order."""
        self._arrived = True
        if not batch.events or batch.first + len(batch.events) <= self._expected:
            return []
        if batch.first <= self._expected:
            return self._take(batch.first, batch.events, host_ns) + self._release(host_ns)
        self._held[batch.first] = max(self._held.get(batch.first, []), batch.events, key=len)
        if sum(map(len, self._held.values())) > HOLD_EVENTS:
            return self.settle(host_ns)
        return []

    @property
    def place(self) -> Placement:
        """Where the next event of the agent goes, if the host adds none before it."""
        shift = self._seq + 1 - self._expected
        return Placement(self.segment, shift, self._numbering.since(shift, self._expected))

    def append(self, batch: PlacedBatch, host_ns: int) -> Lines | None:
        """Take a batch that is next in order and placed where the host puts it now; return its lines, None for another one."""
        if self._held or batch.first != self._expected or batch.place != self.place:
            return None
        lines = batch.lines()
        if lines is None:
            return None
        self._arrived = True
        self._numbering.assign(self._expected, self._seq + 1, batch.count)
        self._expected += batch.count
        self._seq += batch.count
        latest = lines.run.clocks[-1]
        self.clocks.note(latest, host_ns)
        self._know(latest)
        self._last, self._in_gap = latest, False
        return lines

    def beat(self, beat: Beat, host_ns: int) -> int:
        """Take a sign of life; return by how much the device's wall clock has stepped, ns."""
        if not self._arrived:
            # What was announced before had a whole beat of time to arrive.
            self._due = self._announced
        self._arrived = False
        self._announced = max(self._announced, beat.next)
        self._seen = beat.next + beat.waiting
        if beat.dropped.count > self._dropped:
            self._dropped, self._reason = beat.dropped.count, beat.dropped.reason
        clocks = to_ns(beat.at)
        if self.complete:
            self._know(clocks)
        return self.clocks.read(clocks, host_ns)

    def announce(self, following: int) -> None:
        """Note that ``following`` is the agent's next number, so that all numbers before it should arrive."""
        self._announced = self._due = max(self._announced, following)

    def settle(self, host_ns: int, *, final: bool = False) -> list[Event]:
        """Return up the holes: what is missing becomes ``lost``, what was held behind it is released.

        ``final``: nothing more will arrive, so that events which were announced, or waited in the app, are missing too.
        """
        events: list[Event] = []
        while self._held:
            events += self._lose(min(self._held), host_ns)
            events += self._release(host_ns)
        return events + self._lose(max(self._announced, self._seen) if final else self._due, host_ns)

    def doubt(self, host_ns: int, reason: str) -> list[Event]:
        """Return a ``lost`` for an unknown number of events since ``known``, unless one was just written."""
        return [] if self._in_gap else self._lost(0, reason, host_ns)

    def clock(self, clocks: tuple[int, int], **fields: Any) -> Event:
        """Return a ``clock`` event with the last measurement."""
        assert self.offset is not None, "a clock event before any measurement"
        host_offset_ns, error_ns = self.offset
        return self.make_at("clock", clocks, host_offset_ns=host_offset_ns, error_ns=error_ns, **fields)

    def make(self, kind: str, host_ns: int, **fields: Any) -> Event:
        """Return the host's own event, next in sequence, stamped with the last device clocks plus the time since."""
        return self.make_at(kind, self.clocks.at(host_ns), **fields)

    def make_at(self, kind: str, clocks: tuple[int, int], **fields: Any) -> Event:
        """Return the host's own event, next in sequence, at a moment known in the device's clocks."""
        self._seq += 1
        self._last, self._in_gap = clocks, kind == "lost"
        place = {"segment": self.segment, "seq": self._seq, "wall_ns": clocks[0], "mono_ns": clocks[1]}
        return Event(kind=kind, **place, tid=None, **fields)

    def _take(self, first: int, wires: list[Any], host_ns: int) -> list[Event]:
        fresh = wires[self._expected - first :]
        events = self._begin_gap() if wire_clocks(fresh[0]) is None else []
        # An event that cannot be read keeps its place, so the whole batch shifts alike.
        self._numbering.assign(self._expected, self._seq + 1, len(fresh))
        self._expected = first + len(wires)
        latest: tuple[int, int] | None = None
        for wire in fresh:
            clocks = wire_clocks(wire)
            if clocks is None:
                self.lost += 1
                events.append(self.make("lost", host_ns, count=1, reason=_UNREADABLE))
                continue
            self._seq += 1
            events.append(to_event(wire, clocks, segment=self.segment, seq=self._seq, numbering=self._numbering))
            latest = clocks
        if latest is not None:
            self.clocks.note(latest, host_ns)
            self._know(latest)
            self._last, self._in_gap = latest, False
        return events

    def _release(self, host_ns: int) -> list[Event]:
        events: list[Event] = []
        while self._held and (first := min(self._held)) <= self._expected:
            wires = self._held.pop(first)
            if first + len(wires) > self._expected:
                events += self._take(first, wires, host_ns)
        return events

    def _lose(self, until: int, host_ns: int) -> list[Event]:
        count = until - self._expected
        if count <= 0:
            return []
        self._expected = until
        reason, self._reason = self._reason or _NOT_DELIVERED, ""
        return self._lost(count, reason, host_ns)

    def _lost(self, count: int, reason: str, host_ns: int) -> list[Event]:
        self.lost += count
        return [*self._begin_gap(), self.make("lost", host_ns, count=count, reason=reason)]

    def _begin_gap(self) -> list[Event]:
        if self.known is None or self.offset is None or self._in_gap or self._last == self.known:
            return []
        return [self.clock(self.known)]

    def _know(self, clocks: tuple[int, int]) -> None:
        if self.known is None or clocks[1] > self.known[1]:
            self.known = clocks
