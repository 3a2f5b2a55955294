"""What the lines and records of all files say, in columns, before entries are made of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from lightleak.app_names import app_of
from lightleak.arrays import AnyInts, NameTable
from lightleak.report.line_schema import BEGIN, END, EVENT, AccessLine, MarkerLine, NetworkLine
from lightleak.report.timestamps import format_time


class GrowingColumns:
    """Named columns of integers: 64 bits for the names in ``wide``, 32 bits for the others."""

    def __init__(self, *names: str, wide: frozenset[str]) -> None:
        self._names = names
        self._types = {name: np.int64 if name in wide else np.int32 for name in names}
        self._blocks: list[dict[str, AnyInts]] = []
        self._rows: list[tuple[int, ...]] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add_row(self, **values: int) -> None:
        """Add one row: a value for every name."""
        self._rows.append(tuple(map(values.__getitem__, self._names)))
        self._length += 1

    def add_block(self, **columns: AnyInts) -> None:
        """Add many rows: every column, each of shape (n,)."""
        self._close_rows()
        self._blocks.append({name: column.astype(self._types[name], copy=False) for name, column in columns.items()})
        self._length += len(columns[self._names[0]])

    def take(self, name: str) -> AnyInts:
        """Return one column and free its blocks. Call it once for each column, after the last row."""
        self._close_rows()
        return np.concatenate([np.empty(0, self._types[name]), *(block.pop(name) for block in self._blocks)])

    def _close_rows(self) -> None:
        if self._rows:
            columns = np.array(self._rows, np.int64).T
            self._rows = []
            self._blocks.append(
                {name: column.astype(self._types[name]) for name, column in zip(self._names, columns, strict=True)}
            )


class AppTable(NameTable):
    """Name of an app as a report writes it → the app's number: with and without a team it is one app."""

    def __init__(self) -> None:
        super().__init__()
        self._apps: list[str] = []
        self.written: dict[str, list[str]] = {}
        """App → the names with a team that were written for it, in order of appearance."""

    def __missing__(self, name: str | None) -> int:
        if name is None:
            return -1
        app = app_of(name)
        if app != name:
            self.written.setdefault(app, []).append(name)
            self[name] = number = self[app]
        else:
            self[name] = number = len(self._apps)
            self._apps.append(name)
        return number

    def names(self) -> list[str]:
        """Return the apps by number."""
        return list(self._apps)


KIND_BEGIN, KIND_END, KIND_EVENT, KIND_UNKNOWN = range(4)
KIND_CODES = {BEGIN: KIND_BEGIN, END: KIND_END, EVENT: KIND_EVENT}

FROM_EXPORT, FROM_STORE = 1, 2

MAX_PROBLEMS = 10_000
"""How many problems are listed; further ones are counted."""
MAX_UNKNOWN_KEPT = 100_000
"""How many lines keep their unknown keys; those of further lines are counted."""


class Deleted(msgspec.Struct, frozen=True, gc=False):
    """A record that the phone has pruned: its content is zeroed and its time remains, so its app is not known."""

    wall_ns: int
    stream: str
    category: str
    """What the stream is for; empty where a stream carries several."""
    slot: int
    file: str

    @property
    def time(self) -> str:
        """RFC 3339, UTC."""
        return format_time(self.wall_ns)


class Tombstone(msgspec.Struct, frozen=True, gc=False):
    """A note in the store that a process deleted a whole segment."""

    wall_ns: int
    """When."""
    segment: str
    """The file's name: microseconds since 2001-01-01 UTC of its first record."""
    process: str
    file: str

    @property
    def time(self) -> str:
        """RFC 3339, UTC."""
        return format_time(self.wall_ns)


class Problem(msgspec.Struct, frozen=True, gc=False):
    """Something that could not be read or contradicts something else. The rest was read."""

    file: str
    line: int | None
    """Line of an export, slot of a store; None for the whole file."""
    problem: str


