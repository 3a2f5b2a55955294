"""``lightleak record``, run as a person runs it, on a real process with the fake agent."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.reliability import beside
from device.rig import HERE, is_gapless, sleeper
from lightleak.trace.session import open_session

COMMAND = [sys.executable, str(HERE / "command_line.py")]


@pytest.fixture
def target() -> Iterator[str]:
    with sleeper() as process:
        yield str(process.pid)


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


def test_a_recording_of_a_second_says_where_it_is_and_what_it_holds(tmp_path: Path, target: str) -> None:
    output = tmp_path / "a.lightleak"
    done = run("record", target, "-o", output, "-t", 0.5)

    assert (done.returncode, done.stdout) == (0, "")
    assert f"recording into {output}" in done.stderr
    assert "sleep  ready" in done.stderr
    assert "1 of 2 hooks that this process has" in done.stderr
    assert "not installed: -[PHNone none] (no such class)" in done.stderr
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    session = open_session(output)
    assert [e["phase"] for e in session.events() if e.kind == "process"] == ["attached", "ready", "detached"]
    assert not session.notices
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("flags", [("record", "--quiet"), ("record", "-q"), ("-q", "record")])
def test_a_quiet_recording_prints_nothing_when_nothing_goes_wrong(
    tmp_path: Path, target: str, flags: tuple[str, ...]
) -> None:
    done = run(*flags, target, "-o", tmp_path / "a.lightleak", "-t", 0.3)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_recording_in_order(tmp_path: Path, target: str, number: int) -> None:
    output = tmp_path / "a.lightleak"
    with subprocess.Popen([*COMMAND, "record", target, "-o", output], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while "ready" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(number)
        said = process.stderr.read()

    assert process.returncode == 0
    assert "head hash" in said
    assert [e.get("phase") for e in open_session(output).events()][-1] == "detached"
    assert not open_session(output).notices


def test_a_recording_ends_with_its_target_and_that_is_no_failure(tmp_path: Path) -> None:
    done = run("record", "-f", "/bin/sleep", "0.3", "-o", tmp_path / "a.lightleak")

    assert done.returncode == 0, done.stderr
    assert "exited" in done.stderr
    assert "sleep ended soon after it was attached to: 1 of 1 time, within " in done.stderr
    assert "Whether it also ends without is not known: lightleak doctor sleep --bisect tries both" in done.stderr


def test_an_output_that_exists_is_refused_before_anything_is_attached(tmp_path: Path) -> None:
    output = tmp_path / "a.lightleak"
    output.write_text("mine")
    done = run("record", "nosuchprocess", "-o", output)

    assert done.returncode == 1
    assert "exists and is not overwritten" in done.stderr
    assert output.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nosuchprocess"], 1, "there is no app or process nosuchprocess"),
        (["-p", "999999"], 1, "there is no process with pid 999999"),
        (["-f", "/nonexistent"], 1, "there is no such program"),
        (["-F"], 1, "no frontmost app"),
        (["-U", "-p", "1"], 1, "no USB device is connected"),
        (["-U", "-R", "-p", "1"], 2, "only one of -D, -U, -R and -H"),
        (["-n", "a", "-p", "1"], 2, "only one of -f, -F, -n, -N, -p and -W"),
        (["-W", "("], 2, "is not a valid regular expression"),
        ([], 2, "no target given"),
        (["-p", "1", "-t", "0"], 2, "0"),
    ],
)
def test_an_error_is_one_sentence_and_leaves_no_file(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    done = run("record", *arguments, "-o", tmp_path / "a.lightleak")

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.lightleak*"))


def test_one_missing_of_two_targets_records_neither(tmp_path: Path, target: str) -> None:
    done = run("record", target, "--with", "nosuchprocess", "-o", tmp_path / "a.lightleak")

    assert done.returncode == 1
    assert not list(tmp_path.glob("*.lightleak*"))


def test_a_stopped_process_is_named_with_its_remedy(tmp_path: Path, target: str) -> None:
    os.kill(int(target), signal.SIGSTOP)
    done = run("record", target, "-o", tmp_path / "a.lightleak")

    assert done.returncode == 1
    assert "is stopped: resume it first" in done.stderr


def test_a_full_disk_ends_the_recording_loudly_and_what_is_there_stays_whole(
    tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "a.lightleak"
    subprocess.run([*COMMAND, "record", target, "-o", tmp_path / "b.lightleak", "-t", "0.2", "--quiet"], check=True)
    asyncio.run(make_noise(int(target)))
    monkeypatch.setenv("FILE_BYTES_MAX", "8192")
    done = run("record", target, "-o", output, "-t", 30)

    assert done.returncode == 1
    assert "cannot be written (File too large): make room, or name another place" in done.stderr
    assert "Traceback" not in done.stderr
    session = open_session(output)
    assert output.stat().st_size <= 8 * 1024
    assert is_gapless(list(session.events()))


def test_a_file_replaced_under_the_recorder_ends_the_recording(tmp_path: Path, target: str) -> None:
    output = tmp_path / "a.lightleak"
    with subprocess.Popen([*COMMAND, "record", target, "-o", output], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while "ready" not in process.stderr.readline():
            assert process.poll() is None
        output.rename(tmp_path / "mine.lightleak")
        output.write_text("someone else's")
        _, said = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "was moved, removed or replaced while it was written" in said
    assert output.read_text() == "someone else's"
    assert is_gapless(list(open_session(tmp_path / "mine.lightleak").events()))


async def make_noise(pid: int) -> None:
    """Have the resident agent make events, of which no two are alike, from the next start on."""
    async with beside(pid) as link:
        await link.call("steady", 20, 200, {"salt": "x"})


def test_a_recording_without_a_name_gets_one_and_never_overwrites(
    tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = run("record", target, "-t", "200ms"), run("record", target, "-t", "0.2s", "--force")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    names = sorted(path.name for path in tmp_path.glob("*.lightleak"))
    assert len(names) == 2
    assert all(re.fullmatch(rf"pid-{target}-\d{{4}}-\d\d-\d\dT\d{{4}}(-2)?\.lightleak", name) for name in names)
    assert any(f"recording into {name};" in first.stderr for name in names)


def test_several_bare_targets_are_recorded_into_one_session(tmp_path: Path, target: str) -> None:
    with sleeper() as other:
        done = run("record", target, other.pid, "-o", tmp_path / "a.lightleak", "-t", 0.5, "-q")

    assert (done.returncode, done.stderr) == (0, "")
    ready = [e["pid"] for e in open_session(tmp_path / "a.lightleak").events() if e.get("phase") == "ready"]
    assert sorted(ready) == sorted([int(target), other.pid])


@pytest.mark.parametrize("command", ["record", "watch"])
def test_a_session_is_never_a_stream_nor_a_file_called_dash(
    tmp_path: Path, target: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(command, target, "-o", "-", "-t", 0.2)

    assert done.returncode == 2
    assert done.stderr == "error: a session cannot be written to stdout: give it a name after -o\n"
    assert not list(tmp_path.iterdir())


def test_a_recording_goes_into_a_store_and_its_report_can_follow(tmp_path: Path, target: str) -> None:
    pytest.importorskip("pyarrow")
    duckdb = pytest.importorskip("duckdb")
    output, store = tmp_path / "a.lightleak", tmp_path / "lab"
    done = run("record", target, "-o", output, "-t", 0.5, "--store", store)
    assert done.returncode == 0, done.stderr
    assert "added 1 session" in done.stderr
    rows = duckdb.sql(f"SELECT run, status, problem FROM read_parquet('{store}/runs/*/*.parquet')").fetchall()
    assert rows == [(open_session(output).head_hash, "ok", "no privacy report was given")]


def test_a_store_that_cannot_be_made_is_said_before_the_recording(tmp_path: Path, target: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("")
    done = run("record", target, "-o", tmp_path / "a.lightleak", "-t", 0.5, "--store", tmp_path / "other")
    assert done.returncode == 1
    assert "is not a store of lightleak fleet" in done.stderr
    assert not (tmp_path / "a.lightleak").exists()
