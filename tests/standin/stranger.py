"""A process that another program started: Frida, or a shell."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path


class Stranger:
    """Such a process, with the parts of `subprocess.Popen` that the driver needs. Its exit code is unknown."""

    returncode = 0

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """Return None while the process runs."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace")
        except OSError:
            return self.returncode
        return self.returncode if stat.rpartition(")")[2].split()[0] in "ZX" else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process has ended. Raises: TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.01)
        return self.returncode

    def kill(self) -> None:
        """End the process."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
