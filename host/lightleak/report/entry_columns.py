"""The entries of a report: columns for a million of them, objects on access, and the flags that a report alone gives.

Source of the flags: 50,960 intervals of 25 exports, and contract section 4.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

import msgspec
import numpy as np
import numpy.typing as npt

from lightleak.arrays import AnyInts, Bools, LazySequence
from lightleak.events import NS_PER_MS, NS_PER_S
from lightleak.report.timestamps import format_time

NO_TIME = np.iinfo(np.int64).max
"""The value in ``begin_ns`` and ``end_ns`` of a line that is missing; sorts last."""

ReportFlag = Literal["lone-access", "twin", "finalised", "still-open", "begin-missing", "duplicate"]
FLAGS: tuple[ReportFlag, ...] = get_args(ReportFlag)
"""What a report says of an entry on its own: a bit of ``EntryColumns.flags`` each, in this order."""

LONE_ACCESS, TWIN, FINALISED, STILL_OPEN, BEGIN_MISSING, DUPLICATE = (1 << n for n in range(len(FLAGS)))
"""Bits of ``EntryColumns.flags``."""

CONTRADICTIONS = ("start", "end", "picker", "owner")
"""What the lines of one identifier can disagree on: a bit of ``EntryColumns.contradicts`` each, in this order."""

START_DIFFERS, END_DIFFERS, PICKER_DIFFERS, OWNER_DIFFERS = (1 << n for n in range(len(CONTRADICTIONS)))
"""Bits of ``EntryColumns.contradicts``; ``OWNER_DIFFERS``: another app or category has lines of this identifier too."""

_FLAG_SETS = [tuple(flag for n, flag in enumerate(FLAGS) if bits >> n & 1) for bits in range(1 << len(FLAGS))]

_NAME_TABLES = frozenset({"apps", "categories", "files"})

LONE_FROM_NS, LONE_TO_NS = 59_900 * NS_PER_MS, 75_600 * NS_PER_MS
"""The duration of a single access: Apple's idle timer, 60 s and up to a quarter more, with the measured margin."""
TWIN_NS = 2 * NS_PER_S
FINALISED_FROM_NS = 600 * NS_PER_S
FINALISED_TOGETHER_NS = NS_PER_S // 2


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One access: the pair of lines with one ``identifier``, or half of a pair."""

    identifier: str
    """Upper-case UUID as Apple wrote it."""
    app: str
    category: str
    """photos, location, contacts, …; an unknown one as it is written."""
    begin_ns: int | None
    end_ns: int | None
    begin_offset_s: int
    """The zone offset of the line, s; that of the other line where this one is missing."""
    end_offset_s: int
    out_of_process: bool
    """Whether the system's picker wrote it: the person chose what the app got."""
    broadcaster: str | None
    begin_line: int | None
    end_line: int | None
    file: str
    """The file with the begin; the one with the end where there is no begin."""
    end_file: str
    """The file with the end: another one when a later export closed what was open."""
    flags: tuple[str, ...]

    @property
    def begin(self) -> str | None:
        """RFC 3339 with the entry's own offset and milliseconds, or None."""
        return None if self.begin_ns is None else format_time(self.begin_ns, self.begin_offset_s)

    @property
    def end(self) -> str | None:
        """RFC 3339 with the entry's own offset and milliseconds, or None."""
        return None if self.end_ns is None else format_time(self.end_ns, self.end_offset_s)

    @property
    def duration_s(self) -> float | None:
        """Seconds from begin to end, or None where one is missing."""
        return None if self.begin_ns is None or self.end_ns is None else (self.end_ns - self.begin_ns) / 1e9


@dataclass(slots=True)
class EntryColumns:
    """All entries of a report, an array of shape (n,) a field, sorted by begin, end, identifier; missing times last."""

    identifier: npt.NDArray[np.object_]
    app: AnyInts
    """Index into ``apps``."""
    category: AnyInts
    """Index into ``categories``."""
    begin_ns: AnyInts
    """Unix ns, ``NO_TIME`` where the line is missing."""
    end_ns: AnyInts
    begin_offset_s: AnyInts
    end_offset_s: AnyInts
    begin_line: AnyInts
    """From 1; 0 where the line is missing."""
    end_line: AnyInts
    begin_file: AnyInts
    """Index into ``files``; the file of the other line where this one is missing."""
    end_file: AnyInts
    out_of_process: Bools
    broadcaster: AnyInts
    """Index into ``apps``, −1 where there is no broadcaster."""
    flags: AnyInts
    """Bits LONE_ACCESS, TWIN, …"""
    contradicts: AnyInts
    """Bits START_DIFFERS, END_DIFFERS, …"""
    earliest_ns: AnyInts
    """The earliest begin that any line gives: before ``begin_ns`` where lines contradict each other."""
    latest_ns: AnyInts
    """The latest end that any line gives: after ``end_ns`` where lines contradict each other."""
    origin: AnyInts
    """Bits ``FROM_EXPORT`` and ``FROM_STORE``: the kinds of file that have the entry."""
    apps: list[str]
    categories: list[str]
    files: list[str]

    def __len__(self) -> int:
        return len(self.begin_ns)

    def take(self, rows: AnyInts | Bools) -> EntryColumns:
        """Return some of the entries, by index or mask, with the same tables of names."""
        taken = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name not in _NAME_TABLES}
        return EntryColumns(**taken, apps=self.apps, categories=self.categories, files=self.files)

    def of_category(self, category: str) -> EntryColumns:
        """Return the entries of one category."""
        code = self.categories.index(category) if category in self.categories else -1
        return self.take(self.category == code)


