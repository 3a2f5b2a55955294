"""Sum up what an app's observers cost, by the app's state: callbacks, CPU time, bytes and wake-ups. No I/O.

One pass over events in file order, so that a recording can print it at its end.
``lightleak.comparator.summary`` does the same with columns, for ``compare``; it is there because it reads
the comparator's types. They differ in one figure: a read that a callback handed to another thread, and that ran at the same time,
counts here with its own CPU time; there it is part of the callback, because columns have no threads.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from lightleak.event_head import Head, HeadRun
from lightleak.events import NS_PER_MS, NS_PER_S, STATES, Event, counts_nowhere
from lightleak.replay_state import SegmentState

IDLE_NS = NS_PER_S
"""A callback in the background after this time without an event of the process counts as a wake-up."""
_HANDING = frozenset(("thumbnail", "data"))
"""Depths of reads whose handlers are given something."""

_DECODED_WHOLE = frozenset(("notification", "input", "state", "hook"))
"""Kinds that change what is true, or that a summary reads more of than where and when they were."""

_MOST_PENDING = 100_000
"""How many calls are kept whose return or delivery may still come."""


@dataclass(slots=True)
class Cost:
    """Figures of one app in one state."""

    callbacks: int = 0
    cpu_ns: int = 0
    """CPU time of the callbacks, and of what they handed to other queues."""
    bytes: int = 0
    """Bytes that were delivered because of the callbacks."""
    wakeups: int = 0
    reads: int = 0
    """Reads of pixels or data that the callbacks caused."""
    is_timed: bool = False
    """Whether a process of it has the CPU time of any call."""
    is_handed: bool = False
    """Whether a process of it has any delivery."""

    def figures(self) -> dict[str, Any]:
        """Return the figures by their names in the summary; None for what was not measured."""
        return {
            "callbacks": self.callbacks,
            "cpu_ms": round(self.cpu_ns / NS_PER_MS, 3) if self.is_timed or not self.callbacks else None,
            "bytes": self.bytes if self.is_handed or not self.reads else None,
            "wakeups": self.wakeups,
        }


Apps = dict[str, dict[str, Cost]]
"""App → state → what its observers cost."""


class Costs:
    """Sum up the costs of observers."""

    def __init__(self) -> None:
        self.apps: Apps = {}
        self._processes: dict[int, _Process] = {}

    def feed(self, events: Sequence[Event]) -> None:
        """Take the next events; those of one segment come in the order of ``seq``."""
        for event in events:
            segment = event["segment"]
            process = self._processes.get(segment)
            if process is None:
                process = self._processes[segment] = _Process(self.apps, seen_ns=event["mono_ns"])
            process.segment.feed(event)
            if counts_nowhere(event):
                continue
            handler = _HANDLERS.get(event["kind"])
            if handler is not None:
                handler(process, event)
            if event.get("tid") is not None:
                process.seen_ns = event["mono_ns"]

    def feed_run(self, run: HeadRun, lines: Sequence[bytes], decode: Callable[[bytes], Event]) -> list[Event]:
        """Take consecutive events of one segment; return those that were decoded.

        Decoded are what changes the app's state, and hooks: few runs have one. Of calls the head says enough.
        """
        first, last = run.heads[0], run.heads[-1]
        process = self._processes.get(first.segment)
        if process is None:
            process = self._processes[first.segment] = _Process(self.apps, seen_ns=first.mono_ns)
        if first.seq > process.segment.seq + 1:
            process.segment.feed(decode(lines[0]))
        decoded: list[Event] = []
        passed = 0
        for at in process.places_to_read(run):
            head = run.heads[at]
            if head.kind not in _DECODED_WHOLE:
                process.take(head)
                continue
            process.pass_over(run.heads[passed:at])
            passed = at + 1
            decoded.append(decode(lines[at]))
            process.segment.seq = head.seq - 1
            self.feed(decoded[-1:])
        process.pass_over(run.heads[passed:])
        process.segment.seq, process.segment.mono_ns = last.seq, last.mono_ns
        return decoded

    def summary(self, app: str) -> dict[str, Any]:
        """Return the figures of one app: the total, and by state."""
        states = self.apps.get(app, {})
        by_state = {state: states[state].figures() for state in (*STATES[1:], STATES[0]) if state in states}
        return {**total(states.values()).figures(), "by_state": by_state}

    def sentences(self) -> list[str]:
        """Return a sentence for each app whose observers were called."""
        return [_sentence(app, states) for app, states in self.apps.items()]


def total(costs: Iterable[Cost]) -> Cost:
    """Return the sum."""
    result = Cost()
    for one in costs:
        result.callbacks += one.callbacks
        result.cpu_ns += one.cpu_ns
        result.bytes += one.bytes
        result.wakeups += one.wakeups
        result.reads += one.reads
        result.is_timed |= one.is_timed
        result.is_handed |= one.is_handed
    return result


@dataclass(frozen=True, slots=True)
class _Call:
    """A notification, or a read because of one."""

    state: str
    """The app's state at the notification."""
    thread: Any = None
    """The thread of a callback while it runs."""
    has_own_cpu: bool = True
    """Whether its CPU time is not part of another call's."""


