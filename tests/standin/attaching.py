"""Attaching Frida to a process of the stand-in phone."""

from __future__ import annotations

from typing import Any

import frida

_TRIES = 3


def attach(pid: int) -> Any:
    """Attach to a process, again where Frida gave up waiting for it to stop.

    On a busy machine a Linux process can take longer to stop for a debugger than Frida waits; that says nothing about
    the agent, and lightleak itself tries again in the same way.
    """
    for _ in range(_TRIES - 1):
        try:
            return frida.attach(pid)
        except (frida.TimedOutError, frida.ProcessNotRespondingError):
            continue
    return frida.attach(pid)
