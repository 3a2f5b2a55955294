"""Compile an expression into a test of events.

Separate because the package's ``__init__`` only names what is public.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

from lightleak.events import Event
from lightleak.filter.fields import FIELDS, ComparisonError, OperatorNotAllowedError, Test, compare
from lightleak.filter.grammar import mistake, parse, unquoted
from lightleak.replay_state import ReplayState, SegmentState

NESTING_MAX = 100


class Filter:
    """One expression over one session: feed it every event, those of a segment in order of ``seq``.

    zone: the device's, for times without an offset. Raises: UsageError with a caret under the mistake.
    """

    def __init__(self, expression: str, zone: tzinfo = UTC) -> None:
        self.expression = expression
        self._test = _compiled(parse(expression), expression, zone, 0)
        self._state = ReplayState()

    def keeps(self, event: Event) -> bool:
        """Return whether the expression is true at an event."""
        return self.test(event, self._state.at(event))

    def test(self, event: Event, segment: SegmentState) -> bool:
        """Return the same for a caller that already knows the state of the event's segment."""
        return self._test(event, segment)


def _compiled(tree: Any, text: str, zone: tzinfo, depth: int) -> Test:
    if tree.data == "comparison":
        return _comparison(*tree.children, text=text, zone=zone)
    if depth > NESTING_MAX:
        raise mistake(text, 0, f"it nests deeper than {NESTING_MAX} times", hint="use fewer brackets")
    tests = [_compiled(child, text, zone, depth + 1) for child in tree.children]
    if tree.data == "none":
        (test,) = tests
        return lambda event, segment: not test(event, segment)
    if tree.data == "any":
        return lambda event, segment: any(test(event, segment) for test in tests)
    return lambda event, segment: all(test(event, segment) for test in tests)


def _comparison(name: Any, operator: Any, value: Any, *, text: str, zone: tzinfo) -> Test:
    field = str(name).lower()
    if field not in FIELDS:
        raise mistake(text, name.start_pos, "unknown field", hint=f"fields are {', '.join(FIELDS)}")
    try:
        return compare(field, str(operator), unquoted(str(value)), zone)
    except ComparisonError as problem:
        if isinstance(problem, OperatorNotAllowedError):
            raise mistake(text, operator.start_pos, "unknown comparison", hint=str(problem)) from problem
        raise mistake(text, value.start_pos, "unknown value", hint=str(problem)) from problem
