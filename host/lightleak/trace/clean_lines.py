"""Recognise lines that fit the schema, many at once: of them nothing has to be taken out, and their keys need no further look.

The decoder checks types while it reads, which takes less than half of the time that looking at each value of a dictionary takes. What it does not
take is not always wrong: such lines are looked at one by one (``lightleak.trace.line``), and that decides.

Separate because the schema says what fits, and this only how ordinary lines are recognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from lightleak.trace import schema

_COMMON = ("tid", "of", "duration_ns", "cpu_ns", "depth", "symbol", "detail", "asset", "cause", "caller", "stack")
"""Keys of most lines, in their order there: keys that come in the order of the fields are found faster."""


class _Object(msgspec.Struct, gc=False):
    """Any JSON object."""


_TYPE_OF: Mapping[type, Any] = {str: str, int: schema.Whole, bool: bool, dict: _Object, list: list[_Object]}


def _type_of(types: tuple[type, ...]) -> Any:
    found = _TYPE_OF[types[0]]
    for more in types[1:]:
        found = found | _TYPE_OF[more]
    return found


def _optional(types_of: Mapping[str, tuple[type, ...]]) -> list[tuple[str, Any, Any]]:
    # "class" is no name for a field.
    return [
        (f"{key}_", _type_of(types) | None, msgspec.field(name=key, default=None)) for key, types in types_of.items()
    ]


def _rows() -> type[msgspec.Struct]:
    inside = {key: msgspec.defstruct(f"_{key}", _optional(known), gc=False) for key, known in schema.INSIDE.items()}
    types = {key: list[inside[key]] if schema.OPTIONAL[key] == (list,) else inside[key] for key in inside}  # type: ignore[valid-type]
    ordered = [*_COMMON, *(key for key in schema.OPTIONAL if key not in _COMMON)]
    optional = _optional({key: schema.OPTIONAL[key] for key in ordered})
    return msgspec.defstruct(
        "_Row",
        [
            *((key, _type_of(kinds)) for key, kinds in schema.REQUIRED.items()),
            *(
                (name, types[key] | None if key in types else kind, default)
                for key, (name, kind, default) in zip(ordered, optional, strict=True)
            ),
        ],
        gc=False,
    )


_decode_row = msgspec.json.Decoder(_rows()).decode
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_segment, _seq = attrgetter("segment"), attrgetter("seq")


class CleanLines(NamedTuple):
    """The events of clean lines: all of one segment, each number higher than the one before."""

    segment: int
    first: int
    last: int
    events: list[dict[str, Any]]


def run_of(lines: list[bytes]) -> CleanLines | None:
    """Return what the lines hold when each is one event that fits the schema and they are a run; None when that is not certain."""
    try:
        # Line by line: the decoder of many lines would take an event that is broken over two.
        rows = list(map(_decode_row, lines))
    except schema.UNREADABLE:
        return None
    if not rows:
        return None
    seqs = list(map(_seq, rows))
    segments = set(map(_segment, rows))
    if len(segments) > 1 or not _ascending(seqs):
        return None
    try:
        return CleanLines(segments.pop(), seqs[0], seqs[-1], list(map(_decode, lines)))
    except schema.UNREADABLE:  # in a value that no reader asks for
        return None


def _ascending(seqs: list[int]) -> bool:
    # Most runs have no hole, and comparing two lists is faster than each pair.
    return seqs == list(range(seqs[0], seqs[0] + len(seqs))) or all(map(int.__lt__, seqs, seqs[1:]))
