"""The fields of the filter language: what each reads of an event, and how its values compare."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import tzinfo

from lightleak.events import DEPTHS, OFF_LADDER, STATES, Event, depth_of
from lightleak.filter.glob import matcher
from lightleak.filter.time_expr import ns_of_day, read_moment
from lightleak.replay_state import SegmentState

Test = Callable[[Event, SegmentState], bool]
Told = Callable[[Event, SegmentState], str | None]

_RECEIVER = re.compile(r"[+-]\[([^\s\]]+) ")


class ComparisonError(ValueError):
    """A value or an operator that a field cannot have; the message says which it can."""


def _class_of(event: Event, _here: SegmentState) -> str | None:
    """The observer's class, or that in the selector: ``PHAsset`` of ``+[PHAsset fetchAssetsWithOptions:]``."""
    observer = event.get("observer")
    if isinstance(observer, dict) and isinstance(observer.get("class"), str):
        return str(observer["class"])
    receiver = _RECEIVER.match(_symbol(event, _here) or "")
    return receiver[1] if receiver else None


def _symbol(event: Event, _here: SegmentState) -> str | None:
    symbol = event.get("symbol")
    return symbol if isinstance(symbol, str) else None


TEXTS: dict[str, Told] = {
    "kind": lambda event, _: event.kind,
    "depth": lambda event, _: depth_of(event),
    "app": lambda _, here: here.app,
    "state": lambda _, here: here.state,
    "class": _class_of,
    "symbol": _symbol,
}
FIELDS = (*TEXTS, "time")

_CLOSED = {"depth": (*DEPTHS[1:], *OFF_LADDER), "state": (*STATES[1:], STATES[0])}
"""Fields that can have no other value."""


def compare(field: str, operator: str, value: str, zone: tzinfo) -> Test:
    """Make the test of one comparison. Errors: ComparisonError."""
    if operator == "!=":
        equal = compare(field, "=", value, zone)
        return lambda event, here: not equal(event, here)
    if field == "time":
        return _time(operator, value, zone)
    told = TEXTS[field]
    if operator == "~":
        fits = matcher(value)
        return lambda event, here: (text := told(event, here)) is not None and fits(text)
    if field in _CLOSED and value not in _CLOSED[field]:
        raise ComparisonError(f"{field} is one of {', '.join(_CLOSED[field])}")
    if operator == "=":
        return lambda event, here: told(event, here) == value
    if field == "depth":
        return _depth(operator, value)
    raise ComparisonError(f"{field} has no order: compare it with =, != or ~")


def _depth(operator: str, value: str) -> Test:
    if value in OFF_LADDER:
        raise ComparisonError(f"{value} stands beside the ladder: compare it with =, != or ~")
    step, ladder = DEPTHS.index(value), {name: at for at, name in enumerate(DEPTHS) if at}
    wanted = frozenset(name for name, at in ladder.items() if _holds(operator, at, step, step + 1))
    return lambda event, _: depth_of(event) in wanted


def _time(operator: str, value: str, zone: tzinfo) -> Test:
    if operator == "~":
        raise ComparisonError("time is no text: compare it with = != < <= > >=")
    moment = read_moment(value, zone)
    if moment is None:
        raise ComparisonError(
            "a time is 2026-11-20, 2026-11-20T22:30, 2026-11-20T22:30:15.250+01:00 or, on any day, 22:30"
        )
    start_ns, stop_ns = moment.start_ns, moment.stop_ns
    if not moment.of_day:
        return lambda event, _: _holds(operator, event["wall_ns"], start_ns, stop_ns)

    def on_any_day(event: Event, _here: SegmentState) -> bool:
        clock_ns = ns_of_day(event["wall_ns"], zone)
        return clock_ns is not None and _holds(operator, clock_ns, start_ns, stop_ns)

    return on_any_day


def _holds(operator: str, number: int, start: int, stop: int) -> bool:
    """Compare with a value that lasts from ``start`` up to, not including, ``stop``."""
    match operator:
        case "<":
            return number < start
        case "<=":
            return number < stop
        case ">":
            return number >= stop
        case ">=":
            return number >= start
        case _:
            return start <= number < stop


__all__ = ["FIELDS", "ComparisonError", "Test", "compare"]
