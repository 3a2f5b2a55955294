"""Places are sorted only when they are not in order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lightleak.trace.event_order import EventIndex, Place


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 2**62) | st.integers(1, 6)), max_size=40))
def test_each_event_is_kept_once_in_order_and_each_double_is_named(keys):
    places = EventIndex()
    for index, (segment, seq) in enumerate(keys):
        places.add(segment, seq, index * 10, index + 1)
    pairs = places.sort()
    kept = [keys[offset // 10] for offset in places.offsets]

    assert sorted(kept) == sorted(set(kept)) == sorted(set(keys))
    for segment in (1, 2, 3):
        assert [seq for of, seq in kept if of == segment] == sorted(seq for of, seq in kept if of == segment)
    assert len(pairs) == len(keys) - len(set(keys))
    for first, again in pairs:
        assert keys[first.number - 1] == keys[again.number - 1]
        assert first.number == keys.index(keys[again.number - 1]) + 1 < again.number
        assert first == Place((first.number - 1) * 10, first.number)


def test_segments_in_order_each_are_not_moved():
    places = EventIndex()
    for offset, (segment, seq) in enumerate([(2, 5), (1, 1), (2, 6), (1, 9)]):
        places.add(segment, seq, offset, offset + 1)

    assert places.sort() == []
    assert places.offsets == [0, 1, 2, 3]
