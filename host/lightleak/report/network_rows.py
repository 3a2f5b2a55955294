"""The network rows of a report: kept as columns, made into objects on access."""

from __future__ import annotations

import msgspec
import numpy as np

from lightleak.arrays import AnyInts, LazySequence
from lightleak.report.raw_rows import RawRows
from lightleak.report.timestamps import format_time

NAMES = (
    *("app", "domain", "owner", "context", "initiated", "domain_type", "classification", "context_verification"),
    *("hits", "first_ns", "last_ns", "first_offset_s", "last_offset_s", "line", "file"),
)

_NAMED = frozenset({"app", "domain", "owner", "context", "initiated", "file"})
_OPTIONAL = frozenset({"domain_type", "classification", "context_verification"})


class NetworkRow(msgspec.Struct, frozen=True, gc=False):
    """What one app sent to one domain in one context: a sum that iOS made, not an event."""

    app: str
    domain: str
    """A name or an address."""
    owner: str
    context: str
    """The site that was open, or empty."""
    initiated: str
    """AppInitiated, NonAppInitiated, or another word of Apple's."""
    domain_type: int | None
    """1 for a domain that iOS lists as one that profiles people across apps, 2 for any other."""
    classification: int | None
    context_verification: int | None
    hits: int
    first_ns: int
    last_ns: int
    first_offset_s: int
    last_offset_s: int
    line: int
    file: str

    @property
    def first(self) -> str:
        """RFC 3339 of the first contact in the row's span."""
        return format_time(self.first_ns, self.first_offset_s)

    @property
    def last(self) -> str:
        """RFC 3339 of the last contact in the row's span."""
        return format_time(self.last_ns, self.last_offset_s)


class NetworkRows(LazySequence[NetworkRow]):
    """All network rows by time (first, last contact); a row that two exports repeat word for word is listed once."""

    def __init__(self, raw: RawRows) -> None:
        columns = {name: raw.network.take(name) for name in NAMES}
        rows = _without_repeats(columns)
        self.columns: dict[str, AnyInts] = {name: column[rows] for name, column in columns.items()}
        self._apps = raw.apps.names()
        self._texts = raw.texts.names()
        self._files = raw.files

    def __len__(self) -> int:
        return len(self.columns["line"])

    def make(self, rows: AnyInts) -> list[NetworkRow]:
        """Return the rows with these numbers, in the order given."""
        names, texts = {"app": self._apps, "file": self._files}, self._texts
        columns = {
            name: [names.get(name, texts)[code] for code in self.columns[name][rows].tolist()]
            if name in _NAMED
            else [None if code < 0 and name in _OPTIONAL else code for code in self.columns[name][rows].tolist()]
            for name in NetworkRow.__struct_fields__
        }
        return [NetworkRow(*values) for values in zip(*columns.values(), strict=True)]


def _without_repeats(columns: dict[str, AnyInts]) -> AnyInts:
    """Return the order by time, without the rows that an earlier file has word for word; shape (n,)."""
    file, content = columns["file"], [columns[name] for name in NAMES if name not in {"line", "file"}]
    repeated = np.zeros(len(file), np.bool_)
    if len(file) and file[0] != file[-1]:
        order = np.lexsort((columns["line"], file, *content))
        same = np.ones(len(file) - 1, np.bool_)
        for column in content:
            same &= column[order[1:]] == column[order[:-1]]
        # A row may be repeated within its first file, for whatever reason: that is kept.
        run = np.cumsum(np.append(True, ~same)) - 1
        first_of_run = np.flatnonzero(np.append(True, ~same))
        repeated[order] = file[order] != file[order[first_of_run[run]]]
    by_time = np.lexsort((columns["last_ns"], columns["first_ns"]))
    return by_time[~repeated[by_time]]
