"""The values of a filter's fields at each event of a session, taken from its columns; as far as these know them.

Separate because a field that events get is added here, and how an expression is evaluated stays as it is.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import tzinfo
from typing import Any

import numpy as np

from lightleak.app_names import app_of
from lightleak.arrays import Bools, Ints
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.columns.event_columns import FRAMEWORKS_OWN, KINDS, LADDER, NO_EVENT, EventColumns
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.events import NS_PER_S, OFF_LADDER, STATES, Event, depth_of
from lightleak.filter.comparing import TextField
from lightleak.filter.event_fields import EVENT_FIELDS, class_of
from lightleak.filter.time_expr import ns_of_day
from lightleak.origins import OriginLog
from lightleak.replay_state import SegmentState

_BLOCK_NS = 900 * NS_PER_S
"""Zones change at these steps, or else the block is looked at event by event."""


class TextColumn:
    """One text for each event, as codes into a list of values."""

    def __init__(self, count: int) -> None:
        self.values: list[str | None] = [None]
        self.codes = np.zeros(count, np.int32)
        self.unknown: Bools | None = None
        """The events whose value the columns do not know; None: none."""
        self._code_of: dict[str | None, int] = {None: 0}

    def code(self, value: str | None) -> int:
        """Return the code of a value."""
        code = self._code_of.get(value)
        if code is None:
            code = self._code_of[value] = len(self.values)
            self.values.append(value)
        return code

    def fill(self, known: Iterable[tuple[int, str | None]]) -> None:
        """Set the values of single events."""
        for at, value in known:
            self.codes[at] = self.code(value)
            if self.unknown is not None:
                self.unknown[at] = False


class ColumnValues:
    """The values at each event of one session. Each field is made when it is first asked for."""

    def __init__(self, sessions: SessionSet, zone: tzinfo) -> None:
        self.columns: EventColumns = sessions.loaded[0].columns
        self._state, self._zone = sessions.state, zone
        self._texts: dict[str, TextColumn] = {}
        self._of_day: Ints | None = None
        self._rows = [*self.columns.rows, *self.columns.internal_rows]
        self._makers: dict[str, Callable[[TextColumn], None]] = {
            "kind": self._make_kind,
            "depth": self._make_depth,
            "app": self._make_app,
            "state": self._make_state,
            "class": self._make_class,
            "symbol": self._make_symbol,
            "trigger": self._make_causes,
            "cause.kind": self._make_causes,
        }

    def text(self, name: str) -> TextColumn:
        """Return the values of a field of text."""
        if name not in self._texts:
            for each in ("trigger", "cause.kind") if name in ("trigger", "cause.kind") else (name,):
                self._texts[each] = TextColumn(len(self.columns))
            self._makers[name](self._texts[name])
        return self._texts[name]

    def times(self, *, of_day: bool) -> Ints:
        """Return the wall times: Unix ns, or ns since midnight in the zone."""
        if not of_day:
            return self.columns.wall_ns
        if self._of_day is None:
            self._of_day = _times_of_day(self.columns.wall_ns, self._zone)
        return self._of_day

    def settle(self, events: Iterable[tuple[int, Event]]) -> None:
        """Take from decoded events what the columns do not know of them."""
        nowhere = SegmentState()
        for at, event in events:
            for name in ("depth", "symbol", "class"):
                if name in self._texts:
                    field = EVENT_FIELDS[name]
                    assert isinstance(field, TextField)
                    self._texts[name].fill([(at, field.of(event, nowhere))])
            triggers = self._texts.get("trigger")
            if triggers is not None and triggers.unknown is not None and triggers.unknown[at]:
                value = None if depth_of(event) is None else triggers.values[triggers.codes[at]]
                triggers.fill([(at, value)])

    def _make_kind(self, column: TextColumn) -> None:
        codes = np.array([column.code(kind) for kind in KINDS], np.int32)
        column.codes = codes[self.columns.kind]
        column.fill((at, row.kind) for at, row in self._rows)

    def _make_depth(self, column: TextColumn) -> None:
        columns = self.columns
        codes = np.array([column.code(name if level else None) for name, level in LADDER.items()], np.int32)
        column.codes = codes[columns.level]
        column.unknown = np.zeros(len(columns), bool)
        column.unknown[columns.unknown_depths] = True
        off = columns.off_ladder
        column.unknown[off[off[:, 1] == FRAMEWORKS_OWN, 0]] = True
        for code, name in enumerate(OFF_LADDER):
            column.codes[off[off[:, 1] == code, 0]] = column.code(name)
        column.fill((at, depth_of(_words(row))) for at, row in columns.internal_rows)

    def _make_app(self, column: TextColumn) -> None:
        columns = self.columns
        names: dict[int, tuple[str | None, str | None]] = {}
        for at, row in columns.rows:
            if row.kind == "process":
                segment = int(columns.segment[at])
                identifier, name = names.get(segment, (None, None))
                identifier = app_of(row.identifier) if row.identifier else identifier
                names[segment] = identifier, row.name or name
                stop = int(np.searchsorted(columns.segment, segment, "right"))
                column.codes[at:stop] = column.code(identifier or row.name or name)

    def _make_state(self, column: TextColumn) -> None:
        column.codes = np.array([column.code(state) for state in STATES], np.int32)[self._state]

    def _make_symbol(self, column: TextColumn) -> None:
        column.codes = self._named(column, lambda name: name)
        # Of a notification, columns hold the observer's class.
        column.unknown = self.columns.kind == KINDS.index("notification")
        column.fill((at, row.symbol) for at, row in self._rows)

    def _make_class(self, column: TextColumn) -> None:
        column.codes = self._named(column, lambda name: class_of(None, name))
        column.unknown = self.columns.kind == KINDS.index("notification")
        column.fill((at, class_of(row.observer, row.symbol)) for at, row in self._rows)

    def _named(self, column: TextColumn, value: Callable[[str], str | None]) -> Any:
        codes = [column.code(value(name)) for name in self.columns.symbols]
        return np.array([*codes, 0], np.int32)[self.columns.symbol]

    def _make_causes(self, _: TextColumn) -> None:
        """Go through what names a cause and what can be one, in order, as a stream of events is read."""
        columns, kinds, triggers = self.columns, self._texts["cause.kind"], self._texts["trigger"]
        acts = (columns.level > LADDER["notification"]) & ~_at(columns.internal, len(columns))
        acts[columns.unknown_depths] = True
        acts[columns.off_ladder[columns.off_ladder[:, 1] != FRAMEWORKS_OWN, 0]] = True
        # An access without a depth at all is no act: only its event says which.
        triggers.unknown = _at(columns.unknown_depths, len(columns))
        triggers.codes[acts] = triggers.code("none")
        triggers.fill((at, "none") for at, row in columns.rows if row.kind == "property")
        log, segment = OriginLog(), 0
        for at, what in self._links():
            if segment != columns.segment[at]:
                log, segment = OriginLog(), int(columns.segment[at])
            if what is None:
                log.note_missing()
            elif what.get("cause") is None and what.get("cause_lost") is not True:
                log.feed(what)
            else:
                log.feed(what)
                named = log.named_by(what)
                assert named is not None
                kinds.codes[at] = kinds.code(named.kind)
                if triggers.codes[at]:
                    triggers.codes[at] = triggers.code(named.trigger)

    def _links(self) -> Iterable[tuple[int, dict[str, Any] | None]]:
        """Return what names a cause and what can be one, as far as that says it; None where events before are missing."""
        columns = self.columns
        found: dict[int, dict[str, Any]] = {}
        notifications = np.flatnonzero(columns.kind == KINDS.index("notification"))
        for at, seq in zip(notifications.tolist(), columns.seq[notifications].tolist(), strict=True):
            found[at] = {"kind": "notification", "seq": seq}
        for at, cause in columns.caused.tolist():
            found.setdefault(at, {"kind": "access", "seq": int(columns.seq[at])})["cause"] = cause
        for at, row in self._rows:
            cause = row.cause if row.cause is None or 0 < row.cause < NO_EVENT else NO_EVENT
            found[at] = _words(row) | {"seq": row.seq, "cause": cause, "cause_lost": row.cause_lost}
        before = np.concatenate(([0], columns.seq[:-1]))
        before[np.concatenate(([True], np.diff(columns.segment) > 0))[: len(before)]] = 0
        holes = np.flatnonzero(columns.seq > before + 1).tolist()
        return sorted(
            itertools.chain(((at, None) for at in holes), found.items()), key=lambda one: (one[0], one[1] is not None)
        )


def _words(row: EventFields) -> dict[str, Any]:
    """Return of an event what decides whether it is an origin or an act."""
    return {
        "kind": row.kind, "internal": row.internal, "action": row.action, "type": row.type, "reason": row.reason,
        "phase": row.phase, "value": row.value,
    }  # fmt: skip


def _at(positions: Ints, count: int) -> Bools:
    found = np.zeros(count, bool)
    found[positions] = True
    return found


def _times_of_day(wall_ns: Ints, zone: tzinfo) -> Ints:
    """Return ns since midnight in a zone; −1 is never: a time of 64 bits has a day."""
    blocks, which = np.unique(wall_ns // _BLOCK_NS, return_inverse=True)
    starts = np.array([ns_of_day(int(block) * _BLOCK_NS, zone) for block in blocks], np.int64)
    ends = np.array([ns_of_day(int(block + 1) * _BLOCK_NS - 1, zone) for block in blocks], np.int64)
    found = starts[which] + wall_ns % _BLOCK_NS
    uneven = np.flatnonzero((ends - starts != _BLOCK_NS - 1)[which])
    found[uneven] = np.array([ns_of_day(int(at), zone) for at in wall_ns[uneven]], np.int64)
    return found
