"""``lightleak watch``, run as a person runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from device.rig import HERE, sleeper

COMMAND = [sys.executable, str(HERE / "command_line.py"), "watch"]


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def test_a_watch_that_saw_nothing_says_so_and_leaves_no_file(tmp_path: Path) -> None:
    command = [*COMMAND, "nosuchprocess", "-o", tmp_path / "a.lightleak"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "waiting for nosuchprocess to start\n"
        process.terminate()
        assert process.stderr.read() == "nothing was recorded\n"

    assert process.returncode == 0
    assert not list(tmp_path.glob("*.lightleak*"))


def test_a_watch_rotates_its_file_and_ends_after_its_time(tmp_path: Path) -> None:
    with sleeper() as target:
        arguments = [str(target.pid), "-o", tmp_path / "a.lightleak", "-t", "3", "--rotate-hours", "0.0001"]
        done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.lightleak").exists()
    assert (tmp_path / "a.2.lightleak").exists()
    assert "a.lightleak" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["x", "--rotate-mb", "0"]])
def test_a_watch_without_sense_is_wrong_usage(tmp_path: Path, arguments: list[str]) -> None:
    done = subprocess.run(
        [*COMMAND, *arguments, "-o", tmp_path / "a.lightleak"], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 2
