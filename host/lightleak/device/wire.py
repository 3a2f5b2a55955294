"""One event of the agent's, checked and put into the file's form."""

from __future__ import annotations

from typing import Any

from lightleak.device.numbering import Numbering
from lightleak.events import NS_PER_S, Event

_MAX_SECONDS = 2**33
_REFERENCES = ("cause", "of")


def wire_clocks(wire: object) -> tuple[int, int] | None:
    """Tell (wall_ns, mono_ns) of an event on the wire, or None where it is no event."""
    if type(wire) is not dict or type(wire.get("kind")) is not str:
        return None
    at = wire.get("at")
    if type(at) is not list or len(at) != 4 or any(type(part) is not int for part in at):
        return None
    wall_s, wall_rest_ns, mono_s, mono_rest_ns = at
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
    for key in _REFERENCES:
        if event.get(key) is not None:
            event[key] = numbering.seq_of(event[key])
    return event
