"""A SEGB file gives back what was written; what its checksums do not vouch for is told, never believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.errors import ReportError
from lightleak.report.segb import DELETED, EMPTY, SLOT, WRITTEN, read_segment
from report.segb_writer import NewRecord, segment_bytes

new_records = st.lists(
    st.builds(NewRecord, st.integers(0, 10**9).map(float), st.binary(min_size=1, max_size=40), st.booleans()),
    max_size=8,
)


@given(new_records)
def test_what_is_written_is_read_back(written: list[NewRecord]) -> None:
    segment = read_segment(segment_bytes(written, created_s=5.0))
    expected = [(r.time_s, None if r.deleted or not any(r.data) else r.data) for r in written]
    # All-zero data, even whole, say nothing: such a slot is told as unreadable unless it is deleted.
    readable = [(time, data) for (time, data), r in zip(expected, written, strict=True) if data or r.deleted]
    assert [(r.time_s, r.data) for r in segment.records] == readable
    assert len(segment.unreadable) == len(written) - len(readable)
    assert segment.created_s == 5.0
    assert segment.problem == ""


def test_slots_in_any_order_name_the_same_entries() -> None:
    written = [NewRecord(float(n), bytes([n + 1]) * (n + 3)) for n in range(5)]
    file = segment_bytes(written)
    slots = [file[at : at + SLOT.size] for at in range(len(file) - 5 * SLOT.size, len(file), SLOT.size)]
    turned = file[: -5 * SLOT.size] + b"".join(reversed(slots))
    assert [r.data for r in read_segment(turned).records] == [r.data for r in written]


def test_a_slot_written_and_later_deleted_is_one_deleted_entry() -> None:
    file = segment_bytes([NewRecord(1.0, b"abcd", deleted=True)], extra_slots=[SLOT.pack(12, WRITTEN, 1.0)])
    segment = read_segment(file)
    assert [(r.time_s, r.data) for r in segment.records] == [(1.0, None)]
    assert segment.unreadable == []


def test_a_stale_slot_inside_a_newer_entry_hides_nothing() -> None:
    stale = SLOT.pack(8 + 4 + 8 + 3, WRITTEN, 9.0)
    segment = read_segment(
        segment_bytes([NewRecord(1.0, b"old!"), NewRecord(2.0, b"a newer entry")], extra_slots=[stale])
    )
    assert [r.data for r in segment.records] == [b"old!", b"a newer entry"]
    assert segment.unreadable == [1]


def test_empty_and_unused_slots_are_passed_over() -> None:
    spare = [SLOT.pack(0, 0, 0.0), SLOT.pack(99, EMPTY, 0.0)]
    segment = read_segment(segment_bytes([NewRecord(1.0, b"x")], extra_slots=spare))
    assert [r.data for r in segment.records] == [b"x"]
    assert segment.problem == ""


def test_a_slot_of_an_unknown_state_is_a_problem() -> None:
    assert "1 slots of an unknown state" in read_segment(segment_bytes([], extra_slots=[SLOT.pack(4, 7, 0.0)])).problem


@pytest.mark.parametrize(
    ("end", "state"), [(-1, WRITTEN), (0, WRITTEN), (7, WRITTEN), (1 << 30, WRITTEN), (-1, DELETED)]
)
def test_a_slot_that_points_nowhere_is_unreadable(end: int, state: int) -> None:
    segment = read_segment(segment_bytes([NewRecord(1.0, b"x")], extra_slots=[SLOT.pack(end, state, 0.0)]))
    assert segment.unreadable == [1]
    assert [r.data for r in segment.records] == [b"x"]


def test_a_flipped_bit_is_noticed() -> None:
    file = bytearray(segment_bytes([NewRecord(1.0, b"first"), NewRecord(2.0, b"second")]))
    file[32 + 8] ^= 1
    segment = read_segment(bytes(file))
    assert [r.data for r in segment.records] == [b"second"]
    assert segment.unreadable == [1]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "not a SEGB"),
        (b"SEGB", "cut off"),
        (segment_bytes([NewRecord(1.0, b"x" * 50)])[:40], "cut off"),
        (b"SEGB\xff\xff\xff\xff" + bytes(24), "cut off"),
        (bytes(52) + b"SEGB" + bytes(100), "version 1"),
    ],
)
def test_other_files_are_refused_by_name(file: bytes, why: str) -> None:
    with pytest.raises(ReportError, match=why):
        read_segment(file)


def test_a_file_made_to_be_searched_forever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    summed = []
    monkeypatch.setattr("lightleak.report.segb.zlib.crc32", lambda data: summed.append(len(data)) or 0)
    slots = [SLOT.pack(end, WRITTEN, 0.0) for end in range(100_000, 164_000, 4)]
    file = bytearray(segment_bytes([], extra_slots=slots))
    file[32:32] = b"\xaa" * 164_000
    assert "given up" in read_segment(bytes(file)).problem
    assert sum(summed) < 34 * 165_000


@given(new_records, st.data())
def test_any_damage_leaves_only_entries_that_were_written(written: list[NewRecord], data: st.DataObject) -> None:
    file = bytearray(segment_bytes(written))
    for _ in range(data.draw(st.integers(0, 4))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    try:
        segment = read_segment(bytes(file))
    except ReportError:
        return
    known = {r.data for r in written} | {None}
    # A wrong CRC field can agree with wrong data only by collision; none is this small.
    assert {r.data for r in segment.records} <= known or any(not r.data for r in written)


def test_states_are_the_published_ones() -> None:
    assert (WRITTEN, DELETED, EMPTY) == (1, 3, 4)
