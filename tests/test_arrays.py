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
