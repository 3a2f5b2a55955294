"""Attaching Frida to a process of the stand-in phone."""

from __future__ import annotations

import time
from typing import Any

import frida

_PAUSES_S = (0.1, 0.5, 1.0)


def attach(pid: int) -> Any:
    """Attach to a process. Retry when Frida gave up waiting for the process to stop.

    On a busy machine, a Linux process can take longer to stop for a debugger than Frida waits. That is not a fault of the
    agent, and lightleak itself retries in the same way.
    """
    for pause_s in _PAUSES_S:
        try:
            return frida.attach(pid)
        except (frida.TimedOutError, frida.ProcessNotRespondingError):
            time.sleep(pause_s)
    return frida.attach(pid)
