"""Hold launches before their first instruction, where the device can: watched processes are hooked, all others go on.

A process that is held and never resumed blocks the device, so every one is resumed whatever happens; Frida's own
watchdog otherwise ends the gating after 8 s. Source: frida-core lib/base/session.vala, SpawnGatingWatchdog.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
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
"""Less than the watchdog's 8 s."""
RENEW_S = 10.0
"""A connection that was replaced has no gating and does not say so; asking again costs one round trip."""
POLL_S = 0.5
"""How often to look for launches on a device that does not report them."""


class _HeldSpawns:
    """The launches that a device holds; ``handle(spawn)`` runs as a task for each and has to resume it."""

    def __init__(self, handle: Callable[[Any], Coroutine[Any, Any, None]]) -> None:
        self._handle = handle
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()

    def listen(self, device: Device) -> None:
        """Take the launches that the device reports from now on."""
        device.on("spawn-added", self._on_spawn)

    def take(self, spawn: Any) -> None:
        """Handle one launch."""
        task = asyncio.create_task(self._handle(spawn))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait until every launch has been handled."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _on_spawn(self, spawn: Any) -> None:
        # Frida's own thread; a call to Frida from here would wait for itself.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.take, spawn)


class SpawnGate:
    """Hold the launches that match while ``catch(process)`` hooks them; call ``keep`` again and again."""

    def __init__(self, matcher: TargetMatcher, notes: Notes, catch: Callable[[ProcessInfo], Awaitable[object]]) -> None:
        self._matcher = matcher
        self._notes = notes
        self._catch = catch
        self._spawns = _HeldSpawns(self._handle)
        self._device: Device = None
        self._able = True
        self._due_s = 0.0

    async def keep(self, device: Device) -> None:
        """Make sure that launches on ``device`` are held. A device that cannot hold any is asked once."""
        if device is not self._device:
            self._device, self._able, self._due_s = device, device.type != "local", 0.0
            # On this machine every process would be held, also those of the user.
            if self._able:
                self._spawns.listen(device)
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
            self._spawns.take(spawn)

    async def close(self) -> None:
        """Stop holding launches."""
        if self._device is not None and self._able:
            with contextlib.suppress(DeviceError):
                await _release(self._device)
        await self._spawns.finish()

    async def _handle(self, spawn: Any) -> None:
        identifier = str(spawn.identifier)
        process = ProcessInfo(spawn.pid, identifier.rpartition("/")[2], identifier, held=True)
        try:
            if self._matcher.matching([process]):
                async with asyncio.timeout(ATTACH_S):
                    await self._catch(process)
        except (LightleakError, TimeoutError) as problem:
            reason = str(problem) or "no answer in time"
            self._notes.warning(f"{process.name} was let go before it was hooked: {reason}")
        finally:
            await _resume(self._device, process.pid)


@dataclass(slots=True)
class Launches:
    """What the device reported; names are not kept."""

    count: int = 0
    ended: bool = False
    """Whether the device stopped holding launches by itself."""


@asynccontextmanager
async def count_launches(device: Device) -> AsyncIterator[Launches]:
    """Count launches while inside, each held and resumed at once. Raises: DeviceError when the device cannot hold any."""
    launches = Launches()

    async def count(spawn: Any) -> None:
        launches.count += 1
        await _resume(device, spawn.pid)

    spawns = _HeldSpawns(count)
    spawns.listen(device)
    async with translate_errors("holding launches", timeout_s=RESUME_S):
        await device.enable_spawn_gating()
    try:
        yield launches
    finally:
        try:
            await _release(device)
        except DeviceError:
            launches.ended = True
        await spawns.finish()


async def _release(device: Device) -> None:
    async with translate_errors("releasing launches", timeout_s=RESUME_S):
        await device.disable_spawn_gating()


async def _resume(device: Device, pid: int) -> None:
    with contextlib.suppress(DeviceError):
        async with translate_errors("resuming", timeout_s=RESUME_S):
            await device.resume(pid)
