"""A session in columns: read quickly or plainly, in one process or in two, it is the same."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lightleak
from lightleak import second_process
from lightleak.comparator.columns import decode as rows
from lightleak.comparator.columns.decode import decode, decode_plainly
from lightleak.comparator.columns.event_columns import ColumnsBuilder, EventColumns
from lightleak.comparator.timeline import session_set
from stories import Trace

ODD = st.sampled_from(
    [None, True, False, 0, 1, -1, 2**49, 2**50, 2**70, 1.5, "", "x", "data", [], ["a"], {}, {"class": "A"}]
)
KINDS = st.sampled_from([*["process", "hook", "state", "authorization", "observer", "notification", "access", "return", "delivery", "accounting"],
                         "stack", "clock", "mark", "lost", "unheard-of"])  # fmt: skip
KEYS = st.sampled_from(
    [
        "depth",
        "internal",
        "symbol",
        "cause",
        "of",
        "cpu_ns",
        "bytes",
        "action",
        "phase",
        "identifier",
        "type",
        "observer",
        "count",
    ]
)
USUAL = {"depth": "metadata", "symbol": "-[A b]", "cause": 2, "of": 1, "cpu_ns": 7, "bytes": 9, "type": "change"}


@st.composite
def events(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events that are as the contract has them, with now and then a key that is not."""
    found = []
    for seq in range(1, draw(st.integers(1, 12)) + 1):
        event = {"kind": draw(KINDS), "segment": 1, "seq": seq, "wall_ns": seq, "mono_ns": -seq, **USUAL}
        event |= {key: draw(ODD) for key in draw(st.lists(KEYS, max_size=2))}
        found.append({key: value for key, value in event.items() if draw(st.booleans()) or key not in USUAL})
    return found


def lines(found: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in found)


def contents(loaded: EventColumns) -> dict[str, Any]:
    """Return everything that columns hold, in plain objects; of rows what the comparator looks at."""
    names = ("segment", "seq", "wall_ns", "mono_ns", "level", "returns", "deliveries", "caused", "internal")
    columns = {name: getattr(loaded, name).tolist() for name in names}
    symbols = [loaded.symbols[n] if n >= 0 else None for n in loaded.symbol.tolist()]
    kept = [
        (at, row.kind, *(getattr(row, key) for key in rows.EventFields.__struct_fields__)) for at, row in loaded.rows
    ]
    return {**columns, "symbols": symbols, "rows": [row for row in kept if row[1] != "unheard-of"]}


def plainly(block: bytes) -> EventColumns:
    builder = ColumnsBuilder()
    builder.add(decode_plainly(block, builder.odd)[0])
    return EventColumns.of([builder.finish()])


@given(events())
def test_reading_quickly_says_what_reading_plainly_says(found):
    assert contents(EventColumns.decode([lines(found)])) == contents(plainly(lines(found)))


@given(events(), st.integers(0, 12), st.randoms())
def test_pieces_say_what_the_whole_says(found, cut, chance):
    chance.shuffle(found)
    pieces = []
    for some in (found[:cut], found[cut:]):
        builder = ColumnsBuilder()
        builder.add(decode(lines(some), builder.odd)[0])
        pieces.append(builder.finish())
    assert contents(EventColumns.of(pieces)) == contents(EventColumns.decode([lines(found)]))


def test_an_event_as_the_contract_has_it_is_read_quickly():
    """Otherwise a week takes twice as long, without a visible reason."""
    trace = Trace()
    trace.ready(0)
    trace.access(1, "data", detail={"a": 1}, caller={"image": "x", "offset": 1}, stack=1, cause=None)
    trace.add(2, "return", of=1, duration_ns=1, cpu_ns=1)
    trace.add(3, "delivery", of=1, bytes=None, degraded=True, error=None)
    trace.add(3, "stack", id=1, frames=[])
    block = b"".join(json.dumps(event).encode() + b"\n" for event in trace.events)
    assert not any(isinstance(row, rows.Plain) for row in decode(block, Counter())[0])


@pytest.mark.parametrize("bad", [b"{}", b"[]", b'{"kind":"access"}', b"x", b'{"kind":1,"segment":1}', b"[" * 100_000])
def test_what_is_no_event_is_left_out_and_counted(bad):
    good = lines([{"kind": "mark", "segment": 1, "seq": 1, "wall_ns": 1, "mono_ns": 1}])
    columns = EventColumns.decode([good + bad + b"\n"])
    assert (len(columns), columns.unreadable) == (1, 1)


@pytest.fixture
def session(tmp_path) -> lightleak.Session:
    """A recording of several frames."""
    trace = Trace()
    trace.ready(0)
    for n in range(20_000):
        trace.access(n, ("metadata", "data")[n % 2], symbol=f"-[A m{n % 700}]")
    return trace.save(tmp_path)


def test_two_processes_read_what_one_reads(session, monkeypatch):
    monkeypatch.setattr(session_set, "can_fork", lambda: True)
    there = session_set.load_columns(session, worth_bytes=0)
    assert sum(len(part.frames) for part in session.parts) > 2
    assert contents(there) == contents(EventColumns.decode(session.blocks()))


def test_a_second_process_that_dies_is_not_missed(session, monkeypatch):
    monkeypatch.setattr(session_set, "can_fork", lambda: True)
    monkeypatch.setattr(second_process, "_send", lambda *_: None)
    assert np.array_equal(
        session_set.load_columns(session, worth_bytes=0).seq, EventColumns.decode(session.blocks()).seq
    )
