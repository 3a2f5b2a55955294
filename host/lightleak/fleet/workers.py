"""Run jobs: one after the other in this process, or on a Dask cluster, local or not. The work itself is ``add_run`` in each case.

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
from lightleak.fleet.add import RunOutcome, add_failed, add_run
from lightleak.fleet.manifest import FleetJob
from lightleak.fleet.objects import missing_extra

_WAIT_S = 20
"""For so long a scheduler and its first worker are waited for."""

_IN_FLIGHT = 8
"""Jobs per worker that the scheduler has at a time: enough to be busy, and its memory does not grow with the manifest."""

Runner = Callable[[str, Sequence[FleetJob]], Iterator[RunOutcome]]


def run_here(place: str, jobs: Sequence[FleetJob]) -> Iterator[RunOutcome]:
    """Yield what became of each job, one after the other. Raises: FileError when the store cannot be written."""
    for job in jobs:
        yield add_run(place, job)


def run_on_workers(place: str, jobs: Sequence[FleetJob], workers: int) -> Iterator[RunOutcome]:
    """The same on processes of this machine, in the order in which they end."""
    distributed = _distributed()
    import dask

    # The workers' own profiler looks at their stacks 100 times a second.
    with _quiet(), dask.config.set({"distributed.worker.profile.enabled": False}):
        with _deaf_to_ctrl_c():
            cluster = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
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
    """Yield outcomes as they come. A job whose worker died is given to another one; after three deaths it is a failed run."""
    waiting = iter(jobs)
    job_of: dict[Any, FleetJob] = {}

    def submit(job: FleetJob) -> Any:
        future = client.submit(add_run, place, job, pure=False)
        job_of[future] = job
        return future

    done = distributed.as_completed([submit(job) for job in itertools.islice(waiting, workers * _IN_FLIGHT)])
    try:
        for future in done:
            yield _outcome(distributed, future, place, job_of.pop(future))
            future.release()
            for job in itertools.islice(waiting, 1):
                done.add(submit(job))
    finally:
        if job_of:
            client.cancel(list(job_of), force=True)


def _outcome(distributed: Any, future: Any, place: str, job: FleetJob) -> RunOutcome:
    problem = future.exception()
    if problem is None:
        found = future.result()
        assert isinstance(found, RunOutcome)
        return found
    if isinstance(problem, LightleakError):
        raise problem
    if isinstance(problem, distributed.KilledWorker):
        return add_failed(
            place, job, "each worker that read this session died: it needs more memory, or a file breaks Python"
        )
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
