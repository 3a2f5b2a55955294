"""Run tests of the agent and the stand-in on an emulated arm64 machine."""

from __future__ import annotations

import argparse
import fcntl
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .cache import KEPT, TOP, CannotRunError, say
from .choice import Run, runs
from .disks import site_disk, start_files
from .emulator import MEMORY_MB, PATIENCE, SHARED, run
from .project import project_disk

DISK_MB = 4096
"""What the first run writes into build/arm64, with room to spare."""


def main() -> int:
    """Make what is missing, run the tests, and return 0 if all passed, 1 if not, 2 if they could not be run."""
    parser = argparse.ArgumentParser(prog="scripts/test-arm64", description=__doc__)
    parser.add_argument("--all", action="store_true", help="everything of tests/agent and tests/standin, on both lanes")
    parser.add_argument("--lanes", help="lanes of the agent: c, js, or c,js")
    parser.add_argument("--real-time", action="store_true", help="both processors at once, on this machine's clock")
    parser.add_argument("--processors", type=int, default=2, help="how many the machine has (default: 2)")
    parser.add_argument("--command", help="run this shell command in the machine instead of tests")
    parser.add_argument("--can-run", action="store_true", help="only say whether it can run here")
    parser.add_argument("tests", nargs="*", metavar="PYTEST ARGUMENT", help="tests to run instead of the short choice")
    options, more = parser.parse_known_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        _check()
        if options.can_run:
            return 0
        with (KEPT / "lock").open("w") as lock:
            _take(lock)
            if options.command:
                return _start(Run("command", ()), options.command, options)
            chosen = runs(
                everything=options.all,
                cpu=os.environ.get("CPU"),
                named=(*options.tests, *more),
                lanes=tuple(options.lanes.split(",")) if options.lanes else None,
            )
            return max([_test(one, options) for one in chosen])
    except CannotRunError as problem:
        say(str(problem))
        return 2
    except subprocess.CalledProcessError as problem:
        say(f"{Path(str(problem.cmd[0])).name} failed with exit code {problem.returncode}: see above")
        return 2
    except KeyboardInterrupt:
        say("stopped")
        return 130


def _test(one: Run, options: argparse.Namespace) -> int:
    for test in one.left_out:
        say(f"left out, because it needs a faster machine: {test.rpartition('::')[2]}")
    status = _start(one, one.command(PATIENCE[options.real_time]), options)
    if status:
        logs = SHARED / "logs"
        where = f", and the logs of its phones in {logs.relative_to(TOP)}" if logs.is_dir() else ""
        say(f"{one.name}: failed; what was printed is in {(SHARED / 'output').relative_to(TOP)}{where}")
        for name in ("output", "logs"):  # the next run has a folder of its own
            _keep(SHARED / name, KEPT / "failed" / one.name.replace(" ", "-") / name)
    return min(status, 1)


def _start(one: Run, command: str, options: argparse.Namespace) -> int:
    disks = start_files(), site_disk(), project_disk(protected=one.protected)
    cpu = one.cpu if one.cpu != "max" else "max,pauth-impdef=on"
    clock = "real time" if options.real_time else "instructions are its clock"
    say(f"{one.name}: starting the machine ({one.cpu}, {clock}) …")
    began_s = time.monotonic()
    status = run(disks, command, cpu=cpu, processors=options.processors, real_time=options.real_time)
    say(f"{one.name}: {(time.monotonic() - began_s) / 60:.1f} minutes")
    return status


def _keep(what: Path, where: Path) -> None:
    if not what.exists():
        return
    shutil.rmtree(where, ignore_errors=True)
    where.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", "-T", what, where], check=True)


def _check() -> None:
    """Raise CannotRunError if the machine cannot be made or started here."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:  # macOS
        release = {}
    if (release.get("ID"), release.get("VERSION_ID")) != ("debian", "12"):
        raise CannotRunError(f"This needs Debian 12, and here is {release.get('PRETTY_NAME', 'another system')}.")
    memory_mb = _available_memory_mb()
    if memory_mb < MEMORY_MB:
        raise CannotRunError(
            f"This needs {MEMORY_MB} MB of free memory, and here are {memory_mb} MB: end other programs."
        )
    KEPT.mkdir(parents=True, exist_ok=True)
    free_mb = shutil.disk_usage(KEPT).free >> 20
    if free_mb < DISK_MB:
        raise CannotRunError(f"This needs {DISK_MB} MB of free disk in build/, and here are {free_mb} MB: make room.")


def _available_memory_mb() -> int:
    lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith("MemAvailable:"))


def _take(lock: Any) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("waiting for another run in this folder …")
        fcntl.flock(lock, fcntl.LOCK_EX)


if __name__ == "__main__":
    sys.exit(main())
