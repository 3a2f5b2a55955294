"""Counts, lengths of time, sizes and lists in words."""

from __future__ import annotations

import pytest

from lightleak import wording
from lightleak.wording import DISKS, HOURS, LARGEST, WATCHED, duration, elapsed, join_and, percent, plural, size, times


def test_things_are_counted():
    assert [plural(n, "read") for n in (0, 1, 2, 1000)] == ["0 reads", "1 read", "2 reads", "1,000 reads"]
    assert plural(2, "entry", "entries") == "2 entries"
    assert plural(0, "gap", zero="no") == "no gaps"
    assert plural(1000, "read", grouped=False) == "1000 reads"


def test_occasions_are_counted():
    assert [times(n) for n in (1, 2, 3)] == ["once", "2 times", "3 times"]
    assert times(2, twice=True) == "twice"


@pytest.mark.parametrize(
    ("seconds", "scale", "text"),
    [
        (0.25, wording.FITTING, "250 ms"),
        (119, wording.FITTING, "119.0 s"),
        (120, wording.FITTING, "2 min"),
        (7200, wording.FITTING, "2.0 h"),
        (0.0015, LARGEST, "1.5 ms"),
        (86_400, LARGEST, "1.0 d"),
        (60, WATCHED, "1.0 min"),
        (1, WATCHED, "1.0 s"),
        (3_600_000, HOURS, "1,000.0 h"),
        (3_600, HOURS, "60.0 min"),
    ],
)
def test_lengths_of_time_have_the_unit_that_fits(seconds, scale, text):
    assert duration(seconds, scale) == text


def test_a_clock_that_goes_back_is_shown_so():
    assert elapsed(0, 3_723_004_000_000) == "+1:02:03.004"
    assert elapsed(1_000_000_000, 0) == "-0:00:01.000"


def test_sizes_have_the_unit_that_fits():
    assert [size(n) for n in (0, 999, 1000, 2_500_000, 10**10)] == ["0 B", "999 B", "1.0 kB", "2.5 MB", "10.0 GB"]
    assert [size(n, DISKS) for n in (10_000, 5e6, 2e9)] == ["0 MB", "5 MB", "2.0 GB"]


def test_what_is_not_whole_does_not_read_as_whole():
    assert [percent(share) for share in (1, 0.9999, 0.5)] == ["100 %", "99.9 %", "50 %"]


def test_things_are_listed():
    assert [join_and(list(parts)) for parts in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
