"""``lightleak devices`` and ``lightleak apps``."""

from __future__ import annotations

import json
import subprocess
import sys

from device.rig import HERE, sleeper

COMMAND = [sys.executable, str(HERE / "command_line.py")]


def run(*arguments: str) -> str:
    command = [*COMMAND, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def test_this_machine_is_listed_for_people_and_for_programs() -> None:
    listed = json.loads(run("devices", "--format", "json"))

    assert listed["version"] == 1
    assert {"id": "local", "name": "Local System", "type": "local"} in listed["devices"]
    assert run("devices").splitlines()[0].split() == ["ID", "TYPE", "NAME"]


def test_what_runs_here_can_be_watched() -> None:
    with sleeper() as process:
        listed = json.loads(run("apps", "-D", "local", "--format", "json"))

        assert {"pid": process.pid, "name": "sleep", "identifier": None} in listed["apps"]
        assert str(process.pid) in run("apps")
