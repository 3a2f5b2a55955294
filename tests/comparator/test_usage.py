"""What an app used, by state and around callbacks: sums are whole, gaps are left out, and what was not told is null."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lightleak
from lightleak.comparator.assumptions import UNTESTED
from lightleak.comparator.rules.usage import usage_of
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.session_set import load_sessions
from stories import APP, Trace, entry_lines, judge

CPU = 10**9


def measured(folder, trace: Trace) -> dict[str, Any] | None:
    return usage_of(AppTimeline.of(load_sessions(trace.save(folder)), APP, UNTESTED))


def use(
    trace: Trace, at_s: float, cpu_s: float | None, mb: int | None = 10, wakeups: int | None = 0, **keys: Any
) -> None:
    trace.add(
        at_s, "usage", cpu_ns=None if cpu_s is None else round(cpu_s * CPU),
        footprint_bytes=None if mb is None else mb * 10**6, wakeups=wakeups, energy_nj=None, disk_read_bytes=None, **keys,
    )  # fmt: skip


def launched() -> Trace:
    trace = Trace()
    trace.ready(0)
    trace.add(0.1, "state", value="active")
    return trace


def test_each_interval_counts_for_the_state_in_force(tmp_path):
    trace = launched()
    use(trace, 0.1, 1, 50, 3)
    use(trace, 10, 4, 90, 5)
    trace.add(15, "state", value="background")
    use(trace, 15, 5, 80, 6)
    use(trace, 25, 5.5, 40, 9)
    assert measured(tmp_path, trace) == {
        "samples": 4, "seconds": 24.9, "cpu_ms": 4500.0, "wakeups": 6, "disk_read_bytes": None, "energy_mj": None,
        "footprint_peak_bytes": 90_000_000, "partly": [], "left_out_s": 0,
        "by_state": {
            "active": {"seconds": 14.9, "cpu_ms": 4000.0, "wakeups": 3, "disk_read_bytes": None, "energy_mj": None,
                       "footprint_peak_bytes": 90_000_000, "partly": []},
            "background": {"seconds": 10.0, "cpu_ms": 500.0, "wakeups": 3, "disk_read_bytes": None, "energy_mj": None,
                           "footprint_peak_bytes": 40_000_000, "partly": []},
        },
        "around_callbacks": {},
    }  # fmt: skip


@pytest.mark.parametrize("order", [("state", "usage"), ("usage", "state")])
def test_it_does_not_matter_whether_the_state_or_its_measure_comes_first(tmp_path, order):
    trace = launched()
    use(trace, 0.1, 0)
    for at, what in zip((10, 10.2), order, strict=True):
        trace.add(at, "state", value="background") if what == "state" else use(trace, at, 2)
    use(trace, 20, 3)
    found = measured(tmp_path, trace)["by_state"]
    assert {name: one["cpu_ms"] for name, one in found.items()} == {"active": 2000.0, "background": 1000.0}


def test_an_interval_of_two_states_is_of_neither(tmp_path):
    trace = launched()
    use(trace, 1, 0)
    trace.add(5, "state", value="background")
    use(trace, 10, 2)
    found = measured(tmp_path, trace)["by_state"]
    assert found["mixed"]["cpu_ms"] == 2000.0
    assert set(found) == {"active", "mixed"}, "the first measure has a footprint, and no interval"
    assert found["active"]["cpu_ms"] is None


def test_nothing_is_counted_across_a_gap(tmp_path):
    trace = launched()
    use(trace, 1, 0, 10)
    use(trace, 11, 1, 20)
    trace.add(15, "lost", count=4, reason="full")
    trace.add(15, "state", value="active", changed=False)
    use(trace, 21, 7, 99)
    use(trace, 31, 8, 30)
    trace.add(35, "mark", skip=3, label="after a hole")
    use(trace, 41, 20, 20)
    found = measured(tmp_path, trace)
    assert (found["cpu_ms"], found["seconds"], found["left_out_s"]) == (2000.0, 20.0, 20.0)
    assert found["footprint_peak_bytes"] == 99_000_000, "it was measured, whatever is missing before it"


def test_a_measure_right_after_a_gap_starts_the_next_interval(tmp_path):
    trace = launched()
    use(trace, 1, 1)
    use(trace, 11, 5, skip=3)
    use(trace, 21, 7)
    found = measured(tmp_path, trace)
    assert (found["cpu_ms"], found["seconds"], found["left_out_s"]) == (2000.0, 10.0, 10.0)


def test_what_was_measured_and_is_0_is_0(tmp_path):
    trace = launched()
    use(trace, 1, 5, 10, 4)
    use(trace, 11, 5, 10, 4)
    found = measured(tmp_path, trace)
    assert (found["cpu_ms"], found["wakeups"], found["disk_read_bytes"]) == (0.0, 0, None)


def test_a_new_process_starts_at_its_own_figures(tmp_path):
    trace = launched()
    use(trace, 1, 90)
    use(trace, 11, 91)
    trace.add(12, "process", phase="exited")
    trace.ready(20, 2)
    use(trace, 21, 0.5)
    use(trace, 31, 0.75)
    assert measured(tmp_path, trace)["cpu_ms"] == 1250.0


def test_time_asleep_is_no_time_and_what_was_used_around_it_counts_once(tmp_path):
    trace = launched()
    trace.add(1, "state", value="background")
    use(trace, 1, 1)
    trace.add(3, "process", phase="suspended")
    trace.add(3600, "process", phase="resumed")
    use(trace, 3601, 1.5)
    found = measured(tmp_path, trace)
    assert (found["seconds"], found["cpu_ms"]) == (3.0, 500.0)
    assert list(found["by_state"]) == ["background"]


def test_what_was_not_told_is_null_and_a_sum_that_is_not_whole_is_named(tmp_path):
    trace = launched()
    use(trace, 1, None, None, None)
    use(trace, 11, 1, None, None)
    use(trace, 21, 3, None, None)
    use(trace, 31, 2, None, None)
    found = measured(tmp_path, trace)
    assert (found["cpu_ms"], found["partly"]) == (2000.0, ["cpu_ms"])
    assert (found["wakeups"], found["footprint_peak_bytes"], found["energy_mj"]) == (None, None, None)


def test_a_recording_without_a_measure_has_no_usage_and_one_measure_has_no_sum(tmp_path):
    (tmp_path / "one").mkdir()
    assert measured(tmp_path, launched()) is None
    trace = launched()
    use(trace, 1, 5, 10)
    found = measured(tmp_path / "one", trace)
    assert (found["samples"], found["cpu_ms"], found["footprint_peak_bytes"]) == (1, None, 10_000_000)


def test_intervals_with_callbacks_are_compared_with_those_without_in_the_same_state(tmp_path):
    trace = launched()
    trace.add(1, "notification", observer={"class": "A", "id": "1"}, type="change")
    trace.add(2, "state", value="background")
    use(trace, 2, 0, 10)
    use(trace, 12, 1, 10)
    trace.add(15, "notification", observer={"class": "A", "id": "1"}, type="change")
    trace.add(16, "notification", observer={"class": "A", "id": "1"}, type="change", internal=True)
    use(trace, 22, 4, 25)
    use(trace, 32, 4.5, 20)
    trace.add(33, "notification", observer={"class": "A", "id": "1"}, type="unavailable")
    use(trace, 42, 5, 20)
    assert measured(tmp_path, trace)["around_callbacks"] == {
        "background": {
            "with": {"intervals": 1, "seconds": 10.0, "cpu_ms": 3000.0, "footprint_change_bytes": 15_000_000},
            "without": {"intervals": 3, "seconds": 30.0, "cpu_ms": 2000.0, "footprint_change_bytes": -5_000_000},
        }
    }


def test_it_is_in_the_summary_of_the_json(tmp_path):
    trace = launched()
    use(trace, 1, 0)
    use(trace, 11, 1)
    found = json.loads(judge(tmp_path, trace, entry_lines(1, 5, 6)).to_json())
    assert found["summary"][APP]["usage"]["cpu_ms"] == 1000.0


FIGURES = st.one_of(st.none(), st.integers(0, 5), st.just(-1), st.just("much"), st.just(2**60))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("usage"), FIGURES, st.integers(0, 9)),
        st.tuples(st.sampled_from(["active", "background"]), st.none(), st.integers(0, 9)),
        st.tuples(st.sampled_from(["suspended", "resumed", "lost", "notification", "hole"]), st.none(), st.integers(0, 9)),
    ),
    max_size=25,
)  # fmt: skip


def story_of(steps) -> tuple[Trace, list[list[tuple[int, Any]]]]:
    """Return a trace, and the (time, sum) of its measures in runs without a gap."""
    trace, at, total, runs = launched(), 1, 0, [[]]
    for what, more, wait in steps:
        at += wait
        if what == "usage":
            total += more if more.__class__ is int and 0 <= more < 2**50 else 0
            value = total if more.__class__ is int and 0 <= more < 2**50 else more
            trace.add(at, "usage", cpu_ns=value, footprint_bytes=value)
            runs[-1].append((at, value))
        elif what in ("active", "background"):
            trace.add(at, "state", value=what)
        elif what in ("suspended", "resumed"):
            trace.add(at, "process", phase=what)
        elif what == "notification":
            trace.add(at, "notification", observer={"class": "A", "id": "1"}, type="change")
        else:
            if what == "lost":
                trace.add(at, "lost", count=1, reason="full")
            trace.add(at, "mark", skip=2 * (what == "hole"), label="x")
            runs.append([])
    return trace, runs


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_states_and_callbacks_divide_the_total_which_is_the_difference_of_what_was_measured(tmp_path_factory, steps):
    trace, runs = story_of(steps)
    found = measured(tmp_path_factory.mktemp("s"), trace)
    measures = [one for run in runs for one in run]
    assert (found is None) == (not measures)
    if found is None:
        return
    pairs = [pair for run in runs for pair in itertools.pairwise(run)]
    sane = [(a, b) for (_, a), (_, b) in pairs if all(v.__class__ is int and 0 <= v < 2**50 for v in (a, b))]
    assert found["cpu_ms"] == (round(sum(b - a for a, b in sane) / 1e6, 3) if sane else None)
    peaks = [value for _, value in measures if value.__class__ is int and 0 <= value < 2**50]
    assert found["footprint_peak_bytes"] == max(peaks, default=None)
    states = found["by_state"].values()
    assert found["cpu_ms"] in (None, pytest.approx(sum(one["cpu_ms"] or 0 for one in states), abs=0.01))
    assert found["seconds"] == pytest.approx(sum(one["seconds"] for one in states), abs=0.01)
    assert max((one["footprint_peak_bytes"] or 0 for one in states), default=0) == (found["footprint_peak_bytes"] or 0)
    for name, parts in found["around_callbacks"].items():
        whole = sum(part["seconds"] for part in parts.values())
        assert whole == pytest.approx(found["by_state"][name]["seconds"], abs=0.01)


def test_a_session_of_no_app_is_no_reason_to_fail(tmp_path):
    trace = Trace(app=None)
    trace.add(1, "usage", cpu_ns=1)
    sessions = load_sessions([lightleak.open(trace.save(tmp_path).paths[0])])
    assert usage_of(AppTimeline.of(sessions, APP, UNTESTED)) is None
