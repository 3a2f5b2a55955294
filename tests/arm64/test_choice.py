"""What is run in the machine by name is there, and what is left out is left out by name."""

from __future__ import annotations

import re

from arm64 import choice
from arm64.cache import TOP


def functions(node: str) -> bool:
    """Return whether a test's file is there, and its function in it."""
    path, _, name = node.partition("::")
    return (TOP / path).exists() and (not name or f"def {name}(" in (TOP / path).read_text(encoding="utf-8"))


def test_everything_that_is_named_exists() -> None:
    named = {*choice.SHORT, *choice.WITH_PROTECTION, *choice.SPEED, *choice.LONG}
    assert {node for node in named if not functions(node)} == set()


def test_without_arguments_there_is_a_second_run_with_protection() -> None:
    chosen = choice.runs(everything=False, cpu=None, named=(), lanes=None)
    assert [(run.cpu, run.protected, run.lanes) for run in chosen] == [
        ("cortex-a72", False, ("c",)),
        ("max", True, ("c",)),
    ]


def test_everything_is_both_lanes_without_the_tests_of_speed() -> None:
    [run] = choice.runs(everything=True, cpu=None, named=(), lanes=None)
    command = run.command(1)
    assert "LIGHTLEAK_LANES=c,js" in command
    assert re.findall(r"--deselect=(\S+)", command) == list(choice.SPEED)


def test_a_named_processor_and_named_tests_are_what_is_run() -> None:
    [run] = choice.runs(everything=False, cpu="max", named=("tests/a.py", "-k", "one or two"), lanes=("js",))
    assert run.protected
    assert run.command(4).endswith("tests/a.py -k 'one or two'")
    assert "LIGHTLEAK_PATIENCE=4 LIGHTLEAK_LANES=js" in run.command(4)
