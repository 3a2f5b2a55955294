"""From the agent's events to events of the file, and from those to its lines, whatever an app has put into them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from lightleak.device.protocol import AgentBatch, Frame, decode_frames
from lightleak.errors import DeviceError
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

    def since(self, shift: int, following: int) -> int:
        """Return where the run begins that ``following`` continues with this shift; ``following`` where it begins one."""
        if self._ends and self._ends[-1] == following - 1 and self._shifts[-1] == shift:
            return self._starts[-1]
        return following

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
        if event["cause"] is None:
            event["cause_lost"] = True
    if event.get("of") is not None:
        event["of"] = numbering.seq_of(event["of"])
    if "resumed_by" in event:
        event["resumed_by"] = numbering.seq_of(event["resumed_by"])
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


ASKED_AT_ONCE = 2_000
_KNOWN_MAX = 200_000
"""Addresses of one process that are kept; beyond that, all are asked for again."""


class Symbols:
    """The known frames of one process; ``ask(addresses)`` is the agent's ``symbolicate``."""

    def __init__(self, ask: Callable[[list[str]], Awaitable[Any]]) -> None:
        self._ask = ask
        self._known: dict[str, Frame] = {}

    async def complete(self, batch: AgentBatch) -> None:
        """Replace addresses by frames, in place; one that cannot be named keeps its address, and null for the rest."""
        frames = list(_frames(batch.events))
        unknown = list({frame["address"]: None for frame in frames if _is_unknown(frame, self._known)})
        for start in range(0, len(unknown), ASKED_AT_ONCE):
            await self._learn(unknown[start : start + ASKED_AT_ONCE])
        for frame in frames:
            self._name(frame)

    async def _learn(self, addresses: list[str]) -> None:
        try:
            answer = decode_frames(await self._ask(addresses))
        except DeviceError:
            return
        if len(self._known) > _KNOWN_MAX:
            self._known.clear()
        self._known |= {frame.address: frame for frame in answer}

    def _name(self, frame: dict[str, Any]) -> None:
        address = frame.get("address")
        known = self._known.get(address) if isinstance(address, str) else None
        named = {key: frame.get(key, getattr(known, key, None)) for key in ("image", "uuid", "offset", "symbol")}
        frame.clear()
        frame.update(named)
        if named["image"] is None and named["symbol"] is None:
            frame["address"] = address


def _frames(events: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for event in events:
        if isinstance(event, dict) and event.get("kind") == "stack" and isinstance(event.get("frames"), list):
            yield from (frame for frame in event["frames"] if isinstance(frame, dict))


def _is_unknown(frame: dict[str, Any], known: dict[str, Frame]) -> bool:
    address = frame.get("address")
    return isinstance(address, str) and "symbol" not in frame and address not in known
