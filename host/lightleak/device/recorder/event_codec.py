"""From the agent's events to events of the file, and from those to its lines, whatever an app has put into them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

import msgspec

from lightleak.events import NS_PER_S, Event
from lightleak.pipeline import Batch


@dataclass(slots=True)
class SequenceMap:
    """Which seq each transport number got, as runs: memory grows with interruptions, not with events."""

    _starts: list[int] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)
    _shifts: list[int] = field(default_factory=list)

    def assign(self, number: int, seq: int, count: int = 1) -> None:
        """Note that ``count`` transport numbers from ``number`` became the seqs from ``seq``; numbers only rise."""
        if self._ends and self._ends[-1] == number - 1 and self._shifts[-1] == seq - number:
            self._ends[-1] = number + count - 1
            return
        self._starts.append(number)
        self._ends.append(number + count - 1)
        self._shifts.append(seq - number)

    def seq_of(self, number: object) -> int | None:
        """Return the seq of a transport number; None when that event was lost or never existed."""
        if type(number) is not int:
            return None
        run = bisect_right(self._starts, number) - 1
        if run < 0 or number > self._ends[run]:
            return None
        return number + self._shifts[run]


_MAX_SECONDS = 2**33


def wire_clocks(wire: object) -> tuple[int, int] | None:
    """Return (wall_ns, mono_ns) of an event on the wire, or None when it is not an event."""
    if type(wire) is not dict or type(wire.get("kind")) is not str:
        return None
    try:
        wall_s, wall_rest_ns, mono_s, mono_rest_ns = wire["at"]
    except (KeyError, TypeError, ValueError):
        return None
    if not (type(wall_s) is type(wall_rest_ns) is type(mono_s) is type(mono_rest_ns) is int):
        return None
    if not (0 <= wall_s < _MAX_SECONDS and 0 <= mono_s < _MAX_SECONDS):
        return None
    if not (0 <= wall_rest_ns < NS_PER_S and 0 <= mono_rest_ns < NS_PER_S):
        return None
    return wall_s * NS_PER_S + wall_rest_ns, mono_s * NS_PER_S + mono_rest_ns


def to_event(wire: dict[str, Any], clocks: tuple[int, int], *, segment: int, seq: int, numbering: SequenceMap) -> Event:
    """Return the event of the file: keys in the order of the contract, references as seq."""
    event = Event(kind="", segment=0, seq=0, wall_ns=0, mono_ns=0)
    event.update(wire)
    del event["at"]
    # Set last: the host decides these, whatever the agent sent under their names.
    event["segment"] = segment
    event["seq"] = seq
    event["wall_ns"], event["mono_ns"] = clocks
    if event.get("cause") is not None:
        event["cause"] = numbering.seq_of(event["cause"])
    if event.get("of") is not None:
        event["of"] = numbering.seq_of(event["of"])
    return event


LINE_BYTES_MAX = 1 << 20
"""Stacks and details stay far below; a larger event is lost, and the recording goes on."""

_ENCODER = msgspec.json.Encoder()
_PLACE = ("segment", "seq", "wall_ns", "mono_ns")


def encode_events(events: list[Event]) -> Batch:
    """Encode events; the batch's events are those of its lines, also where one had to be changed to fit."""
    try:
        lines = list(map(_ENCODER.encode, events))
    except UnicodeEncodeError:
        lines = []
    if lines and max(map(len, lines)) <= LINE_BYTES_MAX:
        return Batch(lines, events)
    # Rare: some event had to be changed to fit.
    return Batch([encode_event(event) for event in events])


def encode_event(event: Event) -> bytes:
    """Return one line of the file, without its newline; an event that is too large becomes a ``lost`` in its place."""
    try:
        line = _ENCODER.encode(event)
    except UnicodeEncodeError:
        line = _ENCODER.encode(_well_formed(event))
    if len(line) <= LINE_BYTES_MAX:
        return line
    place = {key: event[key] for key in _PLACE}
    reason = f"an event of {len(line)} bytes is too large"
    return _ENCODER.encode({"kind": "lost", **place, "tid": None, "count": 1, "reason": reason})


def _well_formed(value: Any) -> Any:
    match value:
        case str():
            # Half a surrogate pair is a valid string in an app, but not valid UTF-8.
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {_well_formed(key): _well_formed(inner) for key, inner in value.items()}
        case list():
            return [_well_formed(inner) for inner in value]
    return value
