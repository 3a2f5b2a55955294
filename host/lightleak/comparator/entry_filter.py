"""Choose entries of a report by an expression: what each name of the filter language reads from an entry and its verdict.

Names that events have too mean the same here, but that what was seen of a whole entry is in one word.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from lightleak.app_names import app_of
from lightleak.comparator.comparison import Verdict
from lightleak.comparator.rules.rules import CAUSES, MATCHES
from lightleak.events import DEPTHS, NS_PER_S, STATES, TRIGGER_LINKS, TRIGGERS
from lightleak.filter import compiled
from lightleak.filter.comparing import Fields, ListField, NumberField, TextField, TimeField
from lightleak.filter.time_expr import DAY_NS, Moment

_YES_NO = ("yes", "no")


class WrittenTime(NamedTuple):
    """A time as the report writes it."""

    unix_ns: int
    offset_s: int


class SelectableEntry(NamedTuple):
    """One entry: its verdict, and of the report what a verdict has only as text."""

    verdict: Verdict
    begin: WrittenTime | None
    end: WrittenTime | None
    is_at_night: bool


def _trigger(entry: SelectableEntry, _: None) -> str | None:
    trigger = entry.verdict.trigger
    return None if trigger is None else str(trigger.kind)


def _trigger_by(entry: SelectableEntry, _: None) -> str | None:
    trigger = entry.verdict.trigger
    return None if trigger is None else str(trigger.by)


def _length_s(entry: SelectableEntry, _: None) -> float | None:
    """Return the seconds from begin to end, as the report writes them."""
    if entry.begin is None or entry.end is None:
        return None
    return (entry.end.unix_ns - entry.begin.unix_ns) / NS_PER_S


def _counts_in(time: WrittenTime | None, moment: Moment) -> int | None:
    """Return a time in what ``moment`` counts in. Without an offset a value is compared with the clock that is written."""
    if time is None:
        return None
    written_ns = time.unix_ns + time.offset_s * NS_PER_S
    if moment.of_day:
        return written_ns % DAY_NS
    return time.unix_ns if moment.has_offset else written_ns


def _time(entry: SelectableEntry, _: None, moment: Moment, _zone: dt.tzinfo) -> int | None:
    return _counts_in(entry.begin or entry.end, moment)


def _begin(entry: SelectableEntry, _: None, moment: Moment, _zone: dt.tzinfo) -> int | None:
    return _counts_in(entry.begin, moment)


def _end(entry: SelectableEntry, _: None, moment: Moment, _zone: dt.tzinfo) -> int | None:
    return _counts_in(entry.end, moment)


ENTRY_FIELDS: Fields = {
    "app": TextField(lambda entry, _: entry.verdict.app, normal=app_of),
    "cause": TextField(lambda entry, _: entry.verdict.cause, CAUSES),
    "depth": TextField(lambda entry, _: entry.verdict.depth, DEPTHS, DEPTHS),
    "trigger": TextField(_trigger, TRIGGERS),
    "trigger.by": TextField(_trigger_by, TRIGGER_LINKS),
    "match": TextField(lambda entry, _: entry.verdict.match, MATCHES),
    "state": TextField(lambda entry, _: entry.verdict.state, (*STATES[1:], "mixed", STATES[0])),
    "night": TextField(lambda entry, _: _YES_NO[not entry.is_at_night], _YES_NO),
    "flags": ListField(lambda entry, _: entry.verdict.flags),
    "reads": NumberField(lambda entry, _: sum(entry.verdict.triggers.values())),
    "property": ListField(lambda entry, _: entry.verdict.properties),
    "length": NumberField(_length_s),
    "identifier": TextField(lambda entry, _: entry.verdict.identifier),
    "category": TextField(lambda entry, _: entry.verdict.category),
    "evidence": ListField(lambda entry, _: entry.verdict.evidence),
    "time": TimeField(_time),
    "begin": TimeField(_begin),
    "end": TimeField(_end),
}
"""``time`` is where an entry is shown: at its begin or, where the report has none, at its end."""


class EntryFilter:
    """One expression over the entries of a report. A time without an offset is compared with what the report writes.

    Raises: UsageError with a caret under the mistake.
    """

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self._test = compiled(expression, ENTRY_FIELDS)

    def keeps(self, entry: SelectableEntry) -> bool:
        """Return whether the expression is true of an entry."""
        return self._test(entry, None)