class Problems:
    """What could not be read: at most ``MAX_PROBLEMS`` are listed."""

    def __init__(self) -> None:
        self._listed: list[Problem] = []
        self._more = 0

    def add(self, file: str, line: int | None, problem: str) -> None:
        """Note one problem."""
        if len(self._listed) < MAX_PROBLEMS:
            self._listed.append(Problem(file, line, problem))
        else:
            self._more += 1

    @property
    def count(self) -> int:
        """How many were noted so far."""
        return len(self._listed) + self._more

    def mark(self) -> int:
        """Return the position for ``forget_since``."""
        return len(self._listed)

    def forget_since(self, mark: int) -> str:
        """Forget what was noted since ``mark``; return the first of it, or an empty text."""
        first = self._listed[mark].problem if mark < len(self._listed) else ""
        del self._listed[mark:]
        return first

    def all(self) -> list[Problem]:
        """Return what was noted, and how many more there were."""
        more = [Problem("", None, f"{self._more} further problems are not listed")] if self._more else []
        return self._listed + more


class Unknown:
    """What no known iOS writes: counted, and kept."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.kept: dict[tuple[str, int], dict[str, Any]] = {}
        """(file, line) → the unknown keys with their values."""

    def note_keys(self, file: str, line: int, extra: dict[str, Any]) -> None:
        """Keep a line's unknown keys."""
        self.keys.update(extra.keys())
        if len(self.kept) < MAX_UNKNOWN_KEPT:
            self.kept[file, line] = extra


class RawRows:
    """Access lines and network rows in columns with numbered names, and the problems found on the way."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.paths: list[Path | None] = []
        """The path of each file; None inside an archive."""
        self.origins: list[int] = []
        """FROM_EXPORT or FROM_STORE of each file."""
        self.report_of_file: list[int] = []
        """The report, from 0, that each file belongs to."""
        self.report = -1
        self.recognised = 0
        """How many lines and records were recognised so far, markers and deleted records included."""
        self.apps = AppTable()
        self.categories = NameTable()
        self.texts = NameTable()
        self.identifiers: list[str] = []
        """One for each row of ``accesses``, in the same order."""
        self.accesses = GrowingColumns(
            *("app", "category", "kind", "wall_ns", "offset_s", "out_of_process", "broadcaster", "line", "file"),
            wide=frozenset({"wall_ns"}),
        )
        self.network = GrowingColumns(
            *("app", "domain", "owner", "context", "initiated", "domain_type", "classification"),
            *("context_verification", "hits", "first_ns", "last_ns", "first_offset_s", "last_offset_s", "line", "file"),
            wide=frozenset({"hits", "first_ns", "last_ns"}),
        )
        self.deleted: list[Deleted] = []
        self.tombstones: list[Tombstone] = []
        self.unknown = Unknown()
        self.problems = Problems()

    def add_file(self, name: str, origin: int, path: Path | None = None) -> int:
        """Register the file that is read next; return its number. path: None inside an archive."""
        self.files.append(name)
        self.paths.append(path)
        self.origins.append(origin)
        self.report_of_file.append(self.report)
        return len(self.files) - 1

    def add(self, file: int, number: int, line: AccessLine | NetworkLine | MarkerLine) -> None:
        """Add one line."""
        match line:
            case AccessLine():
                self._add_access(file, number, line)
            case NetworkLine():
                self._add_network(file, number, line)
            case MarkerLine():
                return
        if line.unknown:
            self.unknown.note_keys(self.files[file], number, line.unknown)

    def _add_access(self, file: int, line: int, access: AccessLine) -> None:
        kind = KIND_CODES.get(access.kind, KIND_UNKNOWN)
        if kind == KIND_UNKNOWN:
            self.unknown.kinds[access.kind] += 1
        self.identifiers.append(access.identifier)
        self.accesses.add_row(
            app=self.apps[access.app],
            category=self.categories[access.category],
            kind=kind,
            wall_ns=access.wall_ns,
            offset_s=access.offset_s,
            out_of_process=access.out_of_process,
            broadcaster=-1 if access.broadcaster is None else self.apps[access.broadcaster],
            line=line,
            file=file,
        )

    def _add_network(self, file: int, line: int, row: NetworkLine) -> None:
        self.network.add_row(
            app=self.apps[row.app],
            domain=self.texts[row.domain],
            owner=self.texts[row.owner],
            context=self.texts[row.context],
            initiated=self.texts[row.initiated],
            domain_type=_or_missing(row.domain_type),
            classification=_or_missing(row.classification),
            context_verification=_or_missing(row.context_verification),
            hits=row.hits,
            first_ns=row.first_ns,
            last_ns=row.last_ns,
            first_offset_s=row.first_offset_s,
            last_offset_s=row.last_offset_s,
            line=line,
            file=file,
        )


def _or_missing(number: int | None) -> int:
    return -1 if number is None else number
