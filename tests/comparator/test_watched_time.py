"""When an app was watched: by the clock that never steps, with probes, sleep, losses, gaps and damage in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import lightleak
from lightleak.comparator import Comparison, compare
from lightleak.comparator.timeline.session_set import clock_steps
from lightleak.comparator.timeline.watched_time import WatchedTime
from lightleak.events import NS_PER_S
from lightleak.trace.file_status import CutTail, DamagedStretch, NoClosingSeal
from lightleak.trace.session_file import SessionFile
from stories import APP, NS, T0_S, Trace, entry_lines, ident, judge, only
from tracekit import as_line, session

OBSERVER = {"class": "A", "id": "1"}


def set_clock(trace: Trace, since: int, seconds: float) -> None:
    """Set the wall clock of all events from the one with a number on."""
    for event in trace.events[since:]:
        event["wall_ns"] += round(seconds * NS)


def watched(comparison: Comparison) -> WatchedTime:
    (app,) = comparison.apps
    return app.timeline.watched


def hours(comparison: Comparison) -> float:
    return watched(comparison).duration_ns / NS_PER_S / 3600


def unreported(comparison: Comparison) -> list[dict[str, Any]]:
    return comparison.to_dict()["unreported"]


def causes(comparison: Comparison) -> dict[str, str]:
    return {entry["identifier"]: entry["cause"] for entry in comparison.to_dict()["entries"]}


def two_minutes_with_a_clock_that_runs_ahead() -> Trace:
    """The wall clock is 4,899 s ahead for 11 s, and the process exits after 120 s."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "observer", action="found", observer=OBSERVER, type="change")
    trace.access(99, "metadata")
    ahead = len(trace.events)
    trace.access(101, "metadata")
    trace.access(110, "metadata")
    back = len(trace.events)
    trace.access(112, "metadata")
    trace.add(120, "process", phase="exited", role="app", identifier=APP, pid=101)
    set_clock(trace, ahead, 4899)
    set_clock(trace, back, -4899)
    return trace


# The clock is set -----------------------------------------------------------------------------------------------------


def test_wall_time_that_a_step_skipped_was_not_watched(tmp_path):
    """The clock was set far ahead and back: the process had exited long before a time that both steps enclose."""
    lines = entry_lines(1, 3000, 3001) + entry_lines(2, 115, 115.5) + entry_lines(3, 5005, 5005.5)
    found = judge(tmp_path, two_minutes_with_a_clock_that_runs_ahead(), lines)
    assert causes(found) == {ident(1): "unobserved", ident(2): "unexplained", ident(3): "unexplained"}


def test_time_that_was_skipped_is_a_gap_with_its_reason(tmp_path):
    """On both sides of the time that the clock showed: when it was set is known as far as events are close to each other."""
    found = judge(tmp_path, two_minutes_with_a_clock_that_runs_ahead(), entry_lines(1, 3000, 3001)).to_dict()
    gaps = [(gap["from"][11:19], gap["to"][11:19], gap["reason"]) for gap in found["sessions"][0]["gaps"]]
    assert gaps == [
        ("16:54:59", "16:55:12", "the clock was set"),
        ("16:55:20", "18:16:40", "the clock was set"),
    ]


def test_where_a_process_ended_the_gap_has_that_reason_although_its_clock_was_set_before(tmp_path):
    """Once a clock had been set, the gap after the end of the connection was blamed on the clock too."""
    trace = Trace()
    trace.ready(0)
    trace.access(50, "metadata")
    later = len(trace.events)
    trace.access(60, "metadata")
    trace.add(110, "process", phase="detached", reason="connection-lost")
    trace.ready(500, segment=2)
    trace.add(600, "mark", 2, label="end")
    set_clock(trace, later, 1000)
    found = judge(tmp_path, trace, entry_lines(1, 20, 21)).to_dict()
    reasons = [gap["reason"] for gap in found["sessions"][0]["gaps"]]
    assert reasons == ["the clock was set", "detached: connection-lost"]


def test_hours_run_by_the_clock_that_never_steps(tmp_path):
    found = judge(tmp_path, two_minutes_with_a_clock_that_runs_ahead(), entry_lines(1, 3000, 3001))
    assert watched(found).duration_ns == 120 * NS_PER_S
    assert watched(found).share == 1


