"""Build the columns of a tape from blocks of lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from lightleak.compare.rows import SANE, Access, Delivery, Plain, Return, Row, Stack, Stamped
from lightleak.events import DEPTHS, depth_of

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

LADDER = {name: level for level, name in enumerate(DEPTHS)}
"""Depth → its step: none 0, notification 1, open 2, metadata 3, thumbnail 4, data 5."""

_TYPES = (np.int64, np.int64, np.int64, np.int64, np.uint8, np.int32)
_CLOCKS: list[Callable[[Any], int]] = [attrgetter(name) for name in ("segment", "seq", "wall_ns", "mono_ns")]


class Numbered(dict[str | None, int]):
    """Name → number, given out in order of appearance; None is −1."""

    def __init__(self) -> None:
        super().__init__({None: -1})

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self) - 1
        return number

    def names(self) -> list[str]:
        """Return the names by number."""
        return [name for name in self if name is not None]


@dataclass(slots=True)
class Piece:
    """Some of a session's events in the order they came; positions count from the piece's first."""

    columns: list[npt.NDArray[Any]]
    """segment, seq, wall_ns, mono_ns, level, symbol; shape (n,) each."""
    symbols: list[str]
    returns: Ints
    deliveries: Ints
    caused: Ints
    internal: Ints
    """Tables whose first column is a position; what the others hold, ``Tape`` says."""
    rows: list[tuple[int, Row]]
    unreadable: int = 0


class Building:
    """Columns under construction. Positions count the events in the order they came."""

    def __init__(self) -> None:
        self.columns: list[tuple[npt.NDArray[Any], ...]] = []
        self.symbols = Numbered()
        self.returns: list[int] = []
        self.deliveries: list[int] = []
        self.caused: list[int] = []
        self.internal: list[int] = []
        self.rows: list[tuple[int, Row]] = []
        self.count = 0
        self.unreadable = 0

    def add(self, rows: Sequence[Stamped]) -> None:
        """Append a block of rows, all of them read quickly or all plainly."""
        levels, names = bytearray(len(rows)), [-1] * len(rows)
        if rows and rows[0].__class__ is Plain:
            self._add_plain(rows, levels, names)
        else:
            self._add_quick(rows, levels, names)
        clocks = [np.fromiter(map(clock, rows), np.int64, len(rows)) for clock in _CLOCKS]
        self.columns.append((*clocks, np.frombuffer(levels, np.uint8), np.array(names, np.int32)))
        self.count += len(rows)

    def _add_quick(self, rows: Sequence[Any], levels: bytearray, names: list[int]) -> None:
        # One plain loop: a million rows pass here, and calls cost more than what they do.
        symbols, step_of, count = self.symbols, LADDER.get, self.count
        for at, row in enumerate(rows):
            what = row.__class__
            if what is Access:
                if row.internal is True:
                    self.internal.append(count + at)
                else:
                    levels[at] = step_of(row.depth, 0)
                names[at] = symbols[row.symbol]
                if row.cause:
                    self.caused += (count + at, row.cause)
            elif what is Return:
                if row.cpu_ns and row.of:
                    self.returns += (count + at, row.of, row.cpu_ns)
            elif what is Delivery:
                if row.bytes:
                    self.deliveries += (count + at, row.of or 0, row.bytes)
            elif what is not Stack:
                self._add_rare(at, row, levels, names)

    def _add_plain(self, rows: Sequence[Any], levels: bytearray, names: list[int]) -> None:
        for at, row in enumerate(rows):
            place = self.count + at
            if row.kind == "return":
                if _figure(row.cpu_ns) and _figure(row.of):
                    self.returns += (place, row.of, row.cpu_ns)
            elif row.kind == "delivery":
                if _figure(row.bytes):
                    self.deliveries += (place, _figure(row.of), row.bytes)
            elif row.kind == "access":
                if row.internal is True:
                    self.internal.append(place)
                elif isinstance(row.depth, str):
                    levels[at] = LADDER.get(row.depth, 0)
                names[at] = self._number(row.symbol)
                if _figure(row.cause):
                    self.caused += (place, row.cause)
            elif row.kind != "stack":
                self._add_rare(at, row, levels, names)

    def _add_rare(self, at: int, row: Row, levels: bytearray, names: list[int]) -> None:
        if row.internal is True:
            self.internal.append(self.count + at)
        else:
            levels[at] = LADDER[depth_of({"kind": row.kind, "action": row.action, "type": row.type}) or "none"]
        names[at] = self._number(row.observer.get("class") if isinstance(row.observer, dict) else row.symbol)
        if row.kind != "notification":
            self.rows.append((self.count + at, row))

    def piece(self) -> Piece:
        """Return what was built; nothing can be added after that."""
        parts: list[Any] = list(zip(*self.columns, strict=True)) or [[np.zeros(0, kind)] for kind in _TYPES]
        self.columns = []
        columns = [np.concatenate(part) for part in parts]
        return Piece(
            columns=columns,
            symbols=self.symbols.names(),
            returns=_table(self.returns, 3),
            deliveries=_table(self.deliveries, 3),
            caused=_table(self.caused, 2),
            internal=_table(self.internal, 1),
            rows=self.rows,
            unreadable=self.unreadable,
        )

    def _number(self, name: Any) -> int:
        return self.symbols[name] if isinstance(name, str) else -1


def _figure(value: Any) -> int:
    """Return a number that can be one; 0 for everything else."""
    return value if value.__class__ is int and 0 < value < SANE else 0


def _table(rows: list[int], width: int) -> Ints:
    return np.array(rows, np.int64).reshape(-1, width)
