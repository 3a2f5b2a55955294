"""``lightleak diff``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lightleak.cli import main
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