def test_a_step_of_a_day_is_no_day_of_watching(tmp_path):
    trace = Trace()
    trace.ready(0)
    trace.access(50, "metadata")
    later = len(trace.events)
    trace.access(60, "metadata")
    trace.add(110, "mark", label="end")
    set_clock(trace, later, 86_400)
    assert watched(judge(tmp_path, trace, entry_lines(1, 20, 21))).duration_ns == 110 * NS_PER_S


def test_a_clock_that_is_slewed_was_not_set(tmp_path):
    """The network moves a clock by some parts in a million: over a quiet night that is no step."""
    trace = Trace()
    trace.ready(0)
    trace.access(10, "metadata")
    later = len(trace.events)
    trace.add(30_000, "mark", label="morning")
    set_clock(trace, later, 2)
    assert only(judge(tmp_path, trace, entry_lines(1, 15_000, 15_001)))["cause"] == "unexplained"


def test_the_device_starts_again_between_two_launches(tmp_path):
    """The clock that never steps starts again with the device: how far two launches are apart, only the wall clock says."""
    trace = Trace()
    trace.ready(0)
    trace.add(100, "process", phase="exited", role="app", identifier=APP, pid=101)
    later = len(trace.events)
    trace.ready(1000, segment=2)
    trace.add(1100, "mark", segment=2, label="end")
    for event in trace.events[later:]:
        event["mono_ns"] -= round((1_000_000 + 900) * NS)
    found = watched(judge(tmp_path, trace, entry_lines(1, 50, 51)))
    assert found.duration_ns == 200 * NS_PER_S
    assert found.share == pytest.approx(200 / 1100)


def test_the_clock_is_set_between_two_launches(tmp_path):
    trace = Trace()
    trace.ready(0)
    trace.add(100, "process", phase="exited", role="app", identifier=APP, pid=101)
    later = len(trace.events)
    trace.ready(110, segment=2)
    trace.add(210, "mark", segment=2, label="end")
    set_clock(trace, later, 80_000)
    found = watched(judge(tmp_path, trace, entry_lines(1, 50, 51)))
    assert (found.duration_ns, found.share) == (200 * NS_PER_S, pytest.approx(200 / 210))


@pytest.mark.parametrize("sessions", [1, 2])
def test_two_processes_at_once_are_watched_once(tmp_path, sessions):
    one, two = Trace(), Trace()
    other = one if sessions == 1 else two
    one.ready(0)
    one.add(100, "mark", label="end")
    other.ready(50, segment=2)
    other.add(150, "mark", segment=2, label="end")
    (tmp_path / "r.ndjson").write_text(entry_lines(1, 20, 21))
    saved = [one.save(tmp_path, "1.lightleak")] + ([two.save(tmp_path, "2.lightleak")] if sessions == 2 else [])
    found = watched(compare(saved, lightleak.read_report(tmp_path / "r.ndjson")))
    assert (found.duration_ns, found.share) == (150 * NS_PER_S, 1)


# Sleep ----------------------------------------------------------------------------------------------------------------


