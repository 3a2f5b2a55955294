"""Intervals of time against the plain counting of moments."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lightleak.arrays import Intervals

PAIRS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


def moments(pairs: list[tuple[int, int]]) -> set[int]:
    """The unit steps [n, n+1] that pairs cover; a reversed pair covers none."""
    return {n for start, stop in pairs for n in range(start, stop)}


@settings(max_examples=200, deadline=None)
@given(PAIRS, PAIRS, st.integers(0, 40), st.integers(0, 40))
def test_spans_cover_what_their_pairs_cover(one, two, at, by):
    spans, other = Intervals.union(one), Intervals.union(two)
    assert spans.pairs() == sorted(spans.pairs())
    assert all(stop < start for (_, stop), (start, _) in zip(spans.pairs(), spans.pairs()[1:], strict=False))
    assert moments(spans.pairs()) == moments(one)
    assert moments(spans.minus(other).pairs()) == moments(one) - moments(two)
    span = sorted((at, by))
    length = spans.length_between(np.array(span[:1]), np.array(span[1:]))[0]
    assert length == len(moments(one) & set(range(*span)))
    inside = any(start <= at <= stop for start, stop in one)
    assert bool(spans.contains(np.array([at]))[0]) == inside


@settings(max_examples=200, deadline=None)
@given(PAIRS, st.integers(0, 60), st.integers(0, 30))
def test_stepping_back_does_not_count_time_inside(asleep, at, by):
    here, left = at, by
    while left:
        here -= 1
        left -= here not in moments(asleep)
    # The earliest such moment: sleep that was reached at its end is passed.
    while by and here - 1 in moments(asleep):
        here -= 1
    found = int(Intervals.union(asleep).step_back(np.array([at]), by)[0])
    assert found == here or (not by and found <= at)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6), st.integers(0, 60), st.integers(0, 40))
def test_a_time_reaches_as_far_as_what_goes_back_to_it(pairs, time, by_ns):
    """What is at most so long before a time, without the intervals, is what reaches that time from there."""
    asleep = Intervals.union(pairs)
    ends = np.arange(time, 200)
    reach = int(asleep.step_on(np.array([time]), by_ns)[0])
    assert (time >= asleep.step_back(ends, by_ns)).tolist() == (ends <= reach).tolist()


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6), st.integers(0, 60), st.integers(0, 60))
def test_what_overlaps_and_where_an_interval_ends(pairs, start, stop):
    some, start, stop = Intervals.union(pairs), min(start, stop), max(start, stop)
    wanted = any(a <= stop and b >= start for a, b in some.pairs())
    assert some.overlaps(np.array([start]), np.array([stop])).tolist() == [wanted]
    end = next((b for a, b in some.pairs() if a <= start <= b), -1)
    assert some.stop_at(np.array([start]), np.array([-1])).tolist() == [end]
    assert some.length == sum(b - a for a, b in some.pairs())
    assert some.long().pairs() == [(a, b) for a, b in some.pairs() if b > a]
