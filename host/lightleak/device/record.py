"""Record the targets that a person named, until they have ended."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lightleak.device.launch import abandon, set_going, spawn
from lightleak.device.processes import ProcessInfo, find_process, list_processes
from lightleak.device.scout import Scout
from lightleak.device.supervisor import Supervisor
from lightleak.device.targets import Await, SpawnFile, Target

POLL_S = 0.5
"""How often a launch is looked for where the device does not tell of it."""


async def record(supervisor: Supervisor, targets: Sequence[Target], stop: asyncio.Event) -> None:
    """Record the targets until all have ended, or until ``stop``. Errors: DeviceError, FileError."""
    await _begin(supervisor, targets)
    while supervisor.attachments and not stop.is_set():
        await supervisor.reap(stop)
    await supervisor.stop()


async def _begin(supervisor: Supervisor, targets: Sequence[Target]) -> None:
    started: list[ProcessInfo] = []
    processes: dict[int, ProcessInfo] = {}
    try:
        for target in targets:
            process = await _resolve(supervisor, target)
            processes[process.pid] = process
            if isinstance(target, SpawnFile):
                started.append(process)
        attachments = await supervisor.take_on(list(processes.values()))
        for attachment in attachments:
            if attachment.way.process in started:
                await set_going(attachment)
    except BaseException:
        for process in started:
            await abandon(await supervisor.reach.device(), process)
        raise


async def _resolve(supervisor: Supervisor, target: Target) -> ProcessInfo:
    match target:
        case SpawnFile():
            return await spawn(supervisor.reach, target)
        case Await():
            return await _launched(supervisor, target)
    return await find_process(await supervisor.reach.device(), target)


async def _launched(supervisor: Supervisor, target: Await) -> ProcessInfo:
    known = [process.pid for process in await list_processes(await supervisor.reach.device())]
    scout = Scout([target], known=known)
    supervisor.recording.notes.info(f"waiting for {target} to start")
    while True:
        found = scout.matching(await list_processes(await supervisor.reach.device()))
        if found:
            return found[0]
        await asyncio.sleep(POLL_S)
