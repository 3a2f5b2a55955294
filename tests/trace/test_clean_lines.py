"""Many lines that are recognised at once are read as each of them alone is, whatever they hold."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lightleak
from lightleak.trace import schema
from lightleak.trace.clean_lines import run_of
from lightleak.trace.line import decode_events
from lightleak.trace.pieces import PIECE_BYTES, pieces
from tracekit import line, session

_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.sampled_from([0, 1, schema.NUMBER_MAX, schema.NUMBER_MAX + 1, 1.0, 1e300, "", "data"]),
    st.lists(
        st.one_of(st.none(), st.dictionaries(st.sampled_from(["image", "offset", "x"]), st.integers())), max_size=2
    ),
    st.dictionaries(
        st.sampled_from(["image", "offset", "class", "id"]),
        st.one_of(st.none(), st.text(max_size=2), st.floats(allow_nan=False, allow_infinity=False)),
    ),
)
_KEYS = st.sampled_from([*schema.OPTIONAL, "unknown", "class"])
_MORE = st.dictionaries(_KEYS, _VALUES, max_size=5)


def _line(seq: int, more: dict) -> bytes:
    return json.dumps({**json.loads(line(seq, 1)), **more}).encode()


@given(st.lists(_MORE, min_size=1, max_size=5))
def test_a_run_holds_what_each_line_alone_does(several):
    lines = [_line(seq, more) for seq, more in enumerate(several, 1)]
    odd: Counter[str] = Counter()
    alone = list(decode_events(lines, odd))
    run = run_of(lines)

    assert (run is not None) == (not odd)
    if run is not None:
        assert run[:3] == (1, 1, len(lines))
        assert run.events == alone


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b""],
        [line(1, 1), b""],
        [b'{"a":', b"1}"],
        [line(1, 1) + line(2, 1)],
        [line(1, 1), line(1, 1)],
        [line(2, 1), line(1, 1)],
        [line(1, 1), line(2, 2)],
        [line(1, 1)[:-1] + b',"unread":"\xff"}'],
        [line(1, 1)[:-1] + b',"deep":' + b"[" * 5000 + b"]" * 5000 + b"}"],
        [b"[]"],
        [b"1"],
    ],
)
def test_what_is_not_certain_is_no_run(lines):
    assert run_of(lines) is None


def test_a_hole_in_the_numbers_is_a_run():
    run = run_of([line(1, 1), line(5, 1)])
    assert run is not None
    assert run[:3] == (1, 1, 5)


@given(st.lists(st.integers(0, 3 * PIECE_BYTES), max_size=4))
def test_pieces_are_whole_lines_and_all_of_them(lengths):
    block = b"".join(b"x" * length + b"\n" for length in lengths)
    found = list(pieces(b"head\n" + block + b"seal\n", 5, 5 + len(block)))

    assert b"".join(found) == block
    assert all(piece.endswith(b"\n") for piece in found)
    # A piece ends with the line that fills it.
    assert all(piece[:-1].rfind(b"\n") < PIECE_BYTES for piece in found)


@given(st.lists(st.tuples(st.integers(-1, 3), _MORE), max_size=12), st.sampled_from([1, 3, 100]))
def test_a_session_gives_what_its_lines_alone_give(tmp_path_factory, several, frame):
    counts: Counter[int] = Counter()
    lines = []
    for segment, more in several:
        counts[segment] += 1
        lines.append(json.dumps({**json.loads(line(counts[segment], 1)), "segment": segment, **more}).encode())
    odd: Counter[str] = Counter()
    alone = sorted(decode_events(lines, odd), key=lambda each: (each.segment, each.seq))
    opened = lightleak.open(session(tmp_path_factory.mktemp("runs") / "s", lines, frame=frame))
    found = list(opened.events())

    assert found == alone
    assert [each.odd for each in found] == [each.odd for each in alone]
    assert opened.odd == odd
    assert b"".join(opened.blocks()) == b"".join(each + b"\n" for each in lines)


def test_a_reader_that_stops_closes_the_file(tmp_path, monkeypatch):
    opened = lightleak.open(session(tmp_path / "s", [line(seq, 1) for seq in range(1, 10)], frame=2))
    closed = []
    contents = type(opened.parts[0]).contents

    def watched(self, only=None):
        try:
            yield from contents(self, only)
        finally:
            closed.append(True)

    monkeypatch.setattr(type(opened.parts[0]), "contents", watched)
    events = opened.events()
    next(events)
    closed.clear()
    events.close()
    assert closed == [True]
