"""Run jobs: one after the other in this process, or on a Dask cluster, local or not. The work itself is ``add_runs`` in each case.

Separate because only it knows Dask.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from lightleak._version import __version__
from lightleak.errors import LightleakError
from lightleak.fleet.add import RunOutcome, add_failed, add_runs
from lightleak.fleet.manifest import FleetJob
from lightleak.fleet.objects import missing_extra

_WAIT_S = 20
"""For so long a scheduler and its first worker are waited for."""

_IN_FLIGHT = 8
"""Jobs per worker that the scheduler has at a time: enough to be busy, and its memory does not grow with the manifest."""

_TOGETHER = 8
"""Jobs that a worker is given at a time, where there are many."""

Runner = Callable[[str, Sequence[FleetJob]], Iterator[RunOutcome]]


def run_here(place: str, jobs: Sequence[FleetJob]) -> Iterator[RunOutcome]:
    """Yield what became of each job, one after the other. Raises: FileError when the store cannot be written."""
    yield from add_runs(place, jobs)


def run_on_workers(place: str, jobs: Sequence[FleetJob], workers: int) -> Iterator[RunOutcome]:
    """The same on processes of this machine, in the order in which they end."""
    distributed = _distributed()
    import dask

    # The workers' own profiler looks at their stacks 100 times a second.
    with _quiet(), dask.config.set({"distributed.worker.profile.enabled": False}):
        with _deaf_to_ctrl_c():
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                host="127.0.0.1",
                silence_logs=logging.CRITICAL,
            )
        with cluster, distributed.Client(cluster) as client:
            yield from _run(distributed, client, place, jobs, workers)


def run_on_cluster(place: str, jobs: Sequence[FleetJob], address: str) -> Iterator[RunOutcome]:
    """The same on a cluster that runs already. Raises: LightleakError when it cannot be reached, or has no worker that fits."""
    distributed = _distributed()
    with _quiet():
        try:
            client = distributed.Client(address, timeout=_WAIT_S)
        except (OSError, TimeoutError, ValueError) as problem:
            raise LightleakError(
                f"no Dask scheduler answers at {address}", hint="start one with dask scheduler, and name its address"
            ) from problem
        with client:
            try:
                client.wait_for_workers(1, timeout=_WAIT_S)
            except TimeoutError as problem:
                raise LightleakError(
                    f"the Dask scheduler at {address} has no worker", hint="start some with dask worker ADDRESS"
                ) from problem
            _ensure_same_version(client, address)
            yield from _run(distributed, client, place, jobs, len(client.scheduler_info(n_workers=-1)["workers"]))


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as problem:
        raise missing_extra("dask[distributed]") from problem
    return distributed


def _run(distributed: Any, client: Any, place: str, jobs: Sequence[FleetJob], workers: int) -> Iterator[RunOutcome]:
    """Yield outcomes as they come. Jobs whose worker died are given to another one.

    After three deaths each of them is tried alone, and the one that kills its workers is a failed run.
    """
    size = max(1, min(_TOGETHER, len(jobs) // (workers * _IN_FLIGHT)))
    waiting = iter([list(jobs[first : first + size]) for first in range(0, len(jobs), size)])
    jobs_of: dict[Any, list[FleetJob]] = {}

    def submit(some: list[FleetJob]) -> Any:
        future = client.submit(add_some, place, some, pure=False)
        jobs_of[future] = some
        return future

    done = distributed.as_completed([submit(some) for some in itertools.islice(waiting, workers * _IN_FLIGHT)])
    try:
        for future in done:
            some = jobs_of.pop(future)
            problem = future.exception()
            if isinstance(problem, distributed.KilledWorker) and len(some) > 1:
                for job in some:
                    done.add(submit([job]))
            else:
                yield from (
                    future.result() if problem is None else [_failed(distributed, problem, place, one) for one in some]
                )
            future.release()
            for more in itertools.islice(waiting, 1):
                done.add(submit(more))
    finally:
        if jobs_of:
            client.cancel(list(jobs_of), force=True)


def add_some(place: str, jobs: list[FleetJob]) -> list[RunOutcome]:
    """Add runs on a worker, and return what became of each. Raises: FileError when the store cannot be written."""
    return list(add_runs(place, jobs))


def _failed(distributed: Any, problem: BaseException, place: str, job: FleetJob) -> RunOutcome:
    if isinstance(problem, LightleakError):
        raise problem
    if isinstance(problem, distributed.KilledWorker):
        words = "each worker that read this session died: it needs more memory, or a file breaks Python"
        return add_failed(place, job, words)
    return add_failed(place, job, f"{type(problem).__name__}: {problem}")


def _ensure_same_version(client: Any, address: str) -> None:
    """Raise LightleakError where a worker has another lightleak: its verdicts could differ, and no row would say so."""
    found = {
        answer if isinstance(answer, str) else "missing" for answer in client.run(_version, on_error="return").values()
    }
    if found != {__version__}:
        others = ", ".join(sorted(map(str, found - {__version__})))
        raise LightleakError(
            f"workers of {address} have another lightleak ({others}), and this is {__version__}",
            hint="install the same version everywhere",
        )


def _version() -> str:
    # It is looked up by name on the worker: where lightleak is missing, it fails there.
    return __version__


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Ignore Ctrl-C, and have processes that start meanwhile ignore it: a terminal sends it to all of them, and this one stops them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own log off the terminal: what it would say of a worker that died is in the outcome."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
