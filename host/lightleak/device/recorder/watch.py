"""Record for days: each process that matches the targets, launch after launch, as one session.

Separate because it is the whole of ``lightleak watch``, as ``record`` is of ``lightleak record``.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lightleak.device.processes import ProcessInfo, is_loading, list_processes, liveness, spawned
from lightleak.device.reconnect import delays, is_gone
from lightleak.device.recorder.left_alone import LeftAlone
from lightleak.device.recorder.supervisor import Supervisor
from lightleak.device.spawn_gating import POLL_S, SpawnGate
from lightleak.device.target_matcher import TargetMatcher, lasting_target
from lightleak.device.targets import Name, SpawnFile, Target
from lightleak.errors import DeviceError


@dataclass(slots=True)
class _Retry:
    """When a process that could not be attached is tried again."""

    due_s: float = 0.0
    waits: Iterator[float] = field(default_factory=delays)

    def put_off(self) -> None:
        self.due_s = time.monotonic() + next(self.waits)


async def watch(supervisor: Supervisor, targets: Sequence[Target], stop: asyncio.Event) -> None:
    """Record the targets until ``stop``. Raises: FileError; DeviceError when the device cannot be reached at the start."""
    matcher = TargetMatcher([await _lasting(supervisor, target) for target in targets])
    retries: dict[int, _Retry] = {}
    left_alone = LeftAlone(supervisor.recording)

    async def catch(process: ProcessInfo) -> None:
        if not left_alone.spares(process):
            await supervisor.take_on([process])

    gate = SpawnGate(matcher, supervisor.recording.notes, catch)
    if not supervisor.attachments and not matcher.matching(await _processes(supervisor)):
        supervisor.recording.notes.info("waiting for " + ", ".join(map(str, targets)) + " to start")
    try:
        while not stop.is_set():
            for process in await _candidates(supervisor, matcher, gate, left_alone):
                if not left_alone.spares(process):
                    await _try(supervisor, process, retries)
            await supervisor.reap(stop, POLL_S)
            supervisor.recording.check()
    finally:
        await gate.close()
    await supervisor.stop()


async def _lasting(supervisor: Supervisor, target: Target) -> Target:
    """Return a target that also matches the next launch of the process that ``target`` means."""
    if isinstance(target, SpawnFile):
        return await _start(supervisor, target)
    return await lasting_target(await supervisor.connection.device(), target)


async def _start(supervisor: Supervisor, target: SpawnFile) -> Target:
    async with spawned(supervisor.connection, target) as process:
        await supervisor.take_on([process])
    return Name(process.name)


async def _candidates(
    supervisor: Supervisor, matcher: TargetMatcher, gate: SpawnGate, left_alone: LeftAlone
) -> list[ProcessInfo]:
    try:
        device = await supervisor.connection.device()
        await gate.keep(device)
        processes = await _processes(supervisor)
    except DeviceError:
        # The attachments warn that the link broke; for processes not seen yet there is nothing to add.
        supervisor.connection.doubt()
        return []
    listed = left_alone.pids.intersection(process.pid for process in processes)
    for endings in left_alone.ended({pid for pid in listed if liveness(device, pid) != "gone"}):
        supervisor.mark_endings(endings)
    found = [process for process in matcher.matching(processes) if not supervisor.knows(process.pid)]
    return [process for process in found if not is_loading(device, process.pid)]


async def _try(supervisor: Supervisor, process: ProcessInfo, retries: dict[int, _Retry]) -> None:
    retry = retries.setdefault(process.pid, _Retry())
    if time.monotonic() < retry.due_s:
        return
    since_s = time.monotonic()
    try:
        await supervisor.take_on([process])
    except DeviceError as problem:
        supervisor.recording.notes.warning(str(problem))
        retry.put_off()
        lived_s = time.monotonic() - since_s
        with contextlib.suppress(DeviceError):
            if await is_gone(await supervisor.connection.device(), process.pid):
                supervisor.recording.endings_of(process).count(lived_s, ended=True)
    else:
        del retries[process.pid]


async def _processes(supervisor: Supervisor) -> list[ProcessInfo]:
    return await list_processes(await supervisor.connection.device())
