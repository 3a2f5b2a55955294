"""Many lines that are recognised at once are read as each of them alone is, whatever they hold."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lightleak
from lightleak.errors import TraceError
from lightleak.second_process import WorkAhead
from lightleak.trace import file_order, read_ahead, schema
from lightleak.trace import session as sessions
from lightleak.trace.clean_lines import CleanRun, run_of, run_of_all
from lightleak.trace.file_order import FileOrder
from lightleak.trace.line import decode_events
from lightleak.trace.pieces import PIECE_BYTES, LineRange
from lightleak.trace.session_file import SessionFile
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


def _block(lines: list[bytes]) -> bytes:
    return b"".join(each + b"\n" for each in lines)


@given(st.lists(_MORE, min_size=1, max_size=5))
def test_lines_are_a_run_where_each_of_them_is_read_as_it_is(several):
    lines = [_line(seq, more) for seq, more in enumerate(several, 1)]
    odd: Counter[str] = Counter()
    list(decode_events(lines, odd))

    assert run_of(_block(lines)) == (None if odd else CleanRun(1, 1, len(lines)))


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b""],
        [line(1, 1), b""],
        [b"", line(1, 1)],
        [line(1, 1), b"", line(2, 1)],
        [b'{"a":', b"1}"],
        [line(1, 1).replace(b'"segment":', b'"segment":\n')],
        [line(1, 1).replace(b'"segment":', b'"segment":\n'), line(2, 1) + line(3, 1)],
        [line(1, 1) + line(2, 1)],
        [line(1, 1) + b" "],
        [b" " + line(1, 1)],
        [line(1, 1), line(1, 1)],
        [line(2, 1), line(1, 1)],
        [line(1, 1), line(2, 2)],
        [line(1, 1)[:-1] + b',"deep":' + b"[" * 5000 + b"]" * 5000 + b"}"],
        [b"[]"],
        [b"1"],
    ],
)
def test_what_is_not_certain_is_no_run(lines):
    assert run_of(_block(lines)) is None


def test_a_hole_in_the_numbers_is_a_run():
    assert run_of(_block([line(1, 1), line(5, 1)])) == CleanRun(1, 1, 5)


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ([line(3, 1)], CleanRun(1, 1, 3)),
        ([line(2, 1)], None),
        ([line(3, 2)], None),
        ([line(3, 1), line(3, 1)], None),
        ([b"1"], None),
    ],
)
def test_pieces_are_one_run_where_each_follows_the_one_before(second, expected):
    assert run_of_all([_block([line(1, 1), line(2, 1)]), _block(second)]) == expected
    assert run_of_all([]) is None


@given(st.lists(st.integers(0, 3 * PIECE_BYTES), max_size=4))
def test_pieces_are_whole_lines_and_all_of_them(lengths):
    block = b"".join(b"x" * length + b"\n" for length in lengths)
    whole = LineRange(b"head\n" + block + b"seal\n", 5, 5 + len(block))
    found = list(whole.pieces())

    assert whole.all() == block
    assert b"".join(found) == block
    assert all(piece.endswith(b"\n") for piece in found)
    # A piece ends with the line that fills it.
    assert all(piece[:-1].rfind(b"\n") < PIECE_BYTES for piece in found)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 3), _MORE), max_size=12), st.sampled_from([1, 3, 100]))
def test_a_session_gives_what_its_lines_alone_give(tmp_path_factory, several, frame):
    _check(tmp_path_factory, several, frame)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), _MORE), max_size=12), st.sampled_from([1, 3]), st.integers(0, 2_000))
def test_a_long_session_gives_what_its_lines_alone_give(tmp_path_factory, several, frame, group_bytes):
    """One that is longer than what is looked at, or kept, before its first event is given."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_order, "_SEEN_BYTES", 1)
        patch.setattr(SessionFile, "stretches", property(lambda file: [[each] for each in file.frames]))
        patch.setattr(sessions, "FileOrder", lambda part, *_, **__: FileOrder(part, group_bytes))
        _check(tmp_path_factory, several, frame)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), _MORE), max_size=30), st.booleans())