def an_hour_after_a_lost_resumed(tmp_path: Path, **loss: Any) -> Comparison:
    """It fell asleep, the word of its waking was lost, and it read for an hour."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "observer", action="found", observer=OBSERVER, type="change")
    trace.add(2, "process", phase="suspended", role="app", identifier=APP, pid=101)
    if loss:
        trace.add(3, "lost", **loss)
    for at in range(60):
        trace.access(10 + 60 * at, "thumbnail")
    trace.add(3700, "mark", label="end")
    return judge(tmp_path, trace, entry_lines(1, 5, 6) + entry_lines(2, 3603, 3604))


@pytest.mark.parametrize("loss", [{}, {"count": 4, "reason": "queue full"}])
def test_who_acts_is_awake(tmp_path, loss):
    found = an_hour_after_a_lost_resumed(tmp_path, **loss)
    assert [entry["depth"] for entry in found.to_dict()["entries"]] == ["none", "none"]
    assert found.to_dict()["entries"][1]["why"].startswith("The app was watched, its accounting did not contain")
    (run,) = unreported(found)
    assert (len(run["evidence"]), run["depth"]) == (16, "thumbnail")


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("state", {"value": "active"}),
        ("usage", {"cpu_ns": 1}),
        ("hook", {"probe": "p", "symbol": "s", "status": "installed"}),
        ("delivery", {"of": 1, "bytes": 1}),
        ("return", {"of": 1, "duration_ns": 1}),
        ("stack", {"id": 1, "frames": []}),
        ("something-new", {}),
    ],
)
def test_a_sleep_ends_with_what_only_a_running_process_makes(tmp_path, kind, keys):
    trace = Trace()
    trace.ready(0)
    trace.add(10, "notification", observer=OBSERVER, change="c", type="change")
    trace.add(11, "process", phase="suspended", role="app", identifier=APP, pid=101)
    trace.add(12, kind, **keys)
    trace.add(90, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 80.5, 85)))["cause"] == "unexplained"


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("clock", {"host_offset_ns": 1, "error_ns": 1}),
        ("mark", {"label": "m"}),
        ("lost", {"count": 1, "reason": "r"}),
        ("access", {"depth": "write", "symbol": "s", "internal": True}),
        ("return", {"of": 1, "duration_ns": 1, "internal": True}),
    ],
)
def test_what_the_host_makes_and_what_counts_nowhere_wakes_no_one(tmp_path, kind, keys):
    trace = Trace()
    trace.ready(0)
    trace.add(1, "observer", action="found", observer=OBSERVER, type="change")
    trace.add(10, "notification", observer=OBSERVER, change="c", type="change")
    trace.add(11, "process", phase="suspended", role="app", identifier=APP, pid=101)
    trace.add(12, kind, **keys)
    trace.add(13, "mark", label="after")
    trace.add(80, "process", phase="resumed", role="app", identifier=APP, pid=101)
    trace.add(90, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 80.5, 85)))["cause"] == "notification"


def test_what_only_came_late_shows_no_waking(tmp_path):
    """The host says that the process sleeps before the last event of the process has come to it."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "observer", action="found", observer=OBSERVER, type="change")
    trace.add(10, "notification", observer=OBSERVER, change="c", type="change")
    trace.add(11, "process", phase="suspended", role="app", identifier=APP, pid=101)
    trace.add(10.9, "usage", cpu_ns=1)
    trace.add(80, "process", phase="resumed", role="app", identifier=APP, pid=101)
    trace.add(90, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 80.5, 85)))["cause"] == "notification"


# Losses ---------------------------------------------------------------------------------------------------------------


def test_a_read_that_was_seen_is_seen_in_the_gap_of_another_process(tmp_path):
    trace = Trace()
    trace.ready(0)
    trace.add(30, "lost", count=9, reason="queue full")
    trace.add(60, "mark", label="end")
    trace.ready(0, segment=2)
    trace.access(30, "data", segment=2)
    trace.add(60, "mark", segment=2, label="end")
    (run,) = unreported(judge(tmp_path, trace, entry_lines(1, 5, 6) + entry_lines(2, 58, 59)))
    assert (run["depth"], run["evidence"]) == ("data", ["1:2:4"])


def test_what_one_process_lost_another_one_does_not_make_good(tmp_path):
    """That nothing was seen counts only where every process of the app was watched."""
    trace = Trace()
    trace.ready(0)
    trace.add(30, "lost", count=9, reason="queue full")
    trace.add(60, "mark", label="end")
    trace.ready(0, segment=2)
    trace.add(60, "mark", segment=2, label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 40, 41)))["cause"] == "unobserved"


# A step that is not noticed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step_s", [0.4, -0.4])
def test_a_small_step_changes_no_hours_and_opens_no_gap(tmp_path, step_s):
    """Below half a second a step looks like the network's correction: the app was watched on, and for as long."""
    trace = Trace()
    trace.ready(0)
    trace.add(20, "mark", label="before")
    trace.add(20.2, "mark", label="after")
    trace.access(30, "metadata")
    trace.add(30.001, "accounting", phase="begin", identifier=ident(1))
    trace.add(90, "mark", label="end")
    set_clock(trace, 4, step_s)
    found = judge(tmp_path, trace, entry_lines(1, 30.1 + step_s, 31), entry_lines(2, 20.3, 21))
    assert hours(found) * 3600 == pytest.approx(90)
    assert not list(clock_steps(found.sessions))
    assert causes(found) == {ident(1): "query", ident(2): "unexplained"}


