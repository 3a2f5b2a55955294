"""A session's events as columns, built from blocks of lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import UNSET

from lightleak.arrays import Bytes, Ints, NameTable
from lightleak.comparator.columns.decode import (
    SANE,
    Access,
    Delivery,
    EventFields,
    Plain,
    Return,
    Stack,
    Stamped,
    decode,
)
from lightleak.comparator.columns.upload_hosts import Hosts, hosts_of
from lightleak.events import DEPTHS, OFF_LADDER, depth_of

LADDER: dict[str, int] = {name: level for level, name in enumerate(DEPTHS)}
"""Depth → its step: none 0, notification 1, open 2, metadata 3, thumbnail 4, data 5, upload 6."""

_UPLOAD = LADDER["upload"]

NO_EVENT = 2**62 + 1
"""In place of the ``seq`` of an origin that is known to have been, and is not in the file: above any that can be."""

NOT_WATCHED = -1
"""In place of bytes: the handler could not be hooked, so whether and what it was given is not known."""

_OFF_LADDER: dict[str, int] = {name: code for code, name in enumerate(OFF_LADDER)}

FRAMEWORKS_OWN = -1
"""In place of a place in ``events.OFF_LADDER``: a framework did it on its own, to whatever depth."""

KINDS = ("access", "return", "delivery", "stack", "notification", "other")
"""The kinds of frequent events, in the order of their codes in columns; the kind of each other event is in its row."""
_ACCESS, _RETURN, _DELIVERY, _STACK, _NOTIFICATION, _OTHER = range(len(KINDS))
_CODE_OF_KIND = {name: code for code, name in enumerate(KINDS)}

_TYPES = (np.int64, np.int64, np.int64, np.int64, np.uint8, np.uint8, np.int32)
_CLOCKS: list[Callable[[Any], int]] = [attrgetter(name) for name in ("segment", "seq", "wall_ns", "mono_ns")]


@dataclass(slots=True)
class Piece:
    """Some of a session's events in the order they came; positions count from the piece's first."""

    columns: list[npt.NDArray[Any]]
    """segment, seq, wall_ns, mono_ns, level, kind, symbol; shape (n,) each."""
    symbols: list[str]
    returns: Ints
    deliveries: Ints
    caused: Ints
    resumed: Ints
    internal: Ints
    unknown_depths: Ints
    """Tables whose first column is a position; ``EventColumns`` says what the others hold. That of ``internal``: 1, or 0 for the
    return or delivery of what a framework did."""
    off_ladder: Ints
    rows: list[tuple[int, EventFields]]
    internal_rows: list[tuple[int, EventFields]]
    timed: set[int]
    handed: set[int]
    unreadable: int = 0
    odd: Counter[str] = field(default_factory=Counter)
    hosts: Hosts = field(default_factory=dict)


class ColumnsBuilder:
    """Columns under construction. Positions count the events in the order they came."""

    def __init__(self) -> None:
        self.columns: list[tuple[npt.NDArray[Any], ...]] = []
        self.symbols = NameTable()
        self.returns: list[int] = []
        self.deliveries: list[int] = []
        self.caused: list[int] = []
        self.resumed: list[int] = []
        self.internal: list[int] = []
        self.off_ladder: list[int] = []
        self.unknown_depths: list[int] = []
        self.rows: list[tuple[int, EventFields]] = []
        self.internal_rows: list[tuple[int, EventFields]] = []
        self.timed: set[int] = set()
        self.handed: set[int] = set()
        self.count = 0
        self.unreadable = 0
        self.odd: Counter[str] = Counter()
        self.hosts: Hosts = {}

    def add(self, rows: Sequence[Stamped]) -> bool:
        """Append a block of rows, all of them from the fast decoder or all from the tolerant one.

        Return whether one of them is an upload.
        """
        levels, kinds, names = bytearray(len(rows)), bytearray(len(rows)), [-1] * len(rows)
        if rows and rows[0].__class__ is Plain:
            self._add_plain(rows, levels, kinds, names)
        else:
            self._add_quick(rows, levels, kinds, names)
        clocks = [np.fromiter(map(clock, rows), np.int64, len(rows)) for clock in _CLOCKS]
        self.columns.append(
            (*clocks, np.frombuffer(levels, np.uint8), np.frombuffer(kinds, np.uint8), np.array(names, np.int32))
        )
        self.count += len(rows)
        return _UPLOAD in levels

    def _add_quick(self, rows: Sequence[Any], levels: bytearray, kinds: bytearray, names: list[int]) -> None:
        # One plain loop: a million rows pass here, and calls cost more than what they do.
        symbols, step_of, off_ladder_of, count = self.symbols, LADDER.get, _OFF_LADDER.get, self.count
        for at, row in enumerate(rows):
            what = row.__class__
            if what is Access:
                if row.internal is True:
                    self.internal += (count + at, 1)
                    self.off_ladder += (count + at, FRAMEWORKS_OWN)
                elif level := step_of(row.depth, 0):
                    levels[at] = level
                else:
                    code = off_ladder_of(row.depth)
                    if code is None:
                        self.unknown_depths.append(count + at)
                    else:
                        self.off_ladder += (count + at, code)
                names[at] = symbols[row.symbol]
                if row.cause or row.cause_lost:
                    self.caused += (count + at, row.cause or NO_EVENT)
                if row.resumed_by is not UNSET:
                    self.resumed += (count + at, row.resumed_by or NO_EVENT)
            elif what is Return:
                kinds[at] = _RETURN
                if row.internal is True:
                    self.internal += (count + at, 0)
                    continue
                if row.cpu_ns and row.of:
                    self.returns += (count + at, row.of, row.cpu_ns)
                if row.cpu_ns is not None:
                    self.timed.add(row.segment)
            elif what is Delivery:
                kinds[at] = _DELIVERY
                if row.internal is True:
                    self.internal += (count + at, 0)
                    continue
                if row.reason is not None:
                    self.deliveries += (count + at, row.of or 0, NOT_WATCHED)
                else:
                    self.handed.add(row.segment)
                    if row.bytes:
                        self.deliveries += (count + at, row.of or 0, row.bytes)
            elif what is Stack:
                kinds[at] = _STACK
            else:
                self._add_rare(at, row, levels, kinds, names)

    def _add_plain(self, rows: Sequence[Any], levels: bytearray, kinds: bytearray, names: list[int]) -> None:
        for at, row in enumerate(rows):
            place = self.count + at
            kinds[at] = _CODE_OF_KIND.get(row.kind, _OTHER)
            if row.kind in ("return", "delivery") and row.internal is True:
                self.internal += (place, 0)
                continue
            if row.kind == "return":
                if _figure(row.cpu_ns) and _figure(row.of):
                    self.returns += (place, row.of, row.cpu_ns)
                if row.cpu_ns is not None and 0 <= row.cpu_ns < SANE:
                    self.timed.add(row.segment)
            elif row.kind == "delivery":
                if isinstance(row.reason, str):
                    self.deliveries += (place, _figure(row.of), NOT_WATCHED)
                else:
                    self.handed.add(row.segment)
                    if _figure(row.bytes):
                        self.deliveries += (place, _figure(row.of), row.bytes)
            elif row.kind == "access":
                if row.internal is True:
                    self.internal += (place, 1)
                    self.off_ladder += (place, FRAMEWORKS_OWN)
                elif isinstance(row.depth, str) and (level := LADDER.get(row.depth, 0)):
                    levels[at] = level
                elif isinstance(row.depth, str) and row.depth in _OFF_LADDER:
                    self.off_ladder += (place, _OFF_LADDER[row.depth])
                else:
                    self.unknown_depths.append(place)
                names[at] = self._number(row.symbol)
                self._add_cause(place, row)
            elif row.kind != "stack":
                self._add_rare(at, row, levels, kinds, names)

    def _add_rare(self, at: int, row: EventFields, levels: bytearray, kinds: bytearray, names: list[int]) -> None:
        kinds[at] = _NOTIFICATION if row.kind == "notification" else _OTHER
        if row.internal is True:
            self.internal += (self.count + at, 1)
        else:
            levels[at] = LADDER[depth_of({"kind": row.kind, "action": row.action, "type": row.type}) or "none"]
        if levels[at]:
            self._add_cause(self.count + at, row)
        names[at] = self._number(row.observer.get("class") if isinstance(row.observer, dict) else row.symbol)
        is_counted = row.internal is not True or row.kind == "lost"
        if not is_counted:
            self.internal_rows.append((self.count + at, row))
        elif row.kind != "notification" or not levels[at]:
            self.rows.append((self.count + at, row))

    def _add_cause(self, place: int, row: EventFields) -> None:
        if row.cause is not None or row.cause_lost is True:
            self.caused += (place, _figure(row.cause) or NO_EVENT)
        if row.resumed_by is not UNSET:
            self.resumed += (place, _figure(row.resumed_by) or NO_EVENT)

    def finish(self) -> Piece:
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
            resumed=_table(self.resumed, 2),
            internal=_table(self.internal, 2),
            off_ladder=_table(self.off_ladder, 2),
            unknown_depths=_table(self.unknown_depths, 1),
            rows=self.rows,
            internal_rows=self.internal_rows,
            timed=self.timed,
            handed=self.handed,
            unreadable=self.unreadable,
            odd=self.odd,
            hosts=self.hosts,
        )

    def _number(self, name: Any) -> int:
        return self.symbols[name] if isinstance(name, str) else -1


def _figure(value: Any) -> int:
    """Return a sane figure; 0 for everything else."""
    return value if value.__class__ is int and 0 < value < SANE else 0


def _table(rows: list[int], width: int) -> Ints:
    return np.array(rows, np.int64).reshape(-1, width)


@dataclass(slots=True)
class EventColumns:
    """One session's events, ordered by (segment, seq); arrays of shape (n,)."""

    segment: Ints
    seq: Ints
    wall_ns: Ints
    mono_ns: Ints
    level: Bytes
    """The step on the ladder; 0 for what is not on it and for what a framework did on its own."""
    kind: Bytes
    """The code in ``KINDS``."""
    symbol: npt.NDArray[np.int32]
    """Index into ``symbols``, −1 where the event names none."""
    symbols: list[str]
    returns: Ints
    """Shape (k, 3): position of a ``return``, the ``seq`` it is of, CPU time in ns."""
    deliveries: Ints
    """Shape (k, 3): position of a ``delivery`` of data, the ``seq`` it is of (0: not said), bytes or ``NOT_WATCHED``."""
    caused: Ints
    """Shape (k, 2): position of an act of the ladder that names its origin, ascending; and the ``seq`` of that origin or
    ``NO_EVENT``."""
    resumed: Ints
    """Shape (k, 2): position of an act whose older task went on with an origin's value, and the ``seq`` of that origin or
    ``NO_EVENT``."""
    rows: list[tuple[int, EventFields]]
    """Everything else that counts, with its position in the arrays, in order: what a framework did on its own is in none of
    these tables but ``internal``."""
    internal: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    """Positions of what a framework did on its own, ascending."""
    unknown_depths: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    """Positions of the accesses whose depth is missing or not a word of the contract, ascending."""
    unreadable: int = 0
    """Lines that are not events: without numbers or clocks."""
    timed: set[int] = field(default_factory=set)
    """The segments with a ``return`` that has CPU time: in others it was not measured."""
    handed: set[int] = field(default_factory=set)
    """The segments with a ``delivery`` that was seen: in others it was not measured what was handed over."""
    off_ladder: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    """Shape (k, 2): position of an access that is off the ladder, ascending; and its place in ``events.OFF_LADDER``, or
    ``FRAMEWORKS_OWN``."""
    internal_rows: list[tuple[int, EventFields]] = field(default_factory=list)
    """What of ``internal`` is no access, with its position, in order."""
    odd: Counter[str] = field(default_factory=Counter)
    """How many values were read as absent, by key: they are of another type than their key has."""
    repeated: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    """Shape (k, 2): segment and seq of the events that came more than once; each counts once, the first."""
    uncounted: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    """``internal``, and the returns and deliveries of that, too: positions of all that counts nowhere, ascending."""
    hosts: Hosts = field(default_factory=dict)
    """Where uploads by the system were to go."""

    def __len__(self) -> int:
        return len(self.seq)

    @property
    def pickers(self) -> Ints:
        """Positions of the accesses of depth ``picker``, ascending: what they deliver is within a person's choice."""
        positions: Ints = self.off_ladder[self.off_ladder[:, 1] == _OFF_LADDER["picker"], 0]
        return positions

    @classmethod
    def decode(cls, blocks: Iterable[bytes]) -> EventColumns:
        """Return the columns of NDJSON blocks of events, in any order; an event that comes twice counts once."""
        return cls.of([decoded(blocks)])

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> EventColumns:
        """Join pieces, in the order of (segment, seq)."""
        whole = pieces[0] if len(pieces) == 1 else _joined(pieces)
        order, repeated = _order(whole.columns[0], whole.columns[1])
        if order is not None:
            whole = _ordered(whole, order)
        segment, seq, wall_ns, mono_ns, level, kind, symbol = whole.columns
        return cls(segment, seq, wall_ns, mono_ns, level, kind, symbol, whole.symbols, whole.returns, whole.deliveries,
                   whole.caused, whole.resumed, whole.rows, whole.internal[whole.internal[:, 1] == 1, 0],
                   whole.unknown_depths[:, 0], whole.unreadable, whole.timed, whole.handed, whole.off_ladder, whole.internal_rows,
                   whole.odd, repeated, whole.internal[:, 0], whole.hosts)  # fmt: skip


