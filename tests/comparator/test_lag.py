"""The lag that is fitted: to the matches that are not outliers, within bounds, and it says what it left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lightleak.comparator import Comparison
from lightleak.comparator.explain import notices
from lightleak.statements import Statement
from stories import Trace, entry_lines, ident, judge

DAY_S = 86_400.0


def fitted(folder: Path, lags_s: list[float]) -> Comparison:
    """Compare a session with one match for each lag, in s."""
    trace = Trace()
    trace.ready(0)
    for n in range(len(lags_s)):
        trace.access(10 + n * 200, "metadata")
        trace.add(10 + n * 200, "accounting", phase="begin", identifier=ident(n), service="photos")
    trace.add(len(lags_s) * 200 + 100, "mark", label="end")
    lines = [entry_lines(n, 10 + n * 200 + lag_s, 10 + n * 200 + lag_s + 5) for n, lag_s in enumerate(lags_s)]
    return judge(folder, trace, *lines, lag="auto")


def bound_s(found: Comparison) -> float:
    return found.lag.value_s


def said(found: Comparison) -> list[Statement]:
    """Return the notices about the lag."""
    return [notice for notice in found.warnings if isinstance(notice, notices.LagFitted | notices.LagNotFitted)]


def test_a_clock_that_was_set_between_call_and_stamp_does_not_matter(tmp_path: Path) -> None:
    """Twelve matches at 100 ms and one a day late made a lag of 114,048 s, so that a read 27.8 h before an entry was its depth."""
    found = fitted(tmp_path, [0.1] * 12 + [DAY_S])
    assert bound_s(found) == 0.5
    assert found.to_dict()["clock"]["lag_ms"]["outliers"] == 1
    assert said(found) == [notices.LagFitted(0.5, 12, 1, DAY_S * 1000, ident(12))]
    (words,) = map(notices.words, said(found))
    assert "The lag was fitted to 0.5 s, from 12 entries" in words
    assert f"1 outlier was left out, the furthest 24.0 h after the accounting (entry {ident(12)})." in words


def test_a_clock_set_back_is_an_outlier_too(tmp_path: Path) -> None:
    found = fitted(tmp_path, [0.1] * 12 + [-20.0, -19.0])
    assert (bound_s(found), found.lag.measured.left_out) == (0.5, 2)


def test_late_but_ordinary_stamps_are_no_outliers(tmp_path: Path) -> None:
    """A phone under load stamps seconds late now and then: the lag has to fit that."""
    found = fitted(tmp_path, [0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 2.0, 3.0, 4.0, 5.0])
    assert found.lag.measured.left_out == 0
    assert 5.0 < bound_s(found) < 8.0
    assert said(found) == []


def test_a_lag_of_minutes_is_not_fitted(tmp_path: Path) -> None:
    """However alike they are, a fitted lag ends at a minute."""
    assert bound_s(fitted(tmp_path, [100.0 + n for n in range(12)])) == 60.0


def test_too_few_without_the_outliers_are_too_few(tmp_path: Path) -> None:
    """Nine that fit and three that do not are nine: then it is 3 s, and the notice says so."""
    found = fitted(tmp_path, [0.1] * 9 + [DAY_S, 2 * DAY_S, -50.0])
    assert bound_s(found) == 3.0
    assert said(found) == [notices.LagNotFitted(9, 10, 3.0)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    good_ms=st.lists(st.integers(0, 1000), min_size=10, max_size=20),
    off_s=st.lists(st.integers(60, 10**6) | st.integers(-(10**6), -60), max_size=4),
)
def test_any_minority_of_clock_steps_changes_little(
    good_ms: list[int], off_s: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever a few of the matches say, the lag is one that fits the others."""
    found = fitted(tmp_path_factory.mktemp("case"), [*(ms / 1000 for ms in good_ms), *map(float, off_s)])
    assert found.lag.measured.left_out == len(off_s)
    assert 0.5 <= bound_s(found) <= max(0.5, 1.5 * max(good_ms) / 1000 + 0.1)
