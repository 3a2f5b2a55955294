"""Decode one event line, and believe it only after it has been looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec

from lightleak.errors import TraceError
from lightleak.events import Event

KINDS = frozenset(
    {
        *("process", "hook", "state", "authorization", "observer", "notification", "access", "return", "delivery"),
        *("accounting", "stack", "clock", "mark", "lost"),
    }
)
"""The kinds of contract section 3. Others are kept, and counted."""

NESTING_MAX = 100
"""How deep an event may nest: Python's readers give up at about a thousand, wherever they happen to stand."""

NUMBER_MAX = 2**62
"""Whoever computes with clocks and numbers in 64 bits has room for a sum; as a clock, the year 2116."""

_Count = Annotated[int, msgspec.Meta(ge=1, le=NUMBER_MAX)]
_Clock = Annotated[int, msgspec.Meta(ge=-NUMBER_MAX, le=NUMBER_MAX)]


class Required(msgspec.Struct, gc=False):
    """What every event has; ``tid``, ``cause`` and ``of`` are numbers or null where they are there."""

    kind: str
    segment: _Count
    seq: _Count
    wall_ns: _Clock
    mono_ns: _Clock
    tid: int | None = None
    cause: int | None = None
    of: int | None = None


_REQUIRED = msgspec.json.Decoder(Required)
_ANYTHING = msgspec.json.Decoder(dict[str, Any])
_HINT = "docs/trace-format.md says what an event must have"
_DAMAGED = "lightleak verify says what is wrong with the file"


def check_event(line: bytes) -> Required:
    """Decode an event whole and give its required keys. Errors: TraceError."""
    try:
        required = _REQUIRED.decode(line)
        event = _ANYTHING.decode(line)
    except msgspec.ValidationError as problem:
        raise TraceError(f"not an event ({problem})", hint=_HINT) from problem
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise TraceError(f"not JSON ({problem})", hint="the line is cut, or the file is not a trace") from problem
    except RecursionError as problem:
        raise TraceError("nested too deep", hint=_HINT) from problem
    # A line without so many brackets cannot nest so deep.
    if line.count(b"[") + line.count(b"{") > NESTING_MAX and _depth(event) > NESTING_MAX:
        raise TraceError("nested too deep", hint=_HINT)
    return required


def decode_event(line: bytes) -> Event:
    """Decode an event of a session file; its required keys are there and of their types. Errors: TraceError."""
    return next(decode_events((line,)))


def decode_events(lines: Iterable[bytes]) -> Iterator[Event]:
    """Decode events of a session file, as ``decode_event`` does each. Errors: TraceError."""
    try:
        # One frame of Python for all: a call for each event costs as much as decoding it.
        for event in map(Event, map(_ANYTHING.decode, lines)):
            # A key that is not there is a KeyError; bool is a type of its own.
            if not (
                type(event["segment"]) is type(event["seq"]) is type(event["wall_ns"]) is type(event["mono_ns"]) is int
                and type(event["kind"]) is str
            ):
                raise TraceError("a line is not an event (a required key is of another type)", hint=_DAMAGED)
            yield event
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError) as problem:
        raise TraceError(f"a line is not an event ({problem!r})", hint=_DAMAGED) from problem


def same_event(one: bytes, other: bytes) -> bool:
    """Tell whether two lines say the same, in whatever order of keys. Both have been checked."""
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