def test_a_small_step_back_can_take_an_act_from_its_entry(tmp_path):
    """docs/verdicts.md says so: the line can show a time before the call's; only the identifier is sure then."""
    trace = Trace()
    trace.ready(0, accounting=False)
    trace.add(1, "notification", observer=OBSERVER, change="c", type="change")
    trace.access(20, "metadata")
    trace.add(20.1, "mark", label="after")
    trace.add(90, "mark", label="end")
    set_clock(trace, len(trace.events) - 2, -0.4)
    assert only(judge(tmp_path, trace, entry_lines(1, 19.8, 21)))["cause"] == "unexplained"


# Probes ---------------------------------------------------------------------------------------------------------------


def hooks_removed_and_installed_again() -> Trace:
    trace = Trace()
    trace.ready(0)
    trace.add(1, "observer", action="found", observer=OBSERVER, type="change")
    for at, status in ((0.1, "installed"), (10, "removed"), (3990, "installed")):
        trace.add(max(at, 1), "hook", probe="p", symbol="-[C p]", status=status)
    trace.add(4000, "mark", label="end")
    return trace


def test_a_probe_watched_from_installed_to_removed(tmp_path):
    found = judge(tmp_path, hooks_removed_and_installed_again(), entry_lines(1, 5, 6))
    pairs = [((a / NS) - T0_S, (b / NS) - T0_S) for a, b in watched(found).without("p").pairs()]
    assert pairs == [(0, 1), (10, 3990)]
    assert lasted_s(found, ["p"]) == {"p": 3981}
    assert lasted_s(found, ["p", "accounting"]) == {"p": 3981}
    assert lasted_s(found, ["q"]) == {"q": "never"}


def lasted_s(found: Comparison, required: list[str]) -> dict[str, float | str]:
    """Return for how long each of some probes was not in place; those that missed nothing apart."""
    (app,) = found.apps
    (segment,) = app.timeline.segments
    absent = watched(found).absences(segment, required=required)
    return {one.probe: "never" if one.is_whole else one.lasted_ns / NS_PER_S for one in absent}


def test_a_probe_with_nothing_to_hook_misses_nothing(tmp_path):
    trace = Trace()
    trace.ready(0)
    trace.add(1, "hook", probe="p", symbol="-[C p]", status="skipped", reason="no class C", code="no-class")
    trace.add(100, "mark", label="end")
    assert lasted_s(judge(tmp_path, trace, entry_lines(1, 5, 6)), ["p"]) == {}


def test_a_probe_with_a_hook_for_each_symbol_is_missed_only_where_it_has_none(tmp_path):
    """Hand-offs have a hook for each way of handing on: a policy that asks for them found none of that name, and broke."""
    trace = Trace()
    trace.ready(0)
    for at, symbol, status in ((1, "dispatch_async", "installed"), (50, "dispatch_after", "installed")):
        trace.add(at, "hook", probe="handoff", symbol=symbol, status=status)
    trace.add(100, "mark", label="end")
    found = judge(tmp_path, trace, entry_lines(1, 5, 6))
    assert lasted_s(found, ["handoff"]) == {}


