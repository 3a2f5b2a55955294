"""What a stranger gets: the wheel, in an empty environment, with the source tree gone; and the ways to make one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

TOP = Path(__file__).parent.parent
SOURCES = ("host", "agent", "scripts", "README.md", "LICENSE", "pyproject.toml", "hatch_build.py", ".gitignore")
BUILT = {"agent.js", "agent.json", "probes.json", "page.html", "tool-look.js"}


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
    # one brief for each cause
    for brief in ("Queried", "First library contact", "The person chose", "Unexplained", "Cause unknown"):
        assert f"\n  {brief}" in said
    assert (home / "lightleak-demo" / "page.html").stat().st_size > 100_000


def test_every_command_helps_from_the_wheel(stranger):
    run_there, home = stranger
    lightleak = home / "env" / "bin" / "lightleak"
    names = re.findall(r"^  ([a-z][a-z-]*) {2,}\S", run_there(lightleak, "--help"), re.MULTILINE)
    assert {"demo", "record", "compare"} <= set(names)
    for name in names:
        assert "Usage: lightleak" in run_there(lightleak, name, "--help")
    assert "\nFrida " in run_there(lightleak, "--version")


def test_the_frida_that_is_tested_is_allowed_and_another_major_version_is_not():
    """A server on a phone speaks only with the same major version; pip took whatever was newest."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    (allowed,) = (
        SpecifierSet(each.removeprefix("frida")) for each in project["dependencies"] if each.startswith("frida")
    )
    tested = re.search(r"^frida==(.+)$", (TOP / "constraints.txt").read_text(), re.MULTILINE)
    assert tested is not None
    assert tested[1] in allowed
    assert f"{int(tested[1].split('.')[0]) + 1}.0.0" not in allowed


@pytest.fixture
def clean(tmp_path) -> Path:
    """A repository with the files of this one, as a clone has them: nothing is built."""
    if not (TOP / ".git").exists():
        pytest.skip("these sources are no clone")
    listed = run("git", "-C", TOP, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    place = tmp_path / "clean"
    for name in filter(None, listed.split("\0")):
        if (TOP / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOP / name, place / name)
    git = ("git", "-C", place, "-c", "user.name=test", "-c", "user.email=test@localhost")
    run(*git, "init", "-q")
    run(*git, "add", "--all")
    run(*git, "commit", "-q", "-m", "everything")
    assert not BUILT & {path.name for path in (place / "host" / "lightleak" / "assets").iterdir()}
    return place


def without_node(tmp_path: Path) -> dict[str, str]:
    """An environment in which no program is found."""
    (tmp_path / "nothing").mkdir()
    return os.environ | {"PATH": str(tmp_path / "nothing")}


def test_a_clean_repository_installs_with_agent_and_page(clean, tmp_path):
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "env")
    pip = (sys.executable, "-m", "pip", "--python", tmp_path / "env", "install", "-q", "-c", TOP / "constraints.txt")
    run(*pip, f"git+{clean.as_uri()}")

    lightleak = tmp_path / "env" / "bin" / "lightleak"
    assert re.search(r"^\d+ probes, \d+ of them required", run(lightleak, "probes", cwd=tmp_path), re.MULTILINE)
    run(lightleak, "demo", cwd=tmp_path)
    assert (tmp_path / "lightleak-demo" / "page.html").stat().st_size > 100_000


def test_a_source_distribution_makes_the_same_wheel_without_node(clean, tmp_path):
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path / "sdist", cwd=clean)
    (sdist,) = (tmp_path / "sdist").iterdir()
    pip = (sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w")
    run(*pip, tmp_path / "from_sdist", sdist, env=without_node(tmp_path))
    run(*pip, tmp_path / "from_clean", clean)  # agent and page are there by now

    (first,), (second,) = (tmp_path / "from_sdist").iterdir(), (tmp_path / "from_clean").iterdir()
    content = [{name: wheel.read(name) for name in wheel.namelist()} for wheel in map(zipfile.ZipFile, (first, second))]
    assert content[0] == content[1]
    assert {f"lightleak/assets/{name}" for name in BUILT} <= content[0].keys()
    with tarfile.open(sdist) as sources:
        inside = {name.partition("/")[2] for name in sources.getnames()}
    assert {"agent/src/index.ts", "agent/scripts/probes-json.mjs", "host/page/package-lock.json"} <= inside
    assert not [name for name in inside if "node_modules" in name or name.startswith("tests")]


def test_without_npm_a_clean_repository_says_in_one_sentence_what_to_install(clean, tmp_path):
    pip = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path / "made", clean)
    done = subprocess.run(pip, check=False, capture_output=True, text=True, env=without_node(tmp_path))
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "has to be built: install Node 20 or newer with npm, then try again." in said
    assert "Traceback" not in said
    assert not (tmp_path / "made").exists() or not list((tmp_path / "made").iterdir())


def test_an_editable_install_does_not_wait_for_agent_and_page(clean, tmp_path):
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "env")
    pip = (sys.executable, "-m", "pip", "--python", tmp_path / "env", "install", "-q", "--no-deps", "-e", clean)
    run(*pip, env=without_node(tmp_path))
    assert not BUILT & {path.name for path in (clean / "host" / "lightleak" / "assets").iterdir()}
