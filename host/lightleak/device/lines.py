"""Encode events as lines of the file, whatever an app has put into them."""

from __future__ import annotations

from typing import Any

import msgspec

from lightleak.events import Event
from lightleak.pipeline import Batch

LINE_BYTES_MAX = 1 << 20
"""Stacks and details stay far below; an app that makes more of an event costs that event, not the recording."""

_ENCODER = msgspec.json.Encoder()
_PLACE = ("segment", "seq", "wall_ns", "mono_ns")


def encode_events(events: list[Event]) -> Batch:
    """Make lines of events; what looks at the events later sees what stands in the file, too."""
    try:
        lines = list(map(_ENCODER.encode, events))
    except UnicodeEncodeError:
        lines = []
    if lines and max(map(len, lines)) <= LINE_BYTES_MAX:
        return Batch(lines, events)
    # Rare: some event had to be changed to fit.
    return Batch([encode_event(event) for event in events])


def encode_event(event: Event) -> bytes:
    """Encode one line of the file, without its newline; an event beyond all measure becomes ``lost`` in its place."""
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
            # Half a surrogate pair is a legal string in an app and no legal UTF-8.
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {_well_formed(key): _well_formed(inner) for key, inner in value.items()}
        case list():
            return [_well_formed(inner) for inner in value]
    return value
