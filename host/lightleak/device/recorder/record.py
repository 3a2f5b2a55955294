"""Record the targets that the user named, until they have ended.

Separate because it is the whole of ``lightleak record``, as ``watch`` is of ``lightleak watch``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from lightleak.device.processes import ProcessInfo, find_process, is_loading, list_processes, spawned
from lightleak.device.recorder.supervisor import Supervisor
from lightleak.device.spawn_gating import POLL_S, SpawnGate
from lightleak.device.target_matcher import TargetMatcher
from lightleak.device.targets import Await, SpawnFile, Target


async def record(supervisor: Supervisor, targets: Sequence[Target], stop: asyncio.Event) -> None:
    """Record the targets until all have ended, or until ``stop``. Raises: DeviceError, FileError."""
    await _attach(supervisor, targets)
    while supervisor.attachments and not stop.is_set():
        await supervisor.reap(stop)
    await supervisor.stop()


async def _attach(supervisor: Supervisor, targets: Sequence[Target]) -> None:
    processes: dict[int, ProcessInfo] = {}
    async with AsyncExitStack() as stack:
        for target in targets:
            process = await stack.enter_async_context(_found(supervisor, target))
            processes[process.pid] = process
        await supervisor.take_on(list(processes.values()))


@asynccontextmanager
async def _found(supervisor: Supervisor, target: Target) -> AsyncIterator[ProcessInfo]:
    """Find the process of a target; one that is held at its launch goes on once the hooks are in."""
    match target:
        case SpawnFile():
            async with spawned(supervisor.connection, target) as process:
                yield process
        case Await():
            async with _launched(supervisor, target) as process:
                yield process
        case _:
            yield await find_process(await supervisor.connection.device(), target)


@asynccontextmanager
async def _launched(supervisor: Supervisor, target: Await) -> AsyncIterator[ProcessInfo]:
    known = [process.pid for process in await list_processes(await supervisor.connection.device())]
    matcher = TargetMatcher([target], known=known)
    hooked = asyncio.Event()
    caught: asyncio.Queue[ProcessInfo] = asyncio.Queue()

    async def catch(process: ProcessInfo) -> None:
        caught.put_nowait(process)
        await hooked.wait()

    gate = SpawnGate(matcher, supervisor.recording.notes, catch)
    supervisor.recording.notes.info(f"waiting for {target} to start")
    try:
        while caught.empty():
            device = await supervisor.connection.device()
            await gate.keep(device)
            for process in matcher.matching(await list_processes(device)):
                if not is_loading(device, process.pid):
                    caught.put_nowait(process)
            await asyncio.sleep(POLL_S)
        yield caught.get_nowait()
    finally:
        hooked.set()
        await gate.close()
