"""The network rows of a report: columns inside, objects when somebody looks."""

from __future__ import annotations

import numpy as np

from lightleak.arrays import AnyInts
from lightleak.report.entry import NetworkRow
from lightleak.report.entry_columns import LazySequence
from lightleak.report.raw_rows import RawRows

NAMES = (
    *("app", "domain", "owner", "context", "initiated", "domain_type", "classification", "context_verification"),
    *("hits", "first_ns", "last_ns", "first_offset_s", "last_offset_s", "line", "file"),
)

_NAMED = frozenset({"app", "domain", "owner", "context", "initiated", "file"})
_OPTIONAL = frozenset({"domain_type", "classification", "context_verification"})


class NetworkRows(LazySequence[NetworkRow]):
    """All network rows by time (first, last contact); one that two exports repeat word for word stands once."""

    def __init__(self, collected: RawRows) -> None:
        columns = {name: collected.network.take(name) for name in NAMES}
        rows = _once(columns)
        self.columns: dict[str, AnyInts] = {name: column[rows] for name, column in columns.items()}
        self._apps = collected.apps.names()
        self._texts = collected.texts.names()
        self._files = collected.files

    def __len__(self) -> int:
        return len(self.columns["line"])

    def make(self, rows: AnyInts) -> list[NetworkRow]:
        """Make the rows of these numbers."""
        names, texts = {"app": self._apps, "file": self._files}, self._texts
        columns = {
            name: [names.get(name, texts)[code] for code in self.columns[name][rows].tolist()]
            if name in _NAMED
            else [None if code < 0 and name in _OPTIONAL else code for code in self.columns[name][rows].tolist()]
            for name in NetworkRow.__struct_fields__
        }
        return [NetworkRow(*values) for values in zip(*columns.values(), strict=True)]


def _once(columns: dict[str, AnyInts]) -> AnyInts:
    """Return the rows in order of time, less those that an earlier file has word for word."""
    file, content = columns["file"], [columns[name] for name in NAMES if name not in {"line", "file"}]
    repeated = np.zeros(len(file), np.bool_)
    if len(file) and file[0] != file[-1]:
        order = np.lexsort((columns["line"], file, *content))
        same = np.ones(len(file) - 1, np.bool_)
        for column in content:
            same &= column[order[1:]] == column[order[:-1]]
        # Within its first file a row may stand twice, for what reason ever: that is kept.
        run = np.cumsum(np.append(True, ~same)) - 1
        first_of_run = np.flatnonzero(np.append(True, ~same))
        repeated[order] = file[order] != file[order[first_of_run[run]]]
    by_time = np.lexsort((columns["last_ns"], columns["first_ns"]))
    return by_time[~repeated[by_time]]
