"""A session shown from its columns is the session shown from its events; and single events are found where they are."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import lightleak
from lightleak.comparator.timeline.app_coverage import session_coverage
from lightleak.comparator.timeline.session_set import load_sessions
from lightleak.filter import Filter
from lightleak.trace.event_places import EventPlaces
from lightleak.views.export.source import ExportSource
from lightleak.views.terminal.timeline import TimelineStyle, render, render_columns
from lightleak.views.timeline.columns import ColumnEvents
from lightleak.views.timeline.session_timeline import Axis, ProcessesOnAxis, StreamedTimeline
from tracekit import as_line, event, session

ZONE = timezone(timedelta(hours=5, minutes=30))
KEYS: dict[str, Any] = {
    "depth": st.sampled_from(["open", "metadata", "thumbnail", "data", "upload", "write", "picker", "future"]),
    "symbol": st.sampled_from(["-[PHAsset a]", "+[PHAsset b:]"]),
    "internal": st.booleans(),
    "phase": st.sampled_from(["attached", "ready", "suspended", "resumed", "begin", "end", "exited"]),
    "identifier": st.sampled_from(["org.a", "org.b"]),
    "value": st.sampled_from(["active", "background", "inactive", "odd"]),
    "reason": st.sampled_from(["launch", "silent-push", "buffer full"]),
    "action": st.sampled_from(["registered", "asked", "found"]),
    "type": st.sampled_from(["change", "unavailable", "touch"]),
    "observer": st.just({"class": "Watcher", "id": "0x1"}),
    "cause": st.integers(1, 20),
    "resumed_by": st.integers(1, 20),
    "step_ns": st.sampled_from([0, 5 * 10**9]),
    "count": st.integers(0, 3),
    "label": st.just("x"),
}
KINDS = (
    *(
        "process",
        "hook",
        "state",
        "authorization",
        "observer",
        "notification",
        "access",
        "access",
        "return",
        "delivery",
    ),
    *("input", "usage", "property", "accounting", "stack", "clock", "mark", "lost", "unheard-of"),
)


@st.composite
def traces(draw: st.DrawFn) -> list[bytes]:
    """Events of two segments, mixed, with holes in the numbers and times that are close or far."""
    seqs = {1: 0, 2: 0}
    mono = 0
    lines = []
    for _ in range(draw(st.integers(1, 25))):
        segment = draw(st.sampled_from([1, 1, 2]))
        seqs[segment] += draw(st.sampled_from([1, 1, 1, 3]))
        mono += draw(st.sampled_from([1_000, 10**7, 3 * 10**9]))
        names = draw(st.lists(st.sampled_from(sorted(KEYS)), max_size=5, unique=True))
        made = event(seqs[segment], segment, draw(st.sampled_from(KINDS)), **{name: draw(KEYS[name]) for name in names})
        wall = 1_790_000_000 * 10**9 + mono + draw(st.sampled_from([0, 0, 0, -(10**10)]))
        lines.append(as_line(made | {"mono_ns": mono, "wall_ns": wall}))
    return lines


def both_ways(
    path: Path, most: int | None, columns: int = 30, expression: str | None = None
) -> tuple[list[str], list[str]]:
    opened = lightleak.open(path)
    sessions = load_sessions(opened)
    coverage = session_coverage(sessions)
    assert coverage.span is not None
    axis = Axis(*coverage.span, columns)
    style = TimelineStyle(UTC, is_ascii=False, is_filtered=expression is not None, most_events=most, width=80)
    keep = None if expression is None else Filter(expression, ZONE)
    streamed = render(StreamedTimeline(coverage, axis, lambda: ExportSource(opened, keep).events()), style)
    chosen = ColumnEvents(sessions, EventPlaces(opened), keep)
    from_columns = render_columns(ProcessesOnAxis(coverage, axis), chosen, style)
    return list(map(str, streamed)), list(map(str, from_columns))


@settings(deadline=None, max_examples=150)
@given(traces(), st.sampled_from([0, 1, 5, 1_000]), st.sampled_from([1, 3, 1_000]))
@example([as_line(event(1, kind="lost", count=0, reason="x"))], 5, 3)
def test_columns_show_what_the_events_show(lines, most, frame):
    with tempfile.TemporaryDirectory() as folder:
        path = session(Path(folder) / "s", lines, frame=frame)
        streamed, from_columns = both_ways(path, most)
    assert from_columns == streamed


COMPARISONS = (
    *("kind = access", "kind != return", "kind ~ un", "kind = stack", "kind ~ o", "depth = data", "depth != data"),
    *(
        "depth >= thumbnail",
        "depth = notification",
        "depth = write",
        "depth ~ fut",
        "app = org.a",
        "app ~ b",
        "app != org.a",
    ),
    *(
        "state = background",
        "state != unknown",
        "class = Watcher",
        "class ~ asset",
        "class != PHAsset",
        "symbol ~ b",
        "symbol != '-[PHAsset a]'",
    ),
    *(
        "trigger = none",
        "trigger = launch",
        "trigger != unknown",
        "trigger = activation",
        "trigger = change",
        "trigger ~ u",
    ),
    *(
        "cause.kind = state",
        "cause.kind != notification",
        "segment = 2",
        "segment < 2",
        "seq > 4",
        "seq != 3",
        "seq <= 2.5",
    ),
    *("time < 2026-09-21T14:13:21Z", "time != 2026-09-21T14:13:20Z", "time >= 19:43:21", "time = 19:43:20"),
)


def expressions() -> st.SearchStrategy[str]:
    both = st.sampled_from(COMPARISONS)
    return st.recursive(
        both,
        lambda inner: st.one_of(
            inner.map("not ({})".format), st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner)
        ),
        max_leaves=3,
    )


@settings(deadline=None, max_examples=200)
@given(traces(), expressions(), st.sampled_from([0, 1, 5, None]))
def test_a_filter_over_columns_keeps_what_it_keeps_of_the_events(lines, expression, most):
    with tempfile.TemporaryDirectory() as folder:
        path = session(Path(folder) / "s", lines)
        streamed, from_columns = both_ways(path, most, expression=expression)
    assert from_columns == streamed


ASKED: list[dict[str, Any]] = [
    {"kind": "process", "phase": "attached", "identifier": "org.a", "reason": "launch"},
    {"kind": "state", "value": "active"},
    {"kind": "notification", "type": "change", "observer": {"class": "Watcher", "id": "0x1"}},
    {"kind": "access", "depth": "data", "symbol": "+[PHAsset b:]", "cause": 2},
    {"kind": "access", "depth": "metadata", "symbol": "-[PHAsset a]", "cause": 3},
    {"kind": "return", "of": 5},
    {"kind": "access", "depth": "thumbnail", "symbol": "x"},
    {"kind": "state", "value": "background"},
    {"kind": "state", "value": "active", "reason": None},
    {"kind": "access", "depth": "write", "symbol": "x", "cause": 9},
    {"kind": "access", "depth": "future", "symbol": "x", "cause": 99},
    {"kind": "access", "symbol": "y", "cause_lost": True},
    {"kind": "access", "depth": "data", "symbol": "x", "internal": True, "cause": 9},
    {"kind": "stack", "frames": []},
    {"kind": "unheard-of", "symbol": "-[PHAsset b]"},
]


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_each_comparison_keeps_the_same_some(tmp_path, comparison):
    """A comparison that nothing passes would hold of any code, so each keeps some of these events and leaves others."""
    at_ns = 1_790_000_000 * 10**9
    made = [event(n, **one) | {"wall_ns": at_ns + n * 10**8} for n, one in enumerate(ASKED, 1)]
    made += [event(n, 2, "process", phase="attached", identifier="org.b") | {"wall_ns": at_ns + 10**9} for n in (1, 3)]
    path = session(tmp_path / "s", list(map(as_line, made)))
    kept = list(ExportSource(lightleak.open(path), Filter(comparison, ZONE)).events())
    assert 0 < len(kept) < len(made)
    streamed, from_columns = both_ways(path, None, expression=comparison)
    assert from_columns == streamed


def test_a_span_of_many_years_is_cut_into_the_same_columns(tmp_path):
    wall = [0, 10**17, 1_790_000_000 * 10**9, 1_790_000_000 * 10**9 + 1]
    made = [as_line(event(n, depth="data", symbol="x") | {"wall_ns": at}) for n, at in enumerate(wall, 1)]
    streamed, from_columns = both_ways(session(tmp_path / "s", made), 40, columns=200)
    assert from_columns == streamed


@settings(deadline=None, max_examples=100)
@given(traces(), st.lists(st.tuples(st.integers(1, 3), st.integers(1, 30)), max_size=8), st.sampled_from([1, 4, 1_000]))
def test_single_events_are_found_wherever_they_are(lines, wanted, frame):
    with tempfile.TemporaryDirectory() as folder:
        path = session(Path(folder) / "s", lines, frame=frame)
        places = EventPlaces(lightleak.open(path))
        there = {(one["segment"], one["seq"]): one for one in map(json.loads, lines)}
        for some in (wanted, wanted[:1], list(there)):
            found = places.read(some)
            assert found.keys() == there.keys() & set(some)
            assert all(found[key]["wall_ns"] == there[key]["wall_ns"] for key in found)


def test_frames_that_cannot_have_an_event_are_not_read_again(tmp_path, monkeypatch):
    path = session(tmp_path / "s", [as_line(event(n)) for n in range(1, 101)], frame=10)
    opened = lightleak.open(path)
    (part,) = opened.parts
    read: list[object] = []
    blocks = part.blocks
    monkeypatch.setattr(part, "blocks", lambda only: read.append(only) or blocks(only))
    places = EventPlaces(opened)
    assert places.read([(1, 95)]).keys() == {(1, 95)}
    read.clear()
    assert places.read([(1, 5), (1, 33)]).keys() == {(1, 5), (1, 33)}
    assert len(read) == 2


@pytest.mark.parametrize("order", [[3, 1, 2], [1, 3, 2]])
def test_an_event_out_of_order_is_found_too(tmp_path, order):
    path = session(tmp_path / "s", [as_line(event(n)) for n in order])
    places = EventPlaces(lightleak.open(path))
    assert places.read([(1, 1), (1, 2), (1, 3), (1, 4)]).keys() == {(1, 1), (1, 2), (1, 3)}
