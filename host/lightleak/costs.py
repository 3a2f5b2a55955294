"""Sum up what an app's observers cost, by the app's state: callbacks, CPU time, bytes and wake-ups. Pure.

One pass over events in the order of the file, so that a recording can print it at its end.
``lightleak.comparator.observer_cost`` has the same in columns, for ``compare``; it cannot be here, as it reads the
comparator's types. They differ in one figure: a read that a callback handed to another thread and that ran while the
callback did counts here with its own CPU time; there it counts as part of the callback, as columns have no threads.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lightleak.events import NS_PER_MS, NS_PER_S, STATES, Event
from lightleak.replay_state import SegmentState

IDLE_NS = NS_PER_S
"""A callback in the background after so long without any event of the process has woken it."""
_MOST_PENDING = 100_000
"""Calls whose return or delivery may still come."""


@dataclass(slots=True)
class Cost:
    """Figures of one app in one state."""

    callbacks: int = 0
    cpu_ns: int = 0
    """CPU time of the callbacks, and of what they handed on to other queues."""
    bytes: int = 0
    """Bytes that were delivered because of them."""
    wakeups: int = 0

    def figures(self) -> dict[str, Any]:
        """Return the figures under the names of the summary."""
        return {
            "callbacks": self.callbacks,
            "cpu_ms": round(self.cpu_ns / NS_PER_MS, 3),
            "bytes": self.bytes,
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
            process.here.take(event)
            handler = _HANDLERS.get(event["kind"])
            if handler is not None:
                handler(process, event)
            if event.get("tid") is not None:
                process.seen_ns = event["mono_ns"]

    def summary(self, app: str) -> dict[str, Any]:
        """Return the figures of one app: in all, and by state."""
        states = self.apps.get(app, {})
        by_state = {state: states[state].figures() for state in (*STATES[1:], STATES[0]) if state in states}
        return {**total(states.values()).figures(), "by_state": by_state}

    def sentences(self) -> list[str]:
        """Tell of each app with observers that were called, in one sentence."""
        return [_sentence(app, states) for app, states in self.apps.items()]


def total(costs: Iterable[Cost]) -> Cost:
    """Add up."""
    result = Cost()
    for one in costs:
        result.callbacks += one.callbacks
        result.cpu_ns += one.cpu_ns
        result.bytes += one.bytes
        result.wakeups += one.wakeups
    return result


@dataclass(frozen=True, slots=True)
class _Call:
    """A notification, or a read because of one."""

    state: str
    """In force at the notification."""
    thread: Any = None
    """That of a callback while it runs."""
    is_apart: bool = True
    """Its CPU time is in no other call's."""


@dataclass(slots=True)
class _Process:
    """One segment."""

    apps: Apps
    here: SegmentState = field(default_factory=SegmentState)
    seen_ns: int = 0
    """When anything that the process did was seen last."""
    calls: OrderedDict[Any, _Call] = field(default_factory=OrderedDict)

    def notify(self, event: Event) -> None:
        if event.get("type") == "unavailable" or event.internal:
            return
        cost = self._cost(self.here.state)
        cost.callbacks += 1
        cost.wakeups += self.here.state == "background" and event.mono_ns - self.seen_ns >= IDLE_NS
        self._keep(event, _Call(self.here.state, event.get("tid")))

    def read(self, event: Event) -> None:
        cause = event.get("cause")
        if cause.__class__ is not int or event.internal:
            return
        callback = self.calls.get(cause, _Call(self.here.state))
        # Inside the callback itself, that one's CPU time has this call's in it.
        is_apart = callback.thread is None or callback.thread != event.get("tid")
        self._keep(event, _Call(callback.state, None, is_apart))

    def come_back(self, event: Event) -> None:
        call = self._call(event)
        if call is not None:
            if call.is_apart:
                self._cost(call.state).cpu_ns += _sane(event.get("cpu_ns"))
            self.calls[event["of"]] = _Call(call.state, None, call.is_apart)

    def deliver(self, event: Event) -> None:
        call = self._call(event)
        if call is not None:
            self._cost(call.state).bytes += _sane(event.get("bytes"))

    def _call(self, event: Event) -> _Call | None:
        of = event.get("of")
        return self.calls.get(of) if of.__class__ is int else None

    def _cost(self, state: str) -> Cost:
        return self.apps.setdefault(self.here.app or "?", {}).setdefault(state, Cost())

    def _keep(self, event: Event, call: _Call) -> None:
        self.calls[event.seq] = call
        if len(self.calls) > _MOST_PENDING:
            self.calls.popitem(last=False)


_HANDLERS: dict[str, Callable[[_Process, Event], None]] = {
    "notification": _Process.notify,
    "access": _Process.read,
    "return": _Process.come_back,
    "delivery": _Process.deliver,
}


def _sane(value: Any) -> int:
    return value if value.__class__ is int and 0 < value < 1 << 50 else 0


def _sentence(app: str, states: dict[str, Cost]) -> str:
    said = f"the observers of {app} cost {_words(total(states.values()))}"
    return said + (f"; in the background {_words(states['background'])}" if "background" in states else "")


def _words(cost: Cost) -> str:
    cpu_ms = cost.cpu_ns / NS_PER_MS
    return f"{cost.callbacks} callbacks, {cpu_ms:.1f} ms of CPU, {cost.bytes:,} bytes, {cost.wakeups} wake-ups"
