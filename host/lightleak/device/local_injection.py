"""When Frida may stop a process of this machine, and whether an attempt has left it hanging.

On Linux, Frida interrupts the app's main thread wherever it is, and has it call ``pthread_create``, which allocates memory. A main
thread that was interrupted inside the allocator then waits for the lock that it holds itself, for good: what it did before is
lost, and every later attempt waits 10 s in vain. One that was interrupted inside the dynamic linker keeps Frida's library from
being loaded, and is not let go. So the main thread should be waiting in a system call.

iOS is not concerned: there Frida makes a thread of its own from outside.
Source: frida-core 17.25, src/linux/frida-helper-backend.vala, launch_loader and InjectTask.run; src/linux/helpers/loader.c.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from lightleak.device.connection import Device
from lightleak.device.processes import liveness

_PATIENCE_S = 2.0
_POLL_S = 0.005


async def wait_for_good_moment(device: Device, pid: int) -> None:
    """Wait until the main thread waits for something itself; at most two seconds: a busy one never may.

    A process that has Frida's library already is not stopped again.
    """
    give_up_s = time.monotonic() + _PATIENCE_S
    if liveness(device, pid) != "running" or _has_library(pid):
        return
    while not in_system_call(pid) and time.monotonic() < give_up_s:  # noqa: ASYNC110  another process's state
        await asyncio.sleep(_POLL_S)


def is_hung(device: Device, pid: int, attempts: int) -> bool:
    """Return whether a process still belongs to our Frida after it gave up, so that another attempt would be in vain.

    One that is only held may be let go by a second attempt, if its machine was slow.
    """
    state = liveness(device, pid)
    if state not in ("running", "held") or not Path(f"/proc/self/task/{_tracer(pid)}").exists():
        return False
    return state == "running" or attempts > 1


def in_system_call(pid: int) -> bool:
    """Return whether the main thread waits in the kernel, outside of all locks of its own; True where that cannot be read."""
    # Source: proc(5). "running", or the number of the call and its arguments; -1: waiting, but not in a call.
    try:
        return Path(f"/proc/{pid}/syscall").read_text(encoding="ascii").split()[0].isdigit()
    except (OSError, IndexError):
        return True  # not for us to read: attaching will say so


def _has_library(pid: int) -> bool:
    try:
        return b"frida-agent" in Path(f"/proc/{pid}/maps").read_bytes()
    except OSError:
        return False


def _tracer(pid: int) -> int:
    """Return the thread that holds a process; 0 for none."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("TracerPid:")), 0)
