"""An event as one flat row: what tables of other tools hold. The same columns in CSV and Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

import msgspec

from lightleak.events import Event, depth_of
from lightleak.filter.context import Here
from lightleak.views.reading import Reading

Kind = Literal["whole", "text", "bool"]
INT64 = range(-(2**63), 2**63)


class Column(NamedTuple):
    """One column; ``tell`` gives None where the event does not say it, or not in this type."""

    name: str
    kind: Kind
    tell: Callable[[Event, Here], Any]


def whole(value: Any) -> int | None:
    """Take a whole number of 64 bits."""
    return value if type(value) is int and value in INT64 else None


def text(value: Any) -> str | None:
    """Take a string; what else it may be is told as JSON."""
    if value is None or isinstance(value, str):
        return value
    return as_json(value)


def as_json(value: Any) -> str:
    """Write a value as JSON in one line."""
    return msgspec.json.encode(value).decode()


def rows(reading: Reading) -> Iterator[list[Any]]:
    """Give each chosen event as a row in the order of ``COLUMNS``. Errors: TraceError."""
    tell = [column.tell for column in COLUMNS]
    for event, here in reading.events():
        yield [each(event, here) for each in tell]


def _said(name: str, kind: Kind) -> Column:
    match kind:
        case "whole":
            return Column(name, kind, lambda event, _: whole(event.get(name)))
        case "bool":
            return Column(name, kind, lambda event, _: value if (value := event.get(name)).__class__ is bool else None)
        case _:
            return Column(name, kind, lambda event, _: text(event.get(name)))


def _inside(outer: str, name: str, kind: Kind, column: str) -> Column:
    def tell(event: Event, _here: Here) -> Any:
        holder = event.get(outer)
        value = holder.get(name) if isinstance(holder, dict) else None
        return whole(value) if kind == "whole" else text(value)

    return Column(column, kind, tell)


def _rest(event: Event, _here: Here) -> str | None:
    """Tell what no other column does: keys of later versions, and values that are of another type than usual."""
    rest = {name: value for name, value in event.items() if value is not None and not _is_told(event, name, value)}
    return as_json(rest) if rest else None


def _is_told(event: Event, name: str, value: Any) -> bool:
    if name == "depth":
        return bool(value == depth_of(event))
    if name == "pid" and event.kind != "process":
        return False
    if name in ("observer", "caller"):
        inner = _INSIDE[name]
        return isinstance(value, dict) and all(key in inner and _fits(inner[key], each) for key, each in value.items())
    return name in _SAID and _fits(_SAID[name], value)


def _fits(kind: Kind, value: Any) -> bool:
    return {"whole": whole(value) is not None, "bool": value.__class__ is bool, "text": True}[kind] or value is None


_SAID: dict[str, Kind] = {
    "segment": "whole", "seq": "whole", "kind": "text", "wall_ns": "whole", "mono_ns": "whole", "tid": "whole",
    "depth": "text", "symbol": "text", "detail": "text", "asset": "text", "stack": "text", "cause": "whole",
    "of": "whole", "duration_ns": "whole", "cpu_ns": "whole", "bytes": "whole", "degraded": "bool", "error": "text",
    "type": "text", "action": "text", "change": "text", "phase": "text", "value": "text", "status": "text",
    "level": "text", "probe": "text", "identifier": "text", "service": "text", "name": "text", "role": "text",
    "reason": "text", "label": "text", "count": "whole", "host_offset_ns": "whole", "error_ns": "whole",
    "internal": "bool", "pid": "whole", "id": "text", "frames": "text",
}  # fmt: skip
_INSIDE: dict[str, dict[str, Kind]] = {
    "observer": {"class": "text", "id": "text", "image": "text"},
    "caller": {"image": "text", "offset": "whole"},
}
_IN_FORCE = {"app", "state", "pid", "depth"}
"""Columns that an event need not say itself."""

COLUMNS = (
    *(_said(name, _SAID[name]) for name in ("wall_ns", "mono_ns", "segment", "seq", "kind")),
    Column("app", "text", lambda _, here: here.app),
    Column("pid", "whole", lambda _, here: here.pid),
    Column("state", "text", lambda _, here: here.state),
    Column("depth", "text", lambda event, _: depth_of(event)),
    *(_inside("observer", key, kind, f"observer_{key}") for key, kind in _INSIDE["observer"].items()),
    *(_inside("caller", key, kind, f"caller_{key}") for key, kind in _INSIDE["caller"].items()),
    *(_said(name, kind) for name, kind in list(_SAID.items())[5:] if name not in _IN_FORCE),
    Column("rest", "text", _rest),
)
"""Times first; then what holds at the event; then what it says; ``rest`` is JSON of everything else."""
