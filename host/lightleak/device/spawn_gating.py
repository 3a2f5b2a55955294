"""Hold what is launched before its first instruction, where the device can: what is watched is hooked, all else goes on.

A process that is held and not resumed wedges the device, so everything is resumed whatever happens; Frida's own
watchdog ends the gating after 8 s otherwise. Source: frida-core lib/base/session.vala, SpawnGatingWatchdog.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any

import frida

from lightleak.device.connection import Device
from lightleak.device.frida_errors import translate_errors
from lightleak.device.processes import ProcessInfo
from lightleak.device.recorder.sink import Notes
from lightleak.device.target_matcher import TargetMatcher
from lightleak.errors import DeviceError, LightleakError

RESUME_S = 1.0
ATTACH_S = 6.0
"""Below the watchdog's 8 s."""
RENEW_S = 10.0
"""A connection that was replaced has no gating, and does not say so; asking again costs one round trip."""


class SpawnGate:
    """Hold the launches that ``scout`` wants while ``catch(process)`` hooks them; ``keep`` is called again and again."""

    def __init__(self, scout: TargetMatcher, notes: Notes, catch: Callable[[ProcessInfo], Awaitable[object]]) -> None:
        self._scout = scout
        self._notes = notes
        self._catch = catch
        self._loop = asyncio.get_running_loop()
        self._device: Device = None
        self._able = True
        self._due_s = 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    async def keep(self, device: Device) -> None:
        """See that launches on ``device`` are held. Where the device cannot do that, launches are looked for instead."""
        if device is not self._device:
            self._device, self._able, self._due_s = device, device.type != "local", 0.0
            # On this machine every process would be held, the person's own too.
            if self._able:
                device.on("spawn-added", self._on_spawn)
        if not self._able or time.monotonic() < self._due_s:
            return
        self._due_s = time.monotonic() + RENEW_S
        try:
            async with translate_errors("holding launches", timeout_s=RESUME_S):
                await device.enable_spawn_gating()
                pending = await device.enumerate_pending_spawn()
        except DeviceError as problem:
            self._able = not isinstance(problem.__cause__, frida.NotSupportedError | frida.InvalidArgumentError)
            return
        for spawn in pending:
            self._take(spawn)

    async def close(self) -> None:
        """Hold nothing any more."""
        if self._device is not None and self._able:
            with contextlib.suppress(DeviceError):
                async with translate_errors("releasing launches", timeout_s=RESUME_S):
                    await self._device.disable_spawn_gating()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _on_spawn(self, spawn: Any) -> None:
        # Frida's own thread; a call to Frida from here would wait for itself.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._take, spawn)

    def _take(self, spawn: Any) -> None:
        identifier = str(spawn.identifier)
        process = ProcessInfo(spawn.pid, identifier.rpartition("/")[2], identifier)
        wanted = bool(self._scout.matching([process]))
        task = asyncio.create_task(self._watch(process) if wanted else self._resume(process.pid))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self, process: ProcessInfo) -> None:
        try:
            async with asyncio.timeout(ATTACH_S):
                await self._catch(process)
        except (LightleakError, TimeoutError) as problem:
            self._notes.warning(
                f"{process.name} was let go before it was hooked: {str(problem) or 'no answer in time'}"
            )
        finally:
            await self._resume(process.pid)

    async def _resume(self, pid: int) -> None:
        with contextlib.suppress(DeviceError):
            async with translate_errors("resuming", timeout_s=RESUME_S):
                await self._device.resume(pid)
