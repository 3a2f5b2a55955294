"""Recordings of real processes with the fake agent, for as long as a test needs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from device.rig import Portal, Rig, Wire, sleeper
from lightleak.device.recorder.record import record
from lightleak.device.recorder.sink import RecordingOptions
from lightleak.device.targets import DeviceChoice, Target


@asynccontextmanager
async def recording(rig: Rig, *targets: Target) -> AsyncIterator[asyncio.Task[None]]:
    """Record while inside; stopped at the end unless it has ended."""
    task = asyncio.create_task(record(rig.supervisor, targets, rig.stop))
    try:
        await rig.until(lambda: rig.memory.of("process", phase="ready") or task.done())
        if task.done():
            await task
        yield task
        rig.stop.set()
        await asyncio.wait_for(task, 20)
    finally:
        task.cancel()
        await rig.connection.close()


@asynccontextmanager
async def remote(
    *, residency: bool = True, options: RecordingOptions | None = None
) -> AsyncIterator[tuple[Rig, Wire, int]]:
    """A process behind a portal with a token, behind a wire that can be cut."""
    portal = Portal(token="secret")
    wire = Wire(portal.control)
    with sleeper() as process:
        portal.join(process.pid)
        choice = DeviceChoice(kind="remote", host=wire.address, token="secret")
        rig = Rig(choice, residency=residency, options=options)
        yield rig, wire, process.pid
        await rig.connection.close()
        wire.close()
