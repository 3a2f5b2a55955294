"""Decode event lines, and check that what every reader relies on is there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec

from lightleak.errors import TraceError
from lightleak.events import Event
from lightleak.text import escaped
from lightleak.trace.schema import NUMBER_MAX, Shapes

KINDS = frozenset(
    {
        *("process", "hook", "state", "authorization", "observer", "notification", "access", "return", "delivery"),
        *("input", "usage", "property", "accounting", "stack", "clock", "mark", "lost"),
    }
)
"""The kinds of contract section 3. Events of other kinds are kept and counted."""

NESTING_MAX = 100
"""How deep an event may nest: Python's decoders fail at a depth of about a thousand."""

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
_SHAPES = Shapes()
_HINT = "docs/trace-format.md says what an event must have"
DAMAGED = "lightleak verify says what is wrong with the file"


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


def check_keys(line: bytes) -> None:
    """Check that no object of a line that was decoded has a key twice. Raises: TraceError.

    Readers take the last one, and a person who searches the file finds the first: such a line says two things.
    """
    if msgspec.json.encode(_ANYTHING.decode(line)) != line:  # written by another program: with spaces, say
        json.loads(line, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise TraceError(
            f"the key {escaped(twice)} is there twice", hint="a line says each thing once; leave one of them out"
        )
    return found


def decode_event(line: bytes) -> Event:
    """Decode an event of a session file. Raises: TraceError when a required key is missing or of another type."""
    return next(decode_events((line,)))


def decode_events(lines: Iterable[bytes], odd: Counter[str] | None = None) -> Iterator[Event]:
    """Decode events of a session file; optional keys that hold another type are absent, and counted in ``odd`` by key.

    Raises: TraceError when a required key is missing or of another type.
    """
    take_out, counted = _SHAPES.take_out_odd, Counter() if odd is None else odd
    try:
        # No further call an event: it would cost as much as decoding it.
        for event in map(Event, map(_ANYTHING.decode, lines)):
            if (taken := take_out(event, counted)) is not None:
                event.odd = taken
            yield event
    except KeyError as problem:
        raise TraceError(
            f"a line is not an event ({problem.args[0]} is missing or of another type)", hint=DAMAGED
        ) from problem
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise TraceError(f"a line is not an event ({problem!r})", hint=DAMAGED) from problem


def same_event(one: bytes, other: bytes) -> bool:
    """Return whether two lines have the same content, in any order of keys. Both must have been checked."""
    return one == other or canonical(one) == canonical(other)


def canonical(line: bytes) -> bytes:
    """Return a line with its keys sorted, so that lines with the same content are the same."""
    return msgspec.json.encode(_ANYTHING.decode(line), order="sorted")


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        inner = [item for item in level if isinstance(item, dict | list)]
        level = [each for item in inner for each in (item.values() if isinstance(item, dict) else item)]
    return deepest
