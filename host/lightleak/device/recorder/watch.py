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
from lightleak.device.targets import Either, SpawnFile, Target
from lightleak.errors import DeviceError

BUNDLES_S = 60.0
"""How often to ask where the apps are that do not run: an update moves an app."""


@dataclass(slots=True)
class _Retry:
    """When a process that could not be attached is tried again."""

    due_s: float = 0.0
    waits: Iterator[float] = field(default_factory=delays)

    def put_off(self) -> None:
        self.due_s = time.monotonic() + next(self.waits)


@dataclass(slots=True)
class _Lister:
    """Lists what runs; now and then with the folders of all apps, by which extensions of an app are known that does not run."""

    supervisor: Supervisor
    due_s: float = 0.0

    async def list(self) -> list[ProcessInfo]:
        """Return the processes and apps. Raises: DeviceError."""
        bundles = time.monotonic() >= self.due_s
        found = await list_processes(await self.supervisor.connection.device(), bundles=bundles)
        if bundles:
            self.due_s = time.monotonic() + BUNDLES_S
        return found


async def watch(supervisor: Supervisor, targets: Sequence[Target], stop: asyncio.Event) -> None:
    """Record the targets until ``stop``. Raises: FileError; DeviceError when the device cannot be reached at the start."""
    matcher = TargetMatcher([await _lasting(supervisor, target) for target in targets])
    retries: dict[int, _Retry] = {}
    lister = _Lister(supervisor)
    left_alone = LeftAlone(supervisor.recording)

    async def catch(process: ProcessInfo) -> None:
        if not left_alone.spares(process):
            await supervisor.take_on([process])

    gate = SpawnGate(matcher, supervisor.recording.notes, catch)
    if not supervisor.attachments and not matcher.matching(await lister.list()):
        supervisor.recording.notes.info("waiting for " + ", ".join(map(str, targets)) + " to start")
    try:
        while not stop.is_set():
            for process in await _candidates(supervisor, matcher, gate, left_alone, lister):
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
    # An app is started by its identifier, a program by its path: then this is its name.
    return Either(process.name)


async def _candidates(
    supervisor: Supervisor, matcher: TargetMatcher, gate: SpawnGate, left_alone: LeftAlone, lister: _Lister
) -> list[ProcessInfo]:
    try:
        device = await supervisor.connection.device()
        await gate.keep(device)
        processes = await lister.list()
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
