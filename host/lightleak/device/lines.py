"""Encode an event as a line of the file, whatever an app has put into it."""

from __future__ import annotations

from typing import Any

import msgspec

from lightleak.events import Event

LINE_BYTES_MAX = 1 << 20
"""Stacks and details stay far below; an app that makes more of an event costs that event, not the recording."""

_PLACE = ("segment", "seq", "wall_ns", "mono_ns")


def encode_event(event: Event) -> bytes:
    """Encode one line of the file, without its newline; an event beyond all measure becomes ``lost`` in its place."""
    try:
        line = msgspec.json.encode(event)
    except UnicodeEncodeError:
        line = msgspec.json.encode(_well_formed(event))
    if len(line) <= LINE_BYTES_MAX:
        return line
    place = {key: event[key] for key in _PLACE}
    reason = f"an event of {len(line)} bytes is too large"
    return msgspec.json.encode({"kind": "lost", **place, "tid": None, "count": 1, "reason": reason})


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
