"""Tell whether a process of this machine is stopped, without touching it.

Frida waits 25 s for a stopped process; the kernel knows at once. Only the local device on Linux can be asked this way.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Literal, TypeAlias

from lightleak.device.connect import Device
from lightleak.device.processes import ProcessInfo
from lightleak.errors import DeviceError

Liveness: TypeAlias = Literal["running", "stopped", "held", "gone", "unknown"]
"""``held`` is held by a debugger, or by Frida after a spawn."""

_STATES: dict[str, Liveness] = {"T": "stopped", "t": "held", "Z": "gone", "X": "gone", "x": "gone"}


_LOADED_S = 0.2
"""By then a program has left its loader, in which Frida's own crashes it."""


def liveness(device: Device, pid: int) -> Liveness:
    """Tell the state of a process; unknown where the device is not this machine, or keeps no /proc."""
    if not _is_here(device):
        return "unknown"
    fields = _stat(pid)
    return _STATES.get(fields[0], "running") if fields else "gone"


def is_loading(device: Device, pid: int) -> bool:
    """Tell whether a process has only just begun; False where nobody knows."""
    fields = _stat(pid) if _is_here(device) else []
    if not fields:
        return False
    # Source: proc(5), field 22: when it began, in ticks since boot.
    began_s = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began_s < _LOADED_S


def _is_here(device: Device) -> bool:
    return device.type == "local" and Path("/proc/self/stat").exists()


def _stat(pid: int) -> list[str]:
    """Read what the kernel says from the state on; empty where the process is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return []
    # The name in parentheses may hold anything, a closing parenthesis too: the state follows the last one.
    return stat[stat.rfind(b")") + 2 :].decode("ascii", "replace").split()


def refuse_stopped(device: Device, process: ProcessInfo) -> None:
    """Refuse a process that is stopped or gone, before Frida waits for it. Errors: DeviceError."""
    match liveness(device, process.pid):
        case "stopped":
            raise DeviceError(
                f"{process.name} (pid {process.pid}) is stopped",
                hint=f"resume it first, for example with kill -CONT {process.pid}",
            )
        case "gone":
            raise DeviceError(f"there is no process with pid {process.pid} any more", hint="start it again")
