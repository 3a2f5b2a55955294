"""One segment: coverage, app state, origins with arrows to their acts, calls by thread, deliveries, accounting, usage.

Separate because it says what is drawn; ``tracks`` says where, ``packets`` how it is encoded.
"""

from __future__ import annotations

import heapq
from itertools import islice
from typing import Any

from lightleak.events import HOST_MADE, ORIGIN_KINDS, Event, counts_nowhere, depth_of
from lightleak.replay_state import SegmentState
from lightleak.views.perfetto.call_results import Results
from lightleak.views.perfetto.tracks import OPEN, Sink, Track, TrackGroup

_HELD = 20_000
"""Events that are held to bring threads into the order of time: the agent's fast path delivers late."""

_RANKS = {"watched": 0, "app state": 1, "origins": 2, "accounting": 4, "deliveries": 5, "delivered": 6}
_CALLS_RANK = 3
_CALLS = ("access", "notification", "observer", "authorization", "property")
_USAGE = (
    ("cpu_ns", "CPU time so far", "ns"),
    ("footprint_bytes", "memory footprint", "bytes"),
    ("wakeups", "wake-ups so far", "count"),
    ("disk_read_bytes", "disk reads so far", "bytes"),
    ("energy_nj", "energy so far", "nJ"),
)
"""Figures of a process, the names of their tracks, and units. Perfetto's page shows a sum as a rate too."""
_USAGE_RANK = 7
_MOST_ARROWS = 500
"""Arrows from one origin; further acts name it in their notes."""


class SegmentTracks:
    """One segment's tracks. Times are the device's wall clock at its first event, and its steady clock from there."""

    def __init__(self, sink: Sink, results: Results, first: Event, here: SegmentState) -> None:
        self._sink, self._results, self._number = sink, results, first.segment
        self._origins = here.origins
        self._zero_ns = first.wall_ns - first.mono_ns
        self._last_ns, self._last_seq = first.wall_ns, 0
        who = f"{here.app or 'unnamed process'} ({f'pid {here.pid}, ' if here.pid else ''}segment {first.segment})"
        self._root = sink.track(who, None, first.segment if 0 <= first.segment < 2**31 else 0)
        self._groups: dict[Any, TrackGroup] = {}
        self._state: Track | None = None
        self._watched: Track | None = None
        self._asleep_ns: int | None = None
        """Since when the process is suspended."""
        self._accounting: dict[str, Track] = {}
        self._counters: dict[str, int] = {}
        self._arrows: set[int] = set()
        """The acts to which an arrow leads, by ``seq``."""
        self._held: list[tuple[int, int, Event, bool]] = []

    def draw(self, event: Event, *, chosen: bool) -> None:
        """Draw the next event. chosen: the filter keeps it; coverage and states are drawn in any case."""
        # By key: a property takes twice as long, and this runs for each event.
        kind, seq = event["kind"], event["seq"]
        at_ns = self._zero_ns + event["mono_ns"]
        if seq > self._last_seq + 1:
            self._group("watched").instant(at_ns, f"{seq - self._last_seq - 1} events missing", "lost")
        self._last_seq = seq
        self._last_ns = max(self._last_ns, at_ns)
        if kind in ORIGIN_KINDS or (chosen and kind in _CALLS):
            heapq.heappush(self._held, (at_ns, seq, event, chosen))
            while len(self._held) > _HELD:
                self._draw_held()
        if self._asleep_ns is not None and kind not in HOST_MADE and not counts_nowhere(event):
            # Only a running process makes it: as in the model of watched time, a sleep without an end is over.
            self._wake(at_ns)
        match kind:
            case "process":
                self._process(at_ns, event)
            case "state":
                self._show_state(at_ns, str(event.get("value")))
            case "usage":
                self._use(at_ns, event)
            case "lost":
                self._group("watched").instant(at_ns, f"{event.get('count')} events lost", "lost", _notes(event))
                self._show_state(at_ns, None)
            case "mark":
                self._group("watched").instant(at_ns, f"mark: {event.get('label')}", "mark")
            case "accounting" if chosen:
                self._account(at_ns, event)
            case "delivery" if chosen:
                self._group("delivered").instant(at_ns, _delivery(event), "delivery", _notes(event))

    def finish(self) -> None:
        """Draw the events that are still held, and end all slices."""
        while self._held:
            self._draw_held()
        for group in self._groups.values():
            group.finish(self._last_ns)

    def _group(self, name: str) -> TrackGroup:
        if name not in self._groups:
            inside = name not in ("accounting", "deliveries")
            self._groups[name] = TrackGroup(self._sink, name, self._root, _RANKS.get(name, _CALLS_RANK), inside=inside)
        return self._groups[name]

    def _process(self, at_ns: int, event: Event) -> None:
        phase = str(event.get("phase"))
        group = self._group("watched")
        if phase == "ready" and self._watched is None:
            self._watched = group.begin(at_ns, OPEN, "watched", "process", _notes(event))
        elif phase == "suspended" and self._watched is not None and self._asleep_ns is None:
            self._asleep_ns = max(at_ns, self._watched.last_ns)
            self._watched.begin(self._asleep_ns, OPEN, "suspended", "process", {})
        elif phase == "resumed" and self._asleep_ns is not None:
            self._wake(max(at_ns, self._asleep_ns))
        else:
            group.instant(at_ns, phase, "process", _notes(event))

    def _wake(self, at_ns: int) -> None:
        """End a sleep; what was stamped before it and came later does not."""
        if self._watched is not None and self._asleep_ns is not None and at_ns >= self._asleep_ns:
            self._watched.close(at_ns)
            self._asleep_ns = None

    def _show_state(self, at_ns: int, value: str | None) -> None:
        if self._state is not None:
            self._state.close(at_ns)
        group = self._group("app state")
        self._state = None if value is None else group.begin(at_ns, OPEN, value, "state")

    def _draw_held(self) -> None:
        at_ns, seq, event, chosen = heapq.heappop(self._held)
        kind = event["kind"]
        if kind in ORIGIN_KINDS:
            self._origin(at_ns, event)
        if chosen and kind in _CALLS:
            self._call(at_ns, seq, event)

    def _origin(self, at_ns: int, event: Event) -> None:
        """Draw an event whose handling can start acts, and begin an arrow to each act that names it."""
        acts = self._results.acts_of(self._number, event.seq, _MOST_ARROWS)
        if event.internal or not (acts or _is_noteworthy(event)):
            return
        self._arrows.update(acts)
        arrows = [self._arrow(act) for act in acts]
        duration_ns = self._results.duration_ns(self._number, event.seq)
        group, name = self._group("origins"), _origin_name(event)
        if duration_ns is None:
            group.instant(at_ns, name, event.kind, _notes(event), arrows)
        else:
            group.begin(at_ns, at_ns + duration_ns, name, event.kind, _notes(event), arrows)

    def _arrow(self, act: int) -> int:
        """Return the number of the arrow to an act: the same at both ends, and another one for every act."""
        return (self._number * 0x9E3779B97F4A7C15 + act) % 2**64

    def _use(self, at_ns: int, event: Event) -> None:
        for key, name, unit in _USAGE:
            value = event.get(key)
            if value.__class__ is int and 0 <= value < 2**62:
                if key not in self._counters:
                    self._counters[key] = self._sink.counter_track(name, self._root, _USAGE_RANK, unit)
                self._sink.count(self._counters[key], at_ns, value)

    def _call(self, at_ns: int, seq: int, event: Event) -> None:
        group = self._group(f"thread {event['tid']}" if event.get("tid").__class__ is int else "no thread")
        name, category = _name(event), depth_of(event) or event.kind
        duration_ns = self._results.duration_ns(self._number, seq)
        named = self._origins.named_by(event)
        notes = _notes(event)
        if named:
            notes["because of"] = named.kind
        arrows = [self._arrow(seq)] if seq in self._arrows and named and named.kind else []
        if duration_ns is None:
            group.instant(at_ns, name, category, notes, arrows)
        else:
            group.begin(at_ns, at_ns + duration_ns, name, category, notes, arrows)
        delivered_ns = self._results.delivered_ns(self._number, seq)
        if delivered_ns is not None:
            end_ns = max(at_ns, self._zero_ns + delivered_ns)
            self._group("deliveries").begin(at_ns, end_ns, f"until delivered: {name}", category, {"of": seq})

    def _account(self, at_ns: int, event: Event) -> None:
        identifier, phase = str(event.get("identifier")), event.get("phase")
        if phase == "begin" and identifier not in self._accounting:
            group = self._group("accounting")
            self._accounting[identifier] = group.begin(at_ns, OPEN, identifier, "accounting", _notes(event))
        elif phase == "end" and identifier in self._accounting:
            self._accounting.pop(identifier).close(at_ns)
        elif identifier in self._accounting:
            self._accounting[identifier].instant(at_ns, str(phase), "accounting", {})
        else:
            self._group("accounting, start not seen").instant(
                at_ns, f"{phase}: {identifier}", "accounting", _notes(event)
            )