def decoded(blocks: Iterable[bytes]) -> Piece:
    """Return the events of NDJSON blocks, in the order they came."""
    builder = ColumnsBuilder()
    for block in _small(blocks):
        rows, unreadable = decode(block, builder.odd)
        builder.unreadable += unreadable
        if builder.add(rows):
            builder.hosts = hosts_of(block) | builder.hosts
    return builder.finish()


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
    """Return pieces one after the other: their positions move, and their symbols get new numbers."""
    symbols = NameTable()
    starts = np.cumsum([0, *(len(piece.columns[0]) for piece in pieces)]).tolist()
    columns = [[*piece.columns[:-1], _renumbered(piece, symbols)] for piece in pieces]

    def rows(name: str) -> list[tuple[int, EventFields]]:
        pairs = zip(pieces, starts, strict=False)
        return [(at + start, row) for piece, start in pairs for at, row in getattr(piece, name)]

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
        resumed=tables("resumed"),
        internal=tables("internal"),
        off_ladder=tables("off_ladder"),
        unknown_depths=tables("unknown_depths"),
        rows=rows("rows"),
        internal_rows=rows("internal_rows"),
        timed=set().union(*(piece.timed for piece in pieces)),
        handed=set().union(*(piece.handed for piece in pieces)),
        unreadable=sum(piece.unreadable for piece in pieces),
        odd=sum((piece.odd for piece in pieces), Counter()),
        hosts={key: host for piece in reversed(pieces) for key, host in piece.hosts.items()},
    )


