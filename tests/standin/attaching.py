"""Attaching Frida to a process of the stand-in phone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import frida

from standin.waiting import until

_PAUSES_S = (0.1, 0.5, 1.0)


def attach(pid: int) -> Any:
    """Attach to a process, at a moment at which its main thread waits in the kernel, as lightleak does.

    Frida stops it wherever it is, and inside the allocator that would be for good (lightleak's local_injection). On a busy
    machine, a process can also take longer to stop than Frida waits: then another attempt helps.
    """
    until(lambda: _waits(pid))
    for pause_s in _PAUSES_S:
        try:
            return frida.attach(pid)
        except (frida.TimedOutError, frida.ProcessNotRespondingError):
            time.sleep(pause_s)
    return frida.attach(pid)


def _waits(pid: int) -> bool:
    call = Path(f"/proc/{pid}/syscall").read_text(encoding="ascii").split()
    return call[0].isdigit() or "frida-agent" in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
