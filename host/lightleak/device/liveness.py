"""Tell whether a process of this machine is stopped, without touching it.

Frida waits 25 s for a stopped process; the kernel knows at once. Only the local device on Linux can be asked this way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from lightleak.device.connect import Device
from lightleak.device.processes import ProcessInfo
from lightleak.errors import DeviceError

Liveness: TypeAlias = Literal["running", "stopped", "held", "gone", "unknown"]
"""``held`` is held by a debugger, or by Frida after a spawn."""

_STATES: dict[str, Liveness] = {"T": "stopped", "t": "held", "Z": "gone", "X": "gone", "x": "gone"}


def liveness(device: Device, pid: int) -> Liveness:
    """Tell the state of a process; unknown where the device is not this machine, or keeps no /proc."""
    if device.type != "local" or not Path("/proc/self/stat").exists():
        return "unknown"
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return "gone"
    # The name in parentheses may hold anything, a closing parenthesis too: the state follows the last one.
    state = stat[stat.rfind(b")") + 2 :][:1].decode("ascii", "replace")
    return _STATES.get(state, "running")


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
