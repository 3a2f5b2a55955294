"""Which tests run in the machine: about ten times as slow as outside, so not all of them every time."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field

CPU = "cortex-a72"
PROTECTED_CPU = "max"
"""With pointer authentication, marks of where jumps may land, and atomic instructions. The signatures are qemu's own: quicker."""

SPEED = (
    "tests/agent/test_load.py::test_under_overload_every_call_is_told_or_counted_as_lost",
    "tests/agent/test_load.py::test_without_a_host_that_takes_events_memory_stays_bounded",
    "tests/agent/test_load.py::test_eight_threads_go_on_while_carriers_come_and_go",
    "tests/agent/test_load.py::test_hooks_are_taken_out_and_put_in_under_eight_threads",
    "tests/agent/test_overload.py::test_a_recording_under_overload_says_how_many_were_lost",
)
"""Tests that need so many calls a second: they are left out."""

LONG = (
    "tests/agent/test_stacks.py::test_more_places_than_are_kept_cost_the_stack_and_nothing_else",
    "tests/agent/test_stacks.py::test_after_events_were_dropped_stacks_are_told_again",
)
"""Tests with thousands of new stacks, which take minutes there: left out of the short choices. ``--all`` runs them."""


@dataclass(frozen=True)
class Run:
    """One start of the machine, and what pytest is asked to do in it."""

    name: str
    tests: tuple[str, ...]
    lanes: tuple[str, ...] = ("c",)
    cpu: str = CPU
    left_out: tuple[str, ...] = field(default=())

    @property
    def protected(self) -> bool:
        """Whether the stand-in is compiled with branch protection."""
        return self.cpu.startswith("max")

    def command(self, patience: float) -> str:
        """Return the command that runs the tests. Their logs are left in /shared."""
        variables = {
            "LIGHTLEAK_BUILT": "1",
            "LIGHTLEAK_PATIENCE": f"{patience:g}",
            "LIGHTLEAK_LANES": ",".join(self.lanes),
            "LIGHTLEAK_KEEP_LOGS": "/shared/logs",
        }
        words = ["python3", "-m", "pytest", "-p", "no:cacheprovider", "-rs", "--durations=5"]
        words += [f"--deselect={test}" for test in self.left_out] + list(self.tests)
        return " ".join([*(f"{name}={value}" for name, value in variables.items()), *map(shlex.quote, words)])


SHORT = (
    "tests/standin/test_attach.py",
    "tests/standin/test_shims.py",
    "tests/agent/test_abi.py",
    "tests/agent/test_stacks.py",
    "tests/test_demo.py",
    "tests/agent/test_hardcases.py",
)
WITH_PROTECTION = (
    "tests/standin/test_attach.py",
    "tests/standin/test_shims.py",
    "tests/agent/test_abi.py",
    "tests/agent/test_stacks.py",
    "tests/agent/test_hardcases.py::test_observers_of_every_shape_are_told_once_for_each_delivery",
)


def runs(*, everything: bool, cpu: str | None, named: tuple[str, ...], lanes: tuple[str, ...] | None) -> list[Run]:
    """Return what is run: tests that are named, everything, or a short choice and a shorter one with protection."""
    if named:
        return [Run("tests", named, lanes or ("c", "js"), cpu or CPU)]
    if everything:
        whole = ("tests/agent", "tests/standin", "tests/test_demo.py")
        return [Run("everything", whole, lanes or ("c", "js"), cpu or CPU, SPEED)]
    short = Run("the short choice", SHORT, lanes or ("c",), CPU, LONG)
    protected = Run("with branch protection", WITH_PROTECTION, lanes or ("c",), cpu or PROTECTED_CPU, LONG)
    if cpu is None:
        return [short, protected]
    return [protected] if protected.protected else [Run(short.name, SHORT, short.lanes, cpu, LONG)]
