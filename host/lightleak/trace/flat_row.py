"""An event as one flat row, for tables of other tools: the same columns in CSV, Parquet and Timesketch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from lightleak.events import Event, depth_of
from lightleak.origins import is_act
from lightleak.replay_state import SegmentState

Kind = Literal["whole", "text", "bool"]
INT64 = range(-(2**63), 2**63)


class Column(NamedTuple):
    """One column. Its value is None where the event has none, or one of another type."""

    name: str
    kind: Kind


def _columns(kind: Kind, names: str) -> list[Column]:
    return [Column(name, kind) for name in names.split()]


_STATE_COLUMNS = [Column("app", "text"), Column("pid", "whole"), Column("state", "text"), Column("depth", "text")]
"""The process and the state at the event, and its depth."""
_OBSERVER = {"class": "observer_class", "id": "observer_id", "image": "observer_image"}
_CALLER = {"image": "caller_image", "offset": "caller_offset"}

COLUMNS = (
    *_columns("whole", "wall_ns mono_ns segment seq"),
    Column("kind", "text"),
    *_STATE_COLUMNS,
    *_columns("text", "symbol detail asset stack observer_class observer_id observer_image caller_image"),
    *_columns("whole", "caller_offset tid cause of duration_ns cpu_ns bytes"),
    Column("degraded", "bool"),
    *_columns(
        "text", "error type action change phase value status level probe identifier service name role reason label"
    ),
    *_columns("whole", "count host_offset_ns error_ns"),
    Column("internal", "bool"),
    *_columns("text", "cause_kind trigger trigger_by"),
    *_columns("whole", "resumed_by"),
    Column("cause_lost", "bool"),
    Column("changed", "bool"),
    *_columns("whole", "assets footprint_bytes energy_nj wakeups disk_read_bytes"),
    *_columns("text", "id frames rest"),
)
"""Times, then the state at the event, then its own keys; ``rest`` is JSON of everything else.

``cause_kind``, ``trigger`` and ``trigger_by`` are those of an act that names its cause: by link. An act that names none has
no trigger here, for what came shortly before it is decided by ``compare``.
"""

_AT = {column.name: at for at, column in enumerate(COLUMNS)}
_APP, _PID, _STATE, _DEPTH, _REST = (_AT[name] for name in ("app", "pid", "state", "depth", "rest"))
_LINK_COLUMNS = {"cause_kind", "trigger", "trigger_by"}
_CAUSE_KIND, _TRIGGER, _TRIGGER_BY = (_AT[name] for name in ("cause_kind", "trigger", "trigger_by"))
_DERIVED = (
    {column.name for column in _STATE_COLUMNS}
    | _LINK_COLUMNS
    | {"rest"}
    | set(_OBSERVER.values())
    | set(_CALLER.values())
)


class _ColumnPlace(NamedTuple):
    """Where a value goes."""

    at: int
    type: type
    """Of a value that goes there as it is."""
    kind: Kind


_TYPES: dict[Kind, type] = {"whole": int, "text": str, "bool": bool}
_ALL = {column.name: _ColumnPlace(at, _TYPES[column.kind], column.kind) for at, column in enumerate(COLUMNS)}
_PLACES = {name: place for name, place in _ALL.items() if name not in _DERIVED}
_INSIDE = {
    name: {key: _ALL[column] for key, column in columns.items()}
    for name, columns in (("observer", _OBSERVER), ("caller", _CALLER))
}


def as_row(event: Event, state: SegmentState) -> list[Any]:
    """Return an event's values in the order of ``COLUMNS``."""
    row: list[Any] = [None] * len(COLUMNS)
    rest: dict[str, Any] = {}
    for name, value in event.items():
        if value is None:
            continue
        place = _PLACES.get(name)
        if place is not None:
            at, plain_type, kind = place
            if value.__class__ is plain_type and (plain_type is not int or value in INT64):
                row[at] = value
                continue
            if (fitting := _FITTING[kind](value)) is not None:
                row[at] = fitting
                continue
        if name not in _INSIDE or not _unfold(row, value, _INSIDE[name]):
            rest[name] = value
    row[_APP], row[_PID], row[_STATE], row[_DEPTH] = state.app, _whole(state.pid), state.state, depth_of(event)
    named = state.origins.named_by(event)
    if named is not None:
        row[_CAUSE_KIND] = named.kind
        if is_act(event):
            row[_TRIGGER], row[_TRIGGER_BY] = named.trigger, "link" if named.kind else "none"
    # What is read as absent is not lost: it is kept as the file has it.
    if odd := event.odd:
        rest.update(odd)
    if rest:
        if rest.get("depth") == row[_DEPTH]:
            rest.pop("depth", None)
        if event.kind == "process" and rest.get("pid") == row[_PID]:
            rest.pop("pid", None)
        row[_REST] = as_json(rest) if rest else None
    return row


def as_json(value: Any) -> str:
    """Return a value as JSON in one line."""
    return msgspec.json.encode(value).decode()


def _unfold(row: list[Any], value: Any, keys: Mapping[str, _ColumnPlace]) -> bool:
    """Write an object's keys into their columns, and return whether that was all of it."""
    if not isinstance(value, dict):
        return False
    complete = True
    for key, each in value.items():
        place = keys.get(key)
        if place is None:
            complete &= each is None
            continue
        fitting = each if each.__class__ is str and place.type is str else _FITTING[place.kind](each)
        row[place.at] = fitting
        complete &= fitting is not None or each is None
    return complete


def _whole(value: Any) -> int | None:
    return value if type(value) is int and value in INT64 else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else as_json(value)


_FITTING: dict[Kind, Callable[[Any], Any]] = {
    "whole": _whole,
    "text": _text,
    "bool": lambda value: value if value.__class__ is bool else None,
}
