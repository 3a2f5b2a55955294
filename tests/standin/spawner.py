"""Start processes from one thread that lives as long as the phone.

The children ask the kernel to be killed when the thread that started them ends (PR_SET_PDEATHSIG), so that nothing is
left, not even a suspended app, when the driver dies in whatever way.
"""

from __future__ import annotations

import queue
import subprocess
import threading
from concurrent.futures import Future
from pathlib import Path


class Spawner:
    """A thread that starts processes."""

    def __init__(self) -> None:
        self._orders: queue.SimpleQueue[tuple[list[str], dict[str, str], Path, Future[subprocess.Popen[bytes]]] | None]
        self._orders = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (order := self._orders.get()) is not None:
            arguments, environment, log, future = order
            try:
                with log.open("ab") as output:
                    process = subprocess.Popen(
                        arguments,
                        env=environment,
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=output,
                        start_new_session=True,
                    )
                future.set_result(process)
            except OSError as error:
                future.set_exception(error)

    def start(self, arguments: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
        """Start a process. Its output is appended to the log."""
        future: Future[subprocess.Popen[bytes]] = Future()
        self._orders.put((arguments, environment, log, future))
        return future.result()

    def close(self) -> None:
        """End the thread. The kernel then kills the processes that it started."""
        self._orders.put(None)
        self._thread.join()
