"""Start a program, held before its first instruction until the hooks are in."""

from __future__ import annotations

import contextlib
from pathlib import PurePosixPath

from lightleak.device.attachment import Attachment
from lightleak.device.connect import Device, Reach
from lightleak.device.processes import ProcessInfo
from lightleak.device.targets import SpawnFile
from lightleak.device.trouble import device_trouble
from lightleak.errors import DeviceError

SPAWN_S = 15.0
"""A cold app on an old phone; iOS's own watchdog gives up after 20 s."""


async def spawn(reach: Reach, target: SpawnFile) -> ProcessInfo:
    """Start the program, suspended; its output goes nowhere. Errors: DeviceError."""
    device = await reach.device()
    async with device_trouble(f"starting {target}", timeout_s=SPAWN_S):
        pid = await device.spawn(list(target.argv), stdio="pipe")
    return ProcessInfo(pid, PurePosixPath(target.argv[0]).name)


async def set_going(attachment: Attachment) -> None:
    """Let a spawned program run. Errors: DeviceError."""
    device = await attachment.way.reach.device()
    async with device_trouble(f"resuming {attachment.way.process.name}", timeout_s=SPAWN_S):
        await device.resume(attachment.way.process.pid)


async def abandon(device: Device, process: ProcessInfo) -> None:
    """End a program that was started to be recorded and could not be: it would stay frozen for ever."""
    with contextlib.suppress(DeviceError):
        async with device_trouble("ending", timeout_s=SPAWN_S):
            await device.kill(process.pid)
