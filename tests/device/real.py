"""The real agent on apps of the stand-in phone, for the tests of the recorder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from device.rig import Rig
from lightleak.device.agent_bundle import agent_source
from lightleak.device.recorder.record import record
from lightleak.device.recorder.sink import RecordingOptions
from lightleak.device.targets import DeviceChoice, Pid
from standin import App, Phone
from standin.waiting import account

FETCH = "+[PHAsset fetchAssetsWithMediaType:options:]"


def new_rig(choice: DeviceChoice | None = None, *, spool: bool = False) -> Rig:
    """Return a recorder with the real agent."""
    return Rig(choice, agent=agent_source(), options=RecordingOptions(spool=spool))


@asynccontextmanager
async def recording(rig: Rig, app: App) -> AsyncIterator[None]:
    """Record while inside."""
    task = asyncio.create_task(record(rig.supervisor, [Pid(app.pid)], rig.stop))
    try:
        await rig.until(lambda: rig.supervisor.attachments or task.done())
        await rig.until(lambda: rig.memory.of("process", phase="ready") or task.done())
        if task.done():
            await task
        yield
        rig.stop.set()
        await asyncio.wait_for(task, 20)
    finally:
        task.cancel()
        await rig.connection.close()


async def record_and_vanish(rig: Rig, app: App) -> None:
    """Record until the agent knows that its beginning is on the disk, and go without a word to it."""
    task = asyncio.create_task(record(rig.supervisor, [Pid(app.pid)], rig.stop))
    await rig.until(lambda: rig.memory.of("process", phase="ready"))
    await asyncio.sleep(0.6)
    [attachment] = rig.supervisor.attachments
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await attachment.close()


async def photos(phone: Phone, app: App, rig: Rig, count: int) -> None:
    """Take photos one by one, and wait until the app has said that it fetched after each."""
    for _ in range(count):
        before = len(fetches(phone, app))
        await asyncio.to_thread(phone.new_photo)
        await rig.until(lambda before=before: len(fetches(phone, app)) > before)


def fetches(phone: Phone, app: App) -> list[object]:
    """Return of the app's own fetches, by its account."""
    return [call for call in account(phone, app, "call") if call["symbol"] == FETCH]