@dataclass(slots=True)
class _Process:
    """One segment."""

    apps: Apps
    segment: SegmentState = field(default_factory=SegmentState)
    seen_ns: int = 0
    """When the process was last seen to do anything, on the monotonic clock."""
    calls: OrderedDict[Any, _Call] = field(default_factory=OrderedDict)
    costs: dict[int, Cost] = field(default_factory=dict)
    """The costs to which its callbacks were added, by identity."""
    is_timed: bool = False
    is_handed: bool = False

    def places_to_read(self, run: HeadRun) -> Iterable[int]:
        """Return the places in a run that can matter: all where calls of a callback are in it, else those of ``_DECODED_WHOLE``, if any."""
        kinds = set(run.kinds)
        if self._has_calls(run, kinds):
            return range(len(run.heads))
        return (
            ()
            if kinds.isdisjoint(_DECODED_WHOLE)
            else [at for at, kind in enumerate(run.kinds) if kind in _DECODED_WHOLE]
        )

    def _has_calls(self, run: HeadRun, kinds: AbstractSet[str]) -> bool:
        if "notification" in kinds or len(self.calls) >= _MOST_PENDING:
            return True
        if (not self.is_timed and "return" in kinds) or (not self.is_handed and "delivery" in kinds):
            return True
        calls = self.calls.keys()
        return bool(calls) and not (calls.isdisjoint(run.ofs) and calls.isdisjoint(run.causes))

    def take(self, head: Head) -> None:
        """Take an event of which only the head was read; other kinds than calls cost nothing."""
        if head.internal:
            return
        match head.kind:
            case "access":
                self.read(head.seq, head.tid, head.depth, head.cause)
            case "return":
                self.returned(head.of, head.cpu_ns)
            case "delivery":
                self.delivered(head.of, head.bytes, head.reason)

    def pass_over(self, heads: Sequence[Head]) -> None:
        """Note when the process was last seen, in events that are not decoded."""
        acting = (head.mono_ns for head in reversed(heads) if head.tid is not None and not head.internal)
        self.seen_ns = next(acting, self.seen_ns)

    def notified(self, event: Event) -> None:
        if event.get("type") == "unavailable":
            return
        cost = self._cost(self.segment.state)
        cost.callbacks += 1
        cost.wakeups += self.segment.state == "background" and event.mono_ns - self.seen_ns >= IDLE_NS
        self._keep(event.seq, _Call(self.segment.state, event.get("tid")))

    def read(self, seq: int, tid: Any, depth: Any, cause: Any) -> None:
        # What is read of a person's choice is none of the library's bytes.
        if cause.__class__ is not int or depth == "picker":
            return
        callback = self.calls.get(cause)
        if callback is None and not self._is_forgotten(cause):
            return  # no callback, or a notification that is none of a change
        if not self.segment.origins.is_notification(cause, before=seq):
            return
        callback = callback or _Call(self.segment.state)
        if depth in _HANDING:
            self._cost(callback.state).reads += 1
        # Inside the callback itself, its CPU time includes this call's.
        has_own_cpu = callback.thread is None or callback.thread != tid
        self._keep(seq, _Call(callback.state, None, has_own_cpu))

    def returned(self, of: Any, cpu_ns: Any) -> None:
        if not self.is_timed and _is_figure(cpu_ns):
            self.is_timed = True
            for cost in self.costs.values():
                cost.is_timed = True
        call = self._call(of)
        if call is not None:
            if call.has_own_cpu:
                self._cost(call.state).cpu_ns += _sane(cpu_ns)
            self.calls[of] = _Call(call.state, None, call.has_own_cpu)

    def delivered(self, of: Any, size: Any, reason: Any) -> None:
        if not self.is_handed and not isinstance(reason, str):
            self.is_handed = True
            for cost in self.costs.values():
                cost.is_handed = True
        call = self._call(of)
        if call is not None:
            self._cost(call.state).bytes += _sane(size)

    def _call(self, of: Any) -> _Call | None:
        return self.calls.get(of) if of.__class__ is int else None

    def _cost(self, state: str) -> Cost:
        states = self.apps.setdefault(self.segment.app or "?", {})
        cost = states.get(state) or states.setdefault(state, Cost())
        self.costs[id(cost)] = cost
        cost.is_timed |= self.is_timed
        cost.is_handed |= self.is_handed
        return cost

    def _is_forgotten(self, seq: int) -> bool:
        """Return whether a call may have been kept and was dropped for newer ones."""
        return len(self.calls) >= _MOST_PENDING and seq < next(iter(self.calls))

    def _keep(self, seq: int, call: _Call) -> None:
        self.calls[seq] = call
        if len(self.calls) > _MOST_PENDING:
            self.calls.popitem(last=False)


_HANDLERS: dict[str, Callable[[_Process, Event], None]] = {
    "notification": _Process.notified,
    "access": lambda self, event: self.read(event.seq, event.get("tid"), event.get("depth"), event.get("cause")),
    "return": lambda self, event: self.returned(event.get("of"), event.get("cpu_ns")),
    "delivery": lambda self, event: self.delivered(event.get("of"), event.get("bytes"), event.get("reason")),
}


def _is_figure(value: Any) -> bool:
    return value.__class__ is int and 0 <= value < 1 << 50


def _sane(value: Any) -> int:
    return value if value.__class__ is int and 0 < value < 1 << 50 else 0


def _sentence(app: str, states: dict[str, Cost]) -> str:
    sentence = f"the observers of {app} cost {_words(total(states.values()))}"
    return sentence + (f"; in the background {_words(states['background'])}" if "background" in states else "")


def _words(cost: Cost) -> str:
    figures = cost.figures()
    cpu = "CPU time not measured" if figures["cpu_ms"] is None else f"{cost.cpu_ns / NS_PER_MS:.1f} ms of CPU"
    handed = "bytes not measured" if figures["bytes"] is None else f"{cost.bytes:,} bytes"
    return f"{cost.callbacks} callbacks, {cpu}, {handed}, {cost.wakeups} wake-ups"
