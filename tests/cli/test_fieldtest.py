"""``lightleak fieldtest`` at a terminal: the person is asked, the file is written once, and shown."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from fieldtest.people import Hands
from lightleak.cli import main
from lightleak.comparator.assumptions import Assumptions, read_assumptions
from lightleak.fieldtest.answers import Answer, encode_result, make_result
from lightleak.fieldtest.claims import CLAIMS
from lightleak.fieldtest.draft import Draft, draft_path
from lightleak.fieldtest.draft import Phone as Tested
from lightleak.fieldtest.evaluate import evaluate
from standin import Phone

Run = Callable[..., tuple[int, str, str]]
COMMAND = [sys.executable, "-m", "lightleak", "fieldtest"]


@pytest.fixture
def fieldtest(capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["fieldtest", *map(str, arguments)])
        said = capfd.readouterr()
        return ended.value.code or 0, said.out, said.err  # type: ignore[return-value]

    return run


@pytest.fixture
def result(tmp_path: Path) -> Path:
    path = tmp_path / "field.json"
    path.write_text(encode_result(make_result(Draft(), evaluate(Draft(), None), "2026-11-21")))
    return path


@pytest.mark.standin
def test_a_person_is_led_through_and_the_file_is_written_once_and_private(tmp_path: Path) -> None:
    output, export = tmp_path / "field.json", tmp_path / "export.ndjson"
    with Phone(idle_s=0.8, leeway=0.0) as phone:
        app = phone.launch("hardcases")
        hands = Hands(phone, app, tmp_path)
        skipped = [part for step in ("delivery", "details", "sleep", "gate") for part in ("--skip", step)]
        command = [*COMMAND, str(app.pid), "-o", str(output), "--idle", "1.5", "--report", str(export), *skipped]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdin is not None
            assert process.stderr is not None
            said = _until(process, b"Enter when done] ")  # a fresh start
            process.stdin.write(b"\n")
            process.stdin.flush()
            said += _until(process, b"Enter when done, s to skip] ")  # the picker, cancelled
            hands.do_picker(0)
            process.stdin.write(b"\n")
            process.stdin.flush()
            said += _until(process, b"Enter when done, s to skip] ")  # the picker, used
            hands.do_picker(1)
            process.stdin.write(b"\n")
            process.stdin.flush()
            said += _until(process, b"Enter when done, s to skip] ")  # no extension
            process.stdin.write(b"s\n")
            process.stdin.flush()
            said += _until(process, b"export.ndjson] ")
            phone.export_report(tmp_path).rename(export)
            out, err = process.communicate(b"\n", timeout=60)

    assert process.returncode == 0, err
    assert output.stat().st_mode & 0o777 == 0o600
    assert not draft_path(output).exists()
    document = json.loads(output.read_text())
    holds = {answer["number"]: answer["holds"] for answer in document["answers"]}
    assert (holds[1], holds[2], holds[3], holds[5], holds[9], holds[10]) == (True, True, True, True, True, None)
    assert "hold" in out.decode()
    assert b"close the app in the app switcher" in said


def _until(process: subprocess.Popen[bytes], prompt: bytes) -> bytes:
    said = b""
    assert process.stderr is not None
    while not said.endswith(prompt):
        byte = process.stderr.read(1)
        assert byte, said.decode()
        said += byte
    return said


def test_a_result_is_explained_as_a_table_and_as_json(fieldtest: Run, result: Path) -> None:
    code, out, _ = fieldtest("--explain", result)

    assert code == 0
    assert "15 not decided" in out
    assert json.loads(fieldtest("--explain", result, "--format", "json")[1]) == json.loads(result.read_text())


@pytest.mark.parametrize(("kind", "named"), [("virtual", "a virtual device"), ("simulator", "a simulator")])
def test_what_a_virtual_device_shows_confirms_nothing(fieldtest: Run, tmp_path: Path, kind: Any, named: str) -> None:
    found = {"query_makes_entry": True, "reads_make_no_entry": False}
    answers = [Answer(2, True, "seen", found), Answer(7, True, "seen", {"stamp_is_later": True}, {"most_ms": 9000})]

    def result(kind: Any) -> str:
        return encode_result(make_result(Draft(phone=Tested("iPhone99,11", "26.4", kind=kind)), answers, "2026-11-21"))

    assert read_assumptions(result("physical"), "f").query_makes_entry is True
    text = result(kind)
    assert read_assumptions(text, "f") == Assumptions(os_version="26.4", model="iPhone99,11")
    assert json.loads(text)["phone"]["kind"] == kind
    (path := tmp_path / f"{kind}.json").write_text(text)
    out = " ".join(fieldtest("--explain", path)[1].split())
    assert f"This is {named}, not a phone: no phone confirms any of it" in out
    assert "for compare --facts:" not in out


def test_compare_goes_by_what_a_field_test_has_found(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def why(*options: str) -> list[str]:
        demo = files("lightleak") / "assets" / "demo"
        session, report = str(demo / "session.lightleak"), str(demo / "report.ndjson")
        with pytest.raises(SystemExit):
            main(["compare", session, "--report", report, "--format", "json", *options])
        return [entry["why"] for entry in json.loads(capfd.readouterr().out)["entries"] if entry["cause"] == "query"]

    found = {fact: True for claim in CLAIMS for fact in claim.facts}
    answers = [Answer(1, True, "all hold", found)]
    (tmp_path / "field.json").write_text(encode_result(make_result(Draft(), answers, "2026-11-21")))

    assumed, confirmed = why(), why("--facts", str(tmp_path / "field.json"))

    assert assumed
    assert all("not confirmed on a phone" in sentence for sentence in assumed)
    assert not any("not confirmed on a phone" in sentence for sentence in confirmed)


def test_what_is_no_result_is_refused(fieldtest: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("[]")

    assert fieldtest("--explain", tmp_path / "x")[0] == 1
    assert fieldtest("--explain", tmp_path / "missing")[0] == 1


def test_a_result_that_exists_is_not_overwritten_and_one_without_a_name_is_not_begun(
    fieldtest: Run, result: Path
) -> None:
    assert fieldtest("1", "-o", result)[0] == 1
    assert fieldtest("1")[0] == 2
    assert fieldtest("-o", result.with_name("new"))[0] == 2


def test_without_a_terminal_the_test_ends_and_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "1", "-o", str(tmp_path / "f")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "--yes" in done.stderr


def test_a_result_with_evil_text_does_not_steer_the_terminal(fieldtest: Run, result: Path) -> None:
    document = json.loads(result.read_text())
    document["answers"][0]["why"] = document["phone"]["model"] = "\x1b]0;owned\x07"
    result.write_text(json.dumps(document))

    assert "\x1b]" not in fieldtest("--explain", result)[1]
