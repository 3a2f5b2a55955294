"""An app has one name: a report may write its team before it, and that changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lightleak
from lightleak.app_names import app_of
from lightleak.cli._group import _run
from lightleak.comparator.diff.diff import diff
from stories import APP, Trace, entry_lines, ident, judge

TEAM = "5Q4J53EFRC."


def story() -> Trace:
    trace = Trace()
    trace.ready(0)
    trace.access(10, "metadata")
    trace.add(10.01, "accounting", phase="begin", identifier=ident(1), service="photos")
    trace.access(11, "data")
    trace.add(90, "mark", label="end")
    return trace


def test_an_entry_under_a_name_with_a_team_is_the_apps(tmp_path: Path) -> None:
    """A report writes 5Q4J53EFRC.com.sbb.ch, the process is com.sbb.ch: its reads were called unreported, its entry was nowhere."""
    document = judge(tmp_path, story(), entry_lines(1, 10.1, 20, app=TEAM + APP)).to_dict()
    (entry,) = document["entries"]
    assert (entry["app"], entry["cause"], entry["match"], entry["depth"]) == (APP, "query", "identifier", "data")
    assert document["unreported"] == []
    assert list(document["summary"]) == [APP]


def test_both_ways_to_write_an_app_are_one_app(tmp_path: Path) -> None:
    """One access whose lines differ in the team only is one entry, and both names count together."""
    begin, end = entry_lines(1, 10.1, 20, app=TEAM + APP).splitlines(keepends=True)
    report = tmp_path / "r.ndjson"
    report.write_text(begin + end.replace(TEAM, "") + entry_lines(2, 30, 31))
    found = lightleak.read_report(report)
    assert [(entry.app, entry.flags) for entry in found.entries] == [(APP, ()), (APP, ())]
    assert list(found.summary()) == [APP]
    assert found.accessors == {APP: [TEAM + APP]}


@pytest.mark.parametrize("ordinary", [True, False], ids=["a block at once", "line by line"])
def test_network_rows_are_the_apps_too(tmp_path: Path, ordinary: bool) -> None:
    """What an app sent belongs to the app, however the line is read."""
    row = {
        "bundleID": TEAM + APP, "domain": "example.org", "hits": 1, "type": "networkActivity",
        "firstTimeStamp": "2025-10-09T16:53:20.000+08:00", "timeStamp": "2025-10-09T16:53:30.000+08:00",
    }  # fmt: skip
    report = tmp_path / "r.ndjson"
    report.write_text(entry_lines(1, 10.1, 20) + json.dumps(row if ordinary else {**row, "new": 1}) + "\n")
    found = lightleak.read_report(report)
    assert [row.app for row in found.network] == [APP]
    assert [use.app for use in found.beside_photos()] == [APP]


@pytest.mark.parametrize("asked", [APP, TEAM + APP])
@pytest.mark.parametrize("written", [APP, TEAM + APP])
def test_a_person_may_name_the_app_either_way(
    tmp_path: Path, asked: str, written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--app`` of compare, check, show and diff, and ``app =`` of a filter."""
    session = str(tmp_path / "s.lightleak")
    story().save(tmp_path)
    report = tmp_path / "r.ndjson"
    report.write_text(entry_lines(1, 10.1, 20, app=written))
    policy = tmp_path / "p.toml"
    policy.write_text('version = 1\n[[rule]]\nname = "all shown"\nrule = "no-unreported"\n')
    assert _run(["compare", session, "--report", str(report), "--app", asked, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [entry["app"] for entry in document["entries"]] == [APP]
    assert document["notices"] == []
    assert _run(["check", session, "--report", str(report), "--app", asked, "--policy", str(policy)]) == 0
    assert _run(["show", session, "--app", asked, "--filter", f"app = {asked}"]) == 0
    assert _run(["diff", session, session, "--app", asked]) == 0


def test_the_report_on_its_own_names_the_app_and_keeps_what_was_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "r.ndjson"
    report.write_text(entry_lines(1, 10.1, 20, app=TEAM + APP))
    assert _run(["inspect", str(report), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["accessors"] == {APP: [TEAM + APP]}
    assert list(document["summary"]) == [APP]
    assert _run(["inspect", str(report)]) == 0
    assert f"writes {APP} with a team prefix ({TEAM}{APP})" in " ".join(capsys.readouterr().out.split())


def test_a_real_identifier_of_that_form_is_still_one_app(tmp_path: Path) -> None:
    """By the letter ABCDEFGHIJ.tool is tool, in the trace as in the report: nothing is called unreported for its name."""
    trace = Trace(app="ABCDEFGHIJ.tool")
    trace.ready(0)
    trace.access(10, "metadata")
    trace.add(90, "mark", label="end")
    comparison = judge(
        tmp_path, trace, entry_lines(1, 10.1, 20, app="ABCDEFGHIJ.tool"), entry_lines(2, 80, 81, app="tool")
    )
    document = comparison.to_dict()
    assert [entry["app"] for entry in document["entries"]] == ["tool", "tool"]
    assert document["unreported"] == []


def test_differences_between_two_sessions_agree(tmp_path: Path) -> None:
    session = story().save(tmp_path)
    report = tmp_path / "r.ndjson"
    report.write_text(entry_lines(1, 10.1, 20, app=TEAM + APP))
    found = lightleak.read_report(report)
    model = diff(session, session, old_report=found, new_report=found).to_dict()
    assert list(model["apps"]) == [APP]


@pytest.mark.parametrize(
    "name",
    [
        "com.sbb.ch", "5Q4J53EFR.com.sbb.ch", "5Q4J53EFRCX.com.sbb.ch", "5q4j53efrc.com.sbb.ch", "5Q4J53EFRC", "5Q4J53EFRC.",
        "\u0665Q4J53EFRC.com.sbb.ch", "", "x5Q4J53EFRC.com",
    ],
)  # fmt: skip
def test_what_is_no_team_stays(name: str) -> None:
    """Exactly ten of A-Z and 0-9, then a dot, then a name."""
    assert app_of(name) == name


@given(st.from_regex(r"[A-Z0-9]{10}", fullmatch=True), st.text(min_size=1))
def test_a_team_and_a_dot_are_taken_off_once(team: str, name: str) -> None:
    assert app_of(f"{team}.{name}") == name