class EntryList(LazySequence[Entry]):
    """The same entries as objects."""

    def __init__(self, columns: EntryColumns) -> None:
        self._columns = columns

    def __len__(self) -> int:
        return len(self._columns)

    def make(self, rows: AnyInts) -> list[Entry]:
        """Return the entries of some rows, in the order given."""
        return _entries(self._columns.take(rows))


def flag(entries: EntryColumns, duplicate: Bools) -> AnyInts:
    """Return the flags of all entries as bits; shape (n,). ``duplicate``: which entries have repeated lines."""
    has_begin, has_end = entries.begin_ns != NO_TIME, entries.end_ns != NO_TIME
    whole = has_begin & has_end
    duration_ns = np.where(whole, entries.end_ns - np.where(whole, entries.begin_ns, 0), 0)
    lone = whole & (duration_ns >= LONE_FROM_NS) & (duration_ns <= LONE_TO_NS)
    long = whole & (duration_ns > FINALISED_FROM_NS)
    flags: AnyInts = (
        lone * LONE_ACCESS
        | _twins(entries, has_begin & ~entries.out_of_process) * TWIN
        | _finalised(entries, long) * FINALISED
        | ~has_end * STILL_OPEN
        | ~has_begin * BEGIN_MISSING
        | duplicate * DUPLICATE
    )
    return flags


def _twins(entries: EntryColumns, among: Bools) -> Bools:
    """Return which entries have another one of their app and category that begins within 2 s; pickers are left out."""
    rows = np.flatnonzero(among)
    rows = rows[np.lexsort((entries.begin_ns[rows], entries.category[rows], entries.app[rows]))]
    ahead, behind = rows[1:], rows[:-1]
    close = (entries.app[ahead] == entries.app[behind]) & (entries.category[ahead] == entries.category[behind])
    close &= entries.begin_ns[ahead] - entries.begin_ns[behind] <= TWIN_NS
    twins = np.zeros(len(entries), np.bool_)
    twins[ahead[close]] = True
    twins[behind[close]] = True
    return twins


def _finalised(entries: EntryColumns, long: Bools) -> Bools:
    """Return which long entries end within 0.5 s of a long one of another app: a reboot closed them, not their apps."""
    rows = np.flatnonzero(long)
    rows = rows[np.argsort(entries.end_ns[rows], kind="stable")]
    end_ns, app = entries.end_ns[rows], entries.app[rows]
    # In order of time, the nearest entry of another app is next to the run of entries of one's own app.
    last_of_run = np.flatnonzero(np.append(app[1:] != app[:-1], True))[: len(rows)]
    run = np.searchsorted(last_of_run, np.arange(len(rows)))
    after, before = last_of_run[run] + 1, np.append(-1, last_of_run)[run]
    reach = np.concatenate([end_ns, [0]])
    close = (after < len(rows)) & (reach[np.minimum(after, len(rows))] - end_ns <= FINALISED_TOGETHER_NS)
    close |= (before >= 0) & (end_ns - reach[before] <= FINALISED_TOGETHER_NS)
    finalised = np.zeros(len(entries), np.bool_)
    finalised[rows[close]] = True
    return finalised


def _entries(columns: EntryColumns) -> list[Entry]:
    apps, categories, files = columns.apps, columns.categories, columns.files
    values: dict[str, list[Any]] = {
        "identifier": columns.identifier.tolist(),
        "app": [apps[app] for app in columns.app.tolist()],
        "category": [categories[category] for category in columns.category.tolist()],
        "begin_ns": [None if time == NO_TIME else time for time in columns.begin_ns.tolist()],
        "end_ns": [None if time == NO_TIME else time for time in columns.end_ns.tolist()],
        "begin_offset_s": columns.begin_offset_s.tolist(),
        "end_offset_s": columns.end_offset_s.tolist(),
        "out_of_process": columns.out_of_process.tolist(),
        "broadcaster": [None if app < 0 else apps[app] for app in columns.broadcaster.tolist()],
        "begin_line": [line or None for line in columns.begin_line.tolist()],
        "end_line": [line or None for line in columns.end_line.tolist()],
        "file": [files[file] for file in columns.begin_file.tolist()],
        "end_file": [files[file] for file in columns.end_file.tolist()],
        "flags": [_FLAG_SETS[bits] for bits in columns.flags.tolist()],
    }
    # By name into the order of the struct: keyword arguments would cost more than all the rest.
    return [Entry(*row) for row in zip(*(values[name] for name in Entry.__struct_fields__), strict=True)]
