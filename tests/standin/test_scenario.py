"""Scenarios play, and their truth is true."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from standin import scenario

HERE = Path(__file__).parent
SHORT = """
title = "short"
lag_s = 0.2

[phone]
idle_s = 0.2
leeway = 0.0

[permissions."org.lightleak.scanner"]
status = "limited"

[[steps]]
at = 0.0
do = "launch"
app = "refetch"

[[steps]]
at = 1.2
do = "launch"
app = "scanner"
wait = true

[[steps]]
at = 1.3
do = "attach"
apps = ["refetch", "scanner"]

[[steps]]
at = 1.6
do = "go"
app = "scanner"

[[steps]]
at = 2.4
do = "pick"
app = "refetch"

[[steps]]
at = 3.0
do = "drop-binding"
app = "refetch"

[[steps]]
at = 3.6
do = "end"
app = "scanner"

[[steps]]
at = 3.7
do = "detach"
apps = ["refetch"]
"""


WAITING = """
title = "waiting"
steps = [
  { at = 0.0, do = "launch", app = "refetch", wait = true },
  { at = 0.0, do = "attach", apps = ["refetch"] },
  { at = 0.0, do = "go", app = "refetch" },
  { at = 0.0, do = "detach", apps = ["refetch"] },
]
"""


@pytest.mark.parametrize("path", sorted(scenario.FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_scenario_that_comes_along_has_only_known_steps_in_order(path):
    steps = tomllib.loads(path.read_text(encoding="utf-8"))["steps"]
    assert [step["at"] for step in steps] == sorted(step["at"] for step in steps)
    for step in steps:
        assert hasattr(scenario.Story, "do_" + step["do"].replace("-", "_"))


@pytest.mark.standin
def test_a_short_story_has_every_cause(tmp_path):
    seen = []
    path = scenario.run(
        tomllib.loads(SHORT), tmp_path, lambda what, apps: seen.append((what, [app.identifier for app in apps]))
    )
    truth = json.loads(path.read_text(encoding="utf-8"))
    assert seen == [
        ("attach", ["org.lightleak.refetch", "org.lightleak.scanner"]),
        ("detach", ["org.lightleak.refetch"]),
    ]
    causes = {(entry["app"].rpartition(".")[2], entry["why"], entry["cause"]) for entry in truth["entries"]}
    assert causes == {
        ("refetch", "bind", "unobserved"),
        ("refetch", "query", "unobserved"),
        ("scanner", "bind", "open"),
        ("scanner", "query", "query"),
        ("refetch", "picker", "picker"),
        ("refetch", "rebind", "unexplained"),
    }
    lines = (tmp_path / truth["report"]).read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["identifier"] for line in lines} == {entry["identifier"] for entry in truth["entries"]}
    ends = {process["name"]: process["ending"] for process in truth["processes"]}
    assert ends == {"refetch": None, "scanner": "killed", "assetsd": None}


@pytest.mark.standin
def test_the_command_waits_for_the_recorder(tmp_path):
    story = tmp_path / "short.toml"
    story.write_text(WAITING, encoding="utf-8")
    command = [sys.executable, "-m", "standin", "run", str(story), "--out", str(tmp_path / "out"), "--app-wait-attach"]
    with subprocess.Popen(
        command, cwd=HERE.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        attach = json.loads(process.stdout.readline())
        assert attach["event"] == "attach"
        assert all(Path(f"/proc/{pid}").exists() for pid in attach["apps"].values())
        process.stdin.write("go\n")
        assert json.loads(process.stdout.readline())["event"] == "detach"
        process.stdin.write("go\n")
        done = json.loads(process.stdout.readline())
    assert process.returncode == 0
    assert Path(done["truth"]).exists()
    assert Path(done["report"]).exists()
