"""The keys of a trace that may be absent, with their types: the one place that every reader takes their values through.

A file may hold anything. What the file says stays in the file. A value of another type than the key has is read as absent,
and counted, so that each command can say so once. null fits every key.

``readable`` does it for an event as a dictionary, ``readable_header`` for a header. Readers with structs of their own
(``lightleak.comparator.columns``, ``lightleak.trace.verify``) annotate them with the types below, so that ordinary lines cost
nothing more; a line that does not fit goes through ``readable``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec

NUMBER_MAX = 2**62
"""The largest number or clock: leaves room for a sum in 64 bits. As a clock it is in the year 2116."""

Whole = Annotated[int, msgspec.Meta(ge=-NUMBER_MAX, le=NUMBER_MAX)]
Name = str | Whole
"""What only distinguishes one thing from another: a text or a number."""

_TEXT, _WHOLE, _FLAG, _NAME, _OBJECT, _LIST = (str,), (int,), (bool,), (str, int), (dict,), (list,)
_Types = tuple[type, ...]


def _keys(types: _Types, names: str) -> dict[str, _Types]:
    return dict.fromkeys(names.split(), types)


REQUIRED: Mapping[str, _Types] = {**_keys(_TEXT, "kind"), **_keys(_WHOLE, "segment seq wall_ns mono_ns")}

OPTIONAL: Mapping[str, _Types] = {
    **_keys(_TEXT, "phase name identifier role reason probe symbol status value type action depth asset service error label code"),
    **_keys(_NAME, "change stack id level"),
    **_keys(_WHOLE, "tid cause resumed_by of pid count assets new_assets run duration_ns cpu_ns bytes host_offset_ns error_ns step_ns"),
    **_keys(_WHOLE, "footprint_bytes energy_nj wakeups disk_read_bytes"),
    **_keys(_FLAG, "internal cause_lost degraded changed absent at_least"),
    **_keys(_OBJECT, "observer caller detail"),
    **_keys(_LIST, "frames"),
}  # fmt: skip
"""Key of an event → its types, whatever the event's kind. A key that is not here is unknown: it is kept, and not read."""

INSIDE: Mapping[str, Mapping[str, _Types]] = {
    "observer": {**_keys(_TEXT, "class image"), **_keys(_NAME, "id")},
    "caller": {**_keys(_TEXT, "image"), **_keys(_WHOLE, "offset")},
    "frames": {**_keys(_TEXT, "image uuid symbol address"), **_keys(_WHOLE, "offset")},
}
"""Key → the keys of its object, or of each object of its list."""

HEADER: Mapping[str, _Types] = {
    **_keys(_TEXT, "session tool"),
    **_keys(_OBJECT, "device target continues redacted imported"),
}
INSIDE_HEADER: Mapping[str, Mapping[str, _Types]] = {
    "device": _keys(_TEXT, "name model os os_version time_zone kind"),
    "target": _keys(_TEXT, "identifier name version"),
    "continues": {**_keys(_WHOLE, "part"), **_keys(_TEXT, "file head")},
    "redacted": _keys(_TEXT, "head names"),
    "imported": _keys(_TEXT, "tool date"),
}


def readable(event: dict[str, Any], odd: Counter[str]) -> dict[str, Any]:
    """Take out of an event what does not fit its key; return what was taken out, and count it by key.

    An object that holds something odd is replaced by one without it, and is returned whole. An act whose cause cannot be read
    has a cause all the same: one that is not known, as where the origin's event was lost.
    """
    taken = _readable(event, OPTIONAL, INSIDE, odd)
    if "cause" in taken:
        event["cause_lost"] = True
    if "resumed_by" in taken:
        event["resumed_by"] = None
    return taken


def readable_header(header: dict[str, Any], odd: Counter[str]) -> dict[str, Any]:
    """Return a header without what does not fit its key, and count that by key, such as ``device.model``."""
    kept = dict(header)
    _readable(kept, HEADER, INSIDE_HEADER, odd)
    return kept


