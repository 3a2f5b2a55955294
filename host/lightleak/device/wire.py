"""One event of the agent's, checked and put into the file's form. On the hot path of the host."""

from __future__ import annotations

from typing import Any

from lightleak.device.numbering import Numbering
from lightleak.events import NS_PER_S, Event

_MAX_SECONDS = 2**33


def wire_clocks(wire: object) -> tuple[int, int] | None:
    """Tell (wall_ns, mono_ns) of an event on the wire, or None where it is no event."""
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


def to_event(wire: dict[str, Any], clocks: tuple[int, int], *, segment: int, seq: int, numbering: Numbering) -> Event:
    """Give an event its place in the file; keys in the order of the contract, references as seq."""
    event = Event(kind="", segment=0, seq=0, wall_ns=0, mono_ns=0)
    event.update(wire)
    del event["at"]
    # Set last: what the agent may have sent under these names is not the agent's to say.
    event["segment"] = segment
    event["seq"] = seq
    event["wall_ns"], event["mono_ns"] = clocks
    if event.get("cause") is not None:
        event["cause"] = numbering.seq_of(event["cause"])
    if event.get("of") is not None:
        event["of"] = numbering.seq_of(event["of"])
    return event
