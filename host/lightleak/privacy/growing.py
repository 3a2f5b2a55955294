"""Grow columns of integers line by line or block by block, cheap in time and memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any]]


class Names(dict[str, int]):
    """Number names in the order of their first appearance."""

    def __missing__(self, name: str) -> int:
        self[name] = number = len(self)
        return number

    def numbers(self, names: list[str]) -> Ints:
        """Number many names."""
        return np.fromiter(map(self.__getitem__, names), np.int32, len(names))


class GrowingColumns:
    """Named columns of integers: 64 bits wide where told so, else 32."""

    def __init__(self, *names: str, wide: frozenset[str]) -> None:
        self._names = names
        self._types = {name: np.int64 if name in wide else np.int32 for name in names}
        self._blocks: list[dict[str, Ints]] = []
        self._rows: list[tuple[int, ...]] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add_row(self, *values: int) -> None:
        """Add one row; the values in the order of the names."""
        self._rows.append(values)
        self._length += 1

    def add_block(self, **columns: Ints) -> None:
        """Add many rows: every column, all of one length."""
        self._close_rows()
        self._blocks.append({name: column.astype(self._types[name], copy=False) for name, column in columns.items()})
        self._length += len(columns[self._names[0]])

    def take(self, name: str) -> Ints:
        """Return one column and let its blocks go: once each, when all rows are in."""
        self._close_rows()
        return np.concatenate([np.empty(0, self._types[name]), *(block.pop(name) for block in self._blocks)])

    def _close_rows(self) -> None:
        if self._rows:
            columns = np.array(self._rows, np.int64).T
            self._rows = []
            self._blocks.append(
                {name: column.astype(self._types[name]) for name, column in zip(self._names, columns, strict=True)}
            )
