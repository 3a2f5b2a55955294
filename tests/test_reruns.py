"""A test that was run again is named at the end of the run, with the reason."""

from __future__ import annotations

import pytest

TESTS = """
from pathlib import Path
import os
import pytest

def count(name):
    path = Path(__file__).with_name(name)
    path.write_text((path.read_text() if path.exists() else "") + ".")
    return len(path.read_text())

def test_of_the_second_time():
    assert count("second") == 2, "it was the first time"

@pytest.fixture
def late():
    if count("late") == 1:
        raise TimeoutError("nothing came")

def test_that_needs_something_late(late):
    pass

def test_that_passes():
    pass
"""
CRASH = """
import time

def test_that_takes_its_process_along():
    if count("crash") == 1:
        # pytest-rerunfailures sends the controller over a socket how often this test may run: a worker that dies
        # before that has arrived has no rerun, and the test fails.
        time.sleep(1)
        os._exit(11)
"""
REASONS = [
    "RERUN test_it.py::test_of_the_second_time: test_it.py:11: AssertionError: it was the first time assert 1 == 2*",
    "RERUN test_it.py::test_that_needs_something_late: setup: test_it.py:16: TimeoutError: nothing came*",
]


@pytest.fixture
def run(pytester: pytest.Pytester, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    """Run these tests with reruns in a process of its own, and return its result."""
    monkeypatch.setenv("PYTHONPATH", str(request.config.rootpath / "tests"))

    def run(tests: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(test_it=tests)
        return pytester.runpytest_subprocess("-p", "reruns", "-p", "no:cacheprovider", "--reruns=2", *arguments)

    return run


def test_each_rerun_is_named_with_its_reason(run) -> None:
    result = run(TESTS)

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*= 2 tests rerun =*", *REASONS, "*3 passed, 2 rerun in *"])


def test_reruns_on_workers_are_named_too_and_a_crashed_worker_is_replaced(run) -> None:
    result = run(TESTS + CRASH, "-n", "2", "--dist=worksteal")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*= 3 tests rerun =*"])
    crash = "RERUN test_it.py::test_that_takes_its_process_along: worker 'gw*' crashed while running *"
    result.stdout.fnmatch_lines_random([*REASONS, crash])
    result.stdout.fnmatch_lines(["*4 passed, 3 rerun in *"])


def test_a_test_that_fails_each_time_is_named_with_each_failure(run) -> None:
    result = run("def test_it():\n    assert 1 == 2, 'x' * 1000\n")

    assert result.ret == 1
    lines = [line for line in result.outlines if line.startswith("RERUN ")]
    assert len(lines) == 2
    assert all(line.endswith("x…") and len(line) < 400 for line in lines)


def test_a_run_without_reruns_has_no_such_section(run) -> None:
    result = run("def test_it():\n    pass\n")

    result.stdout.no_fnmatch_line("*= * rerun =*")
    result.stdout.no_fnmatch_line("RERUN *")
