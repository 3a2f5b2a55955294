"""The network rows of a report: columns inside, objects when somebody looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from lightleak.privacy.collected import Collected
from lightleak.privacy.entry import NetworkRow
from lightleak.privacy.growing import Ints

NAMES = (
    *("app", "domain", "owner", "context", "initiated", "domain_type", "classification", "context_verification"),
    *("hits", "first_ns", "last_ns", "first_offset_s", "last_offset_s", "line", "file"),
)

_TEXTS = ("domain", "owner", "context", "initiated")
_OPTIONAL = ("domain_type", "classification", "context_verification")


class NetworkRows(Sequence[NetworkRow]):
    """All network rows, in the order read; one that two exports repeat word for word stands once."""

    def __init__(self, collected: Collected) -> None:
        self.columns: dict[str, Ints] = {name: collected.network.take(name) for name in NAMES}
        self._apps = list(collected.apps)
        self._texts = list(collected.texts)
        self._files = collected.files

    def __len__(self) -> int:
        return len(self.columns["line"])

    def __iter__(self) -> Iterator[NetworkRow]:
        return (self[n] for n in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> NetworkRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[NetworkRow]: ...
    def __getitem__(self, index: int | slice) -> NetworkRow | list[NetworkRow]:
        if isinstance(index, slice):
            return [self[n] for n in range(len(self))[index]]
        row = {name: int(column[index]) for name, column in self.columns.items()}
        names: dict[str, str | int | None] = {name: self._texts[row[name]] for name in _TEXTS}
        numbers = {name: None if row[name] < 0 else row[name] for name in _OPTIONAL}
        row_names = {"app": self._apps[row["app"]], "file": self._files[row["file"]]}
        return NetworkRow(**(row | names | numbers | row_names))  # type: ignore[arg-type]
