"""Transport numbers and the file's."""

from __future__ import annotations

from lightleak.device.recorder.event_codec import SequenceMap


def test_a_number_from_before_the_segment_names_no_event_of_it() -> None:
    numbers = SequenceMap()
    numbers.assign(50, 1, 3)
    numbers.assign(60, 9, 2)

    assert [numbers.seq_of(n) for n in (49, 50, 52, 53, 59, 60, 61, 62)] == [None, 1, 3, None, None, 9, 10, None]
    assert [numbers.seq_of(n) for n in (True, "50", 50.0)] == [None, None, None]


def test_memory_grows_with_interruptions_and_not_with_events() -> None:
    numbers = SequenceMap()
    for number in range(1, 1_000):
        numbers.assign(number, number)
    numbers.assign(1_000, 1_001, 500)

    assert len(numbers._starts) == 2
    assert [numbers.seq_of(n) for n in (1, 999, 1_000, 1_499)] == [1, 999, 1_001, 1_500]
