"""``lightleak probes`` with a target; the catalogue itself is held by the agent's tests."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from device.rig import HERE, sleeper
from lightleak import built_assets
from lightleak.device import agent_bundle
from lightleak.errors import AgentError

COMMAND = [sys.executable, str(HERE / "command_line.py"), "probes"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_a_target_says_what_would_install_and_why_not() -> None:
    with sleeper() as process:
        done = run(str(process.pid), "--format", "json")
        table = run(str(process.pid)).stdout

    assert done.returncode == 0, done.stderr
    [probe] = json.loads(done.stdout)["probes"]
    assert (probe["status"], probe["reason"]) == ("skipped", "no bridge")
    assert "no bridge" in table


def test_a_program_that_was_started_only_to_be_asked_is_ended() -> None:
    done = run("-f", "/bin/sleep", "271828")

    assert done.returncode == 0, done.stderr
    assert subprocess.run(["pgrep", "-f", "sleep 271828"], check=False).returncode == 1


def test_an_installation_without_its_agent_says_how_to_build_it(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(built_assets, "files", lambda _: tmp_path)

    with pytest.raises(AgentError, match=r"agent\.js is missing") as caught:
        agent_bundle.agent_source()
    assert "build-agent" in caught.value.hint
