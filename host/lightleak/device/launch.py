"""Start a program, held before its first instruction until the hooks are in."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePosixPath

from lightleak.device.connect import Reach
from lightleak.device.processes import ProcessInfo
from lightleak.device.targets import SpawnFile
from lightleak.device.trouble import device_trouble
from lightleak.errors import DeviceError

SPAWN_S = 15.0
"""A cold app on an old phone; iOS's own watchdog gives up after 20 s."""


@asynccontextmanager
async def spawned(reach: Reach, target: SpawnFile, *, keep: bool = True) -> AsyncIterator[ProcessInfo]:
    """Start the program and hold it while inside; its output goes nowhere. Errors: DeviceError.

    Afterwards it runs; where the inside failed, or with ``keep`` False, it is ended: it would stay frozen for ever.
    """
    device = await reach.device()
    async with device_trouble(f"starting {target}", timeout_s=SPAWN_S):
        pid = await device.spawn(list(target.argv), stdio="pipe")
    try:
        yield ProcessInfo(pid, PurePosixPath(target.argv[0]).name)
        if keep:
            async with device_trouble(f"resuming {target}", timeout_s=SPAWN_S):
                await device.resume(pid)
    except BaseException:
        keep = False
        raise
    finally:
        if not keep:
            with contextlib.suppress(DeviceError):
                async with device_trouble(f"ending {target}", timeout_s=SPAWN_S):
                    await device.kill(pid)
