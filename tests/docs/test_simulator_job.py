"""The job for a simulator that docs/without-a-phone.md offers, as far as it can be checked without a Mac."""

from __future__ import annotations

import plistlib
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest

from docs.blocks import TOP, steps
from lightleak.cli._group import cli
from lightleak.defaults import FIELD_STEPS

FOLDER = TOP / "docs" / "simulator"
JOB = FOLDER / "ios-simulator.yml"
SWIFT = TOP / "build" / "swift"


@pytest.fixture(scope="module")
def job() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load(JOB.read_text(encoding="utf-8"))["jobs"]["simulator"]  # type: ignore[no-any-return]


def scripts(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def test_actions_are_pinned_and_no_other_place_is_named(job: dict[str, Any]) -> None:
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert used
    assert [one for one in used if not re.fullmatch(r"actions/[a-z-]+@v\d+\.\d+\.\d+", one)] == []
    assert not re.search(r"https?://", JOB.read_text(encoding="utf-8"))
    assert re.fullmatch(r"macos-\d+", job["runs-on"])


def test_scripts_of_the_job_are_sound(job: dict[str, Any]) -> None:
    for step in job["steps"]:
        if "run" in step:
            subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)
            for script in re.findall(r"<<'PYTHON'\n(.*?)\nPYTHON", step["run"], re.DOTALL):
                compile(script, step["name"], "exec")


def commands(text: str) -> list[list[str]]:
    """Return the lightleak commands of a script, split."""
    plain = text.replace("\\\n", " ").replace('sudo "$(command -v lightleak)"', "lightleak")
    found = re.findall(r"^\s*(lightleak [a-z].*)$", plain, re.MULTILINE)
    return [shlex.split(re.split(r" (?:\|\||&|>|#)", line, maxsplit=1)[0]) for line in found]


def test_commands_and_options_of_job_and_page_exist(job: dict[str, Any]) -> None:
    page = "".join(step.text for step in steps(TOP / "docs" / "without-a-phone.md") if step.kind == "shell")
    used = commands(scripts(job)) + commands(page)
    assert {command[1] for command in used} >= {"probes", "record", "fieldtest", "verify", "show", "export"}
    for _, name, *arguments in used:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None, name
        options = {option for parameter in command.params for option in parameter.opts}
        wrong = [word for word in arguments if word.startswith("-") and word.split("=")[0] not in options]
        assert wrong == [], (name, wrong)
    skipped = re.findall(r"--skip (\S+)", scripts(job))
    assert set(skipped) <= set(FIELD_STEPS)


def test_the_fixture_is_the_app_that_the_job_names(job: dict[str, Any]) -> None:
    assert (TOP / job["env"]["FIXTURE"]).samefile(FOLDER / "fixture")
    about = plistlib.loads((FOLDER / "fixture" / "Info.plist").read_bytes())
    assert about["CFBundleIdentifier"] == job["env"]["APP"]
    assert f"build/{about['CFBundleExecutable']}.app/{about['CFBundleExecutable']}" in scripts(job)
    assert about["NSPhotoLibraryUsageDescription"]
    assert f"-apple-ios{about['MinimumOSVersion']}-simulator" in scripts(job)


def parse(source: Path) -> subprocess.CompletedProcess[str]:
    """Have Swift's compiler read a file, as far as it does so without Apple's frameworks."""
    [libc] = SWIFT.glob("usr/lib/*/libc.so.6")
    [loader] = {
        path.resolve() for path in (*SWIFT.glob("usr/lib*/ld-linux*.so.*"), *libc.parent.glob("ld-linux*.so.*"))
    }
    frontend = SWIFT / "usr/libexec/swift/bin/swift-frontend"
    command = [loader, "--library-path", libc.parent, frontend, "-frontend", "-parse", "-parse-as-library", source]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.skipif(not (SWIFT / ".whole").exists(), reason="Swift is not available here: run scripts/fetch-swift.")
def test_the_fixture_is_swift(tmp_path: Path) -> None:
    fixture = FOLDER / "fixture" / "PhotoFixture.swift"
    done = parse(fixture)
    assert done.returncode == 0, done.stderr
    (broken := tmp_path / "Broken.swift").write_text(
        fixture.read_text(encoding="utf-8").replace("func start()", "func start(", 1)
    )
    assert parse(broken).returncode != 0
