"""What a stranger gets: the wheel, in an empty environment, with the source tree gone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
SOURCES = ("host", "README.md", "LICENSE", "pyproject.toml", ".gitignore")


def run(*command: object, **options: object) -> str:
    done = subprocess.run([str(part) for part in command], check=False, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Build the wheel from a copy of the sources, and delete the copy."""
    subprocess.run([TOP / "scripts" / "build-agent"], check=True)
    subprocess.run([TOP / "scripts" / "build-page"], check=True)
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    leave = shutil.ignore_patterns("node_modules", "__pycache__")
    for name in SOURCES:
        copy = shutil.copytree if (TOP / name).is_dir() else shutil.copy
        copy(TOP / name, source / name, **({"ignore": leave} if copy is shutil.copytree else {}))
    pip = (sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", built, source)
    run(*pip, cwd=built)
    shutil.rmtree(source)
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def stranger(wheel, tmp_path_factory):
    """An empty environment with the wheel in it, and a way to run things there: no Node, no compiler, no source tree."""
    home = tmp_path_factory.mktemp("stranger")
    run(sys.executable, "-m", "venv", "--without-pip", home / "env")
    pip = (sys.executable, "-m", "pip", "--python", home / "env", "install", "-q", "--only-binary", ":all:")
    run(*pip, "-c", TOP / "constraints.txt", wheel)
    environment = {"PATH": str(home / "env" / "bin"), "HOME": str(home)}
    if "SYSTEMROOT" in os.environ:
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return lambda *command: run(*command, cwd=home, env=environment), home


def test_the_wheel_is_for_every_system_and_carries_agent_page_and_demo(wheel):
    assert wheel.name.endswith("-py3-none-any.whl")
    inside = {name.removeprefix("lightleak/assets/") for name in zipfile.ZipFile(wheel).namelist()}
    wanted = {"agent.js", "agent.json", "probes.json", "page.html", "demo/session.lightleak", "demo/report.ndjson"}
    wanted |= {"tool-look.js", "tool-act.js", "tool-fetch-store.js"}
    assert wanted <= inside


def test_the_demo_runs_from_the_wheel_within_a_minute(stranger):
    run_there, home = stranger
    place = run_there(home / "env" / "bin" / "python", "-c", "import lightleak; print(lightleak.__file__)")
    assert Path(place.strip()).is_relative_to(home)

    began_s = time.monotonic()
    said = run_there(home / "env" / "bin" / "lightleak", "demo")

    assert time.monotonic() - began_s < 60
    for cause in ("query", "open", "picker", "unexplained", "unobserved"):
        assert f"\n  {cause}  furthest: " in said
    assert (home / "lightleak-demo" / "page.html").stat().st_size > 100_000


def test_every_command_helps_from_the_wheel(stranger):
    run_there, home = stranger
    lightleak = home / "env" / "bin" / "lightleak"
    names = re.findall(r"^  ([a-z][a-z-]*) {2,}\S", run_there(lightleak, "--help"), re.MULTILINE)
    assert {"demo", "record", "compare"} <= set(names)
    for name in names:
        assert "Usage: lightleak" in run_there(lightleak, name, "--help")
    assert "\nFrida " in run_there(lightleak, "--version")
