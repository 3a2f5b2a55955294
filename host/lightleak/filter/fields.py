"""The fields of the filter language: what each reads from an event, and how its values compare.

Separate because a new field is added segment, and nothing else of the language changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import tzinfo

from lightleak.app_names import app_of
from lightleak.events import DEPTHS, OFF_LADDER, ORIGIN_KINDS, STATES, TRIGGERS, Event, depth_of
from lightleak.filter.glob import matcher
from lightleak.filter.time_expr import ns_of_day, read_moment
from lightleak.origins import is_act
from lightleak.replay_state import SegmentState

Test = Callable[[Event, SegmentState], bool]
TextOf = Callable[[Event, SegmentState], str | None]

_RECEIVER = re.compile(r"[+-]\[([^\s\]]+) ")


class ComparisonError(ValueError):
    """A comparison that a field does not have; the message says which it has."""


class ValueNotAllowedError(ComparisonError):
    """The field cannot have the value."""


class OperatorNotAllowedError(ComparisonError):
    """The field or its value does not compare in this way."""


def _class_of(event: Event, _segment: SegmentState) -> str | None:
    """Return the observer's class, or the selector's: ``PHAsset`` of ``+[PHAsset fetchAssetsWithOptions:]``."""
    observer = event.get("observer")
    if isinstance(observer, dict) and isinstance(observer.get("class"), str):
        return str(observer["class"])
    receiver = _RECEIVER.match(_symbol(event, _segment) or "")
    return receiver[1] if receiver else None


def _symbol(event: Event, _segment: SegmentState) -> str | None:
    symbol = event.get("symbol")
    return symbol if isinstance(symbol, str) else None


def _cause_kind(event: Event, segment: SegmentState) -> str | None:
    """Return the kind of the origin that an event names as its cause."""
    named = segment.origins.named_by(event)
    return named.kind if named else None


def _trigger(event: Event, segment: SegmentState) -> str | None:
    """Return what set an act off, by link only: ``none`` where it names no origin. None for what is not an act."""
    if not is_act(event):
        return None
    named = segment.origins.named_by(event)
    return named.trigger if named else "none"


TEXTS: dict[str, TextOf] = {
    "kind": lambda event, _: event.kind,
    "depth": lambda event, _: depth_of(event),
    "app": lambda _, segment: segment.app,
    "state": lambda _, segment: segment.state,
    "class": _class_of,
    "symbol": _symbol,
    "trigger": _trigger,
    "cause.kind": _cause_kind,
}
FIELDS = (*TEXTS, "time")

_CLOSED = {
    "depth": (*DEPTHS[1:], *OFF_LADDER),
    "state": (*STATES[1:], STATES[0]),
    "trigger": TRIGGERS,
    "cause.kind": ORIGIN_KINDS,
}
"""Fields with a fixed set of values."""


def compare(field: str, operator: str, value: str, zone: tzinfo) -> Test:
    """Return the test of one comparison. Raises: ComparisonError."""
    if operator == "!=":
        equal = compare(field, "=", value, zone)
        return lambda event, segment: not equal(event, segment)
    if field == "time":
        return _time(operator, value, zone)
    text_of = TEXTS[field]
    value = app_of(value) if field == "app" else value
    if operator == "~":
        matches = matcher(value)
        return lambda event, segment: (text := text_of(event, segment)) is not None and matches(text)
    if field in _CLOSED and value not in _CLOSED[field]:
        raise ValueNotAllowedError(f"{field} is one of {', '.join(_CLOSED[field])}")
    if operator == "=":
        return lambda event, segment: text_of(event, segment) == value
    if field == "depth":
        return _depth(operator, value)
    raise OperatorNotAllowedError(f"{field} has no order: use =, != or ~")


def _depth(operator: str, value: str) -> Test:
    if value in OFF_LADDER:
        raise OperatorNotAllowedError(f"{value} has no order: use =, != or ~")
    step, ladder = DEPTHS.index(value), {name: at for at, name in enumerate(DEPTHS) if at}
    wanted = frozenset(name for name, at in ladder.items() if _holds(operator, at, step, step + 1))
    return lambda event, _: depth_of(event) in wanted


def _time(operator: str, value: str, zone: tzinfo) -> Test:
    if operator == "~":
        raise OperatorNotAllowedError("time is not text: use = != < <= > >=")
    moment = read_moment(value, zone)
    if moment is None:
        raise ValueNotAllowedError(
            "a time is 2026-11-20, 2026-11-20T22:30, 2026-11-20T22:30:15.250+01:00 or, on any day, 22:30"
        )
    start_ns, stop_ns = moment.start_ns, moment.stop_ns
    if not moment.of_day:
        return lambda event, _: _holds(operator, event["wall_ns"], start_ns, stop_ns)

    def on_any_day(event: Event, _segment: SegmentState) -> bool:
        clock_ns = ns_of_day(event["wall_ns"], zone)
        return clock_ns is not None and _holds(operator, clock_ns, start_ns, stop_ns)

    return on_any_day


def _holds(operator: str, number: int, start: int, stop: int) -> bool:
    """Compare with a value that covers ``start`` up to, not including, ``stop``."""
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


__all__ = ["FIELDS", "ComparisonError", "OperatorNotAllowedError", "Test", "compare"]