def test_a_session_that_a_second_process_reads_ahead_gives_the_same(tmp_path_factory, several, waits):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_ahead, "WORTH_BYTES", 0)
        patch.setattr(read_ahead, "can_fork", lambda: True)
        patch.setattr(SessionFile, "stretches", property(lambda file: [[each] for each in file.frames]))
        if waits:
            _wait_for_the_other(patch)
        _check(tmp_path_factory, several, 2)


def _wait_for_the_other(patch):
    take = WorkAhead.take

    def wait(self, number):
        for _ in range(20 if number else 0):
            if self._child is None or number in self._done:
                break
            self._collect()
            time.sleep(0.002)
        return take(self, number)

    patch.setattr(WorkAhead, "take", wait)


def _check(tmp_path_factory, several, frame):
    counts: Counter[int] = Counter()
    lines = []
    for segment, more in several:
        counts[segment] += 1
        lines.append(json.dumps({**json.loads(line(counts[segment], 1)), "segment": segment, **more}).encode())
    odd: Counter[str] = Counter()
    alone = sorted(decode_events(lines, odd), key=lambda each: (each.segment, each.seq))
    opened = lightleak.open(session(tmp_path_factory.mktemp("runs") / "s", lines, frame=frame))
    for _ in range(2):  # the second time, its segments are known
        found = list(opened.events())
        assert found == alone
        assert [each.odd for each in found] == [each.odd for each in alone]
        assert opened.odd == odd
    assert b"".join(opened.blocks()) == b"".join(each + b"\n" for each in lines)


@pytest.mark.parametrize("more", [b',"unread":"\xff"}', b',"unread":"a\nb"}'])
@pytest.mark.parametrize("helped", [False, True])
def test_a_value_that_no_reader_asks_for_ends_the_reading_all_the_same(tmp_path, monkeypatch, more, helped):
    lines = [line(seq, 1) for seq in range(1, 10)]
    lines[7] = lines[7][:-1] + more
    path = session(tmp_path / "s", lines, frame=2)
    if helped:
        monkeypatch.setattr(read_ahead, "WORTH_BYTES", 0)
        monkeypatch.setattr(SessionFile, "stretches", property(lambda file: [[each] for each in file.frames]))
        _wait_for_the_other(monkeypatch)
    found = []
    with pytest.raises(TraceError, match="not an event"):
        found.extend(event.seq for event in lightleak.open(path).events())


@pytest.mark.parametrize("helped", [False, True])
def test_lines_that_are_a_run_by_themselves_are_given_once_where_they_repeat_what_came_before(
    tmp_path, monkeypatch, helped
):
    monkeypatch.setattr(read_ahead, "WORTH_BYTES", 0)
    monkeypatch.setattr(read_ahead, "can_fork", lambda: helped)
    monkeypatch.setattr(SessionFile, "stretches", property(lambda file: [[each] for each in file.frames]))
    _wait_for_the_other(monkeypatch)
    twice = [line(seq, 1) for seq in (1, 2, 2, 3, 3, 4)]
    path = session(tmp_path / "s", twice, frame=2)
    assert [event.seq for event in lightleak.open(path).events()] == [1, 2, 3, 4]

    path = session(tmp_path / "t", [*twice, line(2, 1), line(5, 1)], frame=2)
    with pytest.raises(TraceError, match="seq 2 follows seq 4"):
        list(lightleak.open(path).events())


def test_a_segment_below_1_that_comes_late_in_a_long_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(file_order, "_SEEN_BYTES", 1)
    monkeypatch.setattr(SessionFile, "stretches", property(lambda file: [[each] for each in file.frames]))
    path = session(tmp_path / "s", [line(1, 1), line(2, 1), line(1, 0)], frame=1)
    with pytest.raises(TraceError, match=r"s: a segment has a number below 1"):
        list(lightleak.open(path).events())


@pytest.mark.parametrize("helped", [False, True])
def test_a_reader_that_stops_closes_the_file_and_ends_the_second_process(tmp_path, monkeypatch, helped):
    monkeypatch.setattr(file_order, "_SEEN_BYTES", 1)
    monkeypatch.setattr(read_ahead, "WORTH_BYTES", 0)
    monkeypatch.setattr(read_ahead, "can_fork", lambda: helped)
    monkeypatch.setattr(SessionFile, "stretches", property(lambda file: [[each] for each in file.frames]))
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
    assert len(multiprocessing.active_children()) == helped
    events.close()
    assert closed == [True]
    assert multiprocessing.active_children() == []
