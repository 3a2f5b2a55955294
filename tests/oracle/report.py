"""The entries of a report, read literally: pairs of lines, their flags, and the time that each counts to.

Separate because flags of the report alone need no recording.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from oracle.recording import MS, app_of

Line = dict[str, Any]

FINALISED_COUNTS_TO = 75_600 * MS


def moment(text: str) -> int:
    """Return a report's time in Unix ns."""
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000) * MS


@dataclass
class Entry:
    """An entry: "the pair of lines with one ``identifier``, or half of a pair"."""

    identifier: str
    app: str
    category: str
    out_of_process: bool
    begin: int | None = None
    end: int | None = None
    flags: set[str] = field(default_factory=set)
    earliest: int | None = None
    latest: int | None = None
    """The earliest begin and the latest end of its lines: not its begin and end where lines contradict each other."""

    @property
    def order(self) -> tuple[Any, ...]:
        """Return "ordered by begin, end, identifier, null last"."""
        return self.begin is None, self.begin or 0, self.end is None, self.end or 0, self.identifier


@dataclass
class Read:
    """A report: its entries, and its first and last line."""

    entries: list[Entry]
    first: int
    last: int

    def start_of(self, entry: Entry) -> int:
        """Return where an entry counts from. The contract is silent on a missing begin; docs/verdicts.md: the first line."""
        return self.first if entry.begin is None else entry.begin

    def end_of(self, entry: Entry) -> int:
        """Return "a still-open entry ends with the report; a finalised one counts to ``begin + 75.6 s``"."""
        if "finalised" in entry.flags and entry.begin is not None:
            return entry.begin + FINALISED_COUNTS_TO
        # The contract is silent on an end before the begin; docs/verdicts.md: then it counts to its begin.
        return self.last if entry.end is None else max(entry.end, self.start_of(entry))


def read(lines: Sequence[Line]) -> Read:
    """Pair the lines by identifier, and set the flags that need no recording.

    Of contradicting lines, "the verdict does not depend on their order": docs/verdicts.md counts the time on which they agree.
    """
    found: dict[str, Entry] = {}
    times_of: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        identifier, picker = line["identifier"], bool(line.get("outOfProcess"))
        accessor = app_of(line["accessor"]["identifier"])
        entry = found.setdefault(identifier, Entry(identifier, accessor, line["category"], picker))
        entry.out_of_process |= picker
        times_of.setdefault((identifier, line["kind"]), []).append(moment(line["timeStamp"]))
    for (identifier, kind), times in times_of.items():
        entry = found[identifier]
        if len(times) > 1:
            entry.flags.add("duplicate")
        if kind == "intervalBegin":
            entry.begin, entry.earliest = max(times), min(times)
        else:
            entry.end, entry.latest = min(times), max(times)
    times = [moment(line["timeStamp"]) for line in lines]
    entries = sorted(found.values(), key=lambda entry: entry.order)
    for entry in entries:
        entry.flags |= _flags(entry, entries)
    return Read(entries, min(times), max(times))


def _flags(entry: Entry, entries: Sequence[Entry]) -> set[str]:
    flags = set()
    others = [other for other in entries if other is not entry]
    if entry.begin is None:
        flags.add("begin-missing")
    if entry.end is None:
        flags.add("still-open")
    if (length := _length(entry)) is not None and 59_900 * MS <= length <= 75_600 * MS:
        flags.add("lone-access")
    # "another entry of the app and category begins within 2 s, either way; pickers apart"
    if not entry.out_of_process and any(
        other.app == entry.app
        and other.category == entry.category
        and not other.out_of_process
        and other.begin is not None
        and entry.begin is not None
        and abs(other.begin - entry.begin) <= 2_000 * MS
        for other in others
    ):
        flags.add("twin")
    # "over 10 min and ending within 0.5 s of another such app's entry"
    if _is_long(entry) and any(
        other.app != entry.app and _is_long(other) and abs((other.end or 0) - (entry.end or 0)) <= 500 * MS
        for other in others
    ):
        flags.add("finalised")
    return flags


def _length(entry: Entry) -> int | None:
    return None if entry.begin is None or entry.end is None else entry.end - entry.begin


def _is_long(entry: Entry) -> bool:
    return (_length(entry) or 0) > 600_000 * MS