def _renumbered(piece: Piece, symbols: NameTable) -> npt.NDArray[Any]:
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
        caused=_ascending(_placed(piece.caused, place)),
        resumed=_ascending(_placed(piece.resumed, place)),
        internal=_ascending(_placed(piece.internal, place)),
        off_ladder=_ascending(_placed(piece.off_ladder, place)),
        unknown_depths=np.sort(_placed(piece.unknown_depths, place), axis=0),
        rows=_replaced(piece.rows, place),
        internal_rows=_replaced(piece.internal_rows, place),
        timed=piece.timed,
        handed=piece.handed,
        unreadable=piece.unreadable,
        odd=piece.odd,
        hosts=piece.hosts,
    )


def _replaced(rows: list[tuple[int, EventFields]], place: Ints) -> list[tuple[int, EventFields]]:
    return sorted(((int(place[at]), row) for at, row in rows if place[at] >= 0), key=itemgetter(0))


def _placed(table: Ints, place: Ints) -> Ints:
    table[:, 0] = place[table[:, 0]]
    return table[table[:, 0] >= 0]


def _ascending(table: Ints) -> Ints:
    return table[np.argsort(table[:, 0], kind="stable")]


def _order(segment: Ints, seq: Ints) -> tuple[Ints | None, Ints]:
    """Return positions sorted by (segment, seq), each event's first only, and the numbers of those that came again.

    The positions are None where that is the order already.
    """
    if len(seq) < 2 or bool(np.all((np.diff(segment) > 0) | ((np.diff(segment) == 0) & (np.diff(seq) > 0)))):
        return None, np.zeros((0, 2), np.int64)
    order = np.lexsort((seq, segment))
    again = (np.diff(segment[order]) == 0) & (np.diff(seq[order]) == 0)
    others = order[1:][again]
    repeated = np.column_stack((segment[others], seq[others]))
    return np.asarray(order[np.concatenate(([True], ~again))], dtype=np.int64), repeated
