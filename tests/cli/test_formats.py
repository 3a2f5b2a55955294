"""The ending of the output file chooses the format, and no text table is written into x.html."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lightleak.cli import main
from stories import Trace, entry_lines

POLICY = 'version = 1\n[[rule]]\nrule = "no-read"\ndepth = "data"\n'


@pytest.fixture
def files(tmp_path) -> dict[str, list[str]]:
    """Command → its arguments but for the output."""
    trace = Trace()
    trace.ready(0)
    trace.access(1, "metadata")
    trace.add(80, "mark", label="end")
    trace.save(tmp_path)
    (tmp_path / "report.ndjson").write_text(entry_lines(1, 14, 15))
    (tmp_path / "policy.toml").write_text(POLICY)
    session, report = str(tmp_path / "s.lightleak"), str(tmp_path / "report.ndjson")
    return {
        "compare": [session, "--report", report],
        "check": [session, "--report", report, "--policy", str(tmp_path / "policy.toml")],
        "diff": [session, session],
        "inspect": [report],
        "export": [session],
    }


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


STARTS = {
    "json": b"{",
    "html": b"<!doctype html>",
    "csv": b"identifier,",
    "parquet": b"PAR1",
    "xml": b"<?xml",
    "ndjson": b'{"kind": "header"',
}


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        ("compare", "json"),
        ("compare", "html"),
        ("compare", "csv"),
        ("compare", "parquet"),
        ("check", "json"),
        ("check", "xml"),
        ("diff", "json"),
        ("inspect", "json"),
        ("inspect", "csv"),
        ("export", "parquet"),
        ("export", "ndjson"),
    ],
)
def test_the_ending_chooses(tmp_path, files, command, ending):
    output = tmp_path / f"out.{ending.upper()}"
    assert run(command, *files[command], "-o", str(output)) in (0, 3)
    assert output.read_bytes().lower().startswith(STARTS[ending].lower())


@pytest.mark.parametrize("command", ["compare", "check", "diff", "inspect"])
def test_an_ending_that_says_nothing_leaves_the_default(tmp_path, files, command):
    output = tmp_path / "out.txt"
    assert run(command, *files[command], "-o", str(output)) in (0, 3)
    assert not output.read_text().startswith("{")
    json_too = tmp_path / "out"
    assert run(command, *files[command], "-o", str(json_too), "--format", "json") in (0, 3)
    json.loads(json_too.read_text())


@pytest.mark.parametrize(
    "case",
    [
        ("compare", ["--format", "table", "-o", "x.html"], "--format table does not fit x.html"),
        ("compare", ["--format", "csv", "-o", "x.json"], "--format csv does not fit x.json"),
        ("compare", ["-o", "x.xml"], "does not write junit"),
        ("check", ["-o", "x.html"], "does not write html"),
        ("diff", ["-o", "x.csv"], "does not write csv"),
        ("inspect", ["-o", "x.parquet"], "does not write parquet"),
        ("export", ["-o", "x.html"], "does not write html"),
        ("export", ["--format", "ndjson", "-o", "x.csv"], "--format ndjson does not fit x.csv"),
        ("export", ["-o", "x.lightleak"], "requires --redact"),
        ("export", ["--redact", "-o", "x.csv"], "--redact always writes a session file"),
        ("export", ["-o", "x.dat"], "no format given"),
    ],
)
def test_an_ending_that_contradicts_is_wrong_usage_and_nothing_is_written(files, capsys, monkeypatch, case):
    folder = Path(files["diff"][0]).parent
    command, asked, said = case
    monkeypatch.chdir(folder)
    assert run(command, *files[command], *asked) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert not (folder / asked[-1]).exists()


def test_a_name_with_an_ending_of_two_formats_fits_both(tmp_path, files):
    for form, name in (("timesketch", "t.csv"), ("timesketch", "t.jsonl"), ("ndjson", "n.jsonl")):
        assert run("export", *files["export"], "--format", form, "-o", str(tmp_path / name)) == 0
