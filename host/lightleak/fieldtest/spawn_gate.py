"""Hold launches for a moment, let each go on at once, and count them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from lightleak.device.connection import Device
from lightleak.device.frida_errors import translate_errors
from lightleak.device.spawn_gating import RESUME_S
from lightleak.errors import DeviceError


@dataclass(slots=True)
class Launches:
    """What the device told of; names are not kept."""

    count: int = 0
    ended: bool = False
    """The device has ended the holding by itself."""
    resuming: set[asyncio.Task[None]] = field(default_factory=set)


@asynccontextmanager
async def watch_launches(device: Device) -> AsyncIterator[Launches]:
    """Count launches while inside. Errors: DeviceError where the device cannot hold any."""
    launches, loop = Launches(), asyncio.get_running_loop()

    async def resume(pid: int) -> None:
        with contextlib.suppress(DeviceError):
            async with translate_errors("resuming", timeout_s=RESUME_S):
                await device.resume(pid)

    def take(spawn: Any) -> None:
        launches.count += 1
        task = asyncio.create_task(resume(spawn.pid))
        launches.resuming.add(task)
        task.add_done_callback(launches.resuming.discard)

    def on_spawn(spawn: Any) -> None:
        # Frida's own thread; a call to Frida from here would wait for itself.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(take, spawn)

    device.on("spawn-added", on_spawn)
    async with translate_errors("holding launches", timeout_s=RESUME_S):
        await device.enable_spawn_gating()
    try:
        yield launches
    finally:
        try:
            async with translate_errors("releasing launches", timeout_s=RESUME_S):
                await device.disable_spawn_gating()
        except DeviceError:
            launches.ended = True
        await asyncio.gather(*launches.resuming, return_exceptions=True)
