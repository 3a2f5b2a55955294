"""``lightleak devices`` and ``lightleak apps``."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import NamedTuple

import pytest

from device.rig import HERE, sleeper
from lightleak.cli import main

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


class _Listed(NamedTuple):
    pid: int
    name: str
    identifier: str | None


def listed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *arguments: str, apps: bool = True
) -> str:
    found = [_Listed(7, "Runs", "com.runs"), _Listed(0, "Rests", "com.rests")] if apps else []
    monkeypatch.setattr("lightleak.device.queries.processes", lambda _: [*found, _Listed(1, "daemon", None)])
    with pytest.raises(SystemExit) as ended:
        main(["apps", *arguments])
    assert not ended.value.code
    return " ".join(line.split()[1] for line in capfd.readouterr().out.splitlines()[1:])


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ([], "Runs Rests"), (["-Ua"], "Runs"), (["-Uai"], "Runs Rests"), (["-U", "-i"], "Runs Rests"),
        (["--all"], "Runs Rests daemon"),
    ],
)  # fmt: skip
def test_the_letters_of_frida_ps_mean_the_same_here(monkeypatch, capfd, arguments, names) -> None:
    assert listed(monkeypatch, capfd, *arguments) == names


def test_a_device_without_apps_lists_processes_unless_apps_were_asked_for(monkeypatch, capfd) -> None:
    assert listed(monkeypatch, capfd, apps=False) == "daemon"
    assert listed(monkeypatch, capfd, "-a", apps=False) == ""
    with pytest.raises(SystemExit) as ended:
        main(["apps", "-a", "--all"])
    assert ended.value.code == 2
