"""Decode a session into columns: a million events in a few arrays, with the rare ones kept whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from lightleak.compare.building import LADDER, Building, Bytes, Ints, Numbered, Piece
from lightleak.compare.rows import Row, decode

__all__ = ["LADDER", "Bytes", "Ints", "Row", "Tape"]


@dataclass(slots=True)
class Tape:
    """One session's events, ordered by (segment, seq); arrays of shape (n,)."""

    segment: Ints
    seq: Ints
    wall_ns: Ints
    mono_ns: Ints
    level: Bytes
    """The step on the ladder; 0 for what is not on it and for what a framework did on its own."""
    symbol: npt.NDArray[np.int32]
    """Index into ``symbols``, −1 where the event names none."""
    symbols: list[str]
    returns: Ints
    """Shape (k, 3): position of a ``return``, the ``seq`` it is of, CPU time in ns."""
    deliveries: Ints
    """Shape (k, 3): position of a ``delivery`` of data, the ``seq`` it is of (0: not said), bytes."""
    caused: Ints
    """Shape (k, 2): position of an access inside a callback, the ``seq`` of that notification."""
    rows: list[tuple[int, Row]]
    """Everything else, with its position in the arrays, in order."""
    internal: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    """Positions of what a framework did on its own, ascending."""
    unreadable: int = 0
    """Lines that are no events: without numbers or clocks."""

    def __len__(self) -> int:
        return len(self.seq)

    @classmethod
    def decode(cls, blocks: Iterable[bytes]) -> Tape:
        """Read NDJSON blocks of events, in any order; an event that comes twice counts once."""
        return cls.of([decoded(blocks)])

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Tape:
        """Join pieces, and put everything in the order of (segment, seq)."""
        whole = pieces[0] if len(pieces) == 1 else _joined(pieces)
        order = _order(whole.columns[0], whole.columns[1])
        if order is not None:
            whole = _ordered(whole, order)
        segment, seq, wall_ns, mono_ns, level, symbol = whole.columns
        return cls(segment, seq, wall_ns, mono_ns, level, symbol, whole.symbols, whole.returns, whole.deliveries,
                   whole.caused, whole.rows, whole.internal[:, 0], whole.unreadable)  # fmt: skip


def decoded(blocks: Iterable[bytes]) -> Piece:
    """Read NDJSON blocks of events."""
    building = Building()
    for block in _small(blocks):
        rows, unreadable = decode(block)
        building.add(rows)
        building.unreadable += unreadable
    return building.piece()


_PIECE_BYTES = 4 << 20


def _small(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut large blocks at line ends, so that only a few thousand rows are objects at a time."""
    for block in blocks:
        at = 0
        while len(block) - at > _PIECE_BYTES:
            cut = block.rfind(b"\n", at, at + _PIECE_BYTES) + 1
            if cut <= at:
                break
            yield block[at:cut]
            at = cut
        yield block[at:]


def _joined(pieces: Sequence[Piece]) -> Piece:
    """Put pieces one after the other: their positions move, and their symbols are numbered anew."""
    symbols = Numbered()
    starts = np.cumsum([0, *(len(piece.columns[0]) for piece in pieces)]).tolist()
    columns = [[*piece.columns[:-1], _renumbered(piece, symbols)] for piece in pieces]
    rows = [(at + start, row) for piece, start in zip(pieces, starts, strict=False) for at, row in piece.rows]

    def tables(name: str) -> Ints:
        moved = [getattr(piece, name) for piece in pieces]
        for table, start in zip(moved, starts, strict=False):
            table[:, 0] += start
        return np.concatenate(moved)

    return Piece(
        columns=[np.concatenate(parts) for parts in zip(*columns, strict=True)],
        symbols=symbols.names(),
        returns=tables("returns"),
        deliveries=tables("deliveries"),
        caused=tables("caused"),
        internal=tables("internal"),
        rows=rows,
        unreadable=sum(piece.unreadable for piece in pieces),
    )


def _renumbered(piece: Piece, symbols: Numbered) -> npt.NDArray[Any]:
    numbers = np.array([symbols[name] for name in piece.symbols] + [-1], np.int32)
    found: npt.NDArray[Any] = numbers[piece.columns[-1]]
    return found


def _ordered(piece: Piece, order: Ints) -> Piece:
    place = np.full(len(piece.columns[0]), -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    return Piece(
        columns=[column[order] for column in piece.columns],
        symbols=piece.symbols,
        returns=_placed(piece.returns, place),
        deliveries=_placed(piece.deliveries, place),
        caused=_placed(piece.caused, place),
        internal=np.sort(_placed(piece.internal, place), axis=0),
        rows=sorted(((int(place[at]), row) for at, row in piece.rows if place[at] >= 0), key=itemgetter(0)),
        unreadable=piece.unreadable,
    )


def _placed(table: Ints, place: Ints) -> Ints:
    table[:, 0] = place[table[:, 0]]
    return table[table[:, 0] >= 0]


def _order(segment: Ints, seq: Ints) -> Ints | None:
    """Positions sorted by (segment, seq), first comers only; None where that is the order already."""
    if len(seq) < 2 or bool(np.all((np.diff(segment) > 0) | ((np.diff(segment) == 0) & (np.diff(seq) > 0)))):
        return None
    order = np.lexsort((seq, segment))
    again = (np.diff(segment[order]) == 0) & (np.diff(seq[order]) == 0)
    return np.asarray(order[np.concatenate(([True], ~again))], dtype=np.int64)
