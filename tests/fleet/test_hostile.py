"""Places, names and manifests by which a store could say what is not so: each gives the rows of any other, or a reason."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

from fleet.labs import HOOKS, ask, run, session

GETTER, STORAGE = "-[PHAsset location]", "-[PHAsset _uncachedLocation]"


@pytest.mark.parametrize("place", ["app=foo/lab", "year=2026/lab", "lab*", "lab[1]", "la?b", "it's", "50%20"])
@pytest.mark.parametrize("app", ["a/b", "__HIVE_DEFAULT_PARTITION__", "x" * 300, ""])
def test_the_folders_above_a_store_change_no_row(tmp_path, capfd, place, app):
    recording, report = session(tmp_path, "a", app=app, reads=1)
    (tmp_path / "lab1").mkdir()  # what a pattern would find
    store = tmp_path / place
    store.parent.mkdir(exist_ok=True)
    assert run("fleet", "add", store, recording, "--report", report) == 0
    (row,) = ask(capfd, store, "SELECT * FROM runs")
    assert row["app"] == (app or None)
    assert not {"year", "lightleak_file"} & row.keys()
    (one,) = ask(capfd, store, "SELECT app, sum(count) AS n FROM acts GROUP BY app")
    assert tuple(one.values()) == (app or None, 3)


def test_the_figures_of_an_app_that_is_not_known_are_no_zero(tmp_path, capfd):
    recording, report = session(tmp_path, "a", app="", reads=2)
    run("fleet", "add", tmp_path / "lab", recording, "--report", report)
    capfd.readouterr()
    run("fleet", "report", tmp_path / "lab", "--format", "json")
    (cell,) = json.loads(capfd.readouterr().out)["cells"]
    assert cell["app"] is None
    assert cell["figures"]["background_reads"]["count"] == 4
    assert cell["figures"]["notifications"]["count"] == 2


@pytest.mark.parametrize("sql", ["UPDATE EXTENSIONS", "update extensions (httpfs)"])
def test_a_statement_that_python_has_no_name_for_is_refused_too(tmp_path, capfd, sql):
    recording, report = session(tmp_path, "a", reads=1)
    run("fleet", "add", tmp_path / "lab", recording, "--report", report)
    assert run("fleet", "query", tmp_path / "lab", sql) == 2
    said = capfd.readouterr().err
    assert "fleet query only reads" in said
    assert "Traceback" not in said


def test_a_run_whose_report_was_missing_goes_when_another_report_is_given(tmp_path, capfd):
    recording, report = session(tmp_path, "a", reads=1)
    assert run("fleet", "add", tmp_path / "lab", recording, "--report", tmp_path / "missing.ndjson") == 1
    (row,) = ask(capfd, tmp_path / "lab", "SELECT status, problem FROM runs")
    assert row["status"] == "failed"
    assert row["problem"].startswith(f"{tmp_path / 'missing.ndjson'} cannot be read (No such file or directory)")
    assert run("fleet", "add", tmp_path / "lab", recording, "--report", report) == 0
    assert ask(capfd, tmp_path / "lab", "SELECT status FROM runs") == [{"status": "ok"}]


def test_a_session_that_was_missing_and_then_has_no_report_is_one_row(tmp_path, capfd):
    recording, report = session(tmp_path, "a", reads=1)
    away = recording.rename(tmp_path / "away")
    report.unlink()
    for _ in range(2):
        assert run("fleet", "add", tmp_path / "lab", recording, "--report", report) == 1
        if not recording.exists():
            away.rename(recording)
    (row,) = ask(capfd, tmp_path / "lab", "SELECT run, problem FROM runs")
    assert report.name in row["problem"]


@pytest.mark.parametrize(
    ("rows", "statuses", "said"),
    [
        (("{s},{r},org.example.app,1", "{s},{q},org.example.app,2"), ["failed", "failed"], "version 1 and 2"),
        (("{s},{r},org.example.app,1", "{s},{q},com.other.app,1"), ["ok", "failed"], "different reports"),
        (("{s},{r},org.example.app,1", "{s},{q},org.example.app,1"), ["ok"], None),
    ],
)
def test_rows_of_one_session_with_different_reports_lose_no_app(tmp_path, capfd, rows, statuses, said):
    recording, report = session(tmp_path, "a")
    other = tmp_path / "q.ndjson"
    other.write_text(report.read_text() + "\n")
    path = tmp_path / "runs.csv"
    lines = [row.format(s=recording.name, r=report.name, q=other.name) for row in rows]
    path.write_text("\n".join(["session,report,app,version", *lines]) + "\n")
    for _ in range(2):
        run("fleet", "add", tmp_path / "lab", "--manifest", path)
        found = ask(capfd, tmp_path / "lab", "SELECT status, problem FROM runs ORDER BY status DESC")
        assert [row["status"] for row in found] == statuses
        assert all(said in row["problem"] for row in found if row["status"] == "failed")


def places(folder, capfd, hooks, monkeypatch, place_by=GETTER) -> dict:
    monkeypatch.setattr("fleet.labs.HOOKS", hooks)
    recording, report = session(folder, "a", place_by=place_by)
    run("fleet", "add", folder / "lab", recording, "--report", report)
    (row,) = ask(capfd, folder / "lab", "SELECT places_read, unseen FROM runs")
    capfd.readouterr()
    return row


def test_places_that_were_read_without_the_getter_count(tmp_path, capfd, monkeypatch):
    row = places(tmp_path, capfd, HOOKS, monkeypatch, place_by=STORAGE)
    assert (row["places_read"], [one for one in row["unseen"] if one["need"] == "places"]) == (15, [])


def test_a_way_to_a_place_that_was_not_hooked_is_a_limit(tmp_path, capfd, monkeypatch):
    row = places(tmp_path, capfd, [hook for hook in HOOKS if hook[1] != STORAGE], monkeypatch)
    assert row["places_read"] == 15
    assert {"need": "places", "reason": f"not hooked: {STORAGE}"} in row["unseen"]


def test_places_are_what_both_ways_returned(tmp_path, capfd):
    recording, report = session(tmp_path, "a", reads=1)
    assert run("export", recording, "-o", tmp_path / "all.ndjson") == 0
    lines = [json.loads(line) for line in (tmp_path / "all.ndjson").read_text().splitlines()]
    at = next(line for line in lines if line["kind"] == "property")
    more = {**at, "seq": max(line.get("seq", 0) for line in lines) + 1, "symbol": STORAGE, "count": 7, "assets": 1}
    other = tmp_path / "b.ndjson"
    other.write_text("".join(json.dumps(line) + "\n" for line in [*lines, more]))
    assert run("import", other, "-o", tmp_path / "b.lightleak") == 0
    run("fleet", "add", tmp_path / "lab", tmp_path / "b.lightleak", "--report", report)
    assert ask(capfd, tmp_path / "lab", "SELECT places_read, problem FROM runs") == [
        {"places_read": 12, "problem": None}
    ]
