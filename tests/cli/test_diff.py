"""``lightleak diff``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lightleak.cli import main
from lightleak.comparator.rules.visibility import ORIGINS, REGISTRATION, required_from
from lightleak.comparator.timeline.segments import HANDOFF
from stories import APP, Trace, entry_lines


def diff(folder: Path, *more: str, app: str = APP, read: bool = True) -> int:
    for name, depths in (("old", ["metadata"]), ("new", ["metadata", "data"] if read else ["metadata"])):
        trace = Trace(app=app)
        trace.ready(0)
        trace.add(0.1, "state", value="background")
        for at, depth in enumerate(depths):
            trace.access(10 + at, depth)
        trace.save(folder, name)
    (folder / "r.ndjson").write_text(entry_lines(1, 10.1, 22, app=app))
    with pytest.raises(SystemExit) as ended:
        main(["diff", str(folder / "old"), str(folder / "new"), *more])
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("flags", "read", "code"), [([], True, 0), (["--fail-on-new"], True, 3), (["--fail-on-new"], False, 0)]
)
def test_three_only_where_the_flag_asks_and_something_appeared(tmp_path, capfd, flags, read, code):
    assert diff(tmp_path, *flags, read=read) == code
    assert ("appeared in NEW: data read in the state background" in capfd.readouterr().out) is read


def test_json_is_versioned_and_has_verdicts_with_both_reports(tmp_path, capfd):
    report = str(tmp_path / "r.ndjson")
    assert diff(tmp_path, "--format", "json", "--old-report", report, "--new-report", report) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["version"], found["appeared"]) == (1, True)
    assert found["apps"][APP]["verdicts"]


def test_one_report_alone_is_wrong_usage(tmp_path, capfd):
    assert diff(tmp_path, "--new-report", str(tmp_path / "r.ndjson")) == 2
    assert "--old-report" in capfd.readouterr().err


def test_names_from_the_app_do_not_steer_the_terminal(tmp_path, capfd):
    assert diff(tmp_path, app="x\x1b[2J\u202e[bold]") == 0
    out = capfd.readouterr().out
    assert not set(out) & set("\x1b\u202e")
    assert "[bold]" in out


GOLDEN = Path(__file__).parents[1] / "data" / "diff"


def version(name: str, wakes: int) -> Trace:
    """Watch a version of the app that reads in its callback and when it is woken up."""
    trace = Trace(session=f"00000000-0000-0000-0000-00000000000{name}", zone="UTC")
    trace.header["target"]["version"] = name
    trace.ready(0)
    probes = [(probe, f"-[Some {probe}]") for probe in (*required_from("metadata"), REGISTRATION, *ORIGINS)]
    for probe, symbol in (*probes, (HANDOFF, "dispatch_async")):
        trace.add(0, "hook", probe=probe, symbol=symbol, status="installed", reason=None)
    observer = {"class": "Gallery", "id": "0x1", "image": "App"}
    trace.add(0.1, "observer", action="registered", observer=observer, type="change")
    trace.add(0.2, "state", value="background")
    for at in (10, 20):
        change = trace.add(at, "notification", observer=observer, change=hex(at), type="change")
        trace.access(at + 0.1, "metadata", cause=change)
    for at in range(100, 100 + wakes * 100, 100):
        wake = trace.add(at, "state", value="background", reason="background-task")
        trace.access(at + 0.1, "data", cause=wake)
    trace.add(1799, "input", type="touch")
    trace.access(1800, "metadata")
    trace.add(3600, "mark", label="end")
    return trace


@pytest.mark.parametrize("form", ["json", "table"])
def test_the_difference_of_two_versions_is_what_it_was(tmp_path, capfd, monkeypatch, form):
    """Compare with ``tests/data/diff``: a change there is a change of what users see, and belongs to the changelog."""
    monkeypatch.setenv("COLUMNS", "200")
    for name, wakes in (("1", 3), ("2", 0)):
        version(name, wakes).save(tmp_path, f"{name}.lightleak")
    with pytest.raises(SystemExit):
        main(["diff", str(tmp_path / "1.lightleak"), str(tmp_path / "2.lightleak"), "--format", form])
    found = capfd.readouterr().out.replace(f"{tmp_path}/", "")
    found = re.sub(r'"events": \d+', '"events": 0', found)  # As many as the catalogue has probes.
    golden = GOLDEN / ("difference.json" if form == "json" else "difference.txt")
    assert found == golden.read_text()