def test_accounting_counts_where_it_was_in_place(tmp_path):
    """Installed, removed, and installed again: an entry while it was not in place is matched by time, as without it."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "observer", action="found", observer=OBSERVER, type="change")
    trace.access(10, "metadata")
    trace.add(20, "hook", probe="accounting", symbol="-[PAAccessLogger log:]", status="removed")
    trace.access(30, "metadata")
    trace.add(40, "hook", probe="accounting", symbol="-[PAAccessLogger log:]", status="installed")
    trace.access(50, "metadata")
    trace.add(90, "mark", label="end")
    lines = [entry_lines(n, at + 0.1, at + 5) for n, at in ((1, 10), (2, 30), (3, 50))]
    found = judge(tmp_path, trace, *lines)
    assert causes(found) == {ident(1): "unexplained", ident(2): "query", ident(3): "unexplained"}
    whys = [entry["why"] for entry in found.to_dict()["entries"]]
    assert "its accounting did not contain this identifier" in whys[0]
    assert "the app's own accounting could not be seen" in whys[1]
    assert "its accounting did not contain this identifier" in whys[2]


@pytest.mark.parametrize("removed", ["input.event", "photo-library.register-change-observer", "handoff"])
def test_what_was_removed_meanwhile_was_not_watched_all_the_time(tmp_path, removed):
    trace = Trace()
    trace.ready(0)
    trace.add(5, "hook", probe=removed, symbol="-[C p]", status="installed")
    trace.add(10, "hook", probe=removed, symbol="-[C p]", status="removed")
    trace.add(20, "hook", probe=removed, symbol="-[C p]", status="installed")
    trace.add(90, "mark", label="end")
    (segment,) = judge(tmp_path, trace, entry_lines(1, 5, 6)).sessions.segments
    assert not segment.has_installed(removed)
    assert [hook.probe for hook in segment.skipped] == [removed]


@pytest.mark.parametrize(
    ("removed", "said"),
    [
        ("input.event", "not watched in that process: touches"),
        ("lifecycle.state", "not watched in that process: wake-ups and launches"),
        ("handoff", "work that was handed on could not be followed everywhere in that process"),
    ],
)
@pytest.mark.parametrize("was_removed", [True, False])
def test_what_set_an_act_off_is_limited_by_a_hook_that_was_removed_meanwhile(tmp_path, removed, said, was_removed):
    trace = Trace()
    trace.ready(0)
    probes = ["input.event", "lifecycle.state", "handoff", "photo-library.register-change-observer"]
    for probe in probes:
        trace.add(0.5, "hook", probe=probe, symbol=f"-[C {probe}]", status="installed")
    if was_removed:
        trace.add(5, "hook", probe=removed, symbol=f"-[C {removed}]", status="removed")
        trace.add(6, "hook", probe=removed, symbol=f"-[C {removed}]", status="installed")
    trace.access(20, "metadata")
    trace.add(20.01, "accounting", phase="begin", identifier=ident(1), service="photos")
    trace.add(90, "mark", label="end")
    entry = only(judge(tmp_path, trace, entry_lines(1, 20.1, 25)))
    assert (entry["trigger"].kind, said in entry["why"]) == ("none", was_removed)


# Damage ---------------------------------------------------------------------------------------------------------------


def recorded(folder: Path, *, closed: bool = True) -> Path:
    """Write a session of two processes of the app: the second is in one frame, inside the first one's time."""
    trace = Trace()
    trace.ready(0)
    for at in range(10, 40, 10):
        trace.add(at, "mark", label=str(at))
    first = len(trace.events)
    trace.ready(50, segment=2)
    for at in range(51, 53):
        trace.access(at, "data", segment=2)
    trace.add(54, "process", segment=2, phase="exited", role="app", identifier=APP, pid=102)
    for at in range(60, 120, 10):
        trace.add(at, "mark", label=str(at))
    assert first == 6
    return session(
        folder / "s.lightleak", [as_line(e) for e in trace.events], header=trace.header, frame=6, closed=closed
    )


