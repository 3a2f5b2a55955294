"""Compile an expression into a test of events, or of what another table of fields is about.

Separate because the package's ``__init__`` only names what is public.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

from lightleak.events import Event
from lightleak.filter.comparing import ComparisonError, Fields, OperatorNotAllowedError, Test, compare
from lightleak.filter.event_fields import EVENT_FIELDS
from lightleak.filter.grammar import mistake, parse, unquoted
from lightleak.replay_state import ReplayState, SegmentState

NESTING_MAX = 100


class Filter:
    """One expression over one session: feed it every event, those of a segment in order of ``seq``.

    zone: the device's, for times without an offset. Raises: UsageError with a caret under the mistake.
    """

    def __init__(self, expression: str, zone: tzinfo = UTC) -> None:
        self.expression, self.zone = expression, zone
        self._test = compiled(expression, EVENT_FIELDS, zone)
        self._state = ReplayState()

    def keeps(self, event: Event) -> bool:
        """Return whether the expression is true at an event."""
        return self.test(event, self._state.at(event))

    def test(self, event: Event, segment: SegmentState) -> bool:
        """Return the same for a caller that already knows the state of the event's segment."""
        return self._test(event, segment)


def compiled(expression: str, fields: Fields, zone: tzinfo = UTC) -> Test:
    """Return an expression over one table of fields as a test. Raises: UsageError with a caret under the mistake."""
    return _Compiler(expression, fields, zone).test


class _Compiler:
    """Compiles one expression over one table of fields; ``test`` is the result."""

    def __init__(self, text: str, fields: Fields, zone: tzinfo) -> None:
        self._text, self._fields, self._zone = text, fields, zone
        self.test = self._compiled(parse(text), 0)

    def _compiled(self, tree: Any, depth: int) -> Test:
        if tree.data == "comparison":
            return self._comparison(*tree.children)
        if depth > NESTING_MAX:
            raise mistake(self._text, 0, f"it nests deeper than {NESTING_MAX} times", hint="use fewer brackets")
        tests = [self._compiled(child, depth + 1) for child in tree.children]
        if tree.data == "none":
            (test,) = tests
            return lambda subject, around: not test(subject, around)
        if tree.data == "any":
            return lambda subject, around: any(test(subject, around) for test in tests)
        return lambda subject, around: all(test(subject, around) for test in tests)

    def _comparison(self, name: Any, operator: Any, value: Any) -> Test:
        field = str(name).lower()
        if field not in self._fields:
            raise mistake(self._text, name.start_pos, "unknown field", hint=f"fields are {', '.join(self._fields)}")
        try:
            return compare(self._fields, field, str(operator), unquoted(str(value)), self._zone)
        except ComparisonError as problem:
            if isinstance(problem, OperatorNotAllowedError):
                raise mistake(self._text, operator.start_pos, "unknown comparison", hint=str(problem)) from problem
            raise mistake(self._text, value.start_pos, "unknown value", hint=str(problem)) from problem
