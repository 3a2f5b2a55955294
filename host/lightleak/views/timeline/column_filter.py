"""Which events of a session pass a filter, from its columns: a comparison is made once for each value that a field has.

What columns cannot answer is a third truth, not known: only the events for which it decides are decoded.

Separate because it is a second way to evaluate the filter language, and ``columns`` counts and lists whatever passes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo
from typing import Any, NamedTuple

import numpy as np

from lightleak.arrays import Bools
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.filter import Filter
from lightleak.filter.comparing import NumberField, TextField, TimeField, compare
from lightleak.filter.event_fields import EVENT_FIELDS
from lightleak.filter.grammar import parse, unquoted
from lightleak.trace.event_places import EventPlaces
from lightleak.views.timeline.column_values import ColumnValues, TextColumn


class _Truth(NamedTuple):
    """Of each event, whether something is certainly true, and whether it may be."""

    is_true: Bools
    may_be: Bools


class ColumnFilter:
    """One filter over the columns of one session, whose events come each once and in order."""

    def __init__(self, keep: Filter, sessions: SessionSet, places: EventPlaces) -> None:
        self._tree, self._zone = parse(keep.expression), keep.zone
        self._values = ColumnValues(sessions, keep.zone)
        self._places = places

    def kept(self, among: Bools) -> Bools:
        """Return which events pass; for those not ``among`` others, perhaps wrongly. Raises: TraceError."""
        found = self._evaluate(self._tree)
        undecided = np.flatnonzero(found.may_be & ~found.is_true & among)
        if len(undecided):
            self._decode(undecided.tolist())
            found = self._evaluate(self._tree)
        return found.is_true

    def _decode(self, positions: list[int]) -> None:
        """Read the events that columns cannot decide on, and take from them what was not known."""
        columns = self._values.columns
        keys = list(zip(columns.segment[positions].tolist(), columns.seq[positions].tolist(), strict=True))
        events = self._places.read(keys)
        self._values.settle((at, events[key]) for at, key in zip(positions, keys, strict=True) if key in events)

    def _evaluate(self, tree: Any) -> _Truth:
        if tree.data == "comparison":
            return self._compare(*map(str, tree.children))
        truths = [self._evaluate(child) for child in tree.children]
        if tree.data == "none":
            return _Truth(~truths[0].may_be, ~truths[0].is_true)
        join: Any = np.logical_or if tree.data == "any" else np.logical_and
        return _Truth(join.reduce([each.is_true for each in truths]), join.reduce([each.may_be for each in truths]))

    def _compare(self, name: str, operator: str, value: str) -> _Truth:
        name, value = name.lower(), unquoted(value)
        if operator == "!=":
            equal = self._compare(name, "=", value)
            return _Truth(~equal.may_be, ~equal.is_true)
        field = EVENT_FIELDS[name]
        if isinstance(field, TextField):
            return _of_text(
                self._values.text(name), _test(name, replace(field, of=_itself), operator, value, self._zone)
            )
        if isinstance(field, NumberField):
            numbers = self._values.columns.segment if name == "segment" else self._values.columns.seq
            is_true = _test(name, replace(field, of=_itself), operator, value, self._zone)(numbers)
        else:
            assert isinstance(field, TimeField)
            times = replace(field, of=lambda values, _around, moment, _zone: values.times(of_day=moment.of_day))
            is_true = _test(name, times, operator, value, self._zone)(self._values)
        return _Truth(is_true, is_true)


def _itself(value: Any, _around: Any) -> Any:
    return value


def _test(name: str, field: Any, operator: str, value: str, zone: tzinfo) -> Callable[[Any], Any]:
    test = compare({name: field}, name, operator, value, zone)
    return lambda subject: test(subject, None)


def _of_text(column: TextColumn, test: Callable[[Any], Any]) -> _Truth:
    holds = np.array([bool(test(value)) for value in column.values], bool)
    is_true = holds[column.codes]
    if column.unknown is None:
        return _Truth(is_true, is_true)
    return _Truth(is_true & ~column.unknown, is_true | column.unknown)