def damaged(path: Path, frame: int) -> Path:
    """Flip a bit in the middle of a frame."""
    found = SessionFile(path).frames[frame]
    content = bytearray(path.read_bytes())
    content[found.offset + found.length // 2] ^= 1
    path.write_bytes(content)
    return path


def compared(folder: Path, path: Path, *lines: str) -> Comparison:
    (folder / "r.ndjson").write_text("".join(lines))
    return compare([lightleak.open(path)], lightleak.read_report(folder / "r.ndjson"))


def seconds(ns: int) -> float:
    return ns / NS - T0_S


def test_damage_of_the_file_is_a_doubt_between_what_can_be_read(tmp_path):
    """A whole process was in the frame that is damaged: no number is missing in any other."""
    path = damaged(recorded(tmp_path), 2)
    found = compared(tmp_path, path, entry_lines(1, 51.1, 52), entry_lines(2, 20, 21))
    (doubt,) = watched(found).doubts
    assert (seconds(doubt.from_ns), seconds(doubt.to_ns), type(doubt.notice)) == (30, 60, DamagedStretch)
    doubted = {
        entry["identifier"]: "is damaged, cut or unfinished" in entry["why"] for entry in found.to_dict()["entries"]
    }
    assert doubted == {ident(1): True, ident(2): False}


def test_a_whole_file_is_no_doubt(tmp_path):
    found = compared(tmp_path, recorded(tmp_path), entry_lines(1, 51.1, 52))
    assert watched(found).doubts == []
    assert "damaged" not in only(found)["why"]


@pytest.mark.parametrize("cut_bytes", [0, 3])
def test_after_a_cut_anything_can_be_missing(tmp_path, cut_bytes):
    """Cut at a frame's end or inside one: what is known of the time before its last readable event is not in doubt."""
    path = recorded(tmp_path)
    last = SessionFile(path).frames[-3]
    path.write_bytes(path.read_bytes()[: last.offset + last.length + cut_bytes])
    found = compared(tmp_path, path, entry_lines(1, 51.1, 52), entry_lines(2, 200, 201))
    doubts = watched(found).doubts
    assert {(seconds(one.from_ns), one.to_ns) for one in doubts} == {(54, None)}
    assert {type(one.notice) for one in doubts} == {NoClosingSeal, *([CutTail] if cut_bytes else [])}


def test_a_recorder_that_was_killed_leaves_a_doubt(tmp_path):
    found = compared(tmp_path, recorded(tmp_path, closed=False), entry_lines(1, 51.1, 52))
    assert [(seconds(one.from_ns), one.to_ns) for one in watched(found).doubts] == [(110, None)]


# Sentences ------------------------------------------------------------------------------------------------------------


def test_watched_and_not_watched_are_not_said_together(tmp_path):
    """With a lag of less than 50 ms, watching can end between the time that decides and the time that is looked at."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "observer", action="found", observer=OBSERVER, type="change")
    trace.add(20, "process", phase="exited", role="app", identifier=APP, pid=101)
    entry = only(judge(tmp_path, trace, entry_lines(1, 20.03, 21), lag=0))
    assert entry["cause"] == "unexplained"
    assert entry["why"].startswith("The app was watched until 30 ms before the start, its accounting")
    assert "the app was not watched from 0 s before its start to its end" in entry["why"]


def test_what_was_seen_before_all_hooks_were_in_place_is_not_called_unwatched(tmp_path):
    trace = Trace()
    trace.add(0, "process", phase="attached", pid=101, name="App", identifier=APP, role="app")
    trace.access(10, "data")
    trace.add(20, "mark", label="end")
    entry = only(judge(tmp_path, trace, entry_lines(1, 10.1, 12)))
    assert entry["why"].startswith(
        f"No process of {APP} was fully watched: lightleak attached to one, but the recording does not say that all hooks "
        "were in place; the furthest step seen"
    )


def test_after_the_clock_was_set_back_the_state_is_that_of_then(tmp_path):
    """The app went into the background before its clock was set back: what an entry 40 s later was said to be is "foreground"."""
    trace = Trace()
    trace.ready(0)
    trace.add(50, "state", value="active", reason=None)
    trace.access(90, "write")
    back = len(trace.events)
    trace.add(100, "state", value="background", reason=None)
    trace.access(200, "write")
    trace.add(300, "mark", label="end")
    set_clock(
        trace, back, -80
    )  # The wall clock shows 20 s when the app goes into the background, and 120 s at the end.
    found = judge(tmp_path, trace, *(entry_lines(n, at, at + 1) for n, at in enumerate((20.5, 60, 90.5, 150))))
    assert [entry["state"] for entry in found.to_dict()["entries"]] == [
        "background",  # the state before was not known yet
        "mixed",  # the clock showed 60 s twice
        "background",
        "background",
    ]
    assert found.to_dict()["summary"][APP]["background"] == 4
