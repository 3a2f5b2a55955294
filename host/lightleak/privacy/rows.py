"""A sequence of objects that are made of columns when somebody looks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TypeVar, overload

import numpy as np

from lightleak.privacy.growing import Ints

Row = TypeVar("Row")

_CHUNK = 4096


class Rows(Sequence[Row]):
    """Like a list, without its memory: nothing that was made is kept."""

    @abstractmethod
    def make(self, rows: Ints) -> list[Row]:
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
