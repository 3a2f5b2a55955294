"""Find the processes that match the targets, at each launch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lightleak.device.connection import Device
from lightleak.device.processes import ProcessInfo, find_process, matching_processes
from lightleak.device.targets import Await, Either, Frontmost, Identifier, Name, Pid, SpawnFile, Target


class TargetMatcher:
    """The processes that ``targets`` mean. ``known``: pids that an awaited launch does not mean, because they ran before."""

    def __init__(self, targets: Iterable[Target], *, known: Iterable[int] = ()) -> None:
        self._targets = list(targets)
        self._known = set(known)

    def matching(self, processes: Sequence[ProcessInfo]) -> list[ProcessInfo]:
        """Return the processes to watch, each once."""
        found = {p.pid: p for target in self._targets for p in self._matching(target, processes) if p.pid}
        return list(found.values())

    def _matching(self, target: Target, processes: Sequence[ProcessInfo]) -> list[ProcessInfo]:
        match target:
            case Await(pattern):
                fits = re.compile(pattern).match
                fresh = [p for p in processes if p.pid not in self._known]
                return [p for p in fresh if fits(p.name) or (p.identifier and fits(p.identifier))]
            case Either(text) | Identifier(text):
                # An app's extensions are processes of their own, named after it.
                prefix = f"{text.lower()}."
                parts = [p for p in processes if p.identifier and p.identifier.lower().startswith(prefix)]
                return matching_processes(target, processes) + parts
            case Frontmost() | SpawnFile():
                return []
        return matching_processes(target, processes)


async def lasting_target(device: Device, target: Target) -> Target:
    """Return a target that also matches the next launch of the process that ``target`` means. Raises: DeviceError."""
    if isinstance(target, Frontmost | Pid):
        process = await find_process(device, target)
        return Identifier(process.identifier) if process.identifier else Name(process.name)
    return target
