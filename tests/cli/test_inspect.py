"""``inspect`` says what a report says: in the contract's JSON, in CSV, and in words that promise no more."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from lightleak.cli import main
from report.written import export, lines, moment, network, text
from tracekit import session

FIXTURE = str(Path(__file__).parents[1] / "data" / "report" / "ios_app_privacy_report.ndjson")


@pytest.fixture
def inspect(capfd: pytest.CaptureFixture[str]):
    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["inspect", *map(str, arguments)])
        return ended.value.code, *capfd.readouterr()  # type: ignore[return-value]

    return run


def test_json_of_the_fixture_is_what_the_contract_says(inspect) -> None:
    code, out, err = inspect(FIXTURE, "--format", "json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert (found["version"], found["files"]) == (1, [Path(FIXTURE).name])
    assert (found["first"], found["last"]) == ("2022-04-27T10:41:46.523-04:00", "2022-04-27T11:07:14.951-04:00")
    assert found["entries"][0] == {
        "identifier": "0E0134C2-8E0C-40AD-8620-099F6D9C0BEB",
        "app": "com.apple.mobileslideshow",
        "category": "photos",
        "begin": "2022-04-27T10:53:24.555-04:00",
        "end": "2022-04-27T10:53:28.495-04:00",
        "out_of_process": False,
        "flags": [],
    }
    assert (len(found["entries"]), len(found["network"]), found["problems"]) == (4, 64, [])
    assert {app: list(categories) for app, categories in found["summary"].items()} == {
        "com.apple.mobilecal": ["contacts", "location"],
        "com.apple.mobilemail": ["contacts"],
        "com.apple.mobileslideshow": ["photos"],
    }


def test_the_same_report_gives_the_same_bytes(inspect) -> None:
    assert inspect(FIXTURE, "--format", "json") == inspect(FIXTURE, "--format", "json")


def test_the_table_says_that_rows_are_no_reads_and_what_the_idle_timer_does(inspect, tmp_path: Path) -> None:
    path = tmp_path / "report.ndjson"
    path.write_text(export([moment(1, 0, 74_900)]) + text([network(firstTimeStamp="2020-09-13T12:00:01Z")]))
    code, out, _ = inspect(path)
    words = " ".join(out.split())
    assert code == 0
    assert "not a number of reads" in words
    assert "60 s after the last access" in words
    assert "coincidence" in words
    assert "no proof" in words
    assert "example.org" in words


@pytest.mark.parametrize("columns", ["60", "80", "160"])
def test_an_app_s_figures_are_whole_in_a_terminal_of_any_width(columns, inspect, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    path = tmp_path / "report.ndjson"
    path.write_text(export([moment(1, 0, 74_900)]))
    (app,) = inspect(path, "--format", "json")[1].split('"app": "')[1:2]
    out = inspect(path)[1]
    assert app.split('"')[0] in out
    assert "74.9 s" in out
    assert max(map(len, out.splitlines())) <= int(columns)


def test_problems_are_listed_and_do_not_fail(inspect, tmp_path: Path) -> None:
    path = tmp_path / "report.ndjson"
    path.write_text(export([moment(1, 0, 5)]) + "junk\n")
    code, out, err = inspect(path, "--format", "json")
    assert code == 0
    assert [(p["file"], p["line"]) for p in json.loads(out)["problems"]] == [("report.ndjson", 3)]
    assert "problems while reading: 1" in err
    assert "report.ndjson:3: not JSON" in inspect(path)[1]


@pytest.mark.parametrize("content", ["", "no report\n", "{}\n"])
def test_what_is_no_report_exits_with_1(content: str, inspect, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(content)
    code, out, err = inspect(path, "--format", "json")
    assert (code, out) == (1, "")
    assert "not one line of a privacy report" in err


def test_one_bad_report_among_good_ones_exits_with_1(inspect, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    assert inspect(FIXTURE, tmp_path / "x")[0] == 1
    assert inspect(FIXTURE, tmp_path / "missing")[0] == 1


def test_csv_has_a_line_for_each_entry_and_no_formulas(inspect, tmp_path: Path) -> None:
    path = tmp_path / "report.ndjson"
    path.write_text(export([moment(1, 0, 60_000, app="=cmd|' /C calc'!A0"), moment(2, 10**6, None)]))
    _, out, _ = inspect(path, "--format", "csv")
    first, second = csv.DictReader(io.StringIO(out))
    assert first["app"] == "'=cmd|' /C calc'!A0"
    assert (first["duration_s"], first["flags"], first["begin_line"], first["end_line"]) == (
        "60.0",
        "lone-access",
        "1",
        "2",
    )
    assert (second["end"], second["flags"]) == ("", "still-open")


def test_an_output_file_is_private_and_never_overwritten_unasked(inspect, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert inspect(FIXTURE, "--format", "json", "-o", out)[0] == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert inspect(FIXTURE, "-o", out)[0] == 1
    assert json.loads(out.read_text())["version"] == 1
    assert inspect(FIXTURE, "--format", "csv", "-o", out, "--force")[0] == 0
    assert out.read_text().startswith("identifier,")


def test_names_cannot_steer_the_terminal(inspect, tmp_path: Path) -> None:
    path = tmp_path / "report.ndjson"
    rows = lines(moment(1, 0, 5, app="com.example\x1b[2J[red]\nforged"))
    path.write_text(text([*rows, network(bundleID="com.example\x1b[2J[red]", domain="\u202eevil")]))
    _, out, _ = inspect(path)
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[red]\\nforged" in out


def test_a_recording_is_named_as_one_with_what_reads_it(inspect, tmp_path: Path) -> None:
    """It said only that there is not one line of a report in it."""
    path = session(tmp_path / "s.lightleak", [])
    code, out, err = inspect(path)
    assert (code, out) == (1, "")
    assert f"{path} is a recording of lightleak, not a privacy report" in err
    assert f"lightleak show {path}" in err