def _is_noteworthy(event: Event) -> bool:
    """Return whether an origin is drawn although nothing names it: not a state that only goes on, or that is no reason to act."""
    if event.kind != "state":
        return True
    return event.get("changed") is not False and (event.get("reason") is not None or event.get("value") == "active")


def _origin_name(event: Event) -> str:
    if event.kind == "notification":
        observer = event.get("observer")
        return f"change for {observer.get('class') if isinstance(observer, dict) else observer}"
    if event.kind == "input":
        return f"input: {event.get('type')}"
    return str(event.get("reason") or f"state {event.get('value')}")


def _name(event: Event) -> str:
    symbol = event.get("symbol")
    if isinstance(symbol, str) and event["kind"] in {"access", "property"}:
        return symbol
    observer = event.get("observer")
    who = observer.get("class") if isinstance(observer, dict) else None
    if event.kind == "notification":
        return f"photoLibraryDidChange: {who}"
    return " ".join(str(each) for each in (event.kind, event.get("action"), who) if each is not None)


_NOTED = ("seq", "depth", "asset", "cause", "cause_lost", "resumed_by", "count", "assets", "type", "changed", "status", "level", "reason", "bytes", "degraded", "error", "of", "pid", "name",
         "service", "internal")  # fmt: skip


def _delivery(event: Event) -> str:
    return "delivery" if event.get("reason") is None else "delivery not watched"


def _notes(event: Event) -> dict[str, Any]:
    notes = {name: event[name] for name in _NOTED if event.get(name) is not None}
    caller, detail = event.get("caller"), event.get("detail")
    if isinstance(caller, dict):
        offset = caller.get("offset")
        notes["caller"] = f"{caller.get('image')} + {hex(offset) if offset.__class__ is int else offset}"
    if isinstance(detail, dict) and detail:
        notes["detail"] = ", ".join([f"{key}={value}" for key, value in islice(detail.items(), 20)])
    return notes
