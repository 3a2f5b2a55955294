"""The machine ends in every case, and says how; a program in qemu's place says what a machine would."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from arm64 import emulator
from arm64.cache import TOP, CannotRunError
from standin.waiting import until, within

RUNNING = 'echo $$ > "$SHARED/pid"; exec sleep 600'


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs a shell script as the machine."""

    def run(script: str, **options: float) -> int:
        program = tmp_path / "bin/qemu-system-aarch64"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\nSHARED={emulator.SHARED}\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
        return emulator.run((tmp_path, tmp_path, tmp_path), "command", cpu="any", **options)

    monkeypatch.setattr(emulator, "SHARED", tmp_path / "shared")
    monkeypatch.setattr(emulator, "TOP", tmp_path)
    return run


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_the_command_s_exit_status_and_output_come_outside(machine, capfdbinary, tmp_path: Path) -> None:
    assert machine('printf "one\\r\\ntwo\\r\\n"; echo 3 > "$SHARED/status"') == 3
    assert capfdbinary.readouterr().out == b"one\ntwo\n"
    assert (tmp_path / "shared/output").read_bytes() == b"one\ntwo\n"


def test_a_machine_that_goes_on_for_too_long_is_ended(machine, tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match="was ended after 0 minutes before its command did"):
        machine(RUNNING, limit_s=within(2))
    assert not lives(int((tmp_path / "shared/pid").read_text()))


def test_a_machine_that_breaks_says_where_its_output_is(machine) -> None:
    with pytest.raises(CannotRunError, match=r"exit code 1\): what it printed is in shared/output"):
        machine("echo broken; exit 1")


def test_the_machine_ends_when_its_user_stops_it(machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def stop(_process: object) -> None:
        until((tmp_path / "shared/pid").exists)
        raise KeyboardInterrupt

    monkeypatch.setattr(emulator, "_print", stop)
    with pytest.raises(KeyboardInterrupt):
        machine(RUNNING)
    assert not lives(int((tmp_path / "shared/pid").read_text()))


def test_nothing_is_built_where_all_is_built_already() -> None:
    """In the machine there is no compiler: a script that tried would fail."""
    environment = {"LIGHTLEAK_BUILT": "1", "PATH": "/nowhere"}
    for name in ("build-agent", "build-page", "build-standin"):
        subprocess.run(["/bin/sh", TOP / "scripts" / name], env=environment, check=True)
