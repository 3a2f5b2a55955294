"""An expression made ready: a test for each event of a session."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

from lightleak.events import Event
from lightleak.filter.fields import FIELDS, ComparisonError, Test, compare
from lightleak.filter.grammar import mistake, parse, unquoted
from lightleak.replay_state import ReplayState, SegmentState

NESTING_MAX = 100


class Filter:
    """One expression over one session: show it every event, those of a segment in order of ``seq``.

    zone: that of times without an offset, the device's. Errors: UsageError, with a caret under the mistake.
    """

    def __init__(self, expression: str, zone: tzinfo = UTC) -> None:
        self.expression = expression
        self._test = _compiled(parse(expression), expression, zone, 0)
        self._context = ReplayState()

    def keeps(self, event: Event) -> bool:
        """Tell whether the expression holds at an event."""
        return self.test(event, self._context.at(event))

    def test(self, event: Event, here: SegmentState) -> bool:
        """Tell the same where the caller knows already what holds at the event."""
        return self._test(event, here)


def _compiled(tree: Any, text: str, zone: tzinfo, depth: int) -> Test:
    if tree.data == "comparison":
        return _comparison(*tree.children, text=text, zone=zone)
    if depth > NESTING_MAX:
        raise mistake(text, 0, f"it nests deeper than {NESTING_MAX} times", hint="write it with fewer brackets")
    tests = [_compiled(child, text, zone, depth + 1) for child in tree.children]
    if tree.data == "none":
        (test,) = tests
        return lambda event, here: not test(event, here)
    if tree.data == "any":
        return lambda event, here: any(test(event, here) for test in tests)
    return lambda event, here: all(test(event, here) for test in tests)


def _comparison(name: Any, operator: Any, value: Any, *, text: str, zone: tzinfo) -> Test:
    field = str(name).lower()
    if field not in FIELDS:
        raise mistake(text, name.start_pos, "there is no such field", hint=f"fields are {', '.join(FIELDS)}")
    try:
        return compare(field, str(operator), unquoted(str(value)), zone)
    except ComparisonError as problem:
        if "compare it with" in str(problem):
            raise mistake(text, operator.start_pos, "there is no such comparison", hint=str(problem)) from problem
        raise mistake(text, value.start_pos, "there is no such value", hint=str(problem)) from problem
