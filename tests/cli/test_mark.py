"""``lightleak mark`` with a running ``lightleak record``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from device.rig import HERE, sleeper
from lightleak.trace.session import open_session

COMMAND = [sys.executable, str(HERE / "command_line.py")]


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def mark(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "mark", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_mark_is_in_the_recording_with_the_devices_time(tmp_path: Path) -> None:
    output = tmp_path / "a.lightleak"
    with sleeper() as target:
        command = [*COMMAND, "record", str(target.pid), "-o", output]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            while "ready" not in process.stderr.readline():
                assert process.poll() is None
            first, second = mark("locked the phone \x1b[31m"), mark("--session", output, "unlocked it")
            process.terminate()
            process.stderr.read()
    marks = [event for event in open_session(output).events() if event.kind == "mark"]

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert [event["label"] for event in marks] == ["locked the phone \x1b[31m", "unlocked it"]
    assert "segment 1" in first.stderr
    assert marks[0].mono_ns < marks[1].mono_ns


def test_without_a_recording_a_mark_is_refused() -> None:
    refused = mark("hello")

    assert refused.returncode == 1
    assert "nothing is being recorded" in refused.stderr
