"""Entries as columns: a million of them in a few arrays, made into objects when somebody looks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar, overload

import numpy as np
import numpy.typing as npt

from lightleak.arrays import AnyInts, Bools
from lightleak.report.entry import FLAGS, Entry

Row = TypeVar("Row")

_CHUNK = 4096


class LazySequence(Sequence[Row]):
    """Like a list, without its memory: nothing that was made is kept."""

    @abstractmethod
    def make(self, rows: AnyInts) -> list[Row]:
        """Make the objects of some rows, in the order given."""

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, len(self), _CHUNK):
            yield from self[start : start + _CHUNK]

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return self.make(np.arange(*index.indices(len(self))))
        return self.make(np.array([range(len(self))[index]]))[0]

    def __eq__(self, other: object) -> bool:
        same_length = isinstance(other, Sequence) and len(self) == len(other)
        return same_length and all(a == b for a, b in zip(self, other, strict=True))  # type: ignore[call-overload]

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} rows)"


NO_TIME = np.iinfo(np.int64).max
"""Stands in ``begin_ns`` and ``end_ns`` for a line that is missing; sorts last."""

LONE_ACCESS, TWIN, FINALISED, STILL_OPEN, BEGIN_MISSING, DUPLICATE = (1 << n for n in range(len(FLAGS)))
"""Bits of ``EntryColumns.flags``."""

_FLAG_SETS = [tuple(flag for n, flag in enumerate(FLAGS) if bits >> n & 1) for bits in range(1 << len(FLAGS))]


@dataclass(slots=True)
class EntryColumns:
    """All entries of a report, one array a field, sorted by begin, end, identifier with missing ones last."""

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
    """1-based; 0 where the line is missing."""
    end_line: AnyInts
    begin_file: AnyInts
    """Index into ``files``; the other end's where the line is missing."""
    end_file: AnyInts
    out_of_process: Bools
    broadcaster: AnyInts
    """Index into ``apps``, −1 where there is none."""
    flags: AnyInts
    """Bits LONE_ACCESS, TWIN, …"""
    origin: AnyInts
    """Bits ``FROM_EXPORT`` and ``FROM_STORE``: in which kinds of file the entry stands."""
    apps: list[str]
    categories: list[str]
    files: list[str]

    def __len__(self) -> int:
        return len(self.begin_ns)

    def take(self, rows: AnyInts | Bools) -> EntryColumns:
        """Return some of the rows, by index or mask, as columns with the same tables of names."""
        taken = {
            f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name not in {"apps", "categories", "files"}
        }
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
        """Make the entries of some rows."""
        return _entries(self._columns.take(rows))


def _entries(columns: EntryColumns) -> list[Entry]:
    apps, categories, files = columns.apps, columns.categories, columns.files
    rows = zip(
        *(
            getattr(columns, f.name).tolist()
            for f in fields(columns)
            if f.name not in {"apps", "categories", "files", "origin"}
        ),
        strict=True,
    )
    return [
        Entry(
            identifier,
            apps[app],
            categories[category],
            None if begin_ns == NO_TIME else begin_ns,
            None if end_ns == NO_TIME else end_ns,
            begin_offset_s,
            end_offset_s,
            out_of_process,
            None if broadcaster < 0 else apps[broadcaster],
            begin_line or None,
            end_line or None,
            files[begin_file],
            files[end_file],
            _FLAG_SETS[flags],
        )
        for (
            identifier,
            app,
            category,
            begin_ns,
            end_ns,
            begin_offset_s,
            end_offset_s,
            begin_line,
            end_line,
            begin_file,
            end_file,
            out_of_process,
            broadcaster,
            flags,
        ) in rows
    ]
