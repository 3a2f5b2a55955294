"""Decode a session into columns: a million events in a few arrays, with the rare ones kept whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
import numpy as np
import numpy.typing as npt

from lightleak.errors import TraceError
from lightleak.events import DEPTHS, depth_of

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

LADDER = {name: level for level, name in enumerate(DEPTHS)}
"""Depth → its step: none 0, notification 1, open 2, metadata 3, thumbnail 4, data 5."""

_Int = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
"""What an array of 64-bit numbers holds, with room for sums."""


class Row(msgspec.Struct, gc=False):
    """What the comparator reads of an event. Only the first five keys are sure; the rest is whatever the file says."""

    kind: str
    segment: _Int
    seq: _Int
    wall_ns: _Int
    mono_ns: _Int
    depth: Any = None
    internal: Any = None
    symbol: Any = None
    cause: Any = None
    of: Any = None
    cpu_ns: Any = None
    bytes: Any = None
    action: Any = None
    phase: Any = None
    identifier: Any = None
    role: Any = None
    pid: Any = None
    name: Any = None
    reason: Any = None
    probe: Any = None
    status: Any = None
    absent: Any = None
    value: Any = None
    level: Any = None
    observer: Any = None
    type: Any = None
    count: Any = None
    host_offset_ns: Any = None
    error_ns: Any = None


@dataclass(slots=True)
class Tape:
    """One session's events, ordered by (segment, seq); arrays of shape (n,)."""

    segment: Ints
    seq: Ints
    wall_ns: Ints
    mono_ns: Ints
    level: Bytes
    """The step on the ladder; 0 for what is not on it and for what a framework did on its own."""
    symbol: Ints
    """Index into ``symbols``, −1 where the event names none."""
    symbols: list[str]
    returns: Ints
    """Shape (k, 3): position of a ``return``, the ``seq`` it is of, CPU time in ns."""
    deliveries: Ints
    """Shape (k, 2): position of a ``delivery`` of data, bytes."""
    caused: Ints
    """Shape (k, 2): position of an access inside a callback, the ``seq`` of that notification."""
    rows: list[tuple[int, Row]]
    """Everything else, with its position in the arrays, in order."""

    def __len__(self) -> int:
        return len(self.seq)

    @classmethod
    def decode(cls, blocks: Iterable[bytes]) -> Tape:
        """Read NDJSON blocks of events, in any order; an event that comes twice counts once. Errors: TraceError."""
        building = _Building()
        for block in _small(blocks):
            try:
                building.add(_DECODER.decode_lines(block))
            except msgspec.MsgspecError as problem:
                raise TraceError(
                    f"an event cannot be read ({problem})", hint="run lightleak verify on the file"
                ) from None
        return building.finish()


_DECODER = msgspec.json.Decoder(Row)
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


class _Building:
    def __init__(self) -> None:
        self.columns: list[tuple[Ints, Ints, Ints, Ints, Bytes, Ints]] = []
        self.symbols: dict[str, int] = {}
        self.returns: list[tuple[int, int, int]] = []
        self.deliveries: list[tuple[int, int]] = []
        self.caused: list[tuple[int, int]] = []
        self.rows: list[tuple[int, Row]] = []
        self.count = 0

    def add(self, rows: list[Row]) -> None:
        levels = bytearray(len(rows))
        names = [-1] * len(rows)
        # One plain loop: a million rows pass here, and calls cost more than what they do.
        for n, row in enumerate(rows):
            kind = row.kind
            if kind == "access":
                if row.internal is not True and row.depth.__class__ is str:
                    levels[n] = LADDER.get(row.depth, 0)
                names[n] = self._symbol(row.symbol)
                if row.cause.__class__ is int and 0 < row.cause < _SANE:
                    self.caused.append((self.count + n, row.cause))
            elif kind == "return":
                if row.cpu_ns.__class__ is int is row.of.__class__ and 0 < row.cpu_ns < _SANE and 0 < row.of < _SANE:
                    self.returns.append((self.count + n, row.of, row.cpu_ns))
            elif kind == "delivery":
                if row.bytes.__class__ is int and 0 < row.bytes < _SANE:
                    self.deliveries.append((self.count + n, row.bytes))
            elif kind != "stack":
                levels[n] = _level(row)
                names[n] = self._symbol(_name(row))
                if kind != "notification":
                    self.rows.append((self.count + n, row))
        self.columns.append(
            (
                np.array([row.segment for row in rows], dtype=np.int64),
                np.array([row.seq for row in rows], dtype=np.int64),
                np.array([row.wall_ns for row in rows], dtype=np.int64),
                np.array([row.mono_ns for row in rows], dtype=np.int64),
                np.frombuffer(levels, dtype=np.uint8),
                np.array(names, dtype=np.int64),
            )
        )
        self.count += len(rows)

    def finish(self) -> Tape:
        empty = np.zeros(0, dtype=np.int64)
        columns: list[Ints] = [np.concatenate(parts) for parts in zip(*self.columns, strict=True)] or [empty] * 6
        order = _order(columns[0], columns[1])
        place = np.arange(self.count)
        if order is not None:
            columns = [column[order] for column in columns]
            place = np.full(self.count, -1, dtype=np.int64)
            place[order] = np.arange(len(order))
        segment, seq, wall_ns, mono_ns, level, symbol = columns
        return Tape(
            segment=segment,
            seq=seq,
            wall_ns=wall_ns,
            mono_ns=mono_ns,
            level=level.astype(np.uint8),
            symbol=symbol,
            symbols=list(self.symbols),
            returns=_placed(self.returns, 3, place),
            deliveries=_placed(self.deliveries, 2, place),
            caused=_placed(self.caused, 2, place),
            rows=sorted(((int(place[at]), row) for at, row in self.rows if place[at] >= 0), key=lambda pair: pair[0]),
        )

    def _symbol(self, name: Any) -> int:
        if name.__class__ is not str:
            return -1
        index = self.symbols.get(name)
        if index is None:
            index = self.symbols[name] = len(self.symbols)
        return index


_SANE = 1 << 50
"""More events, bytes or nanoseconds than there can be; what is above is no figure."""


def _level(row: Row) -> int:
    if row.internal is True:
        return 0
    return LADDER[depth_of({"kind": row.kind, "action": row.action, "type": row.type}) or "none"]


def _name(row: Row) -> Any:
    """The selector of an event, or the class of its observer."""
    return row.observer.get("class") if row.observer.__class__ is dict else row.symbol


def _placed(rows: Sequence[tuple[int, ...]], width: int, place: Ints) -> Ints:
    table = np.array(rows, dtype=np.int64).reshape(-1, width)
    table[:, 0] = place[table[:, 0]]
    return table[table[:, 0] >= 0]


def _order(segment: Ints, seq: Ints) -> Ints | None:
    """Positions sorted by (segment, seq), first comers only; None where that is the order already."""
    if len(seq) < 2 or bool(np.all((np.diff(segment) > 0) | ((np.diff(segment) == 0) & (np.diff(seq) > 0)))):
        return None
    order = np.lexsort((seq, segment))
    again = (np.diff(segment[order]) == 0) & (np.diff(seq[order]) == 0)
    return np.asarray(order[np.concatenate(([True], ~again))], dtype=np.int64)
