"""Contract section 4 sentence by sentence, where no other test of this folder holds one: shape, order, times, bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import lightleak
from lightleak.comparator import compare
from stories import APP, Trace, entry_lines, ident, judge, only, stamp

OBSERVER = {"class": "A", "id": "0x1", "image": "App"}


def watched(zone: str | None = "Asia/Shanghai") -> Trace:
    trace = Trace(zone=zone)
    trace.ready(0)
    trace.add(0.1, "state", value="active")
    return trace


def keys(shown: object) -> set[str]:
    assert isinstance(shown, dict)
    return set(shown)


def test_the_json_has_the_keys_that_it_promises(tmp_path):
    trace = watched()
    trace.add(10, "lost", count=1, reason="x")
    trace.add(20, "mark", label="x")
    trace.access(40, "data")
    trace.add(900, "mark", label="end")
    lines = entry_lines(1, 30, 31) + entry_lines(2, 800, 801) + "junk\n"
    shown = json.loads(judge(tmp_path, trace, lines).to_json())
    assert keys(shown) >= {"version", "sessions", "report", "clock", "entries", "unreported", "summary"}
    assert shown["version"] == 2
    (session,) = shown["sessions"]
    assert keys(session) >= {"n", "id", "files", "started", "ended", "segments", "events", "lost", "gaps"}
    assert keys(session["gaps"][0]) >= {"from", "to", "identifier", "reason"}
    assert keys(shown["report"]) >= {"files", "first", "last", "entries", "problems"}
    assert keys(shown["report"]["problems"][0]) >= {"file", "line", "problem"}
    assert keys(shown["clock"]) >= {"lag_ms", "host_offset_ms", "steps"}
    assert keys(shown["clock"]["lag_ms"]) >= {"median", "p95", "n"}
    assert list(shown["entries"][0]) == [
        "identifier", "app", "category", "begin", "end", "out_of_process", "cause", "depth", "trigger", "triggers",
        "properties", "match", "state", "flags", "evidence", "brief", "why", "clauses",
    ]  # fmt: skip
    (run,) = shown["unreported"]
    assert keys(run) >= {"app", "begin", "end", "depth", "trigger", "evidence"}
    assert list(run["trigger"]) == ["kind", "by", "event", "delay_ms", "what"]
    summary = shown["summary"][APP]
    assert keys(summary) >= {
        "entries", "by_cause", "by_depth", "by_trigger", "background_by_trigger", "background", "night", "observers",
        "notifications", "bytes", "cpu_ms", "claims",
    }  # fmt: skip
    (claim,) = summary["claims"]
    assert list(claim) == [
        "claim", "entries", "opens", "fits_by_link", "fits_by_time", "contradicts", "undecided", "deepest_fitting",
    ]  # fmt: skip


def test_photos_entries_only_and_those_of_the_sessions_identifiers(tmp_path):
    trace = watched()
    trace.ready(0, segment=2, role="extension", identifier=f"{APP}.share")
    lines = [
        entry_lines(1, 10, 11),
        entry_lines(2, 12, 13, category="contacts"),
        entry_lines(3, 14, 15, app="org.other"),
        entry_lines(4, 16, 17, app=f"{APP}.share"),
    ]
    found = judge(tmp_path, trace, *lines)
    assert [verdict["identifier"] for verdict in found.verdicts()] == [ident(1), ident(4)]
    (tmp_path / "s.lightleak").unlink()
    others = judge(tmp_path, trace, *lines, apps=["org.other"])
    assert [verdict["identifier"] for verdict in others.verdicts()] == [ident(3)]


@pytest.mark.parametrize("apps", [[APP, "org.other"], ["org.other", APP]])
def test_entries_are_ordered_by_begin_end_identifier_and_null_comes_last(tmp_path, apps):
    lines = [
        entry_lines(9, None, 40),
        entry_lines(8, None, 30, app="org.other"),
        entry_lines(7, 20, None),
        entry_lines(6, 20, 25, app="org.other"),
        entry_lines(5, 20, 24),
        entry_lines(4, 20, 24, app="org.other"),
        entry_lines(3, 10, 90),
    ]
    found = judge(tmp_path, watched(), *lines, apps=apps)
    assert [verdict["identifier"] for verdict in found.verdicts()] == [ident(n) for n in (3, 4, 5, 6, 7, 8, 9)]


def test_times_are_rounded_to_the_nearest_millisecond(tmp_path):
    trace = watched()
    for at in (100.000_499, 300.000_500, 500.999_600):
        trace.access(at, "data")
    trace.add(900, "mark", label="end")
    lines = entry_lines(1, -9, -8) + entry_lines(2, 2000, 2001)
    lines += entry_lines(3, 700, 701).replace(stamp(700), stamp(700)[:-6] + "4996+08:00", 1)
    shown = judge(tmp_path, trace, lines).to_dict()
    assert [run["begin"] for run in shown["unreported"]] == [stamp(100), stamp(300.001), stamp(501)]
    assert [entry["begin"] for entry in shown["entries"]] == [stamp(-9), stamp(700), stamp(2000)]


@pytest.mark.parametrize(("zone", "offset"), [("Europe/Berlin", "+02:00"), (None, "+00:00"), ("nowhere", "+00:00")])
def test_what_is_not_of_the_report_is_told_in_the_devices_zone(tmp_path, zone, offset):
    trace = watched(zone)
    trace.add(10, "lost", count=1, reason="x")
    trace.access(100, "data")
    trace.add(900, "mark", label="end")
    shown = judge(tmp_path, trace, entry_lines(1, -9, -8) + entry_lines(2, 2000, 2001)).to_dict()
    (session,) = shown["sessions"]
    times = [session["started"], session["ended"], session["gaps"][0]["from"], shown["unreported"][0]["begin"]]
    assert {time[-6:] for time in times} == {offset}
    assert {entry["begin"][-6:] for entry in shown["entries"]} == {"+08:00"}


def test_the_same_input_gives_the_same_bytes_in_every_process(tmp_path):
    """Sets come in another order in each process."""
    trace = watched()
    for n in range(9):
        trace.add(n, "hook", probe=f"p{n}", symbol=f"-[A m{n}]", status="skipped", reason="x")
        trace.ready(0, segment=n + 2, identifier=f"{APP}.e{n}", role="extension", accounting=False)
    trace.save(tmp_path)
    (tmp_path / "r").write_text("".join(entry_lines(n, n, n + 1) for n in range(9)))
    command = [sys.executable, "-m", "lightleak", "compare", "s.lightleak", "--report", "r", "--format", "json"]
    shown = {
        subprocess.run(
            command, cwd=tmp_path, check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(shown) == 1


def test_exactly_50_ms_of_watching_are_enough(tmp_path):
    assert only(judge(tmp_path, watched(), entry_lines(1, 0.05, 1)))["cause"] == "unexplained"


def test_a_picker_is_one_whatever_carries_its_identifier(tmp_path):
    trace = watched()
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.1, 11, outOfProcess=True)))
    assert (verdict["cause"], verdict["match"], verdict["evidence"]) == ("picker", "none", [])


def test_the_identifier_goes_before_not_being_watched(tmp_path):
    trace = watched()
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    trace.add(10.1, "process", phase="exited", reason="killed")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 11, 12)))
    assert (verdict["cause"], verdict["match"]) == ("query", "identifier")


def test_an_extension_that_was_not_watched_makes_nothing_unobserved(tmp_path):
    trace = watched()
    trace.add(80, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10, 11), entry_lines(2, 50, 51, app=f"{APP}.share")))
    assert verdict["cause"] == "unexplained"
    assert f"{APP}.share" in verdict["why"]


def test_another_process_that_is_watched_does_not_cover_the_app(tmp_path):
    trace = watched()
    trace.add(5, "process", phase="exited", reason="killed")
    trace.ready(0, segment=2, role="extension", identifier=f"{APP}.share")
    trace.add(80, "mark", segment=2, label="end")
    found = judge(tmp_path, trace, entry_lines(1, 10, 11), apps=[APP])
    assert only(found)["cause"] == "unobserved"


@pytest.mark.parametrize(
    ("depth", "count"), [("open", 0), ("write", 0), ("picker", 0), ("metadata", 1), ("thumbnail", 1)]
)
def test_only_what_reads_is_unreported(tmp_path, depth, count):
    trace = watched()
    trace.access(100, depth)
    trace.access(101, "data", internal=True)
    trace.add(102, "notification", observer=OBSERVER, change="0x2", type="change")
    trace.add(900, "mark", label="end")
    shown = judge(tmp_path, trace, entry_lines(1, -9, -8) + entry_lines(2, 800, 801)).to_dict()
    assert len(shown["unreported"]) == count


@pytest.mark.parametrize(("at", "count"), [(96.999, 1), (97.001, 0), (105, 0), (110.0005, 0), (110.0015, 1)])
def test_under_an_entry_is_from_the_lag_before_its_begin_to_its_end(tmp_path, at, count):
    trace = watched()
    trace.access(at, "data")
    trace.add(900, "mark", label="end")
    shown = judge(
        tmp_path, trace, entry_lines(1, -9, -8) + entry_lines(2, 100, 110) + entry_lines(3, 800, 801)
    ).to_dict()
    assert len(shown["unreported"]) == count


def test_a_gap_is_between_two_coverages_of_one_identifier(tmp_path):
    trace = watched()
    trace.add(10, "process", phase="detached", reason="connection lost")
    trace.ready(60, segment=2, role="extension", identifier=f"{APP}.share")
    trace.add(70, "process", segment=2, phase="exited", reason="done")
    trace.ready(100, segment=3)
    trace.add(200, "mark", segment=3, label="end")
    (gap,) = judge(tmp_path, trace, entry_lines(1, 150, 151)).to_dict()["sessions"][0]["gaps"]
    assert (gap["from"], gap["to"], gap["identifier"]) == (stamp(10), stamp(100), APP)
    assert "connection lost" in gap["reason"]


def test_a_time_zone_with_two_offsets_in_one_report_keeps_each(tmp_path):
    trace = watched("Europe/Berlin")
    trace.access(50, "metadata")
    trace.add(900, "mark", label="end")
    lines = entry_lines(1, 50.1, 52) + entry_lines(2, 800, 801)
    lines = lines.replace(stamp(800), stamp(800, "+07:00")).replace(stamp(801), stamp(801, "+07:00"))
    shown = judge(tmp_path, trace, lines).to_dict()
    assert [entry["begin"][-6:] for entry in shown["entries"]] == ["+08:00", "+07:00"]
    assert [entry["cause"] for entry in shown["entries"]] == ["open", "unexplained"]


def test_one_report_in_two_files_is_judged_as_in_one(tmp_path):
    trace = watched()
    trace.access(10, "metadata")
    trace.add(900, "mark", label="end")
    session = trace.save(tmp_path)
    lines = [entry_lines(1, 10.1, 12), entry_lines(2, 20, 21), entry_lines(1, 10.1, 12)]
    for n, some in enumerate(lines):
        (tmp_path / f"r{n}").write_text(some)
    (tmp_path / "all").write_text(lines[0] + lines[1])
    apart = compare([session], lightleak.read_report(*(tmp_path / f"r{n}" for n in range(3))))
    whole = compare([session], lightleak.read_report(tmp_path / "all"))
    assert list(apart.verdicts()) == list(whole.verdicts())
