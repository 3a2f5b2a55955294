"""What threads publish for each other in the agent's C: the same text, compiled for this machine, under the thread sanitizer.

An emulator on x86-64 keeps that processor's order of memory, which is stricter than AArch64's. The sanitizer knows no processor:
it asks whether C's own rules order a load after the store that it sees.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "orders"
TRIALS = ("events", "classes", "gate")

COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or platform.system() != "Linux", reason="needs Node and Linux"
)


def build(folder: Path, *options: str) -> Path | None:
    """Compile the stress; None where no compiler of this machine has the thread sanitizer."""
    subprocess.run(["node", HERE / "texts.mjs", folder], check=True)
    program = folder / "stress"
    sources = [HERE / "stress.c", HERE / "threads.c"]
    include = [f"-I{HERE / 'include'}", f"-I{HERE}", f"-I{folder}"]
    flags = ["-std=gnu11", "-O1", "-g", "-w", "-fsanitize=thread", "-pthread"]
    for compiler in COMPILERS:
        command = [compiler, *flags, *include, *options, *sources, "-o", program]
        built = subprocess.run(command, check=False, capture_output=True, text=True)
        if built.returncode == 0:
            return program
        assert "tsan" in built.stderr, built.stderr
    return None


@pytest.fixture(scope="module")
def ordered(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    return build(tmp_path_factory.mktemp("ordered"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    return build(tmp_path_factory.mktemp("plain"), "-DPLAIN")


def run(program: Path | None, trial: str) -> subprocess.CompletedProcess[str]:
    if program is None:
        pytest.skip("no compiler here has the thread sanitizer")
    # The sanitizer wants its shadow memory at an address that a randomised program may have taken.
    fixed = ["setarch", platform.machine(), "-R"] if shutil.which("setarch") else []
    environment = {**os.environ, "TSAN_OPTIONS": "halt_on_error=1 exitcode=66"}
    return subprocess.run(
        [*fixed, program, trial], env=environment, check=False, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("trial", TRIALS)
def test_what_a_thread_sees_of_another_was_published_before(ordered: Path | None, trial: str) -> None:
    ended = run(ordered, trial)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("trial", TRIALS)
def test_without_the_orders_the_sanitizer_finds_a_race(plain: Path | None, trial: str) -> None:
    ended = run(plain, trial)
    assert ended.returncode == 66, ended.stderr
    assert "data race" in ended.stderr


def test_a_class_that_is_added_meanwhile_does_not_make_an_object_an_array(tmp_path: Path) -> None:
    ended = run(build(tmp_path, "-DBETWEEN"), "between")
    assert (ended.returncode, ended.stderr) == (0, "")