_Row = TypeVar("_Row", bound=msgspec.Struct)
_ANYTHING = msgspec.json.Decoder(dict[str, Any])
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What the decoders raise for a line that is not JSON, or whose required keys are missing or of another type."""


def _decode_loosely(line: bytes, rows: type[_Row], odd: Counter[str]) -> _Row:
    event = _ANYTHING.decode(line)
    readable(event, odd)
    for key, known in INSIDE.items():
        if event.get(key).__class__ is dict:
            event[key] = {name: value for name, value in event[key].items() if name in known}
    return msgspec.convert(event, rows)


def decode_block(
    block: bytes, decoder: msgspec.json.Decoder[_Row], rows: type[_Row], odd: Counter[str]
) -> Sequence[_Row | Exception]:
    """Return the lines of a block as structs, whatever they hold; for a line that is not an event, what is wrong with it.

    decoder: of ``rows``. odd: counts values that are read as absent, by key.
    """
    try:
        return decoder.decode_lines(block)
    except UNREADABLE:
        return list(_decode_each(block, decoder, rows, odd))


def _decode_each(
    block: bytes, decoder: msgspec.json.Decoder[_Row], rows: type[_Row], odd: Counter[str]
) -> Iterator[_Row | Exception]:
    for line in block.removesuffix(b"\n").split(b"\n"):
        try:
            yield decoder.decode(line)
        except UNREADABLE:
            try:
                yield _decode_loosely(line, rows, odd)
            except UNREADABLE as problem:
                yield problem


def _readable(
    event: dict[str, Any],
    types_of: Mapping[str, _Types],
    inside: Mapping[str, Mapping[str, _Types]],
    odd: Counter[str],
) -> dict[str, Any]:
    taken = {}
    for key, types in types_of.items():
        value = event.get(key)
        if value is None:
            continue
        if not _fits(value, types):
            odd[key] += 1
            taken[key] = event.pop(key)
        elif key in inside:
            kept = _inside(key, value, inside[key], odd)
            if kept is not value:
                taken[key], event[key] = value, kept
    return taken


def _inside(key: str, value: Any, types_of: Mapping[str, _Types], odd: Counter[str]) -> Any:
    """Return an object, or a list of objects, without what does not fit; the value itself where all of it does."""
    if value.__class__ is dict:
        names = [name for name, types in types_of.items() if not _is_null_or_fits(value.get(name), types)]
        odd.update(f"{key}.{name}" for name in names)
        return {name: each for name, each in value.items() if name not in names} if names else value
    strange = sum(each.__class__ is not dict for each in value)
    if strange:
        odd[key] += strange
    items = [_inside(key, each, types_of, odd) if each.__class__ is dict else {} for each in value]
    return value if all(one is other for one, other in zip(items, value, strict=True)) else items


def _is_clean(value: Any, types_of: Mapping[str, _Types]) -> bool:
    if value.__class__ is list:
        return all(each.__class__ is dict and _is_clean(each, types_of) for each in value)
    return all(each is None or name not in types_of or _fits(each, types_of[name]) for name, each in value.items())


def _is_null_or_fits(value: Any, types: _Types) -> bool:
    return value is None or _fits(value, types)


def _fits(value: Any, types: _Types) -> bool:
    # By class: True is an int too.
    kind = value.__class__
    return kind in types and (kind is not int or -NUMBER_MAX <= value <= NUMBER_MAX)


class Shapes:
    """Recognise events that fit the schema by their keys and the types of their values: most have one of a few shapes."""

    _MOST = 10_000
    """Shapes that are remembered: a hostile file can have one a line."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], _Shape] = {}

    def take_out_odd(self, event: dict[str, Any], odd: Counter[str]) -> dict[str, Any] | None:
        """Do as ``readable``; None where nothing had to be taken out. Raises: KeyError when a required key does not fit."""
        keys = (*event, *map(type, event.values()))
        shape = self._known.get(keys)
        if shape is None:
            shape = _Shape.of(event)
            if len(self._known) < self._MOST:
                self._known[keys] = shape
        if shape.has_odd:
            return readable(event, odd)
        for key in shape.numbers:
            if not -NUMBER_MAX <= event[key] <= NUMBER_MAX:
                return readable(event, odd)
        for key in shape.objects:
            if not _is_clean(event[key], INSIDE[key]):
                return readable(event, odd)
        return None


class _Shape(NamedTuple):
    """What is left to check of an event whose keys and types are known."""

    has_odd: bool
    numbers: tuple[str, ...]
    objects: tuple[str, ...]

    @classmethod
    def of(cls, event: dict[str, Any]) -> _Shape:
        for key, types in REQUIRED.items():
            if event[key].__class__ not in types:
                raise KeyError(key)
        known = {key: value.__class__ for key, value in event.items() if value is not None}
        return cls(
            has_odd=any(kind not in OPTIONAL[key] for key, kind in known.items() if key in OPTIONAL),
            numbers=tuple(key for key, kind in known.items() if kind is int and key in OPTIONAL),
            objects=tuple(key for key in known if key in INSIDE),
        )
