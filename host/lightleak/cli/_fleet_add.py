"""Run the jobs of ``fleet add``: progress, what failed, and the exit code.

Separate because a recording with ``--store`` ends with the same.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from lightleak.cli._console import Console
from lightleak.errors import UsageError
from lightleak.wording import duration, plural

if TYPE_CHECKING:
    from lightleak.fleet.add import RunOutcome
    from lightleak.fleet.manifest import FleetJob
    from lightleak.fleet.workers import Runner

_SHOWN = 20
"""So many failures are printed; fleet status lists all."""


def chosen_runner(workers: int | None, scheduler: str | None) -> Runner:
    """Return what runs the jobs. Raises: UsageError when both a number of workers and a scheduler are given."""
    from lightleak.fleet.workers import run_here, run_on_cluster, run_on_workers

    if workers is not None and scheduler is not None:
        raise UsageError("--workers and --scheduler cannot be combined", hint="a cluster has its own workers")
    if scheduler is not None:
        return lambda place, jobs: run_on_cluster(place, jobs, scheduler)
    if workers is not None:
        return lambda place, jobs: run_on_workers(place, jobs, workers)
    return run_here


def add_jobs(console: Console, place: str, jobs: Sequence[FleetJob], runner: Runner) -> int:
    """Add all jobs and return the exit code: 1 when not one run is in the store. A stop with Ctrl-C is no failure."""
    from lightleak.fleet.add import KNOWN
    from lightleak.fleet.schema import FAILED, OK
    from lightleak.fleet.store import FleetStore

    FleetStore.create(place)
    counts: Counter[str] = Counter()
    events, began_s, stopped = 0, time.monotonic(), False
    with _bar(console, len(jobs)) as advance:
        try:
            for outcome in runner(place, jobs):
                counts[outcome.status] += 1
                events += outcome.events
                if outcome.status == FAILED:
                    _warn(console, outcome, counts[FAILED])
                advance(counts[FAILED])
        except KeyboardInterrupt:
            stopped = True
    took_s = time.monotonic() - began_s
    rest = len(jobs) - counts.total()
    parts = [
        f"added {plural(counts[OK], 'session')} with {plural(events, 'event')} in {duration(took_s)}",
        *([f"{counts[KNOWN]} known already"] if counts[KNOWN] else []),
        *([f"{counts[FAILED]} failed: rows with their reason"] if counts[FAILED] else []),
        *([f"stopped before {plural(rest, 'session')}"] if stopped else []),
    ]
    console.info("; ".join(parts))
    return int(bool(jobs) and not stopped and counts[FAILED] == len(jobs))


def _warn(console: Console, outcome: RunOutcome, number: int) -> None:
    if number <= _SHOWN:
        console.warning(f"{outcome.name} failed: {outcome.problem}")
    elif number == _SHOWN + 1:
        console.warning("more runs failed: lightleak fleet status lists them")


@contextlib.contextmanager
def _bar(console: Console, total: int) -> Iterator[Callable[[int], object]]:
    """Yield a function that takes how many runs failed so far, after each run. It draws only at a terminal."""
    if total < 2 or console.verbosity < 0 or not console.stderr.is_terminal:
        yield lambda _failed: None
        return
    from lightleak.cli._progress import runs_bar

    with runs_bar(console, total) as advance:
        yield advance
