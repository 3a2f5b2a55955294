"""What a session gives to its readers."""

from __future__ import annotations

import random

import pytest

import lightleak
from lightleak.errors import TraceError
from lightleak.trace import grouped
from tracekit import HEADER, as_line, event, line, lines, session


def keys(opened) -> list[tuple[int, int]]:
    return [(each.segment, each.seq) for each in opened.events()]


def test_a_session_has_the_data_of_its_header(tmp_path):
    path = session(tmp_path / "a", lines(3))
    opened = lightleak.open(str(path))

    assert (opened.path, opened.paths) == (path, [path])
    assert opened.header == HEADER
    assert opened.header_line == as_line(HEADER)
    assert opened.session_id == HEADER["session"]
    assert opened.closed
    assert opened.notices == []
    assert len(opened.head_hash) == 64


def test_a_header_needs_no_session(tmp_path):
    header = {key: value for key, value in HEADER.items() if key != "session"}

    assert lightleak.open(session(tmp_path / "a", [], header=header)).session_id == ""


def test_lines_and_blocks_are_what_was_recorded_in_that_order(tmp_path):
    mixed = [each for pair in zip(lines(25, 1), lines(25, 2), strict=True) for each in pair]
    opened = lightleak.open(session(tmp_path / "a", mixed))

    assert list(opened.lines()) == mixed
    assert b"".join(opened.blocks()) == b"".join(each + b"\n" for each in mixed)


def test_events_come_in_order_of_segment_and_seq_however_segments_are_mixed(tmp_path):
    chance = random.Random(5)
    waiting = {segment: lines(40, segment) for segment in (3, 1, 2, 11)}
    mixed = []
    while waiting:
        segment = chance.choice(sorted(waiting))
        mixed.append(waiting[segment].pop(0))
        if not waiting[segment]:
            del waiting[segment]
    opened = lightleak.open(session(tmp_path / "a", mixed, frame=7))

    assert keys(opened) == [(segment, seq) for segment in (1, 2, 3, 11) for seq in range(1, 41)]
    assert keys(opened) == keys(opened), "a session can be read again"


def test_events_are_found_however_their_keys_are_spelled_and_nested(tmp_path):
    """The quick look for a frame's only segment must not be misled."""
    odd = [
        line(1, 1, detail={"segment": 1, "seq": 9}),
        b'{"detail":{"segment":1,"seq":1},"kind":"x","segment": 2,"seq":1,"wall_ns":0,"mono_ns":0}',
        b'{"detail":{"segment":1,"seq":1},"kind":"x","\\u0073egment":3,"seq":1,"wall_ns":0,"mono_ns":0}',
        line(2, 1, text='"segment":7,"seq":3'),
    ]
    opened = lightleak.open(session(tmp_path / "a", odd, frame=3))

    assert keys(opened) == [(1, 1), (1, 2), (2, 1), (3, 1)]


def test_a_line_that_hides_its_segment_is_refused_and_not_misplaced(tmp_path):
    hidden = b'{"detail":{"segment":1,"seq":1},"kind":"x","\\u0073egment":3,"seq":1,"wall_ns":0,"mono_ns":0}'
    opened = lightleak.open(session(tmp_path / "a", [line(1), hidden]))

    with pytest.raises(TraceError, match="two segments"):
        list(opened.events())


def test_a_line_of_nothing_is_passed_over(tmp_path):
    path = session(tmp_path / "s", [line(1), b" \t", line(1, segment=2), b""])
    assert [(event["segment"], event["seq"]) for event in lightleak.open(path).events()] == [(1, 1), (2, 1)]


def test_an_event_that_is_broken_over_two_lines_is_refused(tmp_path):
    """What reads many lines at once took it as one: found by the fuzzer (seed 60181353)."""
    first, rest = line(1, segment=2).split(b",", 1)
    path = session(tmp_path / "s", [line(1), first + b",", rest])
    with pytest.raises(TraceError, match="broken over two"):
        list(lightleak.open(path).events())


def test_events_have_their_required_keys_as_attributes(tmp_path):
    (found,) = lightleak.open(session(tmp_path / "a", [line(1, depth="data", x=None)])).events()

    assert found == event(1, depth="data", x=None)
    assert (found.kind, found.segment, found.seq, found.wall_ns, found.mono_ns, found.depth) == (
        "access", 1, 1, event(1)["wall_ns"], event(1)["mono_ns"], "data",
    )  # fmt: skip


@pytest.mark.parametrize(
    "bad",
    [b"nonsense", b"[]", b'{"kind":"x"}', as_line(event(1) | {"seq": True}), as_line(event(1) | {"segment": "1"}),
     as_line(event(1) | {"wall_ns": 1.5}), as_line(event(1) | {"kind": None}), line(1)[:-1] + b',"x":"\xff"}',
     line(1)[:-1] + b',"x":' + b"[" * 9_999 + b"]" * 9_999 + b"}"],
)  # fmt: skip
@pytest.mark.parametrize("among", [[], lines(1)])
def test_a_foreign_line_in_a_session_raises_the_one_error(tmp_path, bad, among):
    path = session(tmp_path / "a", [*among, bad])

    with pytest.raises(TraceError, match="not an event") as caught:
        list(lightleak.open(path).events())
    assert str(path) in caught.value.message


def test_events_out_of_order_are_refused_with_the_way_out(tmp_path):
    opened = lightleak.open(session(tmp_path / "a", [line(2), line(1)]))

    with pytest.raises(TraceError, match="seq 1 follows seq 2") as caught:
        list(opened.events())
    assert "import" in caught.value.hint


def test_files_of_one_recording_are_grouped_and_others_are_not(tmp_path):
    other = {**HEADER, "session": "another"}
    none = {key: value for key, value in HEADER.items() if key != "session"}
    paths = [
        session(tmp_path / "a", lines(2)),
        session(tmp_path / "b", lines(2), header=other),
        session(tmp_path / "c", lines(4)[2:]),
        session(tmp_path / "d", lines(2), header=none),
        session(tmp_path / "e", lines(3), header=none),
    ]
    groups = grouped(map(lightleak.open, paths))

    assert [[path.name for path in group.paths] for group in groups] == [["a", "c"], ["b"], ["d"], ["e"]]
    assert keys(groups[0]) == [(1, 1), (1, 2), (1, 3), (1, 4)]


def test_what_two_files_both_hold_is_given_once_and_fills_each_others_holes(tmp_path):
    made = lines(30)
    one = session(tmp_path / "a", made[:10] + made[20:])
    other = session(tmp_path / "b", made[5:25])
    (whole,) = grouped(map(lightleak.open, [one, other]))

    assert [each.seq for each in whole.events()] == list(range(1, 31))


def test_the_same_file_twice_is_one(tmp_path):
    one = session(tmp_path / "a", lines(5))
    other = tmp_path / "b"
    other.write_bytes(one.read_bytes())
    (whole,) = grouped(map(lightleak.open, [one, other, one]))

    assert list(whole.lines()) == lines(5)


def test_two_files_that_contradict_each_other_are_refused(tmp_path):
    one = session(tmp_path / "a", [line(1, depth="data")])
    other = session(tmp_path / "b", [line(1, depth="metadata")])
    (whole,) = grouped(map(lightleak.open, [one, other]))

    with pytest.raises(TraceError, match="differ in segment 1, seq 1"):
        list(whole.events())
