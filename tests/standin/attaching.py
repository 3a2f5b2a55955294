"""Attaching Frida to a process of the stand-in phone."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import frida

from lightleak.device.local_injection import in_system_call
from standin.waiting import until

_PAUSES_S = (0.1, 0.5, 1.0)


def attach(pid: int) -> Any:
    """Attach to a process, at a moment at which its main thread waits in the kernel, as lightleak does.

    Frida stops it wherever it is, and inside the allocator that would be for good (lightleak's local_injection). On a busy
    machine, a process can also take longer to stop than Frida waits: then another attempt helps.
    """
    with contextlib.suppress(TimeoutError):  # always busy: then at any moment
        until(lambda: in_system_call(pid), 5)
    for pause_s in _PAUSES_S:
        try:
            return frida.attach(pid)
        except (frida.TimedOutError, frida.ProcessNotRespondingError):
            time.sleep(pause_s)
    return frida.attach(pid)
