"""What a framework did on its own counts nowhere, of every kind: a copy of any event that is marked so changes no verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import lightleak
from lightleak.comparator import compare
from lightleak.comparator.policy.check import check
from lightleak.comparator.policy.schema import read_policy
from lightleak.costs import Costs
from lightleak.coverage import Coverage
from lightleak.device.recorder.statistics import RecordingStats
from lightleak.events import Event
from lightleak.trace.ndjson import import_trace
from lightleak.views.live.state import LiveState
from stories import APP, Trace, entry_lines, ident

SESSION = "6b0c2f0e-0000-4000-8000-000000000001"

KINDS: dict[str, dict[str, Any]] = {
    "a query": {"kind": "access", "depth": "metadata", "symbol": "+[PHAsset fetchAssetsWithOptions:]", "cause": 5},
    "a read": {"kind": "access", "depth": "data", "symbol": "-[PHImageManager data]", "asset": "a"},
    "a picker": {"kind": "access", "depth": "picker", "symbol": "-[PHPicker show]"},
    "a state": {"kind": "state", "value": "background", "reason": "silent-push"},
    "an input": {"kind": "input", "type": "touch"},
    "a notification": {"kind": "notification", "observer": {"class": "A", "id": "1"}, "change": "c", "type": "change"},
    "a registration": {"kind": "observer", "action": "registered", "observer": {"class": "B", "id": "9"}, "type": "change"},
    "a found observer": {"kind": "observer", "action": "found", "observer": {"class": "B", "id": "9"}, "type": "change"},
    "an unreadable observer": {"kind": "observer", "action": "registered", "observer": None, "type": "change"},
    "a permission": {"kind": "authorization", "action": "read", "level": "readWrite", "status": "denied", "symbol": "s"},
    "a question": {"kind": "authorization", "action": "asked", "level": "readWrite", "symbol": "s"},
    "an accounting": {"kind": "accounting", "phase": "begin", "identifier": ident(2), "service": "photos"},
    "a return": {"kind": "return", "of": 7, "duration_ns": 9, "cpu_ns": 5_000_000},
    "a delivery": {"kind": "delivery", "of": 7, "bytes": 12345, "degraded": False},
    "an unwatched handler": {"kind": "delivery", "of": 7, "reason": "no block"},
    "a usage": {"kind": "usage", "cpu_ns": 10**9, "footprint_bytes": 10**9, "wakeups": 99},
    "a property": {"kind": "property", "symbol": "-[PHAsset location]", "count": 9, "assets": 9},
    "a hook": {"kind": "hook", "probe": "accounting", "symbol": "s", "status": "removed"},
    "a skipped hook": {"kind": "hook", "probe": "input.event", "symbol": "s", "status": "skipped"},
    "an end": {"kind": "process", "phase": "exited", "role": "app", "identifier": APP, "pid": 101},
    "another name": {"kind": "process", "phase": "attached", "role": "extension", "identifier": "other", "pid": 5},
    "a sleep": {"kind": "process", "phase": "suspended", "role": "app", "identifier": APP, "pid": 101},
    "a clock": {"kind": "clock", "host_offset_ns": 5 * 10**9, "error_ns": 1},
    "a mark": {"kind": "mark", "label": "m"},
    "an unknown kind": {"kind": "strange", "count": 3},
}  # fmt: skip

POLICY = """
version = 1
not_proven = "warn"
[[rule]]
rule = "no-read"
name = "r"
[[rule]]
rule = "no-observer"
name = "o"
[[rule]]
rule = "no-unreported"
name = "u"
[[rule]]
rule = "ceiling"
name = "c"
measure = "reads"
per_hour = 1000
"""

_AT_S = 40.0


def story(extra: dict[str, Any] | None) -> list[dict[str, Any]]:
    """A session in which all happens that verdicts are about, and ``extra`` in the middle of it, in place of a mark."""
    trace = Trace(session=SESSION)
    trace.ready(0)  # seq 1 to 3
    trace.add(1, "state", value="active", reason=None, changed=False)
    trace.add(8, "notification", observer={"class": "A", "id": "1"}, change="c", type="change")
    trace.access(9, "metadata", cause=5)
    trace.access(10, "thumbnail", cause=5)
    trace.add(11, "return", of=7, duration_ns=5, cpu_ns=1_000_000)
    trace.add(12, "delivery", of=7, bytes=100, degraded=False)
    trace.add(13, "usage", cpu_ns=1, footprint_bytes=2, wakeups=3)
    trace.add(14, "property", symbol="-[PHAsset location]", count=2, assets=1)
    trace.add(39, "notification", observer={"class": "A", "id": "1"}, change="d", type="change")
    trace.add(_AT_S, "mark", label="here") if extra is None else trace.add(_AT_S, internal=True, **extra)
    trace.access(41, "data")
    trace.add(50, "usage", cpu_ns=10**7, footprint_bytes=2, wakeups=4)
    trace.access(70, "data")
    trace.add(90, "mark", label="end")
    return [trace.header, *trace.events]


LINES = entry_lines(1, 9.5, 20) + entry_lines(2, 40.5, 40.9) + entry_lines(3, 41.5, 44) + entry_lines(4, 85, 86)


def saved(folder: Path, lines: list[dict[str, Any]]) -> lightleak.Session:
    folder.mkdir(exist_ok=True)
    trace = folder / "s.ndjson"
    trace.write_text("".join(json.dumps(line) + "\n" for line in lines))
    import_trace(trace, folder / "s.lightleak")
    return lightleak.open(folder / "s.lightleak")


def verdicts(folder: Path, lines: list[dict[str, Any]]) -> tuple[str, str]:
    """Return verdicts and policy results as text, without the names of files."""
    session = saved(folder, lines)
    (folder / "r.ndjson").write_text(LINES)
    comparison = compare([session], lightleak.read_report(folder / "r.ndjson"))
    outcomes = check(comparison, read_policy(POLICY, "p.toml")).to_dict()
    texts = (json.dumps(one, sort_keys=True, default=str) for one in (comparison.to_dict(), outcomes))
    first, second = (text.replace(str(folder), "") for text in texts)
    return first, second


@pytest.mark.parametrize("kind", KINDS)
def test_an_internal_event_changes_no_verdict(kind: str, tmp_path: Path) -> None:
    """An internal "not-determined" emptied ``unreported``, and an internal state was the state that the app was in."""
    without = verdicts(tmp_path / "without", story(None))
    assert verdicts(tmp_path / "with", story(KINDS[kind])) == without
    # By the tolerant decoder too, which takes a block in which a key has another type.
    with_it, without_it = story(KINDS[kind]), story(None)
    for lines in (with_it, without_it):
        lines[7]["symbol"] = 7
    assert verdicts(tmp_path / "odd", with_it) == verdicts(tmp_path / "odd-without", without_it)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("a clock", "a mark", "an unknown kind")])
def test_the_story_notices_each_of_these_kinds_when_it_is_the_apps(kind: str, tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    without = verdicts(tmp_path / "without", story(None))
    lines = story(KINDS[kind])
    lines[13].pop("internal")
    assert (verdicts(tmp_path / "with", lines) == without) == (kind in {"a picker", "a skipped hook"})


def _live(events: list[Event]) -> Any:
    state = LiveState()
    state.feed(events)
    one = state.processes[1]
    return one.state, one.inputs, one.observers, one.phase, one.name, one.identifier, one.hooks, one.cpu_ns, state.gaps


def _recorded(events: list[Event]) -> Any:
    stats = RecordingStats()
    stats.feed(events)
    return stats.seen(), stats.hooks, stats.not_watched, stats.segments, stats.gaps


def _costs(events: list[Event]) -> Any:
    costs = Costs()
    costs.feed(events)
    return costs.summary(APP)


def _covered(events: list[Event]) -> Any:
    coverage = Coverage()
    coverage.feed_events(events)
    return [list(one.spans()) for one in coverage.segments.values()], coverage.gaps()


@pytest.mark.parametrize("count", [_live, _recorded, _costs, _covered])
@pytest.mark.parametrize("kind", KINDS)
def test_an_internal_event_counts_in_no_figure_of_a_recording(kind: str, count: Callable[[list[Event]], Any]) -> None:
    """The live view, the summary at the end of a recording, the cost of observers, and coverage."""
    with_it, without = (list(map(Event, story(extra)[1:])) for extra in (KINDS[kind], None))
    assert count(with_it) == count(without)


def test_what_is_lost_is_lost_whoever_would_have_done_it(tmp_path: Path) -> None:
    """A ``lost`` event says what is missing, not what was done: it is a gap all the same."""
    document = json.loads(verdicts(tmp_path / "s", story({"kind": "lost", "count": 7, "reason": "queue full"}))[0])
    assert document["sessions"][0]["lost"] == 7
    assert document["sessions"][0]["gaps"]
