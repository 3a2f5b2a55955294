"""The page's data about what set the acts off, what was watched, and what the process used."""

from __future__ import annotations

from typing import Any

import pytest

from lightleak.comparator import Comparison
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.events import TRIGGER_LINKS, TRIGGERS
from lightleak.views.page.details import details
from lightleak.views.page.evidence import reread
from lightleak.views.page.overview import facts
from lightleak.views.page.usage import usage_spans
from stories import T0_S, Trace, entry_lines, ident, judge


def blocks(found: Comparison) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the page's two blocks of data."""
    verdicts = found.document(list(found.verdicts()))
    sources = reread(found, verdicts["entries"])
    return facts(found, verdicts, sources), details(found, verdicts["entries"], sources)


def query(trace: Trace, at_s: float, **keys: Any) -> int:
    """Let the app query, and account for it as entry 1."""
    seq = trace.access(at_s, "metadata", **keys)
    trace.add(at_s + 0.02, "accounting", phase="begin", identifier=ident(1), service="photos")
    return seq


def test_an_entry_has_its_trigger_and_the_places_of_its_act_and_its_origin(tmp_path):
    trace = Trace()
    trace.ready(0)
    observer = {"class": "Watcher", "id": "0x1"}
    origin = trace.add(10, "notification", observer=observer, change="c", type="change")
    act = query(trace, 10.5, cause=origin)
    trace.add(100, "mark", label="end")
    first, second = blocks(judge(tmp_path, trace, entry_lines(1, 10.55, 71)))
    entries = first["entries"]
    assert entries["trigger"] == [TRIGGERS.index("change")]
    assert entries["trigger_by"] == [TRIGGER_LINKS.index("link")]
    assert entries["delay_ms"] == [500.0]
    assert [entries["whats"][number] for number in entries["what"]] == ["Watcher"]
    seqs, total = [], 0
    for step in second["events"]["seq"]:
        total += step
        seqs.append(total)
    assert [seqs[place] for place in (second["origins"][0], second["acts"][0])] == [origin, act]
    assert second["counts"][second["triggers"][0]] == (("change", 1),)


def test_a_picker_has_no_trigger_and_a_cause_that_names_nothing_is_not_known(tmp_path):
    trace = Trace()
    trace.ready(0)
    query(trace, 10, cause=4_000)
    trace.add(100, "mark", label="end")
    lines = entry_lines(1, 10.05, 71), entry_lines(2, 80, 81, outOfProcess=True)
    first, second = blocks(judge(tmp_path, trace, *lines))
    assert first["entries"]["trigger"] == [TRIGGERS.index("unknown"), None]
    assert first["entries"]["trigger_by"][1] is None
    assert second["origins"] == [None, None]


@pytest.mark.parametrize(("value", "what"), [("active", None), ("background", "background")])
def test_a_change_of_state_that_is_no_return_to_the_foreground_is_named(tmp_path, value, what):
    trace = Trace()
    trace.ready(0)
    trace.add(1, "state", value="inactive", reason=None)
    origin = trace.add(9, "state", value=value, reason=None)
    query(trace, 9.5, cause=origin)
    trace.add(100, "mark", label="end")
    entries = blocks(judge(tmp_path, trace, entry_lines(1, 9.55, 71)))[0]["entries"]
    assert entries["trigger"] == [TRIGGERS.index("activation")]
    assert [None if number is None else entries["whats"][number] for number in entries["what"]] == [what]


def test_origins_are_counted_where_they_can_set_an_act_off(tmp_path):
    trace = Trace()
    trace.ready(0, reason="launch")
    trace.add(1, "state", value="active", reason="launch")
    for at in (5, 6, 7):
        trace.add(at, "input", type="touch")
    trace.add(8, "state", value="background", reason=None)
    trace.add(9, "state", value="background", reason="silent-push")
    trace.add(10, "state", value="active", reason=None, changed=False)
    trace.add(20, "mark", label="end")
    rows = blocks(judge(tmp_path, trace, entry_lines(1, 15, 16)))[0]["lanes"][0]["rows"]
    counts = {name: len(rows[name]["bins"]) for name in ("touch", "wake", "launch", "activation") if name in rows}
    assert counts == {"touch": 3, "wake": 1, "launch": 1}


def test_what_was_watched_is_all_some_or_none_of_it(tmp_path):
    trace = Trace()
    for segment in (1, 2):
        trace.ready(segment * 100, segment=segment)
        trace.add(segment * 100 + 1, "hook", segment, probe="input.event", symbol="x", status="installed")
        trace.add(segment * 100 + 90, "process", segment, phase="exited")
    trace.add(201.5, "hook", 2, probe="wake.silent-push", symbol="x", status="installed")
    trace.add(202, "mark", 2, label="end")
    watched = blocks(judge(tmp_path, trace, entry_lines(1, 120, 130)))[0]["apps"][0]["watched"]
    assert watched == {"changes": "none", "inputs": "all", "wakes": "some", "handoffs": "none"}


def used(trace: Trace, at_s: float, cpu_s: float | None, footprint: int | None, segment: int = 1) -> None:
    """Add a ``usage`` event."""
    cpu_ns = None if cpu_s is None else int(cpu_s * 1e9)
    trace.add(at_s, "usage", segment, cpu_ns=cpu_ns, footprint_bytes=footprint)


def spans(folder: Any, trace: Trace, most: int = 100) -> list[list[int | None]]:
    """Return the spans of usage with times in ms of the story."""
    trace.add(900, "mark", label="end")
    found = judge(folder, trace, entry_lines(1, 5, 6))
    timeline = AppTimeline.of(found.sessions, trace.app or "")
    flat = usage_spans(timeline, T0_S * 1000, most)
    return [flat[at : at + 4] for at in range(0, len(flat), 4)]


def test_usage_is_what_was_used_between_two_measurements_and_nothing_where_it_was_not_told(tmp_path):
    trace = Trace()
    trace.ready(0)
    used(trace, 10, 1, 5_000_000)
    used(trace, 20, 3, 6_000_000)
    used(trace, 30, None, None)
    used(trace, 40, 2, 7_000_000)
    used(trace, 50, 1, 8_000_000)
    assert spans(tmp_path, trace) == [
        [10_000, 20_000, 200, 6000],
        [20_000, 30_000, None, None],
        [30_000, 40_000, None, 7000],
        [40_000, 50_000, None, 8000],  # A sum that falls is damaged.
    ]


def test_no_span_of_usage_reaches_across_missing_events_or_another_process(tmp_path):
    trace = Trace()
    trace.ready(0)
    used(trace, 10, 1, 1000)
    used(trace, 20, 2, 1000)
    trace.add(25, "lost", count=7, reason="test")
    used(trace, 30, 9, 1000)
    used(trace, 40, 10, 1000)
    trace.ready(50, segment=2)
    used(trace, 60, 1, 1000, 2)
    used(trace, 70, 2, 1000, 2)
    assert [span[:2] for span in spans(tmp_path, trace)] == [[10_000, 20_000], [30_000, 40_000], [60_000, 70_000]]


def test_a_week_of_usage_is_joined_to_few_spans_with_the_largest_footprint(tmp_path):
    trace = Trace()
    trace.ready(0)
    for step in range(80):
        used(trace, 10 + step * 10, step, 50_000_000 if step == 33 else 1_000_000)
    found = spans(tmp_path, trace, most=10)
    assert len(found) <= 11
    assert [found[0][0], found[-1][1]] == [10_000, 800_000]
    assert {span[2] for span in found} == {100}
    assert max(span[3] for span in found if span[3] is not None) == 50_000
