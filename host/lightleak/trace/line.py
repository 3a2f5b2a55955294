"""Decode event lines, and check that what every reader relies on is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec

from lightleak.errors import TraceError
from lightleak.events import Event

KINDS = frozenset(
    {
        *("process", "hook", "state", "authorization", "observer", "notification", "access", "return", "delivery"),
        *("input", "usage", "property", "accounting", "stack", "clock", "mark", "lost"),
    }
)
"""The kinds of contract section 3. Events of other kinds are kept and counted."""

NESTING_MAX = 100
"""How deep an event may nest: Python's decoders fail at a depth of about a thousand."""

NUMBER_MAX = 2**62
"""The largest number or clock: leaves room for a sum in 64 bits. As a clock it is in the year 2116."""

_Count = Annotated[int, msgspec.Meta(ge=1, le=NUMBER_MAX)]
_Clock = Annotated[int, msgspec.Meta(ge=-NUMBER_MAX, le=NUMBER_MAX)]


class Required(msgspec.Struct, gc=False):
    """The keys that every event has; ``tid``, ``cause``, ``resumed_by`` and ``of`` are numbers or null when present."""

    kind: str
    segment: _Count
    seq: _Count
    wall_ns: _Clock
    mono_ns: _Clock
    tid: int | None = None
    cause: int | None = None
    resumed_by: int | None = None
    of: int | None = None


_REQUIRED = msgspec.json.Decoder(Required)
_ANYTHING = msgspec.json.Decoder(dict[str, Any])
_HINT = "docs/trace-format.md says what an event must have"
_DAMAGED = "lightleak verify says what is wrong with the file"


def check_event(line: bytes) -> Required:
    """Decode a whole event and return its required keys. Raises: TraceError."""
    try:
        required = _REQUIRED.decode(line)
        event = _ANYTHING.decode(line)
    except msgspec.ValidationError as problem:
        raise TraceError(f"not an event ({problem})", hint=_HINT) from problem
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise TraceError(f"not JSON ({problem})", hint="the line is cut, or the file is not a trace") from problem
    except RecursionError as problem:
        raise TraceError("nested too deep", hint=_HINT) from problem
    # A line with fewer brackets cannot nest deeper.
    if line.count(b"[") + line.count(b"{") > NESTING_MAX and _depth(event) > NESTING_MAX:
        raise TraceError("nested too deep", hint=_HINT)
    return required


def decode_event(line: bytes) -> Event:
    """Decode an event of a session file. Raises: TraceError when a required key is missing or of another type."""
    return next(decode_events((line,)))


def decode_events(lines: Iterable[bytes]) -> Iterator[Event]:
    """Decode events of a session file. Raises: TraceError when a required key is missing or of another type."""
    try:
        # No function call an event: it would cost as much as decoding it.
        for event in map(Event, map(_ANYTHING.decode, lines)):
            # A missing key raises KeyError; ``type`` because a bool is an int.
            if not (
                type(event["segment"]) is type(event["seq"]) is type(event["wall_ns"]) is type(event["mono_ns"]) is int
                and type(event["kind"]) is str
            ):
                raise TraceError("a line is not an event (a required key is of another type)", hint=_DAMAGED)
            yield event
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError) as problem:
        raise TraceError(f"a line is not an event ({problem!r})", hint=_DAMAGED) from problem


def same_event(one: bytes, other: bytes) -> bool:
    """Return whether two lines have the same content, in any order of keys. Both must have been checked."""
    return one == other or _canonical(one) == _canonical(other)


def _canonical(line: bytes) -> bytes:
    return msgspec.json.encode(_ANYTHING.decode(line), order="sorted")


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        inner = [item for item in level if isinstance(item, dict | list)]
        level = [each for item in inner for each in (item.values() if isinstance(item, dict) else item)]
    return deepest
