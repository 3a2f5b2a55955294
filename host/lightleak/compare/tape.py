"""Decode a session into columns: a million events in a few arrays, with the rare ones kept whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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

_FREQUENT = frozenset({"access", "notification", "return", "delivery", "stack"})
"""Kinds that a session holds by the thousand; all others are kept as rows."""


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
    cpu: list[Row]
    """``return`` rows, with what they are ``of`` and the CPU time they took."""
    deliveries: list[Row]
    caused: dict[int, int]
    """Position of an access that a notification caused → the ``seq`` of that notification."""
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
        self.cpu: list[tuple[int, Row]] = []
        self.deliveries: list[tuple[int, Row]] = []
        self.caused: list[tuple[int, int]] = []
        self.rows: list[tuple[int, Row]] = []
        self.count = 0

    def add(self, rows: list[Row]) -> None:
        symbols = self.symbols
        names = [_symbol(row) for row in rows]
        self.columns.append(
            (
                np.array([row.segment for row in rows], dtype=np.int64),
                np.array([row.seq for row in rows], dtype=np.int64),
                np.array([row.wall_ns for row in rows], dtype=np.int64),
                np.array([row.mono_ns for row in rows], dtype=np.int64),
                np.array([_level(row) for row in rows], dtype=np.uint8),
                np.array([symbols.setdefault(n, len(symbols)) if n else -1 for n in names], dtype=np.int64),
            )
        )
        for at, row in enumerate(rows, self.count):
            if row.kind == "return":
                self.cpu.append((at, row))
            elif row.kind == "delivery":
                self.deliveries.append((at, row))
            elif row.kind == "access" and row.cause.__class__ is int:
                self.caused.append((at, row.cause))
            if row.kind not in _FREQUENT:
                self.rows.append((at, row))
        self.count += len(rows)

    def finish(self) -> Tape:
        empty = np.zeros(0, dtype=np.int64)
        columns: list[Ints] = [np.concatenate(parts) for parts in zip(*self.columns, strict=True)] or [empty] * 6
        order = _order(columns[0], columns[1])
        if order is not None:
            columns = [column[order] for column in columns]
        place = _places(order, self.count)
        segment, seq, wall_ns, mono_ns, level, symbol = columns
        return Tape(
            segment=segment,
            seq=seq,
            wall_ns=wall_ns,
            mono_ns=mono_ns,
            level=level.astype(np.uint8),
            symbol=symbol,
            symbols=list(self.symbols),
            cpu=[row for at, row in self.cpu if place(at) >= 0],
            deliveries=[row for at, row in self.deliveries if place(at) >= 0],
            caused={place(at): cause for at, cause in self.caused if place(at) >= 0},
            rows=sorted(((place(at), row) for at, row in self.rows if place(at) >= 0), key=lambda pair: pair[0]),
        )


def _level(row: Row) -> int:
    if row.internal is True:
        return 0
    if row.kind == "access":
        return LADDER.get(row.depth, 0) if row.depth.__class__ is str else 0
    if row.kind in {"notification", "observer", "authorization"}:
        return LADDER[depth_of({"kind": row.kind, "action": row.action, "type": row.type}) or "none"]
    return 0


def _symbol(row: Row) -> str | None:
    if row.symbol.__class__ is str:
        return str(row.symbol)
    if row.observer.__class__ is dict and isinstance(row.observer.get("class"), str):
        return str(row.observer["class"])
    return None


def _order(segment: Ints, seq: Ints) -> Ints | None:
    """Positions sorted by (segment, seq), first comers only; None where that is the order already."""
    if len(seq) < 2 or bool(np.all((np.diff(segment) > 0) | ((np.diff(segment) == 0) & (np.diff(seq) > 0)))):
        return None
    order = np.lexsort((seq, segment))
    again = (np.diff(segment[order]) == 0) & (np.diff(seq[order]) == 0)
    return np.asarray(order[np.concatenate(([True], ~again))], dtype=np.int64)


def _places(order: Ints | None, count: int) -> Any:
    if order is None:
        return lambda at: at
    place = np.full(count, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    return lambda at: int(place[at])
