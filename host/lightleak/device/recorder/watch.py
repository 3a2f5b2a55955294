"""Record for days: whatever matches the targets, launch after launch, as one session."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lightleak.device.processes import ProcessInfo, find_process, is_loading, list_processes, spawned
from lightleak.device.reconnect import delays
from lightleak.device.recorder.supervisor import Supervisor
from lightleak.device.spawn_gating import SpawnGate
from lightleak.device.target_matcher import TargetMatcher
from lightleak.device.targets import Frontmost, Identifier, Name, Pid, SpawnFile, Target
from lightleak.errors import DeviceError

POLL_S = 0.5
"""How often a launch is looked for where the device does not tell of it."""


@dataclass(slots=True)
class _Retry:
    """When a process that could not be attached is tried again."""

    due_s: float = 0.0
    waits: Iterator[float] = field(default_factory=delays)

    def put_off(self) -> None:
        self.due_s = time.monotonic() + next(self.waits)


async def watch(supervisor: Supervisor, targets: Sequence[Target], stop: asyncio.Event) -> None:
    """Record the targets until ``stop``. Errors: FileError; DeviceError where the first look at the device fails."""
    scout = TargetMatcher([await _lasting(supervisor, target) for target in targets])
    retries: dict[int, _Retry] = {}
    gate = SpawnGate(scout, supervisor.recording.notes, lambda process: supervisor.take_on([process]))
    if not supervisor.attachments and not scout.matching(await _processes(supervisor)):
        supervisor.recording.notes.info("waiting for " + ", ".join(map(str, targets)) + " to start")
    try:
        while not stop.is_set():
            for process in await _candidates(supervisor, scout, gate):
                await _try(supervisor, process, retries)
            await supervisor.reap(stop, POLL_S)
            supervisor.recording.check()
    finally:
        await gate.close()
    await supervisor.stop()


async def _lasting(supervisor: Supervisor, target: Target) -> Target:
    """Turn a target that means one process into one that will mean its next launch too."""
    match target:
        case SpawnFile():
            return await _start(supervisor, target)
        case Frontmost() | Pid():
            process = await find_process(await supervisor.reach.device(), target)
            return Identifier(process.identifier) if process.identifier else Name(process.name)
    return target


async def _start(supervisor: Supervisor, target: SpawnFile) -> Target:
    async with spawned(supervisor.reach, target) as process:
        await supervisor.take_on([process])
    return Name(process.name)


async def _candidates(supervisor: Supervisor, scout: TargetMatcher, gate: SpawnGate) -> list[ProcessInfo]:
    try:
        device = await supervisor.reach.device()
        await gate.keep(device)
        processes = await _processes(supervisor)
    except DeviceError:
        # The attachments say that the link broke; there is nothing to add for processes not yet seen.
        supervisor.reach.doubt()
        return []
    found = [process for process in scout.matching(processes) if not supervisor.knows(process.pid)]
    return [process for process in found if not is_loading(device, process.pid)]


async def _try(supervisor: Supervisor, process: ProcessInfo, retries: dict[int, _Retry]) -> None:
    retry = retries.setdefault(process.pid, _Retry())
    if time.monotonic() < retry.due_s:
        return
    try:
        await supervisor.take_on([process])
    except DeviceError as problem:
        supervisor.recording.notes.warning(str(problem))
        retry.put_off()
    else:
        del retries[process.pid]


async def _processes(supervisor: Supervisor) -> list[ProcessInfo]:
    return await list_processes(await supervisor.reach.device())
